package narrative

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/internal/annual"
	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
	"gongkai/internal/quantity"
)

// passage is a paragraph with its wrapped lines joined, folded for reading: no blanks,
// figures and punctuation of one width. Every rune knows where it came from.
type passage struct {
	section string
	heading annual.Text
	text    []rune
	from    []origin
	sources []annual.Text
	opens   bool    // it begins with the number of a heading
	lists   bool    // it announced a list in paragraphs of their own
	whole   string  // text, once it is complete
	offsets []int32 // bytes of whole before each rune
}

// origin is where a folded rune stood.
type origin struct{ source, rune int32 }

// sentence is a piece of a passage up to its full stop.
type sentence struct {
	in         *passage
	start, end int // runes of the passage
	topic      topic
	year       int // the year its first words set, 0 for none
	inherited  int // the year set by the sentence before it in the passage
	items      []*item
	words      string
}

// item is a number in a sentence, or a denial, with the words around it.
type item struct {
	quantity.Quantity // positions count runes of the passage
	s                 *sentence
	own               string // words before it since the last number or stop
	lead              string // words before it since the last number
	tail              string // words after it to the next number or stop
	gap               string // everything between the number before it and it
	head              string // words of the sentence before it
	depth             int    // brackets it stands in
	index             int    // among its sentence's items
	no                int    // among the report's items
	foreign           bool   // said of another year, a part of the year, or a difference
}

// topic is what a part of the text is about.
type topic int

// The topics that decide what a bare 共收到7件 counts.
const (
	noTopic topic = iota
	published
	requests
	disputes
	proposals
	fees
)

// read folds the sections' text and finds its sentences and numbers.
func (c *inquiry) read() {
	c.readPart("", annual.Text{}, c.report.Preface)
	for _, s := range c.report.Sections {
		c.readPart(s.Key, s.Heading, s.Paragraphs)
	}
	for _, p := range c.passages {
		p.seal()
		c.split(p)
	}
	for _, s := range c.sentences {
		for _, it := range s.items {
			it.no = len(c.items)
			c.items = append(c.items, it)
		}
	}
}

// readPart joins the lines of a section into passages.
func (c *inquiry) readPart(section string, heading annual.Text, paragraphs []annual.Text) {
	var p *passage
	for _, t := range paragraphs {
		if furniture(t.Text) {
			continue
		}
		if p == nil || !p.continues(t.Text) {
			p = &passage{section: section, heading: heading, opens: opensHeading(t.Text)}
			c.passages = append(c.passages, p)
		}
		p.add(t)
	}
}

// sectionTopic is what a section is about before any heading inside it says otherwise.
func sectionTopic(section string) topic {
	switch section {
	case "s2":
		return published
	case "s3":
		return requests
	case "s4":
		return disputes
	}
	return noTopic
}

// furniture reports whether a line is a page number, a rule or a row of a table.
func furniture(s string) bool {
	letters, bars := 0, 0
	for _, r := range strings.TrimSpace(s) {
		switch {
		case r == '|' || r == '\t' || r == '│':
			bars++
		case r >= 0x4e00 && r <= 0x9fff:
			letters++
		}
	}
	return letters == 0 || bars >= 2
}

// continues reports whether a line goes on with the passage: where a line was broken, and
// where a list has its parts in paragraphs of their own.
func (p *passage) continues(line string) bool {
	if len(p.text) == 0 {
		return true
	}
	last := p.text[len(p.text)-1]
	if last == '：' && p.announces() {
		p.lists = true
		return true
	}
	if last == '；' {
		return p.lists || !opensHeading(line)
	}
	return !p.closed() && !opensHeading(line)
}

// announces reports whether the passage ends with words that announce a list in the
// paragraphs that follow: 其中：.
func (p *passage) announces() bool {
	end := string(p.text[max(0, len(p.text)-8):])
	return ends(end, "其中：", "包括：", "包含：", "如下：", "分别为：", "分别是：")
}

// closed reports whether the passage ends with its last line.
func (p *passage) closed() bool {
	if len(p.text) == 0 {
		return false
	}
	switch p.text[len(p.text)-1] {
	case '。', '！', '？', '：':
		return true
	}
	return p.opens && len(p.text) < 30 && !slices.Contains(p.text, '，')
}

// seal makes the passage ready to be cut into words without copying them.
func (p *passage) seal() {
	p.whole = string(p.text)
	p.offsets = make([]int32, len(p.text)+1)
	at := int32(0)
	for i, r := range p.text {
		p.offsets[i] = at
		at += int32(utf8.RuneLen(r))
	}
	p.offsets[len(p.text)] = at
}

// words returns the runes start to end.
func (p *passage) words(start, end int) string {
	if start >= end {
		return ""
	}
	return p.whole[p.offsets[start]:p.offsets[end]]
}

