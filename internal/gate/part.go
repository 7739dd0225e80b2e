package gate

import (
	"sort"
	"strings"

	"gongkai/internal/extract"
	"gongkai/internal/i18n"
	"gongkai/internal/place"
)

// BodyID is the ID of the part that Body makes, TitleID and SummaryID those of the two
// metadata that are sentences and read like parts.
const (
	BodyID    = "body"
	TitleID   = "title"
	SummaryID = "summary"
)

// Part is a piece of the subject with its plain text. Rules give positions in that text, in
// runes.
type Part struct {
	ID       string // stable, unique within the subject
	Name     string // file name of an attachment
	Media    string // media type, if known
	Digest   string // digest of an attachment's file, if known
	HTML     string // source of a part made by Body
	Document *extract.Document
	Unread   error // why an attachment could not be read
	Links    []Link
	Images   []Image

	text     []rune
	source   []span    // of HTML: for each rune, its bytes in the source
	segments []segment // where runs of the text come from, in order
	lines    []int     // where each line begins
	tables   []table   // the runs of lines that are rows
	numbers  []number  // the runs of figures
	marks    map[sign][]match
}

// span is a range of bytes.
type span struct{ from, to int32 }

// segment is a run of text from one place of a document.
type segment struct {
	start  int
	at     place.Place
	hidden extract.HiddenKind
	name   string // what the hidden thing is called: a sheet, the author of a comment
}

// LinkState is what is known of a link's target.
type LinkState string

// The states. A rule reports a dead link only if somebody looked.
const (
	Unknown LinkState = ""
	Alive   LinkState = "alive"
	Dead    LinkState = "dead"
)

// Link is a link of the body.
type Link struct {
	URL        string
	Start, End int // its words in the text
	State      LinkState
}

// Image is a picture in the body.
type Image struct {
	Source     string
	Alt        string
	Decorative bool // marked as conveying nothing
	At         int  // rune before which it stands
	tag        span // where it stands in the source
}

// Body makes the part of a page's or draft's HTML. Markup it does not know is passed over;
// nothing is loaded.
func Body(html string) Part {
	p := Part{ID: BodyID, HTML: html}
	p.readHTML()
	p.index()
	return p
}

// Byte returns where in the HTML rune i of the text stands; ok is false for a rune that only
// parts lines or cells and for a part without HTML.
func (p *Part) Byte(i int) (at int, ok bool) {
	if i < 0 || i >= len(p.source) {
		return 0, false
	}
	s := p.source[i]
	return int(s.from), s.to > s.from
}

// Plain makes a part of text, such as a title or the text of a page read elsewhere.
func Plain(id, text string) Part {
	p := Part{ID: id, text: []rune(strings.ToValidUTF8(text, "\uFFFD"))}
	p.index()
	return p
}

// Attachment makes the part of an attached file: what extract.Inspect read, or the error it
// returned.
func Attachment(id, name string, doc *extract.Document, err error) Part {
	p := Part{ID: id, Name: name, Document: doc, Unread: err}
	if doc != nil {
		p.readDocument(doc)
	}
	p.index()
	return p
}

// readDocument lays a document out as text: a line per line and per row of a table, cells
// parted by tabs; then what is hidden in it.
func (p *Part) readDocument(d *extract.Document) {
	for _, b := range d.Blocks {
		p.block(b, "", "")
	}
	for _, h := range d.Hidden {
		for _, b := range h.Blocks {
			p.block(b, h.Kind, h.Name)
		}
	}
}

func (p *Part) block(b extract.Block, kind extract.HiddenKind, name string) {
	if b.Table == nil {
		p.piece(segment{at: b.At, hidden: kind, name: name}, b.Text)
		p.text = append(p.text, '\n')
		return
	}
	for _, row := range b.Table.Rows {
		col := 0
		for i, c := range row {
			for ; col < c.Col || i > 0 && col == 0; col++ {
				p.text = append(p.text, '\t')
			}
			p.piece(segment{at: c.At, hidden: kind, name: name}, strings.ReplaceAll(c.Text, "\n", string(inCell)))
		}
		p.text = append(p.text, '\n')
	}
}

// inCell parts lines within a cell, so that a line of the text is always a whole row.
const inCell = '\u2028'

func (p *Part) piece(s segment, text string) {
	s.start = len(p.text)
	p.segments = append(p.segments, s)
	for _, r := range text { // invalid bytes become U+FFFD
		p.text = append(p.text, r)
	}
}

// index notes where lines begin, which of them are tables, and where figures stand.
func (p *Part) index() {
	p.lines = append(p.lines[:0], 0)
	for i, r := range p.text {
		if r == '\n' {
			p.lines = append(p.lines, i+1)
		}
	}
	p.findTables()
	p.numbers = numbers(p.text)
	p.findSigns()
}

// Text returns the part's plain text.
func (p *Part) Text() string { return string(p.text) }

// Len returns how many runes the text has.
func (p *Part) Len() int { return len(p.text) }

// Slice returns runes start to end of the text, as far as there are such.
func (p *Part) Slice(start, end int) string {
	start = min(max(start, 0), len(p.text))
	return string(p.text[start:min(max(end, start), len(p.text))])
}

// line returns the line that holds rune i: where it begins and ends.
func (p *Part) line(i int) (start, end int) {
	n := sort.SearchInts(p.lines, i+1) - 1
	if n+1 < len(p.lines) {
		return p.lines[n], p.lines[n+1] - 1
	}
	return p.lines[n], len(p.text)
}

// segmentAt returns the segment that holds rune i.
func (p *Part) segmentAt(i int) segment {
	n := sort.Search(len(p.segments), func(n int) bool { return p.segments[n].start > i }) - 1
	if n < 0 {
		return segment{}
	}
	return p.segments[n]
}

// Place says where runes start to end stand in the file or the page.
func (p *Part) Place(start, end int) place.Place {
	if len(p.segments) == 0 {
		n := sort.SearchInts(p.lines, start+1)
		return place.Place{Line: n}.Span(start-p.lines[n-1], end-p.lines[n-1])
	}
	s := p.segmentAt(start)
	return s.at.Span(start-s.start, end-s.start)
}

// Label says which part it is: 正文, 附件“名单.xlsx”.
func (p *Part) Label() i18n.Message {
	switch p.ID {
	case BodyID:
		return i18n.M("gate.at.body")
	case TitleID:
		return i18n.M("gate.at.title")
	case SummaryID:
		return i18n.M("gate.at.summary")
	}
	return i18n.M("gate.at.attachment", "name", p.Name)
}
