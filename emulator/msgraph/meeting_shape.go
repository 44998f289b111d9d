package msgraph

// The shapes in this file follow Microsoft's metadata. The tests compare them with
// testdata/createorget-openapi.yaml.

func createOrGetShape() object {
	return object{
		"externalId": isText, "subject": isText, "startDateTime": isTime, "endDateTime": isTime,
		"participants": participantsShape().shape, "chatInfo": chatInfoShape().shape,
	}
}

func chatInfoShape() object {
	return object{"messageId": isText, "replyChainMessageId": isText, "threadId": isText}
}

// meetingShape returns the shape of an onlineMeeting in a PATCH. Graph checks the types even
// of properties that it then ignores.
func meetingShape() object {
	o := object{
		"id": isText, "externalId": isText, "subject": isText, "joinWebUrl": isText, "meetingOptionsWebUrl": isText,
		"meetingSpokenLanguageTag": isText, "meetingTemplateId": isText, "videoTeleconferenceId": isText, "attendeeReport": isText,
		"creationDateTime": isTime, "startDateTime": isTime, "endDateTime": isTime, "expiryDateTime": isTime,
		"allowedPresenters":     oneOf("everyone", "organization", "roleIsPresenter", "organizer"),
		"allowMeetingChat":      oneOf("enabled", "disabled", "limited"),
		"allowLiveShare":        oneOf("enabled", "disabled"),
		"allowedLobbyAdmitters": oneOf("organizerAndCoOrganizersAndPresenters", "organizerAndCoOrganizers"),
		"meetingType":           oneOf("adhoc", "scheduled", "recurring", "broadcast", "meetnow"),

		"shareMeetingChatHistoryDefault": oneOf("none", "all"),
		"anonymizeIdentityForRoles":      listOf(roleShape()),
		"participants":                   participantsShape().shape,
		"chatInfo":                       chatInfoShape().shape,
		"chatRestrictions":               object{"allowTextOnly": isFlag}.shape,
		"cloudVideoInteropInfo":          object{"moreInfoWebUrl": isText, "tenantKey": isText, "videoTeleconferenceId": isText}.shape,
		"joinInformation":                object{"content": isText, "contentType": oneOf("text", "html")}.shape,
		"joinMeetingIdSettings":          object{"isPasscodeRequired": isFlag, "joinMeetingId": isText, "passcode": isText}.shape,
		"sensitivityLabelAssignment":     object{"sensitivityLabelId": isText}.shape,
		"watermarkProtection":            object{"isEnabledForContentSharing": isFlag, "isEnabledForVideo": isFlag}.shape,
		"audioConferencing": object{
			"conferenceId": isText, "dialinUrl": isText, "tollNumber": isText, "tollFreeNumber": isText,
			"tollNumbers": listOf(isText), "tollFreeNumbers": listOf(isText),
		}.shape,
		"lobbyBypassSettings": object{
			"isDialInBypassEnabled": isFlag,
			"scope":                 oneOf("organizer", "organization", "organizationAndFederated", "everyone", "invited", "organizationExcludingGuests"),
		}.shape,
		"broadcastSettings": object{
			"allowedAudience":         oneOf("roleIsAttendee", "organization", "everyone"),
			"captions":                object{"isCaptionEnabled": isFlag, "spokenLanguage": isText, "translationLanguages": listOf(isText)}.shape,
			"isAttendeeReportEnabled": isFlag, "isQuestionAndAnswerEnabled": isFlag, "isRecordingEnabled": isFlag, "isVideoOnDemandEnabled": isFlag,
		}.shape,
	}
	for _, flag := range []string{
		"allowAttendeeToEnableCamera", "allowAttendeeToEnableMic", "allowBreakoutRooms", "allowCopyingAndSharingMeetingContent",
		"allowParticipantsToChangeName", "allowPowerPointSharing", "allowRecording", "allowTeamworkReactions", "allowTranscription",
		"allowWhiteboard", "isBroadcast", "isEndToEndEncryptionEnabled", "isEntryExitAnnounced", "recordAutomatically",
	} {
		o[flag] = isFlag
	}
	return o
}

func participantsShape() object {
	return object{"organizer": participantShape().shape, "attendees": listOf(participantShape().shape)}
}

func participantShape() object {
	identity := object{"id": isText, "displayName": isText}.shape
	return object{
		"upn": isText, "role": roleShape(),
		"identity": object{
			"user": identity, "application": identity, "device": identity,
			"guest": identity, "phone": identity, // identitySet is an open type
		}.shape,
	}
}

func roleShape() shape {
	return oneOf("attendee", "presenter", "producer", "coorganizer", unknownValue)
}
