package cli

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual/cycle"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/bundle"
	"gongkai/internal/foi/count"
	result "gongkai/internal/foi/outcome"
	"gongkai/internal/foi/register"
	"gongkai/internal/holiday"
	"gongkai/internal/secret"
	"gongkai/internal/storage"
)

// The faults of calling the commands.
var (
	errPair    = &fault.Error{Kind: fault.Invalid, Code: "cli.foi_import.pair"}
	errRequest = &fault.Error{Kind: fault.NotFound, Code: "cli.foi_export.request"}
	errThere   = &fault.Error{Kind: fault.Conflict, Code: "cli.foi_export.there"}
)

// foiDesk opens the desk of requests as the server has it: what breaks a signed report is refused.
func (s *session) foiDesk(kept *storage.Storage) (*foi.Desk, error) {
	holidays := &holiday.Desk{DB: kept.DB}
	if err := holidays.Refresh(s.ctx); err != nil {
		return nil, err
	}
	return &foi.Desk{DB: kept.DB, Keys: kept.Keys, Calendar: holidays.Calendar, Blobs: kept.Files, Guard: count.Guard{Settled: cycle.Settled}.Request}, nil
}

// registerCall is one call of gongkai foi import.
type registerCall struct {
	*session
	body                   string
	mapping, same, outcome []string
	year                   int
	dry, partly            bool
}

