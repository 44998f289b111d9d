package selfcheck

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"meetdesk/graph"
)

func graphError(code string) string {
	return `{"error":{"code":"` + code + `","message":"","innerError":{"request-id":"x","date":"2026-12-01T12:00:00"}}}`
}

// TestOrganizerOutcomes covers Graph's possible answers to the two requests about an
// organizer: the one for the person in the directory and the one for the person's meetings.
func TestOrganizerOutcomes(t *testing.T) {
	type answer struct {
		status int
		body   string
	}
	const id, upn = "0c9a4b3e-93a1-4b6e-9c8d-2f5a7e6b1d04", "priya@contoso.example"
	var (
		person = answer{200, `{"id":"` + id + `","userPrincipalName":"` + upn + `","displayName":"Priya"}`}
		none   = answer{200, `{"value":[]}`}
		nobody = answer{404, graphError("Request_ResourceNotFound")}
		denied = answer{403, graphError("Authorization_RequestDenied")}
	)
	for name, tt := range map[string]struct {
		organizer        string
		directory, desks answer // the answers to the requests for the person and for the person's meetings
		want             string
	}{
		"a name":                                 {upn, person, none, "ok"},
		"a name, and a meeting is found":         {upn, person, answer{200, `{"value":[{"id":"m","joinWebUrl":"https://teams.microsoft.com/l/1"}]}`}, "ok"},
		"a name that nobody has":                 {upn, nobody, none, "absent"},
		"a name, without the permission":         {upn, denied, none, "directory"},
		"a name, refused with another code":      {upn, answer{403, graphError("Forbidden")}, none, "directory"},
		"a name, and the directory fails":        {upn, answer{500, graphError("InternalServerError")}, none, "unreachable"},
		"an ID":                                  {id, person, none, "ok"},
		"an ID that nobody has":                  {id, nobody, answer{404, graphError("UnknownError")}, "absent"},
		"an ID, and Graph lacks the meeting":     {id, person, answer{404, graphError("NotFound")}, "ok"},
		"an ID, without access to people":        {id, denied, answer{404, graphError("UnknownError")}, "ok"},
		"a name, and Graph lacks the meeting":    {upn, person, answer{404, graphError("NotFound")}, "ok"},
		"no policy":                              {id, person, answer{403, graphError("Forbidden")}, "policy"},
		"no permission for meetings":             {id, person, denied, "permission"},
		"a token that Graph refuses":             {id, person, answer{401, graphError("InvalidAuthenticationToken")}, "permission"},
		"Graph looked at the link and denies it": {id, person, answer{400, graphError("BadRequest")}, "ok"},
		"Graph fails":                            {id, person, answer{500, graphError("InternalServerError")}, "unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			microsoft := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				reply := tt.directory
				if strings.HasSuffix(r.URL.Path, "/onlineMeetings") {
					reply = tt.desks
				}
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("request-id", "x")
				w.WriteHeader(reply.status)
				io.WriteString(w, reply.body)
			}))
			defer microsoft.Close()
			d := Desk{Graph: &graph.Client{BaseURL: microsoft.URL + "/v1.0", MaxTries: 1}}
			got, err := d.organizer(t.Context(), "token", tt.organizer)
			if got != tt.want || (err != nil) != (tt.want == "unreachable") {
				t.Errorf("%q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

// The check covers all organizers, several at a time, and finds any of them who lacks a
// policy. If the check runs out of time, the line says how many organizers passed.
func TestAllOrganizersAreTried(t *testing.T) {
	const many, answered = 100, 30
	for name, tt := range map[string]struct {
		hangs, lacks int // the numbers of the first request that Graph does not answer and of the request for an organizer without a policy; 0 for none
		want         string
		count        any
	}{
		"all":                 {0, 0, "ok policy.ok", many},
		"one lacks a policy":  {0, many, "wrong policy.policy", nil},
		"Graph stops":         {answered + 1, 0, "unknown policy.some", answered},
		"Graph never answers": {1, 0, "unknown policy.unreachable", 0},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var tried, waiting atomic.Int64
			site := microsoftFunc(t, func(w http.ResponseWriter, r *http.Request) {
				if !strings.HasSuffix(r.URL.Path, "/onlineMeetings") { // a request for the token or for a person in the directory
					io.WriteString(w, `{"access_token":"t","token_type":"Bearer","expires_in":3600,"id":"x","userPrincipalName":"x"}`)
					return
				}
				switch n := int(tried.Add(1)); {
				case tt.hangs > 0 && n >= tt.hangs:
					if waiting.Add(1) == organizersAtOnce {
						cancel() // the check runs out of time
					}
					<-ctx.Done()
				case n == tt.lacks:
					w.WriteHeader(http.StatusForbidden)
					io.WriteString(w, graphError("Forbidden"))
				default:
					io.WriteString(w, `{"value":[]}`)
				}
			})
			l := application(site, many).policy(ctx)
			if got := found([]Line{l}); got != tt.want || l.Args["Count"] != tt.count {
				t.Errorf("%q with %v (%v), want %q with %v", got, l.Args["Count"], l.Args["Error"], tt.want, tt.count)
			}
			if n := tried.Load(); tt.hangs == 0 && n != many {
				t.Errorf("%d organizers were tried, want %d", n, many)
			}
		})
	}
}
