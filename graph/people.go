package graph

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"

	"meetdesk/exactjson"
	"meetdesk/meeting"
)

// A look into the directory is a help on the way, for which nobody waits as long
// as for a meeting.
const (
	directoryTries   = 2
	directoryTimeout = 4 * time.Second
	maxPeopleFound   = "10" // people found
	personFields     = "id,displayName,mail,userPrincipalName"
)

var errNoPerson = errors.New("the reply is not a person with an id")

// wirePersonFound is the part of Graph's user that the desk asks for.
type wireUserFound struct {
	ID   string `json:"id"`
	Name string `json:"displayName"`
	Mail string `json:"mail"`
	UPN  string `json:"userPrincipalName"`
}

// Person returns the person of the directory with that object ID or UPN. The
// token may be a person's or the program's. One who is not there is an *Error
// for which IsNotFound holds; any error is an *Error.
func (c *Client) Person(ctx context.Context, token, idOrUPN string) (p meeting.Person, err error) {
	path := ""
	if s := pathSegment(idOrUPN); s != "" {
		path = "/users" + s + queryString("$select", personFields)
	}
	err = c.readDirectory(ctx, token, path, nil, func(_ int, body []byte) error {
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

// SearchPeople returns the first ten people of the directory in whose name or
// mail address a word begins with the text; none for one without letters and
// digits, without a call. The token may be a person's or the program's. The error is an *Error.
func (c *Client) SearchPeople(ctx context.Context, token, text string) (people []meeting.Person, err error) {
	text = searchPhrase(text)
	if text == "" {
		return nil, nil
	}
	search := `"displayName:` + text + `" OR "mail:` + text + `"`
	path := "/users" + queryString("$search", search, "$select", personFields, "$top", maxPeopleFound)
	eventual := http.Header{"Consistencylevel": {"eventual"}} // without it Graph refuses a $search
	err = c.readDirectory(ctx, token, path, eventual, func(_ int, body []byte) error {
		var list struct {
			Value []wireUserFound `json:"value"`
		}
		if err := exactjson.Unmarshal(body, &list); err != nil {
			return err
		}
		if list.Value == nil {
			return errNoPerson
		}
		people = nil // an earlier try may have left some
		for _, w := range list.Value {
			if p := w.person(); p.ObjectID != "" {
				people = append(people, p)
			}
		}
		return nil
	})
	return people, err
}

// look reads from the directory.
func (c *Client) readDirectory(ctx context.Context, token, path string, header http.Header, accept func(int, []byte) error) error {
	ctx, cancel := context.WithTimeout(ctx, directoryTimeout)
	defer cancel()
	_, err := c.do(ctx, operation{
		method: http.MethodGet, path: path, token: token, header: header,
		repeatable: true, tries: directoryTries, accept: accept,
	})
	return err
}

// phrase returns the text for use within the quotes of a $search, or "" where
// there is nothing in it to look for. What could end the quotes becomes a blank,
// and parts words there as Graph's own search does.
func searchPhrase(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return ""
	}
	unquoted := strings.NewReplacer(`"`, " ", `\`, " ").Replace(oneLine(text, maxCode))
	return strings.Join(strings.Fields(unquoted), " ")
}

func (w wireUserFound) person() meeting.Person {
	p := meeting.Person{ObjectID: oneLine(w.ID, maxCode), UPN: oneLine(w.UPN, maxText), Name: oneLine(w.Name, maxText)}
	if !strings.EqualFold(w.Mail, w.UPN) {
		p.Mail = oneLine(w.Mail, maxText)
	}
	return p
}
