package portal

import (
	"cmp"
	"errors"
	"html/template"
	"net/http"
	"strings"
	"time"

	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/i18n"
	"gongkai/internal/ledger"
	"gongkai/internal/richtext"
	"gongkai/internal/web"
)

// fact is a line of the document's head; a wide one takes the whole row.
type fact struct {
	Label, Value string
	Wide         bool
}

type itemPage struct {
	page
	Gone       string // that it was taken down, "" while it stands
	GoneReason string
	Facts      [][]fact // rows of the header
	Subtitle   string
	Published  instant
	Source     string
	SourceURL  string
	Note       string
	Banners    []banner
	Contents   []heading     // of a long text
	Body       template.HTML // as richtext.Show made it of sanitised text
	Files      []attached
	Downloads  []web.Link
	Groups     []kin
	Editions   []string
	Older      *entry // neighbours in the section
	Newer      *entry
	More       []web.Link // searches near this document
	Proof      *proofBox
	Data       any // JSON-LD
}

// instant is a time for readers and for machines.
type instant struct{ Text, Machine string }

// banner says how the document stands, with the documents that made it so.
type banner struct {
	Class string // of the notice: "" or over
	Text  string
	Links []web.Link
}

// kin is documents that belong to this one for the same reason.
type kin struct {
	Title string
	Items []entry
}

// proofBox is what the public log says of the document.
type proofBox struct {
	Seq                    int64
	At                     instant
	Digest                 string
	Explain, Proof, Record string
}

// itemArea is the pages of single items and their files.
func (p *portal) itemArea() area {
	return area{
		pages: map[string]web.Handler{"GET /items/{id}": p.showItem},
		raw: map[string]web.Handler{
			"GET /files/{item}/{file}": p.sendFile, "GET /files/{item}/{file}/{name}": p.sendFile,
			"GET /items/{id}/{name}": p.sendPaper,
			"GET /index/{number...}": p.findNumber,
		},
	}
}

