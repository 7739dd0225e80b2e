package richtext

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"pgregory.net/rapid"
)

// hostile are texts that try to leave something behind that runs, loads or frames. The
// harmless word 甲 stands in many of them and must survive where it is plain text.
var hostile = []string{
	// plain
	`<script>alert(1)</script>甲`, `<SCRIPT SRC=//evil.test/x.js></SCRIPT>`, `<scr<script>ipt>alert(1)</scr</script>ipt>`, `<script/x>alert(1)</script>`,
	`<img src=x onerror=alert(1)>`, `<img src="attachment:a" onerror=alert(1)>`, `<img src="attachment:a"onload="alert(1)">`, `<IMG """><SCRIPT>alert(1)</SCRIPT>">`,
	`<img src=javascript:alert(1)>`, `<img/src=x/onerror=alert(1)>`, `<img src="x:x" onerror="alert(1)">`, `<img srcset="//evil.test/x 2x" src="attachment:a">`,
	`<body onload=alert(1)>甲`, `<p onclick=alert(1)>甲</p>`, `<p/onmouseover=alert(1)>甲`, `<p style="background:url(javascript:alert(1))">甲</p>`,
	`<p style="behavior:url(#x)">甲</p>`, `<p style="width:expression(alert(1))">甲</p>`, `<div style="position:fixed;inset:0">甲</div>`, `<p class="x onerror">甲</p>`,
	// links
	`<a href="javascript:alert(1)">甲</a>`, `<a href=" javascript:alert(1)">甲</a>`, `<a href="jav&#x09;ascript:alert(1)">甲</a>`, `<a href="jav&#10;ascript:alert(1)">甲</a>`,
	`<a href="&#106;avascript:alert(1)">甲</a>`, `<a href="&#0000106avascript:alert(1)">甲</a>`, `<a href="javascript&colon;alert(1)">甲</a>`, "<a href=\"\x01javascript:alert(1)\">甲</a>",
	"<a href=\"java\x00script:alert(1)\">甲</a>", `<a href="JaVaScRiPt:alert(1)">甲</a>`, `<a href="vbscript:msgbox(1)">甲</a>`, `<a href="data:text/html,<script>alert(1)</script>">甲</a>`,
	`<a href="data:text/html;base64,PHNjcmlwdD4=">甲</a>`, `<a href="//evil.test">甲</a>`, `<a href="/\evil.test">甲</a>`, `<a href="\\evil.test">甲</a>`, `<a href="https:evil.test">甲</a>`,
	`<a href="http://good.test@evil.test/">甲</a>`, `<a href="feed:javascript:alert(1)">甲</a>`, `<a href="view-source:javascript:x">甲</a>`, `<a href="blob:https://x/1">甲</a>`, `<a href="file:///etc/passwd">甲</a>`,
	`<a href="attachment:../../x">甲</a>`, `<a href='attachment:a" onclick="alert(1)'>甲</a>`, `<a href="https://x.test/&quot; onclick=alert(1) x=&quot;">甲</a>`, `<a href="x" target=_blank rel=opener ping=//evil.test>甲</a>`,
	`<a href="////evil.test">甲</a>`, `<a href="/%0a/evil.test">甲</a>`, "<a href=\"/\t/evil.test\">甲</a>", "<a href=\"\u2028javascript:alert(1)\">甲</a>",
	// foreign content and parsers that disagree
	`<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<svg><a xlink:href="javascript:alert(1)"><text>甲</text></a></svg>`, `<svg><animate onbegin=alert(1) attributeName=x></svg>`,
	`<svg><style><img src=x onerror=alert(1)></style></svg>`, `<svg><foreignObject><p onclick=alert(1)>甲</p></foreignObject></svg>`, `<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`, `<math><annotation-xml encoding="text/html"><style><img src=x onerror=alert(1)></style></annotation-xml></math>`,
	`<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`, `<math href="javascript:alert(1)">甲</math>`, `<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>`, `<noembed><img title="</noembed><img src=x onerror=alert(1)>"></noembed>`, `<xmp><p title="</xmp><svg onload=alert(1)>"></xmp>`,
	`<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>`, `<title><img title="</title><img src=x onerror=alert(1)>"></title>`, `<template><img src=x onerror=alert(1)></template>`,
	`<template><script>alert(1)</script></template>甲`, `<select><template><img src=x onerror=alert(1)></template></select>`, `<iframe><img title="</iframe><img src=x onerror=alert(1)>"></iframe>`,
	`<table><td background="javascript:alert(1)">甲</td></table>`, `<table><script>alert(1)</script><tr><td>甲</td></tr></table>`, `<table><caption><svg onload=alert(1)></caption><tr><td>甲`,
	`<p><style><!--</style><script>alert(1)//--></script></p>`, `<!--><img src=x onerror=alert(1)>-->`, `<!--[if gte IE 4]><script>alert(1)</script><![endif]-->`, `<![CDATA[<script>alert(1)</script>]]>`, `<?xml version="1.0"?><?php echo 1 ?>甲`,
	`<!DOCTYPE x [<!ENTITY y "<script>alert(1)</script>">]>&y;`, `&lt;script&gt;alert(1)&lt;/script&gt;`, `&#60;script&#62;alert(1)&#60;/script&#62;`, `<plaintext><script>alert(1)</script>`,
	// frames, forms, and what loads
	`<iframe src="javascript:alert(1)"></iframe>`, `<iframe srcdoc="<script>alert(1)</script>"></iframe>`, `<object data="data:text/html,<script>alert(1)</script>"></object>`, `<embed src="javascript:alert(1)">`,
	`<form action="//evil.test"><input name=password><button formaction="javascript:alert(1)">甲</button></form>`, `<input autofocus onfocus=alert(1)>`, `<isindex action=javascript:alert(1) type=image>`, `<keygen autofocus onfocus=alert(1)>`,
	`<base href="//evil.test/">`, `<link rel=stylesheet href="//evil.test/x.css">`, `<meta http-equiv=refresh content="0;url=//evil.test">`, `<video><source onerror=alert(1)></video>`, `<video src="attachment:a" poster="javascript:alert(1)" onplay=alert(1)></video>`,
	`<audio src=x onerror=alert(1)>`, `<details open ontoggle=alert(1)>甲</details>`, `<marquee onstart=alert(1)>甲</marquee>`, `<dialog open onclose=alert(1)>甲</dialog>`, `<x-foo onfocus=alert(1) tabindex=0>甲</x-foo>`,
	`<bgsound src="javascript:alert(1)">`, `<layer src="//evil.test/x.js"></layer>`, `<frameset onload=alert(1)><frame src="//evil.test"></frameset>`, `<image src=x onerror=alert(1)>`, `<portal src="//evil.test"></portal>`,
	`<p id="location" name="cookie">甲</p>`, `<a id=defaultView href="x:alert(1)">甲</a>`, `<span class="footnote" onclick=alert(1)><script>alert(1)</script>甲</span>`, `<ol type="1&quot; onclick=&quot;alert(1)"><li value=3>甲</ol>`,
	`<td class="w-25" onclick=alert(1)>甲`, `<table><tr><td colspan="2&quot; onclick=&quot;x">甲</table>`, `<img src="attachment:a" alt="&quot; onerror=&quot;alert(1)">`, `<img src="attachment:a&quot; onerror=&quot;alert(1)" alt="">`,
	"<img src=\"attachment:a\x00\" alt=\"\">", "<\x00script>alert(1)</\x00script>", "<p\x0conclick=alert(1)>甲", "\u003cscript\u003ealert(1)\u003c/script\u003e", "<ſcript>alert(1)</ſcript>", "<p title=`x` onclick=alert(1)>甲</p>",
}

