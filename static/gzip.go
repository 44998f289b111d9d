package static

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Worth is the size in bytes from which compressing is worth it: less than this
// goes in one packet either way.
const Worth = 1 << 10

// TakesGzip reports whether the client of a request with these headers wants
// its answer compressed (RFC 9110, section 12.5.3): gzip is named, or "*" is and
// gzip is not, with a weight above 0 and no less than what is given to identity.
func TakesGzip(h http.Header) bool {
	gzip, any, identity := -1.0, -1.0, -1.0 // not named
	for coding := range strings.SplitSeq(strings.Join(h.Values("Accept-Encoding"), ","), ",") {
		name, parameters, _ := strings.Cut(coding, ";")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "gzip", "x-gzip":
			gzip = max(gzip, weight(parameters))
		case "*":
			any = weight(parameters)
		case "identity":
			identity = weight(parameters)
		}
	}
	if gzip < 0 {
		gzip = any
	}
	return gzip > 0 && gzip >= identity
}

// weight reads "q=0.5". Without one it is 1; one that cannot be read is 0, with
// which the client gets what every client can read.
func weight(parameters string) float64 {
	parameters = strings.TrimSpace(parameters)
	if parameters == "" {
		return 1
	}
	name, value, _ := strings.Cut(parameters, "=")
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !strings.EqualFold(strings.TrimSpace(name), "q") || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}

// compressed makes the content small once, when it is first asked for; it
// returns nil where that is not worth it.
func compressed(content []byte) func() []byte {
	return sync.OnceValue(func() []byte {
		if len(content) < Worth {
			return nil
		}
		var buf bytes.Buffer
		w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
		if err != nil {
			return nil // there is such a level
		}
		if _, err := w.Write(content); err != nil || w.Close() != nil {
			return nil // a buffer takes everything
		}
		if buf.Len() >= len(content) {
			return nil
		}
		return buf.Bytes()
	})
}
