package verifier

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"gongkai/internal/i18n"
	"gongkai/internal/ledger/proof"
	"gongkai/internal/richtext"
)

// page is what a document's page says, as far as the log covers it.
type page struct {
	title *html.Node
	body  *html.Node
	whole *html.Node // the article
}

// marked is the attribute by which a page says what of it is the document: title, body.
const marked = "data-ledger"

// readPage finds the document in a page: by its marks, and in a page without them by how this
// product builds one.
func readPage(text []byte) (page, error) {
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		return page{}, err
	}
	p := page{whole: find(root, func(n *html.Node) bool { return n.Data == "article" })}
	if p.whole == nil {
		return p, nil
	}
	p.title = find(p.whole, func(n *html.Node) bool { return attr(n, marked) == "title" })
	if p.title == nil {
		p.title = find(p.whole, func(n *html.Node) bool { return n.Data == "h1" })
	}
	p.body = find(p.whole, func(n *html.Node) bool { return attr(n, marked) == "body" })
	if p.body == nil {
		p.body = find(p.whole, func(n *html.Node) bool { return slices.Contains(strings.Fields(attr(n, "class")), "prose") })
	}
	return p, nil
}

// document reports whether the page shows a document and not that it was taken down.
func (p page) document() bool { return p.body != nil }

func find(n *html.Node, is func(*html.Node) bool) *html.Node {
	if n.Type == html.ElementNode && is(n) {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if f := find(c, is); f != nil {
			return f
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

// texts is what an element says, without white space: how lines are broken is the page's matter.
// Links and pictures follow in their order.
func texts(n *html.Node, without ...*html.Node) (text string, links []string) {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if slices.Contains(without, n) {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(bare(n.Data))
		}
		for _, name := range []string{"href", "src"} {
			if v := attr(n, name); n.Type == html.ElementNode && v != "" && !strings.HasPrefix(v, "#") {
				links = append(links, v)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	if n != nil {
		walk(n)
	}
	return b.String(), links
}

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u00ad' || r == '\u200b' {
			return -1
		}
		return r
	}, s)
}

// page holds a page against a record and returns how many files it compared.
func (r *run) page(ctx context.Context, at *copied, record proof.Record, name func(k proof.Kind, field, path string, what i18n.Message)) (int, error) {
	p, err := readPage(at.html)
	if err != nil || !p.document() {
		name(proof.Removed, "body", at.where, i18n.M("ledger.find.page_empty"))
		return 0, nil
	}
	differs := func(field, want, got string) {
		want, got = near(want, got)
		name(proof.Altered, field, at.where, i18n.M("ledger.find.page_field", "field", field, "want", want, "got", got))
	}
	if got, _ := texts(p.title); got != bare(record.Title) {
		differs("title", bare(record.Title), got)
	}
	got, links := texts(p.body)
	want, wanted, fits := expected(record, got)
	if !fits {
		differs("body", want, got)
	}
	if !slices.Equal(targets(links, record.Item), targets(wanted, record.Item)) {
		differs("links", strings.Join(targets(wanted, record.Item), " "), strings.Join(targets(links, record.Item), " "))
	}
	around, more := texts(p.whole, p.body)
	for field, value := range map[string]string{"index_no": record.IndexNo, "doc_no": record.DocNo, "subtitle": record.Subtitle} {
		if !strings.Contains(around, bare(value)) {
			name(proof.Altered, field, at.where, i18n.M("ledger.find.page_lacks", "field", field, "want", value))
		}
	}
	return r.files(ctx, at, record, append(links, more...), name)
}

// expected is what the page of a record says in its body, in the language in which it says got if it
// does: the list of notes has a heading.
func expected(record proof.Record, got string) (want string, links []string, fits bool) {
	address := func(id string) string { return "/files/" + record.Item + "/" + id }
	for _, lang := range i18n.Langs {
		shown, err := html.Parse(strings.NewReader(richtext.Show(record.Body, i18n.To(lang).T("portal.notes"), address)))
		if err != nil {
			return "", nil, false
		}
		if want, links = texts(shown); want == got {
			return want, links, true
		}
	}
	return want, links, false
}

// targets brings links into a form that does not depend on where a page stands: files by their keys.
func targets(links []string, item string) (all []string) {
	for _, l := range links {
		if id := fileOf(l, item); id != "" {
			l = "files/" + id
		}
		all = append(all, l)
	}
	return all
}

// fileOf is the key of the item's file that an address leads to, "" for another address.
func fileOf(address, item string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	_, rest, found := strings.Cut(u.Path, "files/"+item+"/")
	if !found {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// files compares the files a page links to with those of the record.
func (r *run) files(ctx context.Context, at *copied, record proof.Record, links []string, name func(k proof.Kind, field, path string, what i18n.Message)) (n int, err error) {
	linked := map[string]string{}
	for _, l := range links {
		if id := fileOf(l, record.Item); id != "" && linked[id] == "" {
			linked[id] = l
		}
	}
	for _, f := range record.Files {
		href := linked[f.ID]
		delete(linked, f.ID)
		if href == "" {
			name(proof.Removed, "files", at.where, i18n.M("ledger.find.file_unlinked", "name", f.Name))
			continue
		}
		if r.NoFiles || f.SHA256 == "" {
			continue
		}
		digest, err := r.at.file(ctx, at, href)
		switch {
		case errors.Is(err, errGone):
			name(proof.Removed, "files", href, i18n.M("ledger.find.file_gone", "name", f.Name))
			continue
		case err != nil:
			return n, err
		case digest != f.SHA256:
			name(proof.Altered, "files", href, i18n.M("ledger.find.file_bytes", "name", f.Name))
		}
		n++
	}
	for id, href := range linked {
		name(proof.Added, "files", href, i18n.M("ledger.find.file_new", "file", id))
	}
	return n, nil
}

// around is how many characters of a difference are shown on either side.
const around = 12

// near cuts two texts to where they begin to differ.
func near(want, got string) (string, string) {
	a, b := []rune(want), []rune(got)
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	cut := func(r []rune) string {
		from, to := max(0, n-around), min(len(r), n+around)
		if from >= to {
			return "…"
		}
		s := string(r[from:to])
		if from > 0 {
			s = "…" + s
		}
		if to < len(r) {
			s += "…"
		}
		return s
	}
	return cut(a), cut(b)
}
