package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/form"
	"meetdesk/meeting"
)

type answer struct {
	status int
	to     string     // the path to which the response redirects
	text   string     // the text in <main>, or the error if there was no response
	join   string     // the join link that the page offers, or ""
	retry  string     // the action of the form that retries an attempt, or ""
	fields url.Values // the fields of all forms in <main>
	forms  []sentForm
	asked  *http.Request // the last request, after any redirects
}

// send sends a request and parses the response. It does not follow a redirect after a POST,
// so that the test sees the response to the form.
func (v *visitor) send(method, path string, fields url.Values) (a answer) {
	client := *v.Client
	if method == http.MethodPost {
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	r, err := http.NewRequest(method, v.Site.String()+path, strings.NewReader(fields.Encode()))
	if err != nil {
		return answer{text: err.Error()}
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := client.Do(r)
	if err != nil {
		return answer{text: err.Error()}
	}
	defer response.Body.Close()
	a = answer{asked: response.Request, status: response.StatusCode, to: response.Header.Get("Location"), fields: make(url.Values)}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		a.text = err.Error()
		return a
	}
	page, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	if err != nil {
		a.text = err.Error()
		return a
	}
	a.fields = fieldsIn(page.Find("main"))
	page.Find("main form").Each(func(_ int, s *goquery.Selection) {
		a.forms = append(a.forms, sentForm{s.AttrOr("action", ""), fieldsIn(s)})
	})
	a.join = page.Find(`main a[href^="https://teams.microsoft.com/"]`).AttrOr("href", "")
	a.retry = page.Find(`main form[action$="/retry"]`).AttrOr("action", "")
	a.text = strings.Join(strings.Fields(page.Find("main").Text()), " ")
	return a
}

type sentForm struct {
	action string
	fields url.Values
}

func fieldsIn(part *goquery.Selection) url.Values {
	fields := make(url.Values)
	part.Find("input[name], textarea[name], select[name]").Each(func(_ int, s *goquery.Selection) {
		fields.Add(s.AttrOr("name", ""), fieldValue(s))
	})
	return fields
}

func fieldValue(s *goquery.Selection) string {
	switch goquery.NodeName(s) {
	case "textarea":
		return s.Text()
	case "select":
		chosen := s.Find("option[selected]")
		return chosen.AttrOr("value", chosen.Text())
	}
	return s.AttrOr("value", "")
}

// formOn opens the page and finds the first form whose action ends with the given text. It
// returns the form's action and fields.
func (v *visitor) formOn(t *testing.T, page, action string) (to string, fields url.Values) {
	t.Helper()
	a := v.send(http.MethodGet, page, nil)
	for _, f := range a.forms {
		if strings.HasSuffix(f.action, action) {
			return f.action, f.fields
		}
	}
	t.Fatalf("%s: %d, no form for %s among %d:\n%s", page, a.status, action, len(a.forms), a.text)
	return "", nil
}

func (v *visitor) later(method, path string, fields url.Values) chan answer {
	answered := make(chan answer, 1)
	go func() { answered <- v.send(method, path, fields) }()
	return answered
}

func meetingForm(ticket string) url.Values {
	fields := laptopForm()
	fields.Set(meeting.FieldExternalID, ticket)
	fields.Set(form.FieldFormID, "the form for "+ticket)
	fields.Set(form.FieldPast, "1") // confirms the start time, which may be in the past by now
	return fields
}

// changeForm returns the fields of the form on the meeting's edit page, with their current
// values. It leaves out the meeting options and sets the time zone.
func (v *visitor) changeForm(t *testing.T, path string) url.Values {
	t.Helper()
	page := v.send(http.MethodGet, path+"/edit", nil)
	if page.status != http.StatusOK {
		t.Fatalf("%s/edit: %d %s", path, page.status, page.text)
	}
	fields := make(url.Values)
	for name, values := range page.fields {
		if name != form.FieldSignedInAs {
			fields[name] = values[:1]
		}
	}
	for _, option := range meeting.AllOptions() {
		fields.Del(string(option))
	}
	fields.Set(form.FieldPast, "1")
	fields.Set(meeting.FieldTimeZone, "Europe/Lisbon")
	return fields
}
