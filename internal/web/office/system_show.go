package office

import (
	"net/http"
	"strconv"
	"time"

	"gongkai/internal/i18n"
)

// Serving is how this server sends pages to the public, as who assembles it knows.
type Serving struct {
	Hits, Makes  int64 // pages sent from memory, pages made, since the start
	Pages, Bytes int64 // held in memory
	Away         bool  // the database does not answer
	// Copy is the copy of plain files this server keeps, nil for none.
	Copy *Copy
}

// Copy is how the last run left a copy; At is zero before the first one of this server ended.
type Copy struct {
	Files, Problems int
	Bytes           int64
	At              time.Time
	Failed          bool // the last run ended with a fault, which the server's log has
}

// publicCards tell how the public's side stands: log, pages, copy, mail.
func (o *Office) publicCards(r *http.Request) (all []Card, err error) {
	if o.Ledger != nil {
		card, err := o.ledgerCard(r)
		if err != nil {
			return nil, err
		}
		all = append(all, card)
	}
	if o.Serving != nil {
		s := o.Serving()
		all = append(all, servingCard(printer(r), s), copyCard(printer(r), s.Copy))
	}
	if o.Subscriptions != nil {
		p := printer(r)
		state := Badge{p.T("trail.mail_off"), Wait}
		if o.Subscriptions.On(r.Context()) {
			state = Badge{p.T("trail.mail_on"), Good}
		}
		all = append(all, Card{ID: "mail", Title: p.T("subscriptions.title"), Note: p.T("trail.mail_note"), Facts: []Fact{{Label: p.T("trail.index_state"), Badge: &state}}})
	}
	return all, nil
}

// ledgerCard tells how the public log stands.
func (o *Office) ledgerCard(r *http.Request) (Card, error) {
	p := printer(r)
	s, err := o.Ledger.Status(r.Context())
	if err != nil {
		return Card{}, err
	}
	state := Badge{p.T("trail.ledger_whole"), Good}
	if s.Waiting > 0 {
		state = Badge{p.T("trail.ledger_waiting", "n", s.Waiting), Wait}
	}
	return Card{ID: "ledger", Title: p.T("trail.ledger"), Note: p.T("trail.ledger_note"), Facts: []Fact{
		{Label: p.T("trail.index_state"), Badge: &state}, {Label: p.T("trail.ledger_name"), Value: s.Origin},
		{Label: p.T("trail.ledger_size"), Value: grouped(s.Size)}, {Label: p.T("trail.ledger_at"), Value: When(s.At)},
		{Label: p.T("trail.ledger_keys"), Value: strconv.Itoa(len(s.Keys))},
	}}, nil
}

// servingCard tells what stands in memory.
func servingCard(p i18n.Printer, s Serving) Card {
	state := Badge{p.T("trail.pages_good"), Good}
	if s.Away {
		state = Badge{p.T("trail.pages_away"), Bad}
	}
	return Card{ID: "pages", Title: p.T("trail.pages"), Note: p.T("trail.pages_note"), Facts: []Fact{
		{Label: p.T("trail.index_state"), Badge: &state}, {Label: p.T("trail.pages_hits"), Value: grouped(s.Hits)}, {Label: p.T("trail.pages_made"), Value: grouped(s.Makes)},
		{Label: p.T("trail.pages_held"), Value: p.T("trail.pages_of", "n", grouped(s.Pages), "mb", megabytes(s.Bytes))},
	}}
}

// copyCard tells how the copy of plain files stands.
func copyCard(p i18n.Printer, c *Copy) Card {
	card := Card{ID: "mirror", Title: p.T("trail.copy"), Note: p.T("trail.copy_note")}
	if c == nil {
		card.Facts = []Fact{{Label: p.T("trail.index_state"), Badge: &Badge{p.T("trail.copy_none"), Wait}}}
		return card
	}
	state := Badge{p.T("trail.copy_good"), Good}
	switch {
	case c.Failed:
		state = Badge{p.T("trail.copy_failed"), Bad}
	case c.At.IsZero():
		state = Badge{p.T("trail.index_building"), Wait}
	case c.Problems > 0:
		state = Badge{p.T("trail.copy_problems", "n", c.Problems), Bad}
	}
	card.Facts = []Fact{{Label: p.T("trail.index_state"), Badge: &state}}
	if !c.At.IsZero() {
		card.Facts = append(card.Facts, Fact{Label: p.T("trail.copy_at"), Value: When(c.At)}, Fact{Label: p.T("trail.copy_files"), Value: grouped(int64(c.Files))},
			Fact{Label: p.T("trail.index_size"), Value: p.T("trail.index_mb", "mb", megabytes(c.Bytes))})
	}
	return card
}

// megabytes are bytes as a figure with one decimal.
func megabytes(n int64) string { return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) }
