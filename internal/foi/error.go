package foi

import "gongkai/internal/fault"

// Faults of requests and their acts.
var (
	ErrNone    = &fault.Error{Kind: fault.NotFound, Code: "foi.none"}
	ErrNoCode  = &fault.Error{Kind: fault.NotFound, Code: "foi.no_code", Field: "code"}
	ErrStale   = &fault.Error{Kind: fault.Conflict, Code: "foi.stale"}
	ErrPage    = &fault.Error{Kind: fault.Invalid, Code: "foi.page"}
	ErrReason  = &fault.Error{Kind: fault.Invalid, Code: "foi.reason", Field: "reason"}
	ErrDay     = &fault.Error{Kind: fault.Invalid, Code: "foi.day", Field: "on"}
	ErrFuture  = &fault.Error{Kind: fault.Invalid, Code: "foi.future", Field: "on"}
	ErrEarly   = &fault.Error{Kind: fault.Invalid, Code: "foi.early", Field: "on"}
	ErrAgency  = &fault.Error{Kind: fault.Invalid, Code: "foi.agency", Field: "agency"}
	ErrChannel = &fault.Error{Kind: fault.Invalid, Code: "foi.channel", Field: "channel", Cite: ogi.Art(31)}
	ErrTitle   = &fault.Error{Kind: fault.Invalid, Code: "foi.title", Field: "title"}
	ErrNumber  = &fault.Error{Kind: fault.Invalid, Code: "foi.number", Field: "no"}
	ErrFlood   = &fault.Error{Kind: fault.TooLarge, Code: "foi.flood"}

	ErrHandlers = &fault.Error{Kind: fault.Invalid, Code: "foi.handlers", Field: "handlers"}
	ErrQuestion = &fault.Error{Kind: fault.Invalid, Code: "foi.question", Field: "question"}
	ErrLink     = &fault.Error{Kind: fault.NotFound, Code: "foi.link"}
	ErrAnswer   = &fault.Error{Kind: fault.Invalid, Code: "foi.answer", Field: "text"}
	ErrSearch   = &fault.Error{Kind: fault.Invalid, Code: "foi.search", Field: "systems"}

	// ErrCorrectedOnce and those after it keep the limits of art. 30.
	ErrCorrectedOnce = &fault.Error{Kind: fault.Conflict, Code: "foi.correction.once", Cite: ogi.Art(30)}
	ErrCorrection    = &fault.Error{Kind: fault.Invalid, Code: "foi.correction.what", Field: "what", Cite: ogi.Art(30)}
	ErrCorrectDays   = &fault.Error{Kind: fault.Invalid, Code: "foi.correction.days", Field: "days", Cite: ogi.Art(30)}
	ErrCorrectLate   = &fault.Error{Kind: fault.Conflict, Code: "foi.correction.late", Cite: ogi.Art(30)}
	ErrNotLapsed     = &fault.Error{Kind: fault.Conflict, Code: "foi.not_lapsed"}

	ErrReasonsOnce = &fault.Error{Kind: fault.Conflict, Code: "foi.reasons.once", Cite: ogi.Art(35)}
	ErrLaterOnce   = &fault.Error{Kind: fault.Conflict, Code: "foi.later.once", Cite: ogi.Art(35)}
	ErrReasonsFact = &fault.Error{Kind: fault.Invalid, Code: "foi.reasons.facts", Field: "facts", Cite: ogi.Art(35)}
	ErrNoReasons   = &fault.Error{Kind: fault.Conflict, Code: "foi.reasons.none", Cite: ogi.Art(35)}
	ErrLater       = &fault.Error{Kind: fault.Invalid, Code: "foi.later", Field: "later", Cite: ogi.Art(35)}

	ErrParty        = &fault.Error{Kind: fault.Invalid, Code: "foi.consult.name", Field: "name", Cite: ogi.Art(32)}
	ErrContent      = &fault.Error{Kind: fault.Invalid, Code: "foi.consult.content", Field: "content", Cite: ogi.Art(32)}
	ErrConcern      = &fault.Error{Kind: fault.Invalid, Code: "foi.consult.concern", Field: "concern", Cite: ogi.Art(32)}
	ErrConsultation = &fault.Error{Kind: fault.NotFound, Code: "foi.consult.none"}
	ErrAnswered     = &fault.Error{Kind: fault.Conflict, Code: "foi.consult.answered"}
	ErrReceived     = &fault.Error{Kind: fault.Invalid, Code: "foi.consult.received", Field: "on", Cite: ogi.Art(33, 3)}
	ErrConsulting   = &fault.Error{Kind: fault.Conflict, Code: "foi.consult.open", Cite: ogi.Art(32)}

	// ErrExtendedOnce and those after it keep the limits of art. 33 (2).
	ErrExtendedOnce = &fault.Error{Kind: fault.Conflict, Code: "foi.extend.once", Cite: ogi.Art(33, 2)}
	ErrExtendDays   = &fault.Error{Kind: fault.Invalid, Code: "foi.extend.days", Field: "days", Cite: ogi.Art(33, 2)}
	ErrExtendLate   = &fault.Error{Kind: fault.Conflict, Code: "foi.extend.late", Cite: ogi.Art(33, 2)}
	ErrNoExtension  = &fault.Error{Kind: fault.Conflict, Code: "foi.extend.none", Cite: ogi.Art(33, 2)}
	ErrUnapproved   = &fault.Error{Kind: fault.Conflict, Code: "foi.extend.unapproved", Cite: ogi.Art(33, 2)}
	ErrOwn          = &fault.Error{Kind: fault.Forbidden, Code: "foi.own"}

	ErrNoCharging = &fault.Error{Kind: fault.Conflict, Code: "foi.fee.off", Cite: ogi.Art(42)}
	ErrChargeOnce = &fault.Error{Kind: fault.Conflict, Code: "foi.fee.once", Cite: ogi.Art(42)}
	ErrMode       = &fault.Error{Kind: fault.Invalid, Code: "foi.fee.mode", Field: "mode"}
	ErrPages      = &fault.Error{Kind: fault.Invalid, Code: "foi.fee.pages", Field: "pages"}
	ErrFree       = &fault.Error{Kind: fault.Invalid, Code: "foi.fee.free", Field: "pages"}
	ErrChargeLate = &fault.Error{Kind: fault.Conflict, Code: "foi.fee.late"}
	ErrNotArrived = &fault.Error{Kind: fault.Conflict, Code: "foi.fee.not_arrived"}

	ErrOutcome  = &fault.Error{Kind: fault.Invalid, Code: "foi.decide.outcome", Field: "outcome"}
	ErrTimeOnly = &fault.Error{Kind: fault.Invalid, Code: "foi.decide.time_only", Field: "outcome"}
	ErrLacks    = &fault.Error{Kind: fault.Invalid, Code: "foi.decide.lacks"}
	ErrOwnOnly  = &fault.Error{Kind: fault.Invalid, Code: "foi.decide.own_record", Field: "outcome", Cite: ogi.Art(41)}
	ErrReview   = &fault.Error{Kind: fault.Conflict, Code: "foi.review.not_asked"}
	ErrReviewed = &fault.Error{Kind: fault.Conflict, Code: "foi.review.done"}
	ErrOrder    = &fault.Error{Kind: fault.Conflict, Code: "foi.review.order"}
	ErrNote     = &fault.Error{Kind: fault.Invalid, Code: "foi.review.note", Field: "note"}

	ErrNoLetter     = &fault.Error{Kind: fault.NotFound, Code: "foi.letter.none"}
	ErrLetterSent   = &fault.Error{Kind: fault.Conflict, Code: "foi.letter.sent"}
	ErrLetterDraft  = &fault.Error{Kind: fault.Conflict, Code: "foi.letter.draft"}
	ErrLetterGaps   = &fault.Error{Kind: fault.Invalid, Code: "foi.letter.gaps"}
	ErrLetterNo     = &fault.Error{Kind: fault.Conflict, Code: "foi.letter.no", Field: "no"}
	ErrLetterKind   = &fault.Error{Kind: fault.Invalid, Code: "foi.letter.kind", Field: "code"}
	ErrLetterTwice  = &fault.Error{Kind: fault.Conflict, Code: "foi.letter.twice"}
	ErrLetterMoment = &fault.Error{Kind: fault.Conflict, Code: "foi.letter.moment"}
	ErrDelivery     = &fault.Error{Kind: fault.Invalid, Code: "foi.letter.way", Field: "way"}
	ErrOnlineToday  = &fault.Error{Kind: fault.Invalid, Code: "foi.letter.online_today", Field: "on"}
	ErrTracking     = &fault.Error{Kind: fault.Invalid, Code: "foi.letter.tracking", Field: "tracking"}
	ErrSigner       = &fault.Error{Kind: fault.Invalid, Code: "foi.letter.signer", Field: "signer"}

	ErrNoFile = &fault.Error{Kind: fault.NotFound, Code: "foi.file.none"}
	// ErrUnredacted refuses to hand over a file as it is where a part is withheld.
	ErrUnredacted = &fault.Error{Kind: fault.Invalid, Code: "foi.file.unredacted", Field: "files", Cite: ogi.Art(37)}
	ErrFileKind   = &fault.Error{Kind: fault.Invalid, Code: "foi.file.kind", Field: "file"}
	ErrFileLarge  = &fault.Error{Kind: fault.TooLarge, Code: "foi.file.large", Field: "file"}
	ErrFileEmpty  = &fault.Error{Kind: fault.Invalid, Code: "foi.file.empty", Field: "file"}
	ErrFiles      = &fault.Error{Kind: fault.TooLarge, Code: "foi.file.many", Field: "file"}

	ErrMergeWho  = &fault.Error{Kind: fault.Invalid, Code: "foi.merge.applicant", Field: "into"}
	ErrMergeInto = &fault.Error{Kind: fault.Invalid, Code: "foi.merge.into", Field: "into"}
	// ErrMergeEarlier keeps a request from being merged into one that came later.
	ErrMergeEarlier = &fault.Error{Kind: fault.Invalid, Code: "foi.merge.earlier", Field: "into"}
	ErrOver         = &fault.Error{Kind: fault.Conflict, Code: "foi.over"}

	ErrParts      = &fault.Error{Kind: fault.Invalid, Code: "foi.divide.parts", Field: "parts"}
	ErrReopen     = &fault.Error{Kind: fault.Conflict, Code: "foi.reopen.closed"}
	ErrReopening  = &fault.Error{Kind: fault.Conflict, Code: "foi.reopen.under_way"}
	ErrReopenWhat = &fault.Error{Kind: fault.Invalid, Code: "foi.reopen.basis", Field: "basis"}
	ErrSettings   = &fault.Error{Kind: fault.Invalid, Code: "foi.setting.invalid"}
)
