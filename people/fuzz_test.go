package people_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"meetdesk/meeting"
	"meetdesk/people"
)

var lists = []string{
	"priya@contoso.example", "Priya Nair <priya@contoso.example>; Tomás Herrera <tomas@contoso.example>", "To: \"Nair, Priya\" <priya@contoso.example>, dana@contoso.example",
	"Priya Nair\npriya@contoso.example (presenter)", "> - priya@contoso.example coorganizer", "mailto:priya%40contoso.example?cc=dana@contoso.example", "Presenters: priya@contoso.example", "Speaker: dana@contoso.example",
	"[12/11/2026, 09:14] Priya: priya@contoso.example", "a\tb@c.example\tpresenter", "=?utf-8?q?Tom=C3=A1s?= <tomas@contoso.example>", "sip:a@b.example;transport=tls", "ana@bücher.example", "priyа@contoso.example",
	"\"a b\"@c.example", "a@b<c@d.example>", "＜ａ＠ｂ．example＞；", "a@b.example, presenter", "\u202ea@b.example", "x\u200by@b.example",
}

func word(role meeting.AttendeeRole) string { return string(role) }

// FuzzPeople asserts that Parse reads back the people that Lines writes. Writing each entry
// on a separate line must not lose any person or role.
func FuzzPeople(f *testing.F) {
	for _, text := range lists {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, problems := people.Parse(text)
		seen := map[string]bool{}
		for _, a := range list {
			if address, _, ok := people.ReadAddress(a.UPN); !ok || address != a.UPN || seen[strings.ToLower(a.UPN)] {
				t.Errorf("%q is no address or is repeated: %+q", a.UPN, list)
			}
			seen[strings.ToLower(a.UPN)] = true
			if !utf8.ValidString(a.Name) || strings.ContainsFunc(a.Name, meeting.IsControl) || a.Role != "" && !a.Role.InForm() {
				t.Errorf("%+q", a)
			}
		}
		lines := people.Lines(list, word)
		if again, wrong := people.Parse(lines); !reflect.DeepEqual(again, list) || wrong.Any() && !problems.Any() {
			t.Errorf("%+q is read as\n%+q and written as\n%+q, which is read as\n%+q, %v", text, list, lines, again, wrong)
		}
		var entries []string
		isName := false // a name alone on a line may belong to the next address
		for _, e := range people.Entries(text) {
			isName = isName || e.Text != "" && !strings.Contains(e.Text, "@")
			entries = append(entries, e.Text)
			if e.Text == "" {
				entries[len(entries)-1] = people.Line(e.Attendee, word)
			}
		}
		again, wrong := people.Parse(strings.Join(entries, "\n"))
		left := again
		for _, a := range list {
			i := slices.IndexFunc(left, func(b meeting.Attendee) bool {
				return b.UPN == a.UPN && b.Role == a.Role && (isName || b.Name == a.Name)
			})
			if i < 0 {
				t.Fatalf("%+q is read as\n%+q and its entries\n%+q as\n%+q", text, list, entries, again)
			}
			left = left[i+1:]
		}
		if hasRoleProblem(wrong) != hasRoleProblem(problems) {
			t.Errorf("%+q has the problems\n%v and its entries\n%+q\n%v", text, problems, entries, wrong)
		}
	})
}

func hasRoleProblem(problems meeting.Problems) bool {
	return slices.ContainsFunc(problems, func(p meeting.Problem) bool { return p.Key == meeting.ReasonAttendeesRole })
}

// FuzzAddress asserts that ReadAddress returns printable ASCII with one "@" and without
// spaces, brackets or separators. Reading the result again must change nothing. A label
// that ReadAddress encoded must decode to non-ASCII text.
func FuzzAddress(f *testing.F) {
	for _, text := range lists {
		f.Add(text)
	}
	f.Add("ana@日本語。example")
	f.Add("ana@ΒΌΛΟΣ.example")
	f.Fuzz(func(t *testing.T, text string) {
		address, flaw, ok := people.ReadAddress(text)
		if !ok {
			if flaw == nil {
				return
			}
			flaw.Reason()
			if !strings.ContainsRune(flaw.Code(), '+') || utf8.RuneCountInString(flaw.Before()) > 20 {
				t.Errorf("%+q has the flaw %+v", text, flaw)
			}
			return
		}
		if len(address) > 320 || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`<>()[],;:\"`, r) }) || strings.Count(address, "@") != 1 {
			t.Errorf("%+q is read as %+q", text, address)
		}
		if again, _, ok := people.ReadAddress(address); again != address || !ok {
			t.Errorf("%+q is read as %+q, and that as %+q", text, address, again)
		}
		if got := people.OnlyAddress(address); got != address {
			t.Errorf("%+q names %+q", address, got)
		}
		_, domain, _ := strings.Cut(address, "@")
		for label := range strings.SplitSeq(domain, ".") {
			if encoded, isEncoded := strings.CutPrefix(label, "xn--"); isEncoded && !strings.Contains(strings.ToLower(text), label) {
				plain, err := idna.Punycode.ToUnicode("xn--" + encoded)
				if err != nil || !strings.ContainsFunc(plain, func(r rune) bool { return r > unicode.MaxASCII }) {
					t.Errorf("%+q has the label %q, which is %+q: %v", text, label, plain, err)
				}
			}
		}
	})
}

// FuzzQuery asserts that the search term for a person is one line without invisible
// characters, except the two that some scripts need within words. If the text is valid
// UTF-8, applying Query to the term again must not change it.
func FuzzQuery(f *testing.F) {
	for _, text := range lists {
		f.Add(text)
	}
	f.Add("می\u200cخواهم")
	f.Fuzz(func(t *testing.T, text string) {
		query := people.Query(text)
		if again := people.Query(query); again != query && utf8.ValidString(text) {
			t.Errorf("%+q becomes %+q, and then %+q", text, query, again)
		}
		if strings.ContainsFunc(query, func(r rune) bool {
			return meeting.IsControl(r) || meeting.IsInvisible(r) && !slices.Contains([]rune{'\u200c', '\u200d'}, r)
		}) {
			t.Errorf("%+q becomes %+q", text, query)
		}
	})
}
