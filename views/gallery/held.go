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
		Fields: []views.HeldField{{Name: "external_id", Value: "INC0012345"}, {Name: "subject", Value: `<b>"x"</b>`}},
	}
	long, others, unknown, out, page := form, form, form, form, form
	long.Beside = true
	others.Whose = Priya
	othersLong := others
	othersLong.Beside = true
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
	later := func(name string, user meeting.User, key meeting.Reason) Sample {
		e := &meeting.Error{Key: key, Args: meeting.Args{"Until": "10:01"}}
		return Sample{name, views.HeldForLater(l.page(user, l.T.ErrorTitle(e), paths.Meetings), form, e)}
	}
	return []Sample{
		later("held-limit-person", Priya, meeting.ReasonLimitPerson),
		later("held-limit-address", meeting.User{}, meeting.ReasonLimitAddress),
		sample("held-signed-out", meeting.User{}, form),
		sample("held-signed-out-long", meeting.User{}, long),
		sample("held-others", Tomas, others),
		sample("held-others-long", Tomas, othersLong),
		sample("held-unknown", Tomas, unknown),
		sample("held-sign-out", Tomas, out),
		sample("held-page", Tomas, page),
		{"waiting", views.Waiting(waiting)},
		{"signed-out-onward", views.Onward(onward, l.T.T("signed_out.onward"), l.T.T("signed_out.onward.button"))},
	}
}
