package people

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"meetdesk/meeting"
)

// Limits for pasted text. Somebody may paste a whole page by mistake, with thousands of
// bad lines.
const (
	maxProblems = 10   // bad lines that Parse reports
	maxPeople   = 1000 // different people; more than Graph returns for a meeting
	maxEntries  = 5000 // people, including repeated ones
)

// Parse reads the attendee field. A line has one person, or several in the format of mail
// programs, spreadsheets and the desk's own pages. Somebody who is named twice is
// returned once. The problems name the first lines that cannot be read, and the character
// at fault. Parse does not guess: it refuses text that can be read in two ways. It stops
// when a limit is exceeded: maxProblems, maxPeople or maxEntries. current lists the
// people who are already in the meeting. Parse accepts their lines, as Lines writes them,
// even if it would otherwise refuse their addresses.
func Parse(text string, current ...meeting.Attendee) (list []meeting.Attendee, problems meeting.Problems) {
	l := newList(current)
	if rest := l.readText(text); rest == "" && len(l.people) > meeting.MaxAttendees {
		l.problems.Add(meeting.FieldAttendees, meeting.ReasonAttendeesMany, meeting.Args{"Max": meeting.MaxAttendees, "Count": len(l.people)})
	}
	return l.people, l.problems
}

func newList(current []meeting.Attendee) *attendeeList {
	l := &attendeeList{seen: make(map[string]int), current: make(map[string]meeting.Attendee), last: -1}
	for _, a := range current {
		l.current[peopleLine(Line(a))] = meeting.Attendee{UPN: a.UPN, Name: a.Name, Role: a.Role}
	}
	return l
}

// readText reads the text. If a limit is exceeded, it stops and returns the rest of the
// text, including a name whose address would be on the next line.
func (l *attendeeList) readText(text string) (rest string) {
	for text != "" {
		line, after := text, ""
		if end := strings.IndexFunc(text, isLineEnd); end >= 0 {
			_, size := utf8.DecodeRuneInString(text[end:])
			line, after = text[:end], text[end+size:]
		}
		waiting := l.name
		if !l.readLine(peopleLine(line)) {
			return meeting.Trim(waiting + "\n" + text)
		}
		text = after
	}
	if l.name != "" {
		l.refuse(l.name, Flaw{})
	}
	return ""
}

// attendeeList is a list of people that is read line by line.
type attendeeList struct {
	people   []meeting.Attendee
	problems meeting.Problems
	entries  []Entry
	seen     map[string]int              // the position in people, by lower-case address
	current  map[string]meeting.Attendee // by line
	name     string                      // the last line if it had no address, because the address may be on the next line
	read     int                         // the number of people read, counting repeated ones
	last     int                         // the index of the person on the last line, or -1
}

// readLine reads one line. It returns false if Parse must stop.
func (l *attendeeList) readLine(line string) bool {
	if known, ok := l.current[line]; ok && l.name == "" {
		return l.add(known)
	}
	if !strings.ContainsFunc(line, meeting.IsLetterOrDigit) {
		return true
	}
	if !strings.Contains(line, "@") && !strings.Contains(line, "mailto:") {
		rest, role := cutTags(line)
		if rest == "" && l.last >= 0 { // some pages show each part on a line of its own
			l.people[l.last].Role = cmp.Or(role, l.people[l.last].Role)
			return true
		}
		waiting := l.name
		l.name, l.last = line, -1
		return waiting == "" || l.refuse(waiting, Flaw{})
	}
	l.last = -1
	for entry := range splitPeople(line) {
		if !l.readPerson(entry) {
			return false
		}
	}
	return true
}

// readPerson adds the person or people that the text names. It returns false if Parse
// must stop.
func (l *attendeeList) readPerson(text string) bool {
	e := readEntry(text)
	a, _, ok := e.person()
	if name := l.name; name != "" {
		l.name = ""
		if ok && a.Name == "" && (e.inAngles || isNameOf(name, a.UPN)) {
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

// add adds a person. It returns false if Parse must stop.
func (l *attendeeList) add(a meeting.Attendee) bool {
	key := strings.ToLower(a.UPN)
	at, isRepeated := l.seen[key]
	switch l.read++; {
	case l.read > maxEntries:
		l.problems.Add(meeting.FieldAttendees, meeting.ReasonAttendeesFar, meeting.Args{"Max": meeting.MaxAttendees, "Count": maxEntries})
		return false
	case isRepeated:
		l.last = at
		return true
	case len(l.people) == maxPeople:
		l.problems.Add(meeting.FieldAttendees, meeting.ReasonAttendeesFar, meeting.Args{"Max": meeting.MaxAttendees, "Count": maxPeople})
		return false
	}
	l.last = len(l.people)
	l.seen[key] = l.last
	l.people = append(l.people, a)
	l.entries = append(l.entries, Entry{person: l.last})
	return true
}

// refuse adds a problem for a line. It returns false if Parse must stop.
func (l *attendeeList) refuse(line string, flaw Flaw) bool {
	if len(l.problems) == maxProblems {
		l.problems.Add(meeting.FieldAttendees, meeting.ReasonAttendeesLines, nil)
		return false
	}
	key, args := meeting.ReasonAttendeesLine, meeting.Args{"Line": meeting.Shorten(line, 80)}
	if flaw.Char != 0 {
		key = flaw.Reason()
		args["Char"], args["Code"], args["After"], args["Like"] = string(flaw.Char), flaw.Code(), flaw.Before(), flaw.Like
	}
	l.problems.Add(meeting.FieldAttendees, key, args)
	l.entries = append(l.entries, Entry{Text: line, Problem: l.problems[len(l.problems)-1]})
	return true
}

// isNameOf reports whether the line above an address is likely to be the name of the
// address's owner. It is if the part before the "@" contains a word of the line.
// Otherwise, the line may be another person, entered without an address.
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

// maxNameWords is the maximum number of words that isNameOf looks for in an address.
const maxNameWords = 16
