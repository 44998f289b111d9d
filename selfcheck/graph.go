package selfcheck

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"math/big"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"meetdesk/auth"
	"meetdesk/graph"
	"meetdesk/meeting"
)

// checkGraph checks whether Graph answers a request without a token.
func (d *Desk) checkGraph(ctx context.Context) []Line {
	p := d.Graph.Probe(ctx)
	l := Line{Name: "graph", Args: meeting.Args{"URL": p.URL, "Status": p.Call.Status, "Text": p.Call.Message, "Milliseconds": p.Call.Duration.Milliseconds()}}
	switch {
	case p.Err != nil:
		return []Line{connection(l, p.Err, "GRAPH_URL")}
	case !p.IsGraph && (p.Call.Status == 404 || p.Call.Status == 400):
		return []Line{l.with(Wrong, "absent").blame("GRAPH_URL")}
	case !p.IsGraph:
		return []Line{l.with(Wrong, "foreign")}
	}
	return []Line{l.with(OK, "ok")}
}

// checkApplication checks the second application: its credential, its permission, and
// whether Teams' application access policy covers the organizers.
func (d *Desk) checkApplication(ctx context.Context) []Line {
	if d.App == nil {
		return nil
	}
	l := d.Application(ctx, d.App.Credential())
	if l.State != OK {
		return []Line{l}
	}
	return []Line{l, d.policy(ctx)}
}

// Application checks whether Entra ID accepts the given credential for the second
// application.
func (d *Desk) Application(ctx context.Context, c auth.Credential) Line {
	l := Line{Name: "app", Args: meeting.Args{"Client": d.App.ClientID()}}
	a, err := d.App.ProbeCredential(ctx, c)
	if err != nil {
		l.Args["Error"] = err
		return l.with(Unknown, "unreachable")
	}
	return credential(l, "APP_", a, c)
}

func (d *Desk) policy(ctx context.Context) Line {
	l := Line{Name: "policy", Args: meeting.Args{"All": len(d.Organizers)}}
	token, err := d.App.Token(ctx, "")
	if err != nil {
		l.Args["Error"] = err
		return l.with(Unknown, "unreachable")
	}
	named, err := d.tryOrganizers(ctx, token)
	l.Args["Error"] = err
	for _, outcome := range []string{"permission", "directory", "absent", "policy", "unreachable"} {
		if len(named[outcome]) == 0 {
			continue
		}
		l.Args["Names"] = strings.Join(named[outcome], ", ")
		switch outcome {
		case "absent":
			return l.with(Wrong, outcome).blame("APP_ORGANIZERS")
		case "unreachable":
			return l.with(Unknown, outcome)
		}
		return l.with(Wrong, outcome)
	}
	l.Args["Count"] = len(named["ok"])
	switch len(named["ok"]) {
	case len(d.Organizers):
		return l.with(OK, "ok")
	case 0:
		l.Args["Error"] = ctx.Err()
		return l.with(Unknown, "unreachable")
	}
	return l.with(Unknown, "some")
}

const organizersAtOnce = 8

// tryOrganizers asks Graph, on behalf of each organizer, for a meeting that does not
// exist. Graph checks the permission and the policy before it looks for the meeting. named
// maps each outcome to its organizers. It omits those that were not checked before the
// context ended. If some organizers are "unreachable", err is the error for one of them.
// The check starts with a random organizer, so that repeated checks cover different ones.
func (d *Desk) tryOrganizers(ctx context.Context, token string) (named map[string][]string, err error) {
	outcomes, errs := make([]string, len(d.Organizers)), make([]error, len(d.Organizers))
	first, err := rand.Int(rand.Reader, big.NewInt(int64(len(d.Organizers))))
	if err != nil {
		return nil, err
	}
	var begun atomic.Int64
	var workers sync.WaitGroup
	for range organizersAtOnce {
		workers.Go(func() {
			for n := int(begun.Add(1)); n <= len(d.Organizers) && ctx.Err() == nil; n = int(begun.Add(1)) {
				i := (int(first.Int64()) + n) % len(d.Organizers)
				outcome, err := d.organizer(ctx, token, d.Organizers[i])
				if ctx.Err() == nil {
					outcomes[i], errs[i] = outcome, err
				}
			}
		})
	}
	workers.Wait()
	named = make(map[string][]string)
	for i, outcome := range outcomes {
		if outcome != "" {
			named[outcome], err = append(named[outcome], d.Organizers[i]), cmp.Or(err, errs[i])
		}
	}
	return named, err
}

