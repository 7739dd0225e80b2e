package cli

import (
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/storage"
)

var (
	// errDay refuses what is no day.
	errDay = &fault.Error{Kind: fault.Invalid, Code: "cli.error.day"}
	// errNotReplaced refuses to write over a file.
	errNotReplaced = &fault.Error{Kind: fault.Conflict, Code: "cli.error.not_replaced"}
)

// auditCommand groups what is done with the record of acts.
func (s *session) auditCommand() *cobra.Command {
	cmd := s.group(&cobra.Command{Use: "audit"}, "cli.audit.short", "cli.audit.long")
	cmd.AddCommand(s.auditVerifyCommand(), s.auditAnchorCommand(), s.auditExportCommand())
	return cmd
}

// auditVerifyCommand walks along the chain.
func (s *session) auditVerifyCommand() *cobra.Command {
	var texts []string
	cmd := &cobra.Command{Use: "verify", Args: noArgs}
	load := s.settings(cmd, "data", "database")
	cmd.Flags().StringArrayVar(&texts, "anchor", nil, s.p.T("cli.flag.anchor"))
	cmd.RunE = func(*cobra.Command, []string) error {
		var anchors []audit.Anchor
		for _, t := range texts {
			a, err := audit.ParseAnchor(t)
			if err != nil {
				return err
			}
			anchors = append(anchors, a)
		}
		return s.withStorage(load, func(kept *storage.Storage) error {
			v, err := audit.Verify(s.ctx, kept.DB, anchors...)
			if err != nil {
				return err
			}
			s.auditVerdict(v)
			return nil
		})
	}
	return s.command(cmd, "cli.audit.verify.short", "cli.audit.verify.long", "cli.audit.verify.example")
}

// auditVerdict says what a walk along the chain found.
func (s *session) auditVerdict(v *audit.Verdict) {
	if v.Sound() {
		s.out.line(s.out.green(s.p.T("cli.audit.verify.sound", "n", v.Entries)))
		if v.Head.Seq > 0 {
			s.out.line(s.p.T("cli.audit.anchor_line", "anchor", v.Head.String()))
		}
		return
	}
	s.raise(ExitFound)
	s.out.line(s.out.red(s.p.T("cli.audit.verify.found", "n", v.Found, "entries", v.Entries)))
	for _, p := range v.Problems {
		s.out.line("  " + s.p.T("cli.audit.verify.line", "seq", p.Seq, "problem", p.Message))
	}
	if more := v.Found - len(v.Problems); more > 0 {
		s.out.line("  " + s.p.T("cli.audit.verify.more", "n", more))
	}
}

// auditAnchorCommand prints the chain's end.
func (s *session) auditAnchorCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "anchor", Args: noArgs}
	load := s.settings(cmd, "data", "database")
	cmd.RunE = func(*cobra.Command, []string) error {
		return s.withStorage(load, func(kept *storage.Storage) error {
			a, err := audit.Head(s.ctx, kept.DB)
			if err == nil {
				s.out.line(a.String())
			}
			return err
		})
	}
	return s.command(cmd, "cli.audit.anchor.short", "cli.audit.anchor.long", "cli.audit.anchor.example")
}

// auditExportCommand writes entries into a file.
func (s *session) auditExportCommand() *cobra.Command {
	var to, format, from, until string
	var q audit.Query
	cmd := &cobra.Command{Use: "export", Args: noArgs}
	load := s.settings(cmd, "data", "database")
	flags := cmd.Flags()
	flags.StringVarP(&to, "output", "o", "", s.p.T("cli.flag.export_output"))
	flags.StringVar(&format, "format", string(audit.CSV), s.p.T("cli.flag.export_format"))
	flags.StringVar(&from, "from", "", s.p.T("cli.flag.from"))
	flags.StringVar(&until, "until", "", s.p.T("cli.flag.until"))
	flags.StringVar(&q.Agency, "agency", "", s.p.T("cli.flag.agency"))
	complete(cmd, "format", string(audit.CSV), string(audit.Lines), string(audit.XLSX))
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if err := require(cmd, "output"); err != nil {
			return err
		}
		f, err := audit.ParseFormat(format)
		if err != nil {
			return err
		}
		if q.From, err = day(from); err != nil {
			return err
		}
		if q.To, err = day(until); err != nil {
			return err
		}
		return s.withStorage(load, func(kept *storage.Storage) error {
			return s.exportAudit(kept, q, f, to)
		})
	}
	return s.command(cmd, "cli.audit.export.short", "cli.audit.export.long", "cli.audit.export.example")
}

func day(text string) (date.Date, error) {
	if text == "" {
		return date.Date{}, nil
	}
	d, err := date.Parse(text)
	if err != nil {
		return d, errDay.With("value", text)
	}
	return d, nil
}

// exportAudit writes entries to a new file, or to standard output for "-".
func (s *session) exportAudit(kept *storage.Storage, q audit.Query, f audit.Format, to string) error {
	desk, by := &audit.Desk{DB: kept.DB}, actor.System("gongkai audit export")
	if to == "-" {
		return desk.Export(s.ctx, by, q, f, s.p, s.Out)
	}
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return errNotReplaced.With("file", to)
	}
	if err != nil {
		return &fileError{to, err}
	}
	if err := desk.Export(s.ctx, by, q, f, s.p, file); err != nil {
		return errors.Join(err, file.Close(), os.Remove(to))
	}
	return file.Close()
}
