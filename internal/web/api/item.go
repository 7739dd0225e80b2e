package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/change"
	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/richtext"
	"gongkai/internal/search"
)

// The faults of asking.
var (
	ErrLimit  = &fault.Error{Kind: fault.Invalid, Code: "api.limit", Field: "limit"}
	ErrNumber = &fault.Error{Kind: fault.Invalid, Code: "api.number"}
	ErrChoice = &fault.Error{Kind: fault.Invalid, Code: "api.choice"}
	ErrCursor = &fault.Error{Kind: fault.Invalid, Code: "api.cursor", Field: "after"}
	ErrNoBody = &fault.Error{Kind: fault.NotFound, Code: "api.no_body"}
)

// The sizes of pages.
const (
	usualPage = 20
	mostPage  = 100
)

// List is a page of items.
type List struct {
	Items []*Item `json:"items"`
	// Total is told where the text index was asked: up to the number it counts to.
	Total *int   `json:"total,omitempty"`
	More  bool   `json:"more_than_total,omitempty"`
	Next  string `json:"next,omitempty"`
}

// Whole is an item with its text and what belongs to it.
type Whole struct {
	*Item
	Text          string  `json:"text,omitempty"` // HTML, sanitised
	Sections      []Named `json:"sections,omitempty"`
	Interprets    []Short `json:"interprets,omitempty"`
	InterpretedBy []Short `json:"interpreted_by,omitempty"`
	Earlier       []Past  `json:"earlier_editions,omitempty"`
}

// Short names another item.
type Short struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Past is an edition that another took the place of.
type Past struct {
	Edition int64  `json:"edition"`
	At      string `json:"published_at"`
	Note    string `json:"correction_note,omitempty"`
}

// limit reads how many a page shall have.
func limit(r *http.Request, usual, most int) (int, error) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, ErrLimit.With("most", most)
	}
	return n, nil
}

// listItems lists what is public, the newest first.
func (a *api) listItems(w http.ResponseWriter, r *http.Request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	n, err := limit(r, usualPage, mostPage)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	var out *List
	if filtered(q) {
		out, err = v.found(r, q, n)
	} else {
		out, err = v.latest(r, q, n)
	}
	if err != nil {
		return err
	}
	if out.Next != "" {
		out.Next = v.next(r, out.Next)
		w.Header().Set("Link", "<"+out.Next+`>; rel="next"`)
	}
	_, at, err := a.Reader.Head(r.Context())
	if err != nil {
		return err
	}
	return a.send(w, r, out, at, change.Published)
}

// next is the address of the page after the one asked for.
func (v *view) next(r *http.Request, after string) string {
	q := r.URL.Query()
	q.Set("after", after)
	return v.at(r.URL.Path) + "?" + q.Encode()
}

// indexed are the filters that the text index answers.
var indexed = []string{"q", "year", "genre", "theme", "validity", "kind", "issuer"}

func filtered(q url.Values) bool {
	for _, name := range indexed {
		if q.Get(name) != "" {
			return true
		}
	}
	return q.Get("sort") != ""
}

// latest walks along the lists that the database keeps in order.
func (v *view) latest(r *http.Request, q url.Values, n int) (*List, error) {
	p := disclosure.Page{After: q.Get("after"), Limit: n}
	if !p.Sound() { // a harvester that lost its place would begin anew for ever
		return nil, ErrCursor
	}
	var rows *disclosure.Rows
	var err error
	switch section, body := q.Get("section"), q.Get("body"); {
	case section != "":
		rows, err = v.Reader.Section(r.Context(), section, p)
	case body != "":
		rows, err = v.Reader.Agency(r.Context(), body, p)
	default:
		rows, err = v.Reader.Latest(r.Context(), p)
	}
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, row := range rows.Rows {
		ids = append(ids, row.Item)
	}
	items, err := v.load(r.Context(), ids)
	return &List{Items: items, Next: rows.Next}, err
}

// load reads the records of items that are public now.
func (v *view) load(ctx context.Context, ids []string) ([]*Item, error) {
	all, err := v.Reader.Records(ctx, ids)
	if err != nil {
		return nil, err
	}
	live := make([]*disclosure.Record, 0, len(all))
	for _, one := range all {
		if !one.Gone() {
			live = append(live, one)
		}
	}
	return v.items(ctx, live)
}

// found asks the text index, and shows of what it answers what is public at this moment.
func (v *view) found(r *http.Request, q url.Values, n int) (*List, error) {
	query, err := queryOf(q, n)
	if err != nil {
		return nil, err
	}
	res, err := v.Search.Search(r.Context(), query)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, h := range res.Hits {
		ids = append(ids, h.ID)
	}
	items, err := v.load(r.Context(), ids)
	return &List{Items: items, Total: &res.Total, More: res.More, Next: res.Next}, err
}

