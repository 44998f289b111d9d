package search_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/search"
)

// pasted contains examples of every kind of text that Recognize distinguishes.
var pasted = []string{
	"19:meeting_@0",
	"INC0012345", "inc-0012345~2", "RE: FW: [INC 0012345] printer", "ＩＮＣ００１２３", "Priya Nair <priya@contoso.example>", "tomas@contoso.example",
	join, "<" + safe(join) + ">", dialIn, chat, channel, light(context), "https://teams.microsoft.com/meet/2345678901234?p=Xa1b2",
	"Meeting ID: 234 567 890 123 4\nPasscode: aB3xY9", "Phone Conference ID: 123 456 789#", "VC ID: 1234567890",
	request, "request-id: " + request, oid + "_" + chat, "Thu 3 Dec 14:00 printer", "fall 2026", "1,234,567", "ticket no. 4711", "会議 123", "=?utf-8?q?x?=", "%2525%2540", "\u202eINC1", "\x00",
}

func addAll(f *testing.F, texts []string) {
	for _, text := range texts {
		f.Add(text)
	}
}

var identifiers = map[string]*regexp.Regexp{
	"digits":  regexp.MustCompile(`^[0-9]+$`),
	"GUID":    regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`),
	"GraphID": regexp.MustCompile(`^[A-Za-z0-9+/=_.:@-]+$`),
}

// FuzzRecognize asserts that identifiers are well-formed and that their lists are short
// and free of duplicates. Applying Recognize to the resulting Text must give the same
// result.
func FuzzRecognize(f *testing.F) {
	addAll(f, pasted)
	rule := meeting.TicketRule{Pattern: regexp.MustCompile(`^[A-Z]{2,5}-?\d{3,9}$`)}
	f.Fuzz(func(t *testing.T, text string) {
		in := search.Recognize(text, people.OnlyAddress)
		for _, ids := range []struct {
			format string
			list   []string
		}{{"digits", in.MeetingIDs}, {"digits", in.ConferenceIDs}, {"digits", in.VideoIDs}, {"GUID", in.RequestIDs}, {"GraphID", in.GraphIDs}} {
			for i, id := range ids.list {
				if i >= 8 || slices.Contains(ids.list[:i], id) || !identifiers[ids.format].MatchString(id) {
					t.Errorf("%q is not %s, is repeated or is one too many: %q", id, ids.format, ids.list)
				}
			}
		}
		for _, thread := range in.Threads {
			if !strings.HasPrefix(thread.ID, "19:") || len(thread.ID) > meeting.MaxThreadID || strings.ContainsFunc(thread.ID, unicode.IsSpace) {
				t.Errorf("thread %q", thread.ID)
			}
			_ = thread.LostCase() // must not panic
		}
		if in.Kind == search.KindAddress {
			if address, _, ok := people.ReadAddress(in.Text); !ok || address != in.Text {
				t.Errorf("%q is no address", in.Text)
			}
		}
		if again := search.Recognize(in.Text, people.OnlyAddress); utf8.ValidString(text) && !reflect.DeepEqual(again, in) {
			t.Errorf("%+q is recognized as\n%+v, and what it shows as\n%+v", text, in, again)
		}
		for _, ticket := range slices.Concat(in.Tickets(meeting.TicketRule{}), in.Tickets(rule)) {
			if !strings.ContainsFunc(ticket, meeting.IsLetterOrDigit) {
				t.Errorf("ticket %q", ticket)
			}
		}
	})
}

// FuzzParse asserts that a query has at most MaxTerms terms and no operators, and that it
// finds a meeting whose subject is the text of the query.
func FuzzParse(f *testing.F) {
	addAll(f, pasted)
	addAll(f, []string{"a OR b", `"x" NEAR y*`, "Straße Müller ς", "o'brien", "e\u0301", "a-b-c-d", "antidisestablishmentarianism", "ประชุม"})
	f.Fuzz(func(t *testing.T, text string) {
		q := search.Parse(text)
		tokens := 0
		for _, term := range append(slices.Clone(q.Terms), q.Ticket) {
			for _, phrase := range term {
				for _, token := range phrase.Tokens {
					tokens++
					if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= unicode.MaxASCII && !meeting.IsLetterOrDigit(r) || unicode.IsSpace(r) }) {
						t.Errorf("token %q of %q", token, text)
					}
				}
			}
		}
		if len(q.Terms) > search.MaxTerms || tokens > 40*utf8.RuneCountInString(text)+40 {
			t.Errorf("%d terms with %d tokens from %q", len(q.Terms), tokens, text)
		}
		reasons, ok := q.Explain(meeting.Listed{Subject: text}, nil)
		if !ok && !q.IsEmpty() && utf8.ValidString(text) {
			t.Errorf("%+q does not find itself: %+v, %v", text, q, reasons)
		}
	})
}

var boundaries = regexp.MustCompile("\u200b+")

// FuzzFold asserts that folded text contains no invisible characters except word
// boundaries. Folding it again may only repeat or merge word boundaries.
func FuzzFold(f *testing.F) {
	addAll(f, pasted)
	addAll(f, []string{"ŁÓDŹ ǿ ǽ", "Ǆ ﬁ ㎏", "שָׁלוֹם", "ё Й", "٣ १", "회의", "\u00adsoft", "ʼn", "İ"})
	f.Fuzz(func(t *testing.T, text string) {
		folded := search.Fold(text)
		once := func(text string) string { return boundaries.ReplaceAllString(text, "\u200b") }
		if again := search.Fold(folded); utf8.ValidString(text) && once(again) != once(folded) {
			t.Errorf("%+q becomes %+q, and then %+q", text, folded, again)
		}
		if i := strings.IndexFunc(folded, func(r rune) bool { return unicode.Is(unicode.Cf, r) && r != '\u200b' }); i >= 0 && utf8.ValidString(text) {
			t.Errorf("%+q becomes %+q with an invisible character", text, folded)
		}
		if !strings.HasPrefix(search.IndexText(text), folded) {
			t.Errorf("the index has %+q for %+q", search.IndexText(text), folded)
		}
	})
}

var teamsHost = regexp.MustCompile(`(?i)^https://([a-z0-9-]+\.)*teams\.(microsoft\.(com|us)|live\.com|cloud\.microsoft)/[^\s<>"]*$`)

// FuzzJoinLink asserts that JoinLink returns a link to Teams or the text itself. Applying
// JoinLink to that link, alone or within other text, must return the link unchanged.
func FuzzJoinLink(f *testing.F) {
	addAll(f, pasted)
	f.Add("Join: <" + safe(safe(join)) + ">\nfoo")
	f.Fuzz(func(t *testing.T, text string) {
		link := search.JoinLink(text)
		if link == text {
			return
		}
		if !teamsHost.MatchString(link) || search.JoinLink(link) != link {
			t.Errorf("%q has the link %q, and that has %q", text, link, search.JoinLink(link))
		}
		if around := search.JoinLink("Join here:\n" + link + " \nsee you"); around != link {
			t.Errorf("%q becomes %q in a text", link, around)
		}
		d := search.WithLinkIDs(meeting.Details{JoinURL: link})
		if d.ThreadID != search.ThreadID(link) || d.JoinMeetingID != search.MeetingID(link) || strings.Trim(d.JoinMeetingID, "0123456789") != "" {
			t.Errorf("%q has thread %q and meeting ID %q", link, d.ThreadID, d.JoinMeetingID)
		}
	})
}

// FuzzFindDay asserts that a date returned by FindDay is at midnight UTC, and is either near
// today or in the years 2000 to 2199. The remaining words must keep their order.
func FuzzFindDay(f *testing.F) {
	for _, text := range []string{"Thu 3 Dec 14:00 printer", "26.11.2026", "11/12", "next Monday", "ontem impressora", "29 Feb", "2026-11-26 INC1", "3 de dezembro de 2026", "31.2.", "am 3. März", "segunda-feira passada", "明日"} {
		f.Add(text, int64(1795651200), true)
		f.Add(text, int64(0), false)
	}
	f.Fuzz(func(t *testing.T, text string, now int64, monthFirst bool) {
		today := time.Unix(now%(1<<33), 0).UTC()
		d, ok := search.FindDay(text, today, monthFirst)
		if !ok {
			if !reflect.DeepEqual(d, search.Day{}) {
				t.Errorf("no day in %q, but %+v", text, d)
			}
			return
		}
		for _, date := range []time.Time{d.Date, d.Other} {
			isNear := date.Sub(today).Abs() < 5*366*24*time.Hour
			if !date.IsZero() && (date != date.Truncate(24*time.Hour) || !isNear && (date.Year() < 2000 || date.Year() > 2199)) {
				t.Errorf("%q on %v names %v", text, today, date)
			}
		}
		if d.Date.IsZero() || d.Date.Equal(d.Other) {
			t.Errorf("%q names %v and %v", text, d.Date, d.Other)
		}
		left := strings.Fields(text)
		for _, word := range strings.Fields(d.Words) {
			i := slices.Index(left, word)
			if i < 0 {
				t.Fatalf("%q leaves %q", text, d.Words)
			}
			left = left[i+1:]
		}
		if len(left) == 0 && len(strings.Fields(d.Words)) == len(strings.Fields(text)) {
			t.Errorf("%q names a day in no word: %+v", text, d)
		}
		written, _ := search.FindDay(d.Date.Format(time.DateOnly), today, monthFirst)
		if y := d.Date.Year(); y >= 2000 && y <= 2199 && !written.Date.Equal(d.Date) {
			t.Errorf("%v is read as %v", d.Date, written.Date)
		}
	})
}

// FuzzGuesses asserts that MayMean accepts the text from which a guess was derived. It must
// also accept that text for a guess derived from the bare number with leading zeros.
func FuzzGuesses(f *testing.F) {
	addAll(f, []string{"12322", "INC12322", "inc 0012322", "1", "٣٣٣", "INC-1-2", "0000", "ab12cd"})
	f.Fuzz(func(t *testing.T, text string) {
		for _, guess := range search.Guesses([]string{text, text}) {
			if strings.Trim(guess.Number, "0123456789") != "" || strings.HasPrefix(guess.Number, "0") || !guess.MayMean(text) {
				t.Errorf("%q is short for %+v, which does not mean it", text, guess)
			}
			if plain := "000" + guess.Number; len(search.Guesses([]string{plain})) == 1 && !search.Guesses([]string{plain})[0].MayMean(text) {
				t.Errorf("%q does not mean %q", plain, text)
			}
		}
	})
}
