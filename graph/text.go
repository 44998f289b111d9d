package graph

// Limits on the length of text from Graph, in characters; for URLs and meeting IDs, in
// bytes. Graph is not known to send anything longer. Reply.Raw contains the full text.
const (
	maxText = 1000
	maxCode = 256
	maxURL  = 8000
)
