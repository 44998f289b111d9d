package emulator

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// maxBody bounds a request body, both as sent and unpacked.
const maxBody = 4 << 20

// readBody returns the body unpacked. What it could read comes with the error.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	var from io.Reader = http.MaxBytesReader(w, r.Body, maxBody)
	switch encoding := strings.ToLower(r.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	case "gzip":
		unpacked, err := gzip.NewReader(from)
		if err != nil {
			return nil, badRequest(anError, "the body is not gzip: "+err.Error())
		}
		from = unpacked
	default:
		return nil, graphError{status: http.StatusUnsupportedMediaType, code: "UnsupportedMediaType", message: anError, reason: "unknown Content-Encoding " + encoding}
	}
	body, err := io.ReadAll(io.LimitReader(from, maxBody+1))
	if tooLarge(err) || len(body) > maxBody {
		return nil, graphError{status: http.StatusRequestEntityTooLarge, code: "RequestEntityTooLarge", message: anError, reason: "the body is over 4 MB"}
	}
	if err != nil {
		return body, badRequest(anError, "the body ended early: "+err.Error())
	}
	return body, nil
}

// decode reads the JSON object of the body into v.
func (c *graphCall) decode(v any) error {
	text := bytes.TrimPrefix(c.body, []byte("\ufeff")) // PowerShell and .NET may begin with the mark
	kind, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return graphError{status: http.StatusUnsupportedMediaType, code: "UnsupportedMediaType", message: anError, reason: "Content-Type must be application/json"}
	}
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return badRequest(anError, "the body is not a JSON object")
	}
	if err := json.Unmarshal(text, v); err != nil {
		return badRequest(anError, fmt.Sprintf("the body cannot be read: %v", err))
	}
	return nil
}
