package portal

import (
	stdbytes "bytes"
	"container/list"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"gongkai/internal/agency"
	"gongkai/internal/blob"
	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/i18n"
	"gongkai/internal/paper"
	"gongkai/internal/richtext"
	"gongkai/internal/web"
)

// media are the kinds a document can be taken away in (条例第二十四条 “检索、查阅、下载”, R-PLT-06).
var media = map[string]string{
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".pdf":  "application/pdf",
}

// longestName is the characters of a downloaded file's name.
const longestName = 60

// fileName is a title as the name of a file on any system.
func fileName(title string) string {
	name := strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || strings.ContainsRune(`/\:*?"<>|.%#`, c) {
			return -1
		}
		return c
	}, oneLine(title))
	if all := []rune(name); len(all) > longestName {
		name = string(all[:longestName])
	}
	if name = strings.TrimSpace(name); name == "" {
		name = "document"
	}
	return name
}

// downloads are the addresses of an item as files. In a copy all languages have one DOCX: setting
// a PDF costs ten times what a page does, and browsers print pages to PDF.
func (p *portal) downloads(r *http.Request, say i18n.Printer, l *disclosure.Leaf) (all []web.Link) {
	rest := "/items/" + l.Item.ID + "/" + url.PathEscape(fileName(l.Edition.Title))
	if web.IsCopy(r.Context()) {
		return []web.Link{{Href: p.plain(r, rest+".docx"), Text: say.T("portal.item.docx")}}
	}
	at := p.path(r, rest)
	return []web.Link{{Href: at + ".docx", Text: say.T("portal.item.docx")}, {Href: at + ".pdf", Text: say.T("portal.item.pdf")}}
}

