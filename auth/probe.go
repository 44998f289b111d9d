package auth

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"meetdesk/exactjson"
	"meetdesk/meeting"
)

// Answer is the provider's response to a probe. A probe is a request that tests the
// configuration without signing anyone in.
type Answer struct {
	URL         string
	Status      int    // 0 if there was no valid response
	ContentType string // without parameters
	Text        string // the beginning of the body; may be ""
	Name        string // the OAuth error code; "" for none
	Number      int    // the number of Entra's AADSTS error code; 0 for none
	Date        time.Time
	Took        time.Duration
	Err         error // set if there was no valid response
}

// Metadata is the response to a request for the provider's discovery document.
type Metadata struct {
	Answer
	Issuer    string // the issuer in the document; "" if the response is not a discovery document
	GraphHost string // the Graph host of the tenant's cloud; only Entra includes it
	Methods   []string
	Emulator  bool
}

const (
	maxProbe  = 256 << 10 // the maximum number of bytes that a probe reads from a response
	maxProbed = 300       // the maximum length of a value taken from a response, in characters
)

// ProbeMetadata requests the provider's discovery document, even if it is cached.
func (p *Provider) ProbeMetadata(ctx context.Context) (m Metadata) {
	address := strings.TrimSuffix(p.cfg.Issuer, "/") + "/.well-known/openid-configuration"
	var body []byte
	m.Answer, _, body = p.probe(ctx, address)
	var found struct {
		document
		GraphHost string `json:"msgraph_host"`
	}
	if m.Status == http.StatusOK && exactjson.Unmarshal(body, &found) == nil && found.Issuer != "" && found.Token != "" {
		m.Issuer, m.GraphHost, m.Emulator, m.Text = meeting.CutLine(found.Issuer, maxProbed), meeting.CutLine(found.GraphHost, maxProbed), found.Emulator, ""
		for _, method := range found.AuthMethods {
			m.Methods = append(m.Methods, meeting.CutLine(method, maxProbed))
		}
	}
	return m
}

// probe sends a GET request. If the response reports an error, the answer includes the
// error's name and number.
func (p *Provider) probe(ctx context.Context, address string) (a Answer, header http.Header, body []byte) {
	a.URL = address
	begun := time.Now()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		a.Err = err
		return a, nil, nil
	}
	response, err := p.cfg.HTTP.Do(r)
	a.Took = time.Since(begun)
	if err != nil {
		a.Err = withoutURL(err)
		return a, nil, nil
	}
	defer response.Body.Close()
	// A read error can be ignored, because an incomplete body is not valid JSON.
	body, _ = io.ReadAll(io.LimitReader(response.Body, maxProbe))
	a.read(response, body)
	return a, response.Header, body
}

var aadstsAnywhere = regexp.MustCompile(`AADSTS([0-9]{4,9})`)

func (a *Answer) read(response *http.Response, body []byte) {
	a.Status = response.StatusCode
	contentType, _, _ := strings.Cut(response.Header.Get("Content-Type"), ";")
	a.ContentType = meeting.CutLine(contentType, maxProbed)
	a.Date, _ = http.ParseTime(response.Header.Get("Date"))
	a.Text = firstWords(string(body))
	var refused struct {
		Name    string `json:"error"`
		Numbers []int  `json:"error_codes"`
	}
	if exactjson.Unmarshal(body, &refused) == nil {
		a.Name = safe(safeName, refused.Name)
		if len(refused.Numbers) > 0 {
			a.Number = refused.Numbers[0]
		}
	} else if found := aadstsAnywhere.FindSubmatch(body); found != nil {
		a.Number, _ = strconv.Atoi(string(found[1]))
	}
}

func firstWords(text string) string {
	const most = 120
	words := strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if utf8.RuneCountInString(words) > most {
		return meeting.CutLine(words, most) + "…"
	}
	return meeting.CutLine(words, most)
}

