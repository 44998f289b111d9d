package people

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
)

// tags maps words that may follow an address, in any of the desk's languages, to roles. It
// must contain every word that the form or the desk's pages show after an address; a test
// in package views checks this.
var tags = map[string]meeting.AttendeeRole{
	"presenter": meeting.RolePresenter, "apresentador": meeting.RolePresenter, "apresentadora": meeting.RolePresenter,
	"coorganizer": meeting.RoleCoorganizer, "co-organizer": meeting.RoleCoorganizer, "coorganizador": meeting.RoleCoorganizer, "coorganizadora": meeting.RoleCoorganizer,
	"co organizer": meeting.RoleCoorganizer, "co-organizador": meeting.RoleCoorganizer, "co-organizadora": meeting.RoleCoorganizer,
	"presenters": meeting.RolePresenter, "apresentadores": meeting.RolePresenter, "apresentadoras": meeting.RolePresenter,
	"coorganizers": meeting.RoleCoorganizer, "co-organizers": meeting.RoleCoorganizer, "co-organizadores": meeting.RoleCoorganizer, "co-organizadoras": meeting.RoleCoorganizer,
	"coorganizadores": meeting.RoleCoorganizer, "coorganizadoras": meeting.RoleCoorganizer,
	"attendee": "", "participante": "", "producer": "",
	"outside": "", "de fora": "", "unresolved": "", "não identificado": "",
}

// notRoles lists words for roles that are not in tags. If such a word were dropped like
// the heading "To:", the requested role would be lost silently.
var notRoles = strings.Fields("speaker host co-host cohost moderator panelist lecturer " +
	"palestrante anfitrião anfitriã coanfitrião coanfitriã moderador moderadora painelista expositor expositora " +
	"ponente presentador presentadora anfitrión referent referentin moderatorin présentateur présentatrice animateur animatrice relatore")

const maxTags = 3 // the maximum number of tags that may follow a person's address

// cutTags returns the text without the tags at its end, and the role that they name. Tags
// may be in brackets.
func cutTags(text string) (rest string, role meeting.AttendeeRole) {
	rest = meeting.Trim(text)
	for range maxTags {
		before, tag := lastTag(rest)
		if tag == "" {
			break
		}
		if tags[tag] != "" {
			role = tags[tag]
		}
		rest = strings.TrimRight(meeting.Trim(before), ",")
	}
	return rest, role
}

// lastTag returns the tag at the end of the text and the text before it. Both are "" if
// the text does not end with a tag.
func lastTag(text string) (before, tag string) {
	text = meeting.Trim(text)
	for _, pair := range []string{"()", "[]"} {
		if bare, ok := strings.CutSuffix(text, pair[1:]); ok {
			if open := strings.LastIndex(bare, pair[:1]); open >= 0 {
				if _, known := tags[strings.ToLower(meeting.Trim(bare[open+1:]))]; known {
					return bare[:open], strings.ToLower(meeting.Trim(bare[open+1:]))
				}
			}
		}
	}
	for word := range tags {
		if n := len(text) - len(word); n >= 0 && len(word) > len(tag) && strings.EqualFold(text[n:], word) && beginsWord(text[:n], text[n:]) {
			before, tag = text[:n], word
		}
	}
	return before, tag
}

// beginsWord reports whether rest begins a new word when it directly follows text. Text
// copied from a page may lack the space, as in "PresenterOutside".
func beginsWord(text, rest string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	first, _ := utf8.DecodeRuneInString(rest)
	return text == "" || !meeting.IsLetterOrDigit(last) || unicode.IsLower(last) && unicode.IsUpper(first)
}
