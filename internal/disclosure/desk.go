package disclosure

import (
	"context"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/index"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/flow"
	"gongkai/internal/gate"
	"gongkai/internal/statute"
	"gongkai/internal/workday"
)

// Desk is where an agency's people draft, review, publish and keep information. Its fields
// are set before its first use.
type Desk struct {
	DB *db.DB
	// Calendar returns the calendar as it is now: holiday notices are loaded while serving.
	Calendar func() *workday.Calendar
	Blobs    *blob.Store
	// Words returns the word lists of the checks; nil means those the product brings along.
	Words func(ctx context.Context) (*gate.Lexicon, error)
	// Changed is told of every item an act changed, in the act's transaction, such as for the
	// text index. nil for nobody.
	Changed func(tx *db.Tx, i *Item) error
	// Having returns the items of an agency that have words, and whether there are more of them
	// or not all are known; nil for a look at every title.
	Having func(ctx context.Context, agency, words string) (items []string, more bool, err error)
	// ReviewDays is how many working days a review may take, and how many after an urgent
	// publication all of them; DefaultReviewDays if 0.
	ReviewDays int
}

// DefaultReviewDays is the time limit of reviews seen most in local rules, R-FLW-05.
const DefaultReviewDays = 5

func (d *Desk) reviewDays() int {
	if d.ReviewDays == 0 {
		return DefaultReviewDays
	}
	return d.ReviewDays
}

// ReviewBy is the last day of the review an edition waits for, counted from the day it came
// to that review (R-FLW-05); zero when it waits for none.
func (d *Desk) ReviewBy(e *Edition) date.Date {
	switch {
	case e.State == Urgent:
		return e.ApproveBy
	case !e.State.Reviewing():
		return date.Date{}
	}
	return d.Calendar().Add(date.Of(e.StepAt.In(date.China)), d.reviewDays()).Date
}

// DefaultTemplate numbers where an agency has set nothing: the layout of Guangdong and Gansu,
// whose codes every body has.
var DefaultTemplate = index.MustTemplate("{uscc}/{yyyy}-{seq:5}")

// work is an act under way: the records it changes and who does it.
type work struct {
	desk    *Desk
	tx      *db.Tx
	by      actor.Actor
	item    *Item
	edition *Edition // the one acted on
	section *section.Section
	path    []string // the section and those above it, for grants
	behalf  string
	act     actor.Act
	step    flow.Move[State, Step]
	before  State
}

// open loads an edition with its item for an act, and refuses who may not do it.
func (d *Desk) open(tx *db.Tx, by actor.Actor, act actor.Act, edition string) (*work, error) {
	e, err := loadEdition(tx, edition)
	if err != nil {
		return nil, err
	}
	i, err := loadItem(tx, e.Item)
	if err != nil {
		return nil, err
	}
	w := &work{desk: d, tx: tx, by: by, item: i, edition: e, act: act, before: e.State}
	if w.path, w.section, err = section.Path(tx, i.Section); err != nil {
		return nil, err
	}
	return w, w.may()
}

// may refuses the act to who has no role for it here.
func (w *work) may() error {
	s := actor.In(w.item.Agency, w.path...)
	g, ok := w.by.By(w.act, s)
	if !ok {
		return w.by.May(w.act, s)
	}
	w.behalf = g.Behalf
	return nil
}

// seen refuses to change an edition that another changed since.
func (w *work) seen(version int64) error {
	if w.edition.Version != version {
		return ErrStale
	}
	return nil
}

// take moves the edition by a step of its flow.
func (w *work) take(s Step) error {
	to, err := Flow.Next(w.edition.State, s)
	if err != nil {
		return err
	}
	w.step, _ = Flow.Find(w.edition.State, s)
	if to != w.edition.State {
		w.edition.StepAt = w.tx.Now
	}
	w.edition.State = to
	return nil
}

// finish saves the edition and writes the act's entry.
func (w *work) finish(reason string, detail any) error {
	if err := w.edition.save(w.tx); err != nil {
		return err
	}
	return w.record(reason, detail)
}

// record tells of the change and writes the act's entry of the audit. Both make other acts
// wait, so they come last.
func (w *work) record(reason string, detail any) error {
	if w.desk.Changed != nil {
		if err := w.desk.Changed(w.tx, w.item); err != nil {
			return err
		}
	}
	cite := w.step.Cite
	if cite.IsZero() {
		cite = statute.OGI2019.Art(17)
	}
	return audit.Append(w.tx, w.by, audit.Entry{
		Act: w.act, Agency: w.item.Agency, Subject: "item", ID: w.item.ID, Version: w.edition.Version,
		Title: w.edition.Title, Cite: cite, Reason: reason, Behalf: w.behalf,
		Detail: entry{w.edition.ID, w.edition.No, w.before, w.edition.State, w.edition.Hash, detail},
	})
}

// entry is what an audit entry says of the edition.
type entry struct {
	Edition string `json:"edition"`
	No      int64  `json:"no"`
	Before  State  `json:"before"`
	After   State  `json:"after"`
	Hash    string `json:"hash"`
	More    any    `json:"more,omitempty"`
}

// update runs one act on one edition and returns it.
func (d *Desk) update(ctx context.Context, by actor.Actor, act actor.Act, edition string, do func(w *work) error) (e *Edition, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		w, err := d.open(tx, by, act, edition)
		if err != nil {
			return err
		}
		e = w.edition
		return do(w)
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

// assistance is the key of social assistance among the subjects of article 21.
const assistance = "assistance"

// days is how many working days there are to publish in a section: R-PUB-01, R-PUB-07.
func days(s *section.Section) int {
	if s.Item21 == assistance {
		return AssistanceDays
	}
	return PublishDays
}

// reckon counts the edition's limits and its hash anew.
func (e *Edition) reckon(cal *workday.Calendar, s *section.Section) {
	due := Due(cal, e.FormedOn, days(s))
	e.DueOn, e.DueSure = due.Date, due.Sure
	e.Hash = ContentHash(&e.Content, e.Attachments)
}

// Recount counts anew the last days of what is not public and whose calendar was not known,
// after a year's holidays were announced. It changes no content and no version.
func (d *Desk) Recount(ctx context.Context) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		all, err := unsure(tx)
		if err != nil {
			return err
		}
		for _, e := range all {
			_, s, err := section.Path(tx, e.Section)
			if err != nil {
				return err
			}
			if due := Due(d.Calendar(), e.FormedOn, days(s)); due.Sure {
				if err := e.redate(tx, due); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Late reports whether the edition's information is past the last day to publish it, R-PUB-01.
func (e *Edition) Late(today date.Date) bool {
	return !e.DueOn.IsZero() && today.After(e.DueOn)
}
