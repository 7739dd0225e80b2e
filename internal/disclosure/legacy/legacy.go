// Package legacy brings what was published elsewhere into the product (迁入历史信息): from a
// table, a file of JSON lines, a folder of saved pages, or the section pages of a site
// that is still running. Every row ends in the report: brought in, known already, or
// refused with the reason; nothing is guessed and nothing half written.
package legacy

import (
	"html"
	"iter"
	"regexp"
	"strings"

	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/richtext"
)

// Record is one article as its old place tells it.
type Record struct {
	URL         string // its old address, by which it is known again
	Title       string
	Subtitle    string
	Body        string // HTML of unknown quality; sanitised on the way in
	Summary     string
	IndexNo     string // 索引号
	DocNumber   string // 发文字号
	Issuer      string // 发文机关
	IssuedOn    date.Date
	FormedOn    date.Date
	PublishedAt Moment
	Section     string // name, or names from the top joined by "/"
	Source      string
	Author      string
	Keywords    string
	Theme       string
	Genre       string
	Attribute   string
	Validity    string
}

// Row is one record and where it stands, or why it cannot be read.
type Row struct {
	Where  string // "articles.csv:17", a file's path, an address
	Record Record
	Files  []File // what its text refers to
	Known  bool   // its address is known; the record holds no more than that
	Err    *fault.Error
}

// Rows are read one at a time: a file of a million articles is never held whole.
type Rows = iter.Seq[Row]

// The faults of rows and of files.
var (
	ErrNoTitle   = &fault.Error{Kind: fault.Invalid, Code: "legacy.no_title"}
	ErrDate      = &fault.Error{Kind: fault.Invalid, Code: "legacy.date"}
	ErrFields    = &fault.Error{Kind: fault.Invalid, Code: "legacy.fields"}
	ErrQuote     = &fault.Error{Kind: fault.Invalid, Code: "legacy.quote"}
	ErrJSON      = &fault.Error{Kind: fault.Invalid, Code: "legacy.json"}
	ErrEncoding  = &fault.Error{Kind: fault.Invalid, Code: "legacy.encoding"}
	ErrNoArticle = &fault.Error{Kind: fault.Invalid, Code: "legacy.no_article"}
	ErrNoColumns = &fault.Error{Kind: fault.Invalid, Code: "legacy.no_columns"}
	ErrTwice     = &fault.Error{Kind: fault.Invalid, Code: "legacy.column_twice"}
	ErrFile      = &fault.Error{Kind: fault.NotFound, Code: "legacy.file"}
	ErrEmpty     = &fault.Error{Kind: fault.Invalid, Code: "legacy.empty"}
	// ErrEndless and ErrBroken end a file: behind such a row nobody knows where the next begins.
	ErrEndless = &fault.Error{Kind: fault.TooLarge, Code: "legacy.endless"}
	ErrBroken  = &fault.Error{Kind: fault.Invalid, Code: "legacy.broken"}
	ErrShape   = &fault.Error{Kind: fault.Invalid, Code: "legacy.shape"}
	ErrTooLong = &fault.Error{Kind: fault.TooLarge, Code: "legacy.too_long"}
)

// maxRow bounds one article's text, as an edition does.
const maxRow = richtext.MaxHTML

// Column is a column of the table or a key of a JSON line, under all its names.
type Column struct {
	Name    string   // the documented one
	Chinese string   // the documented one in Chinese
	Also    []string // what other systems call it
	set     func(*Record, string) *fault.Error
}

