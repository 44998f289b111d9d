package views

import (
	"html"
	"strings"
	"time"
)

// maxCalendarLink is the maximum length, in bytes, of a link to a calendar service. Some
// browsers and proxies truncate longer URLs, and the link may have to pass through the
// sign-in pages of Outlook or Google.
const maxCalendarLink = 2000

// outlookLink returns a link that opens a prefilled entry in Outlook on the web. Outlook
// interprets the body as HTML and does not decode "+" as a space.
func (d MeetingData) outlookLink(l letter) string {
	start, end := d.entryTimes()
	return d.calendarLink(l, calendarService{
		address: "https://outlook.office.com/calendar/deeplink/compose?path=%2Fcalendar%2Faction%2Fcompose&rru=addevent" +
			"&startdt=" + queryEscape(start.Format(time.RFC3339)) + "&enddt=" + queryEscape(end.Format(time.RFC3339)),
		subject: "subject", body: "body", people: "to",
		write: func(text string) string { return strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") },
	})
}

func (d MeetingData) googleLink(l letter) string {
	const layout = "20060102T150405Z"
	start, end := d.entryTimes()
	address := "https://calendar.google.com/calendar/render?action=TEMPLATE&dates=" + start.Format(layout) + "%2F" + end.Format(layout)
	if zone := d.zone().String(); zone != "UTC" {
		address += "&ctz=" + queryEscape(zone)
	}
	return d.calendarLink(l, calendarService{
		address: address, subject: "text", body: "details", people: "add",
		write: func(text string) string { return text },
	})
}

// calendarService describes the URLs of a calendar service. Its address already contains
// the times, and its write function converts the body. The other fields are parameter
// names.
type calendarService struct {
	address, subject, body, people string
	write                          func(text string) string
}

// calendarLink returns a URL that opens a prefilled entry in the calendar service. If the
// URL is too long, calendarLink shortens the body, omits the attendees, or does both. If
// that is not enough, it also omits the place and, as a last resort, the body.
func (d MeetingData) calendarLink(l letter, s calendarService) string {
	address := s.address + "&" + s.subject + "=" + mailtoSubject(l.title)
	place := "&location=" + queryEscape(d.Meeting.JoinURL)
	people := ""
	if len(l.to) > 0 {
		people = "&" + s.people + "=" + queryEscape(strings.Join(l.to, ","))
	}
	long, short := "&"+s.body+"="+queryEscape(s.write(l.text)), "&"+s.body+"="+queryEscape(s.write(l.brief))
	for _, rest := range []string{long + place + people, short + place + people, long + place, short + place, short} {
		if len(address)+len(rest) <= maxCalendarLink {
			return address + rest
		}
	}
	return address
}

// entryTimes returns the start and end of the calendar entry in UTC, to the second. If the
// meeting's end is missing or is not after the start, the entry lasts half an hour.
func (d MeetingData) entryTimes() (start, end time.Time) {
	start, end = d.Meeting.Start.UTC().Truncate(time.Second), d.Meeting.End.UTC().Truncate(time.Second)
	if !end.After(start) {
		end = start.Add(30 * time.Minute)
	}
	return start, end
}
