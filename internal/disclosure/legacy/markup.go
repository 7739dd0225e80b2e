package legacy

import (
	"html"
	"regexp"
	"strings"
)

// element is what makes a text HTML rather than words: a closing tag of a block, or a break.
var element = regexp.MustCompile(`(?i)</(p|div|table|ul|ol|h[1-6]|span|a|strong|b|td)>|<(br|img|p)[ />]`)

// heading is a heading of Markdown, as some collections keep laws.
var headingMark = regexp.MustCompile(`^(#{1,6})\s+(.*)$`)

// comment is what neither Markdown nor HTML shows.
var comment = regexp.MustCompile(`(?s)<!--.*?-->`)

// untitled takes the title off a text that repeats it as its first heading.
func untitled(body, title string) string {
	for _, tag := range []string{"h2", "h3", "p"} {
		if rest, ok := strings.CutPrefix(body, "<"+tag+">"+html.EscapeString(title)+"</"+tag+">\n"); ok && title != "" && rest != "" {
			return rest
		}
	}
	return body
}

// markup makes HTML of a body: HTML stays, words become paragraphs, a line each, with the
// headings of Markdown.
func markup(v string) string {
	if element.MatchString(v) {
		return v
	}
	var b strings.Builder
	for line := range strings.Lines(comment.ReplaceAllString(v, "")) {
		line = strings.TrimSpace(line)
		if line == "" || line == "---" {
			continue
		}
		tag := "p"
		if m := headingMark.FindStringSubmatch(line); m != nil {
			tag, line = level(len(m[1])), m[2]
		}
		b.WriteString("<" + tag + ">" + html.EscapeString(line) + "</" + tag + ">\n")
	}
	return b.String()
}

// level is the heading an article may have: its title is the page's first.
func level(n int) string {
	return "h" + string(rune('0'+min(max(n, 2), 4)))
}
