package e2e_test

import (
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// smallTargets returns controls less than 24 pixels wide or high (WCAG 2.2, 2.5.8),
// except links in running text. The size of a radio button or checkbox includes its
// label.
func (b *browser) smallTargets() []string {
	b.t.Helper()
	return do(b, "measure the targets", chromedp.Evaluate[[]string](`
		[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
			.filter(e => e.checkVisibility({ visibilityProperty: true }))
			.filter(e => !(e.matches("a, .bare") && getComputedStyle(e).display === "inline" &&
				[...e.parentNode.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim())))
			.map(e => [e, (/radio|checkbox/.test(e.type) ? e.parentNode : e).getBoundingClientRect()])
			.filter(([, box]) => box.width < 24 || box.height < 24)
			.map(([e, box]) => Math.round(box.width) + " by " + Math.round(box.height) + ": " + e.outerHTML.slice(0, 150))`))
}

// lostWhenForced enables forced colours and reduced motion. It returns the elements that
// still move and the elements that lose information, for example because only a shadow
// conveyed it.
func (b *browser) lostWhenForced() []string {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "forced-colors", Value: "active"}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	return do(b, "look at the page", chromedp.Evaluate[[]string](`(() => {
		document.querySelectorAll("details").forEach(d => d.open = true);
		if (!matchMedia("(forced-colors: active)").matches || !matchMedia("(prefers-reduced-motion: reduce)").matches) return ["nothing is forced"];
		const wrong = [];
		const ground = getComputedStyle(document.body).backgroundColor;
		const seen = (color) => color !== ground && !/^rgba.*, 0\)$/.test(color);
		for (const e of document.querySelectorAll("body, body *")) {
			if (!e.checkVisibility({ visibilityProperty: true })) continue;
			const say = (what) => wrong.push(what + ": " + e.outerHTML.slice(0, 100));
			const style = getComputedStyle(e);
			if (e.matches(".button, button, input:not([type=checkbox], [type=radio]), select, textarea, section.banner, .ticket, .tag, .card, .guard, .summary, .sheet") &&
				!(style.borderTopStyle !== "none" && parseFloat(style.borderTopWidth) >= 1 && seen(style.borderTopColor))) say("no border");
			if (e.matches("svg.icon") && !seen(style.stroke)) say("an icon that is not seen");
			if (e.matches("[aria-pressed=true]") && style.backgroundColor === ground) say("not seen to be pressed");
			if (style.maskImage !== "none") say("cut out of a ground that is not there");
			if (parseFloat(style.transitionDuration) > 0 || style.animationName !== "none" || style.scrollBehavior === "smooth") say("moves");
		}
		return wrong;
	})()`))
}
