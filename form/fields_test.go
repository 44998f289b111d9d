package form_test

import (
	"net/url"
	"reflect"
	"strings"
	"testing"

	"meetdesk/form"
	"meetdesk/meeting"
)

// everything returns a form in which all texts differ, including those of the options,
// and the number of texts.
func everything() (f form.Form, texts int) {
	var fill func(v reflect.Value, name string)
	fill = func(v reflect.Value, name string) {
		switch v.Kind() {
		case reflect.String:
			v.SetString(name + " typed")
			texts++
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

// TestEveryFieldIsInTheList finds fields that are missing from the list. They would be
// lost when a form is sent again or prefills another one.
func TestEveryFieldIsInTheList(t *testing.T) {
	f, texts := everything()
	sent := make(url.Values)
	for _, field := range f.Fields() {
		sent.Set(field.Name, field.Value)
	}
	if len(sent) != texts+1 { // and "past"
		t.Errorf("%d fields are sent, want %d and past", len(sent), texts)
	}
	again := form.FromValues(sent)
	f.Anyway = false // the person decides each time
	if !reflect.DeepEqual(again, f) {
		t.Errorf("sent again, it is\n%+v, want\n%+v", again, f)
	}
	filled := form.FromValues(f.Query())
	f.Past, f.FormID, f.Inside = false, "", "" // these belong to one form only
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
