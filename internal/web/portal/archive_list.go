package portal

import (
	"net/http"

	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/web"
)

// closed is a section or body that is no more; what it published stays readable.
type closed struct {
	Href, Name, Day, Reason string
	Next                    []web.Link
	Sections                []web.Link
}

type archivePage struct {
	page
	Sections []closed
	Bodies   []closed
	Items    []entry
	Numbers  *numbers
}

// archiveRows is how many items a page of the archive lists.
const archiveRows = 50

// listArchive lists closed sections, bodies that have ended and items that were taken out of the
// lists: nothing that was public goes away because its place did (R-PLT-09).
func (p *portal) listArchive(w http.ResponseWriter, r *http.Request) error {
	a, err := p.body(r)
	if err != nil {
		return err
	}
	no, err := pageNumber(r)
	if err != nil {
		return err
	}
	depend(r, change.Agency(a.ID), change.Area("section", a.ID))
	rows, total, err := p.Reader.Archived(r.Context(), a.ID, no, archiveRows)
	if err != nil {
		return err
	}
	if beyond(total, archiveRows, no) {
		return web.ErrNoPage
	}
	v := archivePage{page: p.page(r, ""), Items: p.entries(r, rows)}
	v.Title = v.T("portal.archive")
	v.Trail = p.trail(r, v.page, nil, nil)
	v.column(v.Title, v.T("portal.archive.about"), "", v.T("portal.column.kind.disclosure"))
	v.Numbers = v.number(total, archiveRows, no, p.path(r, "/archive"+ending), p.path(r, "/archive/"))
	if no == 1 {
		if err := p.closings(r, &v, a); err != nil {
			return err
		}
	}
	return p.pages.Write(w, r, http.StatusOK, "archive", v)
}

// closings lists a body's closed sections; the main site's archive also has the bodies that ended.
func (p *portal) closings(r *http.Request, v *archivePage, a *agency.Agency) error {
	h := hereOf(r.Context())
	return p.DB.View(r.Context(), func(tx *db.Tx) error {
		all, err := section.All(tx, a.ID)
		if err != nil {
			return err
		}
		tree := section.NewTree(all)
		for _, s := range tree.All() {
			if s.Retired {
				v.Sections = append(v.Sections, p.closedSection(r, tree, s))
			}
		}
		if h.Place != h.sites.Main {
			return nil
		}
		depend(r, change.Areas("section"))
		v.Bodies, err = p.endedBodies(r, tx)
		return err
	})
}

func (p *portal) closedSection(r *http.Request, tree *section.Tree, s *section.Section) closed {
	c := closed{Href: p.sectionPath(r, s.Agency, s.ID), Name: section.Title(tree.Above(s.ID)), Day: s.RetiredOn.String(), Reason: s.RetiredReason}
	if next := tree.Get(s.Successor); next != nil {
		c.Next = []web.Link{{Href: p.sectionPath(r, next.Agency, next.ID), Text: next.Name}}
	}
	return c
}

// endedBodies are the bodies that are no more, with where they went and the sections they left.
func (p *portal) endedBodies(r *http.Request, tx *db.Tx) (all []closed, err error) {
	bodies, err := agency.LoadEnded(tx)
	if err != nil {
		return nil, err
	}
	tree := hereOf(r.Context()).sites.Tree
	for _, b := range bodies {
		c := closed{Name: b.Name, Day: b.Until.String()}
		for _, id := range b.Successors {
			if next := tree.Get(id); next != nil {
				c.Next = append(c.Next, web.Link{Href: p.to(r, id, "/"), Text: next.Name})
			}
		}
		last, err := section.LastPublished(tx, b.ID)
		if err != nil {
			return nil, err
		}
		sections, err := section.All(tx, b.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range section.NewTree(sections).All() {
			if !last[s.ID].IsZero() {
				c.Sections = append(c.Sections, web.Link{Href: p.sectionPath(r, b.ID, s.ID), Text: s.Name})
			}
		}
		all = append(all, c)
	}
	return all, nil
}
