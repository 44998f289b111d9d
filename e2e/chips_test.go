package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The attendee field is a text area. Scripts turn it into a combobox with chips.

// invite fills in the attendee field. With scripts, it also waits for the chips.
func (b *browser) invite(people string) {
	b.t.Helper()
	do(b, "fill in the people", chromedp.Evaluate[any](fmt.Sprintf(`(() => {
		const lines = document.querySelector("[name=attendees]");
		lines.value = %q;
		lines.dispatchEvent(new Event("input", { bubbles: true }));
	})()`, people)))
	if b.hasChips() {
		b.waitForChips(len(strings.Split(strings.TrimSpace(people), "\n")))
	}
}

func (b *browser) hasChips() bool {
	b.t.Helper()
	return do(b, "look for the combobox", chromedp.Evaluate[bool](`!document.querySelector(".combo").hidden`))
}

// lines returns the value of the attendee field, which has one person per line.
func (b *browser) lines() string {
	b.t.Helper()
	return do(b, "read the people", chromedp.Evaluate[string](`document.querySelector("[name=attendees]").value.trim()`))
}

func (b *browser) chips() []string {
	b.t.Helper()
	return do(b, "read the chips", chromedp.Evaluate[[]string](`[...document.querySelectorAll(".chip .name")].map(c => c.textContent)`))
}

func (b *browser) waitForChips(n int) {
	b.t.Helper()
	b.waitToBe(fmt.Sprintf(`document.querySelectorAll(".chip").length === %d`, n))
}

func (b *browser) waitToBe(script string) {
	b.t.Helper()
	do(b, "wait until "+script, chromedp.Poll[any](script))
}

func (b *browser) said() string {
	b.t.Helper()
	return do(b, "listen", chromedp.Evaluate[string](`document.getElementById("said").textContent`))
}

// combobox returns the state of the list and the text of the active option, or a message
// if the ARIA attributes are inconsistent.
func (b *browser) combobox() string {
	b.t.Helper()
	return do(b, "look at the combobox", chromedp.Evaluate[string](`(() => {
		const box = document.querySelector("[role=combobox]");
		const list = document.getElementById(box.getAttribute("aria-controls"));
		if (list.checkVisibility() !== (box.getAttribute("aria-expanded") === "true")) return "aria-expanded is wrong";
		const marked = document.getElementById(box.getAttribute("aria-activedescendant"));
		const selected = [...list.querySelectorAll("[role=option][aria-selected=true]")];
		if (selected.length > 1 || (selected[0] ?? null) !== marked) return "aria-selected is wrong";
		return (list.checkVisibility() ? "open" : "closed") + " " + (marked ? marked.textContent : "");
	})()`))
}

func (b *browser) wantCombobox(when, want string) {
	b.t.Helper()
	if got := b.combobox(); got != want {
		b.t.Fatalf("%s: the combobox is %q, want %q", when, got, want)
	}
}

// TestPeopleByKeyboard checks the keys that the ARIA Authoring Practices Guide describes
// for an editable combobox with list autocomplete.
func TestPeopleByKeyboard(t *testing.T) {
	t.Parallel()
	axe := readAxe(t)
	b := openBrowser(t, startDesk(t))
	b.signIn("Dana Whitfield")
	b.follow("New meeting")
	b.waitFor("organizer: you")
	b.tabTo("People (optional)")
	b.press("zzz")
	b.waitToBe(`document.getElementById("said").textContent === "Nobody was found. Type the whole address."`)
	b.press(kb.Escape)
	if text := b.value("People (optional)"); text != "" {
		t.Errorf("after Escape the text is %q", text)
	}
	b.press("a")
	b.press("l")
	b.waitFor("Alex Admin")
	if said := b.said(); said != "1 person was found. Press the down arrow to choose." {
		t.Errorf("it is said that %q", said)
	}
	b.wantCombobox("something typed", "open ")
	if axe != "" {
		for _, violation := range b.violations(axe, everyRule) {
			t.Errorf("with the list open: %s", violation)
		}
	}
	alex := "open Alex Admin (alex@contoso.example)"
	b.press(kb.ArrowDown)
	b.wantCombobox("Down", alex)
	b.press(kb.ArrowDown)
	b.wantCombobox("Down at the end", alex)
	b.press(kb.ArrowUp)
	b.wantCombobox("Up", alex)
	b.press(kb.Home)
	b.wantCombobox("Home", "open ")
	b.press(kb.ArrowUp)
	b.press(kb.End)
	b.wantCombobox("End", "open ")
	b.press(kb.Escape)
	b.wantCombobox("Escape", "closed ")
	if text := b.value("People (optional)"); text != "al" {
		t.Errorf("after Escape the text is %q", text)
	}
	b.press(kb.ArrowDown)
	b.waitToBe(`document.querySelector("[aria-activedescendant]")`)
	b.wantCombobox("Down on a closed list", alex)
	b.press(kb.Enter)
	b.wantCombobox("Enter", "closed ")
	if said := b.said(); said != "Added: Alex Admin" {
		t.Errorf("it is said that %q", said)
	}
	b.press("somebody@fabrikam.example")
	if want := "Alex Admin <alex@contoso.example>\nsomebody@fabrikam.example"; b.lines() != want {
		t.Errorf("while an address is typed the form has %q, want %q", b.lines(), want)
	}
	b.press(kb.Enter)
	b.waitToBe(`document.getElementById("said").textContent === "Added: somebody@fabrikam.example"`)
	b.press("ALEX@contoso.example;")
	b.waitForChips(2)

	// The chips form a single tab stop. The arrow keys move between their controls.
	b.press(kb.ArrowLeft)
	if at := b.focus(); at != "Remove somebody@fabrikam.example" {
		t.Fatalf("Left leads to %q", at)
	}
	b.press(kb.Home)
	if at := b.focus(); at != "Role of Alex Admin" {
		t.Fatalf("Home leads to %q", at)
	}
	b.press("P")
	if want := "Alex Admin <alex@contoso.example> presenter\nsomebody@fabrikam.example"; b.lines() != want {
		t.Errorf("with a role the form has %q, want %q", b.lines(), want)
	}
	b.press(kb.ArrowRight)
	b.press(kb.Delete)
	if said := b.said(); said != "Removed: Alex Admin" {
		t.Errorf("it is said that %q", said)
	}
	if at := b.focus(); at != "Remove somebody@fabrikam.example" {
		t.Errorf("after Delete the focus is on %q", at)
	}
	b.press(kb.Tab)
	if at := b.focus(); at != "People (optional)" {
		t.Errorf("Tab leads to %q", at)
	}
	if got := b.lines(); got != "somebody@fabrikam.example" {
		t.Errorf("the form has %q", got)
	}
}

