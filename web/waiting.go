package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

// Patience is how long a browser waits for the response to a form before it is redirected
// to the waiting page.
const Patience = 3 * time.Second

// keepResponses is how long after the redirect a response can be fetched from the waiting
// page.
const keepResponses = 10 * time.Minute

// waitingRoom stores the requests that took longer than Config.Patience. It exists only in
// memory: each attempt is recorded in the database, so a restart loses no outcome. If several
// desks share the database, a desk without the response shows the waiting page, which reloads
// itself until its request reaches the desk that has the response.
type waitingRoom struct {
	mu      sync.Mutex
	late    map[string]*lateRequest // the requests, by the key in the URL of their waiting page
	running sync.WaitGroup
}

// lateRequest is a request that may still be running, together with its response.
type lateRequest struct {
	userID  int64
	expires time.Time
	stale   bool          // the response may show a meeting that the person can no longer see; guarded by waitingRoom.mu
	done    chan struct{} // closed when the response is complete
	visit   *visit
	request *http.Request // its PostForm is set once done is closed
	response
}

// response is an http.ResponseWriter that buffers the response in memory.
type response struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *response) Header() http.Header { return a.header }

func (a *response) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *response) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

// writeTo writes the response to w. It may be called more than once.
func (a *response) writeTo(w http.ResponseWriter) error {
	maps.Copy(w.Header(), a.header)
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	_, err := w.Write(a.body.Bytes())
	return err
}

// patiently returns a handler that calls h. If h takes longer than Patience, the handler
// redirects to the waiting page while h continues. If the client disconnects before that, h
// is cancelled.
func (s *Server) patiently(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		started, v := time.Now(), *visitOf(r) // a copy, because h may still be running when the visit is logged
		ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
		late := &lateRequest{userID: v.session.User.ID, done: make(chan struct{}), visit: &v, response: response{header: w.Header().Clone()}}
		inner := r.WithContext(context.WithValue(ctx, visitKey{}, &v))
		late.request = inner
		s.waiting.running.Go(func() {
			defer cancel()
			defer close(late.done)
			s.handle(h).ServeHTTP(&late.response, inner)
		})
		patience := time.NewTimer(s.Patience)
		defer patience.Stop()
		select {
		case <-late.done:
		case <-r.Context().Done(): // the client has disconnected
			cancel()
			<-late.done
		case <-patience.C:
			s.waiting.running.Go(func() {
				<-late.done
				s.logVisit(inner, &v, late.status, time.Since(started))
			})
			return s.seeOther(w, r, paths.Waiting(s.waiting.add(late, s.Store.DeskID(), s.Now())))
		}
		*visitOf(r) = v
		return late.writeTo(w)
	}
}

// add stores the request and returns its key. The key begins with the ID of the desk and
// the time at which the response expires. add also removes expired requests.
func (room *waitingRoom) add(late *lateRequest, deskID int64, now time.Time) (key string) {
	room.mu.Lock()
	defer room.mu.Unlock()
	maps.DeleteFunc(room.late, func(_ string, l *lateRequest) bool { return now.After(l.expires) })
	late.expires = now.Add(keepResponses)
	key = fmt.Sprintf("%d-%d-%s", deskID, late.expires.Unix(), rand.Text())
	room.late[key] = late
	return key
}

// find returns the person's request with the given key, or nil. stale is true if its
// response may show a meeting that the person can no longer see.
func (room *waitingRoom) find(key string, userID int64) (late *lateRequest, stale bool) {
	room.mu.Lock()
	defer room.mu.Unlock()
	if late := room.late[key]; late != nil && late.userID == userID {
		return late, late.stale
	}
	return nil, false
}

// accessEnded marks all of the person's requests as stale, because their responses may show a
// meeting that the person can no longer see.
func (room *waitingRoom) accessEnded(userID int64) {
	room.mu.Lock()
	defer room.mu.Unlock()
	for _, late := range room.late {
		late.stale = late.stale || late.userID == userID
	}
}

// waitingShow sends the response to the form, or the waiting page while the request is
// running. If the response may show a meeting that the user can no longer see, it shows the
// form again. If no running desk has the request, it redirects to the home page.
func (s *Server) waitingShow(w http.ResponseWriter, r *http.Request) error {
	late, stale := s.waiting.find(r.PathValue("key"), visitOf(r).session.User.ID)
	if late == nil {
		switch elsewhere, err := s.isElsewhere(r.Context(), r.PathValue("key")); {
		case err != nil:
			return err
		case elsewhere:
			return s.showWaiting(w, r)
		}
		return s.seeOther(w, r, paths.Home)
	}
	select {
	case <-late.done:
		if stale && late.header.Get("Location") == "" {
			again := late.request.WithContext(context.WithValue(r.Context(), visitKey{}, late.visit))
			s.showError(w, again, &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonAccessChanged})
			return nil
		}
		return late.writeTo(w)
	default:
	}
	return s.showWaiting(w, r)
}

// isElsewhere reports whether another running desk may still have the request.
func (s *Server) isElsewhere(ctx context.Context, key string) (bool, error) {
	parts := strings.SplitN(key, "-", 3)
	desk, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || len(parts) != 3 || desk == s.Store.DeskID() {
		return false, nil
	}
	expires, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || s.Now().Unix() > expires {
		return false, nil
	}
	return s.Store.IsDeskRunning(ctx, desk)
}

func (s *Server) showWaiting(w http.ResponseWriter, r *http.Request) error {
	page := s.page(r, visitOf(r).text.T("waiting.title"))
	page.LooksAgain = true
	return s.render(w, r, http.StatusOK, views.Waiting(page))
}

// Wait waits for the readiness check and for all requests that are still being processed
// although their browsers have been redirected. Call Wait before closing the store.
func (s *Server) Wait() {
	s.waiting.running.Wait()
	s.ready.running.Wait()
}
