package views

import (
	"strconv"

	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// joinNumber is a number or passcode for joining the meeting, as it is shown and copied.
type joinNumber struct{ id, what, value string }

// joinNumbers returns the meeting ID, the passcode, the main dial-in numbers and the
// conference ID, omitting those that Microsoft did not provide.
func joinNumbers(p locale.Printer, m meeting.Meeting) (list []joinNumber) {
	for _, n := range []struct{ id, key, value string }{
		{"meeting_id", "fact.meeting_id", groupDigits(m.JoinMeetingID)},
		{"passcode", "fact.passcode", m.Passcode},
		{"phone", "fact.phone", m.TollNumber},
		{"phone_free", "share.phone_free", m.TollFreeNumber},
		{"conference_id", "share.conference_id", conferenceID(m.ConferenceID)},
	} {
		if n.value != "" {
			list = append(list, joinNumber{id: "number-" + n.id, what: p.T(n.key), value: n.value})
		}
	}
	return list
}

// furtherPhones returns the dial-in numbers other than those in joinNumbers.
func furtherPhones(p locale.Printer, m meeting.Meeting) (list []joinNumber) {
	for what, numbers := range [][]string{m.MoreTolls, m.MoreTollFrees} {
		for _, number := range numbers {
			key := []string{"fact.phone", "share.phone_free"}[what]
			list = append(list, joinNumber{id: "phone-" + strconv.Itoa(len(list)+1), what: p.T(key), value: number})
		}
	}
	return list
}

// numbersText returns the numbers as text, one number per line, to be copied.
func numbersText(numbers []joinNumber) (text string) {
	for _, n := range numbers {
		text += said{what: n.what, value: meeting.OneLine(n.value)}.text() + "\n"
	}
	return text
}

func copyPart(p Page, n joinNumber) ui.CopyProps {
	props := copyProps(p, n.id, p.T.T("copy.one"), "small")
	props.Of = n.what
	return props
}

// optionsURL returns the URL of the meeting's options in Teams. It is "" for readers who
// have only the invitation kit.
func (d MeetingData) optionsURL() string {
	if d.KitOnly {
		return ""
	}
	return d.Meeting.OptionsURL
}
