package dispute

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/audit"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/secret"
	"gongkai/internal/statute"
	"gongkai/internal/workday"
)

// Desk is where disputes are entered and followed.
type Desk struct {
	DB       *db.DB
	Keys     *secret.Keyring
	Calendar func() *workday.Calendar
	Blobs    *blob.Store
	// Guard, if set, refuses a change that would break what was counted: before is the dispute as it
	// stood, nil for a new one.
	Guard func(tx *db.Tx, before, after *Dispute) error
}

// act does something to a dispute in one transaction. Version 0 takes it as it is.
func (d *Desk) act(ctx context.Context, by actor.Actor, id string, version int64, name string, do func(tx *db.Tx, one *Dispute) (audit.Entry, error)) (one *Dispute, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if one, err = load(tx, id); err != nil {
			return err
		}
		if err := by.May(actor.FoiDispute, actor.In(one.Agency)); err != nil {
			return err
		}
		if version != 0 && one.Version != version {
			return ErrStale
		}
		if err := d.open(one); err != nil {
			return err
		}
		before := *one
		before.Course = slices.Clone(one.Course)
		e, err := do(tx, one)
		if err != nil {
			return err
		}
		return d.keep(tx, by, &before, one, name, e)
	})
	if err != nil {
		return nil, err
	}
	return one, nil
}

func (d *Desk) keep(tx *db.Tx, by actor.Actor, before, one *Dispute, name string, e audit.Entry) (err error) {
	one.Settled = one.settled()
	if d.Guard != nil {
		if err := d.Guard(tx, before, one); err != nil {
			return err
		}
	}
	if err := d.seal(one); err != nil {
		return err
	}
	if before == nil {
		one.Version = 1
		err = tx.Insert("foi_dispute", one.columns())
	} else {
		err = one.save(tx)
	}
	if err != nil {
		return err
	}
	detail := map[string]string{"act": name, "kind": string(one.Kind), "level": string(one.Last().Level)}
	if r := one.Last().Result; r != "" {
		detail["result"] = string(r)
	}
	e.Act, e.Agency, e.Subject, e.ID, e.Version, e.Title, e.Detail = actor.FoiDispute, one.Agency, "foi_dispute", one.ID, one.Version, one.Last().Authority, detail
	return audit.Append(tx, by, e)
}

func (d *Desk) seal(one *Dispute) error {
	plain, err := json.Marshal(one.Details)
	if err != nil {
		return fmt.Errorf("write dispute %s: %w", one.ID, err)
	}
	one.sealed, err = d.Keys.Seal("foi.dispute "+one.ID, plain)
	return err
}

func (d *Desk) open(one *Dispute) error {
	plain, err := d.Keys.Open("foi.dispute "+one.ID, one.sealed)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, &one.Details); err != nil {
		return fmt.Errorf("read dispute %s: %w", one.ID, err)
	}
	return nil
}

// Entering is a dispute as it is first entered.
type Entering struct {
	Agency      string
	Kind        Kind
	Request     string // its key, or its number in RequestNo
	RequestNo   string
	Reviewed    string // the reconsideration a suit follows
	CoDefendant bool
	Authority   string
	No          string
	Filed       date.Date
	Details
}

// Enter begins a dispute. 复议法第二十条, 行政诉讼法第四十五条、第四十六条.
func (d *Desk) Enter(ctx context.Context, by actor.Actor, in Entering) (one *Dispute, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.FoiDispute, actor.In(in.Agency)); err != nil {
			return err
		}
		if _, err := agency.Load(tx, in.Agency); err != nil {
			return err
		}
		if err := in.check(tx); err != nil {
			return err
		}
		level := First
		if in.Kind == Review {
			level = Reconsidering
		}
		one = &Dispute{ID: db.ID(), Agency: in.Agency, Kind: in.Kind, Request: in.Request, Reviewed: in.Reviewed, Filed: in.Filed,
			CoDefendant: in.CoDefendant, Details: in.Details, CreatedAt: tx.Now,
			Course: []Instance{{Level: level, Authority: in.Authority, No: in.No, Filed: in.Filed}}}
		return d.keep(tx, by, nil, one, "enter", audit.Entry{})
	})
	if err != nil {
		return nil, err
	}
	return one, nil
}

