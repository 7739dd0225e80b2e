package count

import (
	"context"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/foi"
	"gongkai/internal/foi/dispute"
	"gongkai/internal/workday"
)

// Desk is where counts are looked at.
type Desk struct {
	DB       *db.DB
	Calendar func() *workday.Calendar
}

// may allows numbers to who works with a body's requests, compiles its report or supervises it:
// they hold nothing of any request.
func may(by actor.Actor, agency string) error {
	scope := actor.In(agency)
	if by.Can(actor.FoiView, scope) || by.Can(actor.ReportCompile, scope) || by.Can(actor.StatisticsView, scope) {
		return nil
	}
	return by.May(actor.FoiOversee, scope)
}

// Tables counts a body's period.
func (d *Desk) Tables(ctx context.Context, by actor.Actor, agency string, p Period) (t *Tables, err error) {
	if err := may(by, agency); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		t, err = Of(tx, agency, p)
		return err
	})
	return t, err
}

// Behind are the requests or disputes a cell counts.
type Behind struct {
	Key      string
	N        int64
	Requests []*foi.Request
	Disputes []*dispute.Dispute
	Next     string // where the next page begins, "" on the last
}

// Cell returns a page of what a cell counts, the earliest first, to who may see the requests.
func (d *Desk) Cell(ctx context.Context, by actor.Actor, agency string, p Period, key, after string, limit int) (b *Behind, err error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	what := actor.FoiView
	if strings.HasPrefix(key, "T4.") {
		what = actor.FoiDispute
	}
	if err := by.May(what, actor.In(agency)); err != nil {
		return nil, err
	}
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		b = &Behind{Key: key}
		if what == actor.FoiDispute {
			return b.disputes(tx, agency, p)
		}
		return b.requests(tx, agency, p, after, limit)
	})
	return b, err
}

func (b *Behind) disputes(tx *db.Tx, agency string, p Period) (err error) {
	cells, err := dispute.Tally(tx, agency, p.From, p.To)
	if err != nil {
		return err
	}
	n, known := cells[b.Key]
	if !known {
		return ErrCell
	}
	b.N = n
	b.Disputes, err = dispute.In(tx, agency, p.From, p.To, b.Key)
	return err
}

func (b *Behind) requests(tx *db.Tx, agency string, p Period, after string, limit int) error {
	c, err := ParseCell(b.Key)
	if err != nil {
		return err
	}
	parts, err := c.parts(tx, agency, p)
	if err != nil {
		return err
	}
	if b.N, err = total(tx, parts); err != nil {
		return err
	}
	at, err := parseMark(after)
	if err != nil {
		return err
	}
	found, next, err := page(tx, parts, at, limit)
	if err != nil {
		return err
	}
	b.Next = next
	b.Requests, err = foi.Rows(tx, found)
	return err
}

// mark is where a page of a cell begins: after an entry of one of its parts.
type mark struct {
	part int
	entry
}

func (m mark) String() string {
	return string(rune('0'+m.part)) + " " + m.day.String() + " " + m.id
}

func parseMark(s string) (m mark, err error) {
	if s == "" {
		return m, nil
	}
	f := strings.Fields(s)
	if len(f) != 3 || f[0] != "0" && f[0] != "1" {
		return m, ErrCell
	}
	m.part, m.id = int(f[0][0]-'0'), f[2]
	if m.day, err = date.Parse(f[1]); err != nil {
		return m, ErrCell
	}
	return m, nil
}

// page reads on from a mark through the parts, one after the other.
func page(tx *db.Tx, parts []part, at mark, limit int) (found []string, next string, err error) {
	if at.part >= len(parts) {
		return nil, "", ErrCell
	}
	var last mark
	for i := at.part; i < len(parts); i++ {
		rows, err := parts[i].ids(tx, at.day, at.id, limit+1-len(found))
		if err != nil {
			return nil, "", err
		}
		for _, e := range rows {
			if len(found) == limit {
				return found, last.String(), nil
			}
			found, last = append(found, e.id), mark{i, e}
		}
		at = mark{}
	}
	return found, "", nil
}

// Carried compares what a period begins with to what was published of the one before. R-AR-06.
type Carried struct {
	Columns []CarriedColumn
	Even    bool
	// Late are requests of before that were registered after the publication, Joined those that
	// were merged or split after the year: what explains a difference.
	Late, Joined []*foi.Request
}

// CarriedColumn is one column of the two rows that must agree.
type CarriedColumn struct {
	Column         string
	Published, Now int64
}

// Carry holds what a year begins with against the last row of table three as it was published for
// the year before, by column. R-AR-06: carry_in[y] = carry_out[y-1].
func (d *Desk) Carry(ctx context.Context, by actor.Actor, agency string, year int, published map[string]int64, at time.Time) (c *Carried, err error) {
	if err := by.May(actor.FoiView, actor.In(agency)); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		c, err = carry(tx, agency, year, published, at)
		return err
	})
	return c, err
}

func carry(tx *db.Tx, agency string, year int, published map[string]int64, at time.Time) (*Carried, error) {
	last := date.Must(year-1, 12, 31)
	open, err := openByKind(tx, agency, last)
	if err != nil {
		return nil, err
	}
	now := map[string]int64{}
	for _, t := range open {
		now[string(t.Kind)] += t.N
		now[Total] += t.N
	}
	c := &Carried{Even: true}
	for _, col := range Columns() {
		was, known := published[col]
		if !known {
			continue
		}
		c.Columns = append(c.Columns, CarriedColumn{col, was, now[col]})
		c.Even = c.Even && was == now[col]
	}
	if c.Even {
		return c, nil
	}
	late, joined, err := since(tx, agency, last, at)
	if err != nil {
		return nil, err
	}
	if c.Late, err = foi.Rows(tx, late); err != nil {
		return nil, err
	}
	c.Joined, err = foi.Rows(tx, joined)
	return c, err
}
