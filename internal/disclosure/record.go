package disclosure

import (
	"context"
	"time"

	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/class"
)

// Record is what other systems are told of an item: the one shape behind the open interface,
// harvesting, catalogues and exports, so that they cannot differ. Of what was taken down it says
// that alone: only Item, Agency, Section, Status, EndedAt, Seq and At are set.
//
// 条例第十二条第三款 names the least of it: “政府信息的索引、名称、内容概述、生成日期”.
type Record struct {
	Item    string
	Agency  string
	Section string // its home
	Status  Status
	EndedAt time.Time
	Seq     int64     // number in the log of changes of what was last seen differently
	At      time.Time // when that was

	Kind         Kind
	Origin       Origin
	IndexNo      string
	Title        string
	Subtitle     string
	Summary      string
	Theme        string
	Genre        string
	DocNo        string
	Issuer       string
	IssuedOn     date.Date
	FormedOn     date.Date
	Source       string
	SourceURL    string
	Keywords     []string
	Validity     class.Validity
	EffectiveOn  date.Date
	ExpiresOn    date.Date
	JointBodies  []string
	Note         string // of a correction
	Attachments  []Attachment
	FirstAt      time.Time
	PublishedAt  time.Time // of the shown edition
	EditionNo    int64
	DisplayUntil date.Date
}

// Gone reports whether the record says only that the item was taken down.
func (r *Record) Gone() bool { return r.Status != Live && r.Status != Archived }

// Harvest chooses records by when they last became different. Agency, and within it Section,
// narrow it if set.
type Harvest struct {
	Agency  string
	Section string
	From    time.Time // zero for the beginning
	Until   time.Time // the first instant that is too late, zero for no end
	After   string    // cursor of the last record seen
	Limit   int
}

// Records is a page of records with the cursor of what follows, "" at its end.
type Records struct {
	Records []*Record
	Next    string
}

// Harvest lists items that are or were public, in the order in which they became so different.
func (r *Reader) Harvest(ctx context.Context, h Harvest) (out *Records, err error) {
	n := Page{Limit: h.Limit}.limit()
	out = &Records{}
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		all, err := harvested(tx, h, n+1)
		if err != nil {
			return err
		}
		if len(all) > n {
			all = all[:n]
			out.Next = cursor(all[n-1].At, all[n-1].Item)
		}
		out.Records = all
		return complete(tx, all)
	})
	return out, err
}

// Changes lists up to n items that are or were public and became different after a number of the
// log of changes, of those with that number itself the ones after an item. Nothing that ends
// later has a smaller number, so that who asks again from the last record seen misses nothing.
func (r *Reader) Changes(ctx context.Context, seq int64, item string, n int) (all []*Record, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		if all, err = changedSince(tx, seq, item, Page{Limit: n}.limit()); err != nil {
			return err
		}
		return complete(tx, all)
	})
	return all, err
}

// Records returns those of the items that are or were public, in the order of the keys.
func (r *Reader) Records(ctx context.Context, items []string) (all []*Record, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		found, err := recordsIn(tx, items)
		if err != nil {
			return err
		}
		of := map[string]*Record{}
		for _, one := range found {
			of[one.Item] = one
		}
		for _, id := range items {
			if of[id] != nil {
				all = append(all, of[id])
			}
		}
		return complete(tx, all)
	})
	return all, err
}

// stride is how many records are held at a time while all are read.
const stride = 500

// Every calls do with every record that can be read by the public, of one agency if that is not
// "": all as they stand at one moment, in memory that does not grow with their number.
func (r *Reader) Every(ctx context.Context, agency string, do func(all []*Record) error) error {
	return r.DB.View(ctx, func(tx *db.Tx) error {
		for last := ""; ; {
			all, err := recordsAfter(tx, agency, last, stride)
			if err != nil {
				return err
			}
			if len(all) == 0 {
				return nil
			}
			last = all[len(all)-1].Item
			if err := complete(tx, all); err != nil {
				return err
			}
			if err := do(all); err != nil {
				return err
			}
		}
	})
}

// Head is the number of the last change of any record, and when a record last changed.
func (r *Reader) Head(ctx context.Context) (seq int64, at time.Time, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		seq, at, err = harvestHead(tx)
		return err
	})
	return seq, at, err
}

// Earliest is when the first record became what it is.
func (r *Reader) Earliest(ctx context.Context) (at time.Time, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		at, err = harvestFirst(tx)
		return err
	})
	return at, err
}

// complete fills in what the public can read of those records that are not gone.
func complete(tx *db.Tx, all []*Record) error {
	var live []string
	of := map[string]*Record{}
	for _, r := range all {
		if !r.Gone() {
			live = append(live, r.Item)
			of[r.Item] = r
		}
	}
	for len(live) > 0 {
		part := live[:min(len(live), stride)]
		live = live[len(part):]
		if err := shownRecords(tx, part, of); err != nil {
			return err
		}
	}
	return nil
}

// harvestable notes for those who keep copies which of the items the public sees differently
// since this act. The log of changes has been written to: its lock orders the numbers.
func harvestable(tx *db.Tx, items []string) error {
	seq, err := change.Head(tx)
	if err != nil {
		return err
	}
	marks, err := marksOf(tx, items)
	if err != nil {
		return err
	}
	for _, m := range marks {
		if err := m.save(tx, seq); err != nil {
			return err
		}
	}
	return nil
}

// Address is where an item stands and when that last became different.
type Address struct {
	Item string
	At   time.Time
}

// Addresses lists what of an agency can be read, in the order of the keys, after one of them.
func (r *Reader) Addresses(ctx context.Context, agency, after string, n int) (all []Address, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		all, err = addressesOf(tx, agency, after, n)
		return err
	})
	return all, err
}

// Anchors cuts what of an agency can be read into parts of n for Addresses: the keys the parts
// come after, that of the first being "", each with the last change within its part. Items are
// opened in the order of their keys, so that parts once full stay as they are.
func (r *Reader) Anchors(ctx context.Context, agency string, n int) (all []Address, err error) {
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		all, err = anchorsOf(tx, agency, n)
		return err
	})
	return all, err
}
