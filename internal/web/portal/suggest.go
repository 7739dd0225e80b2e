package portal

import (
	"encoding/json"
	"net/http"
	"strings"

	"gongkai/internal/disclosure"
	"gongkai/internal/search"
	"gongkai/internal/web"
)

// suggestion is a text somebody may want to search for, or a document to go to at once.
type suggestion struct {
	Text string `json:"text"`
	Href string `json:"href"`
}

// mostSuggested is how many suggestions fit below a search box.
const mostSuggested = 8

// suggest answers what somebody typed so far. Documents among the answers are asked for in the
// records, so that nothing is offered that was taken down a moment ago; phrases are parts of
// their titles.
func (p *portal) suggest(w http.ResponseWriter, r *http.Request) error {
	web.Once(r.Context())
	a := p.ask(r)
	all := []suggestion{}
	if text := strings.TrimSpace(a.query.Text); text != "" {
		found, err := p.Search.Suggest(r.Context(), text, search.Query{States: a.query.States, Agencies: a.query.Agencies, Sections: a.query.Sections}, mostSuggested)
		if err != nil {
			return err
		}
		if all, err = p.suggestions(r, a, found); err != nil {
			return err
		}
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	return json.NewEncoder(w).Encode(all)
}

func (p *portal) suggestions(r *http.Request, a *asked, found []search.Suggestion) ([]suggestion, error) {
	var ids []string
	for _, s := range found {
		if s.ID != "" {
			ids = append(ids, s.ID)
		}
	}
	rows, err := p.Reader.Public(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	public := map[string]disclosure.Row{}
	for _, row := range rows {
		public[row.Item] = row
	}
	all := []suggestion{}
	for _, s := range found {
		row, ok := public[s.ID]
		switch {
		case s.ID == "":
			all = append(all, suggestion{s.Text, a.with(p, r, askText, s.Text)})
		case ok:
			all = append(all, suggestion{s.Text, p.item(r, row.Agency, row.Item)})
		}
	}
	return all, nil
}
