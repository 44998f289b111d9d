package people

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"meetdesk/meeting"
)

// wide replaces the full-width punctuation of Chinese and Japanese text with ASCII.
var wide = strings.NewReplacer("；", ";", "，", ",", "、", ",", "：", ":", "＜", "<", "＞", ">", "（", "(", "）", ")", "［", "[", "］", "]", "＂", `"`, "＠", "@", "﹫", "@")

func isLineEnd(r rune) bool {
	return r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// aboutMail lists, in several languages, the mail headers that do not name people. Users
// often copy them along with the recipients.
var aboutMail = strings.Fields("subject sent date received importance priority attachments assunto enviado enviada data prioridade anexos asunto fecha betreff gesendet datum objet envoyé onderwerp verzonden oggetto inviato")

// chatStamp matches the time that WhatsApp and Teams put before each copied message.
var chatStamp = regexp.MustCompile(`^(?:\[[0-9][0-9/.:, -]{6,24}(?:\s?[AaPp]\.?[Mm]\.?)?\]|` +
	`[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{2,4},? [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\s?[AaPp]\.?[Mm]\.?)? -)\s*`)

// peopleLine returns the part of a line that names people, or "". It removes list
// markers, quote markers, chat times, and labels such as "To:". If the label is a word
// for a role, roleLabel is that word in lower case.
func peopleLine(line string) (people, roleLabel string) {
	line = chatStamp.ReplaceAllString(unmarkLine(meeting.Trim(wide.Replace(line))), "")
	label, rest, found := strings.Cut(line, ":")
	if !found || strings.HasPrefix(rest, "//") || len(label) > 60 || strings.ContainsAny(label, `@<>"(),;[]`) || strings.ContainsFunc(label, unicode.IsDigit) {
		return expandMailto(line), ""
	}
	label, rest = strings.ToLower(meeting.Trim(strings.Trim(label, "*"))), meeting.Trim(strings.TrimLeft(rest, "*"))
	first, _, _ := strings.Cut(label, " ")
	role, isTag := tags[label]
	if role != "" || slices.Contains(notRoles, label) {
		roleLabel = label
	}
	switch {
	case strings.Contains(rest, "@") && rest[0] != '/' && isScheme(label) && !strings.HasPrefix(rest, " "):
		return expandMailto(line), ""
	case slices.Contains(aboutMail, label) || slices.Contains(aboutMail, first):
		return "", ""
	case strings.Contains(rest, "@"):
		return expandMailto(rest), roleLabel
	case roleLabel != "" && rest == "": // the role may apply to the lines that follow
		return line, roleLabel
	case isTag, (rest == "" || rest == ";") && !isScheme(label): // "Outside: somebody who is not …", "To:", "Undisclosed recipients:;"
		return "", ""
	}
	return line, ""
}

func isScheme(word string) bool {
	return slices.Contains([]string{"mailto", "sip", "sips", "smtp", "im", "xmpp", "acct"}, word)
}

// unmarkLine removes list markers (bullets or numbers) and quote markers (such as ">")
// from the start of the line.
func unmarkLine(line string) string {
	for strings.HasPrefix(line, ">") || strings.HasPrefix(line, "|") {
		line = meeting.Trim(line[1:])
	}
	number := strings.TrimLeftFunc(line, unicode.IsDigit)
	if n := len(line) - len(number); n > 0 && n <= 3 && number != "" && (number[0] == '.' || number[0] == ')') && strings.TrimLeft(number[1:], " \t\u00a0") != number[1:] {
		return meeting.Trim(number[1:])
	}
	for _, mark := range []string{"•", "·", "◦", "▪", "‣", "*", "-", "–", "—"} {
		if rest, ok := strings.CutPrefix(line, mark); ok && strings.TrimLeftFunc(rest, unicode.IsSpace) != rest {
			return meeting.Trim(rest)
		}
	}
	return line
}

// expandMailto returns the people in a mailto link, such as "mailto:a@b,c@d?cc=e@f",
// separated by commas. It returns any other line unchanged.
func expandMailto(line string) string {
	link := strings.TrimSuffix(strings.TrimPrefix(line, "<"), ">")
	if len(link) < len("mailto:") || !strings.EqualFold(link[:len("mailto:")], "mailto:") || strings.ContainsFunc(link, unicode.IsSpace) {
		return line
	}
	to, query, _ := strings.Cut(link[len("mailto:"):], "?")
	values, _ := url.ParseQuery(strings.ReplaceAll(query, "+", "%2B")) // malformed parts are ignored
	people := []string{}
	for _, part := range strings.Split(to, ",") {
		people = append(people, "mailto:"+part)
	}
	for name, lists := range values {
		if name = strings.ToLower(name); name == "to" || name == "cc" || name == "bcc" {
			people = append(people, lists...)
		}
	}
	return strings.Join(people, ",")
}