// allowed are the attributes each tag of the canonical shape may carry.
var allowed = map[string]string{
	"p": "class", "h2": "class", "h3": "class", "h4": "class", "ul": "", "ol": "type start", "li": "", "blockquote": "", "hr": "", "table": "", "caption": "",
	"tbody": "", "tr": "", "td": "class colspan rowspan", "th": "class colspan rowspan scope", "figure": "", "figcaption": "", "img": "src alt width",
	"video": "src title controls", "audio": "src title controls", "a": "href", "strong": "", "em": "", "u": "", "s": "", "sub": "", "sup": "", "br": "", "span": "class",
}

// harmless fails the test if HTML, read as a browser reads it, holds anything outside the
// shape.
func harmless(t interface{ Errorf(string, ...any) }, in, out string) {
	roots, err := html.ParseFragment(strings.NewReader(out), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		t.Errorf("%q became unreadable: %v", in, err)
	}
	for _, root := range roots {
		for n := range root.Descendants() {
			check(t, in, out, n)
		}
		check(t, in, out, root)
	}
}

func check(t interface{ Errorf(string, ...any) }, in, out string, n *html.Node) {
	switch n.Type {
	case html.TextNode:
		return
	case html.ElementNode:
	default:
		t.Errorf("%q left a node of type %d: %s", in, n.Type, out)
		return
	}
	attrs, known := allowed[n.Data]
	if !known || n.Namespace != "" {
		t.Errorf("%q left <%s>: %s", in, n.Data, out)
	}
	for _, a := range n.Attr {
		v := strings.ToLower(a.Val)
		switch {
		case !strings.Contains(" "+attrs+" ", " "+a.Key+" "), a.Namespace != "":
			t.Errorf("%q left %s=%q on <%s>", in, a.Key, a.Val, n.Data)
		case a.Key == "src" && !strings.HasPrefix(v, "attachment:"), a.Key == "href" && !leadsSomewhereAllowed(v):
			t.Errorf("%q left %s=%q", in, a.Key, a.Val)
		}
	}
}

