package search

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

// Limits of an answer: the best mostRanked are put in order by titles and single characters
// too, and nobody turns to a page behind
// mostPaged hits or learns of more than mostCounted.
const (
	mostRanked  = 60
	mostPaged   = 10_000
	mostCounted = 10_000
	usualLimit  = 20
	mostLimit   = 100
)

func itoa(n int) string { return strconv.Itoa(n) }

// Search answers a query. Which documents it finds, and in which order, depends on the documents
// alone, not on the engine of the main database.
func (x *Index) Search(ctx context.Context, q Query) (*Result, error) {
	r, err := q.read()
	if err != nil {
		return nil, err
	}
	c := call{x: x, q: &q, r: r, result: &Result{}}
	if c.skip, c.after, err = q.place(); err != nil {
		return nil, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if err := x.refresh(ctx); err != nil {
		return nil, err
	}
	c.v = x.vol
	if r != nil {
		c.result.Understood = r.understood()
		if x.Synonyms != nil && !q.Plain {
			c.result.Synonyms = r.with(x.Synonyms())
		}
	}
	if err := c.page(ctx, false); err != nil {
		return nil, err
	}
	if r != nil && c.result.Total == 0 {
		err = c.loosen(ctx)
	}
	return c.result, err
}

// refresh reads anew what another program may have changed.
func (x *Index) refresh(ctx context.Context) error {
	if !x.peek {
		return nil
	}
	return x.vol.load(ctx)
}

// read reads the text and puts the rest in order. Without a text there must be a filter.
func (q *Query) read() (*reading, error) {
	if q.Limit <= 0 || q.Limit > mostLimit {
		q.Limit = usualLimit
	}
	if q.Order != Oldest && q.Order != Relevance {
		q.Order = Newest
	}
	if strings.TrimSpace(q.Text) == "" && (len(q.filters()) > 0 || !q.From.IsZero() || !q.To.IsZero()) {
		if q.Order == Relevance {
			q.Order = Newest
		}
		return nil, nil
	}
	return parse(q.Text)
}

// place returns how many hits are passed over and the row after which they begin.
func (q *Query) place() (skip int, after int64, err error) {
	after = 1 << 62
	if q.Order == Oldest {
		after = -1
	}
	switch {
	case q.After == "":
		skip = max(0, q.Page-1) * q.Limit
	case q.Order == Relevance:
		skip, err = strconv.Atoi(q.After)
	default:
		after, err = strconv.ParseInt(q.After, 36, 64)
	}
	if err != nil || skip < 0 || after < -1 {
		return 0, 0, ErrEmpty
	}
	return min(skip, mostPaged), after, nil
}

// rows are the first and last row that documents of the query's dates can have.
func (q *Query) rows() (from, to int64) {
	from, to = 0, 1<<62
	if !q.From.IsZero() {
		from = rowOf(q.From)
	}
	if !q.To.IsZero() {
		to = rowOf(q.To.Plus(1)) - 1
	}
	return from, to
}

func (r *reading) understood() (u Understood) {
	if r.number != nil {
		u.Number = r.number.String()
	}
	u.From, u.To = r.from, r.to
	return u
}

// call is a search under way.
type call struct {
	x      *Index
	v      *volume
	q      *Query
	r      *reading
	result *Result
	skip   int
	after  int64
	first  *Document // of the page
}

// rounds bounds how often further hits are looked for when those found turn out not to have a
// word in one piece, or to be public no longer.
const rounds = 4

// page fills the result with a page of hits.
func (c *call) page(ctx context.Context, loosely bool) error {
	most := c.skip + 2*c.q.Limit + 1
	for range rounds {
		a, all, err := c.look(ctx, most, loosely)
		if err != nil {
			return err
		}
		full, err := c.fill(ctx, a, all, loosely)
		if err != nil || full || len(a.hits) < most {
			return err
		}
		most *= 4
	}
	return nil
}

// look asks the index.
func (c *call) look(ctx context.Context, most int, loosely bool) (a *answer, all []ranked, err error) {
	c.v.mu.RLock()
	defer c.v.mu.RUnlock()
	p := c.r.plan(c.q, loosely)
	if p.most, p.after = most, c.after; p.order == Relevance {
		p.most = max(most, mostRanked)
	}
	err = c.v.file.View(ctx, func(tx *db.Tx) error {
		if a, err = c.v.match(tx, p); err != nil {
			return err
		}
		if p.order == Relevance {
			all, err = c.v.rank(tx, c.r, a, loosely)
		} else {
			all, err = c.v.inOrder(tx, a.hits)
		}
		return err
	})
	return a, all, err
}

// fill takes a page of what the index found, as far as the documents are still so, and reports
// whether it is full or there is nothing more.
func (c *call) fill(ctx context.Context, a *answer, all []ranked, loosely bool) (full bool, err error) {
	res := c.result
	res.Hits, res.Next, res.Total = nil, "", a.total
	res.Facets = facetsOf(c.q.Facets, a.count)
	var words []word
	if c.r != nil {
		words = c.r.words
	}
	f := newFinder(words, a.idf, loosely)
	at := min(c.skip, len(all))
	for at < len(all) && len(res.Hits) < c.q.Limit {
		some := all[at:min(len(all), at+c.q.Limit-len(res.Hits))]
		if err := c.x.load(ctx, some); err != nil {
			return false, err
		}
		for _, one := range some {
			at++
			if one.doc == nil || !c.fits(one.doc, words, loosely) {
				continue
			}
			h, some := f.hit(one.doc)
			if !some && c.r.number == nil && c.r.said == "" {
				continue
			}
			if len(res.Hits) == 0 {
				c.first = one.doc
			}
			res.Hits = append(res.Hits, h)
		}
	}
	if at < len(all) {
		res.Next = c.next(at, all[at-1].row.row)
	} else if c.skip == 0 && c.q.After == "" && len(a.hits) == a.total {
		res.Total = len(res.Hits) // each was looked at
	}
	res.More = res.Total > mostCounted
	res.Total = min(res.Total, mostCounted)
	return at < len(all) || len(res.Hits) == c.q.Limit, nil
}

func (c *call) next(at int, row int64) string {
	if c.q.Order == Relevance {
		return itoa(at)
	}
	return strconv.FormatInt(row, 36)
}

// fits reports whether a document as it is now is what was asked for. The index may be behind:
// what was taken down meanwhile is not shown.
func (c *call) fits(d *Document, words []word, loosely bool) bool {
	if !d.bears(c.q.filters()) {
		return false
	}
	day := date.Date{}
	if !d.At.IsZero() {
		day = date.Of(d.At.In(date.China))
	}
	if !c.q.From.IsZero() && day.Before(c.q.From) || !c.q.To.IsZero() && day.After(c.q.To) {
		return false
	}
	return holds(d, words, loosely)
}

// load fetches the texts of rows from the main database. One that is there no longer stays
// without text and is passed over.
func (x *Index) load(ctx context.Context, rows []ranked) error {
	ids := make([]string, len(rows))
	for i, f := range rows {
		ids[i] = f.id
	}
	return x.main.View(ctx, func(tx *db.Tx) error {
		docs, err := x.source.Documents(tx, ids)
		if err != nil {
			return err
		}
		byID := map[string]*Document{}
		for i := range docs {
			byID[docs[i].ID] = &docs[i]
		}
		for _, f := range rows {
			f.doc = byID[f.id]
		}
		return nil
	})
}

// loosen looks for what has a part of the words where nothing has all, and for a spelling that
// finds something.
func (c *call) loosen(ctx context.Context) (err error) {
	if c.result.DidYouMean, err = c.meant(ctx); err != nil {
		return err
	}
	if err := c.page(ctx, true); err != nil || len(c.result.Hits) == 0 {
		return err
	}
	first := c.first.folded()
	for _, w := range c.r.words {
		if !w.not && !slices.ContainsFunc(first, w.occursIn) {
			c.result.Loosened = append(c.result.Loosened, string(w.runes))
		}
	}
	return nil
}

// facetsOf sorts what was counted: years from the latest, all others from the most frequent.
func facetsOf(facets []Facet, count map[mark]int) map[Facet][]Value {
	if len(facets) == 0 {
		return nil
	}
	all := map[Facet][]Value{}
	for m, n := range count {
		if slices.Contains(facets, m.kind) {
			all[m.kind] = append(all[m.kind], Value{m.key, n})
		}
	}
	for kind, values := range all {
		slices.SortFunc(values, func(a, b Value) int {
			if kind != ByYear && a.N != b.N {
				return b.N - a.N
			}
			if kind == ByYear {
				a, b = b, a
			}
			return strings.Compare(a.Key, b.Key)
		})
	}
	return all
}

// Keys returns up to n keys of the documents that have a query's words, by the index alone:
// it reads no texts, and in very few documents takes a word for found whose parts occur apart.
// more says that there are others, or that the index does not have all documents yet.
func (x *Index) Keys(ctx context.Context, q Query, n int) (ids []string, more bool, err error) {
	r, err := q.read()
	if err != nil {
		return nil, false, err
	}
	q.Order = Newest
	x.mu.RLock()
	defer x.mu.RUnlock()
	at, err := cursor(ctx, x.vol.file)
	if err != nil || at == unfinished {
		return nil, true, err
	}
	c := call{x: x, v: x.vol, q: &q, r: r, after: 1 << 62}
	a, all, err := c.look(ctx, n, false)
	for _, one := range all {
		ids = append(ids, one.id)
	}
	return ids, err == nil && a.total > len(a.hits), err
}
