package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/sqlitetest"
)

func sessionOf(userID int64) *store.Session {
	return &store.Session{User: meeting.User{ID: userID}}
}

// A limiter remembers a limited number of addresses. It forgets an address once its
// allowance is full again.
func TestAllowancesAreBounded(t *testing.T) {
	now := time.Now()
	l := newLimiter(Limit{Address: Rate{Burst: 1, Every: time.Second}}, func() time.Time { return now })
	allowed := 0
	for i := range maxKnown + 10 {
		if _, ok := l.allow(0, netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})); ok {
			allowed++
		}
	}
	if allowed != maxKnown+1 || len(l.known) != maxKnown+1 { // further addresses share one allowance
		t.Errorf("%d addresses are allowed and %d known, want %d", allowed, len(l.known), maxKnown+1)
	}
	now = now.Add(61 * time.Second)
	if l.allow(0, netip.AddrFrom4([4]byte{192, 0, 2, 1})); len(l.known) != 1 {
		t.Errorf("a minute later, %d addresses are known, want 1", len(l.known))
	}
}

// A person's slots are forgotten once the person has no running requests.
func TestSlotsAreForgotten(t *testing.T) {
	var a atOnce
	release := a.acquire(t.Context(), whose{person: 1}, 1, 0)
	if a.acquire(t.Context(), whose{person: 1}, 1, 0) != nil || a.acquire(t.Context(), whose{person: 2}, 1, 0) == nil {
		t.Error("want one slot for each person")
	}
	if release(); len(a.running) != 1 {
		t.Errorf("%d people have slots, want 1", len(a.running))
	}
}

// Only the newest finished sign-ins are remembered.
func TestNoncesAreBounded(t *testing.T) {
	var u usedNonces
	for i := range maxNonces + 1 {
		u.add(strconv.Itoa(i))
	}
	if len(u.known) != maxNonces || len(u.ring) != maxNonces || u.add("1") || !u.add("0") {
		t.Errorf("%d nonces are known, want the last %d", len(u.known), maxNonces)
	}
}

