package cli

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/internal/actor"
	"gongkai/internal/config"
	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/ledger/proof"
	"gongkai/internal/ledger/verifier"
	"gongkai/internal/storage"
)

// errOnePlace refuses to check two things at once.
var errOnePlace = &fault.Error{Kind: fault.Invalid, Code: "cli.ledger.one_place"}

// ledgerCommand groups what is done with the public log.
func (s *session) ledgerCommand() *cobra.Command {
	cmd := s.group(&cobra.Command{Use: "ledger"}, "cli.ledger.short", "cli.ledger.long")
	cmd.AddCommand(s.ledgerStatusCommand(), s.ledgerKeyCommand(), s.ledgerVerifyCommand())
	return cmd
}

// withLedger runs do with the public log of what the settings name.
func (s *session) withLedger(load func() (config.Config, error), do func(*ledger.Log) error) error {
	return s.withStorage(load, func(kept *storage.Storage) error {
		c, err := load()
		if err != nil {
			return err
		}
		l, err := ledger.Open(s.ctx, kept.DB, kept.Keys, c.Ledger())
		if err != nil {
			return err
		}
		return do(l)
	})
}

// ledgerStatusCommand says how the log stands.
func (s *session) ledgerStatusCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "status", Args: noArgs}
	load := s.settings(cmd, "data", "database", "url", "ledger_name")
	cmd.RunE = func(*cobra.Command, []string) error {
		return s.withLedger(load, func(l *ledger.Log) error {
			st, err := l.Status(s.ctx)
			if err != nil {
				return err
			}
			s.out.line(s.p.T("cli.ledger.status", "origin", st.Origin, "n", st.Size, "at", st.At.In(date.China).Format("2006-01-02 15:04:05")))
			for _, k := range st.Keys {
				s.out.line(s.p.T("cli.ledger.key_line", "key", k))
			}
			if st.Waiting > 0 {
				s.out.line(s.p.T("cli.ledger.waiting", "n", st.Waiting))
			}
			s.out.line("")
			s.out.line(strings.TrimSuffix(st.Checkpoint, "\n"))
			return nil
		})
	}
	return s.command(cmd, "cli.ledger.status.short", "cli.ledger.status.long", "cli.ledger.status.example")
}

// ledgerKeyCommand prints the public keys, and changes them.
func (s *session) ledgerKeyCommand() *cobra.Command {
	var rotate bool
	var retire string
	cmd := &cobra.Command{Use: "key", Args: noArgs}
	load := s.settings(cmd, "data", "database", "url", "ledger_name")
	cmd.Flags().BoolVar(&rotate, "rotate", false, s.p.T("cli.flag.ledger_rotate"))
	cmd.Flags().StringVar(&retire, "retire", "", s.p.T("cli.flag.ledger_retire"))
	cmd.RunE = func(*cobra.Command, []string) error {
		return s.withLedger(load, func(l *ledger.Log) error {
			by := actor.System("gongkai ledger key")
			if rotate {
				if err := l.Rotate(s.ctx, by); err != nil {
					return err
				}
			}
			if retire != "" {
				if err := l.Retire(s.ctx, by, retire); err != nil {
					return err
				}
			}
			keys, err := l.PublicKeys(s.ctx)
			for _, k := range keys {
				s.out.line(k)
			}
			return err
		})
	}
	return s.command(cmd, "cli.ledger.key.short", "cli.ledger.key.long", "cli.ledger.key.example")
}

// ledgerCheck is one call of gongkai ledger verify.
type ledgerCheck struct {
	*session
	load                 func() (config.Config, error)
	site, mirror, backup string
	keys, state          string
	json                 bool
	options              verifier.Options
}

// ledgerVerifyCommand checks a site, a mirror, a backup or the installation itself.
func (s *session) ledgerVerifyCommand() *cobra.Command {
	c := &ledgerCheck{session: s}
	cmd := &cobra.Command{Use: "verify", Args: noArgs}
	c.load = s.settings(cmd, "data", "database")
	flags := cmd.Flags()
	flags.StringVar(&c.site, "site", "", s.p.T("cli.flag.ledger_site"))
	flags.StringVar(&c.mirror, "mirror", "", s.p.T("cli.flag.ledger_mirror"))
	flags.StringVar(&c.backup, "backup", "", s.p.T("cli.flag.ledger_backup"))
	flags.StringVar(&c.keys, "key", "", s.p.T("cli.flag.ledger_key"))
	flags.StringVar(&c.state, "state", "", s.p.T("cli.flag.ledger_state"))
	flags.IntVar(&c.options.Sample, "sample", 0, s.p.T("cli.flag.ledger_sample"))
	flags.IntVar(&c.options.Parallel, "parallel", 4, s.p.T("cli.flag.ledger_parallel"))
	flags.BoolVar(&c.options.NoFiles, "no-files", false, s.p.T("cli.flag.ledger_no_files"))
	flags.BoolVar(&c.json, "json", false, s.p.T("cli.flag.ledger_json"))
	cmd.RunE = func(*cobra.Command, []string) error { return c.run() }
	return s.command(cmd, "cli.ledger.verify.short", "cli.ledger.verify.long", "cli.ledger.verify.example")
}

