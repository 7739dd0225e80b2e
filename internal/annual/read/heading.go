package read

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// heading is a line that opens one of the six sections.
type heading struct {
	key  string // "s1"
	row  int    // index among the rows
	text string // as printed, its own line only
	rest string // text that follows on the same line
	from int    // runes before rest
	form bool   // in the form's own words or an accepted variant of them
}

// headings finds the lines that open sections. A section whose heading stands twice (a
// table of contents, then the report) opens where its text follows.
func headings(rows []row, b *book) []heading {
	var found []heading
	for i, r := range rows {
		if r.grid && len(r.toks) != 1 {
			continue
		}
		text := r.text
		if r.grid {
			text = r.toks[0].text
		}
		if h, ok := headingOf(text, b); ok {
			h.row = i
			found = append(found, h)
		}
	}
	if out := inOrder(dropContents(found, rows)); len(out) > 2 {
		return out
	}
	if other := inOrder(dropContents(looseHeadings(rows, b), rows)); len(other) > 2 {
		return other
	}
	return inOrder(dropContents(found, rows))
}

// looseNumber is how a few reports number their parts: 第一部分 （一） 一， and a space.
var looseNumber = regexp.MustCompile(`^(?:第?[一二三四五六1-6](?:部分|章|节)?|（[一二三四五六]）)[、.．，：]?`)

// looseHeadings finds headings numbered in other ways, in the form's own words only: the
// same words with such numbers also head paragraphs within a part.
func looseHeadings(rows []row, b *book) []heading {
	var found []heading
	for i, r := range rows {
		if r.grid || len(r.toks) != 1 || r.toks[0].kind != words {
			continue
		}
		rest := looseNumber.ReplaceAllString(r.toks[0].norm, "")
		if key := b.sections[b.form.CanonicalOf(rest)]; key != "" {
			found = append(found, heading{key: key, row: i, text: r.toks[0].text, form: true})
		}
	}
	return found
}

// headingOf reads one line as a heading.
func headingOf(text string, b *book) (heading, bool) {
	body := strings.TrimFunc(text, isSpace)
	body = strings.TrimFunc(strings.Trim(body, "#*|【】 "), isSpace)
	if body == "" {
		return heading{}, false
	}
	if utf8.RuneCountInString(body) > longestLabel {
		return runIn(body, b)
	}
	enum, rest := splitEnum(label(body))
	numbered := strings.HasSuffix(enum, "、") || strings.HasSuffix(enum, ".") || enum == ""
	if !numbered {
		return heading{}, false
	}
	if key := sectionOf(rest, enum != "", b); key != "" {
		return heading{key: key, text: body, form: b.sections[b.form.CanonicalOf(rest)] != ""}, true
	}
	if enum == "" || strings.HasSuffix(enum, ".") {
		return heading{}, false
	}
	return runIn(body, b)
}

// runIn recognises a heading with its text on the same line: 六、其他需要报告的事项。本年度…
func runIn(body string, b *book) (heading, bool) {
	if enum, _ := splitEnum(label(firstRunes(body, 6))); !strings.HasSuffix(enum, "、") {
		return heading{}, false // （一）政府信息主动公开情况。… opens a paragraph, not a section
	}
	runes := []rune(body)
	for i, r := range runes {
		if i < 4 {
			continue
		}
		if i > 36 {
			break
		}
		if !strings.ContainsRune("。：: \u3000.", r) {
			continue
		}
		enum, rest := splitEnum(label(string(runes[:i])))
		if key := sectionOf(rest, enum != "", b); enum != "" && key != "" {
			tail := strings.TrimFunc(string(runes[i+1:]), isSpace)
			return heading{key: key, text: string(runes[:i]), rest: tail, from: i + 1}, true
		}
	}
	return heading{}, false
}

// sectionOf names the section that words head, "" if none. The form's own words and their
// accepted variants come first; then what the headings of real reports have in common.
func sectionOf(n string, numbered bool, b *book) string {
	if key := b.sections[b.form.CanonicalOf(n)]; key != "" {
		return key
	}
	length := utf8.RuneCountInString(n)
	if !numbered || length > 34 || strings.ContainsAny(n, "。；，") {
		return ""
	}
	has := func(words ...string) bool {
		for _, w := range words {
			if !strings.Contains(n, w) {
				return false
			}
		}
		return true
	}
	either := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(n, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("问题") && either("改进", "措施", "不足", "打算", "整改", "建议"):
		return "s5"
	case has("其他", "事项") || has("其它", "事项"):
		return "s6"
	case has("复议", "诉讼"):
		return "s4"
	case has("申请") && either("收到", "受理") && either("处理", "办理", "情况"):
		return "s3"
	case has("主动公开", "政府信息") && either("情况", "统计"):
		return "s2"
	case either("总体情况", "总体工作情况", "工作总体", "基本情况", "工作概况", "概述", "总体概况") && length <= 14:
		return "s1"
	}
	return ""
}

// dropContents leaves out headings that are lines of a table of contents: the same section
// is headed again further down, and only other headings follow here.
func dropContents(found []heading, rows []row) []heading {
	last := map[string]int{}
	for i, h := range found {
		last[h.key] = i
	}
	var out []heading
	for i, h := range found {
		if last[h.key] != i && bare(h, i, found, rows) {
			continue
		}
		out = append(out, h)
	}
	return out
}

// bare reports whether nothing stands between a heading and the next one.
func bare(h heading, i int, found []heading, rows []row) bool {
	if h.rest != "" || i+1 >= len(found) {
		return false
	}
	for _, r := range rows[h.row+1 : found[i+1].row] {
		if len(r.toks) > 0 {
			return false
		}
	}
	return true
}

// inOrder keeps the first heading of each section, as long as they come in the order of
// the form; a heading that goes back is text.
func inOrder(found []heading) []heading {
	var out []heading
	reached := ""
	for _, h := range found {
		if h.key > reached {
			out = append(out, h)
			reached = h.key
		}
	}
	return out
}