// sendPaper sends an item as a file to be printed or worked with.
func (p *portal) sendPaper(w http.ResponseWriter, r *http.Request) error {
	kind := path.Ext(r.PathValue("name"))
	if media[kind] == "" {
		return web.ErrNoPage
	}
	l, err := p.Reader.Item(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if l.Edition == nil { // its page says why
		return web.ErrNoPage
	}
	rest := "/items/" + l.Item.ID + "/" + url.PathEscape(fileName(l.Edition.Title)) + kind
	if away, err := p.elsewhere(w, r, l.Item.Agency, rest); away {
		return err
	}
	if fileName(l.Edition.Title)+kind != r.PathValue("name") {
		return p.moved(w, r, p.path(r, rest))
	}
	depend(r, change.Item(l.Item.ID), change.Area("normative", l.Item.Agency))
	d, err := p.paper(r, l)
	if err != nil {
		return err
	}
	file, digest, err := p.papers.print(r, kind, d, func() error { return p.illustrate(r, d) })
	if err != nil {
		return err
	}
	h := w.Header()
	for _, one := range (&blob.Blob{Media: media[kind], Digest: digest}).Headers(r.PathValue("name"), false) {
		h.Set(one.Name, one.Value)
	}
	h.Set("Cache-Control", "public, max-age=300")
	http.ServeContent(w, r, "", time.Time{}, stdbytes.NewReader(file))
	return nil
}

// paper sets an item as an official document with its head.
func (p *portal) paper(r *http.Request, l *disclosure.Leaf) (*paper.Document, error) {
	a, _, _, err := p.section(r, l.Item.Section)
	if err != nil {
		return nil, err
	}
	s, err := p.Normative.Standing(r.Context(), l.Item.ID)
	if err != nil {
		return nil, err
	}
	return paperOf(i18n.To(web.LanguageOf(r)), l, a, s), nil
}

// paperOf makes a document of an item.
func paperOf(say i18n.Printer, l *disclosure.Leaf, a *agency.Agency, s *normative.Standing) *paper.Document {
	e := l.Edition
	d := &paper.Document{Title: e.Title, Meta: paper.Meta{Title: e.Title, Author: issuer(e, a), Subject: l.Item.IndexNo, Created: date.Of(e.PublishedAt.In(date.China))}}
	for _, f := range factsOf(say, l, a, s) {
		if !f.Wide { // the title stands below
			d.Facts = append(d.Facts, paper.Fact{Name: f.Label, Value: f.Value})
		}
	}
	if e.Subtitle != "" {
		d.Body = append(d.Body, paper.Block{Text: e.Subtitle})
	}
	lines := richtext.Blocks(e.Body)
	lines = close(d, lines)
	d.Body = append(d.Body, blocksOf(say, lines)...)
	pictured(d, l.Edition.Attachments)
	return d
}

// What of pictures a file takes in: texts with more keep the lines that say what these show.
const (
	mostPictures = 30
	pictureBytes = 10 << 20 // of one
)

// pictured gives pictures the digests of their files and leaves out what is none, or too large.
func pictured(d *paper.Document, files []disclosure.Attachment) {
	n := 0
	d.Body = slices.DeleteFunc(d.Body, func(b paper.Block) bool {
		if b.Picture == nil {
			return false
		}
		at := slices.IndexFunc(files, func(f disclosure.Attachment) bool { return "attachment:"+f.ID == b.Picture.Source })
		if at < 0 || !pictures[files[at].Media] || files[at].Size > pictureBytes || n == mostPictures {
			return true
		}
		b.Picture.Source, n = files[at].Digest, n+1
		return false
	})
}

// illustrate loads a document's pictures. One that cannot be read leaves the line that says what it
// shows.
func (p *portal) illustrate(r *http.Request, d *paper.Document) error {
	for _, b := range d.Body {
		if b.Picture == nil {
			continue
		}
		file, err := p.Blobs.ReadAll(r.Context(), b.Picture.Source)
		if err != nil {
			return fmt.Errorf("picture of a text: %w", err)
		}
		if err := b.Picture.Load(file); err != nil && !errors.Is(err, paper.ErrPicture) {
			return err
		}
	}
	return nil
}

// dayLine is a line that is a day, as documents end with it.
var dayLine = regexp.MustCompile(`^[0-9〇一二三四五六七八九○零]{4}年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日$`)

// longestSignature is the characters of a signature; a longer line is text.
const longestSignature = 40

// close takes signature and date from a text that ends with them.
func close(d *paper.Document, lines []richtext.Block) []richtext.Block {
	last := len(lines) - 1
	if last < 1 || lines[last].Kind != "p" || lines[last].Where != "" || !dayLine.MatchString(oneLine(lines[last].Text)) {
		return lines
	}
	d.Date, lines = oneLine(lines[last].Text), lines[:last]
	if before := lines[last-1]; before.Kind == "p" && before.Where == "" && utf8.RuneCountInString(before.Text) <= longestSignature && !strings.ContainsAny(before.Text, "。；：，、") {
		d.Signature, lines = oneLine(before.Text), lines[:last-1]
	}
	return lines
}

// blocksOf makes paragraphs and tables of a text's lines.
func blocksOf(say i18n.Printer, lines []richtext.Block) (all []paper.Block) {
	notes := 0
	for i := 0; i < len(lines); i++ {
		b := lines[i]
		switch {
		case b.Row > 0 && b.Table > 0:
			end := i
			for end < len(lines) && lines[end].Table == b.Table && lines[end].Row > 0 {
				end++
			}
			all = append(all, paper.Block{Table: tableOf(say, lines[i:end])})
			i = end - 1
		case b.Ref != "":
			all = append(all, paper.Block{Picture: &paper.Picture{Source: b.Ref, Alt: b.Text}}, paper.Block{Text: say.T("portal.item.picture", "text", b.Text)})
		case b.Kind == "h2":
			all = append(all, paper.Block{Style: paper.Heading, Text: b.Text})
		case b.Kind == "h3" || b.Kind == "h4":
			all = append(all, paper.Block{Style: paper.Subheading, Text: b.Text})
		case b.Kind == "note":
			notes++
			all = append(all, paper.Block{Text: say.T("portal.item.note", "no", notes, "text", b.Text)})
		case strings.TrimSpace(b.Text) == "":
		case b.Mark != "":
			all = append(all, paper.Block{Text: b.Mark + " " + b.Text})
		default:
			all = append(all, paper.Paragraph(strings.TrimLeft(b.Text, " 　")))
		}
	}
	return all
}

// Letters of a table get smaller as it gets wider, so that what was typed on a screen fits the
// page.
var tableSizes = []struct {
	columns int
	size    float64
}{{4, 12}, {7, 10.5}, {10, 9}, {1 << 30, 7.5}}

// tableOf makes a table of the lines of its cells.
func tableOf(say i18n.Printer, cells []richtext.Block) *paper.Table {
	t := &paper.Table{Name: say.T("portal.item.table")}
	widths := map[int]float64{}
	columns, head := 0, 0
	for i, c := range cells {
		if c.Ref != "" {
			c.Text = say.T("portal.item.picture", "text", c.Text)
		}
		for len(t.Rows) < c.Row {
			t.Rows = append(t.Rows, nil)
		}
		row := &t.Rows[c.Row-1]
		columns = max(columns, c.Col+c.Cols-1)
		if c.Cols == 1 {
			widths[c.Col] = max(widths[c.Col], float64(min(utf8.RuneCountInString(c.Text), 24)))
		}
		if i > 0 && cells[i-1].Row == c.Row && cells[i-1].Col == c.Col { // a further paragraph of a cell
			(*row)[len(*row)-1].Text += "\n" + c.Text
			continue
		}
		cell := paper.Cell{Text: c.Text, Row: c.Row - 1, Col: c.Col - 1, RowSpan: c.Rows, ColSpan: c.Cols}
		if c.Where == "th" {
			cell.Role = paper.ColumnHead
			if c.Row == head+1 && c.Row <= 3 {
				head = c.Row
			}
		}
		*row = append(*row, cell)
	}
	t.Head = head
	for _, one := range slices.Backward(tableSizes) {
		if columns <= one.columns {
			t.Size = one.size
		}
	}
	for n := range columns {
		t.Widths = append(t.Widths, max(widths[n+1], 4))
	}
	return t
}

// The prints kept: a document that many take away is set once.
const (
	mostPapers = 128
	mostBytes  = 32 << 20
	atOnce     = 2 // prints at a time; setting a page takes a processor for a while
)

// papers keeps documents as they were printed, under the digest of all they say.
type papers struct {
	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // the one asked for last first
	size  int
	turn  chan struct{}
}

type kept struct {
	key  string
	file []byte
}

func newPapers() *papers {
	return &papers{byKey: map[string]*list.Element{}, order: list.New(), turn: make(chan struct{}, atOnce)}
}

// print returns a document as a file, and the digest of what it says. load takes in the pictures
// of one that is not kept.
func (k *papers) print(r *http.Request, kind string, d *paper.Document, load func() error) ([]byte, string, error) {
	sum := sha256.Sum256([]byte(kind + fmt.Sprintf("%q", said(d))))
	key := hex.EncodeToString(sum[:])
	if file := k.find(key); file != nil {
		return file, key, nil
	}
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-r.Context().Done():
		return nil, "", r.Context().Err()
	}
	if file := k.find(key); file != nil {
		return file, key, nil
	}
	if err := load(); err != nil {
		return nil, "", err
	}
	var b stdbytes.Buffer
	var err error
	if kind == ".pdf" {
		_, err = paper.WritePDF(&b, d)
	} else {
		err = paper.WriteDOCX(&b, d)
	}
	if err != nil {
		return nil, "", err
	}
	k.keep(key, b.Bytes())
	return b.Bytes(), key, nil
}

// said is all a document says, table by table.
func said(d *paper.Document) (all []any) {
	all = append(all, d.Facts, d.Title, d.Signature, d.Date, d.Meta.Author, d.Meta.Subject, d.Meta.Created.String())
	for _, b := range d.Body {
		all = append(all, b.Style, b.Lead, b.Text)
		if b.Picture != nil {
			all = append(all, b.Picture.Source, b.Picture.Alt)
		}
		if b.Table != nil {
			all = append(all, *b.Table)
		}
	}
	return all
}

func (k *papers) find(key string) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	e, ok := k.byKey[key]
	if !ok {
		return nil
	}
	k.order.MoveToFront(e)
	return e.Value.(*kept).file
}

func (k *papers) keep(key string, file []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.byKey[key]; ok || len(file) > mostBytes/4 {
		return
	}
	k.byKey[key] = k.order.PushFront(&kept{key, file})
	k.size += len(file)
	for k.size > mostBytes || k.order.Len() > mostPapers {
		last := k.order.Remove(k.order.Back()).(*kept)
		delete(k.byKey, last.key)
		k.size -= len(last.file)
	}
}
