package meeting

import "strings"

// Reason identifies why an attempt or a request failed, or what is wrong with a field. It
// is a message key in package locale. The database stores the values, so they must never
// change.
type Reason string

// OfAttempt reports whether a failed or unfinished attempt can have this reason.
func (r Reason) OfAttempt() bool { return strings.HasPrefix(string(r), "reason.") }

// The reasons why an attempt failed or is unfinished. Package locale has three messages for
// each: what happened, what the person can do (.advice), and what the administrator should
// know (.admin).
const (
	ReasonAppOff       Reason = "reason.app_off"       // the configuration no longer allows the desk to act for the organizer
	ReasonAppScope     Reason = "reason.app_scope"     // the application lacks a Graph permission
	ReasonAppSetup     Reason = "reason.app_setup"     // Entra ID refuses the application's credentials
	ReasonAppToken     Reason = "reason.app_token"     // Graph refuses the application's token
	ReasonBadRequest   Reason = "reason.bad_request"   // Graph rejected the request, or the desk knew that Graph would reject it
	ReasonBetaOff      Reason = "reason.beta_off"      // a channel meeting needs Graph's beta, which is not enabled
	ReasonBlocked      Reason = "reason.blocked"       // a conditional access policy blocks the person, or they are not assigned to the application
	ReasonBusy         Reason = "reason.busy"          // Microsoft is overloaded
	ReasonChanged      Reason = "reason.changed"       // the meeting has changed since the person last viewed it
	ReasonClaims       Reason = "reason.claims"        // the person must sign in again with the claims challenge in the response
	ReasonConflict     Reason = "reason.conflict"      // Graph was processing another change to the meeting
	ReasonConsent      Reason = "reason.consent"       // the organization has not consented to the permissions
	ReasonDesk         Reason = "reason.desk"          // a fault in the desk itself
	ReasonForbidden    Reason = "reason.forbidden"     // Graph answered 403 without a more specific code
	ReasonGarbled      Reason = "reason.garbled"       // the response is not JSON, or is not what the desk requested
	ReasonLate         Reason = "reason.late"          // the deadline passed before the request was sent
	ReasonList         Reason = "reason.list"          // Graph's reply contains no attendees, so an update could remove existing ones
	ReasonNoAnswer     Reason = "reason.no_answer"     // there was no response, or it was truncated
	ReasonNoOrganizer  Reason = "reason.no_organizer"  // Graph does not recognize the organizer
	ReasonNotAllowed   Reason = "reason.not_allowed"   // Graph answered 405
	ReasonNotFound     Reason = "reason.not_found"     // Graph did not find the meeting or the person
	ReasonNotGraph     Reason = "reason.not_graph"     // the response did not come from Graph
	ReasonOrganizerHas Reason = "reason.organizer_has" // somebody else created the organizer's meeting for the ticket
	ReasonPayment      Reason = "reason.payment"       // Graph answered 402
	ReasonPeople       Reason = "reason.people"        // there are so many people that Graph may have omitted some
	ReasonPolicy       Reason = "reason.policy"        // Graph answered 403 to the application, usually because an access policy is missing
	ReasonProxy        Reason = "reason.proxy"         // a proxy refused to connect to Graph
	ReasonRefused      Reason = "reason.refused"       // Graph answered with any other 4xx
	ReasonScope        Reason = "reason.scope"         // the person's token lacks a permission
	ReasonServerError  Reason = "reason.server_error"  // Graph answered with any other 5xx
	ReasonSetup        Reason = "reason.setup"         // Entra ID does not accept the desk's app registration
	ReasonSignIn       Reason = "reason.sign_in"       // the person has no usable token
	ReasonStopped      Reason = "reason.stopped"       // the desk was stopped before it recorded a response
	ReasonThrottled    Reason = "reason.throttled"     // Graph or Entra ID answered 429
	ReasonTLS          Reason = "reason.tls"           // the TLS handshake failed, for example because of the server's certificate
	ReasonUnreachable  Reason = "reason.unreachable"   // no connection was made
	ReasonWait         Reason = "reason.wait"          // not sent, because Microsoft requested a delay
)

