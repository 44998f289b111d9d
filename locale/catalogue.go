// Package locale owns every sentence a person reads, in every language, and the
// way dates and times are written. It knows the keys that package meeting gives
// its problems and errors, and nothing of HTTP, HTML or the database.
package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// One file a language, named by its tag. Adding one is all it takes: see Load.
//
//go:embed *.json
var files embed.FS

// Catalogue holds the sentences of every language. It does not change after Load.
type Catalogue struct {
	tongues   []*tongue
	languages []Language
	matcher   language.Matcher
}

// Language is one that a person can choose.
type Language struct {
	Tag  string // BCP 47
	Name string // in the language itself
}

// tongue is one language made ready for printing.
type tongue struct {
	tag       string
	plain     map[string]string // sentences without arguments, English where this language has none
	keys      map[string]bool   // every key there is, plain or not
	localizer *i18n.Localizer
	dates     dateStyle
	catalogue *Catalogue
}

// Load reads the embedded catalogues. English comes first: it is what a person
// gets who prefers none of the languages there are, and what fills the gaps of
// the others.
func Load() (*Catalogue, error) { return LoadFrom(files) }

// LoadFrom reads the catalogues of a folder, one file a language. Tests give it
// languages that nobody speaks.
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
		file, err := bundle.ParseMessageFileBytes(sources[name], name)
		if err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", name, err)
		}
		if file.Tag.String() != strings.TrimSuffix(path.Base(name), ".json") {
			return nil, fmt.Errorf("catalogue %s: the name is no language tag", name)
		}
		messages[file.Tag] = file.Messages
	}
	if len(messages[language.English]) == 0 {
		return nil, fmt.Errorf("catalogue en.json is missing or empty")
	}
	c := &Catalogue{}
	tags := bundle.LanguageTags() // the default language first
	for _, tag := range tags {
		t := &tongue{
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
			return nil, fmt.Errorf("catalogue %s: %w", tag, err)
		}
		c.tongues = append(c.tongues, t)
		c.languages = append(c.languages, Language{t.tag, t.plain["language.name"]})
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

func (t *tongue) add(messages []*i18n.Message) {
	for _, m := range messages {
		t.keys[m.ID] = true
		delete(t.plain, m.ID)
		if m.One == "" && !strings.Contains(m.Other, "{{") {
			t.plain[m.ID] = m.Other
		}
	}
}

// Printer returns the printer of the best language for a person. Each argument
// is a language tag or the value of an Accept-Language header, the most wanted
// first; what cannot be read is passed over.
func (c *Catalogue) Printer(preferred ...string) Printer {
	for _, p := range preferred {
		if t := c.match(p); t != nil {
			return Printer{t}
		}
	}
	return Printer{c.tongues[0]}
}

// Match returns the tag of the language that comes closest to what is preferred,
// written as for Printer, or "" where none does.
func (c *Catalogue) Match(preferred string) string {
	if t := c.match(preferred); t != nil {
		return t.tag
	}
	return ""
}

func (c *Catalogue) match(preferred string) *tongue {
	if preferred == "" || len(preferred) > 500 {
		return nil
	}
	wanted, _, err := language.ParseAcceptLanguage(preferred)
	if err != nil || len(wanted) == 0 {
		return nil
	}
	if _, i, confidence := c.matcher.Match(wanted...); confidence > language.No {
		return c.tongues[i]
	}
	return nil
}

// Has reports whether there is a language of exactly that tag.
func (c *Catalogue) Has(tag string) bool {
	return slices.ContainsFunc(c.languages, func(l Language) bool { return l.Tag == tag })
}
