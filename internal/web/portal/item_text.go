package portal

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// heading is a line of a long text's contents.
type heading struct {
	Href, Text string
	Level      int // 1 or 2
}

// The lines that head parts of a text, as richtext writes them: headings, and the paragraphs that
// official documents number themselves (第一章、一、（一）).
var (
	headLine = regexp.MustCompile(`<(h2|h3|p)( class="[^"]*")?>(.*?)</(?:h2|h3|p)>`)
	markup   = regexp.MustCompile(`<[^>]*>`)
	chapter  = regexp.MustCompile(`^第[一二三四五六七八九十百]+[编章][\s　]*\S`)
	counted  = regexp.MustCompile(`^[一二三四五六七八九十]{1,3}、`)
	calls    = regexp.MustCompile(`<sup class="footnote">.*?</sup>`)
)

// A text has contents from so many headings on, and a heading is a line of at most so many
// characters: longer ones are text that is merely numbered.
const (
	leastHeadings = 4
	longestHead   = 40
	mostHeadings  = 60
)

// anchored gives the headings of a text anchors, and its tables boxes of their own to be scrolled
// in. shown is HTML of richtext.Show; table names a table for those who hear the page.
func anchored(shown, table string) (string, []heading) {
	var all []heading
	out := headLine.ReplaceAllStringFunc(shown, func(line string) string {
		m := headLine.FindStringSubmatch(line)
		text := strings.TrimSpace(html.UnescapeString(markup.ReplaceAllString(calls.ReplaceAllString(m[3], ""), "")))
		level := levelOf(m[1], text)
		if level == 0 || len(all) == mostHeadings {
			return line
		}
		id := "part-" + strconv.Itoa(len(all)+1)
		all = append(all, heading{"#" + id, text, level})
		return "<" + m[1] + ` id="` + id + `"` + strings.TrimPrefix(line, "<"+m[1])
	})
	if len(all) < leastHeadings {
		all, out = nil, shown
	}
	n := 0
	out = tableTag.ReplaceAllStringFunc(out, func(string) string {
		n++
		return `<div class="scroll" tabindex="0" role="region" aria-label="` + html.EscapeString(table+" "+strconv.Itoa(n)) + `"><table>`
	})
	return strings.ReplaceAll(out, "</table>", "</table></div>"), all
}

var tableTag = regexp.MustCompile(`<table>`)

// levelOf is the level of a heading, 0 for what is none.
func levelOf(tag, text string) int {
	n := utf8.RuneCountInString(text)
	switch {
	case n == 0 || n > longestHead:
		return 0
	case tag == "h2":
		return 1
	case tag == "h3":
		return 2
	case strings.HasSuffix(text, "。") || strings.HasSuffix(text, "；"):
		return 0
	case chapter.MatchString(text), counted.MatchString(text):
		return 1
	}
	return 0
}
