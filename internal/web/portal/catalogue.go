package portal

import (
	"net/http"
	"strconv"

	"gongkai/internal/change"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/guide"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/web"
)

// catalogueArea is the catalogue of article 12. It is arranged by sections, whose pages are
// numbered from the oldest as their lists are: the pages of a body with many thousand items stay
// as they are when one is added.
func (p *portal) catalogueArea() area {
	return area{pages: map[string]web.Handler{
		"GET /catalogue":                p.showCatalogue,
		"GET /catalogue/{section}":      p.showShelf,
		"GET /catalogue/{section}/{no}": p.showShelf,
	}}
}

// line is a row of the catalogue.
type line struct{ Index, Title, Href, Summary, Formed string }

// shelf is a section in the catalogue, with how many items stand in it.
type shelf struct {
	place
	Count int
}

type cataloguePage struct {
	page
	Sections     []shelf
	Heads        []string
	Lines        []line
	Newer, Older string // addresses of the pages beside this one
}

// showCatalogue shows how a body's catalogue (公开目录) is arranged and what came last.
//
// 条例第十二条第三款：“政府信息公开目录包括政府信息的索引、名称、内容概述、生成日期等内容。”
func (p *portal) showCatalogue(w http.ResponseWriter, r *http.Request) error {
	a, err := p.body(r)
	if err != nil {
		return err
	}
	depend(r, change.Agency(a.ID), change.Area("section", a.ID))
	rows, err := p.Guides.Catalogue(r.Context(), a.ID, "", 0)
	if err != nil {
		return err
	}
	v := p.catalogue(r, a.Name, rows.Rows)
	v.Trail = p.trail(r, v.page, nil, nil)
	if v.Sections, err = p.shelves(r, a.ID); err != nil {
		return err
	}
	return p.pages.Write(w, r, http.StatusOK, "catalogue", v)
}

// catalogue begins a page of the catalogue of something.
func (p *portal) catalogue(r *http.Request, of string, rows []disclosure.Row) *cataloguePage {
	v := &cataloguePage{page: p.page(r, "")}
	v.Title, v.Heads = v.T("portal.catalogue.of", "body", of), guide.Heads(v.Printer)[:4]
	v.stand(string(section.Guide))
	v.column(v.T("portal.catalogue"), v.T("portal.catalogue.about"), "", v.T("portal.column.kind.disclosure"))
	for _, row := range rows {
		v.Lines = append(v.Lines, line{row.IndexNo, row.Title, p.item(r, row.Agency, row.Item), row.Summary, row.FormedOn.String()})
	}
	return v
}

// shelves are the sections in which something stands.
func (p *portal) shelves(r *http.Request, agency string) (all []shelf, err error) {
	tree, last, err := p.sections(r, agency)
	if err != nil {
		return nil, err
	}
	n, err := p.Reader.BySection(r.Context(), agency)
	if err != nil {
		return nil, err
	}
	for _, s := range tree.All() {
		if n[s.ID] > 0 {
			all = append(all, shelf{place{p.path(r, "/catalogue/"+s.ID+ending), s.Name, last[s.ID].String(), 0}, n[s.ID]})
		}
	}
	return all, nil
}

// showShelf shows the part of the catalogue that one section is.
func (p *portal) showShelf(w http.ResponseWriter, r *http.Request) error {
	a, path, _, err := p.section(r, r.PathValue("section"))
	if err != nil {
		return err
	}
	s := path[0]
	base := "/catalogue/" + s.ID
	depend(r, change.Area("section", a.ID))
	list, err := p.stretch(r, s)
	if err != nil {
		return err
	}
	if away, err := p.elsewhere(w, r, a.ID, base+ending); away {
		return err
	}
	v := p.catalogue(r, s.Name, list.Rows)
	v.Trail = append(p.trail(r, v.page, nil, nil), web.Link{Href: p.path(r, "/catalogue"+ending), Text: v.T("portal.catalogue")})
	at := func(no int64) string {
		if no < 1 {
			return ""
		}
		return p.path(r, base+"/"+strconv.FormatInt(no, 10)+ending)
	}
	v.Newer, v.Older = at(list.Newer), at(list.Older)
	if list.No > 0 && v.Newer == "" {
		v.Newer = p.path(r, base+ending)
	}
	return p.pages.Write(w, r, http.StatusOK, "catalogue", v)
}

// stretch reads the numbered page that was asked for, or what is newest in a section.
func (p *portal) stretch(r *http.Request, s *section.Section) (*disclosure.Stretch, error) {
	text := r.PathValue("no")
	if text == "" {
		depend(r, change.Section(s.ID))
		return p.Reader.Newest(r.Context(), s.ID)
	}
	no, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(no, 10) != text {
		return nil, web.ErrNoPage
	}
	depend(r, change.SectionPage(s.ID, no), change.SectionPages(s.ID))
	return p.Reader.Stretch(r.Context(), s.ID, no)
}
