package people_test

import (
	"strings"
	"testing"

	"meetdesk/people"
)

func TestReadAddress(t *testing.T) {
	for text, want := range map[string]string{
		"ana@b.example":               "ana@b.example",
		"a@b":                         "a@b",
		"ANA@B.Example":               "ANA@B.Example",
		"<ana@b.example>":             "",
		"\ufeff ana@b.example\u00a0":  "ana@b.example",
		"\u202aana@b.example\u202c":   "ana@b.example", // copied from an address book
		"an\u200ba@b.exa\u00admple":   "ana@b.example",
		"ana\u2060@\u200db.example":   "ana@b.example",
		"ana\u3164@b\u2800.example":   "ana@b.example",
		"ａｎａ＠ｂ．ｅｘａｍｐｌｅ":               "ana@b.example",
		"ana﹫b。example":               "ana@b.example",
		"o’neill@b.example":           "o'neill@b.example",
		"ana\u2011maria@b.example":    "ana-maria@b.example",
		"info@müller.example":         "info@xn--mller-kva.example",
		"info@MÜNCHEN.example":        "info@xn--mnchen-3ya.example",
		"info@пример.рф":              "info@xn--e1afmkfd.xn--p1ai",
		"info@例え.jp":                  "info@xn--r8jz45g.jp",
		"info@ｂ例え.jp":                 "info@xn--b-97t231j.jp",
		"info@xn--mller-kva.example.": "info@xn--mller-kva.example",
		"info@ışık.example":           "info@xn--k-ekaa7p.example",
		"ana":                         "", "@b.example": "", "ana@": "", "ana@.example": "", "a@b@c": "", "ana@b-.example": "",
		strings.Repeat("a", 1<<20): "",
	} {
		if got, _, ok := people.ReadAddress(text); got != want || ok != (want != "") {
			t.Errorf("ReadAddress(%.40q) = %q, want %q", text, got, want)
		}
	}
}

// TestReadAddressReportsFlaws checks which character ReadAddress reports when it refuses
// text, and that Parse reports the same character.
func TestReadAddressReportsFlaws(t *testing.T) {
	for text, want := range map[string]people.Flaw{
		"priyа@contoso.example":                    {Char: 'а', After: "priy", Like: "a"},
		"рriya@contoso.example":                    {Char: 'р', After: "", Like: "p"},
		"priya@contosо.example":                    {Char: 'о', After: "priya@contos", Like: "o"},
		"priya@раура.example":                      {Char: 'р', After: "priya@", Like: "p"}, // every letter looks Latin
		"priya@contοso.example":                    {Char: 'ο', After: "priya@cont", Like: "o"},
		"priya@contoso.exаmple":                    {Char: 'а', After: "priya@contoso.ex", Like: "a"},
		"priya@mıcrosoft.example":                  {Char: 'ı', After: "priya@m", Like: "i"},
		"josé@contoso.example":                     {Char: 'é', After: "jos"},
		"jose\u0301@contoso.example":               {Char: '\u0301', After: "jose"},
		"用户@contoso.example":                       {Char: '用', After: ""},
		"𝐩riya@contoso.example":                    {Char: '𝐩', After: ""},
		"ana–maria@contoso.example":                {Char: '–', After: "ana", Like: "-"},
		"priya\u202emoc@c.example":                 {Char: '\u202e', After: "priya"},
		"priya@con\u2066toso.example":              {Char: '\u2066', After: "priya@con"},
		"pri\x00ya@contoso.example":                {Char: 0, After: "pri"},
		"\x00priya@contoso.example":                {Char: 0, After: ""},
		"priya@contoso.example\x00":                {Char: 0, After: "priya@contoso.example"},
		"priya@con_toso.example":                   {Char: '_', After: "priya@con"},
		"priya@mu\u0308ller.example":               {Char: '\u0308', After: "priya@mu"},
		"priya@ab.пр\u0435x.example":               {Char: 'п', After: "priya@ab."},
		"priya@contoso․example":                    {Char: '․', After: "priya@contoso", Like: "."},
		"Silva/LON/Acme@fabrikam":                  {Char: '/', After: "Silva"}, // a name in HCL Notes
		"https://chat.example?users=ana@b.example": {Char: ':', After: "https"},
		"https://social.example/@ana":              {Char: ':', After: "https"},
		"//files.example/ana@b.example":            {Char: '/', After: ""},
		"priya@contoso.example\u2044x":             {Char: '\u2044', After: "priya@contoso.example", Like: "/"},
	} {
		got, flaw, ok := people.ReadAddress(text)
		if ok || flaw == nil || *flaw != want {
			t.Errorf("ReadAddress(%q) = %q, %+v; want %+v", text, got, flaw, want)
		}
		if read, problems := people.Parse("Ana Silva <" + text + ">"); !problems.Any() || len(read) > 0 || problems[0].Args["Code"] != want.Code() {
			t.Errorf("Parse(%q) = %v, %v; want a problem with %s", text, read, problems, want.Code())
		}
	}
}
