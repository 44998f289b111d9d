package emulator

import (
	"cmp"
	"errors"
	"net/http"
)

const (
	graphJSON = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
	anError   = "An error has occurred." // all that Graph says about most mistakes

	noContentType = "Write requests (excluding DELETE) must contain the Content-Type header declaration." // docs-contrib#6215
)

// graphError is Graph refusing a request.
type graphError struct {
	status  int
	code    string
	message string
	reason  string // ours, for whoever debugs: innerError.emulator
	header  http.Header
}

func (g graphError) Error() string { return g.code + ": " + g.message + " (" + g.reason + ")" }

func badRequest(message, reason string) graphError {
	return graphError{status: http.StatusBadRequest, code: "BadRequest", message: message, reason: reason}
}

// forbidden has no message: this is how Teams says that somebody may not.
func forbidden(reason string) graphError {
	return graphError{status: http.StatusForbidden, code: "Forbidden", reason: reason}
}

func unknownMeeting(reason string) graphError {
	return graphError{status: http.StatusNotFound, code: "UnknownError", message: "3004: Specified meeting is not found", reason: reason}
}

func tooLarge(err error) bool {
	var over *http.MaxBytesError
	return errors.As(err, &over)
}

// graphRefusal is the error document. An error that is not Graph's own is a
// fault of the emulator, such as a full disk.
func (e *Emulator) graphRefusal(c *graphCall, err error) answer {
	g := graphError{status: http.StatusInternalServerError, code: "InternalServerError", message: "Internal Server Error"}
	if !errors.As(err, &g) {
		g.reason = err.Error()
	}
	inner := map[string]string{
		"date":              e.now().Format("2006-01-02T15:04:05"), // without an offset, as Graph writes it
		"request-id":        c.requestID,
		"client-request-id": c.clientRequestID,
	}
	if g.status == http.StatusTooManyRequests {
		inner["code"], inner["status"], inner["message"] = "429", "429", "Please retry after" // Graph's own example
	}
	if g.reason != "" {
		inner["emulator"] = g.reason
	}
	a := jsonAnswer(g.status, "application/json", map[string]any{
		"error": map[string]any{"code": g.code, "message": g.message, "innerError": inner},
	})
	for name, values := range g.header {
		a.header[name] = values
	}
	return a
}

// queuedError is the error of a queued failure, with Graph's usual code and
// message for the status where the test names none.
func queuedError(f Failure) graphError {
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
		return "BadRequest", anError
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
