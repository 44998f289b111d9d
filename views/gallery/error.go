package gallery

import (
	"strings"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

func errorSamples(l Look) []Sample {
	say := l.T
	list := []Sample{{"signed-out", views.SignedOut(l.page(meeting.User{}, "Signed out", paths.Home))}}
	for _, key := range []string{
		"meeting.unknown", "attempt.unknown", "page.unknown", "method.wrong", "access.no_role", "access.change", "crosssite.refused",
		"body.large", "signin.large", "body.unreadable", "internal", "signin.expired", "signin.state", "signin.declined", "signin.refused", "signin.tenant", "signin.personal",
		"signin.guest", "signin.scope", "signin.unavailable", "signin.emulator", "attempt.running", "attempt.closed", "change.nothing", "record.failed",
		"attempt.others", "organizer.has", "organizer.help_desk", "organizer.off", "organizer.unknown", "adopt.replaced", "people.off", "people.unavailable", "signin.app_setup",
		"signin.token_missing", "signin.token_wrong", "signin.token_time", "signin.token_unreadable", "signin.no_code", "signin.long",
	} {
		err := &meeting.Error{Key: key, Args: meeting.Args{"Name": sam.Name, "UPN": sam.UPN, "Code": "AADSTS50105", "Claim": "aud", "ExternalID": "INC0012345"}}
		d := views.ErrorData{Status: 403, Title: say.ErrorTitle(err), Sentence: say.Error(err), Advice: say.ErrorAdvice(err), RequestID: "3f0c9a5e71b24d18"}
		if strings.HasPrefix(key, "signin.") {
			d.SignIn = paths.SignIn(paths.Home, "", "")
		}
		if key == "record.failed" {
			d.Status, d.JoinURL = 500, Live(1, "", "", Now, Priya).JoinURL
		}
		user := sam
		if key == "signin.large" || key == "signin.long" {
			user, d.Status = meeting.User{}, map[string]int{"signin.large": 413, "signin.long": 401}[key]
		}
		list = append(list, Sample{"error-" + key, views.Error(l.page(user, d.Title, ""), d)})
	}
	return list
}
