// Package search finds published and unpublished texts by their words (全文检索). The index is
// a file of each node's own beside the database, fed from a log of changes in the main
// database and made anew at will, so that both engines answer alike and no backup holds it.
package search

import "gongkai/internal/db"

// Changed notes, in the transaction of the act, that documents were made, changed or taken
// away; the index asks for them afterwards. Other acts that change documents wait until the
// transaction ends, so it comes late in an act.
func Changed(tx *db.Tx, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	last, err := advance(tx, len(ids))
	if err != nil {
		return err
	}
	for i, id := range ids {
		if err := note(tx, last-int64(len(ids)-1-i), id); err != nil {
			return err
		}
	}
	return nil
}