// The reasons why the desk refuses a sign-in or a session.
const (
	ReasonSignInAppSetup        Reason = "signin.app_setup"        // Entra ID refuses the application's credentials
	ReasonSignInDeclined        Reason = "signin.declined"         // the person cancelled the sign-in or refused consent
	ReasonSignInEmulator        Reason = "signin.emulator"         // the provider is an emulator, which the configuration does not allow
	ReasonSignInExpired         Reason = "signin.expired"          // the session has ended, expired or been idle for too long
	ReasonSignInGuest           Reason = "signin.guest"            // the account is a guest in the tenant
	ReasonSignInIssuer          Reason = "signin.issuer"           // the response is from another provider, or does not name its issuer
	ReasonSignInLarge           Reason = "signin.large"            // the form is too large to store during the sign-in
	ReasonSignInLong            Reason = "signin.long"             // the return URL is too long
	ReasonSignInNoCode          Reason = "signin.no_code"          // the callback has no authorization code
	ReasonSignInPersonal        Reason = "signin.personal"         // the account is a personal Microsoft account
	ReasonSignInRefused         Reason = "signin.refused"          // the provider returned some other error
	ReasonSignInScope           Reason = "signin.scope"            // a permission was not granted
	ReasonSignInSetup           Reason = "signin.setup"            // Entra ID does not accept the desk's app registration
	ReasonSignInState           Reason = "signin.state"            // the state parameter is unknown, already used or expired
	ReasonSignInTenant          Reason = "signin.tenant"           // the account belongs to another tenant
	ReasonSignInTokenMissing    Reason = "signin.token_missing"    // the ID token lacks a claim
	ReasonSignInTokenTime       Reason = "signin.token_time"       // the ID token is expired or not yet valid
	ReasonSignInTokenUnreadable Reason = "signin.token_unreadable" // the ID token cannot be decoded
	ReasonSignInTokenWrong      Reason = "signin.token_wrong"      // a claim in the ID token has the wrong value
	ReasonSignInUnavailable     Reason = "signin.unavailable"      // the provider cannot be reached, is overloaded or answers too late
)

