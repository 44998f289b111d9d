package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// trick is an attack on a signed-in user by a page on another host.
type trick struct {
	name   string
	does   string
	script string // the body of an async function, run after hostilePrelude
	want   string // what the script returns, as JSON
	forms  int    // the number of forms that the desk must receive and reject
	frames int    // the number of frames that the browser must block
}

// hostilePrelude defines the constants and functions that the scripts use. The constants
// hit and real refer to one of the victim's meetings. The constants miss and missing refer
// to no meeting.
const hostilePrelude = `
	const desk = %q, posts = %q.split(" "), hit = "/history?q=INC0012777", miss = "/history?q=INC0099999", real = "/meetings/1", missing = "/meetings/9999";
	const pause = (ms) => new Promise((done) => setTimeout(done, ms));
	const attempt = (f) => { try { return String(f()); } catch (e) { return e.name; } };
	const event = (element, attribute, url) => new Promise((done) => {
		element.onload = () => done("load");
		element.onerror = () => done("error");
		setTimeout(() => done("nothing"), 2000);
		element[attribute] = desk + url;
		(document.head ?? document.body).append(element);
	});
	const form = (path, enctype, target) => {
		const f = document.createElement("form");
		Object.assign(f, { method: "post", action: desk + path, enctype, target });
		for (const [name, value] of Object.entries({ external_id: "EVIL-1", subject: "Forged", date: "2031-05-05", start: "10:00", end: "11:00", time_zone: "UTC", anyway: "1", theme: "dark", person: "1", name: "Evil", note: "Evil" })) {
			const input = document.createElement("input");
			Object.assign(input, { type: "hidden", name, value });
			f.append(input);
		}
		document.body.append(f);
		f.submit();
	};
	const same = async (probe) => {
		const found = JSON.stringify(await probe(hit)), none = JSON.stringify(await probe(miss));
		return found === none ? "same" : found + " differs from " + none;
	};
`

