package wire

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
)

// Response is a complete response that has not been sent yet, so a queued failure can
// still change it.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON returns a response with v as its body. If v cannot be encoded, the response is a
// 500 without a body.
func JSON(status int, contentType string, v any) Response {
	body, err := json.Marshal(v)
	if err != nil {
		return Response{Status: http.StatusInternalServerError}
	}
	return Response{Status: status, Header: http.Header{"Content-Type": {contentType}}, Body: body}
}

// Write sends the response. It ignores errors, because they only mean that the client
// has disconnected.
func (r Response) Write(w http.ResponseWriter) {
	r.writeHeader(w)
	w.Write(r.Body)
}

func (r Response) cut(w http.ResponseWriter) {
	r.writeHeader(w)
	w.Write(r.Body[:len(r.Body)/2])
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func (r Response) writeHeader(w http.ResponseWriter) {
	maps.Copy(w.Header(), r.Header)
	if r.Status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(r.Body)))
	}
	w.WriteHeader(r.Status)
}
