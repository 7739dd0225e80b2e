package read

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"gongkai/internal/annual"
	"gongkai/internal/extract"
	"gongkai/internal/place"
)

var (
	// titlePattern accepts the prescribed title, with the year before or behind the body
	// and with letters of 工作年度报告 transposed, as real pages print it.
	titlePattern = regexp.MustCompile(`^[《\s]*(.*?)((?:19|20)\d{2})年?度?(.*?)政府信息(?:与政务)?公开(?:工作)?(?:[年度报告工作]{2,8}|情况(?:的?报告)|年报)[》]?(?:（.*）|\(.*\))?$`)
	// Titles that name the year inside or behind the report's name.
	yearInside  = regexp.MustCompile(`^[《\s]*(.*?)政府信息公开(?:工作)?((?:19|20)\d{2})年?度?(?:工作)?报告[》]?$`)
	yearBehind  = regexp.MustCompile(`^[《\s]*(.*?)政府信息公开(?:工作)?年度(?:工作)?报告[》]?[（(]((?:19|20)\d{2})年?度?[）)]$`)
	hanYear     = regexp.MustCompile(`二[〇○零Oo0][一二三四五六七八九〇○零]{2}年`)
	yearPattern = regexp.MustCompile(`((?:19|20)\d{2})年`)
	periodFull  = regexp.MustCompile(`(20\d{2})年?1月1日[^。]{0,12}?12月31日`)
	statedBody  = regexp.MustCompile(`(?:编制|公布|发布|现将|撰写)了?([^，。,：:《》]{2,30}?)(?:20\d{2})年度?政府信息公开`)
	statedYear  = regexp.MustCompile(`截[至止](20\d{2})年12月31日|(20\d{2})年度?政府信息公开(?:工作)?`)
	published   = regexp.MustCompile(`((?:发布|公开|公布|上网|发文|生成|成文|印发|更新|录入|有效)?(?:时\s*间|日\s*期)|发布机构日期|发布于|发表于)\s*[：:|]?\s*((?:19|20)\d{2}[-年/.]\d{1,2}[-月/.]\d{1,2})`)
	indexLabel  = regexp.MustCompile(`索\s*引\s*号\s*[：:|]?\s*([0-9A-Za-z][0-9A-Za-z/_.\-—－〔〕\[\]]{5,40})`)
	docNoLabel  = regexp.MustCompile(`(?:文\s*号|发文字号)\s*[：:|]?\s*([^\s|：:]{1,30})`)
	pubLabel    = regexp.MustCompile(`(?:发布机构|发文机关|发布单位|信息来源|来\s*源|公开主体)\s*[：:|]?\s*([^\s|：:]{2,40})`)
)

// head reads what stands around the report's text: title, body, year, dates, numbers.
func head(r *annual.Report, doc *extract.Document, rows []row, first int) {
	skip := titleOf(r, doc, rows, first)
	headerFields(r, rows, first)
	r.Preface = preface(rows, skip, first)
	for _, m := range doc.Meta {
		switch strings.ToLower(m.Name) {
		case "pubdate", "publishdate", "article:published_time":
			if d, ok := findDate(m.Value); ok && r.Published.Date.IsZero() {
				r.Published = annual.Day{Date: d, Text: m.Value}
			}
		case "contentsource":
			if r.Publisher.Text == "" && bodyName(compact(m.Value)) {
				r.Publisher = annual.Text{Text: compact(m.Value)}
			}
		}
	}
}

