package extract

import "gongkai/internal/fault"

// What a file can be refused for. Each message says what to do about it.
var (
	ErrEmpty       = &fault.Error{Kind: fault.Invalid, Code: "extract.empty"}
	ErrMissing     = &fault.Error{Kind: fault.NotFound, Code: "extract.missing"}
	ErrFolder      = &fault.Error{Kind: fault.Invalid, Code: "extract.folder"}
	ErrUnreadable  = &fault.Error{Kind: fault.Forbidden, Code: "extract.unreadable"}
	ErrTooLarge    = &fault.Error{Kind: fault.TooLarge, Code: "extract.too_large"}
	ErrBomb        = &fault.Error{Kind: fault.TooLarge, Code: "extract.bomb"}
	ErrTooMuch     = &fault.Error{Kind: fault.TooLarge, Code: "extract.too_much"}
	ErrTooDeep     = &fault.Error{Kind: fault.Invalid, Code: "extract.too_deep"}
	ErrPages       = &fault.Error{Kind: fault.TooLarge, Code: "extract.pages"}
	ErrTime        = &fault.Error{Kind: fault.TooLarge, Code: "extract.time"}
	ErrDamaged     = &fault.Error{Kind: fault.Invalid, Code: "extract.damaged"}
	ErrTruncated   = &fault.Error{Kind: fault.Invalid, Code: "extract.truncated"}
	ErrEncrypted   = &fault.Error{Kind: fault.Invalid, Code: "extract.encrypted"}
	ErrDoctype     = &fault.Error{Kind: fault.Invalid, Code: "extract.doctype"}
	ErrScan        = &fault.Error{Kind: fault.Invalid, Code: "extract.scan"}
	ErrUnnamed     = &fault.Error{Kind: fault.Invalid, Code: "extract.unnamed"}
	ErrImage       = &fault.Error{Kind: fault.Invalid, Code: "extract.image"}
	ErrArchive     = &fault.Error{Kind: fault.Invalid, Code: "extract.archive"}
	ErrUnsupported = &fault.Error{Kind: fault.Invalid, Code: "extract.unsupported"}
	ErrLibreOffice = &fault.Error{Kind: fault.Missing, Code: "extract.need_libreoffice"}
	ErrConvert     = &fault.Error{Kind: fault.Invalid, Code: "extract.convert"}
)

// What a reader should know of a file that was read. They stand in Document.Notes.
const (
	NoteMislabelled = "extract.note.mislabelled" // the name says another format than the content
	NoteHidden      = "extract.note.hidden"      // hidden text was left out
	NoteDeleted     = "extract.note.deleted"     // text deleted under track changes was left out
	NoteMacros      = "extract.note.macros"      // the file carries macros; they were not run
	NoteGarbled     = "extract.note.garbled"     // characters could not be decoded
	NoteConverted   = "extract.note.converted"   // LibreOffice converted an old format
	NoteSheets      = "extract.note.sheets"      // hidden worksheets were left out
	NoteRows        = "extract.note.rows"        // hidden rows or columns were read all the same
	NoteErrors      = "extract.note.errors"      // cells hold error values such as #REF!
	NoteAttached    = "extract.note.attached"    // attachments and annotations were left out
	NoteAligned     = "extract.note.aligned"     // tables without ruling lines were told from the positions of text
	NoteScanned     = "extract.note.scanned"     // some pages are pictures without text
)
