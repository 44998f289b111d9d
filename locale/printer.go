package locale

import (
	"strconv"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"meetdesk/meeting"
)

// Printer returns messages in one language. It is small enough to be created for each
// request. The zero Printer has no messages.
type Printer struct{ t *translation }

// Lang returns the language's tag, as used in <html lang>.
func (p Printer) Lang() string {
	if p.t == nil {
		return "en"
	}
	return p.t.tag
}

// Languages returns every language in the catalogue, English first.
func (p Printer) Languages() []Language {
	if p.t == nil {
		return nil
	}
	return p.t.catalogue.languages
}

// Has reports whether there is a message with this key, in this language or in English.
func (p Printer) Has(key string) bool { return p.t != nil && p.t.keys[key] }

// T returns the message with the given key, with its placeholders filled in. If the key is
// unknown, an argument is missing or the template fails, it returns ⟦key⟧.
func (p Printer) T(key string, args ...meeting.Args) string {
	if sentence, ok := p.plain(key); ok {
		return sentence
	}
	return p.localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: p.spoken(merge(args))})
}

func (p Printer) plain(key string) (sentence string, ok bool) {
	if p.t == nil {
		return "", false
	}
	sentence, ok = p.t.plain[key]
	return sentence, ok
}

// N is like T, but for a message with plural forms. The number n fills the placeholder N.
func (p Printer) N(key string, n int, args ...meeting.Args) string {
	if sentence, ok := p.plain(key); ok {
		return sentence
	}
	data := meeting.Args{"N": n}
	for name, value := range merge(args) {
		data[name] = value
	}
	return p.localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: p.spoken(data)})
}

// Number formats n, which must not be negative, with its digits in groups of three.
func (p Printer) Number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + p.T("number.group") + digits[i:]
	}
	return digits
}

// Size formats a number of bytes as megabytes or gigabytes, such as "2.4 GB".
func (p Printer) Size(bytes int64) string {
	switch {
	case bytes < 1e9:
		return p.Number(int((bytes+1e6-1)/1e6)) + " MB"
	case bytes < 10e9:
		tenths := int(bytes / 1e8)
		return strconv.Itoa(tenths/10) + p.T("number.decimal") + strconv.Itoa(tenths%10) + " GB"
	}
	return p.Number(int(bytes/1e9)) + " GB"
}

// missing is the text that a template prints for a missing argument. localize looks for this
// text, because the option missingkey=error would also reject optional arguments that are
// used only in an {{if}}.
const missing = "<no value>"

func (p Printer) localize(c *i18n.LocalizeConfig) string {
	if !p.Has(c.MessageID) {
		return "⟦" + c.MessageID + "⟧"
	}
	// If the message exists only in English, Localize returns it together with an error.
	sentence, err := p.t.localizer.Localize(c)
	if err != nil && sentence == "" || strings.Contains(sentence, missing) {
		return "⟦" + c.MessageID + "⟧"
	}
	return sentence
}

func merge(args []meeting.Args) meeting.Args {
	switch len(args) {
	case 0:
		return meeting.Args{}
	case 1:
		return args[0]
	}
	all := meeting.Args{}
	for _, a := range args {
		for name, value := range a {
			all[name] = value
		}
	}
	return all
}

// spoken returns args with all dates, times, durations, sizes and roles formatted in this
// language. Days are formatted in their own time zone, and other times in UTC.
func (p Printer) spoken(args meeting.Args) meeting.Args {
	spoken := args
	for name, value := range args {
		var text string
		switch value := value.(type) {
		case meeting.Day:
			text = p.Date(time.Time(value), time.Time(value).Location())
		case time.Time:
			text = p.inUTC(value)
		case time.Duration:
			text = p.length(value)
		case meeting.Bytes:
			text = p.Size(int64(value))
		case meeting.AttendeeRole:
			text = p.Role(value)
		default:
			continue
		}
		spoken = merge([]meeting.Args{spoken, {name: text}})
	}
	return spoken
}

// Role returns the word for a role in lists of people, such as "presenter". The form
// accepts these words in every language; see package people.
func (p Printer) Role(role meeting.AttendeeRole) string {
	return strings.ToLower(p.T("attendee." + string(role)))
}

// Problem returns the message that describes what is wrong with a field.
func (p Printer) Problem(problem meeting.Problem) string {
	return p.T(string(problem.Key), problem.Args)
}

// Error returns the message that describes err. If err is nil or has no key, it returns the
// message for internal errors.
func (p Printer) Error(err *meeting.Error) string {
	key, args := errorKey(err)
	return p.T(key, args)
}

// ErrorTitle returns the heading for the page that reports err.
func (p Printer) ErrorTitle(err *meeting.Error) string { return p.about(err, "title") }

// ErrorAdvice returns the message that says what to do about err.
func (p Printer) ErrorAdvice(err *meeting.Error) string { return p.about(err, "advice") }

func (p Printer) about(err *meeting.Error, part string) string {
	key, args := errorKey(err)
	if own := key + "." + part; p.Has(own) {
		return p.T(own, args)
	}
	return p.T("error." + part)
}

func errorKey(err *meeting.Error) (string, meeting.Args) {
	if err == nil || err.Key == "" {
		return string(meeting.ReasonInternal), nil
	}
	return string(err.Key), err.Args
}
