package graph

// Limits on the length of text from Graph. They are in bytes for URLs and meeting IDs, and
// in characters for other text. Graph is not known to send anything longer. Reply.Raw
// contains the full text.
const (
	maxText = 1000
	maxCode = 256
	maxURL  = 8000
)
