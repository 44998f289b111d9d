package gallery

import (
	"net/url"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

func heldSamples(l Look) []Sample {
	form := views.HeldData{
		Identity: identity(Priya), Action: paths.Meetings, SignIn: paths.SignIn(paths.NewMeeting, ""),
		Fields: []views.HeldField{{Name: "external_id", Value: "INC0012345"}, {Name: "subject", Value: "Laptop does not start"}},
	}
	long, others, unknown, out, page := form, form, form, form, form
	long.TooLong = true
	file := form
	file.Action, file.SignIn, file.File = paths.Imports, paths.SignIn(paths.NewImport, ""), "exams.xlsx"
	file.Fields = []views.HeldField{{Name: views.FieldRows, Value: ""}}
	others.Whose = Priya
	othersLong := others
	othersLong.TooLong = true
	out.Whose, out.Action, out.Fields = Priya, paths.Logout, nil
	page.Whose, page.Action, page.Fields, page.Here = Priya, "", nil, paths.With(paths.NewMeeting, url.Values{meeting.FieldSubject: {"Laptop"}})
	sample := func(name string, user meeting.User, d views.HeldData) Sample {
		p := l.page(user, "", paths.Meetings)
		p.Path = paths.NewMeeting
		p.Title = d.Title(p)
		return Sample{name, views.Held(p, d)}
	}
	waiting := l.page(Priya, l.T.T("waiting.title"), paths.Waiting("KEY"))
	waiting.LooksAgain = true
	onward := l.page(meeting.User{}, l.T.T("signed_out.onward.heading"), paths.Logout)
	onward.Refresh = paths.SignedOut
	kept := func(key meeting.Reason, said string) views.Kept {
		e := &meeting.Error{Key: key, Args: meeting.Args{"Until": "10:01"}}
		return views.Kept{Said: said, Error: &views.ErrorData{Title: l.T.ErrorTitle(e), Sentence: l.T.Error(e), Advice: l.T.ErrorAdvice(e), RequestID: "3f0c9a5e71b24d18"}}
	}
	later := func(name string, user meeting.User, d views.HeldData, k views.Kept) Sample {
		return Sample{name, views.KeptForm(l.page(user, k.Error.Title, paths.Meetings), d, k)}
	}
	note := views.HeldData{Action: paths.NoteMeeting(7), Final: true, Fields: []views.HeldField{{Name: "note_text", Value: "The caller hears nothing.\nTried twice."}}}
	return []Sample{
		later("kept-limit-address", meeting.User{}, form, kept(meeting.ReasonLimitAddress, "kept.not_sent")),
		later("kept-no-access", Priya, note, kept(meeting.ReasonMeetingUnknown, "kept.not_saved")),
		later("kept-cut", Priya, form, kept(meeting.ReasonBodyLarge, "kept.cut")),
		later("kept-maybe", Priya, form, kept(meeting.ReasonInternal, "kept.maybe")),
		{"kept-form", views.MeetingForm(l.page(Priya, "New meeting", paths.NewMeeting), views.FormData{Kept: kept(meeting.ReasonInternal, "kept.not_sent"), Now: Now})},
		sample("held-signed-out", meeting.User{}, form),
		sample("held-signed-out-long", meeting.User{}, long),
		sample("held-signed-out-file", meeting.User{}, file),
		sample("held-others", Tomas, others),
		sample("held-others-long", Tomas, othersLong),
		sample("held-unknown", Tomas, unknown),
		sample("held-sign-out", Tomas, out),
		sample("held-page", Tomas, page),
		{"waiting", views.Waiting(waiting)},
		{"signed-out-onward", views.Onward(onward, l.T.T("signed_out.onward"), l.T.T("signed_out.onward.button"))},
	}
}
