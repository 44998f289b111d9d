package views

import "strings"

// letter contains the invitation in every form that a meeting's page needs. The page writes
// it only once, because it is the largest part of the page.
type letter struct {
	title   string // see headline
	blocks  [][]said
	text    string       // the blocks as plain text
	brief   string       // the shortest useful invitation: the join link and the meeting ID
	to      []string     // the addresses of the attendees; see invited
	numbers []joinNumber // see joinNumbers
	mail    string       // see mailto
}

func (d MeetingData) letter(p Page) letter {
	l := letter{
		title: headline(p.T, d.Meeting), blocks: invitation(p.T, d.Meeting, d.zone()), brief: briefInvitation(p.T, d.Meeting),
		to: d.invited(p), numbers: joinNumbers(p.T, d.Meeting),
	}
	l.text = plain(l.blocks)
	l.mail = l.mailto()
	return l
}

// omitsAddresses reports whether the attendees' addresses do not fit into the mailto link.
// The page then has a button that copies them.
func (l letter) omitsAddresses() bool {
	return len(l.to) > 0 && strings.HasPrefix(l.mail, "mailto:?")
}

// addresses returns the attendees' addresses in the format of a mail program's "To" field.
func (l letter) addresses() string { return strings.Join(l.to, "; ") }
