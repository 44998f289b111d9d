package emulator

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
)

// answer is a whole response before it is sent, so that a test can have it
// replaced, delayed, cut short or lost.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// jsonAnswer returns v as an answer. What cannot be encoded is a mistake of
// this package, and becomes a 500 without a body.
func jsonAnswer(status int, contentType string, v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		return answer{status: http.StatusInternalServerError}
	}
	return answer{status: status, header: http.Header{"Content-Type": {contentType}}, body: body}
}

func (a answer) write(w http.ResponseWriter) {
	a.writeHeader(w)
	w.Write(a.body) // the client may be gone; nobody is left to tell
}

// cut announces the whole body, sends half of it and breaks the connection.
func (a answer) cut(w http.ResponseWriter) {
	a.writeHeader(w)
	w.Write(a.body[:len(a.body)/2])
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func (a answer) writeHeader(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	if a.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
}
