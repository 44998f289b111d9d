package locale

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"text/template"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

func parseTag(file string) (language.Tag, error) {
	name := strings.TrimSuffix(path.Base(file), ".json")
	tag, err := language.Parse(name)
	switch {
	case err != nil || tag == language.Und:
		return tag, fmt.Errorf("%s: a file is named after a language tag, such as es.json or pt-BR.json", file)
	case tag.String() != name:
		return tag, fmt.Errorf("%s: rename %[1]s to %s.json", file, tag)
	}
	return tag, nil
}

// parseFile parses a JSON object that maps keys to messages. A message is either a string
// or an object with plural forms. To help translators, errors name the file and, where
// possible, the line and the key.
func parseFile(file string, text []byte) ([]*i18n.Message, error) {
	if !utf8.Valid(text) || bytes.HasPrefix(text, []byte("\ufeff")) {
		return nil, fmt.Errorf("%s: save the file as UTF-8 without a byte order mark", file)
	}
	p := fileParser{file, text, jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true))}
	if err := p.checkSyntax(); err != nil {
		return nil, err
	}
	var messages []*i18n.Message
	err := p.object("", func(key string) error {
		m := &i18n.Message{ID: key}
		messages = append(messages, m)
		return p.message(m)
	})
	return messages, err
}

type fileParser struct {
	file    string
	text    []byte
	decoder *jsontext.Decoder
}

func (p *fileParser) errorf(offset int64, format string, args ...any) error {
	line := 1 + bytes.Count(p.text[:offset], []byte("\n"))
	return fmt.Errorf("%s:%d: %w", p.file, line, fmt.Errorf(format, args...))
}

func (p *fileParser) checkSyntax() error {
	var object map[string]any
	err := json.Unmarshal(p.text, &object)
	var syntax *json.SyntaxError
	switch {
	case len(bytes.TrimSpace(p.text)) == 0:
		return fmt.Errorf(`%s: the file is empty; write at least {"language.name": "…"}`, p.file)
	case errors.As(err, &syntax):
		return p.errorf(max(0, syntax.Offset-1), "%w", err) // Offset is the position after the invalid byte
	case err != nil || len(object) == 0:
		return fmt.Errorf(`%s: the file must be an object with sentences, such as {"language.name": "…"}`, p.file)
	}
	return nil
}

// object reads a JSON object and calls value for each key. The callback must read the key's
// JSON value. Duplicate keys are an error, because one of the messages would be lost.
func (p *fileParser) object(path string, value func(key string) error) error {
	if token, err := p.decoder.ReadToken(); err != nil || token.Kind() != jsontext.KindBeginObject {
		return p.errorf(p.decoder.InputOffset(), `%s must be a sentence, or an object of plural forms`, path)
	}
	seen := map[string]bool{}
	for p.decoder.PeekKind() == jsontext.KindString {
		token, err := p.decoder.ReadToken()
		if err != nil {
			return err
		}
		key := token.String()
		if seen[key] {
			return p.errorf(p.decoder.InputOffset(), "%s appears twice; remove one", strings.TrimSpace(path+" "+key))
		}
		seen[key] = true
		if err := value(key); err != nil {
			return err
		}
	}
	_, err := p.decoder.ReadToken()
	return err
}

func (p *fileParser) message(m *i18n.Message) error {
	if rest := p.text[p.decoder.InputOffset():]; !bytes.HasPrefix(bytes.TrimLeft(rest, ": \t\r\n"), []byte("{")) {
		return p.sentence(m.ID, &m.Other)
	}
	err := p.object(m.ID, func(form string) error {
		i := slices.Index(pluralForms, form)
		if i < 0 {
			return p.errorf(p.decoder.InputOffset(), "%s has the plural form %q; forms are %s", m.ID, form, strings.Join(pluralForms, ", "))
		}
		return p.sentence(m.ID, []*string{&m.Zero, &m.One, &m.Two, &m.Few, &m.Many, &m.Other}[i])
	})
	if err == nil && m.Other == "" {
		return p.errorf(p.decoder.InputOffset(), `%s lacks the plural form "other"`, m.ID)
	}
	return err
}

var pluralForms = []string{"zero", "one", "two", "few", "many", "other"} // the plural categories of the Unicode CLDR

func (p *fileParser) sentence(key string, sentence *string) error {
	token, err := p.decoder.ReadToken()
	if err != nil || token.Kind() != jsontext.KindString {
		return p.errorf(p.decoder.InputOffset(), "%s must be a sentence, or an object of plural forms", key)
	}
	text := token.String()
	if strings.TrimSpace(text) == "" && (text == "" || key != "number.group") {
		return p.errorf(p.decoder.InputOffset(), "%s is empty; write the sentence, or remove the key to show English", key)
	}
	if strings.Contains(text, "{{") {
		if _, err := template.New(key).Parse(text); err != nil {
			return p.errorf(p.decoder.InputOffset(), "%s, %q: %w", key, text, err)
		}
	}
	*sentence = text
	return nil
}
