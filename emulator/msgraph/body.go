package msgraph

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// maxBody is the maximum size of a request body in bytes, both before and after
// decompression.
const maxBody = 4 << 20

// readBody returns the decompressed body. It refuses a body that is too large or has an
// unknown encoding. If reading fails partway, readBody returns an error and the data read
// so far.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	var reader io.Reader = http.MaxBytesReader(w, r.Body, maxBody)
	switch encoding := strings.ToLower(r.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	case "gzip":
		unpacked, err := gzip.NewReader(reader)
		if err != nil {
			return nil, badRequest(genericMessage, "the body is not gzip: "+err.Error())
		}
		reader = unpacked
	default:
		return nil, graphError{status: http.StatusUnsupportedMediaType, code: "UnsupportedMediaType", message: genericMessage, reason: "unknown Content-Encoding " + encoding}
	}
	body, err := io.ReadAll(io.LimitReader(reader, maxBody+1))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) || len(body) > maxBody {
		return nil, graphError{status: http.StatusRequestEntityTooLarge, code: "RequestEntityTooLarge", message: genericMessage, reason: "the body is over 4 MB"}
	}
	if err != nil {
		return body, badRequest(genericMessage, "the body ended early: "+err.Error())
	}
	return body, nil
}

func (c *call) decode(v any) error {
	text := bytes.TrimPrefix(c.body, []byte("\ufeff")) // PowerShell and .NET may send a byte order mark
	mediaType, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return graphError{status: http.StatusUnsupportedMediaType, code: "UnsupportedMediaType", message: genericMessage, reason: "Content-Type must be application/json"}
	}
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return badRequest(genericMessage, "the body is not a JSON object")
	}
	if err := json.Unmarshal(text, v); err != nil {
		return badRequest(genericMessage, fmt.Sprintf("the body cannot be read: %v", err))
	}
	return nil
}