// titleOf finds the title among the lines before the first section, joining what was
// broken over lines, and returns the row after it.
func titleOf(r *annual.Report, doc *extract.Document, rows []row, first int) int {
	limit := first
	if limit < 0 || limit > 120 {
		limit = min(len(rows), 120)
	}
	var lines []int
	for i := 0; i < limit; i++ {
		if titleLine(rows[i]) {
			lines = append(lines, i)
		}
	}
	for _, broken := range []struct {
		lines    int
		nameless bool
	}{{1, false}, {2, false}, {3, false}, {1, true}, {2, true}} {
		for n := 0; n+broken.lines <= len(lines); n++ {
			joined := ""
			for _, i := range lines[n : n+broken.lines] {
				joined += rowLine(rows[i])
			}
			last := lines[n+broken.lines-1]
			if last-lines[n] > 4 {
				continue
			}
			if m := parseTitle(joined); m != nil && (broken.nameless || bodyOf(m) != "") {
				if whole := completed(doc, joined); whole != "" {
					m, joined = parseTitle(whole), whole
				}
				if m := parseTitle(joined + "告"); m != nil && strings.HasSuffix(joined, "报") && last+1 < limit && rowLine(rows[last+1]) == "告" {
					joined, last = joined+"告", last+1 // the line broke within the word
				}
				setTitle(r, m, joined, rows[lines[n]].at)
				return last + 1
			}
		}
	}
	for _, m := range doc.Meta {
		name := strings.ToLower(m.Name)
		if name != "title" && name != "articletitle" {
			continue
		}
		text := m.Value
		if i := strings.IndexAny(text, "_|"); i > 0 {
			text = text[:i]
		}
		if p := parseTitle(text); p != nil {
			setTitle(r, p, strings.TrimSpace(text), place.Place{})
			return 0
		}
	}
	return 0
}

// completed finds the title that the file states of itself where lines are but the end of
// it: a page may break a long title within the body's name.
func completed(doc *extract.Document, lines string) string {
	end := compact(norm.NFKC.String(lines))
	for _, m := range doc.Meta {
		if name := strings.ToLower(m.Name); name != "title" && name != "articletitle" {
			continue
		}
		if p := parseTitle(m.Value); p != nil && strings.HasSuffix(p[0], end) && !strings.ContainsFunc(m.Value, isSpace) {
			return compact(m.Value)
		}
	}
	return ""
}

func rowLine(r row) string {
	if r.grid && len(r.toks) == 1 {
		return r.toks[0].text
	}
	return strings.TrimFunc(strings.TrimLeft(r.text, "# "), isSpace) // # is a heading of markdown
}

// properties reports a line that a program wrote above the text: # title=…; year=…
func properties(text string) bool {
	return strings.HasPrefix(text, "#") && strings.Count(text, "=") > 1
}

// titleLine reports whether a line can be part of a title: short, no sentence, no path.
func titleLine(r row) bool {
	if r.grid && len(r.toks) != 1 {
		return false
	}
	t := rowLine(r)
	n := utf8.RuneCountInString(compact(t))
	return n > 1 && n <= 60 && !strings.ContainsAny(t, "。；>：|") && !strings.Contains(t, "，") && !properties(r.text)
}

// parseTitle reads a title and returns it with the body before the year, the year, and the
// body behind it; nil if the words are no title.
func parseTitle(s string) []string {
	if !strings.Contains(s, "公") && !strings.Contains(s, "开") { // the usual line is no title
		return nil
	}
	t := compact(norm.NFKC.String(s))
	if !strings.Contains(t, "公开") || !strings.Contains(t, "报") {
		return nil
	}
	t = hanYear.ReplaceAllStringFunc(t, func(y string) string {
		digits := ""
		for _, r := range strings.TrimSuffix(y, "年") {
			digits += strconv.Itoa(hanDigits[r])
		}
		return digits + "年"
	})
	if m := titlePattern.FindStringSubmatch(t); m != nil {
		return m
	}
	for _, re := range []*regexp.Regexp{yearInside, yearBehind} {
		if m := re.FindStringSubmatch(t); m != nil {
			return append(m, "")
		}
	}
	return nil
}

func setTitle(r *annual.Report, m []string, text string, at place.Place) {
	r.Title = annual.Text{Text: compact(text), At: at}
	r.Year, _ = strconv.Atoi(m[2])
	r.YearAt = at
	if body := bodyOf(m); body != "" {
		r.Agency = annual.Text{Text: body, At: at}
	}
}

// bodyOf is the name of the body in a title, before or behind the year.
func bodyOf(m []string) string {
	body := strings.TrimPrefix(m[1], "关于") + m[3]
	return strings.Trim(strings.TrimSuffix(strings.TrimPrefix(body, "度"), "关于"), "《》-_ ")
}

