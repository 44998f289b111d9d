package web_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

// parseScript parses calendar files with two independent Python packages, icalendar and
// vobject. It prints the fields found by each of them, as JSON.
const parseScript = `
import json, sys, icalendar, vobject
def utc(t): return t.strftime("%Y%m%dT%H%M%SZ") if t.utcoffset() is not None and not t.utcoffset() else repr(t)
out = []
for path in sys.argv[1:]:
    raw = open(path, "rb").read()
    c = icalendar.Calendar.from_ical(raw); e, = c.walk("VEVENT")
    assert not e.errors and not c.errors, (e.errors, c.errors)
    one = dict(method=c["METHOD"], uid=e["UID"], sequence=int(e["SEQUENCE"]), status=e["STATUS"], summary=e["SUMMARY"], description=e["DESCRIPTION"],
        location=e.get("LOCATION", ""), start=utc(e.decoded("DTSTART")), end=utc(e.decoded("DTEND")) if "DTEND" in e else "",
        stamp=utc(e.decoded("DTSTAMP")), changed=utc(e.decoded("LAST-MODIFIED")), organizer=e["ORGANIZER"], name=e["ORGANIZER"].params["CN"])
    v = vobject.readOne(raw.decode("utf-8")); v.validate(raiseException=True); w = v.vevent
    two = dict(method=v.method.value, uid=w.uid.value, sequence=int(w.sequence.value), status=w.status.value, summary=w.summary.value, description=w.description.value,
        location=w.location.value if hasattr(w, "location") else "", start=utc(w.dtstart.value), end=utc(w.dtend.value) if hasattr(w, "dtend") else "",
        stamp=utc(w.dtstamp.value), changed=utc(w.last_modified.value), organizer=w.organizer.value, name=w.organizer.params["CN"][0])
    out.append({"icalendar": one, "vobject": two})
json.dump(out, sys.stdout)
`

type parsedEvent struct {
	Method, UID, Status, Summary, Description, Location, Start, End, Stamp, Changed, Organizer, Name string
	Sequence                                                                                         int
}

