package emulator

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

func TestRestartForgetsNothing(t *testing.T) {
	for _, tt := range []struct {
		name string
		stop func(*testing.T, *Emulator, string)
	}{
		{"after Close", func(t *testing.T, e *Emulator, _ string) {
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		}},
		{"after a crash", func(_ *testing.T, e *Emulator, _ string) { crash(e) }},
		{"with a torn last line", func(t *testing.T, e *Emulator, folder string) {
			crash(e)
			f, err := os.OpenFile(filepath.Join(folder, journalFile), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteString(`{"meetings":[{"id":"to`); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			folder := t.TempDir()
			kept := func(o *Options) { o.Data, o.Key = folder, nil }
			first := newSite(t, kept)
			token := first.signIn("priya@contoso.example")
			spent := first.signIn("priya@contoso.example").RefreshToken
			if _, err := first.refresh(spent); err != nil {
				t.Fatal(err)
			}
			made := first.create(token.AccessToken, `{"externalId":"1"}`)
			removed := first.create(token.AccessToken, `{"externalId":"2"}`)
			first.e.RemoveMeeting(removed["id"].(string))
			first.graph("PATCH", "/v1.0/me/onlineMeetings/"+made["id"].(string), token.AccessToken, `{"subject":"changed"}`)
			tt.stop(t, first.e, folder)

			second := newSite(t, kept) // on another port
			r, m := second.graph("POST", createIt, token.AccessToken, `{"externalId":"1"}`)
			if r.StatusCode != http.StatusOK || m["id"] != made["id"] || m["subject"] != "changed" {
				t.Errorf("status %d: %v", r.StatusCode, m)
			}
			if second.e.MeetingCount() != 1 {
				t.Errorf("%d meetings, want 1", second.e.MeetingCount())
			}
			if _, err := second.refresh(token.RefreshToken); err != nil {
				t.Errorf("the refresh token is lost: %v", err)
			}
			_, err := second.refresh(spent)
			wantRefusal(t, err, "invalid_grant", 70000)
		})
	}
}

// crash leaves the emulator as a dead process would: nothing is closed, but the
// system has given the lock back.
func crash(e *Emulator) { e.state.lock.Close() }

func TestOneEmulatorOwnsTheFolder(t *testing.T) {
	folder := t.TempDir()
	kept := Options{URL: "http://127.0.0.1:1", Key: testKey(), Data: folder}
	first, err := New(kept)
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(filepath.Join(folder, journalFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(kept); !errors.Is(err, ErrLocked) {
		t.Errorf("a second start: %v, want ErrLocked", err)
	}
	after, err := os.Stat(filepath.Join(folder, journalFile))
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("the second start replaced the journal (%v)", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := New(kept)
	if err != nil {
		t.Fatal(err)
	}
	second.Close()
}

func TestDataFolderIsPrivate(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new")
	s := newSite(t, func(o *Options) { o.Data, o.Key = folder, nil })
	token := s.signIn("priya@contoso.example")
	for _, name := range []string{keyFile, journalFile} {
		file := filepath.Join(folder, name)
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v, want mode 0600", name, info.Mode(), err)
		}
		text, err := os.ReadFile(file)
		if err != nil || bytes.Contains(text, []byte(token.RefreshToken)) {
			t.Errorf("%s holds the refresh token (or %v)", name, err)
		}
	}
}

func TestCompactionAtStart(t *testing.T) {
	folder := t.TempDir()
	kept := func(o *Options) { o.Data = folder }
	s := newSite(t, kept)
	token := s.signIn("priya@contoso.example").AccessToken
	id := s.create(token, `{"externalId":"1"}`)["id"].(string)
	for range 20 {
		s.e.ChangeMeeting(id, func(m map[string]any) { m["subject"] = "again" })
	}
	crash(s.e)
	newSite(t, kept)
	text, err := os.ReadFile(filepath.Join(folder, journalFile))
	if err != nil || bytes.Count(text, []byte("again")) != 1 {
		t.Errorf("%v, the meeting is there %d times", err, bytes.Count(text, []byte("again")))
	}
}

func TestNewRefuses(t *testing.T) {
	torn := t.TempDir()
	if err := os.WriteFile(filepath.Join(torn, journalFile), []byte("{\n{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]Options{
		"no address":            {},
		"no web address":        {URL: "ftp://127.0.0.1"},
		"a tenant with a slash": {URL: "http://127.0.0.1:1", Tenant: "a/b"},
		"equal people":          {URL: "http://127.0.0.1:1", Key: testKey(), People: []Person{{ObjectID: "1", UPN: "a@contoso.example"}, {ObjectID: "2", UPN: "A@contoso.example"}}},
		"one ID twice":          {URL: "http://127.0.0.1:1", Key: testKey(), AppClientID: DefaultClientID},
		"a damaged journal":     {URL: "http://127.0.0.1:1", Key: testKey(), Data: torn},
	} {
		if e, err := New(o); err == nil {
			e.Close()
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestFullDiskIsAnErrorNotALie(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Data = t.TempDir() })
	token := s.signIn("priya@contoso.example").AccessToken
	if err := s.e.Close(); err != nil { // writes fail from here on, as on a full disk
		t.Fatal(err)
	}
	if r, _ := s.graph("POST", createIt, token, `{"externalId":"1"}`); r.StatusCode != http.StatusInternalServerError || s.e.MeetingCount() != 0 {
		t.Errorf("status %d and %d meetings, want 500 and none", r.StatusCode, s.e.MeetingCount())
	}
}
