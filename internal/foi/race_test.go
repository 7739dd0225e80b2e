package foi

import (
	"errors"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/foi/letter"
)

// A hundred acts of all kinds at once on one request lose nothing: each search that was acknowledged
// is on record, each number of a letter given once and none left out, one link is answered once, one
// draft is sent once.
func TestMixedActsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		ctx := t.Context()
		r := b.register("2026-03-02")
		_, link, err := b.CoHandle(ctx, b.officer, r.ID, 0, CoHandling{Department: "财务科", Question: "有没有？"})
		b.must(err)
		var keys []string
		for range 10 {
			one := b.register("2026-03-02")
			b.do(b.DraftLetter(ctx, b.officer, one.ID, 0, letter.Code("L01")))
			keys = append(keys, one.ID)
		}
		search := SearchRecord{Systems: "甲", Words: "乙", People: "丙", Result: "丁", From: day("2026-03-02")}
		acts := []func(i int) error{
			func(int) error { return second(b.RecordSearch(ctx, b.officer, r.ID, 0, search)) },
			func(int) error { return b.AnswerLink(ctx, link, "有", nil) },
			func(int) error { return second(b.ProposeExtension(ctx, b.officer, r.ID, 0, 10, "多")) },
			func(int) error { return second(b.ApproveExtension(ctx, b.head, r.ID, 0, true, "")) },
			func(i int) error {
				all := b.clock(keys[i/5%10]).Letters
				return second(b.FinishLetter(ctx, b.officer, keys[i/5%10], all[len(all)-1].ID, 0, ""))
			},
		}
		ok := make([]bool, 100)
		b.race(100, errAny, func(i int) error {
			err := acts[i%5](i)
			if ok[i] = err == nil; err != nil && fault.KindOf(err) != fault.Internal {
				return errAny
			}
			return err
		})
		won := [5]int{}
		for i := range ok {
			if ok[i] {
				won[i%5]++
			}
		}
		v := b.clock(r.ID)
		if len(v.Record.Searches) != won[0] || won[0] != 20 || won[1] != 1 || won[3] > 1 || won[4] != 10 {
			t.Errorf("%d searches on record; succeeded: %v", len(v.Record.Searches), won)
		}
		numbers := map[string]int{}
		for _, id := range keys {
			for _, l := range b.clock(id).Letters {
				numbers[l.No]++
			}
		}
		for n := range 10 {
			no, err := letter.Number(v.Settings.LetterPattern, 2026, n+1)
			b.must(err)
			if numbers[no] != 1 {
				t.Errorf("number %s stands on %d letters", no, numbers[no])
			}
		}

		f, err := b.BeginDraft(ctx, "", Draftable{Agency: b.id, Application: asked()})
		b.must(err)
		codes := make([]string, 10)
		b.race(10, errAny, func(i int) (err error) {
			codes[i], err = b.SubmitDraft(ctx, f.Code, "")
			return err
		})
		for _, code := range codes {
			if code == "" || code != codes[0] {
				t.Errorf("one draft became %v", codes)
				break
			}
		}
	})
}

var errAny = errors.New("refused")
