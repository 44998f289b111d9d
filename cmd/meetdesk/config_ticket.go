package main

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
)

const ticketURLHint = "where a ticket is, with " + meeting.TicketPlace + " for its number, such as https://tickets.example.org/" + meeting.TicketPlace

// ticketRule checks and returns the settings for the format of ticket numbers and for
// links to tickets. Both are optional.
func (c *config) ticketRule(k *checker) meeting.TicketRule {
	rule := meeting.TicketRule{Hint: strings.TrimSpace(c.TicketHint), URL: k.ticketURL(c.TicketURL)}
	if last, _ := utf8.DecodeLastRuneInString(rule.Hint); unicode.IsLetter(last) || unicode.IsDigit(last) {
		rule.Hint += "." // more text follows on the page
	}
	if c.TicketPattern != "" {
		var err error
		if rule.Pattern, err = regexp.Compile(c.TicketPattern); err != nil {
			k.add("TICKET_PATTERN", `%v; a regular expression such as ^INC[0-9]{7}$`, err)
		}
	}
	if _, ok := rule.Normal(c.TicketExample); c.TicketExample != "" && rule.Pattern != nil && !ok {
		k.add("TICKET_EXAMPLE", `%q does not match the pattern %q; systemd removes backslashes unless the value is in single quotes, and [0-9] needs no backslash`, c.TicketExample, c.TicketPattern)
	}
	return rule
}

// ticketURL checks the template for ticket URLs. The host must not contain the placeholder.
// Otherwise, a ticket number could change the host of the link.
func (k *checker) ticketURL(template string) string {
	if template == "" {
		return ""
	}
	one, err := url.Parse(strings.ReplaceAll(template, meeting.TicketPlace, "1"))
	two, errTwo := url.Parse(strings.ReplaceAll(template, meeting.TicketPlace, "2"))
	switch {
	case err != nil || errTwo != nil || one.Host == "" || (one.Scheme != "https" && one.Scheme != "http"):
		k.add("TICKET_URL", "%q is no address; %s", template, ticketURLHint)
	case !strings.Contains(template, meeting.TicketPlace):
		k.add("TICKET_URL", "%q lacks %s; %s", template, meeting.TicketPlace, ticketURLHint)
	case one.Host != two.Host || one.User != nil:
		k.add("TICKET_URL", "%q must name its host, and nobody to sign in; %s", template, ticketURLHint)
	case one.Scheme == "http" && !isLoopback(one.Hostname()):
		k.add("TICKET_URL", "%q must begin with https://, since it is not on this machine", template)
	default:
		return template
	}
	return ""
}
