package meeting_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
)

// leftOut maps the name of each field that a function intentionally omits to the reason.
type leftOut map[string]string

// fieldNames returns the names of the fields of a struct. Each option is listed as a
// separate field, such as "Options.Lobby".
func fieldNames(of reflect.Type) (names []string) {
	for i := range of.NumField() {
		field := of.Field(i)
		if field.Type != reflect.TypeFor[meeting.Options]() {
			names = append(names, field.Name)
			continue
		}
		for _, name := range fieldNames(field.Type) {
			names = append(names, field.Name+"."+name)
		}
	}
	return names
}

func field(v any, name string) reflect.Value {
	value := reflect.ValueOf(v).Elem()
	for part := range strings.SplitSeq(name, ".") {
		if value = value.FieldByName(part); !value.IsValid() {
			break
		}
	}
	return value
}

// fill returns a struct in which every field has a value. The given mark is appended to
// every string, and its length determines the numbers and times.
func fill[T any](mark string) (filled T) {
	at := time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC).AddDate(0, len(mark), 0)
	var set func(v reflect.Value, name string)
	set = func(v reflect.Value, name string) {
		switch at = at.Add(time.Hour); {
		case v.Type() == reflect.TypeFor[time.Time]():
			v.Set(reflect.ValueOf(at))
		case v.Kind() == reflect.String:
			v.SetString(name + mark)
		case v.Kind() == reflect.Bool:
			v.SetBool(true)
		case v.CanInt():
			v.SetInt(int64(len(mark)))
		case v.Kind() == reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			set(v.Index(0), name)
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				set(v.Field(i), name+v.Type().Field(i).Name)
			}
		}
	}
	set(reflect.ValueOf(&filled).Elem(), "")
	return filled
}

// eachField reports an error for each field of T for which keeps returns false, unless the
// field is an exception.
func eachField[T any](t *testing.T, function string, except leftOut, keeps func(name string) bool) {
	t.Helper()
	names := fieldNames(reflect.TypeFor[T]())
	for name := range except {
		if !slices.Contains(names, name) {
			t.Errorf("%s: the exception %s is no field of %T", function, name, *new(T))
		}
	}
	for _, name := range names {
		if except[name] == "" && !keeps(name) {
			t.Errorf("%s loses the field %s of %T: handle it there, or add an exception with a reason here", function, name, *new(T))
		}
	}
}

func equal(a, b any, name string) bool {
	x, y := field(a, name), field(b, name)
	return x.IsValid() && y.IsValid() && reflect.DeepEqual(x.Interface(), y.Interface())
}

func part(name string) meeting.Difference {
	if name == "ThreadID" {
		return meeting.DifferentThread
	}
	return meeting.Difference(strings.ToLower(strings.TrimPrefix(name, "Options.")))
}

func allParts(except string) (parts []meeting.Difference) {
	for _, name := range fieldNames(reflect.TypeFor[meeting.Asked]()) {
		if name != except {
			parts = append(parts, part(name))
		}
	}
	return parts
}

// ofAttempt lists the fields of Asked that control how an attempt works and are not parts
// of a meeting.
var ofAttempt = leftOut{
	"KeepPeople": "says whether a change sends the list",
	"Roles":      "says whether an attempt sets roles",
	"Unasked":    "only names parts of the meeting",
}

func with(a, b leftOut) leftOut {
	both := make(leftOut)
	for _, list := range []leftOut{a, b} {
		for name, reason := range list {
			both[name] = reason
		}
	}
	return both
}

// TestRequestFieldsAreAsked checks that every field of a Request becomes part of the
// attempt and is compared with an existing meeting.
func TestRequestFieldsAreAsked(t *testing.T) {
	r := fill[meeting.Request](" asked")
	asked := r.Asked(time.Time{})
	ofForm := leftOut{
		"Organizer": "belongs to the meeting, and selects the token",
		"FormID":    "identifies the form",
		"Guard":     "decides whether to create a meeting, not which one",
		"MyZone":    "is about the person",
		"Inside":    "is about the people, who are part of the meeting",
		"Found":     "is a cache",
		"Duration":  "is part of End",
	}
	eachField[meeting.Request](t, "Request.Asked in meeting/request.go", ofForm,
		func(name string) bool { return equal(&r, &asked, name) })
	eachField[meeting.Asked](t, "Request.Asked in meeting/request.go", leftOut{
		"KeepPeople": "only Meeting.Changed sets it", "Roles": "only WithRoles sets it",
	}, func(name string) bool { return !field(&asked, name).IsZero() })
	eachField[meeting.Request](t, "Request.AsksMore in meeting/request.go", with(ofForm, leftOut{
		"ExternalID": "belongs to every meeting of the ticket",
		"TimeZone":   "only says how the times are read",
		"Unasked":    "only names parts of the meeting",
	}), func(name string) bool {
		one := meeting.Request{Unasked: allParts(name)}
		field(&one, name).Set(field(&r, name))
		return one.AsksMore()
	})
}