// parseEvents reads each file with both parsers. It returns one map per file, keyed by
// parser name.
func parseEvents(t *testing.T, files ...string) (all []map[string]parsedEvent) {
	t.Helper()
	command := exec.Command(testenv.Program(t, "/usr/bin/python3", "python3"), append([]string{"-c", parseScript}, files...)...)
	command.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8")
	if out, err := exec.Command(command.Path, "-c", "import icalendar, vobject").CombinedOutput(); err != nil {
		testenv.ProgramMissing(t, fmt.Errorf("%w: %s", err, out), "python3-icalendar python3-vobject")
	}
	if err := json.Unmarshal([]byte(output(t, command)), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCalendarFilesInOtherPrograms(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t)
	b := s.signIn(priya)
	plain := []string{"date", "2027-07-05", "start", "10:00", "end", "10:30"}
	var (
		meetings []meeting.Meeting
		files    []string
		names    []string
		dir      = t.TempDir()
	)
	for name, fields := range map[string][]string{
		"emoji":               {"subject", "🔥 Printer 👩🏽\u200d🚒 on fire 🇵🇹"},
		"right to left":       {"subject", "מדפסת (חדר 12), الطابعة؛ 3"},
		"iCalendar syntax":    {"subject", `a;b,c:d\e"f\n\\;\, BEGIN:VEVENT`},
		"path":                {"subject", `C:\new\nothing\Temp`},
		"255 four-byte runes": {"subject", strings.Repeat("📅", 255)},
		"255 escaped runes":   {"subject", strings.Repeat(`\;,`, 85)},
		"combining marks":     {"subject", strings.Repeat("e\u0301\u0323", 85)},
		"unusual spaces":      {"subject", "a\u00a0b\u2003c\u3000d\ufeffe"},
		"no subject":          {"subject", ""},
		"parameter syntax":    {"subject", `;X="1":2`},
		"zero duration":       {"start", "10:00", "end", "10:00"},
		"past midnight":       {"start", "23:30", "end", "00:15", "end_date", "2027-07-06"},
		"24 hours":            {"start", "10:00", "end", "10:00", "end_date", "2027-07-06"},
		"from midnight":       {"start", "00:00", "end", "00:00", "end_date", "2027-07-06"},
		"clocks go back":      {"date", "2027-10-31", "start", "00:30", "end", "02:30"},
		"clocks go forward":   {"date", "2027-03-28", "start", "00:30", "end", "02:30"},
		"repeated hour":       {"date", "2027-10-31", "start", "01:30", "duration", "30", "end", "", "fold", "second"},
		"other time zone":     {"time_zone", "Asia/Kathmandu"},
		"year 2000":           {"date", "2000-01-01", "start", "23:00", "end", "23:59", "past", "1"},
		"year 2199":           {"date", "2199-12-31", "start", "23:00", "end", "23:59"},
	} {
		where := b.post("/meetings", s.form(append(append([]string{"external_id", "CAL-" + name}, plain...), fields...)...)).want(200, "Created").url.Path
		p := b.get(where + "/invitation.ics")
		calendarOf(t, p)
		meetings, names = append(meetings, newest(t, s, "CAL-"+name)), append(names, name)
		files = append(files, writeFile(t, filepath.Join(dir, fmt.Sprint(len(files), ".ics")), p.body))
	}
	for i, each := range parseEvents(t, files...) {
		m := meetings[i]
		want := parsedEvent{
			Method: "PUBLISH", Status: "CONFIRMED", Summary: m.ExternalID + ": " + m.Subject, Location: m.JoinURL, Organizer: "mailto:" + priya, Name: "Priya Nair", Sequence: m.Version,
			Start: m.Start.UTC().Format("20060102T150405Z"), Changed: m.UpdatedAt.UTC().Format("20060102T150405Z"),
		}
		if m.Subject == "" {
			want.Summary = m.ExternalID
		}
		if m.End.After(m.Start) {
			want.End = m.End.UTC().Format("20060102T150405Z")
		}
		for parser, got := range each {
			if parser == "icalendar" && regexp.MustCompile(`\\[n;,]`).MatchString(m.Subject) {
				continue // icalendar 4 unescapes text twice
			}
			if !strings.Contains(got.Description, "\nJoin: "+m.JoinURL+"\n") || m.Subject != "" && !strings.Contains(got.Description, "\nSubject: "+m.Subject+"\n") {
				t.Errorf("%s, %s: the description is %q", names[i], parser, got.Description)
			}
			stamp, err := time.Parse("20060102T150405Z", got.Stamp)
			if err != nil || s.now().Sub(stamp).Abs() > time.Minute || len(got.UID) != 36 {
				t.Errorf("%s, %s: DTSTAMP is %q, UID is %q", names[i], parser, got.Stamp, got.UID)
			}
			got.Description, got.Stamp, got.UID = "", "", ""
			if got != want {
				t.Errorf("%s, %s: the event is\n%+v, want\n%+v", names[i], parser, got, want)
			}
		}
	}
}

// TestOrganizersInOtherPrograms checks that other programs can read unusual organizer names.
// It also checks that the file contains a URN if the organizer's address is unknown.
func TestOrganizersInOtherPrograms(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	var files, want []string
	for _, name := range []string{`O'Neill, Pat: Dr.; "Boss"`, "Zażółć Gęślą", "山田 太郎", "a=b", "=1+1", "x^ny^'z", "😀", "ends;", `CONTOSO\priya`, `a\:b`, `n\n;x`, `\`, strings.Repeat("Ñandú ", 40)} {
		inDatabase(t, s, `UPDATE users SET name = $1 WHERE upn = $2`, name, priya)
		files = append(files, writeFile(t, filepath.Join(t.TempDir(), "a.ics"), b.get(where+"/invitation.ics").want(200).body))
		want = append(want, strings.NewReplacer(`"`, "'", `\`, "/").Replace(strings.TrimSpace(name)))
	}
	for i, each := range parseEvents(t, files...) {
		for parser, got := range each {
			if got.Name != want[i] || got.Organizer != "mailto:"+priya {
				t.Errorf("%s: the organizer is %q <%s>, want %q", parser, got.Name, got.Organizer, want[i])
			}
		}
	}
	inDatabase(t, s, `UPDATE users SET upn = '' WHERE upn = $1`, priya)
	if got := calendarOf(t, b.get(where+"/invitation.ics")); !strings.HasPrefix(got["ORGANIZER"], "urn:uuid:") {
		t.Errorf("ORGANIZER is %q, want a URN", got["ORGANIZER"])
	}
}

func TestImportUpdatesExistingEvent(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t)
	b := s.signIn(priya)
	for name, calendar := range map[string]func(*testing.T) (put func(file string) string){"radicale": radicale, "khal": khal} {
		t.Run(name, func(t *testing.T) {
			put := calendar(t)
			where := b.post("/meetings", s.form("external_id", "CAL-"+name, "date", "2027-07-05", "subject", `Drucker; "brennt", 🔥 \ <x>`)).want(200).url.Path
			file := func() string { return b.get(where + "/invitation.ics").want(200).body }
			if got := put(file()); strings.Count(got, "SUMMARY") != 1 || !strings.Contains(got, "SUMMARY:CAL-"+name+": Drucker") || !strings.Contains(got, "20270705T090000Z") {
				t.Errorf("the calendar contains %s", got)
			}
			form := fields(b.get(where + "/edit").want(200))
			form.Set("start", "11:00")
			form.Set("end", "11:00")
			b.post(where+"/update", form).want(200, "Changed")
			if got := put(file()); strings.Count(got, "SUMMARY") != 1 || !strings.Contains(got, "SUMMARY:CAL-"+name+": Drucker") || !strings.Contains(got, "20270705T100000Z") {
				t.Errorf("after the change the calendar contains %s", got)
			}
			b.post(where+"/remove", nil).want(200, "Removed")
			cancel := b.get(b.get(where).want(200).doc.Find(`a[href$=".ics"]`).AttrOr("href", "")).want(200)
			if got := put(cancel.body); strings.Count(got, "SUMMARY") != 1 || !strings.Contains(got, "SUMMARY:Cancelled: CAL-"+name+": Drucker") || !strings.Contains(got, "CANCELLED") {
				t.Errorf("after the removal the calendar contains %s", got)
			}
		})
	}
}

