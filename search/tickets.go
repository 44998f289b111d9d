package search

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
)

// numberAfterLabel matches a number after "#" or a word for "ticket". Words for "number" or
// "is" may come between the word and the number.
var numberAfterLabel = regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(?:` + ticketWords + `)` +
	`(?:` + afterLabel + `{0,5}(?:(?:number|num|nr|no|n|id|nummer|n[uú]mero|num[eé]ro|numer|is|est|[eé]|es|er|är|ist|lautet|jest|das|[oa]|el|la|le)` + afterLabel + `{1,5}|` +
	`番号|번호|編號|编号|號碼|号码|[号號]))*` + afterLabel + `{0,5}(` + thousandsNumber + `|` + ticketNumber + `)|(?:^|[^\pL\pN&/])(?:#|№|n[º°o]\.?|nr\.)\s?(` + thousandsNumber + `|` + ticketNumber + `)`)

const (
	// ticketWords matches words for "ticket" in many languages.
	ticketWords = `tickets?|tickete|cases?|incidents?|requests?|issues?|service ?desk|help ?desk|` +
		`chamados?|casos?|incidentes?|ocorr[eê]ncias?|protocolos?|solicita[cç][aã]o|requisi[cç][aã]o|pedidos?|atendimento|` +
		`f[aä]lle?|vorg[aä]nge?|anfragen?|st[oö]rung(?:en)?|meldung(?:en)?|auftr[aä]ge?|` +
		`(?:ticket|fall|vorgangs|anfrage|st[oö]rungs|meldungs|auftrags)-?(?:nummer|nr|id)|` +
		`billets?|dossiers?|demandes?|incidencias?|solicitud(?:es)?|petici[oó]n|tiquete?s?|richiest[ae]|segnalazion[ei]|pratic(?:a|he)|caso|` +
		`zaak|melding(?:en)?|aanvraag|zaaknummer|meldingsnummer|[aä]rende(?:nummer)?|sag(?:snummer)?|henvendelse|sak(?:snummer)?|tapaus|tiketti|` +
		`zg[lł]oszeni[ea]|sprawa|bilet|p[rř][ií]pad|po[zž]adavek|tiket|talep|vaka|заявк[аи]|обращени[ея]|тикет|инцидент|чек|` +
		`チケット|案件|工单|工單|票号|문의|티켓`
	// afterLabel matches characters between a label and the number.
	afterLabel = `[\s.:#°º()\[\]=*_"'“”„’«»-]`
	// thousandsNumber matches a number with thousands separators, which ticketNumber does
	// not match.
	thousandsNumber = `[0-9]{1,3}(?:[ ,'’][0-9]{3})+\b`
	// ticketNumber matches a number with up to ten letters before it.
	ticketNumber = `\pL{0,10}[-_]?[0-9][\pL0-9]*(?:[-_/.~]\pL?[0-9][\pL0-9]*)*`
)

// ticketInBrackets matches an issue key in brackets, which issue trackers add to the
// subjects of their emails.
var ticketInBrackets = regexp.MustCompile(`[(\[{]\s*([A-Z][A-Z0-9]{1,9}-[0-9]+)\s*[)\]}]`)

// Tickets returns the possible ticket numbers within the text. They include the whole
// text only if it matches the rule. Numbers that match the rule come first, in their
// normal form.
func (in Input) Tickets(rule meeting.TicketRule) (tickets []string) {
	plain := in.plainText()
	linked := linkedTickets(rule, plain)
	for _, ticket := range linked {
		normal, _ := rule.Normal(ticket)
		addNew(&tickets, normal)
	}
	if rule.Pattern != nil {
		for _, ticket := range matchingTickets(rule, plain) {
			addNew(&tickets, ticket)
		}
	}
	for _, ticket := range in.likelyTickets(plain) {
		if rule.URL != "" && countDigits(ticket) == len(ticket) && strings.HasSuffix(strings.TrimRight(plain, "/>"), "/"+ticket) && !slices.Contains(linked, ticket) {
			continue // the number at the end of this link does not belong to a ticket
		}
		normal, _ := rule.Normal(ticket)
		if meeting.TicketKey(normal) != meeting.TicketKey(ticket) {
			normal = ticket
		}
		addNew(&tickets, normal)
	}
	return tickets
}

func (in Input) plainText() string {
	return withoutQuoteMarks(meeting.PlainText(mailText(in.Text[:min(len(in.Text), maxInput)])))
}

// likelyTickets returns the parts of the text that look like ticket numbers. It also
// recognizes a number typed character by character ("I N C 1 2 3 4").
func (in Input) likelyTickets(text string) (tickets []string) {
	if !strings.ContainsAny(text, "0123456789") && !strings.Contains(text, "://") {
		return nil
	}
	fields := strings.Fields(text)
	if len(fields) > 4 && !slices.ContainsFunc(fields, func(f string) bool { return utf8.RuneCountInString(f) > 1 }) {
		return []string{strings.Join(fields, "")}
	}
	if len(fields) == 1 && text != in.Text && looksLikeTicket(text) { // plainText changed the text, for example by converting full-width letters
		addNew(&tickets, text)
	}
	for _, spelling := range numberSpellings(text) {
		if spelling != in.Text {
			addNew(&tickets, spelling)
		}
	}
	for _, ticket := range in.labelledTickets(anyLink.ReplaceAllString(text, "\n")) {
		addNew(&tickets, ticket)
	}
	for _, field := range fields {
		if ticket := ticketOfWord(field, len(fields) == 1); ticket != "" {
			addNew(&tickets, ticket)
		}
	}
	return tickets
}

// labelledTickets returns the numbers that follow "#" or a word for "ticket", and the issue
// keys in brackets.
func (in Input) labelledTickets(text string) (tickets []string) {
	for _, m := range numberAfterLabel.FindAllStringSubmatch(text, maxMatches) {
		number := m[1] + m[2]
		if meeting.TicketKey(number) == meeting.TicketKey(in.Text) || isYear(number) && season.MatchString(m[0]) {
			continue
		}
		addNew(&tickets, number)
		for _, spelling := range numberSpellings(number) {
			addNew(&tickets, spelling)
		}
	}
	for _, m := range ticketInBrackets.FindAllStringSubmatch(text, maxMatches) {
		addNew(&tickets, m[1])
	}
	return tickets
}

// ticketOfWord returns the ticket number in a word of the text, or "". A link's ticket
// number is at its end. Any other word is a ticket number if it contains letters and at
// least three digits and is not the whole text.
func ticketOfWord(word string, isAll bool) string {
	if _, path, isLink := strings.Cut(word, "://"); isLink {
		return ticketOfLink(path)
	}
	word = strings.TrimFunc(word, func(r rune) bool { return !meeting.IsLetterOrDigit(r) })
	if isAll || countDigits(word) < 3 || !strings.ContainsFunc(word, unicode.IsLetter) || strings.ContainsFunc(word, notInTicket) {
		return ""
	}
	return word
}

// season matches the word "fall", which means autumn if a year follows. Otherwise, it may be
// the German "Fall" (case), a label for a ticket.
var season = regexp.MustCompile(`(?i)^\W?fall[\s,]`)

func isYear(number string) bool {
	return len(number) == 4 && (strings.HasPrefix(number, "19") || strings.HasPrefix(number, "20"))
}

// numberSpellings returns the plain forms of text that consists of a single number: one
// without spreadsheet formatting and, for a number with thousands separators, one without
// them.
func numberSpellings(text string) (list []string) {
	plain := strings.TrimSpace(plainNumbers(plainMarks.Replace(text)))
	if strings.Trim(plain, "0123456789"+separators) == "" {
		list = append(list, plain)
	}
	if meeting.IsGrouped(plain) {
		list = append(list, onlyDigits(plain))
	}
	return list
}

// ticketOfLink returns the ticket number at the end of a link's path, or "". In links to
// the desk, the number follows /t/. Links to Zammad tickets end with an internal ID
// instead.
func ticketOfLink(path string) string {
	path, _, _ = strings.Cut(strings.TrimRight(path, "/>.,;"), "?")
	_, last, isOwn := strings.Cut(path, "/t/")
	if !isOwn {
		last = path[strings.LastIndexByte(path, '/')+1:]
	}
	plain, err := url.PathUnescape(last)
	if err != nil || !isOwn && (countDigits(plain) < 3 || strings.ContainsFunc(plain, notInTicket) || strings.Contains(path, "ticket/zoom/")) {
		return ""
	}
	return plain
}
