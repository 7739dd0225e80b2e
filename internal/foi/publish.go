package foi

import (
	"context"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/gate"
	"gongkai/internal/i18n"
)

// LogEntry is what a body publishes of a request and its reply: words of its own, nothing of the
// applicant's, no files.
type LogEntry struct {
	ID         string // the request's
	Agency     string
	Title      string
	Sought     string // what was asked for
	Outcome    outcome.Code
	Summary    string // of the reply
	RepliedOn  date.Date
	ProposedBy string // account
	ProposedAt time.Time
	AgreedBy   string
	// PublishedAt is zero until somebody else agreed, TakenDownAt while the entry is public.
	PublishedAt, TakenDownAt time.Time
	Version                  int64
}

// LogWords are what the clerk writes for the log.
type LogWords struct{ Title, Sought, Summary string }

// Limits of an entry's texts, in characters, and of a page of the log.
const (
	mostLogText  = 2000
	LogRows      = 20
	mostLogWords = 50
)

// Faults of the log.
var (
	ErrLogOff     = &fault.Error{Kind: fault.Conflict, Code: "foi.log.off"}
	ErrLogOpen    = &fault.Error{Kind: fault.Conflict, Code: "foi.log.open"}
	ErrLogOwn     = &fault.Error{Kind: fault.Conflict, Code: "foi.log.own_record", Cite: ogi.Art(41)}
	ErrLogState   = &fault.Error{Kind: fault.Conflict, Code: "foi.log.state"}
	ErrLogSought  = &fault.Error{Kind: fault.Invalid, Code: "foi.log.sought", Field: "sought"}
	ErrLogSummary = &fault.Error{Kind: fault.Invalid, Code: "foi.log.summary", Field: "summary"}
	// ErrLogApplicant refuses words that hold something of who asked, ErrLogPersonal what looks like
	// anybody's data: both say what.
	ErrLogApplicant = &fault.Error{Kind: fault.Invalid, Code: "foi.log.applicant"}
	ErrLogPersonal  = &fault.Error{Kind: fault.Invalid, Code: "foi.log.personal"}
)

// ProposeLog proposes that a request and its reply be published, in words without the applicant.
func (d *Desk) ProposeLog(ctx context.Context, by actor.Actor, id string, version int64, words LogWords) (*Request, error) {
	return d.act(ctx, by, actor.FoiPublish, id, version, "propose_log", func(w *work) error {
		if err := w.loggable(); err != nil {
			return err
		}
		if w.r.Log != NotLogged {
			return ErrLogState
		}
		if err := words.check(&w.c.Application); err != nil {
			return err
		}
		e := &LogEntry{ID: w.r.ID, Agency: w.r.Agency, Title: words.Title, Sought: words.Sought, Outcome: w.r.Outcome, Summary: words.Summary,
			RepliedOn: w.r.ClosedOn, ProposedBy: w.by.ID, ProposedAt: w.tx.Now}
		if err := e.put(w.tx); err != nil {
			return err
		}
		return w.logged(Proposed, "propose_log", "")
	})
}

// AgreeLog publishes what was proposed. It takes a head, and never who proposed it.
func (d *Desk) AgreeLog(ctx context.Context, by actor.Actor, id string, version int64) (*Request, error) {
	return d.decideLog(ctx, by, id, version, "agree_log", func(w *work, e *LogEntry) error {
		if err := w.loggable(); err != nil {
			return err
		}
		words := LogWords{e.Title, e.Sought, e.Summary}
		if err := words.check(&w.c.Application); err != nil {
			return err
		}
		e.AgreedBy, e.PublishedAt = w.by.ID, w.tx.Now
		if err := e.save(w.tx); err != nil {
			return err
		}
		return w.logged(Logged, "agree_log", "")
	})
}

// RefuseLog sends a proposal back; it may be worded anew and proposed again.
func (d *Desk) RefuseLog(ctx context.Context, by actor.Actor, id string, version int64, reason string) (*Request, error) {
	return d.decideLog(ctx, by, id, version, "refuse_log", func(w *work, e *LogEntry) error {
		if w.reason = strings.TrimSpace(reason); w.reason == "" {
			return ErrReason
		}
		return w.logged(NotLogged, "refuse_log", w.reason)
	})
}

// decideLog decides about a proposal of somebody else's.
func (d *Desk) decideLog(ctx context.Context, by actor.Actor, id string, version int64, name Act, do func(w *work, e *LogEntry) error) (*Request, error) {
	return d.act(ctx, by, actor.FoiPublish, id, version, name, func(w *work) error {
		if err := allowed(by, actor.FoiApprove, w.r); err != nil {
			return err
		}
		if w.r.Log != Proposed {
			return ErrLogState
		}
		e, err := logEntry(w.tx, w.r.ID)
		if err != nil {
			return err
		}
		if e.ProposedBy == by.ID {
			return ErrOwn
		}
		return do(w, e)
	})
}

