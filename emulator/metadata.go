package emulator

import (
	"encoding/json"
	"net/http"
	"strings"
)

// withoutMetadata leaves @odata.context out of an answer to a client that wants
// none: Accept: application/json;odata.metadata=none. The link to the next page
// and the count stay, as OData has it.
func (c *graphCall) withoutMetadata(a answer) answer {
	if !wantsNoMetadata(c.request.Header) || a.header.Get("Content-Type") != graphJSON {
		return a
	}
	var body map[string]json.RawMessage
	if json.Unmarshal(a.body, &body) != nil {
		return a
	}
	delete(body, "@odata.context")
	kind := strings.Replace(graphJSON, "odata.metadata=minimal", "odata.metadata=none", 1)
	return jsonAnswer(a.status, kind, body)
}

func wantsNoMetadata(h http.Header) bool {
	accept := strings.ToLower(strings.Join(h.Values("Accept"), ","))
	return strings.Contains(strings.ReplaceAll(accept, " ", ""), "odata.metadata=none")
}
