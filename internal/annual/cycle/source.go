package cycle

import (
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/emmansun/gmsm/sm3"

	"gongkai/internal/agency"
	"gongkai/internal/annual/compile"
	"gongkai/internal/annual/form"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/decimal"
)

// Channel is a way by which requests came in, as the report calls it: 网络, 信函, 当面.
type Channel struct {
	Name string `json:"name"`
	N    int64  `json:"n"`
}

// Requests are facts of a year's requests that no cell of the form holds and the text reports.
type Requests struct {
	Channels   []Channel       `json:"channels,omitempty"` // of the new requests
	Extended   int64           `json:"extended,omitempty"` // time limits extended
	Completed  int64           `json:"completed,omitempty"`
	Consulted  int64           `json:"consulted,omitempty"` // third parties and other organs asked
	Overdue    int64           `json:"overdue,omitempty"`   // answered, or open, past the day
	FeeNotices int64           `json:"fee_notices,omitempty"`
	Fees       decimal.Decimal `json:"fees,omitempty"` // 信息处理费 collected, in yuan
}

// Counted is what the records of requests say of a body's year.
type Counted struct {
	Cells map[string]int64 // every cell of tables three and four, such as "T3.done.open.natural"
	Facts Requests
	// Records are the requests behind cells, for who keeps what a report was counted from; nil
	// where they are too many to be named.
	Records map[string][]string
}

// Source counts a body's requests, reviews and suits of a year in the transaction of the act that
// compiles. Of bodies that keep their requests elsewhere it returns no cells.
type Source func(tx *db.Tx, agency string, year int) (Counted, error)

// Facts are what the text is filled from besides the cells.
type Facts struct {
	Kept      bool              `json:"kept"` // requests are recorded in this system
	Requests  Requests          `json:"requests"`
	Published int64             `json:"published"` // pieces of information in the year
	Amended   int64             `json:"amended"`   // published anew, corrected
	Retracted int64             `json:"retracted"`
	Sections  int64             `json:"sections"` // of the platform
	Balances  []compile.Balance `json:"balances,omitempty"`
}

// count is what a compiling finds.
type count struct {
	figures Figures
	behind  map[form.Key]Behind
	facts   Facts
}

// count counts a body's year, with those bodies that were merged into it: their records are its
// own since. Everything is read in one transaction, so that the figures fit together.
func (d *Desk) count(tx *db.Tx, body string, year int) (*count, error) {
	c := &count{figures: Figures{}, behind: map[form.Key]Behind{}}
	bodies, err := withMerged(tx, body, year)
	if err != nil {
		return nil, err
	}
	records := map[form.Key][]string{}
	for _, id := range bodies {
		if err := c.table2(tx, id, year, records); err != nil {
			return nil, err
		}
		if err := d.requests(tx, c, id, year, records); err != nil {
			return nil, err
		}
		if err := published(tx, id, year, &c.facts); err != nil {
			return nil, err
		}
	}
	for k, keys := range records {
		c.behind[k] = behind(keys)
	}
	return c, nil
}

// table2 adds a body's documents, decisions and fees.
func (c *count) table2(tx *db.Tx, body string, year int, records map[form.Key][]string) error {
	t, err := compile.Of(tx, body, year)
	if err != nil {
		return err
	}
	for _, f := range t.Figures {
		if err := c.add(f.Key, f.Value, len(f.Records)); err != nil {
			return err
		}
		records[f.Key] = append(records[f.Key], f.Records...)
	}
	for _, b := range t.Balances {
		if !b.Even() {
			c.facts.Balances = append(c.facts.Balances, b)
		}
	}
	return nil
}

// requests adds a body's tables three and four, where they are recorded here.
func (d *Desk) requests(tx *db.Tx, c *count, body string, year int, records map[form.Key][]string) error {
	if d.Source == nil {
		return nil
	}
	got, err := d.Source(tx, body, year)
	if err != nil {
		return fmt.Errorf("count the requests of %d: %w", year, err)
	}
	if got.Cells == nil {
		return nil // this body keeps its requests elsewhere
	}
	if len(got.Cells) == 0 {
		return nil // this body keeps its requests elsewhere
	}
	f := form.ForYear(year)
	for key, n := range got.Cells {
		k := form.Key(key)
		if f.Cell(k) == nil {
			return fmt.Errorf("count the requests of %d: the form has no cell %s", year, key)
		}
		if err := c.add(k, decimal.Int(n), int(n)); err != nil {
			return err
		}
	}
	for key, ids := range got.Records {
		records[form.Key(key)] = append(records[form.Key(key)], ids...)
	}
	c.facts.Kept = true
	return c.facts.Requests.add(got.Facts)
}

func (c *count) add(k form.Key, v decimal.Decimal, n int) error {
	f := c.figures[k]
	sum, err := f.Value.Add(v)
	if err != nil {
		return fmt.Errorf("add up %s: %w", k, err)
	}
	c.figures[k] = Figure{Value: sum, Origin: FromRecords, Records: f.Records + n}
	return nil
}

func (r *Requests) add(o Requests) (err error) {
	for _, ch := range o.Channels {
		i := slices.IndexFunc(r.Channels, func(c Channel) bool { return c.Name == ch.Name })
		if i < 0 {
			r.Channels = append(r.Channels, ch)
			continue
		}
		r.Channels[i].N += ch.N
	}
	r.Extended, r.Completed, r.Consulted = r.Extended+o.Extended, r.Completed+o.Completed, r.Consulted+o.Consulted
	r.Overdue, r.FeeNotices = r.Overdue+o.Overdue, r.FeeNotices+o.FeeNotices
	r.Fees, err = r.Fees.Add(o.Fees)
	return err
}

// behind keeps which records a figure rests on.
func behind(keys []string) Behind {
	sorted := slices.Clone(keys)
	slices.Sort(sorted)
	sum := sm3.Sum([]byte(strings.Join(sorted, "\n")))
	b := Behind{N: len(keys), Digest: hex.EncodeToString(sum[:])}
	if len(keys) <= mostKeys {
		b.Keys = keys
	}
	return b
}

// withMerged returns a body and those merged into it by the end of a year, directly or in turn.
//
// Spec §2.8: a unit merged in the course of the year is reported by its successor.
func withMerged(tx *db.Tx, body string, year int) ([]string, error) {
	ended, err := agency.LoadEnded(tx)
	if err != nil {
		return nil, err
	}
	all, last := []string{body}, date.Must(year, 12, 31)
	for i := 0; i < len(all); i++ {
		for _, a := range ended {
			if a.Ending == agency.Merged && slices.Contains(a.Successors, all[i]) && !a.Until.After(last) && !slices.Contains(all, a.ID) {
				all = append(all, a.ID)
			}
		}
	}
	return all, nil
}

// equal compares digests.
func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