// TakeDownLog takes an entry out of the public's sight, for a reason.
func (d *Desk) TakeDownLog(ctx context.Context, by actor.Actor, id string, version int64, reason string) (*Request, error) {
	return d.act(ctx, by, actor.FoiPublish, id, version, "take_down_log", func(w *work) error {
		if w.reason = strings.TrimSpace(reason); w.reason == "" {
			return ErrReason
		}
		if w.r.Log != Logged {
			return ErrLogState
		}
		e, err := logEntry(w.tx, w.r.ID)
		if err != nil {
			return err
		}
		e.TakenDownAt = w.tx.Now
		if err := e.save(w.tx); err != nil {
			return err
		}
		return w.logged(NotLogged, "take_down_log", w.reason)
	})
}

// loggable refuses what is not to be published: the body has no log, the request is not answered,
// or it is about the applicant's own record.
func (w *work) loggable() error {
	switch {
	case !w.s.PublicLog:
		return ErrLogOff
	case w.r.State != Closed:
		return ErrLogOpen
	case w.r.Nature == OwnRecord:
		return ErrLogOwn
	}
	return nil
}

func (w *work) logged(s LogState, name Act, note string) error {
	w.r.Log = s
	w.step(name, w.today, note, false)
	return nil
}

// check refuses words that are missing, too long, or tell who asked.
func (t *LogWords) check(a *Application) error {
	t.Title, t.Sought, t.Summary = strings.TrimSpace(legible(t.Title)), strings.TrimSpace(legible(t.Sought)), strings.TrimSpace(legible(t.Summary))
	switch {
	case t.Title == "" || len([]rune(t.Title)) > mostShort:
		return ErrTitle
	case t.Sought == "" || len([]rune(t.Sought)) > mostLogText:
		return ErrLogSought
	case t.Summary == "" || len([]rune(t.Summary)) > mostLogText:
		return ErrLogSummary
	}
	for _, one := range []struct{ field, text string }{{"title", t.Title}, {"sought", t.Sought}, {"summary", t.Summary}} {
		if what := a.in(one.text); what != "" {
			return ErrLogApplicant.With("what", i18n.M(what)).At(one.field)
		}
		if f := personalIn(one.text); f != nil {
			return ErrLogPersonal.With("what", f.Message).At(one.field)
		}
	}
	return nil
}

// in names what a text holds of who asked, "" for nothing. Numbers and addresses are found however
// they are parted; what is too short to tell anybody is not looked for.
func (a *Application) in(text string) string {
	p, text := a.Applicant, plain(text)
	for _, one := range []struct {
		word  string
		least int
		all   []string
	}{
		{"foi.log.what.name", 2, []string{p.Name, p.Guardian, p.Contact, p.Representative, a.Agent.Name}},
		{"foi.log.what.id", 5, []string{p.IDNumber, p.Credit, a.Agent.IDNumber}},
		{"foi.log.what.phone", 5, []string{p.Phone, p.Fax, a.Agent.Phone}},
		{"foi.log.what.address", 4, []string{p.Address}},
		{"foi.log.what.email", 5, []string{p.Email}},
		{"foi.log.what.work", 4, []string{p.Work}},
	} {
		for _, s := range one.all {
			if s = plain(s); len([]rune(s)) >= one.least && strings.Contains(text, s) {
				return one.word
			}
		}
	}
	return ""
}

// personalIn is the first thing in a text that the rules before publication call personal data.
func personalIn(text string) *gate.Finding {
	rules := gate.Rules()[:0:0]
	for _, r := range gate.Rules() {
		if strings.HasPrefix(r.Code, "R-PII") {
			rules = append(rules, r)
		}
	}
	if all := gate.Run(rules, &gate.Subject{Parts: []gate.Part{gate.Plain(gate.BodyID, text)}}); len(all) > 0 {
		return &all[0]
	}
	return nil
}

// LogPage is a page of the published log.
type LogPage struct {
	Entries []*LogEntry
	Total   int
}

// PublicLog lists what bodies published of requests and replies, the latest first: of one body, or
// of all that have a log where agency is "". page counts from 1.
func (d *Desk) PublicLog(ctx context.Context, agency, words string, page int) (p LogPage, err error) {
	if all := []rune(strings.TrimSpace(words)); len(all) > mostLogWords {
		words = string(all[:mostLogWords])
	}
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		bodies, err := logging(tx, agency)
		if err != nil || len(bodies) == 0 {
			p = LogPage{}
			return err
		}
		p, err = publicLog(tx, bodies, strings.Fields(words), page)
		return err
	})
	return p, err
}
