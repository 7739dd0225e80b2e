package read

import (
	"regexp"
	"strconv"
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/form"
	"gongkai/internal/i18n"
)

// A source counts as a report in the unified form when its tables are there, or when its
// headings leave no doubt that they should be.
const (
	enoughHeadings = 4
	enoughExact    = 3 // of them in the form's own words
)

var strippedYear = regexp.MustCompile(`(?:^|[，。、\s])年[，,]`)

// refuse says why a source is no report in the unified form, nil if it is one.
func refuse(year int, b *book, rs []row, heads []heading, tables map[string]gathered) *annual.Refusal {
	for id, g := range tables {
		if g.seen && len(g.records) > 0 && anchored(b, rs[g.from:g.to], id) {
			return nil
		}
	}
	if (year == 0 || form.ForYear(year) != nil) && headed(heads) {
		return nil
	}
	why := &annual.Refusal{Reasons: []i18n.Message{i18n.M("annual.read.refuse.no_tables")}}
	add := func(m i18n.Message) { why.Reasons = append(why.Reasons, m) }
	text := wholeText(rs)
	if strings.TrimFunc(text, isSpace) == "" {
		why.Reasons = []i18n.Message{i18n.M("annual.read.refuse.empty")}
		return why
	}
	if year > 0 && form.ForYear(year) == nil {
		add(i18n.M("annual.read.refuse.before", "year", year))
	}
	if len(heads) < enoughHeadings {
		add(i18n.M("annual.read.refuse.headings", "found", len(heads)))
	}
	if old := oldSections(text); len(old) >= 3 {
		add(i18n.M("annual.read.refuse.old_layout", "sections", old))
	}
	if len(strippedYear.FindAllString(text, 4)) >= 2 {
		add(i18n.M("annual.read.refuse.stripped"))
	}
	if pageMarks(rs) {
		add(i18n.M("annual.read.refuse.page_marks"))
	}
	if !strings.Contains(compact(text), "政府信息公开") {
		add(i18n.M("annual.read.refuse.subject"))
	}
	return why
}

// anchored reports whether rows hold words that only the head of that table has.
func anchored(b *book, rs []row, id string) bool {
	for _, r := range rs {
		for _, t := range r.toks {
			if t.kind == words && b.headOf(t.norm, id) {
				return true
			}
		}
	}
	return false
}

// headed reports headings that only the unified form has, though its tables are missing.
func headed(heads []heading) bool {
	exact, table := 0, false
	for _, h := range heads {
		if h.form {
			exact++
			table = table || h.key == "s3" || h.key == "s4"
		}
	}
	return len(heads) >= enoughHeadings && exact >= enoughExact && table
}

func wholeText(rs []row) string {
	var b strings.Builder
	for _, r := range rs {
		b.WriteString(rowText(r))
		b.WriteByte('\n')
	}
	return b.String()
}

// oldSections lists the headings of the layout in use before 2019 that a text has.
func oldSections(text string) []string {
	t := compact(text)
	var found []string
	for _, h := range []struct{ name, pattern string }{
		{"概述", "概述"},
		{"依申请公开政府信息和不予公开政府信息情况", "依申请公开政府信息和不予公开"},
		{"咨询处理情况", "询问受理"},
		{"咨询处理情况", "咨询处理"},
		{"复议、诉讼和申诉情况", "诉讼和申诉"},
		{"收费及减免情况", "收费及减免"},
		{"支出和收费情况", "支出和收费"},
	} {
		if strings.Contains(t, h.pattern) && (len(found) == 0 || found[len(found)-1] != h.name) {
			found = append(found, h.name)
		}
	}
	return found
}

// pageMarks reports the numbers that document-sharing sites put before each page's text,
// in the middle of sentences: "3、最快捷的…".
func pageMarks(rs []row) bool {
	next := 1
	broken := 0
	for _, r := range rs {
		t := strings.TrimFunc(r.text, isSpace)
		n, rest, ok := strings.Cut(t, "、")
		if !ok || n != strconv.Itoa(next) || len(rest) < 60 {
			continue
		}
		next++
		broken++
	}
	return broken >= 3
}
