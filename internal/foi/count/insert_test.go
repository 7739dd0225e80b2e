package count_test

import (
	"testing"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/foi"
)

// insert writes n requests straight into the table, thousands in a transaction.
func insert(t testing.TB, d *db.DB, n int, request func(i int) *foi.Request) {
	t.Helper()
	var table db.Table
	if err := d.View(t.Context(), func(tx *db.Tx) error {
		all, err := tx.Tables()
		for _, one := range all {
			if one.Name == "foi_request" {
				table = one
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < n; {
		upTo := min(i+20_000, n)
		if err := d.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Load(table, func() (db.Row, error) {
				if i == upTo {
					return nil, nil
				}
				i++
				return rowOf(table, request(i-1)), nil
			})
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func rowOf(t db.Table, r *foi.Request) db.Row {
	at := time.Date(r.Received.Year(), time.Month(max(1, r.Received.Month())), max(1, r.Received.Day()), 4, 0, 0, 0, time.UTC)
	v := map[string]any{
		"id": r.ID, "agency": r.Agency, "no": r.No, "digits": "", "channel": string(r.Channel), "nature": "information", "state": string(r.State),
		"kind": string(r.Kind), "title": r.Title, "masked": "甲*", "department": r.Department, "handlers": "", "submitted_on": r.Received,
		"received": null(r.Received), "due": null(r.Due), "due_sure": true, "extended": r.Extended, "closed_on": null(r.ClosedOn),
		"outcome": string(r.Outcome), "late": r.Late, "counted": r.Counted, "reopens": "", "parent": "", "merged_into": "", "log_state": "",
		"code": r.ID, "applicant": r.ID, "sought": r.ID, "subject": "", "version": int64(1), "created_at": at,
		"fee_yuan": r.FeeYuan, "fee_charged": null(r.FeeCharged), "fee_paid": null(r.FeePaid),
	}
	row := make(db.Row, len(t.Columns))
	for k, name := range t.Columns {
		value, known := v[name]
		if !known {
			panic("no value for " + name)
		}
		row[k] = value
	}
	return row
}

func null(d date.Date) any {
	if d.IsZero() {
		return nil
	}
	return d
}
