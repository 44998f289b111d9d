package msgraph

import (
	"cmp"
	"errors"
	"net/http"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

const (
	graphJSON      = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
	genericMessage = "An error has occurred." // Graph's message for most kinds of error

	noContentType = "Write requests (excluding DELETE) must contain the Content-Type header declaration." // docs-contrib#6215
)

type graphError struct {
	status  int
	code    string
	message string
	reason  string // the emulator's own explanation, sent as innerError.emulator
	header  http.Header
}

func (g graphError) Error() string { return g.code + ": " + g.message + " (" + g.reason + ")" }

func badRequest(message, reason string) graphError {
	return graphError{status: http.StatusBadRequest, code: "BadRequest", message: message, reason: reason}
}

// forbidden returns a 403 with an empty message, as Teams does.
func forbidden(reason string) graphError {
	return graphError{status: http.StatusForbidden, code: "Forbidden", reason: reason}
}

func unknownMeeting(reason string) graphError {
	return graphError{status: http.StatusNotFound, code: "UnknownError", message: "3004: Specified meeting is not found", reason: reason}
}

func noAccess() graphError {
	return graphError{status: http.StatusForbidden, code: "Forbidden", message: "3003: User does not have access to lookup meeting"}
}

// recordError returns the error that Graph sends for an error from the tenant's records.
// It returns other errors unchanged.
func recordError(err error) error {
	switch {
	case errors.Is(err, tenant.ErrNoMeeting), errors.Is(err, tenant.ErrGone):
		return unknownMeeting(err.Error())
	case errors.Is(err, tenant.ErrInProgress):
		return graphError{status: http.StatusConflict, code: "Conflict", message: genericMessage, reason: err.Error()}
	}
	return err
}

// errorResponse returns Graph's error response for err. Any error other than a graphError
// is an internal error of the emulator, such as a full disk.
func (s *Server) errorResponse(c *call, err error) wire.Response {
	g := graphError{status: http.StatusInternalServerError, code: "InternalServerError", message: "Internal Server Error"}
	if !errors.As(err, &g) {
		g.reason = err.Error()
	}
	inner := map[string]string{
		"date":              s.tenant.Now().Format("2006-01-02T15:04:05"), // Graph writes the time without an offset
		"request-id":        c.requestID,
		"client-request-id": c.clientRequestID,
	}
	if g.status == http.StatusTooManyRequests {
		inner["code"], inner["status"], inner["message"] = "429", "429", "Please retry after" // throttling.md
	}
	if g.reason != "" {
		inner["emulator"] = g.reason
	}
	response := wire.JSON(g.status, "application/json", map[string]any{
		"error": map[string]any{"code": g.code, "message": g.message, "innerError": inner},
	})
	for name, values := range g.header {
		response.Header[name] = values
	}
	return response
}

// queuedError returns the error that a queued failure describes. If the failure has no
// code, queuedError adds Graph's usual code for the status. If it has no message either,
// queuedError also adds Graph's usual message.
func queuedError(f wire.Failure) graphError {
	g := graphError{status: f.Status, code: f.Code, message: f.Message}
	if f.Code != "" {
		return g
	}
	code, message := usualError(f.Status)
	g.code, g.message = code, cmp.Or(f.Message, message)
	return g
}

func usualError(status int) (code, message string) {
	switch status {
	case http.StatusBadRequest:
		return "BadRequest", genericMessage
	case http.StatusUnauthorized:
		return "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."
	case http.StatusForbidden:
		return "Forbidden", ""
	case http.StatusNotFound:
		return "UnknownError", "3004: Specified meeting is not found"
	case http.StatusTooManyRequests:
		return "TooManyRequests", "Please retry again later."
	case http.StatusInternalServerError:
		return "InternalServerError", "Internal Server Error"
	case http.StatusBadGateway:
		return "BadGateway", "Failed to execute backend request."
	case http.StatusServiceUnavailable:
		return "ServiceUnavailable", ""
	case http.StatusGatewayTimeout:
		return "GatewayTimeout", ""
	}
	return "UnknownError", ""
}