// Columns are the documented columns, in their order. Only the title is required.
func Columns() []Column {
	text := func(field func(*Record) *string) func(*Record, string) *fault.Error {
		return func(r *Record, v string) *fault.Error {
			*field(r) = strings.TrimSpace(v)
			return nil
		}
	}
	line := func(field func(*Record) *string) func(*Record, string) *fault.Error {
		return func(r *Record, v string) *fault.Error {
			v = broken.ReplaceAllString(strings.TrimSpace(html.UnescapeString(v)), "")
			*field(r) = strings.ReplaceAll(v, "\u00a0", " ")
			return nil
		}
	}
	return []Column{
		{"title", "标题", []string{"名称", "信息名称", "articletitle"}, line(func(r *Record) *string { return &r.Title })},
		{"subtitle", "副标题", nil, line(func(r *Record) *string { return &r.Subtitle })},
		{"body", "正文", []string{"text", "content", "html", "内容"}, setBody},
		{"summary", "内容概述", []string{"概述", "摘要", "description"}, text(func(r *Record) *string { return &r.Summary })},
		{"section", "栏目", []string{"column", "columnname", "category"}, text(func(r *Record) *string { return &r.Section })},
		{"index_number", "索引号", []string{"index"}, text(func(r *Record) *string { return &r.IndexNo })},
		{"doc_number", "发文字号", []string{"文号", "docnumber"}, text(func(r *Record) *string { return &r.DocNumber })},
		{"issuer", "发文机关", []string{"发布机构", "organ", "agency"}, text(func(r *Record) *string { return &r.Issuer })},
		{"issue_date", "成文日期", []string{"生成日期", "date"}, setDay(func(r *Record) *date.Date { return &r.IssuedOn }, "成文日期")},
		{"formed_date", "形成日期", nil, setDay(func(r *Record) *date.Date { return &r.FormedOn }, "形成日期")},
		{"publish_date", "发布日期", []string{"发布时间", "pubdate", "published_at"}, setMoment},
		{"source", "来源", []string{"contentsource"}, text(func(r *Record) *string { return &r.Source })},
		{"author", "作者", nil, text(func(r *Record) *string { return &r.Author })},
		{"keywords", "关键词", []string{"主题词"}, text(func(r *Record) *string { return &r.Keywords })},
		{"theme", "主题分类", nil, text(func(r *Record) *string { return &r.Theme })},
		{"genre", "体裁分类", []string{"体裁"}, text(func(r *Record) *string { return &r.Genre })},
		{"attribute", "公开属性", nil, text(func(r *Record) *string { return &r.Attribute })},
		{"validity", "有效性", nil, text(func(r *Record) *string { return &r.Validity })},
		{"url", "原网址", []string{"网址", "链接", "path"}, text(func(r *Record) *string { return &r.URL })},
	}
}

// broken is where a title was broken into lines, by a line's end or in HTML.
var broken = regexp.MustCompile(`(?i)\s*(\n|<br ?/?>)\s*`)

// column finds the column a header or key names.
func column(columns []Column, header string) (int, bool) {
	h := strings.ToLower(strings.Join(strings.Fields(strings.Trim(header, "*＊:： \t\ufeff\u00a0")), ""))
	for i, c := range columns {
		if h == c.Name || h == c.Chinese {
			return i, true
		}
		for _, also := range c.Also {
			if h == also {
				return i, true
			}
		}
	}
	return 0, false
}

func setBody(r *Record, v string) *fault.Error {
	if len(v) > maxRow {
		return ErrTooLong.With("most", maxRow>>20)
	}
	r.Body = markup(v)
	return nil
}

func setDay(field func(*Record) *date.Date, name string) func(*Record, string) *fault.Error {
	return func(r *Record, v string) *fault.Error {
		m, ok := parseMoment(v)
		if !ok {
			return ErrDate.With("column", name).With("value", clip(v))
		}
		*field(r) = m.Day
		return nil
	}
}

func setMoment(r *Record, v string) *fault.Error {
	m, ok := parseMoment(v)
	if !ok {
		return ErrDate.With("column", "发布日期").With("value", clip(v))
	}
	r.PublishedAt = m
	return nil
}

// finish looks at a record as a whole.
func (r *Record) finish() *fault.Error {
	if r.Title == "" {
		return ErrNoTitle
	}
	r.Body = untitled(r.Body, r.Title)
	return nil
}

// clip shortens a value for a message.
func clip(v string) string {
	r := []rune(strings.Join(strings.Fields(v), " "))
	if len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return string(r)
}
