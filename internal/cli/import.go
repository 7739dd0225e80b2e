package cli

import (
	"cmp"
	"context"
	"fmt"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/config"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/legacy"
	"gongkai/internal/fault"
	"gongkai/internal/holiday"
	"gongkai/internal/i18n"
	"gongkai/internal/ledger"
	"gongkai/internal/storage"
)

// The faults of calling the import.
var (
	errOneSource = &fault.Error{Kind: fault.Invalid, Code: "cli.import.one_source"}
	errMapping   = &fault.Error{Kind: fault.Invalid, Code: "cli.import.mapping"}
)

// importCall is one call of gongkai import.
type importCall struct {
	*session
	where, body, section, report string
	mapping                      []string
	site                         legacy.Site
	options                      legacy.Options

	desk    *legacy.Desk
	load    func() (config.Config, error)
	source  *legacy.Source
	by      actor.Actor
	sheet   *report
	bar     *gauge
	count   legacy.Tally // as the lines tell it
	why     []*reason    // why rows were refused
	unknown int          // columns told of
	left    []*reason    // what was left out of rows that were not
}

// importCommand brings in what was published elsewhere.
func (s *session) importCommand() *cobra.Command {
	c := &importCall{session: s, by: actor.System("gongkai import")}
	cmd := &cobra.Command{Use: "import " + s.p.T("cli.import.source"), Args: func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usage(errOneSource)
		}
		return nil
	}}
	load := s.settings(cmd, "data", "database")
	flags := cmd.Flags()
	flags.StringVar(&c.body, "agency", "", s.p.T("cli.import.flag.agency"))
	flags.StringVar(&c.section, "section", "", s.p.T("cli.import.flag.section"))
	flags.StringArrayVar(&c.mapping, "map", nil, s.p.T("cli.import.flag.map"))
	flags.BoolVar(&c.options.ByIssueDate, "by-issue-date", false, s.p.T("cli.import.flag.by_issue_date"))
	flags.BoolVar(&c.options.DryRun, "dry-run", false, s.p.T("cli.import.flag.dry_run"))
	flags.StringVar(&c.report, "report", "", s.p.T("cli.import.flag.report"))
	flags.IntVar(&c.options.Batch, "batch", 0, s.p.T("cli.import.flag.batch"))
	flags.StringVar(&c.site.Host, "host", "", s.p.T("cli.import.flag.host"))
	flags.BoolVar(&c.site.Private, "private", false, s.p.T("cli.import.flag.private"))
	flags.DurationVar(&c.site.Delay, "delay", 500*time.Millisecond, s.p.T("cli.import.flag.delay"))
	flags.IntVar(&c.site.Most, "most", 10_000, s.p.T("cli.import.flag.most"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := require(cmd, "agency"); err != nil {
			return err
		}
		c.where, c.load = args[0], load
		return s.withStorage(load, c.run)
	}
	return s.command(cmd, "cli.import.short", "cli.import.long", "cli.import.example")
}

// run opens the source, brings it in and says what became of it.
func (c *importCall) run(kept *storage.Storage) error {
	holidays := &holiday.Desk{DB: kept.DB}
	if err := holidays.Refresh(c.ctx); err != nil {
		return err
	}
	log, err := c.openLedger(kept)
	if err != nil {
		return err
	}
	c.desk = &legacy.Desk{DB: kept.DB, Calendar: holidays.Calendar, Blobs: kept.Files,
		Changed: func(tx *db.Tx, items []string) error { return imported(tx, log, items) }}
	if err := c.settle(kept.DB); err != nil {
		return err
	}
	before, err := c.begin()
	if err != nil {
		return err
	}
	start := c.now()
	c.bar = c.newGauge(c.source.Progress)
	tally, err := c.desk.Run(c.ctx, c.by, c.source.Rows, c.options)
	c.bar.close()
	if c.sheet != nil {
		if failed := c.sheet.close(); err == nil && failed != nil {
			err = &fileError{c.report, failed}
		}
	}
	tally.Read, tally.Created, tally.Known, tally.Refused = c.count.Read, c.count.Created, c.count.Known, c.count.Refused
	c.told(tally, c.now().Sub(start))
	if err != nil {
		return c.stopped(before, err)
	}
	if tally.Refused > 0 {
		c.raise(ExitFound)
	}
	return nil
}

// openLedger opens the public log under its configured name.
func (c *importCall) openLedger(kept *storage.Storage) (*ledger.Log, error) {
	settings, err := c.load()
	if err != nil {
		return nil, err
	}
	return ledger.Open(c.ctx, kept.DB, kept.Keys, settings.Ledger())
}

// imported tells whoever follows items of those a batch made, always in this order: the text
// index, the log of changes, the public log.
func imported(tx *db.Tx, log *ledger.Log, items []string) error {
	if err := (disclosure.Texts{}).Imported(tx, items...); err != nil {
		return err
	}
	if err := disclosure.Note(tx, items...); err != nil {
		return err
	}
	return log.Changed(tx, items...)
}