func (in *Entering) check(tx *db.Tx) (err error) {
	in.Authority, in.No, in.Party = strings.TrimSpace(in.Authority), strings.TrimSpace(in.No), strings.TrimSpace(in.Party)
	switch {
	case !slices.Contains(Kinds, in.Kind):
		return ErrKind
	case in.Authority == "" || len([]rune(in.Authority)) > 100:
		return ErrAuthority
	case in.Party == "":
		return ErrParty
	}
	if err := past(tx, in.Filed, date.Date{}); err != nil {
		return atFiled(err)
	}
	if no := strings.TrimSpace(in.RequestNo); in.Request == "" && no != "" {
		if in.Request, err = requestBy(tx, in.Agency, no); err != nil {
			return err
		}
	}
	if in.Request != "" {
		if owner, _, err := agencyOf(tx, in.Request); err != nil || owner != in.Agency {
			return ErrRequest
		}
	}
	return in.follows(tx)
}

// follows makes sure that a suit after reconsideration follows one that is over, of the same body
// and about the same request, where it is kept here.
func (in *Entering) follows(tx *db.Tx) error {
	if in.Kind != After {
		in.Reviewed = ""
		return nil
	}
	if in.Reviewed == "" {
		return nil
	}
	r, err := load(tx, in.Reviewed)
	if err != nil || r.Agency != in.Agency || r.Kind != Review || in.Filed.Before(r.Filed) {
		return ErrReviewed
	}
	if in.Request == "" {
		in.Request = r.Request
	}
	if r.Request != in.Request {
		return ErrReviewed
	}
	return nil
}

func atFiled(err error) error {
	if err == ErrDay {
		return ErrDay.At("filed")
	}
	return ErrFuture.At("filed")
}

// past refuses no day, a day to come, and one before another.
func past(tx *db.Tx, on, after date.Date) error {
	switch {
	case on.IsZero() || on.Before(after):
		return ErrDay
	case on.After(tx.Today()):
		return ErrFuture
	}
	return nil
}

// Progress is what becomes known of an instance before its result.
type Progress struct {
	No       string
	Accepted date.Date
	Papers   date.Date
	Replied  date.Date
	Simple   bool
	Extended bool
}

// Advance notes when the case was accepted, when the papers came, in which procedure it is, and
// when the body replied. 复议法第四十八条、第五十四条、第六十二条.
func (d *Desk) Advance(ctx context.Context, by actor.Actor, id string, version int64, p Progress) (*Dispute, error) {
	return d.act(ctx, by, id, version, "advance", func(tx *db.Tx, one *Dispute) (audit.Entry, error) {
		at := one.Last()
		if !at.Decided.IsZero() {
			return audit.Entry{}, ErrDecided
		}
		if p.Extended && (p.Simple || at.Level != Reconsidering) {
			return audit.Entry{}, ErrExtend
		}
		for _, day := range []struct {
			field string
			on    date.Date
		}{{"accepted", p.Accepted}, {"papers", p.Papers}, {"replied", p.Replied}} {
			if day.on.IsZero() {
				continue
			}
			if err := past(tx, day.on, at.Filed); err == ErrFuture {
				return audit.Entry{}, ErrFuture.At(day.field)
			} else if err != nil {
				return audit.Entry{}, ErrDay.At(day.field)
			}
		}
		at.No, at.Accepted, at.Papers, at.Replied, at.Simple, at.Extended = strings.TrimSpace(p.No), p.Accepted, p.Papers, p.Replied, p.Simple, p.Extended
		return audit.Entry{Cite: review.Art(62)}, nil
	})
}

// Decision is the result of an instance.
type Decision struct {
	On     date.Date
	Result Result
	Answer bool      // the body must answer again
	Until  date.Date // by when, if the decision says it
}

