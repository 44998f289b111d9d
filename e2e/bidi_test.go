package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// firefox is a Firefox process that the test controls through WebDriver BiDi, which does
// not require a separate driver.
type firefox struct {
	t          *testing.T
	connection *websocket.Conn
	page       string // ID of the browsing context
	sent       int    // number of commands sent so far
}

// openFirefox starts Firefox with a new profile. If FIREFOX is not set, the test is
// skipped, or fails if BROWSER=required. "make test" sets FIREFOX.
func openFirefox(t *testing.T) *firefox {
	t.Helper()
	name := os.Getenv("FIREFOX")
	if name == "" && os.Getenv("BROWSER") == "required" {
		t.Fatal("there is no Firefox: install it (Debian: apt-get install firefox-esr) or name it with FIREFOX=path")
	}
	if name == "" {
		t.Skip("the test of Firefox runs with make test, or with FIREFOX=path")
	}
	profile := t.TempDir()
	command := exec.Command(name, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "about:blank")
	command.Env = append(os.Environ(), "HOME="+profile)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	f := &firefox{t: t}
	f.connect(filepath.Join(profile, "WebDriverBiDiServer.json"))
	var tree struct {
		Contexts []struct{ Context string }
	}
	f.command("session.new", map[string]any{"capabilities": map[string]any{}}, nil)
	f.command("browsingContext.getTree", map[string]any{}, &tree)
	f.page = tree.Contexts[0].Context
	return f
}

// connect waits until Firefox has written its WebSocket address to the file. It then
// connects to that address.
func (f *firefox) connect(file string) {
	f.t.Helper()
	var server struct {
		Host string `json:"ws_host"`
		Port int    `json:"ws_port"`
	}
	f.until("Firefox is ready", func() bool {
		content, err := os.ReadFile(file)
		return err == nil && json.Unmarshal(content, &server) == nil
	})
	ctx, cancel := context.WithTimeout(f.t.Context(), patience)
	defer cancel()
	connection, _, err := websocket.Dial(ctx, fmt.Sprintf("ws://%s:%d/session", server.Host, server.Port), nil)
	if err != nil {
		f.t.Fatal(err)
	}
	connection.SetReadLimit(1 << 22)
	f.connection = connection
	f.t.Cleanup(func() { connection.CloseNow() })
}

func (f *firefox) command(method string, params map[string]any, result any) {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), 2*patience)
	defer cancel()
	f.sent++
	if err := wsjson.Write(ctx, f.connection, map[string]any{"id": f.sent, "method": method, "params": params}); err != nil {
		f.t.Fatalf("%s: %v", method, err)
	}
	for {
		var answer struct {
			ID      int
			Result  json.RawMessage
			Error   string
			Message string
		}
		if err := wsjson.Read(ctx, f.connection, &answer); err != nil {
			f.t.Fatalf("%s: %v", method, err)
		}
		if answer.ID != f.sent { // an event
			continue
		}
		if answer.Error != "" {
			f.t.Fatalf("%s: %s: %s", method, answer.Error, answer.Message)
		}
		if result != nil {
			if err := json.Unmarshal(answer.Result, result); err != nil {
				f.t.Fatalf("%s: %v", method, err)
			}
		}
		return
	}
}

// evaluate runs a script and returns its value, which must be a string.
func (f *firefox) evaluate(script string) string {
	f.t.Helper()
	var got struct {
		Result struct{ Value string }
	}
	f.command("script.evaluate", map[string]any{"expression": script, "target": map[string]any{"context": f.page}, "awaitPromise": true}, &got)
	return got.Result.Value
}

func (f *firefox) until(what string, done func() bool) {
	f.t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			f.t.Fatalf("not within %v: %s", patience, what)
		}
	}
}
