package graph

// Limits on the length of text from Graph. URLs and meeting IDs are measured in bytes, and
// other text in characters. Graph is not known to send anything longer. Reply.Raw contains
// the full text.
const (
	maxText = 1000
	maxCode = 256
	maxURL  = 8000
)