// Decide enters the result of the instance the dispute is at.
func (d *Desk) Decide(ctx context.Context, by actor.Actor, id string, version int64, r Decision) (*Dispute, error) {
	return d.act(ctx, by, id, version, "decide", func(tx *db.Tx, one *Dispute) (e audit.Entry, err error) {
		at := one.Last()
		switch {
		case !at.Decided.IsZero():
			return e, ErrDecided
		case !knows(at.Level, r.Result):
			return e, ErrResult
		case !r.Until.IsZero() && r.Until.Before(r.On):
			return e, ErrDay.At("until")
		}
		if err := past(tx, r.On, at.Filed); err != nil {
			return e, err
		}
		at.Decided, at.Result, at.Answer, at.Until = r.On, r.Result, r.Answer, r.Until
		i := slices.IndexFunc(Rulings(at.Level), func(o Ruling) bool { return o.Result == r.Result })
		e.Cite = Rulings(at.Level)[i].Cite
		return e, nil
	})
}

// Undecide takes back a result that was entered by mistake, with the reason.
func (d *Desk) Undecide(ctx context.Context, by actor.Actor, id string, version int64, reason string) (*Dispute, error) {
	return d.act(ctx, by, id, version, "undecide", func(_ *db.Tx, one *Dispute) (e audit.Entry, err error) {
		at := one.Last()
		if at.Decided.IsZero() {
			return e, ErrUndecided
		}
		if e.Reason = strings.TrimSpace(reason); e.Reason == "" {
			return e, ErrReason
		}
		at.Decided, at.Result, at.Answer, at.Until = date.Date{}, "", false, date.Date{}
		return e, nil
	})
}

// next lists the instances that may follow one.
func next(l Level, r Result) []Level {
	switch {
	case l == Reconsidering:
		return nil // a suit after reconsideration is a dispute of its own
	case r == SentBack:
		return []Level{First}
	case l == First:
		return []Level{Second, Retrial}
	}
	return []Level{Retrial}
}

// Next lists the instances that may follow the one the dispute is at: none while it is undecided.
func (d *Dispute) Next() []Level {
	if at := d.Last(); !at.Decided.IsZero() {
		return next(at.Level, at.Result)
	}
	return nil
}

// Appeal begins the next instance of a suit. 行政诉讼法第八十五条、第九十条.
func (d *Desk) Appeal(ctx context.Context, by actor.Actor, id string, version int64, in Instance) (*Dispute, error) {
	return d.act(ctx, by, id, version, "appeal", func(tx *db.Tx, one *Dispute) (e audit.Entry, err error) {
		switch {
		case one.Last().Decided.IsZero():
			return e, ErrUndecided
		case !slices.Contains(one.Next(), in.Level):
			return e, ErrLevel
		case strings.TrimSpace(in.Authority) == "":
			return e, ErrAuthority
		}
		if err := past(tx, in.Filed, one.Last().Decided); err != nil {
			return e, atFiled(err)
		}
		one.Course = append(one.Course, Instance{Level: in.Level, Authority: strings.TrimSpace(in.Authority), No: strings.TrimSpace(in.No), Filed: in.Filed})
		return audit.Entry{Cite: suit.Art(85)}, nil
	})
}

// Describe changes what is known of the parties and whether the body is there as co-defendant.
func (d *Desk) Describe(ctx context.Context, by actor.Actor, id string, version int64, coDefendant bool, details Details) (*Dispute, error) {
	return d.act(ctx, by, id, version, "describe", func(_ *db.Tx, one *Dispute) (e audit.Entry, err error) {
		if details.Party = strings.TrimSpace(details.Party); details.Party == "" {
			return e, ErrParty
		}
		one.Details, one.CoDefendant = details, coDefendant
		return e, nil
	})
}

// mostFile bounds a paper.
const mostFile = 50 << 20

