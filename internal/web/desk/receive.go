package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"runtime/debug"
	"strings"
	"sync"
	"unicode/utf8"

	"gongkai/internal/annual/read"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// intake is one upload on its way into a batch.
type intake struct {
	desk    *desk
	batch   *batch
	lang    i18n.Printer
	entries []*entry
	sample  bool
	reading sync.WaitGroup
}

// receive reads an upload part by part, so that only the files being read lie in memory.
// What stood before a fault is kept: the entries are returned with it.
func (d *desk) receive(w http.ResponseWriter, r *http.Request, b *batch) (*intake, error) {
	r.Body = http.MaxBytesReader(w, r.Body, d.Limits.Request)
	in := &intake{desk: d, batch: b, lang: i18n.To(web.LanguageOf(r))}
	defer in.reading.Wait()
	parts, err := r.MultipartReader()
	if err != nil {
		return in, ErrUploadBroken.Because(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return in, nil
		}
		if err != nil {
			return in, uploadFault(err)
		}
		if err := in.take(r.Context(), part); err != nil {
			return in, err
		}
	}
}

// uploadFault says in words why an upload ended.
func uploadFault(err error) error {
	var size *http.MaxBytesError
	if errors.As(err, &size) {
		return ErrUploadSize.With("limit", megabytes(size.Limit))
	}
	return ErrUploadBroken.Because(err)
}

// take handles one part: a file, a pasted text or a choice.
func (in *intake) take(ctx context.Context, part *multipart.Part) error {
	switch part.FormName() {
	case "file":
		name := fileName(part.FileName())
		if name == "" {
			return nil // an input left empty
		}
		return in.file(ctx, name, part)
	case "text":
		return in.pasted(ctx, in.lang.T("desk.pasted_name")+".txt", part)
	case "html":
		return in.pasted(ctx, in.lang.T("desk.pasted_name")+".html", part)
	case "sample":
		in.sample = true
	}
	return nil
}

// pasted takes text as if it were a file; nothing but white space is nothing.
func (in *intake) pasted(ctx context.Context, name string, part io.Reader) error {
	data, size, err := in.load(part)
	if err == nil && len(bytes.TrimSpace(data)) == 0 {
		return in.desk.shelf.charge(in.batch, -size)
	}
	return in.enter(ctx, name, data, size, err)
}

// file takes one file. A file that is too large or does not fit any more is listed with
// its fault, and the next one is taken.
func (in *intake) file(ctx context.Context, name string, part io.Reader) error {
	data, size, err := in.load(part)
	return in.enter(ctx, name, data, size, err)
}

// meter charges a batch for what is written to it, while it arrives: many slow uploads
// together must not take more memory than there is.
type meter struct {
	batch *batch
	total int64
}

// Write takes p into account; it fails when there is no more room.
func (m *meter) Write(p []byte) (int, error) {
	if err := m.batch.shelf.charge(m.batch, int64(len(p))); err != nil {
		return 0, err
	}
	m.total += int64(len(p))
	return len(p), nil
}

// load reads a part into memory as far as the limits go, and past them into nothing. The
// batch is charged for what it returns.
func (in *intake) load(part io.Reader) (data []byte, size int64, err error) {
	limit := in.desk.Limits.File
	var b bytes.Buffer
	m := &meter{batch: in.batch}
	size, err = io.Copy(&b, io.TeeReader(io.LimitReader(part, limit), m))
	var f *fault.Error
	if err == nil || errors.As(err, &f) {
		rest, broken := io.Copy(io.Discard, part)
		size += rest
		switch {
		case broken != nil:
			err = broken
		case err == nil && rest > 0:
			err = ErrFileSize.With("size", megabytes(size)).With("limit", megabytes(limit))
		}
	}
	if err != nil {
		return nil, size, errors.Join(err, in.desk.shelf.charge(in.batch, -m.total))
	}
	return b.Bytes(), size, nil
}

