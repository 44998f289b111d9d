package static

import (
	"net/http"
	"strings"
	"testing"

	"meetdesk/linear"
)

func TestParsingAcceptEncodingTakesLinearTime(t *testing.T) {
	linear.Texts(t, 8<<10, "gzip;q=0.", "", func(s string) { TakesGzip(http.Header{"Accept-Encoding": {s, s}}) })
	linear.Texts(t, 8<<10, "", "", func(s string) { TakesGzip(http.Header{"Accept-Encoding": strings.Split(s, "a")}) })
}
