package api

import (
	"net/http"
	"strconv"
	"time"

	"gongkai/internal/agency"
	"gongkai/internal/annual/shelf"
	"gongkai/internal/change"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/credit"
	"gongkai/internal/disclosure/section"
)

// Body is a public body.
type Body struct {
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	ShortName  string       `json:"short_name,omitempty"`
	Kind       agency.Kind  `json:"kind"`
	Level      agency.Level `json:"level"`
	Parent     string       `json:"parent,omitempty"`
	CreditCode string       `json:"credit_code,omitempty"`
	OrgCode    string       `json:"org_code,omitempty"`
	Region     string       `json:"region,omitempty"`
	SiteCode   string       `json:"site_code,omitempty"`
	URL        string       `json:"url"`
}

func (v *view) describe(b *agency.Agency) Body {
	return Body{b.ID, b.Name, b.ShortName, b.Kind, b.Level, b.Parent, b.CreditCode, b.OrgCode, b.Region, b.SiteCode, v.page(b.ID, "/")}
}

func (a *api) listBodies(w http.ResponseWriter, r *http.Request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	out := bodiesAnswer{[]Body{}}
	for _, b := range v.sites.Tree.All {
		out.Bodies = append(out.Bodies, v.describe(b))
	}
	return a.send(w, r, out, time.Time{})
}

// bodyOf returns the body of the path.
func (v *view) bodyOf(r *http.Request) (*agency.Agency, error) {
	if b := v.sites.Tree.Get(r.PathValue("id")); b != nil {
		return b, nil
	}
	return nil, ErrNoBody
}

func (a *api) showBody(w http.ResponseWriter, r *http.Request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	b, err := v.bodyOf(r)
	if err != nil {
		return err
	}
	return a.send(w, r, v.describe(b), time.Time{})
}

// Node is a section with those below it.
type Node struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Kind        section.Kind `json:"kind"`
	Description string       `json:"description,omitempty"`
	Retired     bool         `json:"retired,omitempty"`
	Items       int          `json:"items"`
	URL         string       `json:"url"`
	Sections    []*Node      `json:"sections,omitempty"`
}

func (a *api) listSections(w http.ResponseWriter, r *http.Request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	b, err := v.bodyOf(r)
	if err != nil {
		return err
	}
	counts, err := a.Reader.BySection(r.Context(), b.ID)
	if err != nil {
		return err
	}
	var tree *section.Tree
	err = a.DB.View(r.Context(), func(tx *db.Tx) error {
		all, err := section.All(tx, b.ID)
		tree = section.NewTree(all)
		return err
	})
	if err != nil {
		return err
	}
	out := sectionsAnswer{append([]*Node{}, v.below(tree, "", counts)...)}
	return a.send(w, r, out, time.Time{}, change.Agency(b.ID))
}

func (v *view) below(tree *section.Tree, parent string, counts map[string]int) (all []*Node) {
	for _, s := range tree.Under(parent) {
		all = append(all, &Node{s.ID, s.Name, s.Kind, s.Description, s.Retired, counts[s.ID], v.page(s.Agency, "/sections/"+s.ID+".html"), v.below(tree, s.ID, counts)})
	}
	return all
}

// Annual is a published annual report.
type Annual struct {
	Year     int    `json:"year"`
	Body     Named  `json:"body"`
	Title    string `json:"title"`
	IndexNo  string `json:"index_no,omitempty"`
	Item     string `json:"item"`
	At       string `json:"published_at"`
	Readable bool   `json:"has_figures"`
	URL      string `json:"url"`
	// Figures are the cells of the unified tables by their keys.
	Figures map[string]string `json:"figures,omitempty"`
}

func (v *view) annual(one *shelf.Volume) Annual {
	return Annual{Year: one.Year(), Body: Named{one.Agency, one.Body}, Title: one.Title, IndexNo: one.IndexNo, Item: one.Item,
		At: instant(one.PublishedAt), Readable: one.Readable(), URL: v.page(one.Publisher, "/items/"+one.Item+".html")}
}

func (a *api) listAnnual(w http.ResponseWriter, r *http.Request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	b, err := v.bodyOf(r)
	if err != nil {
		return err
	}
	all, err := a.Annual.Years(r.Context(), b.ID)
	if err != nil {
		return err
	}
	out := annualAnswer{[]Annual{}}
	for _, one := range all {
		out.Reports = append(out.Reports, v.annual(one))
	}
	return a.send(w, r, out, time.Time{}, change.Published, change.Areas("annual"))
}

func (a *api) showAnnual(w http.ResponseWriter, r *http.Request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	b, err := v.bodyOf(r)
	if err != nil {
		return err
	}
	year, err := strconv.Atoi(r.PathValue("year"))
	if err != nil {
		return ErrNumber.At("year")
	}
	one, rep, err := a.Annual.Report(r.Context(), b.ID, year)
	if err != nil {
		return err
	}
	out := v.annual(one)
	if rep != nil {
		out.Figures = map[string]string{}
		for key := range rep.Cells {
			if n, ok := rep.Value(key); ok {
				out.Figures[string(key)] = n.String()
			}
		}
	}
	return a.send(w, r, out, one.ShownAt, change.Item(one.Item), change.Areas("annual"))
}

// Decision is a licence, penalty or coercive measure on display. Of a natural person the name is
// masked and the content stays out.
type Decision struct {
	ID        string      `json:"id"`
	Kind      credit.Kind `json:"kind"`
	Party     string      `json:"party"`
	No        string      `json:"no"`
	DecidedOn string      `json:"decided_on"`
	Content   string      `json:"content,omitempty"`
	Until     string      `json:"display_until,omitempty"`
}

func (a *api) listDecisions(w http.ResponseWriter, r *http.Request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	b, err := v.bodyOf(r)
	if err != nil {
		return err
	}
	kind, err := kindOf(r.URL.Query().Get("kind"))
	if err != nil {
		return err
	}
	all, next, err := a.Credit.Public(r.Context(), b.ID, kind, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	out := decisionsAnswer{Decisions: []Decision{}}
	for _, d := range all {
		out.Decisions = append(out.Decisions, Decision{d.ID, d.Kind, d.Name, d.No, civil(d.DecidedOn), d.Content, civil(d.Until)})
	}
	if next != "" {
		out.Next = v.next(r, next)
		w.Header().Set("Link", "<"+out.Next+`>; rel="next"`)
	}
	return a.send(w, r, out, time.Time{}, change.Area("credit", b.ID))
}

func kindOf(text string) (credit.Kind, error) {
	names := []string{}
	for _, k := range credit.Kinds {
		if text == string(k) {
			return k, nil
		}
		names = append(names, string(k))
	}
	if text == "" {
		return credit.Kinds[0], nil
	}
	return "", ErrChoice.At("kind").With("choices", names)
}
