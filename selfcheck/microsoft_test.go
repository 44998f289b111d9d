package selfcheck

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"meetdesk/auth"
	"meetdesk/graph"
	"meetdesk/testenv"
)

const callback = "https://meet.contoso.example/auth/callback"

func TestMicrosoftOutcomes(t *testing.T) {
	nobody := "http://" + testenv.FreeAddress(t)
	none := answer{200, "", `{"value":[]}`}
	token := answer{200, "", `{"access_token":"t","token_type":"Bearer","expires_in":3600}`}
	refused := answer{401, "", graphError("InvalidAuthenticationToken")}
	for _, tt := range []struct{ name, got, want string }{
		{"Graph", graphLine(t, refused), "ok graph.ok"},
		{"not Graph, without the page", graphLine(t, answer{404, "", "<html>"}), "wrong graph.absent GRAPH_URL"},
		{"not Graph, and the request is wrong", graphLine(t, answer{400, "", "<html>"}), "wrong graph.absent GRAPH_URL"},
		{"a web filter", graphLine(t, answer{200, "", "<html>"}), "wrong graph.foreign"},
		{"nobody in the place of Graph", found((&Desk{Graph: &graph.Client{BaseURL: nobody}}).checkGraph(t.Context())), "wrong graph.unreachable"},

		{"the provider sends people back", redirectLine(t, answer{302, callback + "?error=login_required", ""}), "ok redirect.ok"},
		{"the redirect URI is not registered", redirectLine(t, answer{400, "", "bad redirect_uri"}), "wrong redirect.unregistered URL"},
		{"the provider shows a page", redirectLine(t, answer{200, "", "<html>"}), "unknown redirect.unclear"},
		{"no provider", found([]Line{(&Desk{Auth: auth.New(auth.Config{Issuer: nobody})}).redirect(t.Context())}), "unknown redirect.unreachable"},

		{"no provider for the application", appLine(t, nobody, nil, 1), "unknown app.unreachable"},
		{"the application", appLine(t, "", answers{"/token": token, "/v1.0/users": none}, 1), "ok app.ok_secret, ok policy.ok"},
		{"many organizers", appLine(t, "", answers{"/token": token, "/v1.0/users": none}, 300), "ok app.ok_secret, ok policy.ok"},
		{"no token for the application", appLine(t, "", answers{"/token": {400, "", `{"error":"invalid_grant"}`}}, 1), "ok app.ok_secret, unknown policy.unreachable"},
		{"the application is refused", appLine(t, "", answers{"/token": {401, "", `{"error":"invalid_client"}`}}, 1), "wrong app.refused APP_CLIENT_SECRET"},
		{"an organizer who does not exist", appLine(t, "", answers{"/token": token, "/v1.0/users": {404, "", graphError("NotFound")}}, 1), "ok app.ok_secret, wrong policy.absent APP_ORGANIZERS"},
		{"no policy", appLine(t, "", answers{"/token": token, "/v1.0/users": {403, "", graphError("Forbidden")}}, 1), "ok app.ok_secret, wrong policy.policy"},
		{"no permission", appLine(t, "", answers{"/token": token, "/v1.0/users": refused}, 1), "ok app.ok_secret, wrong policy.permission"},
		{"Graph fails", appLine(t, "", answers{"/token": token, "/v1.0/users": {500, "", ""}}, 1), "ok app.ok_secret, unknown policy.unreachable"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

// answer is a response from Microsoft: its status, its Location header and its body.
type answer struct {
	status   int
	to, body string
}

type answers map[string]answer

// microsoft starts a server that serves a provider's metadata and the given answers, which
// are keyed by the beginning of the request's path. It returns the server's URL.
func microsoft(t *testing.T, a answers) string {
	t.Helper()
	return microsoftFunc(t, func(w http.ResponseWriter, r *http.Request) {
		for path, is := range a {
			if strings.HasPrefix(r.URL.Path, path) {
				w.Header().Set("Location", is.to)
				w.WriteHeader(is.status)
				io.WriteString(w, is.body)
				return
			}
		}
		http.NotFound(w, r)
	})
}

// microsoftFunc is like microsoft, but calls respond for every request other than those
// for the metadata.
func microsoftFunc(t *testing.T, respond http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("request-id", "x")
		if r.URL.Path == "/.well-known/openid-configuration" {
			site := "http://" + r.Host
			fmt.Fprintf(w, `{"issuer":%q,"authorization_endpoint":%q,"token_endpoint":%q,"jwks_uri":%q}`, site, site+"/authorize", site+"/token", site+"/keys")
			return
		}
		respond(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func graphLine(t *testing.T, a answer) string {
	t.Helper()
	return found((&Desk{Graph: &graph.Client{BaseURL: microsoft(t, answers{"/v1.0/me": a}) + "/v1.0"}}).checkGraph(t.Context()))
}

func redirectLine(t *testing.T, a answer) string {
	t.Helper()
	provider := auth.New(auth.Config{Issuer: microsoft(t, answers{"/authorize": a}), RedirectURL: callback})
	return found([]Line{(&Desk{Auth: provider}).redirect(t.Context())})
}

// appLine returns the lines about the second application and its organizers. If site is
// "", appLine starts a server that gives the answers.
func appLine(t *testing.T, site string, a answers, organizers int) string {
	t.Helper()
	if site == "" {
		site = microsoft(t, a)
	}
	return found(application(site, organizers).checkApplication(t.Context()))
}

// application returns a desk whose second application acts for the given number of
// organizers.
func application(site string, organizers int) *Desk {
	d := Desk{App: auth.New(auth.Config{Issuer: site}).Application("app", auth.Credential{Secret: "s"}, "https://graph.microsoft.com/.default"), Graph: &graph.Client{BaseURL: site + "/v1.0", MaxTries: 1}}
	for range organizers {
		d.Organizers = append(d.Organizers, uuid.NewString())
	}
	return &d
}