// TestRecentPeopleAreOffered checks that the empty field suggests people from the user's
// own meetings, except those who have already been added.
func TestRecentPeopleAreOffered(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.fill("INC0012777", "", "10:00", "10:30")
	b.invite("Zoë Quick <zoe@fabrikam.example>\nDana Whitfield <dana@contoso.example>")
	b.follow("Create meeting")
	b.open("/meetings/new?external_id=INC0012778&subject=B&attendees=dana@contoso.example", 200)
	do(b, "go to the people", chromedp.Click(field("People (optional)")))
	b.waitFor("Zoë Quick (zoe@fabrikam.example)")
	b.lacks("Dana Whitfield (dana")
	b.press(kb.ArrowDown)
	b.press(kb.Tab) // also adds the active option
	b.waitForChips(2)
	if got := b.chips(); !slices.Equal(got, []string{"dana@contoso.example", "Zoë Quick"}) {
		t.Errorf("the chips are %q", got)
	}
}

// TestPastedPeopleBecomeChips checks that every entry of a list copied from Outlook, Gmail
// or Teams becomes a chip. The user must be able to correct an entry without an address.
func TestPastedPeopleBecomeChips(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.useClipboard("clipboard-read", "clipboard-write")
	for name, list := range map[string]string{
		"Outlook": "Nair, Priya <priya@contoso.example>; Dana Whitfield <dana@contoso.example>; nobody",
		"Gmail":   `To: "Nair, Priya" <priya@contoso.example>, Dana Whitfield <dana@contoso.example>, nobody`,
		"Teams":   "Nair, Priya\npriya@contoso.example\nDana Whitfield\ndana@contoso.example\nnobody",
	} {
		b.follow("New meeting")
		b.copied(list)
		do(b, "go to the people", chromedp.Focus(field("People (optional)")))
		b.paste()
		b.waitForChips(3)
		if got := b.chips(); !slices.Equal(got, []string{"Nair, Priya", "Dana Whitfield", "nobody"}) {
			t.Errorf("%s: the chips are %q", name, got)
		}
		if want := "Nair, Priya <priya@contoso.example>\nDana Whitfield <dana@contoso.example>\nnobody"; b.lines() != want {
			t.Errorf("%s: the form has %q, want %q", name, b.lines(), want)
		}
		if said := b.said(); !strings.HasPrefix(said, "Added: Nair, Priya, Dana Whitfield, nobody. “nobody” is not an email address") {
			t.Errorf("%s: it is said that %q", name, said)
		}
	}
	b.write("Ticket number (external ID)", "INC0012777")
	b.followTo("Create meeting", 422)
	if shown := strings.Count(b.text(), "“nobody” is not"); shown != 2 {
		t.Errorf("the problem is on the page %d times, want it in the summary and on the chip", shown)
	}
	do(b, "correct the chip", chromedp.Click(`//*[@class="chip"]/*[.="nobody"]`))
	if text := b.value("People (optional)"); text != "nobody" {
		t.Errorf("the text to correct is %q", text)
	}
}

// TestManyPeopleScroll checks that many people make the form only slightly taller, and
// that a long name does not widen the page.
func TestManyPeopleScroll(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	people := []string{strings.Repeat("Long Name ", 20) + "<long@contoso.example>"}
	for i := range 59 {
		people = append(people, fmt.Sprintf("Person Number %d <p%d@contoso.example> presenter", i, i))
	}
	for _, screen := range [][2]int64{{1440, 900}, {390, 844}} {
		b.screen(screen[0], screen[1], "light")
		b.follow("New meeting")
		before := b.formHeight()
		b.invite(strings.Join(people, "\n"))
		if grown := b.formHeight() - before; grown > 110 {
			t.Errorf("with 60 people the form is %v px higher", grown)
		}
		if wide := b.widerThan(screen[0]); len(wide) > 0 {
			t.Errorf("wider than %d px: %q", screen[0], wide)
		}
	}
}

// Without scripts, the field is a text area that accepts roles in English and in
// Portuguese.
func TestPeopleWithoutScripts(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.withoutScripts()
	b.follow("New meeting")
	b.write("Ticket number (external ID)", "INC0012777")
	b.choose("Time zone", "Europe/Lisbon")
	b.choose("People (optional)", "dana@contoso.example co-organizer\nalex@contoso.example apresentador")
	b.sees("One person on each line")
	b.follow("Create meeting")
	b.sees("Created", "Dana Whitfield", "Co-organizer", "Alex Admin", "Presenter")
}
