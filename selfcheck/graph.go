package selfcheck

import (
	"context"
	"errors"
	"slices"
	"strings"

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

// maxTried limits the number of organizers to check, so that the check finishes in time.
const maxTried = 20

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

// Application checks whether Entra ID accepts the second application's client ID with a
// secret or a certificate.
func (d *Desk) Application(ctx context.Context, c auth.Credential) Line {
	l := Line{Name: "app", Args: meeting.Args{"Client": d.App.ClientID()}}
	a, err := d.App.ProbeCredential(ctx, c)
	if err != nil {
		l.Args["Error"] = err
		return l.with(Unknown, "unreachable")
	}
	return credential(l, "APP_", a, c)
}

// policy asks Graph for a meeting that does not exist, on behalf of up to maxTried
// organizers. Graph checks the permission and the policy before it looks for the meeting.
func (d *Desk) policy(ctx context.Context) Line {
	tried := d.Organizers[:min(len(d.Organizers), maxTried)]
	l := Line{Name: "policy", Args: meeting.Args{"Count": len(tried), "All": len(d.Organizers)}}
	token, err := d.App.Token(ctx, "")
	if err != nil {
		l.Args["Error"] = err
		return l.with(Unknown, "unreachable")
	}
	named := make(map[string][]string) // organizers by outcome
	for _, organizer := range tried {
		outcome, err := d.organizer(ctx, token, organizer)
		if err != nil {
			l.Args["Error"] = err
		}
		named[outcome] = append(named[outcome], organizer)
	}
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
	if len(tried) < len(d.Organizers) {
		return l.with(OK, "some")
	}
	return l.with(OK, "ok")
}

// noMeeting is a join link that belongs to no meeting.
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
// needs. Without offline_access, users have to sign in again every hour.
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

// shortScope returns a scope's name without its resource.
func shortScope(scope string) string { return scope[strings.LastIndexByte(scope, '/')+1:] }