// khal sets up a calendar for the khal program. It returns a function that imports a
// calendar file and returns the event file that khal stored.
func khal(t *testing.T) func(file string) string {
	t.Helper()
	path, dir := testenv.Program(t, "khal", "khal"), t.TempDir()
	config := writeFile(t, filepath.Join(dir, "config"), fmt.Sprintf("[calendars]\n[[desk]]\npath = %s/desk\n[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\ndateformat = %%Y-%%m-%%d\ntimeformat = %%H:%%M\n[sqlite]\npath = %s/khal.db\n", dir, dir))
	if err := os.Mkdir(filepath.Join(dir, "desk"), 0o700); err != nil {
		t.Fatal(err)
	}
	return func(file string) string {
		imported := exec.Command(path, "-c", config, "import", "--batch", "-a", "desk", writeFile(t, filepath.Join(dir, "new.ics"), file))
		listed := exec.Command(path, "-c", config, "list", "2027-07-05", "1d", "--format", "{start} {title} {status}")
		for _, command := range []*exec.Cmd{imported, listed} {
			command.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "HOME="+dir)
		}
		output(t, imported)
		stored, err := filepath.Glob(filepath.Join(dir, "desk", "*"))
		if err != nil || len(stored) != 1 {
			t.Fatalf("the calendar contains %q, want one file (%v)", stored, err)
		}
		text, err := os.ReadFile(stored[0])
		if err != nil {
			t.Fatal(err)
		}
		if shown := output(t, listed); !strings.Contains(shown, "Drucker") {
			t.Errorf("khal lists %q", shown)
		}
		return string(text)
	}
}

// radicale starts a Radicale server. It returns a function that uploads a calendar file and
// returns the server's events on July 5, 2027.
func radicale(t *testing.T) func(file string) string {
	t.Helper()
	path := testenv.Program(t, "radicale", "radicale")
	address := testenv.FreeAddress(t)
	command := exec.Command(path, "--server-hosts", address, "--auth-type", "none", "--storage-filesystem-folder", t.TempDir())
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	send := func(method, where, kind, body string) (int, string) {
		r, err := http.NewRequest(method, "http://"+address+where, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth("dana", "x")
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Depth", "1")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return 0, err.Error()
		}
		defer resp.Body.Close()
		content, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(content)
	}
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		status, content := send("MKCALENDAR", "/dana/desk/", "application/xml", "")
		if status == http.StatusCreated {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the server does not answer: %d %s", status, content)
		}
	}
	const july5 = `<C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
		<C:time-range start="20270705T000000Z" end="20270706T000000Z"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`
	return func(file string) string {
		if status, content := send("PUT", "/dana/desk/meeting.ics", "text/calendar; charset=utf-8", file); status != http.StatusCreated {
			t.Fatalf("PUT: %d %s", status, content)
		}
		status, event := send("GET", "/dana/desk/meeting.ics", "", "")
		if status != http.StatusOK || !strings.Contains(event, "BEGIN:VEVENT") {
			t.Fatalf("GET: %d %s", status, event)
		}
		status, events := send("REPORT", "/dana/desk/", "application/xml", july5)
		if status != http.StatusMultiStatus {
			t.Fatalf("REPORT: %d %s", status, events)
		}
		return events
	}
}
