package people

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"meetdesk/meeting"
)

// Limits for pasted text, in case somebody pastes a whole page by mistake.
const (
	maxProblems = 10   // maximum number of bad lines that Parse reports
	maxPeople   = 1000 // maximum number of different people; Graph returns fewer for a meeting
	maxEntries  = 5000 // maximum number of people, counting repeated ones
)

// Parse reads the attendee field. It understands the formats of mail programs, spreadsheets
// and the desk's own pages, and returns each person only once.
//
// The problems name the first lines that cannot be read and the offending characters.
// Parse refuses ambiguous text. It stops at the limits maxProblems, maxPeople and
// maxEntries.
//
// The parameter current lists the people in the meeting. Parse accepts the lines that
// Lines writes for these people, even if it would otherwise refuse their addresses.
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
		line, _ := peopleLine(Line(meeting.Attendee{UPN: a.UPN, Name: a.Name}, nil))
		known := meeting.Attendee{UPN: a.UPN, Name: a.Name}
		if !a.Role.InForm() {
			known.Role = a.Role // the form cannot show this role
		}
		l.current[line] = known
	}
	return l
}

// readText adds the people in the text to the list. If it stops at a limit, it returns the
// rest of the text, including a preceding name whose address may follow.
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
		l.refuse(l.name, nil)
	}
	return ""
}

type attendeeList struct {
	people   []meeting.Attendee
	problems meeting.Problems
	entries  []Entry
	seen     map[string]int              // maps a lower-case address to the position of the person in people
	current  map[string]meeting.Attendee // maps the line for a person in the meeting, without the role, to that person
	name     string                      // the last line if it was only a name; the address may be on the next line
	read     int                         // the number of people read, counting repeated ones
	last     int                         // the index of the person on the last line, or -1
}

// readLine reads one line that peopleLine has prepared. It returns false if Parse must
// stop.
func (l *attendeeList) readLine(line, roleLabel string) bool {
	if known, ok := l.known(line); ok && l.name == "" {
		return l.add(known)
	}
	if roleLabel != "" && (tags[roleLabel] == "" || !strings.Contains(line, "@")) {
		l.last = -1
		if strings.Contains(line, "@") { // peopleLine has removed the label
			line = roleLabel + ": " + line
		}
		return l.refuseRole(line, roleLabel)
	}
	if !strings.ContainsFunc(line, meeting.IsLetterOrDigit) {
		return true
	}
	if !strings.Contains(line, "@") && !strings.Contains(line, "mailto:") {
		rest, role := cutTags(line)
		if rest == "" && l.last >= 0 { // some pages show a person's name, address and role on separate lines
			l.people[l.last].Role = cmp.Or(role, l.people[l.last].Role)
			return true
		}
		waiting := l.name
		l.name, l.last = line, -1
		return waiting == "" || l.refuse(waiting, nil)
	}
	l.last = -1
	for entry := range splitPeople(line) {
		if !strings.ContainsFunc(entry, meeting.IsLetterOrDigit) {
			continue
		}
		if rest, role := cutTags(entry); rest == "" && l.last >= 0 { // "ana@b.example, presenter"
			l.people[l.last].Role = cmp.Or(role, l.people[l.last].Role)
		} else if !l.readPerson(entry, tags[roleLabel]) {
			return false
		}
	}
	return true
}

// known returns the person in the meeting for whom Lines would write this line, even if
// the line has a different role.
func (l *attendeeList) known(line string) (meeting.Attendee, bool) {
	if a, ok := l.current[line]; ok {
		return a, true
	}
	rest, role := cutTags(line)
	a, ok := l.current[rest]
	a.Role = cmp.Or(role, a.Role)
	return a, ok
}

// readPerson adds the person whom the text names, or one person for each of its
// addresses. If the text contains no role, the role in the line's label applies.
// readPerson returns false if Parse must stop.
func (l *attendeeList) readPerson(text string, labelled meeting.AttendeeRole) bool {
	e := readEntry(text)
	a, _, ok := e.person()
	a.Role = cmp.Or(a.Role, labelled)
	if name := l.name; name != "" {
		l.name = ""
		if ok && a.Name == "" && (e.inAngles || isNameOf(name, a.UPN)) {
			a.Name = cleanName(name)
		} else if !l.refuse(name, nil) {
			return false
		}
	}
	if ok {
		a.Name = writableName(a)
		return l.add(a)
	}
	if word := e.unknownRole(); word != "" {
		return l.refuseRole(text, word)
	}
	if !e.isAddresses() {
		return l.refuse(text, e.flaw)
	}
	for _, address := range e.addresses {
		if !l.add(meeting.Attendee{UPN: address, Role: labelled}) {
			return false
		}
	}
	return true
}

// add adds the person unless their address is already in the list. For a repeated address,
// it keeps the last role that was given. It returns false if Parse must stop.
func (l *attendeeList) add(a meeting.Attendee) bool {
	key := strings.ToLower(a.UPN)
	at, isRepeated := l.seen[key]
	switch l.read++; {
	case l.read > maxEntries:
		l.problems.Add(meeting.FieldAttendees, meeting.ReasonAttendeesFar, meeting.Args{"Max": meeting.MaxAttendees, "Count": maxEntries})
		return false
	case isRepeated:
		l.last = at
		l.people[at].Role = cmp.Or(a.Role, l.people[at].Role)
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

// refuseRole adds a problem for a line with an unknown role, or with a role but no
// address. It returns false if Parse must stop.
func (l *attendeeList) refuseRole(line, word string) bool {
	return l.addProblem(line, meeting.ReasonAttendeesRole, meeting.Args{"Line": meeting.Shorten(line, 80), "Word": meeting.Shorten(word, 40)})
}

func (l *attendeeList) refuse(line string, flaw *Flaw) bool {
	key, args := meeting.ReasonAttendeesLine, meeting.Args{"Line": meeting.Shorten(line, 80)}
	if flaw != nil {
		key = flaw.Reason()
		args["Char"], args["Code"], args["After"], args["Like"] = string(flaw.Char), flaw.Code(), flaw.Before(), flaw.Like
	}
	return l.addProblem(line, key, args)
}

// addProblem adds a problem for a line. It returns false if Parse must stop.
func (l *attendeeList) addProblem(line string, key meeting.Reason, args meeting.Args) bool {
	if len(l.problems) == maxProblems {
		l.problems.Add(meeting.FieldAttendees, meeting.ReasonAttendeesLines, nil)
		return false
	}
	l.problems.Add(meeting.FieldAttendees, key, args)
	l.entries = append(l.entries, Entry{Text: line, Problem: l.problems[len(l.problems)-1]})
	return true
}

const maxRewrites = 4

// writableName returns the person's name as Parse would read it back from a line, or ""
// if Parse could not read it. Submitting the form must not change the names that it shows.
func writableName(a meeting.Attendee) string {
	for range maxRewrites {
		line, label := peopleLine(Line(meeting.Attendee{UPN: a.UPN, Name: a.Name}, nil))
		people := slices.Collect(splitPeople(line))
		if label != "" || len(people) != 1 {
			return ""
		}
		again, _, ok := readEntry(people[0]).person()
		switch {
		case !ok || again.UPN != a.UPN:
			return ""
		case again.Name == a.Name && again.Role == "":
			return a.Name
		}
		a.Name = again.Name
	}
	return ""
}

// isNameOf reports whether a name on the line above an address probably belongs to the
// address. A word of at least three letters from the name must occur before the "@".
// Otherwise the line may name another person, whose address is missing.
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

const maxNameWords = 16
