package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"meetdesk/testenv"
)

// manyRows returns rows to paste whose total size is at least the given number of bytes.
func manyRows(size int) string {
	line := "INC0000001\t" + strings.Repeat("x", 3000) + "\n"
	return "Ticket\tNotes\n" + strings.TrimSpace(strings.Repeat(line, size/len(line)+1))
}

func wantPasted(t *testing.T, p *page, rows, zone string) {
	t.Helper()
	got := formFields(p.doc.Find("form#form"))
	if lines(got, "rows") != strings.TrimSpace(rows) || got.Get("time_zone") != zone {
		t.Errorf("%s: the form has %d bytes of rows, want %d, and the time zone %s", p.url, len(got.Get("rows")), len(rows), got.Get("time_zone"))
	}
}

// TestSwitchKeepsMegabytes checks that a language switch preserves more than a megabyte of
// pasted rows, and that the page asks the person to choose their file again.
func TestSwitchKeepsMegabytes(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/preferences", url.Values{"language": {"en"}}).want(200)
	p := b.get("/imports/new").want(200)
	if kind := p.doc.Find(`.switch button[name="language"]`).AttrOr("formenctype", ""); kind != "multipart/form-data" {
		t.Errorf("the switch sends the form as %s", kind)
	}
	for name, rows := range map[string]string{"": manyRows(3 << 20), "exams.xlsx": "Ticket\nINC1"} {
		values := switchFields(p, "language", "en")
		values.Set("rows", rows)
		values.Set("time_zone", "Asia/Kolkata")
		again := b.sendUpload("/preferences", name, "PK", values).want(200)
		wantPasted(t, again, rows, "Asia/Kolkata")
		if said := strings.Contains(again.text(), "Choose the file exams.xlsx again"); said != (name != "") {
			t.Errorf("with the file %q, the page says that it has to be chosen again: %v", name, said)
		}
	}
}

// TestUploadWithoutSession checks that pasted rows survive the end of the session, and that
// the page says that an uploaded file was not kept.
func TestUploadWithoutSession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, out := s.signIn(priya), s.browser()
	fields := formFields(b.get("/imports/new").want(200).doc.Find("form#form"))
	fields.Set("rows", "Ticket\nINC1")
	fields.Set("time_zone", "UTC")
	p := out.sendUpload("/imports", "", "", fields).want(401, "What you typed is kept on this page.")
	if strings.Contains(p.text(), "was not kept") {
		t.Errorf("the page speaks of a file that nobody chose:\n%s", p.text())
	}
	if kind := p.doc.Find(`main form[action="/imports"]`).AttrOr("enctype", ""); kind != "multipart/form-data" {
		t.Errorf("the page sends the form as %s", kind)
	}
	held := formFields(p.doc.Find(`main form[action="/imports"]`))
	b.sendUpload("/imports", "", "", held).want(200, "1 meeting will be created")
	out.sendUpload("/imports", "exams.xlsx", "PK", fields).want(401, "The file exams.xlsx was not kept.")

	fields.Set("rows", manyRows(300<<10))
	out.sendUpload("/imports", "", "", fields).want(http.StatusRequestEntityTooLarge, "so it was not kept", "go back to the form here")
}

// TestHeldUploadOfMegabytes checks that a form that was submitted in another person's
// session preserves more than a megabyte of rows, even after a theme change.
func TestHeldUploadOfMegabytes(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	fields := formFields(s.signIn(priya).get("/imports/new").want(200).doc.Find("form#form"))
	rows := manyRows(5 << 18)
	fields.Set("rows", rows)
	other := s.signIn(tomas)
	p := other.sendUpload("/imports", "", "", fields).want(409, "Tomás Oliveira is signed in now")
	p = other.sendUpload("/preferences", "", "", switchFields(p, "theme", "dark")).want(409)
	if kind := p.doc.Find(`.switch[action="/preferences"]`).AttrOr("enctype", ""); kind != "multipart/form-data" {
		t.Errorf("the switch sends the held form as %s", kind)
	}
	held := formFields(p.doc.Find(`main form[action="/imports"]`).First())
	if lines(held, "rows") != rows {
		t.Errorf("the held form has %d bytes of rows, want %d", len(held.Get("rows")), len(rows))
	}
	other.sendUpload("/imports", "", "", held).want(200)
}

func TestErrorKeepsPastedRows(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	fields := formFields(b.get("/imports/new").want(200).doc.Find("form#form"))
	rows := manyRows(2 << 20)
	fields.Set("rows", rows)
	fields.Set("time_zone", "Asia/Kolkata")
	execute(t, s, `ALTER TABLE import_rows RENAME TO gone`)
	p := b.sendUpload("/imports", "exams.csv", "", fields).want(500, "What you entered is still in the form.")
	wantPasted(t, p, rows, "Asia/Kolkata")
}

// TestCorrectionsSurvive checks that a language switch preserves the corrections on the
// dry-run page. If the session has ended, the page tells the person to use another window
// to sign in.
func TestCorrectionsSurvive(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/preferences", url.Values{"language": {"en"}}).want(200)
	p := b.paste("Ticket\tDate\tStart", "\t"+day(s, 1)+"\t10:00").want(200)
	typed := switchFields(p, "language", "pt-BR")
	typed.Set("r1.external_id", "INC0000042")
	b.post("/preferences", typed).want(200, "INC0000042").wantLanguage("pt-BR")

	typed.Set("r1.external_id", "INC0000043")
	other := s.signIn(tomas)
	typed.Del("signed_in_as")
	other.post("/preferences", typed).want(404)
	b.post("/preferences", url.Values{"language": {"en"}}).want(200)
	b.get(p.url.Path).want(200, "INC0000042")

	sent := url.Values{"r1.external_id": {"INC0000043"}}
	held := s.browser().post(p.url.Path+"/check", sent).want(401, "Sign in in another window")
	if got := formFields(held.doc.Find(`main form[action="` + p.url.Path + `/check"]`)).Get("r1.external_id"); got != "INC0000043" {
		t.Errorf("the page has %q", got)
	}
}