func postPaths(t *testing.T) (paths []string) {
	t.Helper()
	source, err := os.ReadFile("../web/routes.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"POST (/[^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		paths = append(paths, strings.ReplaceAll(m[1], "{id}", "1"))
	}
	if len(paths) < 15 {
		t.Fatalf("web/routes.go has %d routes for forms", len(paths))
	}
	return paths
}

// hostileTricks returns the tricks that any page can try. The posts parameter is the number
// of routes that accept a form.
func hostileTricks(posts int) []trick {
	const intoFrames = `for (const path of posts) { const frame = document.createElement("iframe"); frame.name = path; document.body.append(frame); form(path, %q, path); } return "sent"`
	return []trick{
		{"forms", "sends a form to every route, into frames", fmt.Sprintf(intoFrames, "application/x-www-form-urlencoded"), `"sent"`, posts, 0},
		{"forms-multipart", "sends a form with several parts to every route", fmt.Sprintf(intoFrames, "multipart/form-data"), `"sent"`, posts, 0},
		{"forms-text", "sends a form as text to every route", fmt.Sprintf(intoFrames, "text/plain"), `"sent"`, posts, 0},
		{"forms-window", "sends forms into new windows, where browsers send more cookies", `for (const path of ["/meetings", "/auth/logout", "/preferences", "/meetings/1/remove"]) { form(path, "", "w" + path); await pause(300); } return "sent"`, `"sent"`, 4, 0},
		{"fetch-forms", "sends forms with fetch, and with a beacon", `for (const path of ["/meetings", "/auth/logout"]) { await fetch(desk + path, { method: "POST", mode: "no-cors", credentials: "include", body: new URLSearchParams({ external_id: "EVIL-2" }) }).catch(() => 0); navigator.sendBeacon(desk + path, "x=1"); } return "sent"`, `"sent"`, 4, 0},
		{"fetch-methods", "sends methods that need permission", `const names = []; for (const method of ["PUT", "DELETE", "PATCH"]) await fetch(desk + real, { method, credentials: "include" }).catch((e) => names.push(e.name)); return names`, `["TypeError","TypeError","TypeError"]`, 0, 0},
		{"ping", "sends a ping with a link", `const a = document.createElement("a"); a.href = "#"; a.ping = desk + "/auth/logout"; document.body.append(a); a.click(); return "clicked"`, `"clicked"`, 1, 0},
		{"frames", "shows pages in frames, objects and embedded", `for (const [tag, attribute] of [["iframe", "src"], ["object", "data"], ["embed", "src"]]) for (const path of ["/", real, "/meetings/new?external_id=EVIL-3"]) { const e = document.createElement(tag); e[attribute] = desk + path; document.body.append(e); } await pause(500); return attempt(() => frames[0].document.title)`, `"SecurityError"`, 0, 6},
		{"frame-of-sign-out", "shows the address that ends sessions at the provider's sign-out", `for (const query of ["", "?sid=", "?sid=%25", "?sid=x"]) { const e = document.createElement("iframe"); e.src = desk + "/auth/frontchannel-logout" + query; document.body.append(e); } return "shown"`, `"shown"`, 0, 4},
		{"fetch-cors", "reads pages, lists and people with fetch", `const names = []; for (const path of ["/", real, "/history.csv", "/history.xlsx", "/auth/session"]) names.push(await fetch(desk + path, { credentials: "include" }).then((r) => r.status, (e) => e.name)); names.push(await fetch(desk + "/people", { method: "POST", credentials: "include", body: new URLSearchParams({ q: "da" }) }).then((r) => r.status, (e) => e.name)); return [...new Set(names)]`, `["TypeError"]`, 1, 0},
		{"fetch-no-cors", "requests pages and lists without asking whether it may read them", `const names = []; for (const path of ["/", real, "/history.csv"]) names.push(await fetch(desk + path, { mode: "no-cors", credentials: "include" }).then((r) => r.type + r.status, (e) => e.name)); names.push(await fetch(desk + "/people", { method: "POST", mode: "no-cors", credentials: "include", body: new URLSearchParams({ q: "da" }) }).then((r) => r.type + r.status, (e) => e.name)); return [...new Set(names)]`, `["TypeError"]`, 1, 0},
		{"embed", "includes pages and lists as scripts, styles and images", `const events = []; for (const [tag, attribute] of [["script", "src"], ["img", "src"], ["link", "href"]]) for (const path of ["/people?q=d", "/auth/session", "/history.csv", "/meetings/1/qr.svg", "/meetings/new/summary?subject=alert(1)"]) { const e = document.createElement(tag); if (tag === "link") e.rel = "stylesheet"; events.push(await event(e, attribute, path)); } return [...new Set(events)]`, `["error"]`, 0, 0},
		{"import", "imports lists as modules", `const names = []; for (const path of ["/auth/session", "/history.csv"]) names.push(await import(desk + path).then(() => "imported", (e) => e.name)); return names`, `["TypeError","TypeError"]`, 0, 0},
		{"service-worker", "registers a service worker for the desk", `return navigator.serviceWorker.register(desk + "/static/app.js").then(() => "registered", (e) => e.name)`, `"SecurityError"`, 0, 0},
		{"websocket", "opens a WebSocket and an event stream", `const socket = new WebSocket(desk.replace("https", "wss") + "/history"); const stream = new EventSource(desk + "/auth/session", { withCredentials: true }); const names = await Promise.all([socket, stream].map((s) => new Promise((done) => { s.onopen = () => done("open"); s.onerror = () => done("error"); }))); stream.close(); return names`, `["error","error"]`, 0, 0},
		{"existence", "finds out by events whether a meeting exists", `const events = []; for (const path of [real, missing]) for (const tag of ["img", "script"]) events.push(await event(document.createElement(tag), "src", path)); return [...new Set(events)]`, `["error"]`, 0, 0},
		{"search-window", "counts the results of a search in a window that it opened", `return same(async (path) => { const w = open(desk + path); await pause(900); return [w.closed, attempt(() => w.length), attempt(() => w.location.href), attempt(() => w.document.title), attempt(() => w.history.length)]; })`, `"same"`, 0, 0},
		{"search-fetch", "finds out by redirects whether a search has exactly one result", `return same(async (path) => { const all = []; for (const redirect of ["follow", "manual", "error"]) for (const mode of ["cors", "no-cors"]) all.push(await fetch(desk + path, { mode, redirect, credentials: "include" }).then((r) => r.type + r.status + r.redirected, (e) => e.name)); return all; })`, `"same"`, 0, 0},
		{"search-timing", "reads the browser's records of the requests for a search", `return same(async (path) => { performance.clearResourceTimings(); await event(document.createElement("img"), "src", path); return performance.getEntriesByType("resource").filter((e) => e.name.startsWith(desk)).map((e) => [e.transferSize, e.encodedBodySize, e.decodedBodySize, e.responseStatus, e.redirectStart, e.nextHopProtocol]); })`, `"same"`, 0, 0},
		{"search-frame", "counts the frames and events of a search in a frame", `return same(async (path) => { const e = document.createElement("iframe"); const what = await event(e, "src", path); return [what, e.contentWindow.length, attempt(() => e.contentWindow.location.href)]; })`, `"same"`, 0, 0},
		{"window-messages", "sends messages to a window of the desk, and drives it with its name", `const w = open(desk + "/meetings/new?external_id=EVIL-4&subject=x", "victim"); await pause(1000); const got = attempt(() => w.postMessage({ type: "submit" }, "*")); open(desk + real + "/edit", "victim"); await pause(800); open("javascript:document.forms[0].submit()", "victim"); return [w.closed, got]`, `[true,"undefined"]`, 0, 0},
		{"deep-link", "opens a form that is filled in, and hopes that it sends itself", `open(desk + "/meetings/new?external_id=EVIL-5&subject=x&date=2031-05-05&start=10:00&end=11:00&time_zone=UTC&anyway=1&edit=0&now=1"); open(desk + "/meetings/adopt?join_url=https://teams.microsoft.com/l/meetup-join/x"); open(desk + "/t/EVIL-6"); open(desk + "/meetings/1/remove"); await pause(2000); return "opened"`, `"opened"`, 0, 0},
		{"get-acts", "opens every address of a form with GET", `for (const path of posts) { const i = new Image(); i.src = desk + path + "?external_id=EVIL-7"; } await pause(1000); open(desk + "/auth/logout"); await pause(500); return "opened"`, `"opened"`, 0, 0},
	}
}

// wantRefused waits until the given number of forms from other hosts have reached the desk.
// It checks that the desk rejected all of them.
func (d *secureDesk) wantRefused(t *testing.T, forms int) {
	t.Helper()
	var posts []seenRequest
	for end := time.Now().Add(patience); len(posts) < forms && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		for _, r := range d.take() {
			if r.method == http.MethodPost {
				posts = append(posts, r)
			}
		}
	}
	if len(posts) != forms {
		t.Errorf("%d forms arrived, want %d", len(posts), forms)
	}
	for _, r := range posts {
		if r.status != http.StatusForbidden {
			t.Errorf("%s %s from %s: status %d (with the session: %v)", r.method, r.path, r.site, r.status, r.session)
		}
	}
}

// wantBlocked waits until the browser has blocked the given number of frames. After a
// timeout, it fails the test.
func (b *browser) wantBlocked(frames int) {
	b.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		heard := strings.Join(b.complaints.list(), "\n")
		got := strings.Count(heard, "frame-ancestors")
		if got >= frames {
			return
		}
		if time.Now().After(end) {
			b.t.Errorf("the browser blocked %d frames, want %d:\n%s", got, frames, heard)
			return
		}
	}
}

