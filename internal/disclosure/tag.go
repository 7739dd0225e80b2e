package disclosure

import (
	"regexp"

	"gongkai/internal/change"
	"gongkai/internal/db"
)

// numberEnd is what a document number ends with. Texts cite it behind words that nothing parts
// from the issuer's code.
var numberEnd = regexp.MustCompile(`〔\d{4}〕\d{1,5}号$`)

// Note notes in the log of changes what pages show of items that are or were public: their own
// pages, those of items linked with them or citing their numbers, and the lists they stand in.
func Note(tx *db.Tx, items ...string) error {
	shown, err := standsOf(tx, items)
	if err != nil || len(shown) == 0 {
		return err
	}
	tags := []change.Tag{change.Published}
	var ids []string
	for _, s := range shown {
		ids = append(ids, s.item)
		tags = append(tags, change.Item(s.item), change.Agency(s.agency), change.Section(s.section))
		if no := numberEnd.FindString(s.docNo); no != "" {
			tags = append(tags, change.Number(no))
		}
	}
	near, err := besidesOf(tx, ids)
	if err != nil {
		return err
	}
	if err := change.Note(tx, append(tags, near...)...); err != nil {
		return err
	}
	return harvestable(tx, ids)
}
