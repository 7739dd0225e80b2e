package office

import (
	"net/http"
	"strconv"

	"gongkai/internal/site"
)

// listSites shows the sites somebody may set up, with what their pages lack.
func (o *Office) listSites(w http.ResponseWriter, r *http.Request) error {
	all, err := o.Sites.List(r.Context(), o.Actor(r))
	if err != nil {
		return err
	}
	p := ListPage{Page: o.page(r, printer(r).T("sites.title")), Lead: printer(r).T("sites.lead")}
	columns := []Column{{Key: "name", Text: p.T("agency.column.name")}, {Key: "address", Text: p.T("sites.address")},
		{Key: "theme", Text: p.T("sites.theme"), Slim: true, Wide: true}, {Key: "state", Text: p.T("sites.marks"), Slim: true}}
	q := ReadList(r, columns, "name")
	if q.Format != "" {
		var rows [][]string
		for _, s := range all {
			rows = append(rows, []string{s.Body.Name, o.siteAddress(s), p.Text(s.Theme.Message()), strconv.Itoa(len(s.Missing()))})
		}
		return export(w, q, p.Title, columns, each(rows))
	}
	p.List = NewList(p.Page, p.Title, columns, q)
	p.List.Total = p.T("body.total", "n", len(all))
	p.List.Empty = p.T("body.empty")
	for _, s := range window(p.List, all, func(s *site.Place) string { return s.Agency }) {
		state := Badge{p.T("sites.whole"), Good}
		if n := len(s.Missing()); n > 0 {
			state = Badge{p.T("sites.lacks", "n", n), Warn}
		}
		p.List.Rows = append(p.List.Rows, Row{ID: s.Agency, Name: s.Body.Name, Cells: []Cell{
			{Text: s.Body.Name, Href: o.path(r, "/office/sites/%s", s.Agency), Sub: s.Name, Lang: "zh-CN"},
			{Text: o.siteAddress(s), Href: o.siteAddress(s)}, {Text: p.Text(s.Theme.Message())}, {Badge: &state}}})
	}
	return o.show(w, r, "list", &p)
}
