package section

import (
	"gongkai/internal/date"
	"gongkai/internal/db"
)

// LastPublished tells when something was last published in each of a body's sections, as far as
// anything ever was. Readers see it beside the section's name.
func LastPublished(tx *db.Tx, agency string) (map[string]date.Date, error) {
	return lastOfSections(tx, agency)
}

// LastOfBodies tells when each body last published something.
func LastOfBodies(tx *db.Tx) (map[string]date.Date, error) { return lastOfBodies(tx) }