func (c *ledgerCheck) run() error {
	given := 0
	for _, v := range []string{c.site, c.mirror, c.backup} {
		if v != "" {
			given++
		}
	}
	if given > 1 {
		return usage(errOnePlace)
	}
	if err := c.known(); err != nil {
		return err
	}
	r, err := c.verify()
	if err != nil {
		return err
	}
	c.told(r)
	if c.state == "" || !r.LogSound() {
		return nil
	}
	if err := os.WriteFile(c.state, r.State(), 0o644); err != nil {
		return &fileError{c.state, err}
	}
	return nil
}

// known reads what is known from elsewhere: keys, and the checkpoint of an earlier check.
func (c *ledgerCheck) known() error {
	if c.state != "" {
		text, err := os.ReadFile(c.state)
		if err == nil {
			c.options.Keys, c.options.Kept, err = verifier.ReadState(text)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return &fileError{c.state, err}
		}
	}
	if c.keys == "" {
		return nil
	}
	text := c.keys
	if file, err := os.ReadFile(c.keys); err == nil {
		text = string(file)
	}
	keys, err := proof.ParseKeys(text)
	c.options.Keys = keys
	return err
}

// pace is how many documents pass between two remarks on a long check.
const pace = 5000

func (c *ledgerCheck) verify() (r *verifier.Report, err error) {
	c.options.Progress = func(items int) {
		if items%pace == 0 {
			c.remark(c.p.T("cli.ledger.verify.progress", "n", items))
		}
	}
	switch {
	case c.site != "":
		return verifier.Site(c.ctx, c.site, c.options)
	case c.mirror != "":
		return verifier.Mirror(c.ctx, c.mirror, c.options)
	case c.backup != "":
		return verifier.Backup(c.ctx, c.backup, c.options)
	}
	err = c.withStorage(c.load, func(kept *storage.Storage) error {
		r, err = verifier.Storage(c.ctx, kept, c.options)
		return err
	})
	return r, err
}

// ledgerFinding is a finding as a line of JSON.
type ledgerFinding struct {
	Kind    proof.Kind `json:"kind"`
	Code    string     `json:"code"`
	Item    string     `json:"item,omitempty"`
	IndexNo string     `json:"index_no,omitempty"`
	Path    string     `json:"path,omitempty"`
	Field   string     `json:"field,omitempty"`
	Message string     `json:"message"`
}

// ledgerSummary ends the lines of JSON.
type ledgerSummary struct {
	Sound  bool   `json:"sound"`
	Origin string `json:"origin"`
	Size   int64  `json:"size"`
	Known  int    `json:"documents"`
	Items  int    `json:"checked"`
	Files  int    `json:"files"`
	Listed int64  `json:"listed"`
	Pinned bool   `json:"pinned"`
	Found  int    `json:"found"`
}

// told says what was found and what was looked at.
func (c *ledgerCheck) told(r *verifier.Report) {
	if len(r.Found) > 0 {
		c.raise(ExitFound)
	}
	if c.json {
		c.toldJSON(r)
		return
	}
	for _, f := range r.Found {
		c.out.line(c.out.red(c.p.Text(f.Kind.Message())) + "  " + clean(where(f)) + "  " + clean(c.p.Text(f.What)))
	}
	line := c.p.T("cli.ledger.verify.done", "origin", clean(r.Checkpoint.Origin), "n", r.Checkpoint.Size, "known", r.Known, "items", r.Items, "files", r.Files)
	c.out.line(line)
	if r.Listed > 0 {
		c.out.line(c.p.T("cli.ledger.verify.listed", "n", r.Listed))
	}
	if r.NoList {
		c.out.line(c.p.T("cli.ledger.verify.no_list"))
	}
	if !r.Pinned {
		c.out.line(c.p.T("cli.ledger.verify.not_pinned"))
	}
	if len(r.Found) == 0 {
		c.out.line(c.out.green(c.p.T("cli.ledger.verify.sound")))
		return
	}
	c.out.line(c.out.red(c.p.T("cli.ledger.verify.found", "n", len(r.Found))))
}

// where names what a finding is about: the index number people know, and the place.
func where(f proof.Finding) string {
	var all []string
	for _, s := range []string{f.IndexNo, f.Item, f.Path} {
		if s != "" && (s != f.Item || f.IndexNo == "") {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return "—"
	}
	return strings.Join(all, "  ")
}

func (c *ledgerCheck) toldJSON(r *verifier.Report) {
	line := func(v any) {
		b, _ := json.Marshal(v) // texts, numbers and truths always encode
		c.out.line(string(b))
	}
	for _, f := range r.Found {
		line(ledgerFinding{f.Kind, f.What.Key, f.Item, f.IndexNo, f.Path, f.Field, c.p.Text(f.What)})
	}
	line(ledgerSummary{len(r.Found) == 0, r.Checkpoint.Origin, r.Checkpoint.Size, r.Known, r.Items, r.Files, r.Listed, r.Pinned, len(r.Found)})
}
