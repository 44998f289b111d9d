package search_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime/quotedprintable"
	"net/url"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"meetdesk/people"
	"meetdesk/search"
)

// wrappers rewrite links the way mail filters, launchers and mail programs do.
var wrappers = map[string]func(link string) string{
	"Safe Links": safe,
	"Safe Links, GCC": func(l string) string {
		return "https://gcc02.safelinks.protection.outlook.com/GetUrlReputation?Url=" + url.QueryEscape(l)
	},
	"Safe Links, page": func(l string) string {
		return "https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url=" + url.QueryEscape(l) + "&locale=en-us"
	},
	"Proofpoint v1": func(l string) string { return "https://urldefense.proofpoint.com/v1/url?u=" + l + "&k=abc%3D" },
	"Proofpoint v2": func(l string) string {
		return "https://urldefense.proofpoint.com/v2/url?d=DwMF&u=" + strings.NewReplacer("%", "-25", "-", "-2D", "_", "-5F", ":", "-3A", "/", "_", "?", "-3F", "=", "-3D").Replace(l) + "&c=x"
	},
	"Proofpoint v3":            func(l string) string { return defenseV3(l, "%") },
	"Proofpoint v3, all marks": func(l string) string { return defenseV3(l, "%:?=") },
	"Proofpoint v3, runs": func(l string) string { // "**B" represents three characters
		return "https://urldefense.us/v3/__" + strings.ReplaceAll(l, "%3a", "**B") + "__;" + base64.URLEncoding.EncodeToString([]byte(strings.Repeat("%3a", strings.Count(l, "%3a")))) + "!!x$"
	},
	"Barracuda": func(l string) string {
		return "https://linkprotect.cudasvc.com/url?a=" + url.QueryEscape(l) + "&c=E,1,x&typo=1"
	},
	"Cisco": func(l string) string { return "https://secure-web.cisco.com/1Qx-abc_def/" + url.QueryEscape(l) },
	"Trend Micro": func(l string) string {
		return "https://imsva91-ctp.trendmicro.com:443/wis/clicktime/v1/query?url=" + url.QueryEscape(l) + "&umid=1"
	},
	"Google": func(l string) string {
		return "https://www.google.com/url?q=" + url.QueryEscape(l) + "&sa=D&source=calendar&usg=A"
	},
	"Slack":    func(l string) string { return "https://slack-redir.net/link?url=" + url.QueryEscape(l) },
	"Symantec": func(l string) string { return "https://clicktime.symantec.com/3CYQh?u=" + url.QueryEscape(l) },
	"FireEye": func(l string) string {
		return "https://protect2.fireeye.com/v1/url?k=1f-2&q=1&e=3&u=" + url.QueryEscape(l)
	},
	"Check Point": func(l string) string {
		return "https://url.avanan.click/v2/___" + l + "___.YXAzOmNvbnRvc286YTpvOjFmZGQ"
	},
	"Sophos": func(l string) string {
		return "https://eu-west-1.protection.sophos.com/?d=microsoft.com&u=" + base64.StdEncoding.EncodeToString([]byte(l)) + "&i=1"
	},
	"Base64 in a path": func(l string) string {
		return "https://filter.example/s/" + base64.RawURLEncoding.EncodeToString([]byte(l)) + "/12"
	},
	"Base64 twice": func(l string) string {
		return "https://filter.example/?x=" + base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(l))))
	},
	"hexadecimal": func(l string) string { return "https://filter.example/h/" + hex.EncodeToString([]byte(l)) },
	"a signed token": func(l string) string {
		return "https://filter.example/eyJhbGciOiJub25lIn0." + base64.RawURLEncoding.EncodeToString([]byte(`{"url":"`+strings.ReplaceAll(l, "/", `\/`)+`"}`)) + ".c2ln"
	},
	"compressed": func(l string) string {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		fmt.Fprint(w, l)
		w.Close()
		return "https://shared.outlook.inky.com/link?domain=teams.microsoft.com&t=h." + base64.RawURLEncoding.EncodeToString(b.Bytes())
	},
	"percent, four times": func(l string) string {
		for range 4 {
			l = url.QueryEscape(l)
		}
		return l
	},
	"HTML's numbers": func(l string) string {
		return strings.NewReplacer("/", "&#x2F;", ":", "&#58;", "%", "&percnt;").Replace(l)
	},
	"JSON's numbers": func(l string) string {
		return strings.NewReplacer("/", `\u002f`, ":", `\u003A`, "%", `\u0025`, "=", `\x3d`).Replace(l)
	},
	"quoted-printable": func(l string) string { return printable("Join: " + l + "\r\nThanks") },
	"quoted-printable in one line": func(l string) string {
		return strings.NewReplacer("\r\n", " ", "\n", " ").Replace(printable("Reunião: " + l))
	},
	"quoted-printable, quoted": func(l string) string { return "> " + strings.ReplaceAll(printable("Join: "+l), "\r\n", "\r\n> ") },
	"a filter in a filter": func(l string) string {
		return safe("https://linkprotect.cudasvc.com/url?a=" + url.QueryEscape(safe(l)))
	},
	"quoted mail":                           func(l string) string { return "> " + brokenAfter(l, 61, "\r\n> ") },
	"quoted mail in one line":               func(l string) string { return "Hi > > see " + brokenAfter(l, 61, " > ") + " > > bye" },
	"quoted twice in one line":              func(l string) string { return "> > " + brokenAfter(l, 47, " > > ") },
	"quoted with bars in one line":          func(l string) string { return "| " + brokenAfter(l, 53, " | ") },
	"quoted, line breaks dropped":           func(l string) string { return "> " + brokenAfter(l, 61, "> ") },
	"quoted without spaces after the marks": func(l string) string { return ">" + brokenAfter(l, 70, "\n>>") },
}

