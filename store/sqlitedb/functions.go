package sqlitedb

import (
	"database/sql/driver"
	"fmt"
	"sync"

	"modernc.org/sqlite"

	"meetdesk/meeting"
	"meetdesk/search"
)

// registerFunctions registers Go functions for use in SQL. They are available on all
// connections that are opened afterwards.
var registerFunctions = sync.OnceFunc(func() {
	for name, of := range map[string]func(string) string{
		"search_fold": search.Fold, "search_words": search.IndexText,
		"ticket_key": meeting.TicketKey, "link_thread": search.ThreadID, "link_meeting_id": search.MeetingID,
	} {
		sqlite.MustRegisterDeterministicScalarFunction(name, 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			text, ok := args[0].(string)
			if !ok {
				return nil, fmt.Errorf("%s of a %T", name, args[0])
			}
			return of(text), nil
		})
	}
	sqlite.MustRegisterDeterministicScalarFunction("search_matches", 5, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		var texts [5]string
		for i, arg := range args {
			text, ok := arg.(string)
			if !ok {
				return nil, fmt.Errorf("search_matches of a %T", arg)
			}
			texts[i] = text
		}
		return search.Parse(texts[0]).Matches(texts[1], texts[2], texts[3], texts[4]), nil
	})
})
