package emutest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
)

// CreateOrGet is the path of createOrGet for the signed-in person.
const CreateOrGet = "/v1.0/me/onlineMeetings/createOrGet"

// Get requests a URL and returns the response with its body.
func (s *Site) Get(address string) (*http.Response, string) {
	s.T.Helper()
	return s.Read(s.Browser.Get(address))
}

// Post posts a form and returns the response with its body.
func (s *Site) Post(address string, form url.Values) (*http.Response, string) {
	s.T.Helper()
	return s.Read(s.Browser.PostForm(address, form))
}

// Read returns the response and its body. It fails the test if err is not nil.
func (s *Site) Read(r *http.Response, err error) (*http.Response, string) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.T.Fatal(err)
	}
	return r, string(body)
}

// Graph sends a request to Graph with a token and decodes the response. The body may be "".
// The header arguments alternate between names and values.
func (s *Site) Graph(method, path, token, body string, header ...string) (*http.Response, map[string]any) {
	s.T.Helper()
	r, text := s.Raw(method, path, token, []byte(body), header...)
	var v map[string]any
	if text != "" {
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			s.T.Fatalf("%s %s: %v in:\n%s", method, path, err, text)
		}
	}
	return r, v
}

// Raw is like Graph but returns the response without decoding it.
func (s *Site) Raw(method, path, token string, body []byte, header ...string) (*http.Response, string) {
	s.T.Helper()
	return s.Read(s.Browser.Do(s.Request(method, path, token, body, header...)))
}

// Request returns the request that Raw sends.
func (s *Site) Request(method, path, token string, body []byte, header ...string) *http.Request {
	s.T.Helper()
	r, err := http.NewRequest(method, s.URL+path, bytes.NewReader(body))
	if err != nil {
		s.T.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// Serve calls the emulator without a network, for tests with testing/synctest. It returns
// nil if the emulator aborts the connection.
func (s *Site) Serve(r *http.Request) (recorder *httptest.ResponseRecorder) {
	defer func() {
		v := recover()
		if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			recorder = nil
		} else if v != nil {
			panic(v)
		}
	}()
	recorder = httptest.NewRecorder()
	s.Emulator.ServeHTTP(recorder, r)
	return recorder
}

// Create calls createOrGet and returns the meeting, which may have existed already.
func (s *Site) Create(token, body string) map[string]any {
	s.T.Helper()
	r, m := s.Graph("POST", CreateOrGet, token, body)
	if r.StatusCode != http.StatusCreated && r.StatusCode != http.StatusOK {
		s.T.Fatalf("status %d: %v", r.StatusCode, m)
	}
	return m
}

// At returns the value at a path in decoded JSON, or nil if the path does not exist. The
// path consists of names and indexes, as in At(m, "value", 0, "id").
func At(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := v.(map[string]any)
			v = object[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}
