package spreadsheet

import "bytes"

const (
	MaxUnzipped = maxUnzipped
	MaxTokens   = maxTokens
)

// Work reads a file as Read does. For an archive, it also returns how many bytes it has
// unpacked and how many XML tokens it has read.
func Work(file []byte) (t Table, unpacked, tokens int, err error) {
	if !bytes.HasPrefix(file, []byte("PK")) {
		t, err = ReadBytes(file)
		return t, 0, 0, err
	}
	f := new(File)
	if _, err := f.ReadFrom(bytes.NewReader(file)); err != nil {
		return t, 0, 0, err
	}
	a, err := openArchive(f)
	if err != nil {
		return t, 0, 0, err
	}
	t, err = a.read()
	return t, maxUnzipped - a.left, a.tokens, err
}

func (f *File) Blocks() int { return len(f.blocks) }
