package dispute

import (
	"gongkai/internal/date"
	"gongkai/internal/db"
)

// Key names a cell of table four as annual/form does.
func Key(k Kind, column string) string { return "T4." + string(k) + "." + column }

// Total is the last column of each group.
const Total = "total"

// Tally counts a body's disputes of a period into the 15 cells of table four. R-RL-06.
func Tally(tx *db.Tx, agency string, from, to date.Date) (map[string]int64, error) {
	cells := map[string]int64{}
	for _, k := range Kinds {
		for _, c := range append([]Bucket{Total}, ColumnsOf...) {
			cells[Key(k, string(c))] = 0
		}
	}
	err := each(tx, agency, from, to, func(d *Dispute, c Bucket) {
		cells[Key(d.Kind, string(c))]++
		cells[Key(d.Kind, Total)]++
	})
	return cells, err
}

// Behind lists the keys of the disputes in each cell of table four that has any.
func Behind(tx *db.Tx, agency string, from, to date.Date) (map[string][]string, error) {
	ids := map[string][]string{}
	err := each(tx, agency, from, to, func(d *Dispute, c Bucket) {
		for _, key := range []string{Key(d.Kind, string(c)), Key(d.Kind, Total)} {
			ids[key] = append(ids[key], d.ID)
		}
	})
	return ids, err
}

// In lists the disputes of one cell of table four.
func In(tx *db.Tx, agency string, from, to date.Date, key string) (all []*Dispute, err error) {
	err = each(tx, agency, from, to, func(d *Dispute, c Bucket) {
		if key == Key(d.Kind, string(c)) || key == Key(d.Kind, Total) {
			all = append(all, d)
		}
	})
	return all, err
}

func each(tx *db.Tx, agency string, from, to date.Date, do func(d *Dispute, c Bucket)) error {
	b, _, err := loadBuckets(tx, agency)
	if err != nil {
		return err
	}
	all, err := touching(tx, agency, from, to)
	if err != nil {
		return err
	}
	for _, d := range all {
		if c, ok := d.Column(from, to, b); ok {
			do(d, c)
		}
	}
	return nil
}
