package search

import "regexp"

// replyPrefixes matches the prefixes that mail programs add to a subject, in many
// languages. They include counters ("Re[2]:") and tags such as "[EXTERNAL]".
var replyPrefixes = regexp.MustCompile(`(?i)^\s*(?:(?:subject|betreff|assunto|asunto|objet|oggetto|onderwerp|temat|emne|[aä]mne)\s*[:：]\s*)?(?:(?:` +
	`re|fwd?|fw|aw|wg|antw(?:ort)?|enc|res|rv|reenv|tr|r[eé]f|rif|doorst|sv|vs|vb|vl|vá|továbbítás|odp|pd|ynt|[iİ]lt|fs|bls|trs|ha|atb|yml|` +
	`απ|σχετ|πρθ|отв(?:ет)?|пересл|на|fyi|回复|回覆|答复|答覆|转发|轉寄|轉發|返信|転送|답장|회신|전달|תגובה|הועבר|رد|إعادة توجيه|` + answers + `)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*|[ri]\s?:\s+|(?:[\[(*]+\s*(?:` + outside + `)\s*[\])*]+\s*[:：]?|(?:` + outside + `)\s*[:：])\s*)+`)

const (
	// answers matches the words that mail programs put before the subject in invitation
	// responses, meeting notices and automatic replies. The languages are English,
	// Portuguese, Spanish, German, French, Italian and Dutch.
	answers = `accepted|declined|tentative(?:ly accepted)?|cancel?led|updated|(?:updated )?invitation|new time proposed|automatic reply|out of office|read|forwarded?|meeting forward notification|` +
		`aceit[oae]|recusad[oa]|provis[oó]ri[oa]|talvez|cancelad[oa]|atualizad[oa]|convite(?: atualizado)?|novo hor[aá]rio proposto|resposta autom[aá]tica|lid[oa]|encaminhad[oa]|encaminhamento|resposta|reenviad[oa]|` +
		`aceptad[oa]|rechazad[oa]|provisional|nueva hora propuesta|respuesta autom[aá]tica|invitaci[oó]n|le[ií]do|` +
		`zugesagt|angenommen|akzeptiert|abgelehnt|(?:mit|unter) vorbehalt|abgesagt|einladung|neue zeit vorgeschlagen|automatische antwort|gelesen|` +
		`accept[eé]e?|refus[eé]e?|provisoire|annul[eé]e?|invitation mise [aà] jour|r[eé]ponse automatique|lu|` +
		`accettat[oa]|rifiutat[oa]|provvisori[oa]|annullat[oa]|invito|risposta automatica|` +
		`geaccepteerd|geweigerd|afgewezen|voorlopig|geannuleerd|uitnodiging|automatisch antwoord`
	// outside matches the tags that mail servers add to the subject of external or
	// suspicious mail.
	outside = `ext|extern(?:al|e|o|a)?|esterno|(?:external|extern|externe|outside) ?-?(?:e-?mail|mail|sender|nachricht)|(?:e-?mail|remetente|correo|mensagem) extern[oa]|caution|suspected spam|spam`
)

// withoutReplyPrefixes removes reply prefixes from the start of a subject. A subject that
// consists only of prefixes is returned unchanged.
func withoutReplyPrefixes(text string) string {
	if plain := text[len(replyPrefixes.FindString(text)):]; plain != "" {
		return plain
	}
	return text
}
