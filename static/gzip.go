package static

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// MinSize is the minimum size, in bytes, of content to compress. Smaller content fits
// into one packet.
const MinSize = 1 << 10

// TakesGzip reports whether a client prefers a compressed response (RFC 9110, section
// 12.5.3). The weight of gzip, or of "*", must be above 0 and no lower than that of
// identity.
func TakesGzip(h http.Header) bool {
	gzip, any, identity := -1.0, -1.0, -1.0 // not listed
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

// weight parses a weight such as "q=0.5". A missing weight is 1. A malformed one is 0, so
// the response is not compressed.
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

// compressed returns a function that compresses the content on its first call. The
// function returns nil if the content is smaller than MinSize, or if compression does not
// make it smaller.
func compressed(content []byte) func() []byte {
	return sync.OnceValue(func() []byte {
		if len(content) < MinSize {
			return nil
		}
		var buf bytes.Buffer
		w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
		if err != nil {
			return nil // cannot happen: the level is valid
		}
		if _, err := w.Write(content); err != nil || w.Close() != nil {
			return nil // cannot happen: a buffer never fails
		}
		if buf.Len() >= len(content) {
			return nil
		}
		return buf.Bytes()
	})
}
