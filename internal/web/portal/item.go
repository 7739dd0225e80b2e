package portal

import (
	"fmt"
	"html/template"
	"net/http"
	"time"

	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/i18n"
	"gongkai/internal/richtext"
	"gongkai/internal/web"
)

// attached is a file of an item.
type attached struct{ Href, Name, Size, Transcript string }

type itemPage struct {
	page
	Gone        string // that it was taken down, "" while it stands
	GoneReason  string
	Facts       [][]field // rows of the header, two fields each
	Subtitle    string
	PublishedAt string
	Source      string
	Note        string
	Body        template.HTML // as richtext.Show made it of sanitised text
	Files       []attached
	Related     []entry
	Editions    []string
	Ended       string // that the document no longer has effect, "" while it has
	Instead     entry  // the one in its place
}

// itemArea is the pages of single items and their files.
func (p *portal) itemArea() area {
	return area{
		pages: map[string]web.Handler{"GET /items/{id}": p.showItem},
		raw:   map[string]web.Handler{"GET /files/{item}/{file}": p.sendFile, "GET /files/{item}/{file}/{name}": p.sendFile},
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
	a, path, _, err := p.section(r, l.Item.Section)
	if err != nil {
		return err
	}
	v := itemPage{page: p.page(r, "")}
	v.Trail = p.trail(r, v.page, a, path)
	if l.Edition == nil {
		v.gone(l.Item)
		return p.pages.Write(w, r, http.StatusGone, "item", v)
	}
	s, err := p.Normative.Standing(r.Context(), l.Item.ID)
	if err != nil {
		return err
	}
	v.fill(l, a.Name, s)
	if s != nil && s.Successor != "" {
		v.Instead = entry{Href: p.item(r, l.Item.Agency, s.Successor), Title: s.Title}
	}
	address := func(id string) string { return p.path(r, "/files/"+l.Item.ID+"/"+id) }
	// What Show makes of a sanitised text is HTML of its own writing.
	v.Body = template.HTML(richtext.Show(l.Edition.Body, v.T("portal.notes"), address))
	for _, f := range l.Edition.Attachments {
		if !f.Inline {
			v.Files = append(v.Files, attached{address(f.ID), f.Name, bytes(f.Size), f.Transcript})
		}
	}
	v.Related = append(p.entries(r, l.Interprets), p.entries(r, l.InterpretedBy)...)
	return p.pages.Write(w, r, http.StatusOK, "item", v)
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

// fill writes what the page says besides the text.
func (v *itemPage) fill(l *disclosure.Leaf, body string, s *normative.Standing) {
	e := l.Edition
	v.Title, v.Subtitle, v.Source, v.Note = e.Title, e.Subtitle, e.Source, e.Note
	v.PublishedAt = minute(e.PublishedAt)
	lang := v.Printer.Lang()
	issuer := e.Issuer
	if issuer == "" {
		issuer = body
	}
	validity := name(class.Validities(), string(e.Validity), lang)
	if s != nil {
		validity = v.Text(normative.Word(string(s.State)))
		if s.Over() {
			v.Ended = v.T("portal.ended", "state", validity, "day", s.EndedOn, "by", s.EndedBy)
		}
	}
	var all []field
	for _, f := range []field{
		{v.T("portal.fact.index"), l.Item.IndexNo}, {v.T("portal.fact.theme"), class.PathName(e.Theme, lang)},
		{v.T("portal.fact.issuer"), issuer}, {v.T("portal.fact.issued"), firstDay(e.IssuedOn, e.FormedOn)},
		{v.T("portal.fact.number"), e.DocNo}, {v.T("portal.fact.published"), day(e.PublishedAt)},
		{v.T("portal.fact.genre"), name(class.Genres(), e.Genre, lang)},
		{v.T("portal.fact.validity"), validity},
	} {
		if f.Value != "" {
			all = append(all, f)
		}
	}
	for len(all) > 0 {
		n := min(2, len(all))
		v.Facts = append(v.Facts, all[:n])
		all = all[n:]
	}
	for _, past := range l.History {
		v.Editions = append(v.Editions, v.T("portal.edition", "no", past.No, "day", day(past.PublishedAt), "note", past.Note))
	}
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
	return t.Format("2006-01-02 15:04")
}

func bytes(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d KB", (n+1023)>>10)
}

// sendFile sends an attachment of what is public. What is no picture, film or sound is
// saved and never opened in the site's name.
func (p *portal) sendFile(w http.ResponseWriter, r *http.Request) error {
	a, err := p.Reader.File(r.Context(), r.PathValue("item"), r.PathValue("file"))
	if err != nil {
		return err
	}
	b, f, err := p.Blobs.Open(r.Context(), a.Digest)
	if err != nil {
		return fmt.Errorf("open attachment %s: %w", a.ID, err)
	}
	defer f.Close()
	h := w.Header()
	for _, one := range b.Headers(a.Name, true) {
		h.Set(one.Name, one.Value)
	}
	h.Set("Cache-Control", "public, max-age=300")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}
