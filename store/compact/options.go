package compact

import (
	"slices"
	"strings"
)

// options lists the option values that Graph returns for most meetings. Such a value is
// stored as a brace and the character '0' plus its index. Entries must never change. Add
// new ones at the end.
var options = [...]string{"everyone", "organization", "organizer", "roleIsPresenter", "organizationAndFederated", "organizationExcludingGuests", "invited"}

func shortOption(value string) string {
	if i := slices.Index(options[:], value); i >= 0 {
		return "{" + string(rune('0'+i))
	}
	if strings.HasPrefix(value, "{") {
		return "{" + value
	}
	return value
}

// FullOption returns the option value for its stored form.
func FullOption(stored string) string {
	code, ok := strings.CutPrefix(stored, "{")
	if !ok {
		return stored
	}
	if len(code) == 1 {
		if i := int(code[0]) - '0'; i >= 0 && i < len(options) {
			return options[i]
		}
	}
	return code
}
