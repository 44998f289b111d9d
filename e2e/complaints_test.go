package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// complaints collects what the browser reports about a page: script errors, console
// messages, violations of the content security policy, and failed requests.
type complaints struct {
	mu     sync.Mutex
	heard  []string
	latest map[network.RequestID]string // the current URL of each request; a redirect changes it
}

func (c *complaints) list() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.heard)
}

// forget discards all complaints so far. It is for tests that provoke complaints.
func (c *complaints) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard = nil
}

func (c *complaints) hear(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if c.latest == nil {
			c.latest = make(map[network.RequestID]string)
		}
		c.latest[e.RequestID] = e.Request.URL
	case *network.EventResponseReceived:
		// Tests check the status of the page itself.
		if e.Type != network.ResourceTypeDocument && e.Response.Status >= 400 {
			c.add("%s: status %d", e.Response.URL, e.Response.Status)
		}
	case *network.EventLoadingFailed:
		// Chromium reports ERR_CACHE_MISS when a test goes back to the response to a form,
		// which is not cached.
		if !e.Canceled && e.ErrorText != "net::ERR_CACHE_MISS" {
			c.add("%s: %s %s", c.latest[e.RequestID], e.ErrorText, e.BlockedReason)
		}
	case *log.EventEntryAdded:
		// The cases above record network errors. A notice about autofocus only means that
		// another element had focus.
		if e.Entry.Source != log.EntrySourceNetwork && !strings.HasPrefix(e.Entry.Text, "Autofocus processing was blocked") {
			c.add("%s: %s, %s: %s", e.Entry.URL, e.Entry.Source, e.Entry.Level, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		c.add("%s: %v", e.ExceptionDetails.URL, &chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails})
	case *runtime.EventConsoleAPICalled:
		for _, value := range e.Args {
			c.add("console.%s: %s", e.Type, value.Value)
		}
	}
}

func (c *complaints) add(format string, args ...any) {
	c.heard = append(c.heard, "the browser complains: "+fmt.Sprintf(format, args...))
}
