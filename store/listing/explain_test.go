package listing

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"meetdesk/meeting"
	"meetdesk/search"
)

// pieces are parts of words in which the rules of matching differ: spellings, ticket
// numbers, accents, marks, and scripts without spaces.
var pieces = []string{
	" ", " ", " ", "-", ".", "'", "’", "/", "@", "&", "_", "~2", "#", "…", "\u200b", "\u0301", "\u0305", "a", "b", "ana", "anag", "Wi-Fi", "wifi", "O’Sullivan", "osullivan", "Müller", "mueller", "muller", "Straße", "é", "e\u0301", "ø", "ς", "Σ", "ё", "й",
	"1", "2", "12", "123", "٣", "１", "INC", "inc", "INC12", "inc-12", "x.y", "example", "contoso.example", "会議", "議", "が", "か", "カー", "회의", "ประชุม", "ที่", "हिन्दी", "हि", "न", "שָׁלוֹם", "می\u200cخواهم", "😀", "₿", "𞤀𞥄", "⹀", "antidisestablishment",
}

// A query finds a meeting if and only if it explains why.
func TestSearchFindsWhatTheQueryExplains(t *testing.T) {
	const meetings = 8
	l := openWithTwo(t, meetings)
	ctx := t.Context()
	text := rapid.Map(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.SampledFrom(pieces), rapid.String()), 0, 6), func(p []string) string {
		return strings.ReplaceAll(strings.Join(p, ""), "\x00", "") // where SQLite's functions end a text
	})
	found := 0
	rapid.Check(t, func(rt *rapid.T) {
		l.exec(t, `BEGIN`)
		name, upn := text.Draw(rt, "organizer"), "x"+text.Draw(rt, "organizer's UPN")
		l.exec(t, `UPDATE users SET name = $1, upn = $2 WHERE id = 1`, name, upn)
		words := []string{name, upn}
		for id := 1; id <= meetings; id++ {
			externalID, subject := text.Draw(rt, "external ID"), text.Draw(rt, "subject")
			l.exec(t, `UPDATE OR IGNORE meetings SET external_id = $2, ticket_key = nullif($3, ''), subject = $4 WHERE id = $1`, id, externalID, meeting.TicketKey(externalID), subject)
			l.exec(t, `DELETE FROM attendees WHERE meeting_id = $1`, id)
			words = append(words, externalID, subject)
			for n := range rapid.IntRange(0, 3).Draw(rt, "attendees") {
				name, upn := text.Draw(rt, "name"), text.Draw(rt, "UPN")
				l.exec(t, `INSERT INTO attendees (meeting_id, position, name, upn) VALUES ($1, $2, $3, $4)`, id, n, name, upn)
				words = append(words, name, upn, name+" "+upn)
			}
			l.reindex(t, id, id)
		}
		l.exec(t, `COMMIT`)
		typed := rapid.OneOf(text, rapid.SampledFrom(words), rapid.Custom(func(rt *rapid.T) string {
			runes := []rune(rapid.SampledFrom(words).Draw(rt, "of"))
			from := rapid.IntRange(0, len(runes)).Draw(rt, "from")
			return string(runes[from:rapid.IntRange(from, len(runes)).Draw(rt, "to")])
		})).Draw(rt, "typed")
		wasFound := make(map[int64]bool)
		page, err := l.History(ctx, Criteria{Everyone: true, Text: typed, Deep: typed != "", Limit: meetings})
		if err != nil {
			rt.Fatal(err)
		}
		for _, m := range page.Rows {
			wasFound[m.ID] = typed != ""
		}
		found += len(wasFound)
		all, err := l.History(ctx, Criteria{Everyone: true, Limit: meetings})
		if err != nil || len(all.Rows) != meetings {
			rt.Fatal(len(all.Rows), err)
		}
		attendees, err := l.AttendeesOf(ctx, Criteria{Everyone: true}, idsOf(all.Rows))
		if err != nil {
			rt.Fatal(err)
		}
		query := search.Parse(typed)
		for _, m := range all.Rows {
			reasons, ok := query.Explain(m, attendees[m.ID])
			if ok != wasFound[m.ID] || ok && len(reasons) == 0 {
				rt.Fatalf("%q finds %q, %q, %q: %v; the query gives %v, %v\n%+v", typed, m.ExternalID, m.Subject, attendees[m.ID], wasFound[m.ID], ok, reasons, query)
			}
		}
	})
	if found == 0 {
		t.Error("nothing was found")
	}
}
