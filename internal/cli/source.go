package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gongkai/internal/annual"
	"gongkai/internal/annual/read"
	"gongkai/internal/fault"
)

// The faults of naming and reading files.
var (
	errNoSuchFile = &fault.Error{Kind: fault.NotFound, Code: "cli.file.not_found"}
	errNoMatch    = &fault.Error{Kind: fault.NotFound, Code: "cli.file.no_match"}
	errPattern    = &fault.Error{Kind: fault.Invalid, Code: "cli.file.pattern"}
	errDenied     = &fault.Error{Kind: fault.Forbidden, Code: "cli.file.denied"}
	errEmptyDir   = &fault.Error{Kind: fault.NotFound, Code: "cli.file.empty_folder"}
	errStdinTwice = &fault.Error{Kind: fault.Invalid, Code: "cli.file.stdin_twice"}
	errUnreadable = &fault.Error{Kind: fault.Invalid, Code: "cli.file.unreadable"}
)

// known are the extensions taken from folders; a file named outright is read whatever it is
// called, for its content says what it is.
var known = []string{".txt", ".html", ".htm", ".docx", ".doc", ".wps", ".rtf", ".xlsx", ".xls", ".et", ".pdf", ".ofd"}

// source is one file to read, or why it cannot be.
type source struct {
	name string // as shown: the path, "-" for standard input
	err  error
}

// sources turns arguments into files in a stable order: as given, folders and patterns in
// the order of their names. A file named twice is read once.
func (s *session) sources(args []string) []source {
	w := &walk{seen: map[string]bool{}}
	for _, a := range args {
		w.argument(a)
	}
	s.tellSkipped(w.skipped)
	return w.found
}

// walk collects sources.
type walk struct {
	found   []source
	seen    map[string]bool
	skipped []string // hidden and temporary files in folders
}

func (w *walk) argument(a string) {
	if a == "-" {
		if w.seen["-"] {
			w.fail(a, errStdinTwice)
			return
		}
		w.seen["-"] = true
		w.found = append(w.found, source{name: a})
		return
	}
	info, err := os.Stat(a)
	switch {
	case err == nil && info.IsDir():
		w.folder(a)
	case err == nil:
		w.file(a)
	case strings.ContainsAny(a, "*?["):
		w.pattern(a)
	default:
		w.fail(a, fileFault(err))
	}
}

func (w *walk) file(path string) {
	if key := filepath.Clean(path); !w.seen[key] {
		w.seen[key] = true
		w.found = append(w.found, source{name: path})
	}
}

func (w *walk) fail(name string, err error) { w.found = append(w.found, source{name, err}) }

// pattern expands what a shell did not, such as *.docx on Windows or in quotes.
func (w *walk) pattern(a string) {
	names, err := filepath.Glob(a)
	switch {
	case err != nil:
		w.fail(a, errPattern)
		return
	case len(names) == 0:
		w.fail(a, errNoMatch)
		return
	}
	for _, name := range names {
		if temporary(filepath.Base(name)) {
			w.skipped = append(w.skipped, name)
			continue
		}
		w.argument(name)
	}
}

// folder takes the files with a known extension in and below root.
func (w *walk) folder(root string) {
	before := len(w.found)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			w.fail(path, fileFault(err))
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case path != root && temporary(d.Name()):
			w.skipped = append(w.skipped, path)
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.IsDir() && slices.Contains(known, strings.ToLower(filepath.Ext(path))):
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				w.file(path)
			}
		}
		return nil
	})
	if err != nil {
		w.fail(root, fileFault(err))
	} else if len(w.found) == before {
		w.fail(root, errEmptyDir.With("extensions", known))
	}
}

// temporary reports whether a name is hidden, or one that an office program leaves beside
// an open file: ~$报告.docx (Word, WPS), .~lock.报告.docx# (LibreOffice), ~WRL0001.tmp.
func temporary(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || strings.HasPrefix(name, "~WRL")
}

// fileFault says in words why the system would not give a file.
func fileFault(err error) *fault.Error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errNoSuchFile
	case errors.Is(err, fs.ErrPermission):
		return errDenied
	}
	return errUnreadable.Because(err)
}

// tellSkipped names what a folder held and was not read, so that nobody misses a file.
func (s *session) tellSkipped(names []string) {
	const shown = 5
	if len(names) == 0 {
		return
	}
	some := names[:min(len(names), shown)]
	if len(names) > shown {
		s.remark(s.p.T("cli.file.skipped_some", "n", len(names), "names", some))
		return
	}
	s.remark(s.p.T("cli.file.skipped", "n", len(names), "names", some))
}

// stdinLimit bounds what is taken from standard input: more than the file reader accepts,
// so that it is the one to say that a file is too large.
const stdinLimit = 256 << 20

// read reads one source.
func (s *session) read(ctx context.Context, src source) (*annual.Report, error) {
	switch {
	case src.err != nil:
		return nil, src.err
	case src.name == "-":
		return s.readStdin(ctx)
	}
	return read.File(ctx, src.name)
}

func (s *session) readStdin(ctx context.Context) (*annual.Report, error) {
	var b bytes.Buffer
	if _, err := io.Copy(&b, io.LimitReader(s.In, stdinLimit)); err != nil {
		return nil, errUnreadable.Because(err)
	}
	r, err := read.Bytes(ctx, "-", b.Bytes())
	if err != nil {
		return nil, err
	}
	r.File = "-"
	return r, nil
}

// fileError is why the file a flag names could not be read.
type fileError struct {
	name string
	err  error
}

func (e *fileError) Error() string { return e.name + ": " + e.err.Error() }
func (e *fileError) Unwrap() error { return e.err }

// readOne reads the one file a flag names.
func (s *session) readOne(name string) (*annual.Report, error) {
	r, err := s.read(s.ctx, s.sources([]string{name})[0])
	if err != nil {
		return nil, &fileError{name, err}
	}
	return r, nil
}
