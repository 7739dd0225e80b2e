// Package docno reads document numbers (发文字号): 黄政办发〔2026〕12号, 国令第711号, 财政部公告
// 2026年第3号. It repairs what can be repaired without guessing, and says what it repaired and
// what is wrong.
package docno

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Form is the way a number is built.
type Form string

// The forms.
const (
	Letter Form = "letter" // 机关代字〔年份〕顺序号: 黄政办发〔2026〕12号
	Order  Form = "order"  // 令 and others numbered through: 国令第711号
	Notice Form = "notice" // 公告 numbered by the year: 财政部公告2026年第3号
)

// Number is a document number taken apart.
type Number struct {
	Form   Form
	Code   string // 机关代字, or the name and kind of an order: 黄政办发, 国令
	Year   int    // 0 for orders numbered through
	Serial int
	Han    bool // an order whose number is written in Chinese figures: 主席令第八号
}

// String writes n as GB/T 9704 has it.
func (n Number) String() string {
	switch {
	case n.Form == Letter:
		return fmt.Sprintf("%s〔%d〕%d号", n.Code, n.Year, n.Serial)
	case n.Form == Notice:
		return fmt.Sprintf("%s%d年第%d号", n.Code, n.Year, n.Serial)
	case n.Form == Order && n.Han:
		return n.Code + "第" + statute.Numeral(n.Serial) + "号"
	case n.Form == Order:
		return fmt.Sprintf("%s第%d号", n.Code, n.Serial)
	}
	return ""
}

// Fault is one thing wrong with a number as written.
type Fault struct {
	Severity check.Severity
	Rule     string // the rule's identifier in the specification, if it has one
	Cite     statute.Ref
	Repaired bool // Number.String writes it right: a page may offer the repair
	Message  i18n.Message
}

// Reading is a number with what was found wrong with it. Where OK is false the text could not
// be read and Number is zero.
type Reading struct {
	Number Number
	OK     bool
	Faults []Fault
}

// Repairs reports whether r was read and Number.String differs from the text in nothing but
// repaired faults.
func (r Reading) Repairs() bool {
	for _, f := range r.Faults {
		if f.Repaired {
			return r.OK
		}
	}
	return false
}

// layout cites the standard on document numbers.
//
// GB/T 9704-2012 7.2.5：“年份、发文顺序号用阿拉伯数字标注；年份应标全称，用六角括号‘〔〕’括入；
// 发文顺序号不加‘第’字，不编虚位（即1不编为01），在阿拉伯数字后加‘号’字。”
var layout = statute.Layout.Whole("第7.2.5条")

// The shapes of numbers once spaces are gone and brackets are one kind.
var (
	letterShape = regexp.MustCompile(`^(.*?)〔([^〔〕]*)〕(第?)(0*)(\d+)(号?)$`)
	noticeShape = regexp.MustCompile(`^(.*?)(\d{4})年(第?)(0*)(\d+)(号?)$`)
	orderShape  = regexp.MustCompile(`^(.*?)第(0*)(\d+)(号?)$`)
	hanShape    = regexp.MustCompile(`^(.*?)第([一二三四五六七八九十百千零〇]+)号$`)
	bareShape   = regexp.MustCompile(`^(\D*?)(\d{4})[-_—](\d+)号?$`)
)

// brackets are what people write for 〔 and 〕.
var brackets = strings.NewReplacer(
	"［", "〔", "[", "〔", "【", "〔", "（", "〔", "(", "〔", "﹝", "〔", "〖", "〔", "｛", "〔", "{", "〔", "〈", "〔", "<", "〔", "《", "〔",
	"］", "〕", "]", "〕", "】", "〕", "）", "〕", ")", "〕", "﹞", "〕", "〗", "〕", "｝", "〕", "}", "〕", "〉", "〕", ">", "〕", "》", "〕")

// Parse reads a document number.
func Parse(text string) Reading {
	p := &parser{}
	s := p.clean(text)
	if s == "" {
		return p.fail(i18n.M("docno.empty"))
	}
	switch {
	case letterShape.MatchString(s):
		return p.letter(letterShape.FindStringSubmatch(s))
	case noticeShape.MatchString(s):
		return p.notice(noticeShape.FindStringSubmatch(s))
	case hanShape.MatchString(s):
		return p.han(hanShape.FindStringSubmatch(s))
	case orderShape.MatchString(s):
		return p.order(orderShape.FindStringSubmatch(s))
	}
	return p.fail(explain(s))
}

// explain says what an unreadable number lacks, the most telling first.
func explain(s string) i18n.Message {
	switch {
	case bareShape.MatchString(s):
		return i18n.M("docno.no_brackets", "text", s)
	case !strings.ContainsAny(s, "0123456789"):
		return i18n.M("docno.no_serial", "text", s)
	case strings.Contains(s, "〔") != strings.Contains(s, "〕"):
		return i18n.M("docno.half_bracket", "text", s)
	case !strings.Contains(s, "〔"):
		return i18n.M("docno.no_brackets", "text", s)
	}
	return i18n.M("docno.unreadable", "text", s)
}

