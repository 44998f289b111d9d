package listing

import (
	"context"
	"database/sql"
	"math"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/compact"
)

// audit reads entries in index order and filters them. limit is the maximum number of
// matches to return, and reach is the maximum number of entries to read.
func (db reader) audit(ctx context.Context, f AuditFilter, after AuditCursor, oldestFirst bool, limit, reach int) (page AuditPage, err error) {
	// PostgreSQL sends all rows of a query, even if the caller stops reading. The first
	// query is therefore small, and each further query reads four times as many entries.
	for part := limit; reach > 0; part *= 4 {
		most := min(part, reach)
		examined, last, err := db.auditPart(ctx, &page, auditArgs{f, after, oldestFirst, most}, limit)
		switch {
		case err != nil:
			return page, err
		case len(page.Entries) == limit:
			page.Next = last // if there is no further entry, the next page is empty
			return page, nil
		case examined < most:
			return page, nil
		}
		after, reach = last, reach-examined
	}
	page.Next, page.Examined = after, time.UnixMilli(after.At).UTC()
	return page, nil
}

type auditArgs struct {
	filter      AuditFilter
	after       AuditCursor
	oldestFirst bool
	most        int
}

// auditPart runs one query and adds the matches to the page until the page is full. It
// returns how many entries it examined and the position of the last one.
func (db reader) auditPart(ctx context.Context, page *AuditPage, args auditArgs, limit int) (examined int, last AuditCursor, err error) {
	b := db.binds()
	rows, err := db.QueryContext(ctx, auditQuery(b, args), b.values...)
	if err != nil {
		return 0, last, err
	}
	defer rows.Close()
	for len(page.Entries) < limit && rows.Next() {
		var (
			e       meeting.AuditEntry
			matches bool
			count   sql.NullInt64
		)
		err := rows.Scan(&e.ID, &last.At, &matches, &e.Action, &e.MeetingID, &e.ExternalID, &e.Kept, &e.Detail, &e.Address, &count,
			&e.Person.ID, &e.Person.TenantID, &e.Person.ObjectID, &e.Person.UPN, &e.Person.Name)
		if err != nil {
			return 0, last, err
		}
		last.ID, examined = e.ID, examined+1
		if matches {
			e.At, e.Address, e.Count, e.HasCount = time.UnixMilli(last.At).UTC(), compact.FullAddress(e.Address), count.Int64, count.Valid
			page.Entries = append(page.Entries, e)
		}
	}
	return examined, last, rows.Err()
}

// auditQuery returns the query for the entries to examine for a page. The most selective
// part of the filter determines the index. The third column of the result is true if an
// entry passes the rest of the filter.
func auditQuery(b *binds, args auditArgs) string {
	f, after := args.filter, args.after
	var (
		base  []string
		rest  = []string{"true"}
		where = func(is bool, condition string) {
			if is {
				base = append(base, condition)
			} else {
				rest = append(rest, condition)
			}
		}
		index = "audit_at"
	)
	if len(f.Meetings) > 0 {
		index = "audit_meeting"
		list := make([]string, len(f.Meetings))
		for i, id := range f.Meetings {
			list[i] = b.add(id)
		}
		where(true, `a.meeting_id IN (`+strings.Join(list, ", ")+`)`)
	}
	if f.UserID != 0 {
		isBase := index == "audit_at"
		if isBase {
			index = "audit_user"
		}
		where(isBase, `a.user_id = `+b.add(f.UserID))
	}
	if f.Action != "" {
		isBase := index == "audit_at" && !isFrequent(f.Action)
		if isBase {
			index = "audit_rare"
			where(true, `a.action NOT IN ('`+strings.Join(frequentActions, "', '")+`')`)
		}
		where(isBase, `a.action = `+b.add(f.Action))
	}
	compare, order := ` < `, ` DESC`
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	if !f.From.IsZero() {
		from = f.From.UnixMilli()
	}
	if !f.To.IsZero() {
		to = f.To.UnixMilli()
	}
	if args.oldestFirst {
		compare, order = ` > `, ` ASC`
	}
	base = append(base, `a.at >= `+b.add(from), `a.at < `+b.add(to))
	if after != (AuditCursor{}) {
		base = append(base, `(a.at, a.id)`+compare+`(`+b.add(after.At)+`, `+b.add(after.ID)+`)`)
	}
	return `SELECT a.id, a.at, coalesce(` + strings.Join(rest, ` AND `) + `, false), a.action, coalesce(a.meeting_id, 0), coalesce(m.external_id, ''), m.id IS NOT NULL, a.detail, a.address, a.count,
			coalesce(u.id, 0), coalesce(u.tid, ''), coalesce(u.oid, ''), coalesce(u.upn, ''), coalesce(u.name, '')
		FROM audit a` + b.engine.useIndex(index) + ` LEFT JOIN users u ON u.id = a.user_id LEFT JOIN meetings m ON m.id = a.meeting_id
		WHERE ` + strings.Join(base, ` AND `) + ` ORDER BY a.at` + order + `, a.id` + order + ` LIMIT ` + b.add(args.most)
}
