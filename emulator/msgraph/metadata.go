package msgraph

import (
	"encoding/json"
	"net/http"
	"strings"

	"meetdesk/emulator/wire"
)

// withoutMetadata removes @odata.context if the Accept header asks for
// odata.metadata=none. The next link and the count remain, as OData requires.
func (c *call) withoutMetadata(response wire.Response) wire.Response {
	if !wantsNoMetadata(c.request.Header) || response.Header.Get("Content-Type") != graphJSON {
		return response
	}
	var body map[string]json.RawMessage
	if json.Unmarshal(response.Body, &body) != nil {
		return response
	}
	delete(body, "@odata.context")
	contentType := strings.Replace(graphJSON, "odata.metadata=minimal", "odata.metadata=none", 1)
	return wire.JSON(response.Status, contentType, body)
}

func wantsNoMetadata(h http.Header) bool {
	accept := strings.ToLower(strings.Join(h.Values("Accept"), ","))
	return strings.Contains(strings.ReplaceAll(accept, " ", ""), "odata.metadata=none")
}