// opensHeading reports whether a line begins with the number of a heading or a paragraph:
// 一、 （一） 1. 一是.
func opensHeading(s string) bool {
	s = strings.TrimLeft(s, " \t\u3000\u00a0\r\n")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "（"), "(")
	numbers := 0
	for i, r := range s {
		if numbers < 3 && (isFigure(r) || r >= '一' && strings.ContainsRune("一二三四五六七八九十", r)) {
			numbers++
			continue
		}
		if numbers == 0 {
			return false
		}
		switch r {
		case '、', '）', ')':
			return true
		case '.', '．':
			next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
			return !isFigure(next)
		}
		return false
	}
	return false
}

// add appends a line to the passage.
func (p *passage) add(t annual.Text) {
	source := int32(len(p.sources))
	p.sources = append(p.sources, t)
	rs := []rune(t.Text)
	p.text, p.from = slices.Grow(p.text, len(rs)), slices.Grow(p.from, len(rs))
	for i, r := range rs {
		if blankRune(r) {
			if between(rs, i) {
				p.text = append(p.text, ' ')
				p.from = append(p.from, origin{source, int32(i)})
			}
			continue
		}
		p.text = append(p.text, foldRune(r, rs, i))
		p.from = append(p.from, origin{source, int32(i)})
	}
}

func blankRune(r rune) bool {
	return r <= ' ' || r == '\u00a0' || r == '\u3000' || r >= '\u2000' && r <= '\u200d' || r == '\ufeff'
}

// between reports whether the blank at i is the first of those that part two figures of
// one line.
func between(rs []rune, i int) bool {
	if i == 0 || !isFigure(rs[i-1]) || rs[i] == '\n' {
		return false
	}
	for i < len(rs) && blankRune(rs[i]) {
		if rs[i] == '\n' {
			return false
		}
		i++
	}
	return i < len(rs) && isFigure(rs[i])
}

func isFigure(r rune) bool { return r >= '0' && r <= '9' || r >= '０' && r <= '９' }

// foldRune gives the reading form of rs[i].
func foldRune(r rune, rs []rune, i int) rune {
	if r >= '０' && r <= '９' {
		return r - '０' + '0'
	}
	switch r {
	case ',':
		if i > 0 && i+1 < len(rs) && isFigure(rs[i-1]) && isFigure(rs[i+1]) {
			return r
		}
		return '，'
	case ':':
		return '：'
	case ';':
		return '；'
	case '(':
		return '（'
	case ')':
		return '）'
	case '!':
		return '！'
	case '?':
		return '？'
	case '％':
		return '%'
	case '．':
		return '.'
	case '[', '﹝':
		return '〔'
	case ']', '﹞':
		return '〕'
	case '"':
		return '”'
	}
	return r
}

// longest bounds a sentence, in characters: what has no full stop for so long is no prose,
// and reading it whole would take time that grows with its square.
const longest = 1200

// split cuts a passage into sentences and finds their numbers.
func (c *inquiry) split(p *passage) {
	found := quantity.FindRunes(p.text)
	about, inherited := c.topicBefore(p), 0
	start := 0
	for i, r := range p.text {
		if r != '。' && r != '！' && r != '？' && i != len(p.text)-1 && i-start < longest {
			continue
		}
		s := &sentence{in: p, start: start, end: i + 1, inherited: inherited, words: p.words(start, i+1)}
		if t := headingTopic(s.words); t != noTopic {
			about = t
		}
		s.topic = about
		for len(found) > 0 && found[0].Start < s.end {
			c.take(s, found[0])
			found = found[1:]
		}
		s.around(c.report.Year)
		if s.year != 0 {
			inherited = s.year
		}
		c.sentences = append(c.sentences, s)
		start = i + 1
	}
}

// before returns up to n characters of the passage before the sentence.
func (s *sentence) before(n int) string { return s.in.words(max(0, s.start-n), s.start) }

// topicBefore returns the topic a passage begins with: that of the passage before it in
// the same section, unless the section's own.
func (c *inquiry) topicBefore(p *passage) topic {
	if n := len(c.sentences); n > 0 && c.sentences[n-1].in.section == p.section && p.section != "" {
		last := c.sentences[n-1]
		if p.opens {
			return sectionTopic(p.section)
		}
		return last.topic
	}
	return sectionTopic(p.section)
}

// headingTopic returns what a heading such as （二）依申请公开情况。 announces.
func headingTopic(words string) topic {
	if !opensHeading(words) {
		return noTopic
	}
	head := words
	for _, stop := range []string{"。", "，", "："} {
		head, _, _ = strings.Cut(head, stop)
	}
	head = head[:min(len(head), 96)] // 32 characters
	switch {
	case has(head, "复议", "诉讼"):
		return disputes
	case has(head, "依申请", "公开申请", "申请公开"):
		return requests
	case has(head, "处理费", "收费"):
		return fees
	case has(head, "建议", "提案"):
		return proposals
	case has(head, "公开"):
		return published
	}
	return noTopic
}

