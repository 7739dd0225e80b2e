package legacy

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/internal/fault"
)

// tags are the page tags of 《政府网站发展指引》 that tell of an article, by the record's column
// (R-WEB-01); names are compared without case, as sites write them.
var tags = map[string]string{
	"articletitle": "title", "pubdate": "publish_date", "contentsource": "source", "author": "author",
	"keywords": "keywords", "description": "summary", "columnname": "section", "url": "url",
}

// labels are what the header of an article is labelled with on pages.
var labels = map[string]string{
	"索引号": "index_number", "主题分类": "theme", "发文机关": "issuer", "发布机构": "issuer", "成文日期": "issue_date",
	"生成日期": "issue_date", "发文字号": "doc_number", "文号": "doc_number", "发布日期": "publish_date",
	"发布时间": "publish_date", "来源": "source", "信息来源": "source", "体裁分类": "genre", "有效性": "validity", "标题": "title",
}

// containers are the classes and ids under which the systems that sites run on keep an
// article's text, the surest first.
var containers = []string{
	"trs_editor", "trs_uctemporarydiv", "ucap-content", "zoom", "article-content", "article_content", "articlecontent",
	"art_con", "arti_content", "content-text", "view_content", "wp_articlecontent", "news_content", "pages_content",
	"article", "content",
}

// Page reads an article from a saved or fetched page, and the files it refers to; open
// says how one is opened.
func Page(data []byte, open func(ref string) Opener) (r Record, files []File, _ *fault.Error) {
	doc, err := html.Parse(bytes.NewReader(decodePage(data)))
	if err != nil {
		return r, nil, ErrNoArticle.Because(err)
	}
	columns := Columns()
	set := func(name, value string) *fault.Error {
		i, _ := column(columns, name)
		if value = strings.TrimSpace(value); value == "" || value == "null" {
			return nil
		}
		return columns[i].set(&r, value)
	}
	for name, value := range tagged(doc) {
		if f := set(name, value); f != nil {
			return r, nil, f
		}
	}
	for name, value := range labelled(doc) {
		if f := set(name, value); f != nil && name != "publish_date" {
			return r, nil, f
		}
	}
	if r.Title == "" {
		r.Title = titleOf(doc)
	}
	main := mainPart(doc)
	if r.Title == "" || main == nil {
		return r, nil, ErrNoArticle
	}
	files = collect(main, open)
	var b strings.Builder
	for n := main.FirstChild; n != nil; n = n.NextSibling {
		_ = html.Render(&b, n) // a strings.Builder takes all
	}
	if b.Len() > maxRow {
		return r, nil, ErrTooLong.With("most", maxRow>>20)
	}
	r.Body = strings.TrimSpace(b.String())
	return r, files, nil
}

// decodePage brings a page to UTF-8: what it says of itself, else UTF-8 where it is that,
// else GB18030.
func decodePage(data []byte) []byte {
	head := data[:min(len(data), 4096)]
	e, name, certain := charset.DetermineEncoding(head, "")
	switch {
	case name == "utf-8" || !certain && utf8.Valid(data):
		return bytes.TrimPrefix(data, []byte("\ufeff"))
	case !certain || name == "gbk" || name == "gb2312":
		e = simplifiedchinese.GB18030
	}
	out, err := io.ReadAll(e.NewDecoder().Reader(bytes.NewReader(data)))
	if err != nil {
		return data
	}
	return out
}

// tagged returns what the page's tags say, by column.
func tagged(doc *html.Node) map[string]string {
	found := map[string]string{}
	each(doc, func(n *html.Node) bool {
		if n.Data != "meta" {
			return true
		}
		if name, ok := tags[strings.ToLower(attr(n, "name"))]; ok && found[name] == "" {
			found[name] = attr(n, "content")
		}
		return true
	})
	return found
}

