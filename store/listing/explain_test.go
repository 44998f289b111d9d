package listing

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"meetdesk/meeting"
	"meetdesk/search"
)

// pieces are the strings from which the tests build texts. They exercise the rules for
// spellings, ticket numbers, accents, marks, and scripts without spaces.
var pieces = []string{
	" ", " ", " ", "-", ".", "'", "’", "/", "@", "&", "_", "~2", "#", "…", "\u200b", "\u0301", "\u0305", "a", "b", "ana", "anag", "Wi-Fi", "wifi", "O’Sullivan", "osullivan", "Müller", "mueller", "muller", "Straße", "é", "e\u0301", "ø", "ς", "Σ", "ё", "й",
	"1", "2", "12", "123", "٣", "１", "INC", "inc", "INC12", "inc-12", "INC-123", "/INC12", "INC 12", "inc_1", "x.y", "example", "contoso.example", "会議", "議", "が", "か", "カー", "회의", "ประชุม", "ที่", "हिन्दी", "हि", "न", "שָׁלוֹם", "می\u200cخواهم", "😀", "₿", "𞤀𞥄", "⹀", "antidisestablishment",
}

// A search finds a meeting if and only if Query.Explain reports a match, with or without
// the full-text index.
func TestSearchFindsWhatTheQueryExplains(t *testing.T) {
	l := openWithTwo(t, 6)
	found, missed := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		texts := drawMeetings(rt, t, l)
		all, err := l.History(t.Context(), Criteria{Everyone: true, Limit: 100})
		if err != nil {
			rt.Fatal(err)
		}
		attendees, err := l.AttendeesOf(t.Context(), Criteria{Everyone: true}, idsOf(all.Rows))
		if err != nil {
			rt.Fatal(err)
		}
		for range 20 {
			typed := drawTyped(rt, texts)
			if typed == "" {
				continue
			}
			page, err := l.History(t.Context(), Criteria{Everyone: true, Text: typed, Deep: true, Limit: 100})
			if err != nil {
				rt.Fatal(err)
			}
			matches := idsOf(page.Rows)
			each, err := l.History(t.Context(), Criteria{Everyone: true, Text: typed, EachWord: true, Order: ByStart, Dates: ByStart, Limit: 100})
			if err != nil {
				rt.Fatal(err)
			}
			if compared := idsOf(each.Rows); !slices.Equal(slices.Sorted(slices.Values(compared)), slices.Sorted(slices.Values(matches))) {
				rt.Fatalf("%q finds the meetings %d in the index, and %d when each is compared", typed, matches, compared)
			}
			query := search.Parse(typed)
			for _, m := range all.Rows {
				finds := slices.Contains(matches, m.ID)
				if finds {
					found++
				} else {
					missed++
				}
				reasons, explains := query.Explain(m, attendees[m.ID])
				if finds != explains || finds && len(reasons) == 0 {
					rt.Fatalf("%q finds meeting %+q of %q <%s> with %+q: %v, but the query explains it: %v, %v\n%+v",
						typed, []string{m.ExternalID, m.Subject}, m.Organizer, m.OrganizerUPN, attendees[m.ID], finds, explains, reasons, query)
				}
			}
		}
	})
	if found < 100 || missed < 100 {
		t.Errorf("%d meetings found and %d not: the test compares too little", found, missed)
	}
}

// drawMeetings gives the meetings random texts and indexes them. It returns texts to search
// for: the random ones and some that are derived from them.
func drawMeetings(rt *rapid.T, t *testing.T, l testLists) (texts []string) {
	text := rapid.Map(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.SampledFrom(pieces), rapid.String()), 0, 4), func(p []string) string {
		return strings.ReplaceAll(strings.Join(p, ""), "\x00", "") // SQLite's functions would treat a NUL as the end of the text
	})
	l.transact(t, func(l testLists) { texts = drawInto(rt, t, l, text) })
	return texts
}

func drawInto(rt *rapid.T, t *testing.T, l testLists, text *rapid.Generator[string]) (texts []string) {
	name, upn := rapid.OneOf(rapid.Just(""), text).Draw(rt, "organizer"), "x"+text.Draw(rt, "organizer's UPN")
	l.exec(t, `UPDATE users SET name = $1, upn = $2 WHERE id = 1`, name, upn)
	l.exec(t, `DELETE FROM attendees`)
	texts = append(texts, name+" "+upn, upn+"."+upn)
	for id := 1; id <= 6; id++ {
		externalID, subject := text.Draw(rt, "external ID"), text.Draw(rt, "subject")
		key := meeting.TicketKey(externalID)
		l.exec(t, `UPDATE meetings SET external_id = $2, ticket_key = nullif($3, ''), subject = $4
			WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM meetings o WHERE o.id <> $1 AND o.organizer_id = meetings.organizer_id AND o.external_id = $2)`, id, externalID, key, subject)
		texts = append(texts, externalID, key, strings.ReplaceAll(externalID, "-", ""), subject)
		for n := range rapid.IntRange(0, 3).Draw(rt, "attendees") {
			name, upn := text.Draw(rt, "name"), text.Draw(rt, "UPN")
			l.exec(t, `INSERT INTO attendees (meeting_id, position, name, upn) VALUES ($1, $2, $3, $4)`, id, n, name, upn)
			texts = append(texts, name, texts[len(texts)-1]+"."+name, upn)
		}
		l.reindex(t, id, id)
	}
	return texts
}

// drawTyped draws a search text from the given texts and the pieces. It may shorten the
// text or add something to it.
func drawTyped(rt *rapid.T, texts []string) string {
	text := []rune(rapid.OneOf(rapid.SampledFrom(texts), rapid.SampledFrom(texts), rapid.SampledFrom(pieces)).Draw(rt, "typed"))
	switch rapid.IntRange(0, 5).Draw(rt, "as") {
	case 0:
		return string(text[:rapid.IntRange(0, len(text)).Draw(rt, "to")])
	case 1:
		return string(text[rapid.IntRange(0, len(text)).Draw(rt, "from"):])
	case 2:
		return string(text) + " " + rapid.SampledFrom(pieces).Draw(rt, "and")
	case 3:
		return "\x00" + string(text)
	}
	return string(text)
}
