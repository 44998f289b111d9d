package people

import (
	"cmp"
	"strings"

	"meetdesk/meeting"
)

// How much of a pasted text is read. A whole page that is pasted by mistake has
// thousands of bad lines.
const (
	shownLines = 10   // bad lines that are named; reading stops at the next one
	mostPeople = 1000 // people after whom reading stops: more than Graph returns of one meeting
	mostRead   = 5000 // the same where they repeat
)

// Parse reads the form's field: one person a line, or several as mail programs,
// spreadsheets and the desk's own pages write them; see peopleLine, splitPeople and
// entry. A person who is named twice is kept once. Problems name the first lines that
// cannot be read, and the character at fault. Text that can be read in two ways is
// refused, not guessed. Reading stops at shownLines and mostPeople. there are the people
// already on the meeting's list: their lines, as Lines writes them, are accepted
// whatever their addresses are.
func Parse(text string, there ...meeting.Attendee) (list []meeting.Attendee, problems meeting.Problems) {
	l := attendeeList{seen: make(map[string]int), there: make(map[string]meeting.Attendee), last: -1}
	for _, a := range there {
		l.there[peopleLine(Line(a))] = meeting.Attendee{UPN: a.UPN, Name: a.Name, Role: a.Role}
	}
	for line := range strings.FieldsFuncSeq(text, isLineEnd) {
		if !l.readLine(peopleLine(line)) {
			return l.people, l.problems
		}
	}
	if l.name != "" {
		l.refuse(l.name, Flaw{})
	}
	if len(l.people) > meeting.MaxAttendees {
		l.problems.Add(meeting.FieldAttendees, meeting.ReasonAttendeesMany, meeting.Args{"Max": meeting.MaxAttendees, "Count": len(l.people)})
	}
	return l.people, l.problems
}

// attendeeList is a list that grows line by line.
type attendeeList struct {
	people   []meeting.Attendee
	problems meeting.Problems
	seen     map[string]int // position by address in lower case
	there    map[string]meeting.Attendee
	name     string // of a line without an address: the next one may have it
	read     int    // how many were read, those twice on the list too
	last     int    // position of the person whom the line before names, or -1
}

// readLine reads one line and reports whether to go on.
func (l *attendeeList) readLine(line string) bool {
	if known, ok := l.there[line]; ok && l.name == "" {
		return l.add(known)
	}
	if !strings.ContainsFunc(line, meeting.IsLetterOrDigit) {
		return true
	}
	if !strings.Contains(line, "@") && !strings.Contains(line, "mailto:") {
		rest, role := cutTags(line)
		if rest == "" && l.last >= 0 { // a page where each part has a line of its own was copied
			l.people[l.last].Role = cmp.Or(role, l.people[l.last].Role)
			return true
		}
		waiting := l.name
		l.name, l.last = line, -1
		return waiting == "" || l.refuse(waiting, Flaw{})
	}
	l.last = -1
	for one := range splitPeople(line) {
		if !l.readOne(one) {
			return false
		}
	}
	return true
}

// readOne adds whom one entry names, and reports whether to go on.
func (l *attendeeList) readOne(text string) bool {
	e := readEntry(text)
	a, _, ok := e.person()
	if name := l.name; name != "" {
		l.name = ""
		if ok && a.Name == "" && (e.isSet || isNameOf(name, a.UPN)) {
			a.Name = cleanName(name)
		} else if !l.refuse(name, Flaw{}) {
			return false
		}
	}
	if ok {
		return l.add(a)
	}
	if !e.isAddresses() {
		return l.refuse(text, e.flaw)
	}
	for _, address := range e.addresses {
		if !l.add(meeting.Attendee{UPN: address}) {
			return false
		}
	}
	return true
}

func (l *attendeeList) add(a meeting.Attendee) bool {
	key := strings.ToLower(a.UPN)
	at, twice := l.seen[key]
	switch l.read++; {
	case l.read > mostRead:
		l.problems.Add(meeting.FieldAttendees, meeting.ReasonAttendeesFar, meeting.Args{"Max": meeting.MaxAttendees, "Count": mostRead})
		return false
	case twice:
		l.last = at
		return true
	case len(l.people) == mostPeople:
		l.problems.Add(meeting.FieldAttendees, meeting.ReasonAttendeesFar, meeting.Args{"Max": meeting.MaxAttendees, "Count": mostPeople})
		return false
	}
	l.last = len(l.people)
	l.seen[key] = l.last
	l.people = append(l.people, a)
	return true
}

// refuse names a line that cannot be read, and reports whether to go on.
func (l *attendeeList) refuse(line string, flaw Flaw) bool {
	if len(l.problems) == shownLines {
		l.problems.Add(meeting.FieldAttendees, meeting.ReasonAttendeesLines, nil)
		return false
	}
	key, args := meeting.ReasonAttendeesLine, meeting.Args{"Line": meeting.Shorten(line, 80)}
	if flaw.Char != 0 {
		key = flaw.Reason()
		args["Char"], args["Code"], args["After"], args["Like"] = string(flaw.Char), flaw.Code(), flaw.Before(), flaw.Like
	}
	l.problems.Add(meeting.FieldAttendees, key, args)
	return true
}

// isNameOf reports whether the line above an address can be the name of the address's
// owner: a word of the line begins a part of the address. Otherwise the line may be
// another person, typed without an address.
func isNameOf(name, address string) bool {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r < 'a' || r > 'z' })
	for _, word := range words[:min(len(words), maxNameWords)] {
		if len(word) >= 3 && strings.Contains(local, word) {
			return true
		}
	}
	return false
}

// maxNameWords is how many words of a line isNameOf compares.
const maxNameWords = 16
