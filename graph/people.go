package graph

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"meetdesk/exactjson"
	"meetdesk/meeting"
)

// People look-ups have fewer tries and a shorter timeout than other operations, because the
// desk can continue without the result.
const (
	directoryTries   = 2
	directoryTimeout = 4 * time.Second
	maxPeopleFound   = 10 // the maximum number of people to request and to return
	personFields     = "id,displayName,mail,userPrincipalName"
)

var errNoPerson = errors.New("the response is not a person with an ID")

type wireUserFound struct {
	ID   string `json:"id"`
	Name string `json:"displayName"`
	Mail string `json:"mail"`
	UPN  string `json:"userPrincipalName"`
}

// Person returns the person with the given object ID or UPN. The token may be a delegated
// or an application token. The error is an *Error; IsNotFound reports whether the person
// does not exist.
func (c *Client) Person(ctx context.Context, token, idOrUPN string) (p meeting.Person, err error) {
	path := ""
	if s := pathSegment(idOrUPN); s != "" {
		path = "/users" + s + queryString("$select", personFields)
	}
	err = c.readDirectory(ctx, "users/get", token, path, nil, func(_ int, body []byte) error {
		var w wireUserFound
		if err := exactjson.Unmarshal(body, &w); err != nil {
			return err
		}
		found := w.person()
		if found.ObjectID == "" {
			return errNoPerson
		}
		p = found
		return nil
	})
	return p, err
}

// SearchPeople searches for people by name and email address and returns at most ten. The
// words of the text match the beginnings of words. If the text has no letters or digits, it
// returns nil without calling Graph. The token may be a delegated or an application token.
// The error is an *Error.
func (c *Client) SearchPeople(ctx context.Context, token, text string) (people []meeting.Person, err error) {
	text = searchPhrase(text)
	if text == "" {
		return nil, nil
	}
	search := `"displayName:` + text + `" OR "mail:` + text + `"`
	path := "/users" + queryString("$search", search, "$select", personFields, "$top", strconv.Itoa(maxPeopleFound))
	eventual := http.Header{"Consistencylevel": {"eventual"}} // Graph refuses a $search without this header
	err = c.readDirectory(ctx, "users/search", token, path, eventual, func(_ int, body []byte) error {
		var list struct {
			Value []wireUserFound `json:"value"`
		}
		if err := exactjson.Unmarshal(body, &list); err != nil {
			return err
		}
		if list.Value == nil {
			return errNoPerson
		}
		people = nil // discards people from an earlier try
		for _, w := range list.Value[:min(len(list.Value), maxPeopleFound)] {
			if p := w.person(); p.ObjectID != "" {
				people = append(people, p)
			}
		}
		return nil
	})
	return people, err
}

func (c *Client) readDirectory(ctx context.Context, endpoint, token, path string, header http.Header, accept func(int, []byte) error) error {
	ctx, cancel := context.WithTimeout(ctx, directoryTimeout)
	defer cancel()
	_, err := c.do(ctx, operation{
		endpoint: endpoint,
		method:   http.MethodGet, path: path, token: token, header: header,
		repeatable: true, tries: directoryTries, accept: accept,
	})
	return err
}

// searchPhrase returns the text for use within the quotes of a $search, or "" if it has
// no letters or digits. Characters that could close the quotes become spaces.
func searchPhrase(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return ""
	}
	unquoted := strings.NewReplacer(`"`, " ", `\`, " ").Replace(meeting.CutLine(text, maxCode))
	return strings.Join(strings.Fields(unquoted), " ")
}

func (w wireUserFound) person() meeting.Person {
	p := meeting.Person{ObjectID: meeting.CutLine(w.ID, maxCode), UPN: meeting.CutLine(w.UPN, maxText), Name: meeting.CutLine(w.Name, maxText)}
	if !strings.EqualFold(w.Mail, w.UPN) {
		p.Mail = meeting.CutLine(w.Mail, maxText)
	}
	return p
}