// headerFields reads the page header that publishing systems print above a document.
func headerFields(r *annual.Report, rows []row, first int) {
	limit := first
	if limit < 0 {
		limit = min(len(rows), 40)
	}
	sure := 0
	apart := scattered{}
	for i := 0; i < limit; i++ {
		apart.see(rows[i])
		text := rows[i].text
		if rows[i].grid {
			text = rowText(rows[i])
		}
		if properties(text) {
			continue
		}
		if bareLabel.MatchString(compact(text)) {
			text += "：" + nextLine(rows[i+1:limit])
		}
		t := norm.NFKC.String(text)
		at := rows[i].at
		if m := indexLabel.FindStringSubmatch(t); m != nil && r.IndexNo.Text == "" {
			r.IndexNo = annual.Text{Text: m[1], At: at}
		}
		if m := docNoLabel.FindStringSubmatch(t); m != nil && r.DocNo.Text == "" && m[1] != "无" && strings.ContainsAny(m[1], "0123456789") {
			r.DocNo = annual.Text{Text: m[1], At: at}
		}
		if m := pubLabel.FindStringSubmatch(t); m != nil && r.Publisher.Text == "" && bodyName(compact(m[1])) {
			r.Publisher = annual.Text{Text: compact(m[1]), At: at}
		}
		if len(text) >= 300 {
			continue
		}
		for _, m := range published.FindAllStringSubmatch(t, -1) {
			d, ok := findDate(strings.NewReplacer("月", "-", "年", "-").Replace(m[2]))
			if n := surety(m[1]); ok && n > sure {
				sure = n
				r.Published = annual.Day{Date: d, Text: m[2], At: at}
			}
		}
	}
	apart.settle(r)
}

// bareLabel is a label of a page header on a line of its own, its value on the next.
var bareLabel = regexp.MustCompile(`^(?:索引号|文号|发文字号|发布机构|发文机关|发布单位|发布日期|发布时间|发文日期|公开日期|成文日期)[：:]?$`)

// nextLine is the text of the first row that is not empty.
func nextLine(rs []row) string {
	for _, r := range rs {
		if text := strings.TrimFunc(rowLine(r), isSpace); text != "" {
			return text
		}
	}
	return ""
}

// scattered gathers what a page header says where its labels and values stand apart, as in
// a table printed without lines: then the shape of a value has to tell what it is.
type scattered struct {
	labels string
	index  annual.Text
	days   []annual.Day
}

var indexShape = regexp.MustCompile(`^[0-9A-Za-z]{6,20}/(?:19|20)\d{2}-\d{3,8}$`)

func (s *scattered) see(r row) {
	if !r.grid {
		return
	}
	for _, t := range r.toks {
		s.labels += compact(t.text)
		for line := range strings.SplitSeq(t.text, "\n") {
			if line = strings.TrimFunc(line, isSpace); indexShape.MatchString(line) {
				s.index = annual.Text{Text: line, At: t.at}
			} else if d, ok := wholeDate(line); ok {
				s.days = append(s.days, annual.Day{Date: d, Text: line, At: t.at})
			}
		}
	}
}

// settle fills in what the header has one candidate for.
func (s *scattered) settle(r *annual.Report) {
	if r.IndexNo.Text == "" && strings.Contains(s.labels, "索引号") {
		r.IndexNo = s.index
	}
	if r.Published.Date.IsZero() && len(s.days) == 1 && !strings.Contains(s.labels, "成文日期") &&
		(strings.Contains(s.labels, "发布日期") || strings.Contains(s.labels, "发文日期")) {
		r.Published = s.days[0]
	}
}

// surety says how surely a label names the day of publication, 0 if it names another day:
// 成文日期 is the day of signature.
func surety(label string) int {
	label = compact(label)
	for _, w := range []string{"成文", "印发", "有效", "更新"} {
		if strings.HasPrefix(label, w) {
			return 0
		}
	}
	for _, w := range []string{"发布", "公开", "公布", "上网", "发表"} {
		if strings.HasPrefix(label, w) {
			return 3
		}
	}
	if strings.HasPrefix(label, "发文") {
		return 2
	}
	return 1
}

