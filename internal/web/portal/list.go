package portal

import (
	"net/http"
	"time"

	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/web"
)

// entry is a line of a list of items.
type entry struct{ Href, Title, Number, Day string }

// node is a line of a tree.
type node struct {
	Href, Name string
	Depth      int
}

// deepest is how far lines of a tree are set in; what is deeper stands under the same edge.
const deepest = 3

func (p *portal) entries(r *http.Request, rows []disclosure.Row) (all []entry) {
	for _, row := range rows {
		all = append(all, entry{p.item(r, row.Agency, row.Item), row.Title, row.DocNo, day(row.PublishedAt)})
	}
	return all
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return date.Of(t.In(date.China)).String()
}

// field is a label with its value.
type field struct{ Label, Value string }

// trail links to the pages above: home, the body, the sections from the top.
func (p *portal) trail(r *http.Request, v page, a *agency.Agency, path []*section.Section) []web.Link {
	all := []web.Link{{Href: v.Home, Text: v.T("portal.home")}}
	if a != nil && p.to(r, a.ID, "/") != v.Home { // on its own site its home is the home
		all = append(all, web.Link{Href: p.to(r, a.ID, "/"), Text: a.Name})
	}
	for i := len(path) - 1; i >= 0; i-- {
		all = append(all, web.Link{Href: p.sectionPath(r, path[i].Agency, path[i].ID), Text: path[i].Name})
	}
	return all
}
