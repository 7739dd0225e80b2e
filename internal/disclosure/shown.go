package disclosure

import "gongkai/internal/db"

// Shown is an item with the edition the public sees or saw last.
type Shown struct {
	Item    Item
	Edition Edition
}

// ShownIn returns those of the items that were ever public, in the order of their keys. It is for
// the public log, which remembers also that something was taken down; the public reads through
// Reader.
func ShownIn(tx *db.Tx, items []string) ([]*Shown, error) { return shownIn(tx, items) }

// Standing is an item's public standing, without its texts.
type Standing struct {
	Item    string
	Edition string // the one shown, or shown last
	Status  Status
}

// StandingIn returns the standing of those of the items that were ever public.
func StandingIn(tx *db.Tx, items []string) ([]*Standing, error) { return standingIn(tx, items) }

// KeptOf returns what an edition said at the versions that are kept for ever, the newest first.
func KeptOf(tx *db.Tx, edition string) ([]*Saved, error) { return keptOf(tx, edition) }