// preface is the text between the title and the first section.
func preface(rows []row, from, first int) []annual.Text {
	if first < 0 {
		return nil
	}
	var out []annual.Text
	for _, t := range paragraphs(rows, min(from, first), first, lineWidth(rows), func(i int) bool {
		return rows[i].pipes || properties(rows[i].text) || parseTitle(rowLine(rows[i])) != nil
	}) {
		if utf8.RuneCountInString(t.Text) >= 12 && strings.ContainsAny(t.Text, "。，,") {
			out = append(out, t)
		}
	}
	return out
}

// settleIdentity completes body and year from the signature, the header and the sentence
// that states the statistical period.
func settleIdentity(r *annual.Report) {
	each := func(see func(annual.Text)) {
		for _, t := range r.Preface {
			see(t)
		}
		for _, s := range r.Sections {
			for _, t := range s.Paragraphs {
				see(t)
			}
		}
	}
	each(func(t annual.Text) {
		c := compact(norm.NFKC.String(t.Text))
		if r.Period.Text == "" && strings.Contains(c, "12月31日") && (strings.Contains(c, "统计") || strings.Contains(c, "数据")) {
			r.Period = sentenceWith(t, "12", "31")
			if m := periodFull.FindStringSubmatch(c); m != nil && r.Year == 0 {
				r.Year, _ = strconv.Atoi(m[1])
				r.YearAt = t.At
			}
		}
	})
	if r.Year == 0 {
		r.Year, r.YearAt = mostNamedYear(r)
	}
	each(func(t annual.Text) {
		if m := statedYear.FindStringSubmatch(compact(norm.NFKC.String(t.Text))); m != nil && r.Year == 0 {
			r.Year, _ = strconv.Atoi(m[1] + m[2])
			r.YearAt = t.At
		}
	})
	longer := func(c annual.Text) {
		a := r.Agency.Text
		switch {
		case c.Text == "" || c.Text == a:
		case a == "":
			r.Agency = c
		case strings.HasSuffix(c.Text, a) && utf8.RuneCountInString(c.Text)-utf8.RuneCountInString(a) <= 8:
			r.Agency = c
		}
	}
	each(func(t annual.Text) {
		if m := statedBody.FindStringSubmatch(compact(t.Text)); m != nil && r.Agency.Text == "" && bodyName(m[1]) {
			r.Agency = annual.Text{Text: m[1], At: t.At}
		}
	})
	longer(r.Signature)
	longer(r.Publisher)
}

// sentenceWith cuts the sentence out of t that holds all the words.
func sentenceWith(t annual.Text, words ...string) annual.Text {
	runes := []rune(t.Text)
	from := 0
	for i, r := range runes {
		if r != '。' && i+1 < len(runes) {
			continue
		}
		s := string(runes[from : i+1])
		hit := true
		for _, w := range words {
			hit = hit && strings.Contains(s, w)
		}
		if hit {
			return annual.Text{Text: s, At: t.Locate(from, i+1)}
		}
		from = i + 1
	}
	return t
}

// mostNamedYear guesses nothing: it takes the year that the text opens its first sentences
// with, when all of them say the same.
func mostNamedYear(r *annual.Report) (int, place.Place) {
	year, at, mixed := 0, place.Place{}, false
	for _, s := range r.Sections {
		if s.Key != "s1" && s.Key != "s2" && s.Key != "s3" {
			continue
		}
		for _, p := range s.Paragraphs {
			m := yearPattern.FindStringSubmatch(compact(firstRunes(p.Text, 12)))
			if m == nil {
				continue
			}
			y, _ := strconv.Atoi(m[1])
			if year != 0 && y != year {
				mixed = true
			}
			if year == 0 {
				year, at = y, p.At
			}
		}
	}
	if mixed {
		return 0, place.Place{}
	}
	return year, at
}