// enter puts a file on the list and has it read as soon as a reader is free. An upload
// that broke off is the error of all of it.
func (in *intake) enter(ctx context.Context, name string, data []byte, size int64, err error) error {
	var f *fault.Error
	if err != nil && !errors.As(err, &f) {
		return uploadFault(err)
	}
	e := &entry{name: name, size: size, err: err}
	if err == nil {
		e.cost = size
	}
	in.entries = append(in.entries, e)
	if err == nil && in.batch.count()+len(in.entries) > in.desk.Limits.Files {
		return in.desk.give(in.batch, e, ErrTooMany.With("limit", in.desk.Limits.Files))
	}
	if err != nil {
		return nil
	}
	in.desk.readers <- struct{}{} // waiting here keeps further files out of memory
	in.reading.Go(func() {
		defer func() { <-in.desk.readers }()
		in.desk.read(ctx, in.batch, e, data)
	})
	return nil
}

// give makes e a file that was not read, for a reason, and gives back what it was charged.
func (d *desk) give(b *batch, e *entry, why error) error {
	cost := e.cost
	*e = entry{name: e.name, size: e.size, err: why}
	return d.shelf.charge(b, -cost)
}

// read makes e's report from data, within the time and memory allowed.
func (d *desk) read(ctx context.Context, b *batch, e *entry, data []byte) {
	ctx, cancel := context.WithTimeout(ctx, d.Limits.Reading)
	defer cancel()
	e.err = d.extract(ctx, e, data)
	if e.err == nil && d.Keep != "" {
		e.data = data
	}
	now := weight(e)
	err := d.shelf.charge(b, now-e.cost)
	if err == nil {
		e.cost = now
		return
	}
	if err := d.give(b, e, err); err != nil {
		e.err = err // the batch was cleared meanwhile
	}
}

// extract reads the file. A panic belongs to this file alone.
func (d *desk) extract(ctx context.Context, e *entry, data []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			d.Log.Error("reading a file panicked", "panic", p, "stack", string(debug.Stack()))
			err = ErrBroken
		}
	}()
	doc, err := extract.Bytes(ctx, e.name, data)
	switch {
	case err != nil && ctx.Err() != nil:
		return ErrSlow.With("seconds", int(d.Limits.Reading.Seconds()))
	case fault.KindOf(err) == fault.Internal:
		d.Log.Error("reading a file failed", "err", strings.ReplaceAll(err.Error(), e.name, "file"))
		return ErrBroken
	case err != nil:
		return err
	}
	e.doc = doc
	e.source = read.Document(doc)
	if read.DataFile(doc) {
		e.doc = &extract.Document{Name: doc.Name, Format: doc.Format} // its places are those of the original
	}
	e.source.File = e.name
	e.replay()
	return nil
}

// What an entry costs beside its texts: the structures around a line or cell, and a
// report's cells. Measured on the corpus and rounded up.
const (
	pieceCost  = 300
	reportCost = 256 << 10
)

// weight estimates the memory e holds. Texts count three times: in the document, in the
// report and in what the rules keep.
func weight(e *entry) int64 {
	n := int64(len(e.data)) + 1024
	if e.doc == nil {
		return n
	}
	n += reportCost
	for _, b := range e.doc.Blocks {
		n += pieceCost + 3*int64(len(b.Text))
		if b.Table == nil {
			continue
		}
		for _, row := range b.Table.Rows {
			for _, c := range row {
				n += pieceCost + 3*int64(len(c.Text))
			}
		}
	}
	return n
}

// nameLength bounds file names as shown and printed.
const nameLength = 120

// fileName returns the last part of what the browser calls the file, without what would
// break a line or a header.
func fileName(s string) string {
	s = path.Base(strings.ReplaceAll(strings.ToValidUTF8(s, "�"), `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1 // control characters, and those that turn the reading direction
		}
		return r
	}, s)
	if s == "." || s == "/" || s == ".." {
		return ""
	}
	if utf8.RuneCountInString(s) > nameLength {
		ext := path.Ext(s)
		if len(ext) > 8 {
			ext = ""
		}
		s = string([]rune(s)[:nameLength-len(ext)]) + ext
	}
	return s
}

// megabytes writes a size as people say it, rounded up so that what is over a limit never
// prints as the limit.
func megabytes(n int64) string {
	tenths := (n*10 + 1<<20 - 1) >> 20
	if tenths%10 == 0 {
		return fmt.Sprintf("%d MB", tenths/10)
	}
	return fmt.Sprintf("%d.%d MB", tenths/10, tenths%10)
}
