package foi

import (
	"errors"
	"testing"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/foi/outcome"
)

// A register's request keeps its number and days; the next number given here passes over it.
func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		at(d, "2026-04-30")
		// Received 2026-01-28: 20 working days end on 2026-03-03, R-DL-03; replied a day late.
		e := Entry{No: "202600001", Channel: Post, Received: day("2026-01-28"), Application: asked(), Outcome: outcome.Open, ClosedOn: day("2026-03-04"), Way: ByMail}
		r, err := b.Import(ctx, b.officer, b.id, e)
		b.must(err)
		if r.State != Closed || !r.Late || r.Due != day("2026-03-03") || !r.Counted {
			t.Errorf("%+v", r)
		}
		_, err = b.Import(ctx, b.officer, b.id, e)
		b.refuses(ErrEntryTaken, err)
		if next := b.register("2026-04-30"); next.No != "202600002" {
			t.Errorf("next number %s", next.No)
		}
		for name, c := range map[string]struct {
			change func(e *Entry)
			want   error
		}{
			"no result": {func(e *Entry) { e.Outcome = "" }, ErrEntryOpen},
			"no day":    {func(e *Entry) { e.ClosedOn = date.Date{} }, ErrEntryClosed},
			"too early": {func(e *Entry) { e.ClosedOn = day("2026-01-27") }, ErrEntryClosed},
			"no number": {func(e *Entry) { e.No = " " }, ErrEntryNo},
			"unknown":   {func(e *Entry) { e.Outcome = "deny.other" }, ErrOutcome},
		} {
			bad := e
			bad.No = "9"
			c.change(&bad)
			if _, err := b.Import(ctx, b.officer, b.id, bad); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
