package showcase

import (
	"fmt"
	"strings"
	"testing"

	registry "gongkai/internal/agency"
	"gongkai/internal/db"
	"gongkai/internal/foi"
	"gongkai/internal/foi/count"
)

// What table three of 示范市民政局 must be, counted by hand from request.txt and the stories: rows
// and columns that are not named are nought. Columns: natural, biz, sci, npo, legal, other.
var truth = map[int]string{
	2025: `
new                48 6 1 1 5 1
carry_in            2 1 0 0 0 0
done.open          13 3 1 1 2 0
done.partial        4 1 0 0 1 0
done.deny.law       1 0 0 0 0 0
done.deny.safety    1 0 0 0 0 0
done.deny.third     2 1 0 0 0 0
done.deny.internal  1 0 0 0 0 0
done.deny.process   2 0 0 0 0 0
done.deny.casefile  1 0 0 0 0 0
done.deny.query     1 0 0 0 0 0
done.unable.nohold  8 1 0 0 1 0
done.unable.make    2 0 0 0 0 0
done.unable.unclear 1 0 0 0 0 0
done.noproc.petition 3 0 0 0 0 0
done.noproc.repeat  1 0 0 0 0 0
done.noproc.publication 1 0 0 0 0 0
done.noproc.excess  1 0 0 0 0 0
done.noproc.confirm 1 0 0 0 0 0
done.other.nocorrect 2 0 0 0 0 0
done.other.nopay    1 0 0 0 0 0
done.other.misc     1 1 0 0 0 1
done.total         48 7 1 1 4 1
carry_out           2 0 0 0 1 0`,
	2026: `
new                44 5 1 2 3 1
carry_in            2 0 0 0 1 0
done.open          11 2 0 0 1 0
done.partial        4 0 0 1 0 0
done.deny.law       0 1 0 0 0 0
done.deny.third     1 0 0 0 0 0
done.deny.process   2 0 0 0 0 0
done.deny.casefile  1 0 0 0 0 0
done.unable.nohold  4 0 0 0 2 0
done.unable.make    1 0 0 0 0 0
done.noproc.petition 2 0 0 0 0 0
done.noproc.repeat  1 0 0 0 0 0
done.other.misc     2 0 0 0 0 0
done.total         29 3 0 1 3 0
carry_out          17 2 1 1 1 1`,
}

func TestRequestsAreCountedAsByHand(t *testing.T) {
	n, _ := build(t)
	agency := ""
	if err := n.DB.View(t.Context(), func(tx *db.Tx) error {
		a, err := registry.Named(tx, "示范市民政局")
		if err == nil {
			agency = a.ID
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for year, text := range truth {
		var have *count.Tables
		if err := n.DB.View(t.Context(), func(tx *db.Tx) (err error) {
			have, err = count.Of(tx, agency, count.Year(year))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		want := map[string]int64{}
		for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
			f := strings.Fields(line)
			for i, k := range foi.Kinds {
				var v int64
				fmt.Sscan(f[i+1], &v)
				want[count.Key(f[0], string(k))] = v
			}
		}
		for _, row := range count.Rows() {
			for _, k := range foi.Kinds {
				key := count.Key(row, string(k))
				if have.Cells[key] != want[key] {
					t.Errorf("%d %s: %d, by hand %d", year, key, have.Cells[key], want[key])
				}
			}
		}
	}
}
