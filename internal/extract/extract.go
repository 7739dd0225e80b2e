package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"gongkai/internal/fault"
)

// Bytes reads a file's content. The name only serves to tell when it lies about the format.
// What cannot be read comes back as a fault that says what to do.
func Bytes(ctx context.Context, name string, data []byte) (*Document, error) {
	return extract(ctx, name, data, limits)
}

// Inspect reads a file's content like Bytes and besides what it hides: worksheets, comments,
// deleted and covered text, properties, what pictures state about themselves. Pictures are
// no error for it, they just hold no text.
func Inspect(ctx context.Context, name string, data []byte) (*Document, error) {
	r := newReading(ctx, name, data, limits)
	r.inspected = true
	return r.whole(ctx)
}

// File reads the file at path. Its size is checked before anything is loaded.
func File(ctx context.Context, path string) (*Document, error) {
	data, err := load(path, limits.Input)
	if err != nil {
		return nil, named(err, filepath.Base(path))
	}
	return Bytes(ctx, filepath.Base(path), data)
}

// Paste reads text that a person pasted. Markup pasted as source is read as HTML.
func Paste(text string) *Document {
	if what, err := sniffText([]byte(text)); err == nil && what.format == HTML {
		if doc, err := Bytes(context.Background(), "", []byte(text)); err == nil && doc.Format == HTML {
			return doc
		}
	}
	r := newReading(context.Background(), "", nil, limits)
	if len(text) > limits.Markup {
		text = text[:limits.Markup]
	}
	r.doc.Format, r.doc.Charset = Text, "UTF-8"
	r.lines(strings.ToValidUTF8(text, "\uFFFD"))
	r.err = nil // a paste past the bounds is cut, not refused
	return r.doc
}

// load reads a regular file of at most limit bytes.
func load(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrMissing.Because(err)
	case errors.Is(err, fs.ErrPermission):
		return nil, ErrUnreadable.Because(err)
	case err != nil:
		return nil, fmt.Errorf("look at %s: %w", path, err)
	case !info.Mode().IsRegular():
		return nil, ErrFolder
	case info.Size() > limit:
		return nil, tooLarge(info.Size(), limit)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, ErrUnreadable.Because(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1)) // it may have grown since
	if err != nil {
		return nil, ErrUnreadable.Because(err)
	}
	if int64(len(data)) > limit {
		return nil, tooLarge(int64(len(data)), limit)
	}
	return data, nil
}

func tooLarge(size, limit int64) error {
	return ErrTooLarge.With("size", megabytes(size)).With("limit", megabytes(limit))
}

// megabytes writes a size as people say it, rounded up so that what is over the limit
// never prints as the limit.
func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64((n*10+1<<20-1)>>20)/10) }

// extract reads data within the bounds of l.
func extract(ctx context.Context, name string, data []byte, l Limits) (*Document, error) {
	return newReading(ctx, name, data, l).whole(ctx)
}

// whole reads the file from beginning to end.
func (r *reading) whole(ctx context.Context) (*Document, error) {
	name := r.name
	if size := int64(len(r.data)); size > r.limit.Input {
		return nil, named(tooLarge(size, r.limit.Input), name)
	}
	if len(bytes.TrimSpace(r.data)) == 0 {
		return nil, named(ErrEmpty, name)
	}
	var what kind
	err := r.timed(ctx, func() (err error) {
		what, err = sniff(r)
		return err
	})
	if err == nil {
		err = what.inTurn(ctx, func() error {
			return r.timed(ctx, func() error { return r.as(what) })
		})
	}
	if ctx.Err() != nil {
		return nil, ctx.Err() // the caller gave up
	}
	if err != nil {
		return nil, named(err, name)
	}
	return r.doc, nil
}

// inTurn runs read when there is room for another file of the kind: PDFium and LibreOffice
// take hundreds of megabytes each. Waiting does not count as reading time.
func (k kind) inTurn(ctx context.Context, read func() error) error {
	if k.room == nil {
		return read()
	}
	select {
	case k.room <- struct{}{}:
		defer func() { <-k.room }()
		return read()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// timed runs read for as long as a file may take. A parser that panics on a damaged file
// makes it damaged.
func (r *reading) timed(ctx context.Context, read func() error) (err error) {
	within, cancel := context.WithTimeout(ctx, r.limit.Time)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = ErrDamaged.Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
		if err != nil && within.Err() != nil {
			err = ErrTime.With("seconds", int(r.limit.Time.Seconds())).Because(err)
		}
	}()
	r.ctx = within
	return read()
}

// as reads the file as a kind.
func (r *reading) as(k kind) error {
	r.doc.Format = k.format
	if k.belies(r.name) {
		r.note(NoteMislabelled)
	}
	if err := k.read(r); err != nil {
		return err
	}
	return r.check()
}

// named hands err on with the file it belongs to.
func named(err error, name string) error {
	var f *fault.Error
	if name != "" && errors.As(err, &f) {
		return f.At(name)
	}
	return err
}
