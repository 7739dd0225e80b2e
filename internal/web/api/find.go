package api

import (
	"net/http"
	"time"

	"gongkai/internal/change"
	"gongkai/internal/disclosure"
	"gongkai/internal/search"
)

// Hit is an item found, with the passage that answers.
type Hit struct {
	*Item
	Passage []Piece `json:"passage,omitempty"`
	Part    string  `json:"passage_from,omitempty"` // the attachment it is from
}

// Piece is a part of a passage, marked where it is what was looked for.
type Piece struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit,omitempty"`
}

// Found is a page of hits.
type Found struct {
	Hits       []Hit    `json:"hits"`
	Total      int      `json:"total"`
	More       bool     `json:"more_than_total,omitempty"`
	Next       string   `json:"next,omitempty"`
	DidYouMean string   `json:"did_you_mean,omitempty"`
	Loosened   []string `json:"loosened,omitempty"`
}

func (a *api) find(w http.ResponseWriter, r *http.Request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	n, err := limit(r, usualPage, mostPage)
	if err != nil {
		return err
	}
	q, err := queryOf(r.URL.Query(), n)
	if err != nil {
		return err
	}
	if q.Text == "" {
		return search.ErrEmpty
	}
	res, err := a.Search.Search(r.Context(), q)
	if err != nil {
		return err
	}
	out := &Found{Total: res.Total, More: res.More, DidYouMean: res.DidYouMean, Loosened: res.Loosened}
	if out.Hits, err = v.hits(r, res.Hits); err != nil {
		return err
	}
	if res.Next != "" {
		out.Next = v.next(r, res.Next)
		w.Header().Set("Link", "<"+out.Next+`>; rel="next"`)
	}
	return a.send(w, r, out, time.Time{}, change.Published, change.Areas("synonyms"))
}

// hits shows of what the index found what is public at this moment.
func (v *view) hits(r *http.Request, found []search.Hit) ([]Hit, error) {
	var ids []string
	for _, h := range found {
		ids = append(ids, h.ID)
	}
	items, err := v.load(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	of := map[string]*Item{}
	for _, i := range items {
		of[i.ID] = i
	}
	all := []Hit{}
	for _, h := range found {
		if of[h.ID] == nil {
			continue
		}
		one := Hit{Item: of[h.ID], Part: h.Part}
		for _, s := range h.Excerpt {
			one.Passage = append(one.Passage, Piece{s.Text, s.Hit})
		}
		all = append(all, one)
	}
	return all, nil
}

// Suggestion is a text to search for, or an item.
type Suggestion struct {
	Text string `json:"text"`
	Item string `json:"item,omitempty"`
	URL  string `json:"url,omitempty"`
}

// mostSuggestions bounds what is suggested at once.
const mostSuggestions = 20

func (a *api) suggest(w http.ResponseWriter, r *http.Request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	n, err := limit(r, 8, mostSuggestions)
	if err != nil {
		return err
	}
	q := search.Query{States: []string{disclosure.TextPublic}, Agencies: given(r.URL.Query(), "body")}
	all, err := a.Search.Suggest(r.Context(), r.URL.Query().Get("q"), q, n)
	if err != nil {
		return err
	}
	var out suggestAnswer
	if out.Suggestions, err = v.suggested(r, all); err != nil {
		return err
	}
	return a.send(w, r, out, time.Time{}, change.Published)
}

// suggested leaves out items that are public no more although the index has yet to hear of it.
func (v *view) suggested(r *http.Request, found []search.Suggestion) ([]Suggestion, error) {
	var ids []string
	for _, s := range found {
		if s.ID != "" {
			ids = append(ids, s.ID)
		}
	}
	items, err := v.load(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	of := map[string]*Item{}
	for _, i := range items {
		of[i.ID] = i
	}
	all := []Suggestion{}
	for _, s := range found {
		switch i := of[s.ID]; {
		case s.ID == "":
			all = append(all, Suggestion{Text: s.Text})
		case i != nil:
			all = append(all, Suggestion{s.Text, i.ID, i.URL})
		}
	}
	return all, nil
}