// withoutURL returns the cause of an HTTP client's error. The text of the error itself
// repeats the URL.
func withoutURL(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

const madeUpCode = "meetdesk-self-check"

// ProbeCredential sends a made-up code to the token endpoint. The provider answers
// invalid_grant if it accepts the client, and invalid_client or unauthorized_client
// otherwise. Entra may reject the format of the code before it checks the client. In that
// case, ProbeCredential requests a token with the client credentials grant and discards it.
// It returns the same errors as Discover.
func (p *Provider) ProbeCredential(ctx context.Context, c Credential) (Answer, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return Answer{}, err
	}
	config, _ := p.oauth(ctx, found)
	config.ClientSecret, config.Endpoint.AuthStyle = c.secret(), found.authStyle(c.secret())
	begun := time.Now()
	_, err = config.Exchange(p.tokenContext(ctx, p.cfg.ClientID, c, found), madeUpCode, oauth2.VerifierOption(oauth2.GenerateVerifier()))
	a := answerOf(found.Token, err, time.Since(begun))
	if a.Number != malformedRequest {
		return a, nil
	}
	var resource string
	for _, scope := range p.cfg.Scopes {
		if at := strings.LastIndexByte(scope, '/'); at > 0 {
			resource = scope[:at]
		}
	}
	if resource == "" {
		resource = "https://graph.microsoft.com"
	}
	if second := p.probeToken(ctx, found, p.cfg.ClientID, resource+"/.default", c); second.Status == http.StatusOK || second.Name == "invalid_client" {
		return second, nil
	}
	return a, nil
}

// malformedRequest is Entra's error code for a malformed request, such as one with a
// malformed authorization code.
const malformedRequest = 9002313

// ProbeCredential requests a token and discards it. The registration is correct if the
// answer contains no error. ProbeCredential returns the same errors as Discover.
func (a *Application) ProbeCredential(ctx context.Context, c Credential) (Answer, error) {
	found, err := a.provider.discover(ctx)
	if err != nil {
		return Answer{}, err
	}
	return a.provider.probeToken(ctx, found, a.id, a.scope, c), nil
}

func (p *Provider) probeToken(ctx context.Context, found *discovered, id, scope string, c Credential) Answer {
	config := clientcredentials.Config{
		ClientID: id, ClientSecret: c.secret(), TokenURL: found.Token, Scopes: []string{scope}, AuthStyle: found.authStyle(c.secret()),
	}
	begun := time.Now()
	_, err := config.Token(p.tokenContext(ctx, id, c, found))
	return answerOf(found.Token, err, time.Since(begun))
}

func answerOf(address string, err error, took time.Duration) Answer {
	a := Answer{URL: address, Took: took}
	var refused *oauth2.RetrieveError
	switch {
	case err == nil:
		a.Status = http.StatusOK
	case errors.As(err, &refused):
		a.read(refused.Response, refused.Body)
	default:
		a.Err = withoutURL(err)
	}
	return a
}

// Redirects is the result of ProbeRedirect: whether the provider knows the desk's
// redirect URI.
type Redirects string

// The outcomes of ProbeRedirect.
const (
	RedirectKnown   Redirects = "known"
	RedirectUnknown Redirects = "unknown"
	RedirectUnclear Redirects = "unclear" // there was no response, or it does not show whether the URI is known
)

// ProbeRedirect sends a sign-in request and reports whether the response shows that the
// provider knows the redirect URI. The request asks the provider not to show a page
// (prompt=none). ProbeRedirect returns the same errors as Discover.
func (p *Provider) ProbeRedirect(ctx context.Context) (Redirects, Answer, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return RedirectUnclear, Answer{}, err
	}
	config, _ := p.oauth(ctx, found)
	flow := NewFlow()
	address := config.AuthCodeURL(flow.State, oauth2.S256ChallengeOption(flow.Verifier), oauth2.SetAuthURLParam("nonce", flow.Nonce),
		oauth2.SetAuthURLParam("prompt", "none"), oauth2.SetAuthURLParam("response_mode", "query"))
	a, header, body := p.probe(ctx, address)
	a.URL = found.Authorize
	to := header.Get("Location")
	switch {
	case a.Err != nil:
		return RedirectUnclear, a, nil
	case to == p.cfg.RedirectURL || strings.HasPrefix(to, p.cfg.RedirectURL+"?"):
		a.Text = ""
		return RedirectKnown, a, nil
	case slices.Contains([]int{50011, 500113}, a.Number), a.Status >= 400 && a.Status < 500 && strings.Contains(string(body), "redirect_uri"):
		return RedirectUnknown, a, nil
	}
	return RedirectUnclear, a, nil
}
