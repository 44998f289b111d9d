package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/form"
	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/paths"
)

// state is a meeting's state, as shown by the badge on its page.
type state string

const (
	stateLive    state = state(meeting.Live)
	stateRemoved state = state(meeting.Removed)
)

// states maps the words on English badges to states.
type states map[string]state

func readStates() (states, error) {
	catalogue, err := locale.Load()
	if err != nil {
		return nil, err
	}
	s, english := make(states), catalogue.Printer("en")
	for _, each := range []meeting.State{meeting.Live, meeting.Unfinished, meeting.Failed, meeting.Removed, meeting.Replaced, meeting.Waiting} {
		s[english.T("state."+string(each))] = state(each)
	}
	return s, nil
}

// page is the response that a user sees after all redirects.
type page struct {
	status   int
	path     string // without the query
	identity string // identifies the signed-in user; empty if nobody is signed in
	subject  string // the heading
	state    state
	join     string
	tones    []string
	forms    []url.Values
	actions  []string // the paths to which the forms are submitted
	text     string   // the text of the main element
	links    []string // the links in the main element
	hops     []*url.URL
}

func (p page) meeting() (id int64, ok bool) { return paths.MeetingID(p.path) }

func (p page) form(action string) (fields url.Values, ok bool) {
	for i, to := range p.actions {
		if to == action {
			return p.forms[i], true
		}
	}
	return nil, false
}

// allDone reports whether the page has a success banner and no warning or error banner.
func (p page) allDone() bool {
	good := false
	for _, tone := range p.tones {
		if tone == "warn" || tone == "bad" {
			return false
		}
		good = good || tone == "good"
	}
	return good
}

// hasUnfinished reports whether the page has a button to retry or dismiss an attempt.
func (p page) hasUnfinished() bool {
	return slices.ContainsFunc(p.actions, func(to string) bool { return strings.HasPrefix(to, "/attempts/") })
}

// readPage parses a response. If the response is not HTML, the page contains only the
// status and the path.
func readPage(resp *http.Response, words states) (p page, err error) {
	p.status, p.path = resp.StatusCode, resp.Request.URL.Path
	if kind := resp.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") {
		_, err := io.Copy(io.Discard, resp.Body)
		return p, err
	}
	body, err := io.ReadAll(resp.Body) // an error means that the response is incomplete, so nothing was reported to the user
	if err != nil {
		return p, err
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	if err != nil {
		return p, fmt.Errorf("%s: %w", p.path, err)
	}
	main := doc.Find("main")
	p.subject, p.text = strings.TrimSpace(main.Find("h1").First().Text()), main.Text()
	p.state = words[strings.TrimSpace(main.Find(".title .badge").First().Text())]
	p.join = strings.TrimSpace(main.Find("#join .link").First().Text())
	p.identity, _ = doc.Find("input[name=" + form.FieldSignedInAs + "]").First().Attr("value")
	main.Find(".banner").Each(func(_ int, s *goquery.Selection) { p.tones = append(p.tones, s.AttrOr("data-tone", "")) })
	main.Find("a[href]").Each(func(_ int, s *goquery.Selection) { p.links = append(p.links, s.AttrOr("href", "")) })
	main.Find("form").Each(func(_ int, s *goquery.Selection) {
		fields := make(url.Values)
		s.Find("input[name], textarea[name]").Each(func(_ int, in *goquery.Selection) {
			_, checked := in.Attr("checked")
			if kind := in.AttrOr("type", "text"); checked || kind != "radio" && kind != "checkbox" {
				fields.Set(in.AttrOr("name", ""), in.AttrOr("value", in.Text()))
			}
		})
		s.Find("select[name]").Each(func(_ int, in *goquery.Selection) {
			chosen := in.Find("option[selected]").First()
			fields.Set(in.AttrOr("name", ""), chosen.AttrOr("value", chosen.Text()))
		})
		p.actions, p.forms = append(p.actions, s.AttrOr("action", "")), append(p.forms, fields)
	})
	return p, nil
}

func (p page) linksTo(id int64) bool {
	for _, link := range p.links {
		path, _, _ := strings.Cut(link, "?")
		if path == "/meetings/"+strconv.FormatInt(id, 10) {
			return true
		}
	}
	return false
}
