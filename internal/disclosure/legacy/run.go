package legacy

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"unicode"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/audit"
	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/workday"
)

// Desk brings in what was published elsewhere. Its fields are set before its first use.
type Desk struct {
	DB       *db.DB
	Calendar func() *workday.Calendar
	Blobs    *blob.Store
	// Changed is told of the items a batch made, in its transaction, such as for the text
	// index. nil for nobody.
	Changed func(tx *db.Tx, items []string) error
}

// Options say what is brought in where.
type Options struct {
	Source  string            // what the rows come from; the same source goes on where it stopped
	Agency  string            // whose information it is
	Section string            // key of the section for rows that name none, "" to refuse those
	Map     map[string]string // section as the source names it → key of ours
	// ByIssueDate takes the day of a document for the day of its publication where the
	// source tells none. It is for who knows that this is true: a forged day of publication
	// is a grave fault (R-WEB-03).
	ByIssueDate bool
	DryRun      bool // read and check everything, write nothing
	// Live is for a running site, whose newest article comes first: it is read from its
	// beginning each time, and written more often.
	Live  bool
	Batch int    // rows a transaction; 500 when zero, 20 of a running site
	User  string // who called the program, as the system knows them; for the record
	// Line is told what became of each row, in the rows' order; nil for nobody.
	Line func(Line)
}

// Outcome is what became of a row.
type Outcome string

// The outcomes.
const (
	Created Outcome = "created" // brought in; in a dry run, would be
	Known   Outcome = "known"   // was there already, by address or by text
	Refused Outcome = "refused"
)

// Line is one row's line of the report.
type Line struct {
	Where   string
	Title   string
	Outcome Outcome
	Item    string         // the new item's key, or that of the one known already
	Reason  i18n.Message   // why it was refused
	Notes   []i18n.Message // what was left out or left blank
}

// Tally counts rows.
type Tally struct{ Read, Created, Known, Refused, Skipped int64 }

// ErrAgency says that there is no such body to import for.
var ErrAgency = &fault.Error{Kind: fault.NotFound, Code: "legacy.no_agency"}

// Run brings rows in, batch by batch; each batch is one transaction with one audit entry.
// When it is stopped, running it again with the same source goes on behind the last batch
// that was written.
func (d *Desk) Run(ctx context.Context, by actor.Actor, rows Rows, o Options) (Tally, error) {
	switch {
	case o.Batch <= 0 && o.Live:
		o.Batch = 20
	case o.Batch <= 0:
		o.Batch = 500
	}
	w, err := d.begin(ctx, by, o)
	if err != nil {
		return Tally{}, err
	}
	var batch []*prepared
	size := 0
	for p := range prepareAll(ctx, rows, &o, w.run.ReadRows) {
		batch = append(batch, p)
		if size += len(p.ready.Body()); len(batch) == o.Batch || size > batchBytes {
			if err := w.write(ctx, batch); err != nil {
				return w.tally, err
			}
			batch, size = batch[:0], 0
		}
	}
	if err := ctx.Err(); err != nil {
		return w.tally, err
	}
	if err := w.write(ctx, batch); err != nil {
		return w.tally, err
	}
	return w.tally, w.end(ctx)
}

// batchBytes bounds the texts of one batch, so that long ones do not fill the memory.
const batchBytes = 32 << 20

// Written returns how many rows of a source an earlier call wrote that was stopped.
func (d *Desk) Written(ctx context.Context, by actor.Actor, o Options) (rows int64, err error) {
	w, err := d.begin(ctx, by, o)
	if err != nil {
		return 0, err
	}
	return w.run.ReadRows, nil
}

// Has tells whether an article of that address is known.
func (d *Desk) Has(ctx context.Context, agency, address string) (found bool, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		known, err := loadMarks(tx, agency, []string{addressMark(address)})
		found = len(known) > 0
		return err
	})
	return found, err
}

// Section returns the key of the section that a name, a path of names, a short address or a
// key means.
func (d *Desk) Section(ctx context.Context, by actor.Actor, agency, name string) (string, error) {
	w, err := d.begin(ctx, by, Options{Agency: agency})
	if err != nil {
		return "", err
	}
	found := w.named(name)
	if len(found) == 1 {
		return found[0], nil
	}
	if len(found) > 1 {
		return "", ErrManySections.With("section", clip(name)).With("n", len(found))
	}
	return "", ErrNoSection.With("section", clip(name))
}

