package foi

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/statute"
)

// View is a request as somebody sees it who handles it.
type View struct {
	Request  *Request
	Record   *Record // the applicant masked, unless Revealed
	Revealed bool
	Clock    reckon.Count
	Letters  []*Letter
	Files    []*File
	Settings *Settings
	// Acts are those the state knows; Can says which of them the person may do.
	Acts []Act
	// Reviews are what a proposed decision still has to pass.
	Reviews []ReviewKind
	// SameApplicant and SameSought are requests that may be the same again; Family those it was split
	// from or into, merged with, or that answer it again.
	SameApplicant, SameSought, Family []*Request
	// Log is what is proposed for the public log, or stands or stood there; nil for nothing.
	Log   *LogEntry
	Today date.Date
}

// likeness is from which share of common pairs of characters two requests may be for the same.
const likeness = 0.6

// Load returns a request to who handles it. With reveal the applicant's data are shown in full, for
// which it takes the permission. Each time is on record either way.
func (d *Desk) Load(ctx context.Context, by actor.Actor, id string, reveal bool) (v *View, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		r, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := allowed(by, actor.FoiView, r); err != nil {
			return err
		}
		if reveal {
			if err := by.May(actor.FoiReveal, actor.In(r.Agency)); err != nil {
				return err
			}
		}
		if v, err = d.view(tx, r); err != nil {
			return err
		}
		what := "view"
		if v.Revealed = reveal; reveal {
			what = "reveal"
		} else {
			v.maskFiles()
			v.Record.Application = v.Record.Application.Masked()
			v.Record.Code = ""
		}
		return d.read(tx, by, r, what, map[string]string{})
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// maskFiles leaves the applicant's name out of the names of files, where people like to put it.
func (v *View) maskFiles() {
	a := v.Record.Application
	if a.Applicant.Kind != Natural {
		return
	}
	masked := a.Masked()
	for _, f := range v.Files {
		for from, to := range map[string]string{a.Applicant.Name: masked.Applicant.Name, a.Agent.Name: masked.Agent.Name} {
			if len([]rune(from)) > 1 {
				f.Name = strings.ReplaceAll(f.Name, from, to)
			}
		}
	}
}

// read puts on record that somebody read something of a request. R-PII-08.
func (d *Desk) read(tx *db.Tx, by actor.Actor, r *Request, what string, detail map[string]string) error {
	act := actor.FoiView
	if what == "reveal" || what == "file" || what == "letter" || what == "form" {
		act = actor.FoiReveal
	}
	detail["act"] = what
	return audit.Append(tx, by, audit.Entry{
		Act: act, Agency: r.Agency, Subject: "foi", ID: r.ID, Version: r.Version, Title: r.No,
		Cite: statute.Personal2021.Art(34), Detail: detail,
	})
}

func (d *Desk) view(tx *db.Tx, r *Request) (*View, error) {
	c, err := d.record(tx, r)
	if err != nil {
		return nil, err
	}
	v := &View{Request: r, Record: c, Today: tx.Today(), Acts: Flow.Acts(r.State)}
	if v.Settings, err = loadSettings(tx, r.Agency); err != nil {
		return nil, err
	}
	v.Clock = reckonOf(d.Calendar(), r, c, v.Settings, v.Today)
	v.Reviews = c.Outstanding(v.Settings)
	if v.Log, err = logEntry(tx, r.ID); err != nil && !errors.Is(err, ErrLogState) {
		return nil, err
	}
	if v.Letters, err = d.letters(tx, r.ID); err != nil {
		return nil, err
	}
	if v.Files, err = d.files(tx, r.ID); err != nil {
		return nil, err
	}
	return v, d.neighbours(tx, v)
}

// neighbours finds requests that may be the same again, by applicant and by what is sought.
func (d *Desk) neighbours(tx *db.Tx, v *View) (err error) {
	r := v.Request
	if v.SameApplicant, err = sameApplicant(tx, r, 20); err != nil {
		return err
	}
	if v.SameSought, err = sameSought(tx, r, 20); err != nil {
		return err
	}
	near, err := latest(tx, r, 300)
	if err != nil {
		return err
	}
	for _, one := range near {
		known := slices.ContainsFunc(v.SameSought, func(o *Request) bool { return o.ID == one.ID })
		if !known && len(v.SameSought) < 20 && alike(one.Title, r.Title) >= likeness {
			v.SameSought = append(v.SameSought, one)
		}
	}
	if v.Family, err = children(tx, r.ID); err != nil {
		return err
	}
	for _, id := range []string{r.Parent, r.Reopens, r.Into} {
		if id == "" {
			continue
		}
		one, err := load(tx, id)
		if err != nil {
			return err
		}
		if one.Agency == r.Agency {
			v.Family = append(v.Family, one)
		}
	}
	return nil
}

// Filter chooses requests for a list.
type Filter struct {
	Agency     string
	States     []State
	Outcome    string
	Kind       Kind
	Channel    Channel
	Department string
	No         string
	Words      string // in the title
	From, To   date.Date
	DueBy      date.Date
	Late       bool
	ByDue      bool // the most urgent first, else the latest first
	// Name and IDNumber find an applicant's requests: exact, by their marks.
	Applicant *Applicant
	// Account leaves only the requests somebody handles; the desk sets it for handlers.
	Account       string
	After, Before string // key of the row that the page begins after or ends before
	Limit         int

	applicant string
	floor     string // key after which titles are looked through for words
}

// byDay reports whether a list is in the order of the days of receipt: it is limited by them.
func (f Filter) byDay() bool { return !f.ByDue && (!f.From.IsZero() || !f.To.IsZero()) }

// Page is part of a list.
type Page struct {
	Requests   []*Request
	Total      int // up to MostCounted
	Next, Prev string
	// Partly says that words were looked for in the latest requests only: there are too many.
	Partly bool
}

// MostCounted is up to where lists count.
const MostCounted = 10000

// List returns a page of requests: a body's to its office, to a handler those that are his.
func (d *Desk) List(ctx context.Context, by actor.Actor, f Filter) (p Page, err error) {
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 30
	}
	scope := actor.In(f.Agency)
	if !by.Can(actor.FoiView, scope) {
		if err := by.May(actor.FoiHandle, scope); err != nil {
			return p, err
		}
		f.Account = by.ID
	}
	if f.Applicant != nil {
		f.applicant = d.mark(*f.Applicant)
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		f, partly, err := withinReach(tx, f)
		if err != nil {
			return err
		}
		rows, err := list(tx, f)
		if err != nil {
			return err
		}
		p = pageOf(rows, f)
		p.Partly = partly
		p.Total, err = count(tx, f, MostCounted)
		return err
	})
	return p, err
}

