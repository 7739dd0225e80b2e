package disclosure

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/internal/db"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/job"
	"gongkai/internal/search"
)

// ReadJob is the kind of the job that reads an item's attachments for the text index.
const ReadJob = "item.read"

// ReadQueue is the queue of such jobs. It has workers of its own: a file may take a minute and
// much memory, and nothing else waits for it.
const ReadQueue = "files"

// FileState says how much of a file's words the text index knows.
type FileState string

// The states.
const (
	FileRead       FileState = "read"
	FileCut        FileState = "cut"        // its beginning: the rest is more than MaxFileText
	FileUnreadable FileState = "unreadable" // damaged, encrypted, a scan, of no kind that is read
	FileTooLarge   FileState = "too_large"  // more than one file may cost
)

// FileStates lists the states in the order they are told.
var FileStates = []FileState{FileRead, FileCut, FileUnreadable, FileTooLarge}

var fileStateNames = map[FileState]string{
	FileRead: "filetext.read", FileCut: "filetext.cut", FileUnreadable: "filetext.unreadable", FileTooLarge: "filetext.too_large",
}

// Message returns what people call the state.
func (s FileState) Message() i18n.Message { return i18n.M(fileStateNames[s]) }

// MaxFileText bounds the bytes kept of one file's text: some 170,000 characters, more than any
// document people search for. What is longer is a table of data, whose beginning tells what it is.
const MaxFileText = 512 << 10

// fileText is what a file says.
type fileText struct {
	Digest string
	State  FileState
	Reason string // code of the fault that says why it was not read
	At     time.Time
	Text   string
}

type itemArgs struct {
	Item string `json:"item"`
}

// readable reports whether a file may hold text. Of sound and pictures the index takes what the
// transcript and the description say.
func (a Attachment) readable() bool {
	kind, _, _ := strings.Cut(a.Media, "/")
	return kind != "image" && kind != "audio" && kind != "video"
}

// askToRead asks for the reading of what is attached to items as the public sees them and was
// not read yet.
func askToRead(tx *db.Tx, items []string) error {
	files, err := filesShown(tx, items)
	if err != nil || len(files) == 0 {
		return err
	}
	known, err := textsKnown(tx, digests(files))
	if err != nil {
		return err
	}
	for _, f := range files {
		if known[f.Digest] {
			continue
		}
		if err := job.Enqueue(tx, ReadJob, itemArgs{f.Item}, job.Unique(f.Item), job.Queue(ReadQueue)); err != nil {
			return err
		}
	}
	return nil
}

// shownFile is an attachment of what the public sees of an item.
type shownFile struct {
	Item string
	Attachment
}

func digests(files []shownFile) []string {
	var all []string
	for _, f := range files {
		all = append(all, f.Digest)
	}
	return all
}

// readFiles reads what is attached to an item and tells the text index. A file that is missing
// keeps none of the others from being found.
func (d *Desk) readFiles(ctx context.Context, a itemArgs) error {
	var files []shownFile
	var known map[string]bool
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		if files, err = filesShown(tx, []string{a.Item}); err == nil {
			known, err = textsKnown(tx, digests(files))
		}
		return err
	})
	if err != nil {
		return err
	}
	var failed []error
	for _, f := range files {
		if !known[f.Digest] {
			failed = append(failed, d.readFile(ctx, f.Attachment))
		}
	}
	return errors.Join(append(failed, d.DB.Update(ctx, func(tx *db.Tx) error { return search.Changed(tx, a.Item) }))...)
}

// readFile reads one file and keeps what it says.
func (d *Desk) readFile(ctx context.Context, a Attachment) error {
	data, err := d.Blobs.ReadAll(ctx, a.Digest)
	if err != nil {
		return fmt.Errorf("read the attachment %s: %w", a.ID, err)
	}
	doc, err := extract.Bytes(ctx, a.Name, data)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	t := textOf(doc, err)
	t.Digest = a.Digest
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		t.At = tx.Now
		return t.keep(tx)
	})
}

// textOf is what is kept of a reading that ended with err.
func textOf(doc *extract.Document, err error) fileText {
	var f *fault.Error
	switch {
	case errors.As(err, &f) && f.Kind == fault.TooLarge:
		return fileText{State: FileTooLarge, Reason: f.Code}
	case errors.As(err, &f):
		return fileText{State: FileUnreadable, Reason: f.Code}
	case err != nil:
		return fileText{State: FileUnreadable, Reason: extract.ErrDamaged.Code}
	}
	text := plain(doc)
	if len(text) <= MaxFileText {
		return fileText{State: FileRead, Text: text}
	}
	end := MaxFileText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return fileText{State: FileCut, Text: text[:end]}
}

// plain writes a document's lines and the rows of its tables, as far as they are kept.
func plain(doc *extract.Document) string {
	var b strings.Builder
	line := func(s string) {
		if s = strings.TrimSpace(s); s != "" && b.Len() <= MaxFileText {
			b.WriteString(s + "\n")
		}
	}
	for _, block := range doc.Blocks {
		line(block.Text)
		if block.Table == nil {
			continue
		}
		for _, row := range block.Table.Rows {
			cells := make([]string, len(row))
			for i, c := range row {
				cells[i] = c.Text
			}
			line(strings.Join(cells, "\t"))
		}
	}
	return strings.ReplaceAll(strings.ToValidUTF8(b.String(), ""), "\x00", "") // PostgreSQL takes no zero
}

// FileCount is how many attachments were read with an outcome.
type FileCount struct {
	State FileState
	N     int
}

// FileCounts counts the attachments read so far, in the order of FileStates.
func FileCounts(ctx context.Context, d *db.DB) (all []FileCount, err error) {
	err = d.View(ctx, func(tx *db.Tx) error {
		n, err := countTexts(tx)
		if err != nil {
			return err
		}
		all = nil
		for _, s := range FileStates {
			all = append(all, FileCount{s, n[s]})
		}
		return nil
	})
	return all, err
}
