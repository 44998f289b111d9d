package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"meetdesk/form"
	"meetdesk/meeting"
)

// clock is a time of day as browsers send it.
const clock = "15:04"

// defaultMinutes is the length that is proposed before a person has chosen one.
const defaultMinutes = 30

// formType is how browsers send our forms.
const formType = "application/x-www-form-urlencoded"

// The largest form that is read, in bytes. Anybody can send a form without a session, so
// the limit is lower there: enough for 500 people with long names in a script that takes
// nine bytes a letter.
const (
	maxBody       = 1 << 20
	maxUnsentBody = 256 << 10
)

// readForm returns the meeting form in the request's body; see readBody.
func readForm(w http.ResponseWriter, r *http.Request) (form.Form, error) {
	values, err := readBody(w, r)
	return form.FromValues(values), err
}

// readBody returns the fields in the request's body, or an Invalid error for a
// body that no browser would send.
func readBody(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != formType {
		return nil, &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonBodyType}
	}
	most, tooLarge := int64(maxBody), meeting.ReasonBodyLarge
	if visitOf(r).session == nil {
		most, tooLarge = maxUnsentBody, meeting.ReasonSignInLarge
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, &meeting.Error{Code: meeting.Invalid, Key: tooLarge, Err: err}
		}
		return nil, &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonBodyUnreadable, Err: err}
	}
	for _, values := range r.PostForm {
		for _, value := range values {
			if !utf8.ValidString(value) {
				return nil, &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonBodyUnreadable}
			}
		}
	}
	return r.PostForm, nil
}

func validText(query url.Values) url.Values {
	clean := make(url.Values, len(query))
	for name, values := range query {
		for _, value := range values {
			clean.Add(name, printableText(strings.ToValidUTF8(value, "\ufffd")))
		}
	}
	return clean
}

// printable is the form without the control characters that no HTML page can hold.
func printable(f form.Form) form.Form { return f.Map(printableText) }

func printableText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return '\ufffd'
		}
		return r
	}, text)
}

// truncate returns the first so many characters of the text.
func truncate(text string, characters int) string {
	if runes := []rune(text); len(runes) > characters {
		return string(runes[:characters])
	}
	return text
}
