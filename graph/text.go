package graph

// Limits for texts from Graph, in characters. No text from Graph is known to exceed them.
// Reply.Raw contains the full texts.
const (
	maxText = 1000
	maxCode = 256
	maxURL  = 8000
)
