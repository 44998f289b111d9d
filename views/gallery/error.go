package gallery

import (
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

func errorSamples(l Look) []Sample {
	say := l.T
	list := []Sample{{"signed-out", views.SignedOut(l.page(meeting.User{}, "Signed out", paths.Home))}}
	for _, key := range []meeting.Reason{
		meeting.ReasonMeetingUnknown, meeting.ReasonAttemptUnknown, meeting.ReasonPageUnknown, meeting.ReasonMethodWrong,
		meeting.ReasonAccessNoRole, meeting.ReasonAccessChange, meeting.ReasonCrossSiteRefused, meeting.ReasonBodyLarge,
		meeting.ReasonSignInLarge, meeting.ReasonBodyUnreadable, meeting.ReasonInternal, meeting.ReasonSignInExpired,
		meeting.ReasonSignInState, meeting.ReasonSignInDeclined, meeting.ReasonSignInRefused, meeting.ReasonSignInTenant,
		meeting.ReasonSignInPersonal, meeting.ReasonSignInGuest, meeting.ReasonSignInScope,
		meeting.ReasonSignInUnavailable, meeting.ReasonSignInEmulator, meeting.ReasonAttemptRunning,
		meeting.ReasonAttemptClosed, meeting.ReasonChangeNothing, meeting.ReasonRecordFailed, meeting.ReasonRecordRemoved, meeting.ReasonAttemptOthers,
		meeting.ReasonOrganizerHasTicket, meeting.ReasonOrganizerHelpDesk, meeting.ReasonOrganizerOff,
		meeting.ReasonOrganizerUnknown, meeting.ReasonAdoptReplaced, meeting.ReasonPeopleOff,
		meeting.ReasonPeopleUnavailable, meeting.ReasonSignInAppSetup, meeting.ReasonSignInIssuer, meeting.ReasonSignInTokenMissing,
		meeting.ReasonSignInTokenWrong, meeting.ReasonSignInTokenTime, meeting.ReasonSignInTokenUnreadable,
		meeting.ReasonSignInNoCode, meeting.ReasonSignInLong, meeting.ReasonSignInSetup, meeting.ReasonBodyType,
		meeting.ReasonChangeNotLive, meeting.ReasonNoteOthers, meeting.ReasonPutBackStale, meeting.ReasonExportBusy, meeting.ReasonExportUnreadable,
		meeting.ReasonGuardLimited, meeting.ReasonKitNoLink, meeting.ReasonKitNoTime, meeting.ReasonKitOver,
		meeting.ReasonKitTooLong, meeting.ReasonPreferencesLanguage, meeting.ReasonPreferencesTheme,
		meeting.ReasonPreferencesTimeZone, meeting.ReasonRetryWait, meeting.ReasonListSlow, meeting.ReasonAuditFailed, meeting.ReasonStorageUnwritable, meeting.ReasonStorageUnreachable, meeting.ReasonStorageDamaged,
		meeting.ReasonSearchBusy, meeting.ReasonExportOwn, meeting.ReasonLimitPerson, meeting.ReasonLimitAddress,
		meeting.ReasonSiteBusy, meeting.ReasonStarting, meeting.ReasonUpgrading, meeting.ReasonBodySlow,
		meeting.ReasonAccessAdministrator, meeting.ReasonAccessEnded, meeting.ReasonAccessOthers, meeting.ReasonAccessChanged, meeting.ReasonPresetChanged, meeting.ReasonPresetUnknown, meeting.ReasonSessionMissing, meeting.ReasonEraseSelf,
		meeting.ReasonImportUnknown, meeting.ReasonImportChanged, meeting.ReasonImportLarge, meeting.ReasonImportBusy, meeting.ReasonImportWatched, meeting.ReasonImportAhead, meeting.ReasonImportNothing,
	} {
		err := &meeting.Error{Key: key, Args: meeting.Args{"Name": sam.Name, "UPN": sam.UPN, "Code": "AADSTS50105", "Claim": "aud", "ExternalID": "INC0012345",
			"Value": "Atlantis", "Until": say.NotBefore(Now.Add(time.Minute), Now, Lisbon)}}
		d := views.ErrorData{Status: 403, Title: say.ErrorTitle(err), Sentence: say.Error(err), Advice: say.ErrorAdvice(err), RequestID: "3f0c9a5e71b24d18"}
		if strings.HasPrefix(string(key), "signin.") {
			d.SignIn = paths.SignIn(paths.Home, "")
		}
		if key == meeting.ReasonRecordFailed {
			d.Status, d.JoinURL = 500, Live(1, "", "", Now, Priya).JoinURL
		}
		user := sam
		if key == meeting.ReasonSignInLarge || key == meeting.ReasonSignInLong {
			d.KeepOpen = true
			user, d.Status = meeting.User{}, map[meeting.Reason]int{meeting.ReasonSignInLarge: 413, meeting.ReasonSignInLong: 401}[key]
		}
		list = append(list, Sample{"error-" + string(key), views.Error(l.page(user, d.Title, ""), d)})
	}
	return list
}
