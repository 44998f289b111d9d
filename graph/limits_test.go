package graph_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"meetdesk/graph"
	"meetdesk/meeting"
)

// TestSwitchingProtocols checks that a 101 makes the call fail immediately. The body of a
// 101 is the raw connection and never ends.
func TestSwitchingProtocols(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
		<-r.Context().Done()
		conn.Close()
	}))
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	c := &graph.Client{BaseURL: server.URL, MaxTries: 1}
	_, err := c.CreateOrGet(ctx, graph.Me("token"), meeting.Asked{ExternalID: "1"})
	if err == nil || ctx.Err() != nil {
		t.Errorf("error %v, context %v; want an error before the deadline", err, ctx.Err())
	}
}

// TestReplyLimits checks the documented limits for links and dial-in numbers at their edges.
func TestReplyLimits(t *testing.T) {
	const prefix = "https://teams.example/"
	longest := prefix + strings.Repeat("x", 8000-len(prefix))
	numbers := make([]string, 100)
	for i := range numbers {
		numbers[i] = fmt.Sprintf(`"+44 %d"`, i)
	}
	reply, err := graph.ParseReply([]byte(`{"id":"1","joinWebUrl":"` + longest + `","meetingOptionsWebUrl":"` + longest + `x",
		"audioConferencing":{"tollNumbers":[` + strings.Join(numbers, ",") + `]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if reply.JoinURL != longest || reply.OptionsURL != "" {
		t.Errorf("a link of 8,000 bytes became %d, one of 8,001 became %d", len(reply.JoinURL), len(reply.OptionsURL))
	}
	if n := len(reply.MoreTolls); n != 50 {
		t.Errorf("%d more numbers, want 50", n)
	}
}

func TestTextLimits(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	reply, err := graph.ParseReply([]byte(`{"id":"1","subject":"a\u0000b\n` + long + `","joinWebUrl":"https://teams.example/` + long + `",
		"participants":{"attendees":[{"upn":"` + long + `@b.example"}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(reply.Subject, "a b x") || len(reply.Subject) > 1000 || reply.JoinURL != "" || len(reply.Attendees[0].UPN) > 1000 {
		t.Errorf("subject has %d, join link %d, UPN %d characters", len(reply.Subject), len(reply.JoinURL), len(reply.Attendees[0].UPN))
	}
}