// The reasons why a request fails, an import is paused or cancelled, or one of its rows is
// left out.
const (
	ReasonAccessChange        Reason = "access.change"        // the person may see this meeting but not change it
	ReasonAccessAdministrator Reason = "access.administrator" // only administrators may use this page
	ReasonAccessEnded         Reason = "access.ended"         // somebody revoked the person's access to this meeting
	ReasonAccessChanged       Reason = "access.changed"       // the person's access to the meeting ended during the request
	ReasonAccessOthers        Reason = "access.others"        // the person may not grant or revoke access to this meeting
	ReasonAccessNoRole        Reason = "access.no_role"       // the person has no app role
	ReasonAdoptColleague      Reason = "adopt.colleague"      // the link leads to somebody else's meeting
	ReasonAdoptNotFound       Reason = "adopt.not_found"      // the person has no meeting with this link
	ReasonAdoptReplaced       Reason = "adopt.replaced"       // the meeting is recorded as replaced
	ReasonAttemptClosed       Reason = "attempt.closed"       // the attempt's state no longer allows the action, or a newer attempt supersedes it
	ReasonAttemptOthers       Reason = "attempt.others"       // only the person who began the attempt may repeat it
	ReasonAttemptRunning      Reason = "attempt.running"      // another attempt for the ticket is running
	ReasonAttemptUnknown      Reason = "attempt.unknown"      // there is no such attempt, or the person may not see it
	ReasonStorageUnwritable   Reason = "storage.unwritable"   // the database cannot be written to, for example because the disk is full
	ReasonStorageUnreachable  Reason = "storage.unreachable"  // the database server cannot be reached or is not ready
	ReasonStorageDamaged      Reason = "storage.damaged"      // the database file is damaged
	ReasonAuditFailed         Reason = "audit.failed"         // the audit log cannot be written to
	ReasonBodyLarge           Reason = "body.large"
	ReasonBodySlow            Reason = "body.slow"       // the request body did not arrive in time
	ReasonBodyType            Reason = "body.type"       // the request body is not a form
	ReasonBodyUnreadable      Reason = "body.unreadable" // the form cannot be decoded
	ReasonChangeNotLive       Reason = "change.not_live" // the meeting's state does not allow the change
	ReasonNoteBlank           Reason = "note.blank"
	ReasonNoteLong            Reason = "note.long"
	ReasonNoteOthers          Reason = "note.others"       // somebody else wrote the note
	ReasonPutBackStale        Reason = "put_back.stale"    // the change can no longer be undone
	ReasonChangeNothing       Reason = "change.nothing"    // the form changes nothing
	ReasonChangeStale         Reason = "change.stale"      // the meeting changed while the form was open
	ReasonCrossSiteRefused    Reason = "crosssite.refused" // the request came from another site
	ReasonExportBusy          Reason = "export.busy"       // too many exports are running
	ReasonExportOwn           Reason = "export.own"        // two of the person's exports are already running
	ReasonExportUnreadable    Reason = "export.unreadable" // the URL contains an invalid filter
	ReasonGuardLimited        Reason = "guard.limited"     // the person looked up too many tickets
	ReasonImportUnknown       Reason = "import.unknown"    // there is no such import, or the person may not see it
	ReasonImportChanged       Reason = "import.changed"    // the import's state has changed since the page was shown
	ReasonImportCancelled     Reason = "import.cancelled"  // the import was cancelled before the row was sent
	ReasonImportSkipped       Reason = "import.skipped"
	ReasonImportFaulty        Reason = "import.faulty"            // the row had a problem when the import was started
	ReasonImportPerson        Reason = "import.person"            // the person paused the import
	ReasonImportAdministrator Reason = "import.administrator"     // an administrator paused the import
	ReasonImportPersonEnd     Reason = "import.person_end"        // the person cancelled the import
	ReasonImportAdminEnd      Reason = "import.administrator_end" // an administrator cancelled the import
	ReasonImportSessionEnded  Reason = "import.session_ended"     // the person ended the session in which the import was started
	ReasonImportRevoked       Reason = "import.revoked"           // an administrator signed the person out
	ReasonImportSignedOut     Reason = "import.signed_out"        // Microsoft no longer accepts the person's sign-in
	ReasonImportNoRole        Reason = "import.no_role"           // the person lost the role that may create meetings
	ReasonImportDayOver       Reason = "import.day_over"          // 24 hours have passed since the import was started or resumed
	ReasonImportPast          Reason = "import.past"              // the row's meeting would start in the past
	ReasonImportLimited       Reason = "import.limited"           // the person looked up too many tickets, so the desk hides a colleague's meeting for this ticket
	ReasonImportLarge         Reason = "import.large"
	ReasonImportBusy          Reason = "import.busy"           // the person is uploading another table
	ReasonImportWatched       Reason = "import.watched"        // the person is already watching the maximum number of imports at once
	ReasonImportAhead         Reason = "import.ahead"          // another import by the person will create one of these meetings
	ReasonImportTaken         Reason = "import.taken"          // a meeting for the row's ticket was created after the import started
	ReasonImportNothing       Reason = "import.nothing"        // none of the rows can create a meeting
	ReasonInternal            Reason = "internal"              // a fault in the desk itself
	ReasonKitNoLink           Reason = "kit.no_link"           // the meeting has no join link
	ReasonKitNoTime           Reason = "kit.no_time"           // the meeting has no start time
	ReasonKitOver             Reason = "kit.over"              // the meeting was removed or replaced
	ReasonKitTooLong          Reason = "kit.too_long"          // the link does not fit into a QR code
	ReasonLimitAddress        Reason = "limit.address"         // too many requests came from one network address
	ReasonLimitPerson         Reason = "limit.person"          // the person exceeded a limit on requests
	ReasonListSlow            Reason = "list.slow"             // a list or search exceeded its time limit
	ReasonMeetingUnknown      Reason = "meeting.unknown"       // there is no such meeting, or the person may not see it
	ReasonMethodWrong         Reason = "method.wrong"          // the URL does not support this method
	ReasonOrganizerHelpDesk   Reason = "organizer.help_desk"   // only the help desk may create meetings for others
	ReasonPageUnknown         Reason = "page.unknown"          // there is no such page or person
	ReasonPeopleOff           Reason = "people.off"            // the desk may not read the directory
	ReasonPeopleUnavailable   Reason = "people.unavailable"    // the directory search failed
	ReasonPreferencesLanguage Reason = "preferences.language"  // the desk does not offer this language
	ReasonPreferencesTheme    Reason = "preferences.theme"     // the desk does not offer this theme
	ReasonPreferencesTimeZone Reason = "preferences.time_zone" // the desk does not offer this time zone
	ReasonTicketTaken         Reason = "ticket.taken"          // a meeting for the ticket was created after the desk looked for one
	ReasonPresetChanged       Reason = "preset.changed"        // the preset has changed since the page was loaded
	ReasonSessionMissing      Reason = "session.missing"       // the form does not name the session to end
	ReasonPresetUnknown       Reason = "preset.unknown"
	ReasonRecordRemoved       Reason = "record.removed" // Graph removed the meeting, but the database could not record it
	ReasonRecordFailed        Reason = "record.failed"  // Graph carried out the request, but the database could not record it
	ReasonRetryWait           Reason = "retry.wait"     // Microsoft requested a delay before the retry
	ReasonSearchBusy          Reason = "search.busy"    // two of the person's searches are already running
	ReasonSiteBusy            Reason = "site.busy"      // too many requests are in progress
	ReasonStarting            Reason = "site.starting"
	ReasonUpgrading           Reason = "site.upgrading" // the database is being upgraded
)

