package disclosure

import (
	"gongkai/internal/fault"
	"gongkai/internal/statute"
)

// The errors of acts on items.
var (
	ErrNone    = &fault.Error{Kind: fault.NotFound, Code: "item.none"}
	ErrStale   = &fault.Error{Kind: fault.Conflict, Code: "item.stale"}
	ErrSection = &fault.Error{Kind: fault.Invalid, Code: "item.section", Field: "section"}
	ErrKind    = &fault.Error{Kind: fault.Invalid, Code: "item.kind", Field: "kind"}
	ErrOrigin  = &fault.Error{Kind: fault.Invalid, Code: "item.origin", Field: "origin", Cite: statute.OGI2019.Art(10)}
	ErrReason  = &fault.Error{Kind: fault.Invalid, Code: "item.reason", Field: "reason"}
	ErrOpen    = &fault.Error{Kind: fault.Conflict, Code: "item.open"}

	ErrTitle     = &fault.Error{Kind: fault.Invalid, Code: "item.title", Field: "title", Cite: statute.OGI2019.Art(12)}
	ErrSummary   = &fault.Error{Kind: fault.Invalid, Code: "item.summary", Field: "summary", Cite: statute.OGI2019.Art(12)}
	ErrLong      = &fault.Error{Kind: fault.Invalid, Code: "item.long", Field: "summary"}
	ErrFormed    = &fault.Error{Kind: fault.Invalid, Code: "item.formed", Field: "formed_on", Cite: statute.OGI2019.Art(12)}
	ErrFuture    = &fault.Error{Kind: fault.Invalid, Code: "item.future", Field: "formed_on"}
	ErrNamed     = &fault.Error{Kind: fault.Invalid, Code: "item.named", Field: "interprets"}
	ErrPicture   = &fault.Error{Kind: fault.Invalid, Code: "item.picture", Field: "body"}
	ErrBody      = &fault.Error{Kind: fault.Invalid, Code: "item.body", Field: "body"}
	ErrAuthor    = &fault.Error{Kind: fault.Invalid, Code: "item.author", Field: "author"}
	ErrSource    = &fault.Error{Kind: fault.Invalid, Code: "item.source", Field: "source"}
	ErrSourceURL = &fault.Error{Kind: fault.Invalid, Code: "item.source_url", Field: "source_url"}
	ErrUntil     = &fault.Error{Kind: fault.Invalid, Code: "item.until", Field: "display_until", Cite: statute.PersonalInformation2021.Art(19)}
	ErrOver      = &fault.Error{Kind: fault.Invalid, Code: "item.over", Field: "display_until"}
	ErrNote      = &fault.Error{Kind: fault.Invalid, Code: "item.note", Field: "note", Cite: statute.OGI2019.Art(6)}
	ErrFile      = &fault.Error{Kind: fault.NotFound, Code: "item.file"}
	ErrFiles     = &fault.Error{Kind: fault.TooLarge, Code: "item.files", Args: map[string]any{"most": MaxFiles}}

	ErrUnchecked = &fault.Error{Kind: fault.Conflict, Code: "item.unchecked"}
	ErrBlocked   = &fault.Error{Kind: fault.Conflict, Code: "item.blocked", Cite: statute.OGI2019.Art(17)}
	ErrFinding   = &fault.Error{Kind: fault.NotFound, Code: "item.finding"}

	ErrPerson   = &fault.Error{Kind: fault.Forbidden, Code: "item.person", Cite: statute.OGI2019.Art(17)}
	ErrLevel    = &fault.Error{Kind: fault.Conflict, Code: "item.level"}
	ErrSeen     = &fault.Error{Kind: fault.Conflict, Code: "item.seen"}
	ErrTicks    = &fault.Error{Kind: fault.Invalid, Code: "item.ticks", Field: "ticks"}
	ErrOpinion  = &fault.Error{Kind: fault.Invalid, Code: "item.opinion", Field: "opinion"}
	ErrDecision = &fault.Error{Kind: fault.Invalid, Code: "item.decision", Field: "decision"}
	ErrTwice    = &fault.Error{Kind: fault.Conflict, Code: "item.twice"}

	ErrUncleared   = &fault.Error{Kind: fault.Conflict, Code: "item.uncleared", Cite: statute.Secrecy2024.Art(35)}
	ErrUnreviewed  = &fault.Error{Kind: fault.Conflict, Code: "item.unreviewed", Cite: statute.OGI2019.Art(17)}
	ErrNotPublic   = &fault.Error{Kind: fault.Conflict, Code: "item.not_public", Cite: statute.OGI2019.Art(14)}
	ErrLate        = &fault.Error{Kind: fault.Invalid, Code: "item.late", Field: "late_reason", Cite: statute.OGI2019.Art(26)}
	ErrPast        = &fault.Error{Kind: fault.Invalid, Code: "item.past", Field: "publish_at"}
	ErrUnpublished = &fault.Error{Kind: fault.Conflict, Code: "item.unpublished"}
	ErrHome        = &fault.Error{Kind: fault.Invalid, Code: "item.home", Field: "section"}
	ErrPlaced      = &fault.Error{Kind: fault.Conflict, Code: "item.placed", Field: "section"}
	ErrEarly       = &fault.Error{Kind: fault.Conflict, Code: "item.early"}
)
