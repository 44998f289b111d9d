package gallery

import (
	"meetdesk/meeting"
	"meetdesk/views"
)

func heldSamples(l Look) []Sample {
	form := views.HeldData{
		Identity: identity(Priya), Action: "/meetings", SignIn: "/auth/login?return_to=%2Fmeetings%2Fnew",
		Fields: []views.HeldField{{Name: "external_id", Value: "INC0012345"}, {Name: "subject", Value: `<b>"x"</b>`}},
	}
	long, others, unknown, out, page := form, form, form, form, form
	long.Beside = true
	others.Whose = Priya
	othersLong := others
	othersLong.Beside = true
	out.Whose, out.Action, out.Fields = Priya, "/auth/logout", nil
	page.Whose, page.Action, page.Fields, page.Here = Priya, "", nil, "/meetings/new?subject=Laptop"
	sample := func(name string, user meeting.User, d views.HeldData) Sample {
		p := l.page(user, "", "/meetings")
		p.Title = d.Title(p)
		return Sample{name, views.Held(p, d)}
	}
	onward := l.page(meeting.User{}, l.T.T("signed_out.onward.heading"), "/auth/logout")
	onward.Refresh = "/auth/signed-out"
	return []Sample{
		sample("held-signed-out", meeting.User{}, form),
		sample("held-signed-out-long", meeting.User{}, long),
		sample("held-others", Tomas, others),
		sample("held-others-long", Tomas, othersLong),
		sample("held-unknown", Tomas, unknown),
		sample("held-sign-out", Tomas, out),
		sample("held-page", Tomas, page),
		{"signed-out-onward", views.Onward(onward, l.T.T("signed_out.onward"), l.T.T("signed_out.onward.button"))},
	}
}