// take adds a number to its sentence, unless it stands in the title of a document or
// between quotation marks. A year sets what the sentence speaks of.
func (c *inquiry) take(s *sentence, q quantity.Quantity) {
	p := s.in
	if q.Kind == quantity.Year {
		s.sawYear(q)
		return
	}
	depth := 0
	title, quoted := 0, 0
	for _, r := range p.text[s.start:q.Start] {
		switch r {
		case '《':
			title++
		case '》':
			title = max(0, title-1)
		case '“':
			quoted++
		case '”':
			quoted = max(0, quoted-1)
		case '（':
			depth++
		case '）':
			depth = max(0, depth-1)
		}
	}
	if title > 0 || quoted > 0 && q.Kind != quantity.None {
		return
	}
	s.items = append(s.items, &item{Quantity: q, s: s, depth: depth, index: len(s.items)})
}

// sawYear notes the first year a sentence speaks of; 较2022年 and 《2022年要点》 set none.
func (s *sentence) sawYear(q quantity.Quantity) {
	if s.year != 0 || len(s.items) > 0 {
		return
	}
	before := s.in.words(max(s.start, q.Start-12), q.Start)
	near := before[max(0, strings.LastIndexAny(before, "》〕，。")):]
	if has(near, "《", "〔") || ends(near, "较", "比", "同", "与", "和", "对") {
		return
	}
	s.year = int(q.Value.Int64())
}

// around gives each item of the sentence the words around it.
func (s *sentence) around(year int) {
	text := s.in.text
	last, told := s.start, s.start // ends of the item before, and of its words
	for i, it := range s.items {
		next := s.end
		if i+1 < len(s.items) {
			next = s.items[i+1].Start
		}
		own := it.Start
		for own > last && !stop(text[own-1]) {
			own--
		}
		tail := it.End
		it.own = s.in.words(own, it.Start)
		named := !filler(it.own)
		for tail < next && !stop(text[tail]) && !(named && text[tail] == '、') {
			tail++
		}
		it.gap = s.in.words(last, it.Start)
		it.lead = strings.TrimLeft(s.in.words(told, it.Start), "，；：、（）。")
		it.tail = s.in.words(it.End, tail)
		it.head = s.in.words(s.start, it.Start)
		it.foreign = it.elsewhere(year)
		last, told = it.End, tail
	}
}

// stop reports whether r ends the words that belong to a number.
func stop(r rune) bool {
	switch r {
	case '，', '；', '：', '（', '）', '。', '！', '？', '—':
		return true
	}
	return false
}

// at returns where the runes start to end of the passage stand in the source.
func (p *passage) at(start, end int) place.Place {
	if start >= len(p.from) {
		return place.Place{}
	}
	end = min(max(end, start+1), len(p.from))
	first, last := p.from[start], p.from[end-1]
	t := p.sources[first.source]
	to := int(last.rune) + 1
	if last.source != first.source {
		to = len([]rune(t.Text))
	}
	return t.Locate(int(first.rune), to)
}

// quote cites the item with the words that make it readable: its clause, and the one before
// where its own says too little. A denial is cited with what it denies.
func (it *item) quote() check.Quote {
	p := it.s.in
	start, end := it.Start-utf8.RuneCountInString(it.own), it.End+utf8.RuneCountInString(it.tail)
	if it.Kind == quantity.None {
		end = it.clauseEnd()
	}
	if it.Start-start < 4 && end-it.End < 4 && start > it.s.start && p.text[start-1] != '；' {
		start--
		for start > it.s.start && !stop(p.text[start-1]) {
			start--
		}
	}
	q := p.quote(p.bracketed(start, it), end)
	q.At = p.at(it.Start, it.End)
	return q
}

// bracketed returns where a quotation begins that would otherwise begin inside a bracket that
// closes before the item: 公开类（含部分公开）13件.
func (p *passage) bracketed(start int, it *item) int {
	if strings.Contains(p.words(start, it.Start), "（") || start > 0 && p.text[start-1] == '；' {
		return start
	}
	if end := p.words(max(start-1, it.s.start), it.Start); !strings.Contains(end, "）") {
		return start
	}
	at := start
	for at > it.s.start && p.text[at] != '（' {
		at--
	}
	if p.text[at] != '（' {
		return start
	}
	for at > it.s.start && !stop(p.text[at-1]) {
		at--
	}
	return at
}

// quote cites a stretch of the passage.
func (p *passage) quote(start, end int) check.Quote {
	return check.Quote{
		At:    p.at(start, end),
		Label: p.label(),
		Text:  strings.Trim(p.words(start, end), "，；：。、"),
	}
}

// label names the section the passage stands in.
func (p *passage) label() i18n.Message {
	if p.heading.Text == "" {
		return i18n.M("annual.narrative.preface")
	}
	return i18n.M("annual.narrative.section", "heading", strings.TrimSpace(p.heading.Text))
}