// foiImportCommand takes in a register kept elsewhere.
func (s *session) foiImportCommand() *cobra.Command {
	c := &registerCall{session: s}
	cmd := &cobra.Command{Use: "import " + s.p.T("cli.foi_import.file"), Args: oneFile}
	load := s.settings(cmd, "data", "database")
	flags := cmd.Flags()
	flags.StringVar(&c.body, "agency", "", s.p.T("cli.foi_import.flag.agency"))
	flags.BoolVar(&c.dry, "dry-run", false, s.p.T("cli.foi_import.flag.dry_run"))
	flags.BoolVar(&c.partly, "good-rows", false, s.p.T("cli.foi_import.flag.good_rows"))
	flags.StringArrayVar(&c.mapping, "map", nil, s.p.T("cli.foi_import.flag.map"))
	flags.StringArrayVar(&c.same, "same", nil, s.p.T("cli.foi_import.flag.same"))
	flags.StringArrayVar(&c.outcome, "outcome", nil, s.p.T("cli.foi_import.flag.outcome"))
	flags.IntVar(&c.year, "year", 0, s.p.T("cli.foi_import.flag.year"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := require(cmd, "agency"); err != nil {
			return err
		}
		data, err := readBounded(args[0], register.MostBytes)
		if err != nil {
			return err
		}
		return s.withStorage(load, func(kept *storage.Storage) error { return c.run(kept, data) })
	}
	return s.command(cmd, "cli.foi_import.short", "cli.foi_import.long", "cli.foi_import.example")
}

// readBounded reads a file that may be so long.
func readBounded(name string, most int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err == nil && info.Size() > most {
		return nil, register.ErrLarge.With("most", most>>20)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, &fileError{name, err}
	}
	return data, nil
}

func (c *registerCall) run(kept *storage.Storage, data []byte) error {
	by := actor.System("gongkai foi import")
	a, err := (&agency.Registry{DB: kept.DB}).Named(c.ctx, by, c.body)
	if err != nil {
		return err
	}
	o, err := c.options()
	if err != nil {
		return err
	}
	book, err := register.Read(c.ctx, data)
	if err != nil {
		return err
	}
	p, err := book.Plan(o, c.Today)
	if err != nil {
		return err
	}
	if !c.tellPlan(p) || c.dry {
		return nil
	}
	desk, err := c.foiDesk(kept)
	if err != nil {
		return err
	}
	t, err := register.Run(c.ctx, desk, by, a.ID, p, c.partly, nil)
	if err != nil {
		return err
	}
	c.out.line(c.p.T("cli.foi_import.done", "created", t.Created, "known", t.Known, "left", t.Left))
	for _, r := range t.Refused {
		c.tellRow(r)
	}
	return nil
}

// options reads the pairs of the flags.
func (c *registerCall) options() (o register.Options, err error) {
	o = register.Options{Map: map[string]register.Field{}, Same: map[register.Field]string{}, Outcomes: map[string]result.Code{}, Year: c.year}
	for _, pair := range c.mapping {
		heading, name, ok := cutLast(pair)
		f, known := register.ParseField(name)
		if !ok || !known && name != "" {
			return o, usage(errPair.With("value", pair))
		}
		o.Map[heading] = f
	}
	for _, pair := range c.same {
		name, value, ok := strings.Cut(pair, "=")
		f, known := register.ParseField(name)
		if !ok || !known {
			return o, usage(errPair.With("value", pair))
		}
		o.Same[f] = value
	}
	for _, pair := range c.outcome {
		text, code, ok := cutLast(pair)
		if _, known := result.Of(result.Code(code)); !ok || !known {
			return o, usage(errPair.With("value", pair))
		}
		o.Outcomes[text] = result.Code(code)
	}
	return o, nil
}

func cutLast(pair string) (before, after string, ok bool) {
	at := strings.LastIndex(pair, "=")
	if at < 1 {
		return "", "", false
	}
	return pair[:at], strings.TrimSpace(pair[at+1:]), true
}

// tellPlan says what would become of a file, and reports whether it can be taken in.
func (c *registerCall) tellPlan(p *register.Plan) bool {
	for _, col := range p.Columns {
		field := c.p.T("cli.foi_import.unused")
		if col.Field != "" {
			field = c.p.Text(col.Field.Message())
		}
		c.out.line(c.p.T("cli.foi_import.column", "column", clean(col.Heading), "field", field))
	}
	for _, n := range p.Notes {
		c.remark(clean(c.p.Text(n)))
	}
	for _, f := range p.Missing {
		c.complain(c.p.T("cli.foi_import.missing", "field", f.Message()))
		c.raise(ExitFound)
	}
	for _, r := range p.Rows {
		c.tellRow(r)
	}
	c.out.line(c.p.T("cli.foi_import.plan", "rows", len(p.Rows), "good", len(p.Good()), "skipped", p.Skipped))
	return len(p.Missing) == 0
}

func (c *registerCall) tellRow(r register.Row) {
	for _, f := range r.Faults {
		c.complain(clean(c.p.T("cli.foi_import.row", "sheet", r.Sheet, "row", r.N, "column", f.Heading, "message", f.Err.Message())))
		c.raise(ExitFound)
	}
}

// foiExportCommand writes the archive of a closed request into a folder, or holds one against its
// checksums.
func (s *session) foiExportCommand() *cobra.Command {
	var body, no, verify string
	cmd := &cobra.Command{Use: "export " + s.p.T("cli.foi_export.folder"), Args: func(_ *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usage(errTooManyArgs)
		}
		return nil
	}}
	load := s.settings(cmd, "data", "database")
	cmd.Flags().StringVar(&body, "agency", "", s.p.T("cli.foi_export.flag.agency"))
	cmd.Flags().StringVar(&no, "no", "", s.p.T("cli.foi_export.flag.no"))
	cmd.Flags().StringVar(&verify, "verify", "", s.p.T("cli.foi_export.flag.verify"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if verify != "" {
			c, err := load()
			if err != nil {
				return err
			}
			keys, err := secret.Load(storage.KeyFile(c.Data))
			if err != nil {
				keys = nil // anywhere but at home the checksums alone are held against the files
			}
			return s.verifyArchive(verify, keys)
		}
		if err := require(cmd, "agency", "no"); err != nil {
			return err
		}
		into := "."
		if len(args) == 1 {
			into = args[0]
		}
		return s.withStorage(load, func(kept *storage.Storage) error { return s.exportRequest(kept, body, no, into) })
	}
	return s.command(cmd, "cli.foi_export.short", "cli.foi_export.long", "cli.foi_export.example")
}

func (s *session) exportRequest(kept *storage.Storage, body, no, into string) error {
	by := actor.System("gongkai foi export")
	a, err := (&agency.Registry{DB: kept.DB}).Named(s.ctx, by, body)
	if err != nil {
		return err
	}
	desk, err := s.foiDesk(kept)
	if err != nil {
		return err
	}
	id, err := desk.Numbered(s.ctx, by, a.ID, no)
	if err != nil {
		return errRequest.With("no", no).Because(err)
	}
	o, err := desk.Dossier(s.ctx, by, id)
	if err != nil {
		return err
	}
	folder := filepath.Join(into, bundle.FolderName(o))
	if _, err := os.Stat(folder); err == nil {
		return errThere.With("folder", clean(folder))
	}
	var b bytes.Buffer
	if err := bundle.Archive(s.ctx, &b, o, kept.Keys); err != nil {
		return err
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err == nil {
		err = os.CopyFS(into, z)
	}
	if err != nil {
		return &fileError{into, err}
	}
	s.out.line(s.p.T("cli.foi_export.done", "folder", clean(folder), "files", len(z.File)))
	return nil
}

func (s *session) verifyArchive(name string, keys *secret.Keyring) error {
	var files fs.FS = os.DirFS(name)
	if info, err := os.Stat(name); err != nil {
		return &fileError{name, err}
	} else if !info.IsDir() {
		z, err := zip.OpenReader(name)
		if err != nil {
			return bundle.ErrManifest.Because(err)
		}
		defer z.Close()
		files = z
	}
	v, err := bundle.Verify(files, keys)
	if err != nil {
		return err
	}
	for key, names := range map[string][]string{"cli.foi_export.changed": v.Changed, "cli.foi_export.missing": v.Missing, "cli.foi_export.added": v.Added} {
		for _, n := range names {
			s.complain(s.p.T(key, "file", clean(n)))
		}
	}
	switch v.Seal {
	case bundle.Forged:
		s.complain(s.p.T("cli.foi_export.forged"))
	case bundle.Foreign:
		s.remark(s.p.T("cli.foi_export.foreign"))
	case bundle.Genuine:
		s.out.line(s.p.T("cli.foi_export.genuine"))
	}
	if !v.Sound() {
		s.raise(ExitFound)
		return nil
	}
	s.out.line(s.p.T("cli.foi_export.sound", "no", v.Manifest.No, "files", len(v.Manifest.Files)))
	return nil
}