// defenseV3 wraps the link as version 3 of URL Defense does. The parameter marks contains
// the characters to replace with asterisks.
func defenseV3(link, marks string) string {
	var replaced []byte
	code := strings.Map(func(r rune) rune {
		if strings.ContainsRune(marks, r) {
			replaced = append(replaced, byte(r))
			return '*'
		}
		return r
	}, link)
	return "https://urldefense.com/v3/__" + code + "__;" + base64.RawURLEncoding.EncodeToString(replaced) + "!!Abc!x$"
}

func printable(text string) string {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	fmt.Fprint(w, text)
	w.Close()
	return b.String()
}

func brokenAfter(text string, n int, with string) string {
	var lines []string
	for ; len(text) > n; text = text[n:] {
		lines = append(lines, text[:n])
	}
	return strings.Join(append(lines, text), with)
}

func TestRecognizeWrappedLinks(t *testing.T) {
	for name, wrap := range wrappers {
		for _, link := range []string{join, strings.Replace(join, "/0?", "/1620000000000?", 1)} {
			want := []search.Thread{{ID: chat}}
			if link != join {
				want[0].Message = "1620000000000"
			}
			got := search.Recognize(wrap(link), people.OnlyAddress)
			if !reflect.DeepEqual(got.Threads, want) || got.Kind != search.KindLink || got.Fault != "" || len(got.MeetingIDs)+len(got.ConferenceIDs)+len(got.RequestIDs) > 0 {
				t.Errorf("%s: %q\n got %+v\nwant %+v", name, wrap(link), got, want)
			}
			if strings.Contains(name, "dropped") || name == "JSON's numbers" || name == "a signed token" {
				continue
			}
			if got := search.JoinLink(wrap(link)); got != link {
				t.Errorf("%s: the join link is\n%q, want\n%q", name, got, link)
			}
		}
		const short = "https://teams.microsoft.com/meet/2345678901234?p=aB3xY9kLmN"
		if got := search.Recognize(wrap(short), people.OnlyAddress); !reflect.DeepEqual(got.MeetingIDs, []string{"2345678901234"}) || len(got.ConferenceIDs) > 0 {
			t.Errorf("%s: %q\n got %+v", name, wrap(short), got)
		}
	}
}

