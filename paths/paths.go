// Package paths builds every URL of the site that Go code uses, except those of static
// files. A test in package web checks the URLs against the route table.
package paths

import (
	"net/url"
	"strconv"
	"strings"
)

// URLs without variable parts.
const (
	Home        = "/"
	Preferences = "/preferences"

	History     = "/history"
	HistoryCSV  = "/history.csv"
	HistoryXLSX = "/history.xlsx"

	Meetings       = "/meetings" // the form for a new meeting is submitted here
	NewMeeting     = "/meetings/new"
	MeetingGuard   = "/meetings/new/guard" // the form's script uses this URL and the next two
	MeetingSummary = "/meetings/new/summary"
	MeetingPreset  = "/meetings/new/preset"
	AdoptMeeting   = "/meetings/adopt"
	People         = "/people"

	Imports        = "/imports" // a table is uploaded here
	NewImport      = "/imports/new"
	ImportTemplate = "/imports/template.xlsx"

	Admin        = "/admin"
	AdminPeople  = "/admin/people"
	AdminImports = "/admin/imports" // the imports of all users
	Check        = "/admin/check"   // shows the self-check and runs it
	Presets      = "/admin/presets" // the form for a new preset is submitted here
	NewPreset    = "/admin/presets/new"

	Sessions   = "/sessions"
	EndSession = "/sessions/end"

	Audit      = "/admin/audit" // the filters are submitted here
	AuditCSV   = "/admin/audit.csv"
	AuditJSONL = "/admin/audit.jsonl"

	Retention       = "/admin/retention"
	RetentionPurge  = "/admin/retention/purge"
	RetentionRule   = "/admin/retention/rule"
	RetentionPerson = "/admin/retention/person"
	RetentionExport = "/admin/retention/export"
	RetentionErase  = "/admin/retention/erase"

	Login              = "/auth/login"
	Callback           = "/auth/callback"
	Logout             = "/auth/logout"
	SignedOut          = "/auth/signed-out"
	FrontChannelLogout = "/auth/frontchannel-logout"

	Health = "/healthz" // answers while the program is running
	Ready  = "/readyz"  // reports whether the desk is ready for use

	SamplePages = "/dev/pages" // only in development builds
)

// Auth is the prefix of every URL for signing in and out.
const Auth = "/auth/"

// Ticket returns the permanent URL of a ticket.
func Ticket(externalID string) string { return "/t/" + url.PathEscape(externalID) }

// Meeting returns the URL of a meeting's page.
func Meeting(id int64) string { return Meetings + "/" + strconv.FormatInt(id, 10) }

// MeetingID returns the meeting ID in the path of a meeting's page. It returns false for
// any other path.
func MeetingID(path string) (id int64, ok bool) {
	number, ok := strings.CutPrefix(path, Meetings+"/")
	id, err := strconv.ParseInt(number, 10, 64)
	return id, ok && err == nil && id > 0 && Meeting(id) == path // "+7" and "007" are not IDs
}

// Waiting returns the URL of the page that is shown until the response to a submitted
// form is ready.
func Waiting(key string) string { return "/waiting/" + key }

// EditMeeting returns the URL of the form that changes a meeting.
func EditMeeting(id int64) string { return Meeting(id) + "/edit" }

// UpdateMeeting returns the URL to which the form that changes a meeting is submitted.
func UpdateMeeting(id int64) string { return Meeting(id) + "/update" }

// RefreshMeeting returns the URL for reading a meeting from Graph again.
func RefreshMeeting(id int64) string { return Meeting(id) + "/refresh" }

// HandOverMeeting returns the URL for getting access to a colleague's meeting.
func HandOverMeeting(id int64) string { return Meeting(id) + "/hand-over" }

// EndAccess returns the URL of the confirmation page for ending a person's access. Its
// form is submitted to the same URL.
func EndAccess(meetingID int64) string { return Meeting(meetingID) + "/end-access" }

// GiveAccess returns the URL for restoring people's access to a meeting.
func GiveAccess(meetingID int64) string { return Meeting(meetingID) + "/give-access" }

// RemoveMeeting returns the URL of the confirmation page for removing a meeting. Its form
// is submitted to the same URL.
func RemoveMeeting(id int64) string { return Meeting(id) + "/remove" }

// PutBackMeeting returns the URL for undoing the latest change to a meeting.
func PutBackMeeting(id int64) string { return Meeting(id) + "/put-back" }

// NoteMeeting returns the URL for adding a note to a meeting.
func NoteMeeting(id int64) string { return Meeting(id) + "/note" }

// SentMeeting returns the URL for marking a meeting's invitation as sent.
func SentMeeting(id int64) string { return Meeting(id) + "/sent" }

