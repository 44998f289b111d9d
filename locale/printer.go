package locale

import (
	"strconv"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"meetdesk/meeting"
)

// Printer says things in one language. It is a small value, made per request.
// The zero Printer knows no sentence.
type Printer struct{ t *tongue }

// Lang returns the language's tag, for <html lang>.
func (p Printer) Lang() string {
	if p.t == nil {
		return "en"
	}
	return p.t.tag
}

// Languages returns all that there are to choose from, English first.
func (p Printer) Languages() []Language {
	if p.t == nil {
		return nil
	}
	return p.t.catalogue.languages
}

// Has reports whether there is a sentence under key.
func (p Printer) Has(key string) bool { return p.t != nil && p.t.keys[key] }

// T returns the sentence under key with its places filled. A missing one is
// shown as ⟦key⟧, so that tests can see it.
func (p Printer) T(key string, args ...meeting.Args) string {
	if p.t != nil {
		if sentence, ok := p.t.plain[key]; ok {
			return sentence
		}
	}
	return p.localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: merge(args)})
}

// N is T for a sentence with plural forms; the number fills the place N.
func (p Printer) N(key string, n int, args ...meeting.Args) string {
	data := meeting.Args{"N": n}
	for name, value := range merge(args) {
		data[name] = value
	}
	return p.localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: data})
}

// Number writes n in groups of three digits.
func (p Printer) Number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + p.T("number.group") + digits[i:]
	}
	return digits
}

func (p Printer) localize(c *i18n.LocalizeConfig) string {
	if !p.Has(c.MessageID) {
		return "⟦" + c.MessageID + "⟧"
	}
	// A sentence that only English has comes with an error and is used all the same.
	sentence, _ := p.t.localizer.Localize(c)
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

// Problem returns what is wrong with a field and what a right value looks like.
func (p Printer) Problem(problem meeting.Problem) string { return p.T(problem.Key, problem.Args) }

// Error returns the sentence of an error; one without a key is the desk's own fault.
func (p Printer) Error(err *meeting.Error) string {
	key, args := errorKey(err)
	return p.T(key, args)
}

// ErrorTitle returns the heading of an error's page.
func (p Printer) ErrorTitle(err *meeting.Error) string { return p.about(err, "title") }

// ErrorAdvice returns what a person can do about an error.
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
		return "internal", nil
	}
	return err.Key, err.Args
}
