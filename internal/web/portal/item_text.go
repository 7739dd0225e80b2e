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
// in. shown is HTML of richtext.Show; table names a table for those who hear the page. Where a
// text has headings, paragraphs that are merely numbered are none.
func anchored(shown, table string) (string, []heading) {
	out, all := anchor(shown, marked)
	if len(all) < leastHeadings {
		out, all = anchor(shown, levelOf)
	}
	if len(all) < leastHeadings {
		out, all = shown, nil
	}
	n := 0
	out = tableTag.ReplaceAllStringFunc(out, func(string) string {
		n++
		return `<div class="scroll" tabindex="0" role="region" aria-label="` + html.EscapeString(table+" "+strconv.Itoa(n)) + `"><table>`
	})
	return strings.ReplaceAll(out, "</table>", "</table></div>"), all
}

// anchor gives the lines outside of tables that level takes for headings their anchors.
func anchor(shown string, level func(tag, text string) int) (string, []heading) {
	var all []heading
	var out strings.Builder
	for rest := shown; rest != ""; {
		at := strings.Index(rest, "<table>")
		if at < 0 {
			at = len(rest)
		}
		out.WriteString(headLine.ReplaceAllStringFunc(rest[:at], func(line string) string {
			m := headLine.FindStringSubmatch(line)
			text := strings.TrimSpace(html.UnescapeString(markup.ReplaceAllString(calls.ReplaceAllString(m[3], ""), "")))
			n := level(m[1], text)
			if n == 0 || len(all) == mostHeadings {
				return line
			}
			id := "part-" + strconv.Itoa(len(all)+1)
			all = append(all, heading{"#" + id, text, n})
			return "<" + m[1] + ` id="` + id + `"` + strings.TrimPrefix(line, "<"+m[1])
		}))
		rest = rest[at:]
		if end := strings.Index(rest, "</table>"); end >= 0 {
			out.WriteString(rest[:end])
			rest = rest[end:]
			out.WriteString("</table>")
			rest = strings.TrimPrefix(rest, "</table>")
		} else {
			out.WriteString(rest)
			rest = ""
		}
	}
	return out.String(), all
}

var tableTag = regexp.MustCompile(`<table>`)

// marked is the level of a heading that is written as one, 0 for what is none.
func marked(tag, text string) int {
	n := utf8.RuneCountInString(text)
	switch {
	case n == 0 || n > longestHead:
		return 0
	case tag == "h2":
		return 1
	case tag == "h3":
		return 2
	}
	return 0
}

// levelOf is the level of a heading, also of one that only its number makes one.
func levelOf(tag, text string) int {
	if n := marked(tag, text); n > 0 {
		return n
	}
	if utf8.RuneCountInString(text) <= longestHead && !strings.HasSuffix(text, "。") && !strings.HasSuffix(text, "；") &&
		(chapter.MatchString(text) || counted.MatchString(text)) {
		return 1
	}
	return 0
}
