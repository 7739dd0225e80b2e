package legacy

import (
	"bytes"
	"io"
	"regexp"
	"slices"
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
	"索引号": "index_number", "索引": "index_number", "主题分类": "theme", "发文机关": "issuer", "发布机构": "issuer",
	"发文单位": "issuer", "成文日期": "issue_date", "生成日期": "issue_date", "发文日期": "issue_date", "发文字号": "doc_number",
	"文号": "doc_number", "发布日期": "publish_date", "发布时间": "publish_date", "公开日期": "publish_date", "来源": "source",
	"信息来源": "source", "文章来源": "source", "体裁分类": "genre", "有效性": "validity", "标题": "title", "名称": "title",
}

// sure are the classes and ids under which the systems that sites run on keep an article's
// text and nothing else, the surest first; loose ones hold more on some sites.
var (
	sure = []string{
		"trs_editor", "trs_ueditor", "trs_uctemporarydiv", "ucap-content", "zoom", "zoomcon", "article-content", "article_content",
		"articlecontent", "articlecon", "article-con", "art_con", "arti_content", "content-text", "view_content", "wp_articlecontent",
		"news_content", "pages_content", "xxgk_content", "bt_content", "txt_con", "vsbcontent_start", "v_news_content",
	}
	loose = []string{"article", "content"}
)

// pageMost bounds a page as it is sent: pictures drawn into it make some far longer than
// their text.
const pageMost = 16 << 20

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
	var wrong *fault.Error
	for name, value := range tagged(doc) {
		if f := set(name, value); f != nil {
			wrong = f
		}
	}
	main, known := mainPart(doc)
	var skip *html.Node
	if known {
		skip = main
	}
	for name, value := range labelled(doc, skip) {
		_ = set(name, value) // what is no value of its column is left blank
	}
	if r.Title == "" {
		r.Title = titleOf(doc)
	}
	if r.Title == "" || main == nil {
		return r, nil, ErrNoArticle
	}
	if wrong != nil && r.PublishedAt.Day.IsZero() {
		return r, nil, wrong
	}
	tidy(main, r.Title)
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

// leading is the day, with or without a time, that a label's value begins with: on one line
// with it often stand the source and the number of readers.
var leading = regexp.MustCompile(`^\d{4}(-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2}|年\d{1,2}月\d{1,2}日)(\s*\d{1,2}:\d{2}(:\d{2})?)?`)

// labelled returns what stands behind the labels of the header, by column: in the next
// cell, or after the colon of a short line. skip is the article itself, whose own tables
// tell of other things.
func labelled(doc, skip *html.Node) map[string]string {
	found := map[string]string{}
	each(doc, func(n *html.Node) bool {
		if n == skip {
			return false
		}
		switch n.Data {
		case "td", "th", "dt", "li", "span", "p", "div", "label", "b", "strong", "em", "i", "font":
		default:
			return true
		}
		words, short := line(n, 80)
		if !short {
			return true
		}
		label, value, colon := strings.Cut(strings.ReplaceAll(words, "：", ":"), ":")
		name, ok := labels[strings.Trim(strings.Join(strings.Fields(label), ""), "[]【】")]
		if !ok || found[name] != "" {
			return true
		}
		if value = strings.TrimSpace(value); value == "" {
			if next := nextElement(n); next != nil && (colon || n.Data == "td" || n.Data == "th" || n.Data == "dt") {
				value, _ = line(next, 200)
			}
		}
		value = strings.Trim(strings.TrimSpace(value), "]】")
		if strings.HasSuffix(name, "_date") {
			value = leading.FindString(strings.ReplaceAll(value, "：", ":"))
		}
		if value != "" && (strings.HasSuffix(name, "_date") || !strings.Contains(value, ":")) {
			found[name] = value
		}
		return true
	})
	return found
}

