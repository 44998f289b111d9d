package msgraph

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"meetdesk/emulator/wire"
)

// shape checks a value against its type in Microsoft's metadata. It returns the value
// with names and enum members in the metadata's spelling, because Graph ignores their
// case (traverse-the-graph.md). Every property can be null.
type shape func(path string, v any) (any, error)

func wrongType(path, want string, v any) error {
	text, _ := json.Marshal(v) // cannot fail: v was decoded from JSON
	if len(text) > 100 {
		text = text[:100]
	}
	return badRequest(genericMessage, fmt.Sprintf("%s is %s, want %s", path, text, want))
}

func isText(path string, v any) (any, error) {
	if _, ok := v.(string); !ok {
		return nil, wrongType(path, "a string", v)
	}
	return v, nil
}

func isFlag(path string, v any) (any, error) {
	if _, ok := v.(bool); !ok {
		return nil, wrongType(path, "true or false", v)
	}
	return v, nil
}

func isTime(path string, v any) (any, error) {
	text, _ := v.(string)
	var t edmTime
	if quoted, err := json.Marshal(text); err != nil || t.UnmarshalJSON(quoted) != nil {
		return nil, wrongType(path, "a time with an offset", v)
	}
	return t.Format(time.RFC3339Nano), nil
}

// oneOf returns a shape that accepts the members of an enum as strings.
func oneOf(members ...string) shape {
	return func(path string, v any) (any, error) {
		text, _ := v.(string)
		known, ok := wire.Canonical(text, members)
		if !ok {
			return nil, wrongType(path, "one of "+strings.Join(members, ", "), v)
		}
		return known, nil
	}
}

func listOf(item shape) shape {
	return func(path string, v any) (any, error) {
		list, ok := v.([]any)
		if !ok {
			return nil, wrongType(path, "a list", v)
		}
		checked := make([]any, len(list))
		for i, v := range list {
			var err error
			if checked[i], err = item(fmt.Sprintf("%s[%d]", path, i), v); err != nil {
				return nil, err
			}
		}
		return checked, nil
	}
}

// object describes a complex type: it maps each property's name to its shape. It
// preserves unknown properties, because onlineMeeting and identitySet are open types.
type object map[string]shape

func (o object) shape(path string, v any) (any, error) {
	properties, ok := v.(map[string]any)
	if !ok {
		return nil, wrongType(path, "an object", v)
	}
	names := make([]string, 0, len(o))
	for name := range o {
		names = append(names, name)
	}
	checked := make(map[string]any, len(properties))
	for given, v := range properties {
		name, known := wire.Canonical(given, names)
		if !known {
			name = given
		}
		if _, twice := checked[name]; twice {
			return nil, badRequest(genericMessage, name+" is there twice, in different cases")
		}
		checked[name] = v
		if !known || v == nil {
			continue
		}
		var err error
		if checked[name], err = o[name](strings.TrimPrefix(path+"."+name, "."), v); err != nil {
			return nil, err
		}
	}
	return checked, nil
}

// decodeAs checks the JSON object in the body against o and decodes it into v.
func (c *call) decodeAs(o object, v any) error {
	var body map[string]any
	if err := c.decode(&body); err != nil {
		return err
	}
	checked, err := o.shape("", body)
	if err != nil {
		return err
	}
	text, err := json.Marshal(checked)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return badRequest(genericMessage, fmt.Sprintf("the body cannot be read: %v", err))
	}
	return nil
}

// isUpdatable reports whether setProperty can set the property. Times and participants
// are updated separately.
func isUpdatable(property string) bool {
	return slices.Contains([]string{
		"subject", "allowAttendeeToEnableCamera", "allowAttendeeToEnableMic", "allowBreakoutRooms",
		"allowCopyingAndSharingMeetingContent", "allowPowerPointSharing", "allowRecording", "allowTeamworkReactions",
		"allowTranscription", "allowWhiteboard", "isEntryExitAnnounced", "recordAutomatically", "watermarkProtection",
		"lobbyBypassSettings", "allowedPresenters", "allowMeetingChat", "allowLiveShare", "allowedLobbyAdmitters",
		"anonymizeIdentityForRoles",
	}, property)
}
