package search

import "context"

// Suggest returns up to n texts that somebody who typed prefix may want to search for. The
// filters of q apply; its text, order and page do not matter.
func (x *Index) Suggest(ctx context.Context, prefix string, q Query, n int) ([]Suggestion, error) {
	q.Text, q.Order, q.After, q.Page, q.Limit, q.Facets = prefix, Relevance, "", 0, n, nil
	r, err := x.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	var all []Suggestion
	for _, h := range r.Hits {
		all = append(all, Suggestion{Text: h.Title, ID: h.ID})
	}
	return all, nil
}
