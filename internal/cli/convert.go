package cli

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/annual"
	"gongkai/internal/annual/print"
)

// convertCommand prints reports in another format.
func (s *session) convertCommand() *cobra.Command {
	var out output
	cmd := &cobra.Command{Use: "convert " + s.p.T("cli.arg.files"), Args: files, RunE: func(cmd *cobra.Command, args []string) error {
		if err := require(cmd, "output"); err != nil {
			return err
		}
		f, err := out.format()
		if err != nil {
			return err
		}
		return s.convert(out, f, s.sources(args))
	}}
	s.outputFlags(cmd, &out, s.p.T("cli.flag.to"), words(print.Formats))
	return s.command(cmd, "cli.convert.short", "cli.convert.long", "cli.convert.example")
}

// convert writes every report, each under its own name when the output is a folder.
func (s *session) convert(out output, f print.Format, srcs []source) error {
	toFolder := out.path != "-" && isFolder(out.path)
	if len(srcs) > 1 && !toFolder {
		return errNotFolder.With("n", len(srcs)).With("path", out.path)
	}
	if toFolder {
		if err := os.MkdirAll(out.path, 0o755); err != nil {
			return writeFault(err, out.path)
		}
	}
	written := map[string]string{}
	return s.each(srcs, func(o outcome) error {
		s.raise(exitOf(o))
		switch {
		case o.err != nil:
			s.cannotRead(o)
			return nil
		case o.report.Refused != nil:
			s.complain(s.p.T("cli.file.problem", "file", clean(o.name), "message", s.p.T("cli.convert.refused", "reasons", s.reasons(o.report.Refused))))
			return nil
		}
		path := out.path
		if toFolder {
			path = filepath.Join(out.path, renamed(o.name, f))
			if other, taken := written[path]; taken {
				s.raise(ExitInput)
				s.complain(s.p.Text(errSameName.With("file", o.name).With("other", other).With("path", path).Message()))
				return nil
			}
			written[path] = o.name
		}
		return s.convertOne(out, path, f, o.report)
	})
}

func (s *session) convertOne(out output, path string, f print.Format, r *annual.Report) error {
	err := s.write(out, path, func(w io.Writer) error { return print.Write(w, r, f, s.options()) })
	if err != nil {
		return err
	}
	if path != "-" {
		s.remark(s.p.T("cli.out.written", "file", path))
	}
	if n := len(r.Unsettled()); n > 0 {
		s.remark(s.err.yellow(s.p.T("cli.convert.unsettled", "file", clean(r.File), "n", n)))
	}
	return nil
}

// renamed returns the base name of a source with the extension of a format.
func renamed(name string, f print.Format) string {
	if name == "-" {
		name = "stdin"
	}
	base := filepath.Base(name)
	return strings.TrimSuffix(base, filepath.Ext(base)) + "." + string(f)
}