// The reasons why the value of a field is invalid. Most of their messages in package locale
// say what to enter instead.
const (
	ReasonAttendeesAlike        Reason = "attendees.alike"     // an address contains a character that looks like an ASCII one
	ReasonAttendeesCharacter    Reason = "attendees.character" // an address contains a character that Microsoft's addresses never contain
	ReasonAttendeesFar          Reason = "attendees.far"       // the list has more entries than the desk reads
	ReasonAttendeesInvisible    Reason = "attendees.invisible" // an address contains an invisible character
	ReasonAttendeesLine         Reason = "attendees.line"      // the line cannot be read as one person
	ReasonAttendeesLines        Reason = "attendees.lines"     // there are more invalid lines than the form lists
	ReasonAttendeesMany         Reason = "attendees.many"      // there are more people than MaxAttendees
	ReasonAttendeesRole         Reason = "attendees.role"      // a line has an unknown word where a role is expected
	ReasonDateMissing           Reason = "date.missing"
	ReasonDateUnreadable        Reason = "date.unreadable"
	ReasonDurationUnreadable    Reason = "duration.unreadable"
	ReasonDurationDecimal       Reason = "duration.decimal"
	ReasonDurationDiffers       Reason = "duration.differs"
	ReasonEndDateDiffers        Reason = "end_date.differs"
	ReasonEndAlone              Reason = "end.alone" // there is an end but no start
	ReasonEndBefore             Reason = "end.before"
	ReasonEndBlank              Reason = "end.blank"
	ReasonEndFar                Reason = "end.far" // the meeting is longer than MaxDuration
	ReasonExternalIDBlank       Reason = "external_id.blank"
	ReasonExternalIDControl     Reason = "external_id.control" // a control or invisible character
	ReasonExternalIDLong        Reason = "external_id.long"
	ReasonExternalIDPattern     Reason = "external_id.pattern"      // not a ticket number; the message includes the configured hint
	ReasonExternalIDPatternBare Reason = "external_id.pattern.bare" // not a ticket number; no hint is configured
	ReasonAuditMeeting          Reason = "audit.meeting"            // audit filter: neither a meeting number nor a known ticket
	ReasonEraseSelf             Reason = "erase.self"               // an administrator tries to erase themselves
	ReasonEraseConfirm          Reason = "erase.confirm"            // the confirmation text is wrong
	ReasonRetentionMonths       Reason = "retention.months"         // not a whole number of months within the limits
	ReasonRetentionNothing      Reason = "retention.nothing"        // neither meetings nor audit entries are to be removed
	ReasonPersonUnknown         Reason = "person.unknown"           // no name or address in the database contains the text
	ReasonFilterDate            Reason = "filter.date"              // history or audit filter: not a date
	ReasonFilterRange           Reason = "filter.range"             // history or audit filter: the last day precedes the first
	ReasonFilterUnknown         Reason = "filter.unknown"           // history or audit filter: not one of the choices
	ReasonFoldUnknown           Reason = "fold.unknown"
	ReasonJoinURLBlank          Reason = "join_url.blank"
	ReasonJoinURLUnreadable     Reason = "join_url.unreadable"
	ReasonOptionUnknown         Reason = "option.unknown"
	ReasonOrganizerHasTicket    Reason = "organizer.has"     // somebody else created the organizer's meeting for the ticket
	ReasonOrganizerOff          Reason = "organizer.off"     // this desk cannot create meetings for others
	ReasonOrganizerUnknown      Reason = "organizer.unknown" // not one of the configured organizers
	ReasonOrganizerWaiting      Reason = "organizer.waiting" // a colleague requested this meeting, but Graph has not confirmed it
	ReasonPresentersChannel     Reason = "presenters.channel"
	ReasonPresentersMany        Reason = "presenters.many"
	ReasonPresentersRoles       Reason = "presenters.roles" // there is a presenter, but presenters are not chosen by role
	ReasonPresetLength          Reason = "preset.length"    // not a number of minutes within the limits
	ReasonPresetNameBlank       Reason = "preset.name.blank"
	ReasonPresetNameControl     Reason = "preset.name.control" // a control or invisible character
	ReasonPresetNameLong        Reason = "preset.name.long"
	ReasonPresetNameTaken       Reason = "preset.name.taken"
	ReasonPresetPlace           Reason = "preset.place"          // the subject has an unknown placeholder
	ReasonPresetPrefixControl   Reason = "preset.prefix.control" // a control or invisible character
	ReasonPresetPrefixLong      Reason = "preset.prefix.long"
	ReasonPresetPrefixTaken     Reason = "preset.prefix.taken" // another preset has the prefix
	ReasonRepeatUnknown         Reason = "repeat.unknown"      // the interval of the series is not one of the choices
	ReasonRolesMore             Reason = "roles.more"          // there are more problems with people's roles than the form lists
	ReasonRolesOutsider         Reason = "roles.outsider"      // a person with a role is not in the directory
	ReasonRolesUnsure           Reason = "roles.unsure"        // a person with a role seems to be outside the organization and cannot be looked up
	ReasonStartBlank            Reason = "start.blank"
	ReasonStartMissing          Reason = "start.missing" // there is a date but no start time
	ReasonSubjectControl        Reason = "subject.control"
	ReasonSubjectLong           Reason = "subject.long"
	ReasonThreadIDOff           Reason = "thread_id.off" // channel meetings are not enabled
	ReasonThreadIDUnreadable    Reason = "thread_id.unreadable"
	ReasonTimesUnreadable       Reason = "times.unreadable" // the number of meetings in the series is not within the limits
	ReasonTimeMissing           Reason = "time.missing"     // a clock change skips this local time
	ReasonTimeTwice             Reason = "time.twice"       // this local time occurs twice
	ReasonTimeUnreadable        Reason = "time.unreadable"
	ReasonZoneBlank             Reason = "zone.blank"
	ReasonZoneUnknown           Reason = "zone.unknown"
)
