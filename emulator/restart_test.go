package emulator_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
)

func TestRestartLosesNothing(t *testing.T) {
	for _, tt := range []struct {
		name string
		stop func(*testing.T, *emulator.Emulator, string) string // stops the emulator and returns the folder for the next start
	}{
		{"after Close", func(t *testing.T, e *emulator.Emulator, folder string) string {
			if err := e.Close(); err != nil {
				t.Error(err)
			}
			return folder
		}},
		{"after a crash", func(t *testing.T, _ *emulator.Emulator, folder string) string {
			return emutest.Crash(t, folder)
		}},
		{"with an incomplete last line", func(t *testing.T, _ *emulator.Emulator, folder string) string {
			folder = emutest.Crash(t, folder)
			f, err := os.OpenFile(filepath.Join(folder, "journal.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteString(`{"meetings":[{"id":"to`); err != nil {
				t.Fatal(err)
			}
			return folder
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			folder := t.TempDir()
			setOptions := func(o *emulator.Options) { o.Data, o.Key = folder, nil }
			first := emutest.New(t, setOptions)
			token := first.SignIn("priya@contoso.example")
			spent := first.SignIn("priya@contoso.example").RefreshToken
			if _, err := first.Refresh(spent); err != nil {
				t.Fatal(err)
			}
			created := first.Create(token.AccessToken, `{"externalId":"1"}`)
			removed := first.Create(token.AccessToken, `{"externalId":"2"}`)
			first.Emulator.RemoveMeeting(removed["id"].(string))
			first.Graph("PATCH", "/v1.0/me/onlineMeetings/"+created["id"].(string), token.AccessToken, `{"subject":"changed"}`)
			folder = tt.stop(t, first.Emulator, folder)

			second := emutest.New(t, setOptions)
			r, m := second.Graph("POST", emutest.CreateOrGet, token.AccessToken, `{"externalId":"1"}`)
			if r.StatusCode != http.StatusOK || m["id"] != created["id"] || m["subject"] != "changed" {
				t.Errorf("status %d: %v", r.StatusCode, m)
			}
			if second.Emulator.MeetingCount() != 1 {
				t.Errorf("%d meetings, want 1", second.Emulator.MeetingCount())
			}
			if _, err := second.Refresh(token.RefreshToken); err != nil {
				t.Errorf("the refresh token is lost: %v", err)
			}
			_, err := second.Refresh(spent)
			emutest.WantRefusal(t, err, "invalid_grant", 70000)
		})
	}
}

func TestFolderIsLocked(t *testing.T) {
	folder := t.TempDir()
	options := emulator.Options{URL: "http://127.0.0.1:1", Key: emutest.Key(), Data: folder}
	first, err := emulator.New(options)
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(filepath.Join(folder, "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := emulator.New(options); !errors.Is(err, emulator.ErrLocked) {
		t.Errorf("a second start: %v, want ErrLocked", err)
	}
	after, err := os.Stat(filepath.Join(folder, "journal.jsonl"))
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("the second start replaced the journal (%v)", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := emulator.New(options)
	if err != nil {
		t.Fatal(err)
	}
	second.Close()
}

func TestFilesArePrivate(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new")
	s := emutest.New(t, func(o *emulator.Options) { o.Data, o.Key = folder, nil })
	token := s.SignIn("priya@contoso.example")
	for _, name := range []string{"signing-key.pem", "journal.jsonl"} {
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
	setOptions := func(o *emulator.Options) { o.Data = folder }
	s := emutest.New(t, setOptions)
	token := s.SignIn("priya@contoso.example").AccessToken
	id := s.Create(token, `{"externalId":"1"}`)["id"].(string)
	for range 20 {
		s.Emulator.ChangeMeeting(id, func(m map[string]any) { m["subject"] = "again" })
	}
	folder = emutest.Crash(t, folder)
	emutest.New(t, setOptions)
	text, err := os.ReadFile(filepath.Join(folder, "journal.jsonl"))
	if err != nil || bytes.Count(text, []byte("again")) != 1 {
		t.Errorf("%v, the journal has the meeting %d times", err, bytes.Count(text, []byte("again")))
	}
}

func TestNewRefuses(t *testing.T) {
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, "journal.jsonl"), []byte("{\n{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]emulator.Options{
		"no URL":                              {},
		"not an http URL":                     {URL: "ftp://127.0.0.1"},
		"a tenant with a slash":               {URL: "http://127.0.0.1:1", Tenant: "a/b"},
		"duplicate UPN":                       {URL: "http://127.0.0.1:1", Key: emutest.Key(), People: []emulator.Person{{ObjectID: "1", UPN: "a@contoso.example"}, {ObjectID: "2", UPN: "A@contoso.example"}}},
		"one client ID for both applications": {URL: "http://127.0.0.1:1", Key: emutest.Key(), AppClientID: emulator.DefaultClientID},
		"a damaged journal":                   {URL: "http://127.0.0.1:1", Key: emutest.Key(), Data: damaged},
	} {
		if e, err := emulator.New(o); err == nil {
			e.Close()
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestWriteErrorIs500(t *testing.T) {
	s := emutest.New(t, func(o *emulator.Options) { o.Data = t.TempDir() })
	token := s.SignIn("priya@contoso.example").AccessToken
	if err := s.Emulator.Close(); err != nil { // makes every later write fail, as a full disk would
		t.Fatal(err)
	}
	if r, _ := s.Graph("POST", emutest.CreateOrGet, token, `{"externalId":"1"}`); r.StatusCode != http.StatusInternalServerError || s.Emulator.MeetingCount() != 0 {
		t.Errorf("status %d and %d meetings, want 500 and none", r.StatusCode, s.Emulator.MeetingCount())
	}
}