// TakeBackNote returns the URL for withdrawing a note about a meeting. The form contains
// the note's ID.
func TakeBackNote(meetingID int64) string { return Meeting(meetingID) + "/take-back" }

// MeetingCalendar returns the URL of a meeting's calendar file.
func MeetingCalendar(id int64) string { return Meeting(id) + "/invitation.ics" }

// MeetingQR returns the URL of the QR code with a meeting's join link.
func MeetingQR(id int64) string { return Meeting(id) + "/qr.svg" }

// RetryAttempt returns the URL for retrying an attempt.
func RetryAttempt(id int64) string { return attempt(id) + "/retry" }

// DismissAttempt returns the URL for dismissing an attempt.
func DismissAttempt(id int64) string { return attempt(id) + "/dismiss" }

func attempt(id int64) string { return "/attempts/" + strconv.FormatInt(id, 10) }

// AdminPerson returns the URL of the page about a person.
func AdminPerson(id int64) string { return AdminPeople + "/" + strconv.FormatInt(id, 10) }

// AdminPauseImport returns the URL for pausing any user's import.
func AdminPauseImport(id int64) string {
	return AdminImports + "/" + strconv.FormatInt(id, 10) + "/pause"
}

// AdminCancelImport returns the URL for cancelling any user's import.
func AdminCancelImport(id int64) string {
	return AdminImports + "/" + strconv.FormatInt(id, 10) + "/cancel"
}

// PersonRecords returns the URL of the page for exporting or erasing the data stored
// about a person.
func PersonRecords(id int64) string { return AdminPerson(id) + "/records" }

// SignOutPerson returns the URL for ending a person's sessions.
func SignOutPerson(id int64) string { return AdminPerson(id) + "/sign-out" }

// Import returns the URL of an import's page.
func Import(id int64) string { return Imports + "/" + strconv.FormatInt(id, 10) }

// Submit returns the URL to which a page's own form is submitted. It differs from the
// page's URL, because otherwise the Back button in Chromium would not return to the page.
func Submit(page string) string { return page + "?submit" }

// CheckImport returns the URL to which the corrected rows of a draft are submitted.
func CheckImport(id int64) string { return Import(id) + "/check" }

// ImportInvitations returns the URL of the page with all invitations of an import.
func ImportInvitations(id int64) string { return Import(id) + "/invitations" }

// RemoveImport returns the URL for deleting a draft.
func RemoveImport(id int64) string { return Import(id) + "/remove" }

// PauseImport returns the URL for pausing an import.
func PauseImport(id int64) string { return Import(id) + "/pause" }

// ResumeImport returns the URL for continuing an import.
func ResumeImport(id int64) string { return Import(id) + "/resume" }

// CancelImport returns the URL for ending an import early.
func CancelImport(id int64) string { return Import(id) + "/cancel" }

// RetryImport returns the URL for retrying the failed rows of an import.
func RetryImport(id int64) string { return Import(id) + "/retry" }

// ImportEvents returns the URL from which the script reads the progress of an import.
func ImportEvents(id int64) string { return Import(id) + "/events" }

// ImportCSV returns the URL of an import's result as CSV.
func ImportCSV(id int64) string { return Import(id) + "/result.csv" }

// ImportXLSX returns the URL of an import's result as a workbook.
func ImportXLSX(id int64) string { return Import(id) + "/result.xlsx" }

// Preset returns the URL of the form that changes a preset. The form is submitted to the
// same URL.
func Preset(id int64) string { return Presets + "/" + strconv.FormatInt(id, 10) }

// RemovePreset returns the URL for removing a preset.
func RemovePreset(id int64) string { return Preset(id) + "/remove" }

// SamplePage returns the URL of a page with sample data.
func SamplePage(name string) string { return SamplePages + "/" + url.PathEscape(name) }

// SignIn returns the URL for signing in. Afterwards, the user is redirected to returnTo.
// The parameter identity is the signed ID of the expected user; see form.FieldSignedInAs.
// Either argument may be "".
func SignIn(returnTo, identity string) string { return With(Login, signInQuery(returnTo, identity)) }

// StepUp returns the URL for signing in again with the claims challenge that Graph sent
// for the attempt.
func StepUp(attemptID int64, returnTo, identity string) string {
	query := signInQuery(returnTo, identity)
	query.Set("attempt", strconv.FormatInt(attemptID, 10))
	return With(Login, query)
}

func signInQuery(returnTo, identity string) url.Values {
	query := make(url.Values)
	for name, value := range map[string]string{"return_to": returnTo, "signed_in_as": identity} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// With returns the path with a query, or the path alone if the query is empty.
func With(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