// For a link that does not identify a meeting, the result contains a fault and no IDs.
func TestLinkFaults(t *testing.T) {
	for text, want := range map[string]search.LinkFault{
		join[:80] + "…": search.LinkCut, join[:80] + "...": search.LinkCut, join[:95]: search.LinkCut, "Join: " + join[:60] + "[…] thanks": search.LinkCut,
		"https://teams.microsoft.com/l/meetup-join/…": search.LinkCut, "https://teams.microsoft.com/l/mee…": search.LinkCut, "19:meeting_NGM4ZTk0MzEtYWQ0": search.LinkCut,
		"https://teams.microsoft.com/l/meetup-join/19%3ameeting_NGM4...MWMx%40thread.v2/0": search.LinkCut, safe(join)[:120]: search.LinkCut,
		"https://teams.microsoft.com/meet/234567890…": search.LinkCut, "https://teams.microsoft.com/meet/23456": search.LinkCut, dialIn[:len(dialIn)-2] + "...": search.LinkCut,
		"MSo1N2Y5ZGFjYy03MWJmLTQ3NDMtYjQxMy01M2EdFGkd…": search.LinkCut, "https://eur03.safelinks.protection.outlook.com/ap/t-59584e83/?url=https…": search.LinkCut,
		"https://protect-eu.mimecast.com/s/Ab1cD2eF3?domain=teams.microsoft.com": search.LinkRewritten, "https://url.uk.m.mimecastprotect.com/s/x9_-Qz": search.LinkRewritten,
		"https://clicktime.symantec.com/15siEqAbc": search.LinkRewritten, "https://atpscan.global.hornetsecurity.com/index.php?atp_str=Qx1": search.LinkRewritten,
		"https://shared.outlook.inky.com/link?domain=x&t=h.AAAA": search.LinkRewritten, "see https://aka.ms/xyz please": search.LinkRewritten, "https://bit.ly/3abc": search.LinkRewritten,
		"https://ca-1234.protection.trendmicro.com/wis/x/9": search.LinkRewritten, "https://emea01.safelinks.protection.outlook.com/x": search.LinkRewritten,
		strings.ToLower(light(`{"conversationId":"` + chat + `"}`)): search.LinkLostCase,
		"mso1n2y5zgfjyy03mwjmltq3ndmtyjqxmy01m2edfgkdrwhjlqqqqq":    search.LinkLostCase,
		"https://teams.microsoft.com/":                              search.LinkToTeams, "https://teams.microsoft.com/v2/#/calendar": search.LinkToTeams, "https://teams.live.com/free": search.LinkToTeams,
		"https://contoso.example/a": search.LinkOther, "<https://contoso.example/b?c=d>": search.LinkOther, "https://meet.google.com/abc-defg-hij": search.LinkOther,
		"printer": "", "see https://contoso.example/a now": "", "my teams.microsoft.com is slow, and so is everything else here": "", "19 printers": "", join: "", strings.ToLower(join): "",
		join[:80] + "… Meeting ID: 234 567 890 123 4": "", "and so on...": "", "Ana <ana@fabrikam.example>": "",
	} {
		in := search.Recognize(text, people.OnlyAddress)
		if in.Fault != want || want != "" && len(in.Threads)+len(in.MeetingIDs)+len(in.ConferenceIDs)+len(in.GraphIDs) > 0 {
			t.Errorf("%q: %q, want %q: %+v", text, in.Fault, want, in)
		}
	}
}

// A short string that decompresses to a very long one must not use much memory.
func TestCompressedTexts(t *testing.T) {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	fmt.Fprint(w, strings.Repeat("https://", 500_000)) // compresses to a few kilobytes
	w.Close()
	bomb := base64.RawStdEncoding.EncodeToString(b.Bytes())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, text := range []string{bomb, strings.Repeat(bomb+" ", 40)} {
		search.Recognize(text, people.OnlyAddress)
		search.JoinLink(text)
	}
	runtime.ReadMemStats(&after)
	if grew := (after.TotalAlloc - before.TotalAlloc) >> 20; grew > 100 {
		t.Errorf("allocated %d MB", grew)
	}
}

func TestLostCase(t *testing.T) {
	for id, want := range map[string]bool{chat: false, strings.ToLower(chat): true, "19:MEETING_NGM4ZTK0@thread.v2": true, "19:ab12cd@thread.skype": true, "19:Meeting_x@thread.v2": false} {
		if got := (search.Thread{ID: id}).LostCase(); got != want {
			t.Errorf("%s: LostCase() = %v", id, got)
		}
	}
}
