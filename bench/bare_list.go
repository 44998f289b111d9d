package main

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"meetdesk/locale"
	"meetdesk/store/listing"
	"meetdesk/views"
)

// bareList is a handler of the bare server that serves the first rows of a list. It reads the
// rows with the desk's query and renders only the table, as the desk does.
type bareList struct {
	lists *listing.Lists
	text  locale.Printer
}

func newBareList(database string) (http.Handler, error) {
	texts, err := locale.Load()
	if err != nil {
		return nil, err
	}
	lists, err := listing.Open(database, time.Now, new(atomic.Int64))
	if err != nil {
		return nil, err
	}
	return bareList{lists, texts.Printer("en")}, nil
}

// ServeHTTP lists the latest meetings in the order of the desk's history. If the parameter
// "user" contains a user's ID, only that user's meetings are listed.
func (l bareList) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	user, _ := strconv.ParseInt(query.Get("user"), 10, 64)
	criteria := listing.Criteria{UserID: user, Everyone: user == 0, Order: listing.ByStart, Dates: listing.ByStart, Limit: 50}
	page, err := l.lists.History(r.Context(), criteria)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	data := views.TableData{Rows: make([]views.HistoryRow, len(page.Rows)), Zone: time.UTC, Now: time.Now(), Organizer: criteria.Everyone}
	for i, m := range page.Rows {
		data.Rows[i].Listed = m
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := views.MeetingTable(views.Page{T: l.text}, data).Render(r.Context(), w); err != nil {
		panic(err)
	}
}