// TestAskedFieldsAreKept checks that Goal, Over and Wish preserve the requested values.
// Goal and Over must take all other values from the current meeting, and Wish must ignore
// fields that were left empty.
func TestAskedFieldsAreKept(t *testing.T) {
	asked, current := fill[meeting.Asked](" asked"), fill[meeting.Meeting](" of Graph")
	asked.Roles, asked.KeepPeople, asked.Unasked = false, false, nil
	keeps := func(got meeting.Asked) func(string) bool {
		return func(name string) bool { return equal(&asked, &got, name) }
	}
	eachField[meeting.Asked](t, "Meeting.Goal in meeting/roles.go", nil, keeps(current.Goal(asked)))
	eachField[meeting.Asked](t, "Asked.Over in meeting/compare.go", nil, keeps(asked.Over(current.Details)))
	eachField[meeting.Asked](t, "Attempt.Wish in meeting/attempt.go", nil, keeps(meeting.Attempt{Asked: asked}.Wish(nil)))
	eachField[meeting.Asked](t, "Attempt.Wish in meeting/attempt.go, for a found meeting,", nil,
		keeps(meeting.Attempt{Asked: asked, Outcome: meeting.OutcomeFound}.Wish(nil)))

	ifAsked := leftOut{
		"ExternalID":         "identifies the meeting",
		"ThreadID":           "is compared only if it was asked for",
		"Options.Lobby":      "is compared only if it was asked for",
		"Options.Presenters": "is compared only if it was asked for",
		"Options.Announce":   "is compared only if it was asked for",
		"Options.Record":     "is compared only if it was asked for",
	}
	roles := current.Goal(meeting.Asked{Roles: true})
	eachField[meeting.Asked](t, "Meeting.Goal in meeting/roles.go, for roles,", with(ofAttempt, with(ifAsked, leftOut{
		"Attendees": "is what the attempt sets",
	})), func(name string) bool { return equal(&roles, &current, name) })
	asked.Unasked = allParts("")
	over := asked.Over(current.Details)
	eachField[meeting.Asked](t, "Asked.Over in meeting/compare.go, for an unasked part,", with(ofAttempt, with(ifAsked, leftOut{
		"TimeZone": "is not part of Graph's meeting",
	})), func(name string) bool { return equal(&over, &current, name) })

	empty := meeting.Attempt{Asked: meeting.Asked{Start: current.Start, End: current.End}, Outcome: meeting.OutcomeFound}
	for _, d := range empty.Wish(current.Attendees).Differences(current.Details) {
		t.Errorf("Attempt.Wish in meeting/attempt.go: a found meeting differs in %s, which the person left empty", d)
	}
}

func TestFieldsAreCompared(t *testing.T) {
	was, now := fill[meeting.Meeting](" before"), fill[meeting.Meeting](" afterwards")
	notCompared := with(ofAttempt, leftOut{
		"ExternalID": "identifies the meeting",
		"TimeZone":   "is not part of Graph's meeting",
	})
	differs := func(name string) meeting.Meeting {
		one := was
		field(&one, name).Set(field(&now, name))
		return one
	}
	same := func(m meeting.Meeting) (r meeting.Request) {
		for _, name := range fieldNames(reflect.TypeFor[meeting.Asked]()) {
			if from := field(&m, name); from.IsValid() {
				field(&r, name).Set(from)
			}
		}
		return r
	}
	asked := same(was).Asked(time.Time{})
	if found := asked.Differences(was.Details); len(found) > 0 {
		t.Fatalf("Request.Asked in meeting/request.go or Asked.Differences in meeting/compare.go: equal meetings differ in %v", found)
	}
	for _, change := range was.Changes(was.Details) {
		t.Errorf("Details.Changes in meeting/compare.go loses the part %s: it differs between equal replies", change.What)
	}
	eachField[meeting.Asked](t, "Asked.Differences in meeting/compare.go", notCompared,
		func(name string) bool {
			return slices.Equal(asked.Differences(differs(name).Details), []meeting.Difference{part(name)})
		})
	eachField[meeting.Asked](t, "Details.Changes in meeting/compare.go", notCompared,
		func(name string) bool { return len(was.Changes(differs(name).Details)) > 0 })
	eachField[meeting.Asked](t, "Meeting.Changed in meeting/changed.go", with(notCompared, leftOut{
		"ThreadID": "is fixed: Graph cannot move a meeting to another channel",
	}), func(name string) bool {
		for _, p := range was.Changed(same(differs(name))) {
			if got := field(&p, name); !got.IsZero() {
				return true
			}
		}
		return false
	})
}

func TestReplyFieldsAreKept(t *testing.T) {
	known, sent := fill[meeting.Details](" stored"), fill[meeting.Details](" sent")
	complete := meeting.Reply{Details: sent}.Over(known)
	eachField[meeting.Details](t, "Reply.Over in meeting/meeting.go, for a property that Graph sent,", nil,
		func(name string) bool { return equal(&complete.Details, &sent, name) })

	lacks := []string{"participants", "joinMeetingIdSettings", "audioConferencing"}
	for _, name := range fieldNames(reflect.TypeFor[meeting.Details]()) {
		lacks = append(lacks, strings.ToLower(name[:1])+name[1:])
	}
	completed := meeting.Reply{Lacks: lacks}.Over(known)
	eachField[meeting.Details](t, "Reply.Over in meeting/meeting.go, for a property that Graph omitted,", leftOut{
		"GraphID":     "identifies the meeting: a reply without it is refused",
		"ExternalID":  "identifies the meeting, and the row keeps it",
		"OrganizerID": "is not stored",
	}, func(name string) bool { return equal(&completed.Details, &known, name) })
}