// titleOf returns the heading that the page's title begins with or holds, else the first
// outside the page's head, else the title without the site's name.
func titleOf(doc *html.Node) string {
	var title, first, best string
	var heads []string
	each(doc, func(n *html.Node) bool {
		switch n.Data {
		case "title":
			if title == "" {
				title = text(n)
			}
		case "header", "nav", "footer", "aside":
			return false
		case "h1", "h2", "h3":
			words, _ := line(n, 200)
			if heads = append(heads, words); n.Data == "h1" && first == "" {
				first = words
			}
			return false
		}
		return true
	})
	for _, h := range heads {
		long := utf8.RuneCountInString(h)
		switch {
		case long > 3 && strings.HasPrefix(title, h):
			return h
		case long > max(3, utf8.RuneCountInString(best)) && strings.Contains(title, h):
			best = h
		}
	}
	switch {
	case best != "":
		return best
	case first != "":
		return first
	}
	for _, mark := range []string{" - ", "_", "|", "——", "-"} {
		if before, _, ok := strings.Cut(title, mark); ok && utf8.RuneCountInString(before) > 3 {
			return strings.TrimSpace(before)
		}
	}
	return title
}

// least is the fewest characters an article has that stands in no container known for it.
const least = 20

// mainPart finds the element with the article's text, and whether it is one that a system
// keeps nothing else in: a container that systems are known to use, else the one that holds
// the most words outside links.
func mainPart(doc *html.Node) (main *html.Node, known bool) {
	var named, rough *html.Node
	rank := len(sure)
	each(doc, func(n *html.Node) bool {
		if furniture[n.Data] {
			return false
		}
		if !divides(n) {
			return true
		}
		for i, name := range sure[:rank] {
			if is(n, name) && enough(n, 1) {
				named, rank = n, i
				break
			}
		}
		for _, name := range loose {
			if rough == nil && is(n, name) && enough(n, least) {
				rough = n
			}
		}
		return true
	})
	if named != nil {
		return named, true
	}
	root := doc
	if rough != nil {
		root = rough
	}
	most, weight := heaviest(root)
	if weight < least {
		return rough, false
	}
	return widen(most, weight, root), false
}

// furniture are elements that hold no article.
var furniture = map[string]bool{
	"script": true, "style": true, "nav": true, "header": true, "footer": true, "form": true, "aside": true,
	"noscript": true, "select": true, "head": true, "template": true,
}

func divides(n *html.Node) bool {
	switch n.Data {
	case "div", "td", "article", "section", "main", "body":
		return true
	}
	return false
}

func is(n *html.Node, name string) bool {
	return strings.EqualFold(attr(n, "id"), name) || hasClass(n, name)
}

// enough reports whether an element holds a picture or so many characters.
func enough(n *html.Node, characters int) bool {
	words, whole := line(n, characters)
	return !whole || utf8.RuneCountInString(words) >= characters || first(n, "img") != nil
}

// first returns the first element of that name within n, nil where there is none.
func first(n *html.Node, name string) (found *html.Node) {
	each(n, func(c *html.Node) bool {
		if c.Data == name && found == nil {
			found = c
		}
		return found == nil
	})
	return found
}

// heaviest finds the division with the most words of its own outside links.
func heaviest(root *html.Node) (most *html.Node, weight int) {
	each(root, func(n *html.Node) bool {
		if furniture[n.Data] {
			return false
		}
		if divides(n) {
			if w := direct(n); w > weight {
				most, weight = n, w
			}
		}
		return true
	})
	return most, weight
}

// widen takes in the divisions beside the heaviest when the text goes on in them: where
// together they hold a third as much again, and next to no links.
func widen(n *html.Node, weight int, root *html.Node) *html.Node {
	for range 4 {
		up := n.Parent
		if up == nil || n.Data == "td" || n == root || up.Type != html.ElementNode || up.Data == "body" || up.Data == "html" {
			return n
		}
		beside := 0
		for c := up.FirstChild; c != nil; c = c.NextSibling {
			if c != n && c.Type == html.ElementNode && !furniture[c.Data] {
				if _, w := heaviest(c); divides(c) || c.Data == "table" {
					beside += w
				} else {
					beside += unlinked(c)
				}
			}
		}
		if beside*3 < weight || linked(up)*10 > unlinked(up) {
			return n
		}
		n, weight = up, weight+beside
	}
	return n
}