// AddFile adds a paper: the application, the reply, the decision.
func (d *Desk) AddFile(ctx context.Context, by actor.Actor, id, name string, data []byte) (file string, err error) {
	name = path.Base(strings.ReplaceAll(strings.TrimSpace(name), `\`, "/"))
	if len(data) == 0 || len(data) > mostFile || name == "." || !slices.Contains(papers, strings.ToLower(path.Ext(name))) {
		return "", ErrFile.With("most", mostFile>>20)
	}
	f := &File{ID: db.ID(), Dispute: id, Size: int64(len(data)), Media: blob.MediaOf(data)}
	if f.sealedName, err = d.Keys.Seal("foi.dispute.name "+f.ID, []byte(name)); err != nil {
		return "", err
	}
	sealed, err := d.Keys.Seal("foi.dispute.file "+f.ID, data)
	if err != nil {
		return "", err
	}
	b, err := d.Blobs.Receive(ctx, bytes.NewReader([]byte(sealed)), int64(len(sealed)))
	if err != nil {
		return "", fmt.Errorf("keep a file: %w", err)
	}
	f.digest = b.Digest
	_, err = d.act(ctx, by, id, 0, "file", func(tx *db.Tx, one *Dispute) (audit.Entry, error) {
		f.By, f.At = by.Name, tx.Now
		if err := d.Blobs.Keep(tx, b); err != nil {
			return audit.Entry{}, err
		}
		return audit.Entry{}, tx.Insert("foi_dispute_file", f.columns())
	})
	return f.ID, err
}

// papers are the kinds of files that papers come as.
var papers = []string{".pdf", ".ofd", ".doc", ".docx", ".xls", ".xlsx", ".wps", ".et", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".txt", ".zip", ".mp3", ".mp4"}

// OpenFile returns a paper. Each time is on record.
func (d *Desk) OpenFile(ctx context.Context, by actor.Actor, id, file string) (f *File, data []byte, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		one, err := d.seen(tx, by, id, "file")
		if err != nil {
			return err
		}
		if f, err = loadFile(tx, one.ID, file); err != nil {
			return err
		}
		return d.openName(f)
	})
	if err != nil {
		return nil, nil, err
	}
	sealed, err := d.Blobs.ReadAll(ctx, f.digest)
	if err != nil {
		return nil, nil, err
	}
	data, err = d.Keys.Open("foi.dispute.file "+f.ID, string(sealed))
	return f, data, err
}

func (d *Desk) openName(f *File) error {
	name, err := d.Keys.Open("foi.dispute.name "+f.ID, f.sealedName)
	f.Name = string(name)
	return err
}

// seen loads a dispute for somebody to read, and puts on record that he did. R-PII-08.
func (d *Desk) seen(tx *db.Tx, by actor.Actor, id, what string) (*Dispute, error) {
	one, err := load(tx, id)
	if err != nil {
		return nil, err
	}
	if err := by.May(actor.FoiDispute, actor.In(one.Agency)); err != nil {
		return nil, err
	}
	if err := d.open(one); err != nil {
		return nil, err
	}
	return one, audit.Append(tx, by, audit.Entry{Act: actor.FoiDispute, Agency: one.Agency, Subject: "foi_dispute", ID: one.ID, Version: one.Version,
		Cite: statute.Personal2021.Art(34), Detail: map[string]string{"act": what}})
}

// View is a dispute as somebody sees it.
type View struct {
	*Dispute
	RequestNo string
	Files     []*File
	Alarms    []Alarm
	Suits     []*Dispute // that follow this reconsideration
	Answered  bool       // the request was answered again since the result
	Column    Bucket     // of table four, at the end of today
	Counts    bool
}

// Load returns a dispute to who keeps a body's disputes.
func (d *Desk) Load(ctx context.Context, by actor.Actor, id string) (v *View, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		one, err := d.seen(tx, by, id, "view")
		if err != nil {
			return err
		}
		v = &View{Dispute: one, Alarms: one.Last().Alarms(d.Calendar())}
		return d.fill(tx, v)
	})
	return v, err
}

func (d *Desk) fill(tx *db.Tx, v *View) (err error) {
	if v.Files, err = filesOf(tx, v.ID); err != nil {
		return err
	}
	for _, f := range v.Files {
		if err := d.openName(f); err != nil {
			return err
		}
	}
	if v.Suits, err = following(tx, v.ID); err != nil {
		return err
	}
	b, _, err := loadBuckets(tx, v.Agency)
	if err != nil {
		return err
	}
	today := tx.Today()
	v.Column, v.Counts = v.Dispute.Column(date.Must(today.Year(), 1, 1), today, b)
	if v.Request == "" {
		return nil
	}
	if _, v.RequestNo, err = agencyOf(tx, v.Request); err != nil {
		return err
	}
	v.Answered, err = answered(tx, v.Request, v.Last().Decided)
	if v.Answered || v.Last().Decided.IsZero() {
		v.Alarms = slices.DeleteFunc(v.Alarms, func(a Alarm) bool { return a.What == "dispute.alarm.answer" })
	}
	return err
}

// Filter chooses disputes for a list.
type Filter struct {
	Agency   string
	Kind     Kind
	Request  string
	Open     bool
	From, To date.Date // filed
	After    string
	Limit    int

	day date.Date
	id  string
}

// Page is part of a list.
type Page struct {
	Disputes []*Dispute
	Total    int
	Next     string
}

// List returns a page of a body's disputes, the latest first, without what is sealed.
func (d *Desk) List(ctx context.Context, by actor.Actor, f Filter) (p Page, err error) {
	if err := by.May(actor.FoiDispute, actor.In(f.Agency)); err != nil {
		return p, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 30
	}
	if f.After != "" {
		day, id, _ := strings.Cut(f.After, " ")
		if f.day, err = date.Parse(day); err != nil {
			return p, ErrDay
		}
		f.id = id
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		all, err := list(tx, f)
		if err != nil {
			return err
		}
		p = Page{Disputes: all}
		if len(all) > f.Limit {
			p.Disputes = all[:f.Limit]
			last := p.Disputes[f.Limit-1]
			p.Next = last.Filed.String() + " " + last.ID
		}
		p.Total, err = total(tx, f)
		return err
	})
	return p, err
}

// Duty is an alarm with its dispute.
type Duty struct {
	*Dispute
	Alarm
}

// Watch lists what a body's disputes ask of it, the most urgent first.
func (d *Desk) Watch(ctx context.Context, by actor.Actor, agency string) (all []Duty, err error) {
	if err := by.May(actor.FoiDispute, actor.In(agency)); err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		all = nil
		rows, err := unsettled(tx, agency, tx.Today().Plus(-366))
		if err != nil {
			return err
		}
		for _, one := range rows {
			if err := d.duties(tx, one, &all); err != nil {
				return err
			}
		}
		slices.SortStableFunc(all, func(a, b Duty) int { return a.Due.Compare(b.Due) })
		return nil
	})
	return all, err
}

func (d *Desk) duties(tx *db.Tx, one *Dispute, all *[]Duty) error {
	for _, a := range one.Last().Alarms(d.Calendar()) {
		if !a.Own {
			continue
		}
		if a.What == "dispute.alarm.answer" && one.Request != "" {
			done, err := answered(tx, one.Request, one.Last().Decided)
			if err != nil {
				return err
			}
			if done {
				continue
			}
		}
		*all = append(*all, Duty{one, a})
	}
	return nil
}

// Columns returns a body's choices for unverified results, with their version.
func (d *Desk) Columns(ctx context.Context, by actor.Actor, agency string) (b Buckets, version int64, err error) {
	if err := by.May(actor.FoiDispute, actor.In(agency)); err != nil {
		return nil, 0, err
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		b, version, err = loadBuckets(tx, agency)
		return err
	})
	return b, version, err
}

// SetColumns changes a body's choices.
func (d *Desk) SetColumns(ctx context.Context, by actor.Actor, agency string, version int64, b Buckets) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.FoiSetting, actor.In(agency)); err != nil {
			return err
		}
		if err := b.check(); err != nil {
			return err
		}
		if err := saveBuckets(tx, agency, b, version); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Act: actor.FoiSetting, Agency: agency, Subject: "foi_dispute_setting", ID: agency, Version: version + 1, Detail: b})
	})
}