// leadsSomewhereAllowed reads an address as a browser does: tabs and line ends do not
// count, a backslash is a slash.
func leadsSomewhereAllowed(href string) bool {
	href = strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(strings.TrimFunc(href, func(c rune) bool { return c <= ' ' }))
	scheme, _, found := strings.Cut(href, ":")
	switch {
	case strings.HasPrefix(href, "//"):
		return false
	case !found || strings.ContainsAny(scheme, "/?#"):
		return true
	}
	return strings.HasPrefix(href, "https://") || strings.HasPrefix(href, "http://") || scheme == "mailto" || scheme == "attachment"
}

func TestHostileHTML(t *testing.T) {
	if len(hostile) < 60 {
		t.Fatalf("only %d vectors", len(hostile))
	}
	wraps := []string{"%", "<table><tr><td>%</td></tr></table>", "<ul><li>%</li></ul>", "<svg>%</svg>", "<p><b>%", "<span class=footnote>%</span>", "<figure>%</figure>", "<select>%</select>", "<math><mi>%</mi></math>", "</p></div>%"}
	for _, v := range hostile {
		for _, wrap := range wraps {
			in := strings.Replace(wrap, "%", v, 1)
			out, _ := Sanitise(in)
			harmless(t, in, out)
			if again, _ := Sanitise(out); again != out {
				t.Errorf("%q is not stable:\n%s\n%s", in, out, again)
			}
			pasted, _ := FromPaste(in)
			harmless(t, in, pasted)
		}
	}
}

func TestHostileComparison(t *testing.T) {
	for i, v := range hostile {
		for _, c := range Diff(v, hostile[(i+1)%len(hostile)]) {
			for _, out := range []string{c.Old, c.New, c.Both} {
				low := strings.ToLower(out)
				for _, bad := range []string{"<script", "<svg", "<iframe", "javascript:alert", "<style", "<template"} {
					if strings.Contains(low, bad) && !strings.Contains(low, "&lt;") {
						t.Errorf("%q shows %s", v, out)
					}
				}
			}
		}
	}
}