// direct counts the characters outside links of an element's own paragraphs: of what has
// no further division in it. A division of nothing but words is a paragraph.
func direct(n *html.Node) (count int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			count += utf8.RuneCountInString(strings.TrimSpace(c.Data))
		case c.Type != html.ElementNode || furniture[c.Data] || c.Data == "a":
		case c.Data == "font" || c.Data == "center" || c.Data == "span" || c.Data == "b" || c.Data == "strong":
			count += direct(c)
		case c.Data == "p" || c.Data == "ul" || c.Data == "ol" || c.Data == "blockquote" || strings.HasPrefix(c.Data, "h") && len(c.Data) == 2,
			c.Data == "table" && first(c, "p") == nil && first(c, "div") == nil,
			c.Data == "div" && paragraph(c):
			count += unlinked(c)
		}
	}
	return count
}

// paragraph reports whether an element holds words and what marks them, and no block.
func paragraph(n *html.Node) bool {
	plain := true
	each(n, func(c *html.Node) bool {
		switch c.Data {
		case "p", "table", "ul", "ol", "div", "section", "article":
			plain = plain && c == n
		}
		return plain
	})
	return plain
}

// unlinked counts the characters of an element outside links.
func unlinked(n *html.Node) int { return utf8.RuneCountInString(text(n)) - linked(n) }

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

// buttons are the words of what a page offers beside its text.
var buttons = regexp.MustCompile(`^[\[【（(|]?(打印|打印本页|打印此页|关闭|关闭窗口|关闭本页|返回顶部|返回列表|收藏|我要纠错|分享到?|分享到微信|扫一扫在手机打开当前页|字体|字号)[\]】）)|:：]*$`)

// offers reports whether words are buttons and nothing else.
func offers(said string) bool {
	said = strings.NewReplacer("】", "】 ", "]", "] ", "|", " ", "大 中 小", "").Replace(said)
	return !slices.ContainsFunc(strings.Fields(said), func(w string) bool { return !buttons.MatchString(w) })
}

// tidy takes out of an article what belongs to the page: its buttons, and the title, which
// the item has already.
func tidy(main *html.Node, title string) {
	var out []*html.Node
	titled := false
	bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
	each(main, func(n *html.Node) bool {
		if n == main {
			return true
		}
		if furniture[n.Data] || hasClass(n, "bdsharebuttonbox") || hasClass(n, "social-share") || hasClass(n, "share") {
			out = append(out, n)
			return false
		}
		switch n.Data {
		case "table":
			return false
		case "h1", "h2", "h3", "p", "div", "center", "a", "li":
		default:
			return true
		}
		said, short := line(n, 200)
		if !short || said == "" {
			return true
		}
		if !titled && bare(said) == bare(title) && first(n, "img") == nil {
			titled = true
			out = append(out, n)
			return false
		}
		if first(n, "img") == nil && offers(said) {
			out = append(out, n)
			return false
		}
		return true
	})
	for _, n := range out {
		n.Parent.RemoveChild(n)
	}
	paragraphs(main)
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
	words, _ := line(n, 1<<30)
	return words
}

// line returns the first words of an element, up to some characters, and whether they are
// all of them.
func line(n *html.Node, most int) (words string, whole bool) {
	var b strings.Builder
	count := 0
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if count > most || n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style") {
			return
		}
		if n.Type == html.ElementNode && (divides(n) || n.Data == "p" || n.Data == "br" || n.Data == "li" || n.Data == "tr" || n.Data == "th") {
			b.WriteByte(' ')
		}
		if n.Type == html.TextNode {
			count += utf8.RuneCountInString(strings.TrimSpace(n.Data))
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "\u00a0", " ")), " "), count <= most
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