func pageOf(rows []*Request, f Filter) Page {
	more := len(rows) > f.Limit
	if more {
		rows = rows[:f.Limit]
	}
	back := f.Before != "" && f.After == "" && !f.ByDue
	if back {
		slices.Reverse(rows)
	}
	p := Page{Requests: rows}
	if len(rows) == 0 {
		return p
	}
	key := func(r *Request) string {
		switch {
		case f.ByDue:
			return r.Due.String() + " " + r.ID
		case f.byDay():
			return r.Received.String() + " " + r.ID
		}
		return r.ID
	}
	if more || back {
		p.Next = key(rows[len(rows)-1])
	}
	if (back && more || f.After != "") && !f.ByDue {
		p.Prev = key(rows[0])
	}
	return p
}

// Board is how the clocks of one body's open requests stand.
type Board struct {
	Agency                              string
	Open, Unconfirmed, Overdue          int
	Today, One, Three, Five, Later, Off int // due today, within 1, 3, 5 working days, later; waiting for the applicant
}

// Boards returns the clocks of bodies to who supervises them or works in them: numbers, nothing of
// any request. R-DL-15.
func (d *Desk) Boards(ctx context.Context, by actor.Actor, agencies []string) (all []Board, err error) {
	for _, a := range agencies {
		if !by.Can(actor.FoiView, actor.In(a)) {
			if err := by.May(actor.FoiOversee, actor.In(a)); err != nil {
				return nil, err
			}
		}
	}
	cal := d.Calendar()
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		rows, err := tallies(tx, agencies)
		if err != nil {
			return err
		}
		all = nil
		today := tx.Today()
		for _, a := range agencies {
			b := Board{Agency: a}
			for _, t := range rows {
				if t.Agency == a {
					left := cal.Count(today, t.Due).Days
					b.add(t, today, left)
				}
			}
			all = append(all, b)
		}
		return nil
	})
	return all, err
}

func (b *Board) add(t Tally, today date.Date, left int) {
	if t.State == Submitted {
		b.Unconfirmed += t.N
		return
	}
	b.Open += t.N
	switch {
	case t.State == Correcting || t.State == Paying || t.Due.IsZero():
		b.Off += t.N
	case t.Due.Before(today):
		b.Overdue += t.N
	case t.Due == today:
		b.Today += t.N
	case left <= 1:
		b.One += t.N
	case left <= 3:
		b.Three += t.N
	case left <= 5:
		b.Five += t.N
	default:
		b.Later += t.N
	}
}

// Settings returns a body's settings.
func (d *Desk) Settings(ctx context.Context, by actor.Actor, agency string) (s *Settings, err error) {
	if !by.Can(actor.FoiView, actor.In(agency)) {
		if err := by.May(actor.FoiHandle, actor.In(agency)); err != nil {
			return nil, err
		}
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		s, err = loadSettings(tx, agency)
		return err
	})
	return s, err
}

// PublicSettings returns what the portal needs of a body's settings: whether it takes requests
// online, and its notice.
func (d *Desk) PublicSettings(ctx context.Context, agency string) (online bool, notice string, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		s, err := loadSettings(tx, agency)
		if err != nil {
			return err
		}
		online, notice = s.Online, s.Notice
		return nil
	})
	return online, notice, err
}

// SaveSettings changes a body's settings.
func (d *Desk) SaveSettings(ctx context.Context, by actor.Actor, agency string, s *Settings) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.FoiSetting, actor.In(agency)); err != nil {
			return err
		}
		if _, err := body(tx, agency); err != nil {
			return err
		}
		if err := s.check(); err != nil {
			return err
		}
		kept := *s
		if err := saveSettings(tx, agency, &kept); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Act: actor.FoiSetting, Agency: agency, Subject: "foi_setting", ID: agency, Version: kept.Version})
	})
}
