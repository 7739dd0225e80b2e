package audit

import (
	"fmt"
	"sync"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

func TestEntriesOfConcurrentActsFormOneChain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() {
				err := d.Update(t.Context(), func(tx *db.Tx) error {
					return Append(tx, actor.System("test"), Entry{Act: actor.ItemPublish, Subject: "item", ID: fmt.Sprint(i)})
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		err := d.View(t.Context(), func(tx *db.Tx) error {
			rs, err := db.Select(tx, (*Record).columns, "audit_entry ORDER BY seq")
			if err != nil {
				return err
			}
			if len(rs) != 50 {
				t.Errorf("%d entries", len(rs))
			}
			previous := ""
			for i, r := range rs {
				if r.Seq != int64(i+1) || r.Previous != previous || r.Digest != r.digest(tx.ChainKey()) {
					t.Errorf("entry %d does not follow from the one before", i+1)
				}
				previous = r.Digest
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