// labelled returns what stands behind the labels of the header, by column: in the next
// cell, or after the colon of a short line.
func labelled(doc *html.Node) map[string]string {
	found := map[string]string{}
	each(doc, func(n *html.Node) bool {
		switch n.Data {
		case "td", "th", "dt", "li", "span", "p", "div", "label", "b", "strong":
		default:
			return true
		}
		words := text(n)
		if utf8.RuneCountInString(words) > 80 {
			return true
		}
		label, value, colon := strings.Cut(strings.ReplaceAll(words, "：", ":"), ":")
		name, ok := labels[strings.Join(strings.Fields(label), "")]
		if !ok || found[name] != "" {
			return true
		}
		if value = strings.TrimSpace(value); value == "" {
			if next := nextElement(n); next != nil && (colon || n.Data == "td" || n.Data == "th" || n.Data == "dt") {
				value = text(next)
			}
		}
		if value = strings.TrimSpace(value); value != "" && !strings.Contains(value, ":") || name == "publish_date" {
			found[name] = value
		}
		return true
	})
	return found
}

// titleOf returns the page's heading, else its title without the site's name.
func titleOf(doc *html.Node) string {
	var h1, title string
	each(doc, func(n *html.Node) bool {
		switch {
		case n.Data == "h1" && h1 == "":
			h1 = text(n)
		case n.Data == "title" && title == "":
			title = text(n)
		}
		return true
	})
	if h1 != "" {
		return h1
	}
	for _, mark := range []string{" - ", "_", "-", "|", "——"} {
		if before, _, ok := strings.Cut(title, mark); ok && utf8.RuneCountInString(before) > 3 {
			return strings.TrimSpace(before)
		}
	}
	return title
}

// least is the fewest characters an article has.
const least = 20

// mainPart finds the element with the article's text: a container that systems are known
// to use, else the one that holds the most words outside links.
func mainPart(doc *html.Node) *html.Node {
	best, rank := (*html.Node)(nil), len(containers)
	var most *html.Node
	weight := 0
	each(doc, func(n *html.Node) bool {
		switch n.Data {
		case "script", "style", "nav", "header", "footer", "form", "aside", "noscript":
			return false
		case "div", "td", "article", "section", "main", "body":
		default:
			return true
		}
		for i, name := range containers[:rank] {
			if (strings.EqualFold(attr(n, "id"), name) || hasClass(n, name)) && len([]rune(text(n))) >= least {
				best, rank = n, i
				break
			}
		}
		if w := direct(n); w > weight {
			most, weight = n, w
		}
		return true
	})
	if best != nil {
		return best
	}
	if weight >= least {
		return most
	}
	return nil
}

// direct counts the characters outside links of an element's own paragraphs: of what has
// no further division in it.
func direct(n *html.Node) (count int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			count += utf8.RuneCountInString(strings.TrimSpace(c.Data))
		case c.Type != html.ElementNode:
		case c.Data == "p" || c.Data == "table" || c.Data == "ul" || c.Data == "ol" || strings.HasPrefix(c.Data, "h") && len(c.Data) == 2:
			count += utf8.RuneCountInString(text(c)) - linked(c)
		}
	}
	return count
}

func linked(n *html.Node) (count int) {
	each(n, func(c *html.Node) bool {
		if c.Data == "a" {
			count += utf8.RuneCountInString(text(c))
			return false
		}
		return true
	})
	return count
}

// each visits elements from the outside in; visit says whether to look inside.
func each(n *html.Node, visit func(*html.Node) bool) {
	if n.Type == html.ElementNode && !visit(n) {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		each(c, visit)
	}
}

// text returns an element's words in one line.
func text(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style") {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "\u00a0", " ")), " ")
}

func nextElement(n *html.Node) *html.Node {
	for c := n.NextSibling; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			return c
		}
	}
	return nil
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasClass(n *html.Node, name string) bool {
	for _, c := range strings.Fields(attr(n, "class")) {
		if strings.EqualFold(c, name) {
			return true
		}
	}
	return false
}