// parser gathers faults while a number is read.
type parser struct{ faults []Fault }

func (p *parser) repair(m i18n.Message, rule string) {
	p.faults = append(p.faults, Fault{Severity: check.Error, Rule: rule, Cite: layout, Repaired: true, Message: m})
}

func (p *parser) wrong(s check.Severity, m i18n.Message) {
	p.faults = append(p.faults, Fault{Severity: s, Cite: layout, Message: m})
}

func (p *parser) fail(m i18n.Message) Reading {
	p.wrong(check.Error, m)
	return Reading{Faults: p.faults}
}

// clean takes out white space, narrows wide digits and makes brackets one kind.
func (p *parser) clean(text string) string {
	text = strings.TrimSpace(text)
	narrow := strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff':
			return -1
		}
		return r
	}, text)
	if strings.ContainsAny(text, "０１２３４５６７８９") {
		p.repair(i18n.M("docno.wide"), "")
	}
	if strings.ContainsFunc(text, unicode.IsSpace) {
		p.faults = append(p.faults, Fault{Severity: check.Warning, Cite: layout, Repaired: true, Message: i18n.M("docno.space")})
	}
	one := brackets.Replace(narrow)
	if one != narrow {
		p.repair(i18n.M("docno.brackets"), "R-DOC-01")
	}
	return one
}

// letter reads 代字〔年份〕顺序号.
func (p *parser) letter(m []string) Reading {
	year, ok := p.year(m[2])
	if !ok {
		return p.fail(i18n.M("docno.year", "year", m[2]))
	}
	if m[3] != "" {
		p.repair(i18n.M("docno.ordinal"), "")
	}
	return p.finish(Number{Form: Letter, Code: m[1], Year: year}, m[4], m[5], m[6])
}

// notice reads 公告年份第n号.
func (p *parser) notice(m []string) Reading {
	year, ok := p.year(m[2])
	if !ok {
		return p.fail(i18n.M("docno.year", "year", m[2]))
	}
	return p.finish(Number{Form: Notice, Code: m[1], Year: year}, m[4], m[5], m[6])
}

// order reads 令第n号. Only orders are numbered through; another code without a year is old.
func (p *parser) order(m []string) Reading {
	if !strings.HasSuffix(m[1], "令") {
		p.wrong(check.Warning, i18n.M("docno.no_year"))
	}
	return p.finish(Number{Form: Order, Code: m[1]}, m[2], m[3], m[4])
}

// han reads an order with a Chinese number: 主席令第八号.
func (p *parser) han(m []string) Reading {
	for n := 1; n <= 999; n++ {
		if statute.Numeral(n) == m[2] {
			return p.judge(Number{Form: Order, Code: m[1], Serial: n, Han: true})
		}
	}
	return p.fail(i18n.M("docno.unreadable", "text", m[0]))
}

// finish reads the serial number, its padding and the closing 号.
func (p *parser) finish(n Number, zeros, serial, end string) Reading {
	if end == "" {
		p.repair(i18n.M("docno.no_end"), "")
	}
	var err error
	if n.Serial, err = strconv.Atoi(serial); err != nil || len(serial) > 8 || n.Serial == 0 {
		return p.fail(i18n.M("docno.serial", "serial", serial))
	}
	if zeros != "" {
		p.repair(i18n.M("docno.zeros", "written", zeros+serial, "right", n.Serial), "")
	}
	return p.judge(n)
}

// The bounds of a plausible code: the longest in use, such as 国家税务总局某省税务局公告, keep
// below twenty characters; more is text that clung to the number.
const longestCode = 20

// judge looks at the code, and closes the reading.
func (p *parser) judge(n Number) Reading {
	switch {
	case n.Code == "":
		return p.fail(i18n.M("docno.no_code"))
	case len([]rune(n.Code)) > longestCode || clinging.MatchString(n.Code):
		p.wrong(check.Warning, i18n.M("docno.clinging", "code", n.Code))
	case !han.MatchString(n.Code):
		p.wrong(check.Warning, i18n.M("docno.code", "code", n.Code))
	}
	return Reading{Number: n, OK: true, Faults: p.faults}
}

var (
	clinging = regexp.MustCompile(`的通知|的决定|的意见|的函|的公告|的批复|^的|关于`)
	han      = regexp.MustCompile(`^[\p{Han}〇]+(〔[\p{Han}〇]+〕)?\p{Han}*$`)
)

// firstYear is the first year of the present numbering of official documents.
const firstYear = 1949

// year reads a full year in Arabic or, repaired, Chinese digits.
func (p *parser) year(text string) (int, bool) {
	arabic := strings.NewReplacer("〇", "0", "○", "0", "零", "0", "一", "1", "二", "2", "三", "3", "四", "4",
		"五", "5", "六", "6", "七", "7", "八", "8", "九", "9").Replace(text)
	year, err := strconv.Atoi(arabic)
	if err != nil || len(arabic) != 4 || year < firstYear {
		return 0, false
	}
	if arabic != text {
		p.repair(i18n.M("docno.han_year"), "")
	}
	return year, true
}
