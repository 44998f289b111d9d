package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"meetdesk/form"
	"meetdesk/meeting"
)

// defaultMinutes is the proposed meeting length for a person who has not chosen one
// before.
const defaultMinutes = 30

// formType is the media type of forms without a file.
const formType = "application/x-www-form-urlencoded"

// Maximum sizes of a form, in bytes. The lower limit, maxUnsentBody, applies to forms sent
// without a session, because anybody can send them. It is enough for 500 attendees with
// long names in any script.
const (
	maxBody       = 1 << 20
	maxUnsentBody = 256 << 10
)

// unsentLimit is the read timeout for a form that is sent without a session.
const unsentLimit = 10 * time.Second

// readForm returns the meeting form in the request's body; see readBody.
func readForm(w http.ResponseWriter, r *http.Request) (form.Form, error) {
	values, err := readBody(w, r)
	return form.FromValues(values), err
}

// readBody returns the fields in the request's body. If the body is too large, it returns
// an error with the code Invalid. Unless the form includes a file, r.PostForm then contains
// the fields that fit, the last of which may be truncated.
func readBody(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	if !isForm(r) {
		return nil, &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonBodyType}
	}
	limit, tooLarge := int64(maxBody), meeting.ReasonBodyLarge
	if isUpload(r) {
		limit, tooLarge = maxUpload, meeting.ReasonImportLarge
	}
	if visitOf(r).session == nil { // if the connection does not support deadlines, the server's time limit applies
		limit, tooLarge = maxUnsentBody, meeting.ReasonSignInLarge
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(unsentLimit))
	}
	if r.PostForm != nil {
		return r.PostForm, nil // the body has already been parsed
	}
	if isUpload(r) {
		return readUpload(r, http.MaxBytesReader(w, r.Body, limit), tooLarge)
	}
	sent, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		r.PostForm = firstFields(string(sent))
		// Closing the connection while the client is still sending would reset it, and
		// nginx would truncate the page. Therefore, up to twice the limit is read.
		_, _ = io.CopyN(io.Discard, r.Body, limit)
		return nil, &meeting.Error{Code: meeting.Invalid, Key: tooLarge, Err: err}
	}
	if err == nil {
		r.Body = io.NopCloser(bytes.NewReader(sent))
		err = r.ParseForm()
	}
	if err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil, &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonBodySlow, Err: err}
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

// firstFields returns the fields of a truncated form. The last field may be incomplete.
func firstFields(sent string) url.Values {
	if at := strings.LastIndexByte(sent, '%'); at > len(sent)-3 {
		sent = sent[:max(at, 0)]
	}
	values, _ := url.ParseQuery(sent) // ParseQuery skips malformed fields
	return validText(values)
}

// validText returns a copy of the query. It replaces invalid UTF-8, control characters that
// HTML cannot contain, and marks that change the text direction. Any link can contain such
// characters, and pages show parts of the query.
func validText(query url.Values) url.Values {
	clean := make(url.Values, len(query))
	for name, values := range query {
		for _, value := range values {
			clean.Add(name, withoutDirection(printableText(strings.ToValidUTF8(value, "\ufffd"))))
		}
	}
	return clean
}

// withoutDirection replaces marks that change the text direction with spaces. Phones add
// such marks around copied numbers.
func withoutDirection(text string) string {
	return strings.Map(func(r rune) rune {
		if meeting.IsControl(r) && !unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

func printable(f form.Form) form.Form { return f.Map(printableText) }

func printableText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return '\ufffd'
		}
		return r
	}, text)
}

func truncate(text string, n int) string {
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n])
	}
	return text
}
