package tracing

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// uploader sends spans to a collector as protobuf over HTTP. OpenTelemetry's own client
// depends on gRPC, which would add 5 MB to the program.
type uploader struct {
	url    string
	header http.Header
	client http.Client
}

// uploadTimeout is the maximum duration of one upload. Spans that cannot be sent are
// dropped.
const uploadTimeout = 10 * time.Second

// newUploader returns an uploader for the collector at the endpoint. headers has the same
// form as OTEL_EXPORTER_OTLP_HEADERS: comma-separated name=value pairs with percent-encoded
// values.
func newUploader(endpoint, headers string) *uploader {
	u := &uploader{url: strings.TrimRight(endpoint, "/") + "/v1/traces", header: http.Header{"Content-Type": {"application/x-protobuf"}}, client: http.Client{Timeout: uploadTimeout}}
	for pair := range strings.SplitSeq(headers, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if decoded, err := url.PathUnescape(value); ok && err == nil {
			u.header.Set(name, decoded)
		}
	}
	return u
}

// Start does nothing.
func (u *uploader) Start(context.Context) error { return nil }

// Stop closes idle connections.
func (u *uploader) Stop(context.Context) error {
	u.client.CloseIdleConnections()
	return nil
}

// UploadTraces sends the spans. TracesData has the same wire format as an export request.
func (u *uploader) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: spans})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header = u.header.Clone()
	response, err := u.client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)); err != nil {
		return err
	}
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("the collector answered %s", response.Status)
	}
	return nil
}