// A browser can have only signInSlots sign-in cookies. A state parameter that is too long is
// neither created nor accepted.
func TestSignInsAreBounded(t *testing.T) {
	s, err := newSignIns(Config{Keys: fuzzKeys, URL: &url.URL{Scheme: "https", Host: "meet.example.org"}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	request := func(cookie *http.Cookie) *http.Request {
		r := httptest.NewRequest(http.MethodGet, "/auth/callback", nil)
		r.AddCookie(cookie)
		return r
	}
	names := make(map[string]bool)
	for range 3 * signInSlots {
		_, cookie, err := s.begin(httptest.NewRequest(http.MethodGet, "/", nil), "/")
		if err != nil || len(s.cookies(request(cookie))) != 1 {
			t.Fatalf("the cookie %v is not accepted, %v", cookie, err)
		}
		names[cookie.Name] = true
	}
	if len(names) != signInSlots {
		t.Errorf("%d cookies, want %d", len(names), signInSlots)
	}
	if found := s.cookies(request(&http.Cookie{Name: s.name + strconv.Itoa(signInSlots), Value: strings.Repeat("A", signInSecret)})); len(found) > 0 {
		t.Error("a cookie with a higher number is accepted")
	}

	var long strings.Builder // longer than maxState even when compressed
	for i := range 200 {
		fmt.Fprintf(&long, "/%x", browserHash(strconv.Itoa(i)))
	}
	flow, cookie, err := s.begin(httptest.NewRequest(http.MethodGet, "/", nil), long.String())
	if p, ok := s.finish(request(cookie), flow.State); err != nil || len(flow.State) > maxState || !ok || p.ReturnTo != "/" {
		t.Errorf("a sign-in with a long address has a state of %d bytes and returns to %.20q, %v, %v", len(flow.State), p.ReturnTo, ok, err)
	}
	state, err := s.seal(pendingSignIn{Started: time.Now().Unix(), Nonce: "new", Browser: browserHash(cookie.Value), ReturnTo: long.String()})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := s.finish(request(cookie), state); ok {
		t.Errorf("a state of %d bytes is accepted", len(state))
	}
}

// A form that is stored in a cookie can be shown only for as long as a sign-in may take.
func TestSentFormExpires(t *testing.T) {
	now := time.Now()
	s, err := newSentForms(Config{Keys: fuzzKeys, URL: &url.URL{Scheme: "https", Host: "meet.example.org"}, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	address, _ := s.keep(w, "/meetings/new", url.Values{"subject": {"x"}}, "", true)
	r := httptest.NewRequest(http.MethodGet, address, nil)
	r.Header.Set("Cookie", w.Header().Get("Set-Cookie"))
	if s.find(r) == nil {
		t.Error("the form is not found")
	}
	if now = now.Add(signInLifetime + time.Second); s.find(r) != nil {
		t.Errorf("the form is found after more than %v", signInLifetime)
	}
}

func TestLateResponsesAreDropped(t *testing.T) {
	room, now := waitingRoom{late: make(map[string]*lateRequest)}, time.Now()
	key := room.add(&lateRequest{userID: 1}, 1, now)
	room.add(&lateRequest{userID: 1}, 1, now.Add(keepResponses-time.Second))
	if late, _ := room.find(key, 1); late == nil {
		t.Error("the response is dropped too early")
	}
	room.add(&lateRequest{userID: 1}, 1, now.Add(keepResponses+time.Second))
	if late, _ := room.find(key, 1); late != nil {
		t.Errorf("the response is kept for more than %v", keepResponses)
	}
}

type deadlineRecorder struct {
	*httptest.ResponseRecorder
	read time.Time
}

func (w *deadlineRecorder) SetReadDeadline(at time.Time) error { w.read = at; return nil }

type endlessBody struct{ read int }

func (b *endlessBody) Read(p []byte) (int, error) {
	b.read += len(p)
	return copy(p, bytes.Repeat([]byte("x"), len(p))), nil
}

func formRequest(v *visit, body *endlessBody) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/meetings", body)
	r.Header.Set("Content-Type", formType)
	return withVisitContext(r, v)
}

// If a form is too large, the desk reads up to about twice the limit, so that a proxy still
// gets the response. Without a session, the read timeout is unsentLimit.
func TestReadingAFormIsBounded(t *testing.T) {
	for _, tt := range []struct {
		v    visit
		most int
	}{{visit{session: sessionOf(1)}, maxBody}, {visit{}, maxUnsentBody}} {
		w, body := &deadlineRecorder{ResponseRecorder: httptest.NewRecorder()}, new(endlessBody)
		began := time.Now()
		var e *meeting.Error
		if _, err := readBody(w, formRequest(&tt.v, body)); !errors.As(err, &e) || statusOf(e) != http.StatusRequestEntityTooLarge {
			t.Errorf("an endless form gives %v", err)
		}
		if body.read < 2*tt.most || body.read > 3*tt.most {
			t.Errorf("%d bytes are read, want about %d", body.read, 2*tt.most)
		}
		if wait := w.read.Sub(began); w.read.IsZero() != (tt.v.session != nil) || tt.v.session == nil && (wait < unsentLimit || wait > unsentLimit+time.Minute) {
			t.Errorf("the time limit is %v", wait)
		}
	}
}

// A form that contains a file may have at most maxHeld parts.
func TestPartsOfAnUploadAreBounded(t *testing.T) {
	for n, ok := range map[int]bool{maxHeld: true, maxHeld + 1: false} {
		body := new(bytes.Buffer)
		parts := multipart.NewWriter(body)
		for i := range n {
			if err := parts.WriteField(strconv.Itoa(i), "x"); err != nil {
				t.Fatal(err)
			}
		}
		parts.Close()
		r := httptest.NewRequest(http.MethodPost, "/imports", nil)
		r.Header.Set("Content-Type", parts.FormDataContentType())
		values, err := readUpload(withVisitContext(r, new(visit)), io.NopCloser(body), meeting.ReasonImportLarge)
		if (err == nil) != ok || ok && len(values) != n {
			t.Errorf("%d parts: %d fields, %v", n, len(values), err)
		}
	}
}

// While the site is busy, only short forms are kept, because nothing limits how many forms
// are read at the same time.
func TestBusySiteKeepsShortForms(t *testing.T) {
	var e *meeting.Error
	s := &Server{Config: Config{Now: time.Now}}
	if !errors.As(s.shareError(meeting.ReasonLimitPerson), &e) {
		t.Fatal("no error")
	}
	for _, busy := range []*meeting.Error{errBusy, e} {
		for length, want := range map[int64]bool{maxBusyBody: true, maxBusyBody + 1: false, -1: false} {
			r := httptest.NewRequest(http.MethodPost, "/meetings", strings.NewReader("subject=x"))
			r.Header.Set("Content-Type", formType)
			r.ContentLength = length
			if got := s.readTyped(httptest.NewRecorder(), withVisitContext(r, new(visit)), busy); got != want {
				t.Errorf("%s: a form of %d bytes is read: %v", busy.Key, length, got)
			}
		}
	}
}

func TestLogTruncatesErrors(t *testing.T) {
	log := new(bytes.Buffer)
	s := &Server{Config: Config{Log: slog.New(slog.NewTextHandler(log, nil))}, mux: http.NewServeMux()}
	s.logVisit(httptest.NewRequest(http.MethodGet, "/", nil), &visit{err: errors.New(strings.Repeat("x", 100<<10))}, 500, 0)
	if n := log.Len(); n < maxLoggedError || n > maxLoggedError+1000 {
		t.Errorf("the line has %d bytes, want about %d", n, maxLoggedError)
	}
}

func TestLargeBuffersAreReleased(t *testing.T) {
	s := new(Server)
	s.buffers.New = newBuffer
	large := bytes.NewBuffer(make([]byte, 0, maxPooledBuffer+1))
	if s.releaseBuffer(large); s.buffer() == large {
		t.Errorf("a buffer of %d bytes is kept", large.Cap())
	}
}

func TestExportsOfAllPeopleAreBounded(t *testing.T) {
	s := &Server{exports: make(chan struct{})}
	var e *meeting.Error
	err := s.sendDownload(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/history.csv", nil), download{}, nil, func(context.Context, sendPart) error { return nil })
	if !errors.As(err, &e) || e.Key != meeting.ReasonExportBusy {
		t.Errorf("%v, want %s", err, meeting.ReasonExportBusy)
	}
}

// The desk runs only one readiness check at a time, and at most one per second.
func TestReadinessIsCached(t *testing.T) {
	running := readiness{done: make(chan struct{})}
	if running.begin(nil) != running.done {
		t.Error("another check begins while one is running")
	}
	fresh := readiness{at: time.Now()}
	select {
	case <-fresh.begin(nil):
	default:
		t.Error("another check begins within a second")
	}
}

// If a person already has the maximum number of requests running, another request is
// refused once the limit's Wait has passed. Other people are not affected.
func TestRequestsAtOnce(t *testing.T) {
	waits := map[string]time.Duration{"searches": 3 * time.Second, "exports": 0, "uploads": 3 * time.Second, "streams": time.Second} // as in docs/operate.md
	for _, l := range DefaultLimits() {
		if l.AtOnce == 0 {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			s, hold, running := new(Server), make(chan struct{}), 0
			route := Route{limit: newLimiter(l, time.Now), handle: func(http.ResponseWriter, *http.Request) error { running++; <-hold; return nil }}
			send := func(userID int64) error {
				r := withVisitContext(httptest.NewRequest(http.MethodGet, "/", nil), &visit{session: sessionOf(userID)})
				return s.limitAtOnce(httptest.NewRecorder(), r, route)
			}
			for range l.AtOnce {
				go send(1)
				synctest.Wait()
			}
			began := time.Now()
			var e *meeting.Error
			if err := send(1); !errors.As(err, &e) || e.Key != l.Busy || time.Since(began) != waits[l.Name] {
				t.Errorf("%s: %v after %v, want %s after %v", l.Name, err, time.Since(began), l.Busy, waits[l.Name])
			}
			go send(2)
			synctest.Wait()
			if running != l.AtOnce+1 {
				t.Errorf("%s: %d requests run, want %d of one person and one of another", l.Name, running, l.AtOnce)
			}
			close(hold)
		})
	}
}

// If handling a form takes longer than Patience, the desk redirects to the waiting page.
func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sqlitetest.EndInterrupts(t)
		db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Keys: [][]byte{make([]byte, 32)}})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		s := &Server{Config: Config{Store: db, Now: time.Now, Log: slog.New(slog.DiscardHandler), Patience: Patience}, mux: http.NewServeMux()}
		s.waiting.late = make(map[string]*lateRequest)
		slow := s.patiently(func(http.ResponseWriter, *http.Request) error { time.Sleep(time.Minute); return nil })
		w, began := httptest.NewRecorder(), time.Now()
		err = slow(w, withVisitContext(httptest.NewRequest(http.MethodPost, "/meetings", nil), &visit{session: sessionOf(1)}))
		if took := time.Since(began); err != nil || took != Patience || w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/waiting/") {
			t.Errorf("%v, status %d after %v, want the waiting page after %v", err, w.Code, took, Patience)
		}
		s.Wait()
	})
}
