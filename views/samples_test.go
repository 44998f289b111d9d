package views_test

import (
	"sync"
	"testing"

	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/static"
	"meetdesk/views"
	"meetdesk/views/gallery"
)

// Short names for the gallery's people, times and functions. Tests use them to build pages
// that are not among the samples.
var (
	now, lisbon                      = gallery.Now, gallery.Lisbon
	priya, tomas, dana               = gallery.Priya, gallery.Tomas, gallery.Dana
	live, unconfirmed, attempt, call = gallery.Live, gallery.Unconfirmed, gallery.Attempt, gallery.Call
	own, first                       = gallery.Own, gallery.First
	colleagues, historyRows          = gallery.Colleagues, gallery.HistoryRows
)

// catalogue loads the messages only once, because many tests need them.
var catalogue = sync.OnceValues(locale.Load)

// english returns the English printer. If t is of type speaking, it returns the printer in
// t instead.
func english(t testing.TB) locale.Printer {
	t.Helper()
	if other, ok := t.(speaking); ok {
		return other.printer
	}
	c, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c.Printer("en")
}

func page(t testing.TB, user meeting.User, title, path string) views.Page {
	t.Helper()
	files, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	return views.Page{Title: title, T: english(t), User: user, Path: path, Here: path, Static: files.URL, SignedInAs: "sample"}
}

func samples(t testing.TB) []gallery.Sample {
	t.Helper()
	return gallery.Samples(gallery.Look{T: english(t), Static: page(t, priya, "", "").Static})
}
