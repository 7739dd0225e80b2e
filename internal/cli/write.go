package cli

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"gongkai/internal/annual/print"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// The faults of writing files.
var (
	errExists     = &fault.Error{Kind: fault.Conflict, Code: "cli.out.exists"}
	errNoFolder   = &fault.Error{Kind: fault.NotFound, Code: "cli.out.no_folder"}
	errNotFolder  = &fault.Error{Kind: fault.Invalid, Code: "cli.out.not_folder"}
	errWrite      = &fault.Error{Kind: fault.Invalid, Code: "cli.out.write"}
	errWriteDeny  = &fault.Error{Kind: fault.Forbidden, Code: "cli.out.denied"}
	errDiskFull   = &fault.Error{Kind: fault.Invalid, Code: "cli.out.full"}
	errSameName   = &fault.Error{Kind: fault.Conflict, Code: "cli.out.same_name"}
	errFormat     = &fault.Error{Kind: fault.Invalid, Code: "cli.out.format"}
	errFormatLost = &fault.Error{Kind: fault.Invalid, Code: "cli.out.format_unknown"}
)

// output is where and how a command writes files.
type output struct {
	to    string
	path  string
	force bool
}

// outputFlags adds the flags of commands that write files, with the formats they write.
func (s *session) outputFlags(cmd *cobra.Command, o *output, to string, formats []string) {
	cmd.Flags().StringVar(&o.to, "to", "", to)
	cmd.Flags().StringVarP(&o.path, "output", "o", "", s.p.T("cli.flag.output"))
	cmd.Flags().BoolVar(&o.force, "force", false, s.p.T("cli.flag.force"))
	complete(cmd, "to", formats...)
}

// words are the words --to takes for formats.
func words(formats []print.Format) []string {
	out := make([]string, len(formats))
	for i, f := range formats {
		out[i] = string(f)
	}
	return out
}

// format decides what to write of a report.
func (o output) format() (print.Format, error) { return o.formatOf(print.Formats) }

// formatOf decides which of the formats to write: the one --to says, else what the output's
// name ends in.
func (o output) formatOf(formats []print.Format) (print.Format, error) {
	word := strings.ToLower(o.to)
	if word == "" {
		word = strings.TrimPrefix(strings.ToLower(filepath.Ext(o.path)), ".")
		if word == "" {
			return "", usage(errFormatLost.With("formats", words(formats)))
		}
	}
	f, err := print.ParseFormat(word)
	if err != nil || !slices.Contains(formats, f) {
		return "", usage(errFormat.With("value", word).With("formats", words(formats)))
	}
	return f, nil
}

// options tells a person on standard error what a print left out or could not say.
func (s *session) options() print.Options {
	return print.Options{Notice: func(m i18n.Message) { s.remark(s.say(m)) }}
}

// isFolder reports whether path names a folder: one that exists, or with a slash behind.
func isFolder(path string) bool {
	if strings.HasSuffix(path, "/") || strings.HasSuffix(path, string(os.PathSeparator)) {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// free returns an error if path exists and may not be overwritten.
func (o output) free(path string) error {
	if o.force || path == "-" {
		return nil
	}
	if _, err := os.Lstat(path); err == nil {
		return errExists.With("file", path)
	}
	return nil
}

// write makes the file at path with what fill writes, or leaves no trace: it is written
// beside its place and moved there when it is whole. "-" is standard output.
func (s *session) write(o output, path string, fill func(io.Writer) error) error {
	if path == "-" {
		if err := s.out.flush(); err != nil {
			return err
		}
		return fill(s.Out)
	}
	if err := o.free(path); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".gongkai-*")
	if err != nil {
		return writeFault(err, path)
	}
	defer os.Remove(f.Name())
	w := bufio.NewWriter(f)
	err = fill(w)
	if flushed := w.Flush(); err == nil {
		err = flushed
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return writeFault(err, path)
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return writeFault(err, path)
	}
	return writeFault(os.Rename(f.Name(), path), path)
}

// writeFault says in words why the system would not take a file. Faults stay as they are.
func writeFault(err error, path string) error {
	var known *fault.Error
	var system *fs.PathError
	var link *os.LinkError
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return errNoFolder.With("folder", filepath.Dir(path))
	case errors.Is(err, fs.ErrPermission):
		return errWriteDeny.With("file", path)
	case errors.Is(err, syscall.ENOSPC):
		return errDiskFull.With("file", path)
	case errors.As(err, &system), errors.As(err, &link):
		return errWrite.With("file", path).Because(err)
	}
	return err
}