// settle finds the body and the sections that the flags name.
func (c *importCall) settle(d *db.DB) error {
	a, err := c.agency(d)
	if err != nil {
		return err
	}
	o := &c.options
	o.Agency, o.Line, o.Map = a.ID, c.line, map[string]string{}
	if u, err := user.Current(); err == nil {
		o.User = u.Username
	}
	if c.section != "" {
		if o.Section, err = c.desk.Section(c.ctx, c.by, a.ID, c.section); err != nil {
			return err
		}
	}
	for _, pair := range c.mapping {
		at := strings.LastIndex(pair, "=")
		if at < 1 {
			return usage(errMapping.With("value", pair))
		}
		if o.Map[pair[:at]], err = c.desk.Section(c.ctx, c.by, a.ID, pair[at+1:]); err != nil {
			return err
		}
	}
	return nil
}

// agency finds a body by its full name or its key.
func (c *importCall) agency(d *db.DB) (*agency.Agency, error) {
	r := &agency.Registry{DB: d}
	a, err := r.Named(c.ctx, c.by, c.body)
	if err == nil {
		return a, nil
	}
	if byKey, other := r.Get(c.ctx, c.by, c.body); other == nil {
		return byKey.Agency, nil
	}
	return nil, err
}

// begin opens the source and the report, and returns how many rows an earlier call wrote.
func (c *importCall) begin() (before int64, err error) {
	id := c.options.Agency
	c.site.Agent = "gongkai-import/" + Version()
	c.site.Known = func(_ context.Context, address string) (bool, error) { return c.desk.Has(c.ctx, id, address) }
	if c.source, err = legacy.Open(c.ctx, c.where, c.site); err != nil {
		return 0, err
	}
	c.options.Source, c.options.Live = c.source.Name, c.source.Live
	if before, err = c.desk.Written(c.ctx, c.by, c.options); err != nil {
		return 0, err
	}
	names := c.source.Unknown()
	if c.unknown = len(names); len(names) > 0 {
		c.remark(clean(c.p.T("cli.import.unknown", "names", names)))
	}
	if before > 0 {
		c.remark(c.p.T("cli.import.goes_on", "n", before))
	}
	if c.report != "" {
		c.sheet, err = c.newReport(c.report, before > 0)
	}
	return before, err
}

// refusedTold is how many rows refused for one reason are told one by one; the report has
// all.
const refusedTold = 3

// line takes down what became of one row.
func (c *importCall) line(l legacy.Line) {
	c.count.Read++
	switch l.Outcome {
	case legacy.Created:
		c.count.Created++
	case legacy.Known:
		c.count.Known++
	case legacy.Refused:
		c.count.Refused++
		if r := note(&c.why, l.Reason); r.n <= refusedTold {
			c.bar.remark(clean(c.p.T("cli.import.refused_line", "where", l.Where, "reason", c.p.Text(l.Reason))))
		}
	}
	for _, n := range l.Notes {
		if l.Outcome == legacy.Created {
			note(&c.left, n)
		}
	}
	c.bar.rows.Store(c.count.Read)
	if c.sheet != nil {
		c.sheet.write(l)
	}
}

// reason is a reason with how many rows it was given for.
type reason struct {
	first i18n.Message
	n     int64
}

func note(all *[]*reason, m i18n.Message) *reason {
	for _, r := range *all {
		if r.first.Key == m.Key {
			r.n++
			return r
		}
	}
	r := &reason{m, 1}
	*all = append(*all, r)
	return r
}

// told sums up.
func (c *importCall) told(t legacy.Tally, took time.Duration) {
	pace := int64(0)
	if took > 0 {
		pace = int64(float64(t.Read) / took.Seconds())
	}
	key := "cli.import.done"
	if c.options.DryRun {
		key = "cli.import.done_dry"
	}
	c.out.line(c.p.T(key, "read", t.Read, "created", t.Created, "known", t.Known, "refused", t.Refused,
		"seconds", fmt.Sprintf("%.1f", took.Seconds()), "pace", pace))
	c.reasons("cli.import.why", c.why)
	c.reasons("cli.import.left", c.left)
	if names := c.source.Unknown(); len(names) > c.unknown {
		c.out.line(clean(c.p.T("cli.import.unknown", "names", names)))
	}
	if c.sheet != nil {
		c.out.line(c.p.T("cli.import.report", "file", clean(c.report)))
	}
}

// reasons lists reasons, the most frequent first, each with one of its examples.
func (c *importCall) reasons(key string, all []*reason) {
	if len(all) == 0 {
		return
	}
	slices.SortStableFunc(all, func(a, b *reason) int { return cmp.Compare(b.n, a.n) })
	c.out.line(c.p.T(key))
	for _, r := range all {
		prefix := fmt.Sprintf("  %7d  ", r.n)
		c.out.hang(prefix, len(prefix), clean(c.p.Text(r.first)))
	}
}

// stopped says how to go on after a stop or a fault. Nothing of the batch under way was
// written.
func (c *importCall) stopped(before int64, err error) error {
	if c.ctx.Err() != nil {
		err = c.ctx.Err() // the database words it otherwise
	}
	switch {
	case c.options.DryRun:
	case c.source.Live:
		c.remark(c.p.T("cli.import.go_on_site"))
	case before+c.count.Read > 0:
		c.remark(c.p.T("cli.import.go_on", "n", before+c.count.Read))
	}
	return err
}
