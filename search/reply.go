package search

import "regexp"

// replyPrefixes matches what mail programs put before the subject of a reply or of a
// forwarded mail, in the languages of Outlook and Gmail, with a counter ("Re[2]:") if there
// is one. The label of the subject may stand before it.
var replyPrefixes = regexp.MustCompile(`(?i)^\s*(?:(?:subject|betreff|assunto|asunto|objet|oggetto|onderwerp|temat|emne|[aä]mne)\s*[:：]\s*)?(?:(?:` +
	`re|fwd?|fw|aw|wg|antw(?:ort)?|enc|res|rv|reenv|tr|r[eé]f|rif|doorst|sv|vs|vb|vl|vá|továbbítás|odp|pd|ynt|[iİ]lt|fs|bls|trs|ha|atb|yml|` +
	`απ|σχετ|πρθ|отв(?:ет)?|пересл|на|fyi|回复|回覆|答复|答覆|转发|轉寄|轉發|返信|転送|답장|회신|전달|תגובה|הועבר|رد|إعادة توجيه)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*|[ri]\s?:\s+)+`)

// withoutReplyPrefixes removes the prefixes of replies and forwarded mails from the start
// of a subject. A text that has nothing else stays as it is.
func withoutReplyPrefixes(text string) string {
	if plain := text[len(replyPrefixes.FindString(text)):]; plain != "" {
		return plain
	}
	return text
}