// orders are the ways a search can be sorted.
var orders = map[string]search.Order{"": search.Relevance, "relevance": search.Relevance, "newest": search.Newest, "oldest": search.Oldest}

// queryOf reads the filters: a name may stand several times, and each value lets pass what bears it.
func queryOf(q url.Values, n int) (search.Query, error) {
	out := search.Query{Text: q.Get("q"), States: []string{disclosure.TextPublic}, Agencies: given(q, "body"), Sections: given(q, "section"),
		Themes: given(q, "theme"), Genres: given(q, "genre"), Issuers: given(q, "issuer"), Validities: given(q, "validity"), Kinds: given(q, "kind"),
		After: q.Get("after"), Limit: n}
	for _, y := range given(q, "year") {
		year, err := strconv.Atoi(y)
		if err != nil || year < 1900 || year > 2999 {
			return out, ErrNumber.At("year")
		}
		out.Years = append(out.Years, year)
	}
	order, known := orders[q.Get("sort")]
	if !known {
		return out, ErrChoice.At("sort").With("choices", []string{"relevance", "newest", "oldest"})
	}
	out.Order = order
	return out, nil
}

// given are the values of a filter that say something.
func given(q url.Values, name string) (all []string) {
	for _, v := range q[name] {
		if v = strings.TrimSpace(v); v != "" {
			all = append(all, v)
		}
	}
	return all
}

// showItem tells all of one item, or that it was taken down.
func (a *api) showItem(w http.ResponseWriter, r *http.Request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	all, err := a.Reader.Records(r.Context(), []string{r.PathValue("id")})
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return disclosure.ErrNone
	}
	items, err := v.items(r.Context(), all)
	if err != nil {
		return err
	}
	out := &Whole{Item: items[0]}
	if !all[0].Gone() {
		if err := v.complete(r, out); err != nil {
			return err
		}
	}
	return a.send(w, r, out, all[0].At, change.Item(out.ID))
}

// complete adds to an item what only its own page says.
func (v *view) complete(r *http.Request, out *Whole) error {
	l, err := v.Reader.Item(r.Context(), out.ID)
	if err != nil || l.Edition == nil {
		return err
	}
	out.Text = richtext.Show(l.Edition.Body, "", func(file string) string {
		for _, f := range l.Edition.Attachments {
			if f.ID == file {
				return v.file(l.Item.ID, l.Item.Agency, f)
			}
		}
		return ""
	})
	for _, id := range l.Sections {
		out.Sections = append(out.Sections, v.section(id))
	}
	out.Interprets, out.InterpretedBy = v.short(l.Interprets), v.short(l.InterpretedBy)
	for _, p := range l.History {
		out.Earlier = append(out.Earlier, Past{p.No, instant(p.PublishedAt), p.Note})
	}
	return nil
}

func (v *view) short(rows []disclosure.Row) (all []Short) {
	for _, row := range rows {
		all = append(all, Short{row.Item, row.Title, v.page(row.Agency, "/items/"+row.Item+".html")})
	}
	return all
}

// listFiles lists the attachments of an item.
func (a *api) listFiles(w http.ResponseWriter, r *http.Request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	items, err := v.load(r.Context(), []string{r.PathValue("id")})
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return disclosure.ErrNone
	}
	out := filesAnswer{append([]File{}, items[0].Files...)}
	return a.send(w, r, out, items[0].record.At, change.Item(items[0].ID))
}

// Changes is a page of what became different.
type Changes struct {
	Items []*Item `json:"items"`
	// Since is what to ask with next time: what comes after was not told yet.
	Since string `json:"since"`
	More  bool   `json:"more"` // there is more to tell now
}

// listChanges tells what was published, corrected or taken down after what the caller has.
func (a *api) listChanges(w http.ResponseWriter, r *http.Request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	n, err := limit(r, mostPage, disclosure.MaxPage-1)
	if err != nil {
		return err
	}
	since := r.URL.Query().Get("since")
	seq, item, err := readSince(since)
	if err != nil {
		return err
	}
	all, err := a.Reader.Changes(r.Context(), seq, item, n+1)
	if err != nil {
		return err
	}
	out := &Changes{Since: since, More: len(all) > n}
	all = all[:min(n, len(all))]
	if out.Items, err = v.items(r.Context(), all); err != nil {
		return err
	}
	var at time.Time
	if last := len(all) - 1; last >= 0 {
		out.Since, at = strconv.FormatInt(all[last].Seq, 10)+"."+all[last].Item, all[last].At
	}
	return a.send(w, r, out, at, change.Published)
}

// readSince reads where a caller of changes has got to: -1 is before everything.
func readSince(text string) (int64, string, error) {
	if text == "" || text == "0" {
		return -1, "", nil
	}
	number, item, ok := strings.Cut(text, ".")
	seq, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || seq < 0 {
		return 0, "", ErrCursor.At("since")
	}
	return seq, item, nil
}