// showItem shows one item, or that it was taken down.
func (p *portal) showItem(w http.ResponseWriter, r *http.Request) error {
	l, err := p.Reader.Item(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if away, err := p.elsewhere(w, r, l.Item.Agency, "/items/"+l.Item.ID+ending); away {
		return err
	}
	depend(r, change.Item(l.Item.ID), change.Area("section", l.Item.Agency), change.Area("normative", l.Item.Agency))
	v, a, s, err := p.openItem(r, l)
	if err != nil {
		return err
	}
	if l.Edition == nil {
		v.gone(l.Item)
		return p.pages.Write(w, r, http.StatusGone, "item", v)
	}
	if err := p.fillItem(r, v, l, a, s); err != nil {
		return err
	}
	return p.pages.Write(w, r, http.StatusOK, "item", v)
}

// openItem begins an item's page.
func (p *portal) openItem(r *http.Request, l *disclosure.Leaf) (*itemPage, *agency.Agency, *section.Section, error) {
	a, path, _, err := p.section(r, l.Item.Section)
	if err != nil {
		return nil, nil, nil, err
	}
	v := &itemPage{page: p.page(r, "")}
	v.Styles = append(v.Styles, p.assets.Path("document.css"))
	v.Trail = p.trail(r, v.page, a, path)
	v.columnOf(path[0])
	v.stand(string(path[len(path)-1].Kind))
	v.Proof, err = p.proof(r, l.Item)
	return v, a, path[0], err
}

// fillItem writes what the page of a public item says.
func (p *portal) fillItem(r *http.Request, v *itemPage, l *disclosure.Leaf, a *agency.Agency, home *section.Section) error {
	standing, err := p.Normative.Standing(r.Context(), l.Item.ID)
	if err != nil {
		return err
	}
	e := l.Edition
	v.Title, v.Subtitle, v.Note = e.Title, e.Subtitle, e.Note
	v.Source, v.SourceURL = e.Source, e.SourceURL
	v.Published = instant{minute(e.PublishedAt), e.PublishedAt.In(date.China).Format(time.RFC3339)}
	v.Facts = rowsOf(factsOf(v.Printer, l, a, standing))
	v.Marks = append(v.Marks, articleMarks(e, a, v.Canonical)...)
	v.Data = dataOf(v, l, a, standing)
	v.text(p, r, l)
	v.files(p, r, l)
	v.Downloads = p.downloads(r, v.Printer, l)
	for _, past := range l.History {
		v.Editions = append(v.Editions, v.T("portal.edition", "no", past.No, "day", day(past.PublishedAt), "note", past.Note))
	}
	if err := v.stands(p, r, l, standing); err != nil {
		return err
	}
	if err := v.relate(p, r, l); err != nil {
		return err
	}
	return v.beside(p, r, l, home)
}

func (v *itemPage) gone(i *disclosure.Item) {
	v.Title = v.T("portal.gone.title")
	key := "portal.gone.retracted"
	if i.Status == disclosure.Expired {
		key = "portal.gone.expired"
	}
	v.Gone = v.T(key, "day", day(i.EndedAt), "index", i.IndexNo)
	v.GoneReason = i.EndedReason
}

// text writes the text, with anchors and contents where it is long.
func (v *itemPage) text(p *portal, r *http.Request, l *disclosure.Leaf) {
	address := func(id string) string { return p.plain(r, "/files/"+l.Item.ID+"/"+id) }
	shown, contents := anchored(richtext.Show(l.Edition.Body, v.T("portal.notes"), address), v.T("portal.item.table"))
	// What Show makes of a sanitised text is HTML of its own writing, and anchored adds none but
	// its own.
	v.Body, v.Contents = template.HTML(shown), contents
}

// proof is what the public log says last of an item, nil where it says nothing.
func (p *portal) proof(r *http.Request, i *disclosure.Item) (*proofBox, error) {
	m, err := p.Ledger.Mark(r.Context(), i.ID)
	if errors.Is(err, ledger.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	box := &proofBox{Seq: m.Seq, At: instant{second(m.At), m.At.Format(time.RFC3339)}, Digest: m.Record,
		Explain: p.path(r, "/ledger"+ending), Proof: p.plain(r, "/items/"+i.ID+"/proof.json")}
	if i.Public() {
		box.Record = p.plain(r, "/items/"+i.ID+"/record.json")
	}
	return box, nil
}

// factsOf is the official head of a document: 索引号、主题分类、发文机关、成文日期、标题、发文字号、
// 发布日期、主题词 as published documents bear it nationwide, and its validity (有效性).
func factsOf(say i18n.Printer, l *disclosure.Leaf, a *agency.Agency, s *normative.Standing) (all []fact) {
	e, lang := l.Edition, say.Lang()
	for _, f := range []fact{
		{Label: say.T("portal.fact.index"), Value: l.Item.IndexNo}, {Label: say.T("portal.fact.theme"), Value: class.PathName(e.Theme, lang)},
		{Label: say.T("portal.fact.issuer"), Value: issuer(e, a)}, {Label: say.T("portal.fact.issued"), Value: firstDay(e.IssuedOn, e.FormedOn)},
		{Label: say.T("portal.fact.title"), Value: e.Title, Wide: true},
		{Label: say.T("portal.fact.number"), Value: e.DocNo}, {Label: say.T("portal.fact.published"), Value: day(e.PublishedAt)},
		{Label: say.T("portal.fact.genre"), Value: name(class.Genres(), e.Genre, lang)}, {Label: say.T("portal.fact.validity"), Value: validity(say, e, s)},
		{Label: say.T("portal.fact.keywords"), Value: strings.Join(e.Keywords, " ")},
	} {
		if f.Value != "" {
			all = append(all, f)
		}
	}
	return all
}

func issuer(e *disclosure.Edition, a *agency.Agency) string { return cmp.Or(e.Issuer, a.Name) }

// validity is what the register says of a document's validity, else what the document says.
func validity(say i18n.Printer, e *disclosure.Edition, s *normative.Standing) string {
	if s != nil {
		return say.Text(normative.Word(string(s.State)))
	}
	return name(class.Validities(), string(e.Validity), say.Lang())
}

// rowsOf lays facts out two to a row; one that stands alone takes it whole.
func rowsOf(all []fact) (rows [][]fact) {
	for len(all) > 0 {
		n := 1
		if !all[0].Wide && len(all) > 1 && !all[1].Wide {
			n = 2
		}
		if n == 1 {
			all[0].Wide = true
		}
		rows = append(rows, all[:n:n])
		all = all[n:]
	}
	return rows
}

func name(all []class.Entry, key string, l i18n.Lang) string {
	if e, ok := class.Find(all, key); ok {
		return e.Name(l)
	}
	return ""
}

func firstDay(days ...date.Date) string {
	for _, d := range days {
		if !d.IsZero() {
			return d.String()
		}
	}
	return ""
}

// minute is when something was published; the day alone for what was taken over from a system
// that knew no more.
func minute(t time.Time) string {
	t = t.In(date.China)
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0 {
		return t.Format("2006-01-02")
	}
	return t.Format(minuteForm)
}

// minuteForm is how R-WEB-01 writes a time: yyyy-MM-dd HH:mm, of 24 hours.
const minuteForm = "2006-01-02 15:04"
