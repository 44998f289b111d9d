package web_test

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
)

// manyMeetings creates about 120 meetings for Priya and Tomás over two weeks, in every state
// and with every origin. The others map lists, for each meeting ID, the people other than
// the organizer who may see the meeting.
func manyMeetings(t *testing.T, s *site) (all []meeting.Meeting, others map[int64][]string) {
	t.Helper()
	others = make(map[int64][]string)
	refused, dropped := emulator.Failure{Status: 403, Code: "Forbidden"}, emulator.Failure{Drop: true, Times: 3}
	atMicrosoft := make(map[int]string) // the join links of meetings that the desk has not recorded, by day
	for _, day := range []int{0, 1, 3, 4, 6, 7, 9, 10} {
		_, atMicrosoft[day] = atGraph(t, s, priya, fmt.Sprintf("THERE-%d", day), "Weekly round")
	}
	n := 0
	for day := range 12 {
		s.SetAhead(time.Duration(day) * 31 * time.Hour)
		b, o := s.signIn(priya), s.signIn(tomas)
		for i := range 10 {
			n++
			who := b
			if i%3 == 2 {
				who = o
			}
			id := fmt.Sprintf("INC%03d", n)
			start := s.now().UTC().Add(time.Duration((n*7919)%200-20) * time.Hour)
			form := s.form("external_id", id, "subject", "Weekly round", "date", start.Format(time.DateOnly), "start", start.Format("15:04"), "end", "", "duration", "30", "time_zone", "UTC", "past", "1", "anyway", "1")
			where := fmt.Sprintf("/meetings/%d", n)
			switch {
			case i == 4 && day%2 == 0:
				s.graph.FailNext(createRoute, refused)
			case i == 5 && day%2 == 0 || i == 8 && day == 3:
				s.graph.FailNext(createRoute, dropped)
			case i == 6 && day%3 == 0:
				form.Set("external_id", fmt.Sprintf("THERE-%d", day)) // the meeting already exists in Graph, so its origin is "found"
			case i == 7 && day%3 == 1:
				b.post("/meetings/adopt", url.Values{"join_url": {atMicrosoft[day]}}).want(200)
				continue
			}
			if p := who.post("/meetings", form).want(200); p.url.Path != where {
				t.Fatalf("meeting %d is at %s:\n%s", n, p.url, p.text())
			}
			switch {
			case i == 9 && day%2 == 1:
				who.post(where+"/remove", nil).want(200, "Removed")
			case i == 2 && day%4 == 0: // Tomás's meeting is handed over to Priya
				b.post(where+"/hand-over", url.Values{"external_id": {id}}).want(200)
				others[int64(n)] = append(others[int64(n)], priya)
			case i == 3 && day == 5: // the meeting is removed in Teams and created again
				s.graph.RemoveMeeting(newest(t, s, id).GraphID)
				n++
				who.post("/meetings", form).want(200, "Created")
			}
		}
	}
	for id := int64(1); id <= int64(n); id++ {
		m, err := s.store.Meeting(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all, others
}

// wanted contains the filters of a list. The test applies them itself, independently of the
// desk's code.
type wanted struct {
	whose               string // a UPN; "" for all people
	state, origin, sort string
	dates               string // "created" to filter by creation time, "" to filter by start time
	from, to            string // days in the person's time zone
	q                   string
}

func (w wanted) path(whose string) string {
	v := url.Values{}
	for name, value := range map[string]string{"whose": whose, "state": w.state, "origin": w.origin, "sort": w.sort, "dates": w.dates, "from": w.from, "to": w.to, "q": w.q} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return "/history?" + v.Encode()
}

// of returns the IDs of the meetings that the list must show, in order.
func (w wanted) of(all []meeting.Meeting, others map[int64][]string, now time.Time, zone *time.Location) (ids []string) {
	began := func(m meeting.Meeting) time.Time { return cmp.Or(m.Start, m.CreatedAt) }
	byStart := w.sort == "start" || w.sort == "" && w.dates == "" && (w.state == "" || w.state == "upcoming" || w.state == "past")
	var list []meeting.Meeting
	for _, m := range all {
		day := m.CreatedAt.In(zone).Format(time.DateOnly)
		if w.dates == "" {
			day = began(m).In(zone).Format(time.DateOnly)
		}
		over := m.End.Before(now)
		is := map[string]bool{
			"": true, "upcoming": m.State == meeting.Live && !over, "past": m.State == meeting.Live && over, "failed": m.State == meeting.Failed,
			"unfinished": m.State == meeting.Unfinished, "removed": m.State == meeting.Removed || m.State == meeting.Replaced,
		}
		if (w.whose == "" || m.Organizer.UPN == w.whose || slices.Contains(others[m.ID], w.whose)) && is[w.state] && (w.origin == "" || string(m.Origin) == w.origin) &&
			(w.from == "" || day >= w.from) && (w.to == "" || day <= w.to) && (w.q == "" || m.Subject == "Weekly round") {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b meeting.Meeting) int {
		if byStart && w.q == "" {
			if c := began(b).Compare(began(a)); c != 0 && w.state == "upcoming" {
				return -c
			} else if c != 0 {
				return c
			}
			if w.state == "upcoming" {
				return cmp.Compare(a.ID, b.ID)
			}
		}
		return cmp.Compare(b.ID, a.ID)
	})
	for _, m := range list {
		ids = append(ids, strconv.FormatInt(m.ID, 10))
	}
	return ids
}

// walk pages through the list to the end and back. It returns the row IDs found in each
// direction, both in the order of the list, and the count in the caption.
func (b *browser) walk(path string) (forward, back []string, count string) {
	b.t.Helper()
	var last *page
	for next := path; next != ""; {
		last = b.get(next).want(200)
		rows := rowIDs(last)
		if forward = append(forward, rows...); len(rows) > 50 {
			b.t.Fatalf("%s: %d rows, want at most 50", next, len(rows))
		}
		if count == "" {
			count = last.doc.Find("table.history caption strong").Text()
		}
		next = last.doc.Find(`a[rel="next"]`).AttrOr("href", "")
	}
	back = rowIDs(last)
	for next := last.doc.Find(`a[rel="prev"]`).AttrOr("href", ""); next != ""; {
		p := b.get(next).want(200)
		back = append(rowIDs(p), back...)
		next = p.doc.Find(`a[rel="prev"]`).AttrOr("href", "")
	}
	return forward, back, count
}