// startHostile starts a server for the attacker's pages. The returned function maps one of
// the attacker's host names to its origin.
func startHostile(t *testing.T) (origin func(host string) string) {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, cookie := range r.URL.Query()["cookie"] {
			w.Header().Add("Set-Cookie", cookie)
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>Hostile</title><body>")
	}))
	t.Cleanup(server.Close)
	return func(host string) string {
		return "https://" + host + server.Listener.Addr().String()[len("127.0.0.1"):]
	}
}

func (b *browser) hostileTab() *browser {
	b.t.Helper()
	ctx, end := chromedp.NewContext(b.ctx)
	b.t.Cleanup(end)
	tab := *b
	tab.ctx, tab.complaints = ctx, new(complaints)
	if err := chromedp.Listen(ctx, tab.complaints.hear); err != nil {
		b.t.Fatal(err)
	}
	return &tab
}

// state returns the data that the tricks try to change: the meetings, the signed-in user,
// and the user's language and theme.
func (b *browser) state() string {
	b.t.Helper()
	return do(b, "read the state", chromedp.Evaluate[string](`(async () => {
		const list = await (await fetch("/history.csv?everything=1")).text();
		const page = new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html");
		return [list, page.documentElement.lang, page.documentElement.dataset.theme, page.querySelector("header").innerText].join("\n");
	})()`, chromedp.EvalAwaitPromise))
}

// TestHostilePages checks that every trick fails, whether the page is on another site or on
// another host in the desk's domain.
func TestHostilePages(t *testing.T) {
	t.Parallel()
	d := startSecureDesk(t)
	origin, posts := startHostile(t), postPaths(t)
	b := openBrowser(t, d.desk)
	b.signIn("Dana Whitfield")
	b.create("INC0012777", "A secret subject", "10:00", "10:30")
	b.open("/history", 200)
	before := b.state()
	if !strings.Contains(before, "INC0012777") || !strings.Contains(before, "Dana") {
		t.Fatalf("the state is %q", before)
	}
	for _, host := range []string{"evil.example", "evil.contoso.example"} {
		tab := b.hostileTab()
		for _, trick := range hostileTricks(len(posts)) {
			t.Run(host+"/"+trick.name, func(t *testing.T) {
				tab := tab.of(t)
				do(tab, "open the hostile page", chromedp.Navigate(origin(host)))
				d.take()
				tab.complaints.forget()
				script := "(async () => {" + fmt.Sprintf(hostilePrelude, d.url, strings.Join(posts, " ")) + trick.script + "})().then(JSON.stringify)"
				if got := tab.evaluateLong(script); got != trick.want {
					t.Errorf("the page that %s got %s, want %s", trick.does, got, trick.want)
				}
				d.wantRefused(t, trick.forms)
				tab.wantBlocked(trick.frames)
				if after := b.of(t).state(); after != before {
					t.Errorf("the page that %s changed the state from\n%s\nto\n%s", trick.does, before, after)
				}
			})
		}
	}
}

// evaluateLong evaluates a slow script that returns a promise for a string.
func (b *browser) evaluateLong(script string) string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 3*patience)
	defer cancel()
	result, err := chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}