// prepareAll prepares rows on all processors and returns them in their order, without the
// first skip of them.
func prepareAll(ctx context.Context, rows Rows, o *Options, skip int64) func(yield func(*prepared) bool) {
	return func(yield func(*prepared) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		queue := make(chan chan *prepared, 4*runtime.NumCPU())
		slots := make(chan struct{}, runtime.NumCPU())
		go func() {
			defer close(queue)
			n := int64(0)
			for row := range rows {
				if n++; n <= skip {
					continue
				}
				done := make(chan *prepared, 1)
				select {
				case queue <- done:
				case <-ctx.Done():
					return
				}
				slots <- struct{}{}
				go func() {
					done <- o.prepare(row)
					<-slots
				}()
			}
		}()
		for done := range queue {
			if !yield(<-done) {
				return
			}
		}
	}
}

// writer writes the batches of one run.
type writer struct {
	*Desk
	o        Options
	by       actor.Actor
	run      *run
	tally    Tally
	sections *section.Tree
	seen     map[string]string // marks of a dry run's own rows
	pending  *run              // what the batch under way makes of run
}

// begin checks that the actor may import, finds the sections, and finds how far an earlier
// run of the same source came.
func (d *Desk) begin(ctx context.Context, by actor.Actor, o Options) (*writer, error) {
	w := &writer{Desk: d, o: o, by: by, seen: map[string]string{}}
	if err := by.May(actor.ItemImport, actor.In(o.Agency)); err != nil {
		return nil, err
	}
	err := d.DB.View(ctx, func(tx *db.Tx) error {
		if _, err := agency.Load(tx, o.Agency); err != nil {
			return ErrAgency.Because(err)
		}
		all, err := section.All(tx, o.Agency)
		if err != nil {
			return err
		}
		w.sections = section.NewTree(all)
		if !o.Live && !o.DryRun {
			w.run, err = unfinished(tx, o.Agency, o.Source)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if w.run == nil {
		w.run = &run{Agency: o.Agency, Source: o.Source}
	}
	w.tally.Skipped = w.run.ReadRows
	return w, nil
}

// write writes one batch.
func (w *writer) write(ctx context.Context, batch []*prepared) error {
	if len(batch) == 0 {
		return nil
	}
	var lines []Line
	var t Tally
	err := w.fetch(ctx, batch)
	if err != nil {
		return err
	}
	if w.o.DryRun {
		err = w.DB.View(ctx, func(tx *db.Tx) (err error) {
			lines, t, err = w.place(tx, batch)
			return err
		})
	} else {
		err = w.DB.Update(ctx, func(tx *db.Tx) (err error) {
			lines, t, err = w.place(tx, batch)
			if err != nil {
				return err
			}
			return w.record(tx, t)
		})
	}
	if err != nil {
		return err
	}
	if w.pending != nil {
		w.run, w.pending = w.pending, nil
	}
	w.add(t)
	if w.o.Line != nil {
		for _, l := range lines {
			w.o.Line(l)
		}
	}
	return nil
}

func (w *writer) add(t Tally) {
	w.tally.Read += t.Read
	w.tally.Created += t.Created
	w.tally.Known += t.Known
	w.tally.Refused += t.Refused
}

// place decides on each row of a batch and, unless it is a dry run, writes the new ones.
func (w *writer) place(tx *db.Tx, batch []*prepared) (lines []Line, t Tally, err error) {
	known, err := w.known(tx, batch)
	if err != nil {
		return nil, t, err
	}
	m := disclosure.NewImporter(tx, w.Calendar(), w.by)
	var made []string
	for _, p := range batch {
		l := Line{Where: p.row.Where, Title: p.row.Record.Title, Notes: p.notes}
		l.Outcome, l.Item, l.Reason, err = w.one(tx, m, p, known)
		if err != nil {
			return nil, t, err
		}
		t.Read++
		switch l.Outcome {
		case Created:
			t.Created++
			made = append(made, l.Item)
		case Known:
			t.Known++
		case Refused:
			t.Refused++
		}
		lines = append(lines, l)
	}
	if w.o.DryRun || len(made) == 0 {
		return lines, t, nil
	}
	if err := m.Close(); err != nil {
		return nil, t, err
	}
	if w.Changed != nil {
		err = w.Changed(tx, made)
	}
	return lines, t, err
}

// one decides on a row.
func (w *writer) one(tx *db.Tx, m *disclosure.Importer, p *prepared, known map[string]string) (Outcome, string, i18n.Message, error) {
	if p.row.Err != nil {
		return Refused, "", p.row.Err.Message(), nil
	}
	for _, k := range p.marks {
		if item, ok := known[k]; ok {
			return Known, item, i18n.Message{}, nil
		}
	}
	if p.row.Known {
		return Refused, "", ErrUnreached.Message(), nil
	}
	if p.in.PublishedAt.After(tx.Now) {
		return Refused, "", ErrFuture.Message(), nil
	}
	s, f := w.section(p.section)
	if f != nil {
		return Refused, "", f.Message(), nil
	}
	id, f, err := w.create(tx, m, p, s)
	if err != nil || f != nil {
		if f != nil {
			return Refused, "", f.Message(), nil
		}
		return "", "", i18n.Message{}, err
	}
	for _, k := range p.marks {
		known[k] = id
	}
	return Created, id, i18n.Message{}, nil
}

// create writes one item with its marks and files, or says why it cannot be.
func (w *writer) create(tx *db.Tx, m *disclosure.Importer, p *prepared, section string) (id string, refused *fault.Error, err error) {
	if p.in.IndexNo != "" {
		taken, err := indexTaken(tx, p.in.IndexNo)
		if err != nil {
			return "", nil, err
		}
		if taken || w.seen["i"+p.in.IndexNo] != "" {
			return "", ErrIndexTaken.With("index", p.in.IndexNo), nil
		}
	}
	if w.o.DryRun {
		w.note(p)
		return "", nil, nil
	}
	for _, b := range p.blobs() {
		if err := w.Blobs.Keep(tx, b); err != nil {
			return "", nil, err
		}
	}
	i, err := m.Add(p.ready.In(section, p.kept...))
	var f *fault.Error
	if errors.As(err, &f) {
		return "", f, nil
	}
	if err != nil {
		return "", nil, err
	}
	return i.ID, nil, saveMarks(tx, w.o.Agency, p.marks, i.ID)
}

// note remembers a dry run's row, so that a second of the same kind is told.
func (w *writer) note(p *prepared) {
	for _, k := range p.marks {
		w.seen[k] = "-"
	}
	if p.in.IndexNo != "" {
		w.seen["i"+p.in.IndexNo] = "-"
	}
}

// known returns the marks of a batch that are known already, with their items.
func (w *writer) known(tx *db.Tx, batch []*prepared) (map[string]string, error) {
	var all []string
	for _, p := range batch {
		all = append(all, p.marks...)
	}
	known, err := loadMarks(tx, w.o.Agency, all)
	if err != nil {
		return nil, err
	}
	for _, k := range all {
		if item, ok := w.seen[k]; ok {
			known[k] = item
		}
	}
	return known, nil
}

// section finds the section for what the source calls one: as the options map it, else one
// of ours with that name or path.
func (w *writer) section(name string) (string, *fault.Error) {
	if id, ok := w.o.Map[name]; ok {
		return id, nil
	}
	if name == "" {
		if w.o.Section != "" {
			return w.o.Section, nil
		}
		return "", ErrNoSection.With("section", "")
	}
	switch found := w.named(name); {
	case len(found) == 1:
		return found[0], nil
	case w.o.Section != "":
		return w.o.Section, nil
	}
	return "", ErrNoSection.With("section", clip(name))
}

// named returns the sections in use that a name, a path, a short address or a key means.
func (w *writer) named(name string) (found []string) {
	path := strings.Join(strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("/>＞›\\", r) }), "/")
	for _, s := range w.sections.All() {
		above := strings.Join(strings.FieldsFunc(section.Title(w.sections.Above(s.ID)), func(r rune) bool { return unicode.IsSpace(r) || r == '/' }), "/")
		if !s.Retired && (s.ID == name || s.Name == name || s.Slug == name || above == path) {
			found = append(found, s.ID)
		}
	}
	return found
}

// record keeps how far the run came and writes the batch's audit entry.
func (w *writer) record(tx *db.Tx, t Tally) error {
	next := *w.run
	next.ReadRows += t.Read
	next.Created += t.Created
	next.Known += t.Known
	next.Refused += t.Refused
	if err := next.save(tx); err != nil {
		return err
	}
	err := audit.Append(tx, w.by, audit.Entry{
		Act: actor.ItemImport, Agency: w.o.Agency, Subject: "import", ID: next.ID, Version: next.Version,
		Title: w.o.Source, Detail: detail{t.Read, t.Created, t.Known, t.Refused, false, w.o.User},
	})
	if err == nil {
		w.pending = &next
	}
	return err
}

// detail is what the record says of a batch, and of a run at its end.
type detail struct {
	Rows    int64  `json:"rows"`
	Created int64  `json:"created"`
	Known   int64  `json:"known"`
	Refused int64  `json:"refused"`
	Ended   bool   `json:"ended,omitempty"`
	User    string `json:"user,omitempty"`
}

// end marks the run as finished.
func (w *writer) end(ctx context.Context) error {
	if w.o.DryRun || w.run.ID == "" {
		return nil
	}
	return w.DB.Update(ctx, func(tx *db.Tx) error {
		next := *w.run
		next.EndedAt = tx.Now
		if err := next.save(tx); err != nil {
			return err
		}
		return audit.Append(tx, w.by, audit.Entry{
			Act: actor.ItemImport, Agency: w.o.Agency, Subject: "import", ID: next.ID, Version: next.Version,
			Title: w.o.Source, Detail: detail{next.ReadRows, next.Created, next.Known, next.Refused, true, w.o.User},
		})
	})
}
