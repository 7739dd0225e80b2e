package desk

import "gongkai/internal/fault"

// Faults of the desk.
var (
	// ErrGone is the answer for a batch that expired, was cleared, never was, or belongs to
	// another browser: which of them is nobody's business.
	ErrGone = &fault.Error{Kind: fault.NotFound, Code: "desk.gone"}
	// ErrNoFile is the answer for a number that is not in the batch.
	ErrNoFile = &fault.Error{Kind: fault.NotFound, Code: "desk.no_file"}
	// ErrEmpty says that nothing was handed in.
	ErrEmpty = &fault.Error{Kind: fault.Invalid, Code: "desk.empty", Field: "file"}
	// ErrFileSize refuses one file of a batch.
	ErrFileSize = &fault.Error{Kind: fault.TooLarge, Code: "desk.file_size"}
	// ErrUploadSize says that an upload was cut short; what came before is kept.
	ErrUploadSize = &fault.Error{Kind: fault.TooLarge, Code: "desk.upload_size"}
	// ErrUploadBroken says that the upload ended early or was no form.
	ErrUploadBroken = &fault.Error{Kind: fault.Invalid, Code: "desk.upload_broken"}
	// ErrTooMany says that a batch is full.
	ErrTooMany = &fault.Error{Kind: fault.TooLarge, Code: "desk.too_many"}
	// ErrFull says that the server holds as much as it may.
	ErrFull = &fault.Error{Kind: fault.TooLarge, Code: "desk.full"}
	// ErrSlow says that reading a file took longer than is allowed.
	ErrSlow = &fault.Error{Kind: fault.Invalid, Code: "desk.slow"}
	// ErrBroken says that reading a file went wrong inside the server.
	ErrBroken = &fault.Error{Kind: fault.Internal, Code: "desk.broken"}
	// ErrNumber says that what was typed into a cell is no number.
	ErrNumber = &fault.Error{Kind: fault.Invalid, Code: "desk.number"}
	// ErrIncomplete asks for the rest of an own entry.
	ErrIncomplete = &fault.Error{Kind: fault.Invalid, Code: "desk.incomplete"}
	// ErrNegative says that a cell counts something (R-AR-05).
	ErrNegative = &fault.Error{Kind: fault.Invalid, Code: "desk.negative"}
	// ErrFraction says that a cell counts whole things (R-AR-05).
	ErrFraction = &fault.Error{Kind: fault.Invalid, Code: "desk.fraction"}
	// ErrNoReport says that a file holds no report that could be printed.
	ErrNoReport = &fault.Error{Kind: fault.Invalid, Code: "desk.no_report"}
	// ErrNothingChosen says that an act on chosen reports was given none.
	ErrNothingChosen = &fault.Error{Kind: fault.Invalid, Code: "desk.nothing_chosen"}
	// ErrNothingTicked says that files were to be removed and none was ticked.
	ErrNothingTicked = &fault.Error{Kind: fault.Invalid, Code: "desk.nothing_ticked"}
	// ErrNoKeep says that the operator lets nothing be kept.
	ErrNoKeep = &fault.Error{Kind: fault.Missing, Code: "desk.no_keep"}
)
