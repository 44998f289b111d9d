// Package locale contains the user interface text in every language and formats dates,
// times and numbers. It does not depend on the packages for HTTP, HTML or the database.
package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// To add a language, add a file named after its tag, such as es.json.
//
//go:embed *.json
var files embed.FS

// Catalogue contains the user interface text in every language. It is immutable.
type Catalogue struct {
	translations []*translation
	languages    []Language
	matcher      language.Matcher
}

// Language is an entry in the language menu.
type Language struct {
	Tag  string // BCP 47
	Name string // the name in the language itself, or the tag if the catalogue has no name
}

type translation struct {
	tag       string
	plain     map[string]string // messages without placeholders or plural forms, by key; untranslated ones are in English
	keys      map[string]bool   // the keys of all messages, including those that are not in plain
	localizer *i18n.Localizer
	dates     dateStyle
	catalogue *Catalogue
}

// Load returns the embedded catalogue, which it reads only once. English is the default
// language. If another language lacks a message, the English message is used.
func Load() (*Catalogue, error) { return loadEmbedded() }

var loadEmbedded = sync.OnceValues(func() (*Catalogue, error) { return LoadFrom(files) })

// LoadFrom reads a catalogue from a folder that contains one JSON file per language.
func LoadFrom(folder fs.FS) (*Catalogue, error) {
	names, err := fs.Glob(folder, "*.json")
	if err != nil {
		return nil, fmt.Errorf("read catalogues: %w", err)
	}
	sources := make(map[string][]byte, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, fmt.Errorf("read catalogue: %w", err)
		}
		sources[name] = text
	}
	return load(sources)
}

func load(sources map[string][]byte) (*Catalogue, error) {
	bundle := i18n.NewBundle(language.English)
	messages := map[language.Tag][]*i18n.Message{}
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		tag, err := parseTag(name)
		if err != nil {
			return nil, err
		}
		if messages[tag], err = parseFile(name, sources[name]); err != nil {
			return nil, err
		}
		templates := slices.DeleteFunc(slices.Clone(messages[tag]), isPlain)
		if err := bundle.AddMessages(tag, templates...); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(messages[language.English]) == 0 {
		return nil, fmt.Errorf("en.json is missing")
	}
	c := &Catalogue{}
	tags := bundle.LanguageTags() // the first is the default language
	for _, tag := range tags {
		t := &translation{
			tag:       tag.String(),
			plain:     map[string]string{},
			keys:      map[string]bool{},
			localizer: i18n.NewLocalizer(bundle, tag.String()),
			catalogue: c,
		}
		t.add(messages[language.English])
		t.add(messages[tag])
		var err error
		if t.dates, err = newDateStyle(t.plain); err != nil {
			return nil, fmt.Errorf("%s.json: %w", tag, err)
		}
		c.translations = append(c.translations, t)
		c.languages = append(c.languages, Language{t.tag, nameOf(tag, messages[tag])})
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

// nameOf returns the name of a language in that language, or its tag if the catalogue has
// no name. It does not fall back to English, because the name would then be "English".
func nameOf(tag language.Tag, messages []*i18n.Message) string {
	for _, m := range messages {
		if m.ID == "language.name" {
			return m.Other
		}
	}
	return tag.String()
}

func (t *translation) add(messages []*i18n.Message) {
	for _, m := range messages {
		t.keys[m.ID] = true
		delete(t.plain, m.ID)
		if isPlain(m) {
			t.plain[m.ID] = m.Other
		}
	}
}

// isPlain reports whether the message has neither placeholders nor plural forms.
func isPlain(m *i18n.Message) bool {
	return m.Zero+m.One+m.Two+m.Few+m.Many == "" && !strings.Contains(m.Other, "{{")
}

// Printer returns a printer for the best matching language. Arguments are language tags or
// Accept-Language headers, in order of preference. Arguments that match no language, are
// malformed or exceed 500 bytes are ignored. The default is English.
func (c *Catalogue) Printer(preferred ...string) Printer {
	for _, p := range preferred {
		if t := c.match(p); t != nil {
			return Printer{t}
		}
	}
	return Printer{c.translations[0]}
}

// Match returns the tag of the best matching language, or "" if none matches. preferred is
// a language tag or an Accept-Language header.
func (c *Catalogue) Match(preferred string) string {
	if t := c.match(preferred); t != nil {
		return t.tag
	}
	return ""
}

func (c *Catalogue) match(preferred string) *translation {
	if preferred == "" || len(preferred) > 500 {
		return nil
	}
	wanted, _, err := language.ParseAcceptLanguage(preferred)
	if err != nil || len(wanted) == 0 {
		return nil
	}
	if _, i, confidence := c.matcher.Match(wanted...); confidence > language.No {
		return c.translations[i]
	}
	return nil
}

// Has reports whether the catalogue has a language with exactly this tag.
func (c *Catalogue) Has(tag string) bool {
	return slices.ContainsFunc(c.languages, func(l Language) bool { return l.Tag == tag })
}