func TestNestedPastReading(t *testing.T) {
	for _, tag := range []string{"div", "b", "table><tr><td", "ul><li", "blockquote", "span class=footnote", "font"} {
		out, _ := Sanitise(strings.Repeat("<"+tag+">", 20000) + "甲")
		if !strings.Contains(out, "甲") {
			t.Errorf("%s: lost the words", tag)
		}
		harmless(t, tag, out)
	}
}

func TestTooLong(t *testing.T) {
	if out, notes := Sanitise(strings.Repeat("甲", MaxHTML/3+1)); out != "" || len(notes) != 1 || notes[0].Key != NoteSize {
		t.Errorf("got %d bytes and %v", len(out), notes)
	}
}

// pieces makes HTML of odds and ends, broken more often than not.
var pieces = rapid.Custom(func(t *rapid.T) string {
	bits := []string{"<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<a href='/x'>", "</a>", "<table>", "<tr>", "<td>", "<th>", "<td rowspan=3>", "<td colspan=3>", "</table>", "<ul>", "<ol start=4>", "<li>", "</ul>", "</ol>", "<br>", " ", "  ", "\n", "甲", "乙 丙", "&lt;", "&amp;",
		"<h1>", "</h1>", "<span class=footnote>", "</span>", "<img src='attachment:a'>", "<figure>", "<figcaption>", "</figure>", "<blockquote>", "</blockquote>", "<sup>", "</sup>", "<sub>", "<div class=align-center>", "</div>", "<caption>", "<pre>", "</pre>", "<hr>", "<video src='attachment:v'>", "<svg>", "<template>", "<select>", "<center>", "<p class=indent>", "\u00a0", "　", "\u200b", "<thead>", "<tbody>", "<tr></tr>", "<s>", "<u>", "x<y", "]]>", "<!--", "-->"}
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(bits), 0, 30).Draw(t, "bits"), "")
})

func TestSanitiseTwiceIsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := pieces.Draw(t, "html")
		once, _ := Sanitise(in)
		if twice, _ := Sanitise(once); twice != once {
			t.Errorf("\n%q\nonce  %s\ntwice %s", in, once, twice)
		}
		harmless(t, in, once)
		d, _ := parse(once, nil)
		if d.html() != once {
			t.Errorf("the policy changes what is canonical:\n%s\n%s", d.html(), once)
		}
	})
}

// A text does not differ from itself, and each side of a comparison says what its edition
// says. Cells that reach down are shown in each row they reach, so texts with such are passed
// over.
func TestComparingLosesNothing(t *testing.T) {
	bare := func(shown string) string {
		return squeeze(Text(labels.ReplaceAllString(strings.NewReplacer("<ins>", "", "</ins>", "", "<del>", "", "</del>", "").Replace(shown), "")))
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := pieces.Draw(t, "a"), pieces.Draw(t, "b")
		for _, c := range Diff(a, a) {
			if c.Kind != Same {
				t.Errorf("%q differs from itself: %s", a, c.Both)
			}
		}
		var old, new strings.Builder
		for _, c := range Diff(a, b) {
			old.WriteString(c.Old)
			new.WriteString(c.New)
		}
		if strings.Contains(a+b, "rowspan") || strings.Contains(a+b, "footnote") {
			return
		}
		if got, want := bare(old.String()), squeeze(Text(a)); got != want {
			t.Errorf("%q against %q: the old side says %q, not %q", a, b, got, want)
		}
		if got, want := bare(new.String()), squeeze(Text(b)); got != want {
			t.Errorf("%q against %q: the new side says %q, not %q", a, b, got, want)
		}
	})
}

// labels are the numbers a comparison shows before items of lists.
var labels = regexp.MustCompile(`<span class="label">[^<]*</span>`)

func FuzzSanitise(f *testing.F) {
	for _, v := range hostile {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, in string) {
		once, _ := Sanitise(in)
		harmless(t, in, once)
		if twice, _ := Sanitise(once); twice != once {
			t.Errorf("\n%q\nonce  %s\ntwice %s", in, once, twice)
		}
		pasted, _ := FromPaste(in)
		harmless(t, in, pasted)
		Diff(in, once)
	})
}
