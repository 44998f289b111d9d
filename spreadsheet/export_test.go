package spreadsheet

// The limits on the work for one file.
const (
	MaxUnzipped = maxUnzipped
	MaxTokens   = maxTokens
	MaxText     = maxText
)

// Work reads an archive and returns how many bytes and tokens that took.
func Work(file []byte) (unpacked, tokens int) {
	a, err := openArchive(file)
	if err != nil {
		return 0, 0
	}
	_, _ = a.read()
	return maxUnzipped - a.left, a.tokens
}
