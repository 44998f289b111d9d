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

// numberAfterLabel finds a number behind a word for "ticket" or behind "#". A word
// for "number" may stand between them; in German it is a part of the word.
var numberAfterLabel = regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(?:` + ticketWords + `)` +
	`(?:` + afterLabel + `{0,5}(?:(?:number|num|nr|no|n|id|nummer|n[uú]mero|num[eé]ro|numer|is|est|[eé]|es|er|är|ist|lautet|jest|das|[oa]|el|la|le)` + afterLabel + `{1,5}|` +
	`番号|번호|編號|编号|號碼|号码|[号號]))*` + afterLabel + `{0,5}(` + thousandsNumber + `|` + ticketNumber + `)|(?:^|[^\pL\pN&/])(?:#|№|n[º°o]\.?|nr\.)\s?(` + thousandsNumber + `|` + ticketNumber + `)`)

const (
	// ticketWords are words for a ticket, in the languages of Europe first.
	ticketWords = `tickets?|tickete|cases?|incidents?|requests?|issues?|service ?desk|help ?desk|` +
		`chamados?|casos?|incidentes?|ocorr[eê]ncias?|protocolos?|solicita[cç][aã]o|requisi[cç][aã]o|pedidos?|atendimento|` +
		`f[aä]lle?|vorg[aä]nge?|anfragen?|st[oö]rung(?:en)?|meldung(?:en)?|auftr[aä]ge?|` +
		`(?:ticket|fall|vorgangs|anfrage|st[oö]rungs|meldungs|auftrags)-?(?:nummer|nr|id)|` +
		`billets?|dossiers?|demandes?|incidencias?|solicitud(?:es)?|petici[oó]n|tiquete?s?|richiest[ae]|segnalazion[ei]|pratic(?:a|he)|caso|` +
		`zaak|melding(?:en)?|aanvraag|zaaknummer|meldingsnummer|[aä]rende(?:nummer)?|sag(?:snummer)?|henvendelse|sak(?:snummer)?|tapaus|tiketti|` +
		`zg[lł]oszeni[ea]|sprawa|bilet|p[rř][ií]pad|po[zž]adavek|tiket|talep|vaka|заявк[аи]|обращени[ея]|тикет|инцидент|чек|` +
		`チケット|案件|工单|工單|票号|문의|티켓`
	// afterLabel is what stands between a label and the number.
	afterLabel = `[\s.:#°º()\[\]=*_"'“”„’«»-]`
	// thousandsNumber has separators that would end a ticketNumber.
	thousandsNumber = `[0-9]{1,3}(?:[ ,'’][0-9]{3})+\b`
	// ticketNumber begins with few letters at most, and has a digit.
	ticketNumber = `\pL{0,10}[-_]?[0-9][\pL0-9]*(?:[-_/.~]\pL?[0-9][\pL0-9]*)*`
)

// ticketInBrackets is how trackers write a short key into the subject of a mail.
var ticketInBrackets = regexp.MustCompile(`[(\[{]\s*([A-Z][A-Z0-9]{1,9}-[0-9]+)\s*[)\]}]`)

// likelyTickets returns what the text may name as a ticket beside the text itself:
// a number behind a word for "ticket" or behind "#", words of letters and at least
// three digits among others ("my INC0012345 does not open"), what a link ends in
// ("https://…/t/INC0012345"), and single characters that were spelled out ("I N C 1
// 2 3 4").
func (in Input) likelyTickets() (tickets []string) {
	text := unquoted(meeting.PlainText(mailText(in.Text[:min(len(in.Text), maxScrap)])))
	if !strings.ContainsAny(text, "0123456789") && !strings.Contains(text, "://") {
		return nil
	}
	fields := strings.Fields(text)
	if len(fields) > 4 && !slices.ContainsFunc(fields, func(f string) bool { return utf8.RuneCountInString(f) > 1 }) {
		return []string{strings.Join(fields, "")}
	}
	if len(fields) == 1 && text != in.Text && looksLikeTicket(text) { // full-width letters
		keep(&tickets, text)
	}
	for _, spelling := range numberSpellings(text) {
		if spelling != in.Text {
			keep(&tickets, spelling)
		}
	}
	loose := anyLink.ReplaceAllString(text, "\n")
	for _, m := range numberAfterLabel.FindAllStringSubmatch(loose, manyHits) {
		number := m[1] + m[2]
		if meeting.TicketKey(number) == meeting.TicketKey(in.Text) || isYear(number) && season.MatchString(m[0]) {
			continue
		}
		keep(&tickets, number)
		for _, spelling := range numberSpellings(number) {
			keep(&tickets, spelling)
		}
	}
	for _, m := range ticketInBrackets.FindAllStringSubmatch(loose, manyHits) {
		keep(&tickets, m[1])
	}
	for _, field := range fields {
		if _, path, link := strings.Cut(field, "://"); link {
			if ticket := ticketOfLink(path); ticket != "" {
				keep(&tickets, ticket)
			}
			continue
		}
		word := strings.TrimFunc(field, func(r rune) bool { return !meeting.IsLetterOrDigit(r) })
		if len(fields) > 1 && countDigits(word) >= 3 && strings.ContainsFunc(word, unicode.IsLetter) && !strings.ContainsFunc(word, notInTicket) {
			keep(&tickets, word)
		}
	}
	return tickets
}

// season is the German word for a case where it is an English season.
var season = regexp.MustCompile(`(?i)^\W?fall[\s,]`)

// isYear reports whether four digits may be a year.
func isYear(number string) bool {
	return len(number) == 4 && (strings.HasPrefix(number, "19") || strings.HasPrefix(number, "20"))
}

// numberSpellings returns other spellings of a text that is one number: in the
// digits of another script, with what a spreadsheet adds, with separators between
// thousands.
func numberSpellings(text string) (list []string) {
	plain := strings.TrimSpace(plainNumbers(dots.Replace(text)))
	if strings.Trim(plain, "0123456789"+separators) == "" {
		list = append(list, plain)
	}
	if meeting.IsGrouped(plain) {
		list = append(list, onlyDigits(plain))
	}
	return list
}

// ticketOfLink returns the ticket at the end of a link's path, or "" if that does not
// look like one. After the desk's own /t/ everything is the ticket. Zammad's addresses
// end in a number that is not the ticket's.
func ticketOfLink(path string) string {
	path, _, _ = strings.Cut(strings.TrimRight(path, "/>.,;"), "?")
	_, last, own := strings.Cut(path, "/t/")
	if !own {
		last = path[strings.LastIndexByte(path, '/')+1:]
	}
	plain, err := url.PathUnescape(last)
	if err != nil || !own && (countDigits(plain) < 3 || strings.ContainsFunc(plain, notInTicket) || strings.Contains(path, "ticket/zoom/")) {
		return ""
	}
	return plain
}
