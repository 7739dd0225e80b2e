package section

import (
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/workday"
)

// The faults of sections.
var (
	ErrStale  = &fault.Error{Kind: fault.Conflict, Code: "section.stale"}
	ErrName   = &fault.Error{Kind: fault.Conflict, Code: "section.name.taken", Field: "name"}
	ErrNoName = &fault.Error{Kind: fault.Invalid, Code: "section.name.empty", Field: "name"}
	ErrSlug   = &fault.Error{Kind: fault.Conflict, Code: "section.slug.taken", Field: "slug"}
)

// Desk is where sections are kept.
type Desk struct {
	DB       *db.DB
	Calendar func() *workday.Calendar
	Policy   Policy
}
