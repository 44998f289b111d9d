package form_test

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
)

// everything returns a form in which every field has a value. It also returns the names of
// the text fields. Each text field contains its name followed by " typed".
func everything() (f form.Form, texts []string) {
	var fill func(v reflect.Value, name string)
	fill = func(v reflect.Value, name string) {
		switch v.Kind() {
		case reflect.String:
			v.SetString(name + " typed")
			texts = append(texts, name)
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Struct:
			for i := range v.NumField() {
				fill(v.Field(i), name+v.Type().Field(i).Name)
			}
		}
	}
	fill(reflect.ValueOf(&f).Elem(), "")
	return f, texts
}

// TestEveryFieldIsInTheList checks that no field is lost when a form is resubmitted or
// prefills another one.
func TestEveryFieldIsInTheList(t *testing.T) {
	f, texts := everything()
	sent := make(url.Values)
	var values []string
	for _, field := range f.Fields() {
		sent.Set(field.Name, field.Value)
		values = append(values, field.Value)
	}
	for _, name := range texts {
		if !slices.Contains(values, name+" typed") {
			t.Errorf("the form's field %s is not sent: add it to Form.fields in form/fields.go", name)
		}
	}
	if len(sent) != len(texts)+3 { // the other three fields are "past", "now" and "my_zone"
		t.Errorf("%d fields are sent, want %d, past, now and my_zone: see Form.fields in form/fields.go", len(sent), len(texts))
	}
	again := form.FromValues(sent)
	f.Anyway = false // never resubmitted
	if !reflect.DeepEqual(again, f) {
		t.Errorf("sent again, it is\n%+v, want\n%+v", again, f)
	}
	filled := form.FromValues(f.Query())
	f.Past, f.Now, f.MyZone, f.FormID, f.Inside = false, false, false, "", "" // these fields are not copied into another form
	if !reflect.DeepEqual(filled, f) {
		t.Errorf("the prefilled form is\n%+v, want\n%+v", filled, f)
	}
	if changed := f.Map(strings.ToUpper); changed.Subject != "SUBJECT TYPED" || changed.Options.Lobby != "OPTIONSLOBBY TYPED" || f.Subject != "Subject typed" {
		t.Errorf("the changed form is %+v, and the original %+v", changed, f)
	}
}

func TestFillAbsent(t *testing.T) {
	now := form.Form{
		ExternalID: "INC1", Subject: "Now", Date: "2027-03-03", Start: "10:00", End: "10:30", TimeZone: "UTC", Attendees: "ana@b.example",
		Options: meeting.Options{Lobby: "invited"},
	}
	for sent, want := range map[string]form.Form{
		"":                       {ExternalID: "INC1", Subject: "Now", Date: "2027-03-03", Start: "10:00", End: "10:30", TimeZone: "UTC", Attendees: "ana@b.example"},
		"subject=&form_id=f":     {ExternalID: "INC1", Date: "2027-03-03", Start: "10:00", End: "10:30", TimeZone: "UTC", Attendees: "ana@b.example", FormID: "f"},
		"start=11:00&lobby=":     {ExternalID: "INC1", Subject: "Now", Start: "11:00", Attendees: "ana@b.example"},
		"time_zone=Asia%2FTokyo": {ExternalID: "INC1", Subject: "Now", Date: "2027-03-03", Start: "10:00", End: "10:30", TimeZone: "UTC", Attendees: "ana@b.example"},
	} {
		values, err := url.ParseQuery(sent)
		if err != nil {
			t.Fatal(err)
		}
		got := form.FromValues(values)
		if got.FillAbsent(values, now); got != want {
			t.Errorf("%q becomes\n%+v, want\n%+v", sent, got, want)
		}
	}
}

func TestEveryInputReachesTheRequest(t *testing.T) {
	now := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	// In Lisbon, clocks go back on 31 October 2027, so the start occurs twice and
	// needs FieldFold.
	examples := map[string]string{
		meeting.FieldExternalID: "REQ-1", meeting.FieldSubject: "Printer",
		meeting.FieldDate: "2027-10-31", meeting.FieldStart: "01:15", meeting.FieldEnd: "01:45", meeting.FieldEndDate: "2027-11-01",
		meeting.FieldDuration: "30", meeting.FieldTimeZone: "Europe/Lisbon", meeting.FieldFold: form.FoldSecond,
		meeting.FieldAttendees: "tomas@contoso.example", meeting.FieldThreadID: "19:general@thread.tacv2",
		meeting.FieldOrganizer: "dana@contoso.example",
	}
	for _, o := range meeting.AllOptions() {
		examples[string(o)] = o.Values()[0]
	}
	request := func(except string) meeting.Request {
		values := make(url.Values)
		for name, value := range examples {
			if name != except {
				values.Set(name, value)
			}
		}
		r, _ := form.FromValues(values).Request(now)
		r.Unasked = nil // it lists the empty fields, so it would always differ
		return r
	}
	for _, name := range form.Inputs() {
		if slices.Contains(form.SeriesInputs(), name) {
			continue // see TestSeries
		}
		if examples[name] == "" {
			t.Errorf("the field %s has no example: add one above", name)
		} else if reflect.DeepEqual(request(""), request(name)) {
			t.Errorf("the field %s does not reach the request: read it in Form.request in form/form.go", name)
		}
	}
}