const noMeeting = "https://teams.microsoft.com/l/meetup-join/meetdesk-self-check"

// organizer checks whether the application may act for one organizer. If it may, the
// outcome is "ok". Outcomes are part of the line's message keys.
func (d *Desk) organizer(ctx context.Context, token, organizer string) (outcome string, err error) {
	id, notID := uuid.Parse(organizer)
	objectID := id.String()
	if notID != nil {
		p, err := d.Graph.Person(ctx, token, organizer)
		switch {
		case graph.IsNotFound(err):
			return "absent", nil
		case isReason(err, meeting.ReasonScope, meeting.ReasonForbidden): // any 403 from the directory means that a permission is missing
			return "directory", nil
		case err != nil:
			return "unreachable", err
		}
		objectID = p.ObjectID
	}
	_, err = d.Graph.MeetingByJoinURL(ctx, graph.For(objectID, token), noMeeting)
	switch {
	case isReason(err, meeting.ReasonNotFound): // Graph gives the same answer for an unknown meeting and for an unknown person
		if _, err := d.Graph.Person(ctx, token, objectID); graph.IsNotFound(err) {
			return "absent", nil
		}
		return "ok", nil
	case err == nil:
		return "ok", nil
	case isReason(err, meeting.ReasonPolicy):
		return "policy", nil
	case isReason(err, meeting.ReasonAppScope, meeting.ReasonAppToken):
		return "permission", nil
	case isReason(err, meeting.ReasonBadRequest): // Graph checks the permission before it validates the request
		return "ok", nil
	}
	return "unreachable", err
}

func isReason(err error, reasons ...meeting.Reason) bool {
	var failed *graph.Error
	return errors.As(err, &failed) && slices.Contains(reasons, failed.Reason)
}

// Scopes compares the granted scopes with those that the desk requests. granted is nil if
// no user is signed in.
func Scopes(requested, granted []string) Line {
	var missing []string
	l := Line{Name: "scopes", Args: meeting.Args{"Requested": strings.Join(requested, " "), "Granted": strings.Join(granted, " ")}}
	if granted == nil {
		return l.with(Unknown, "nobody")
	}
	for _, scope := range requested {
		name := shortScope(scope)
		protocol := slices.Contains([]string{"openid", "profile", "email", "offline_access"}, name) // some providers omit these scopes from the granted ones
		if !protocol && !slices.ContainsFunc(granted, func(g string) bool { return strings.EqualFold(shortScope(g), name) }) {
			missing = append(missing, name)
		}
	}
	l.Args["Missing"] = strings.Join(missing, " ")
	if len(missing) > 0 {
		return l.with(Wrong, "missing")
	}
	return l.with(OK, "ok")
}

// Requested returns a warning if the configuration does not request a scope that the desk
// needs. Without offline_access, users have to sign in again about every hour.
func Requested(requested []string) []Line {
	var missing []string
	for _, needed := range []string{"offline_access", "OnlineMeetings.ReadWrite"} {
		if !slices.ContainsFunc(requested, func(s string) bool { return shortScope(s) == needed }) {
			missing = append(missing, needed)
		}
	}
	if missing == nil {
		return nil
	}
	l := Line{Name: "requested", Args: meeting.Args{"Requested": strings.Join(requested, " "), "Missing": strings.Join(missing, " ")}}
	return []Line{l.with(Warning, "missing").blame("SCOPES")}
}

func shortScope(scope string) string { return scope[strings.LastIndexByte(scope, '/')+1:] }
