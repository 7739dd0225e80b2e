package foi

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/paper"
)

// LetterState is where a letter stands.
type LetterState string

// The states of letters.
const (
	Drafted  LetterState = "draft"
	Finished LetterState = "ready" // numbered and not changed any more
	Sent     LetterState = "sent"
	Voided   LetterState = "void"
)

// Effect is what the sending of a letter brings about beyond its kind.
type Effect struct {
	Item   int  `json:"item,omitempty"`   // which consultation
	Closes bool `json:"closes,omitempty"` // it tells the decision
}

// Letter is a letter of a request (文书) and what is known of its way.
type Letter struct {
	ID, Request, Agency string
	Code                letter.Code
	No                  string // 文号
	State               LetterState
	Way                 Way
	SentOn, ArrivedOn   date.Date
	CreatedAt           time.Time
	Version             int64

	Text *letter.Letter
	// Tracking and Signer are of the delivery; Failed says why it came back.
	Tracking, Signer, Failed string
	effect                   Effect
	sealed                   string
}

// enclosed is what is sealed of a letter.
type enclosed struct {
	Text     *letter.Letter `json:"text"`
	Effect   Effect         `json:"effect"`
	Tracking string         `json:"tracking,omitempty"`
	Signer   string         `json:"signer,omitempty"`
	Failed   string         `json:"failed,omitempty"`
}

func (d *Desk) sealLetter(l *Letter) error {
	plain, err := json.Marshal(enclosed{l.Text, l.effect, l.Tracking, l.Signer, l.Failed})
	if err != nil {
		return fmt.Errorf("write letter %s: %w", l.ID, err)
	}
	l.sealed, err = d.Keys.Seal("foi.letter "+l.ID, plain)
	return err
}

func (d *Desk) openLetter(l *Letter) error {
	plain, err := d.Keys.Open("foi.letter "+l.ID, l.sealed)
	if err != nil {
		return err
	}
	var e enclosed
	if err := json.Unmarshal(plain, &e); err != nil {
		return fmt.Errorf("read letter %s: %w", l.ID, err)
	}
	l.Text, l.effect, l.Tracking, l.Signer, l.Failed = e.Text, e.Effect, e.Tracking, e.Signer, e.Failed
	return nil
}

func (d *Desk) letters(tx *db.Tx, request string) ([]*Letter, error) {
	all, err := lettersOf(tx, request)
	if err != nil {
		return nil, err
	}
	for _, l := range all {
		if err := d.openLetter(l); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// draft adds a letter to the act. An earlier draft of the same kind about the same gives way.
func (w *work) draft(code letter.Code, e Effect) error {
	if w.r.Version > 0 {
		if err := w.voidDrafts(func(l *Letter) bool { return l.Code == code && l.effect.Item == e.Item }); err != nil {
			return err
		}
	}
	f, err := w.facts(e)
	if err != nil {
		return err
	}
	text, err := letter.Draft(code, f, w.today)
	if err != nil {
		return err
	}
	l := &Letter{ID: db.ID(), Request: w.r.ID, Agency: w.r.Agency, Code: code, State: Drafted, CreatedAt: w.tx.Now, Version: 1, Text: text, effect: e}
	if err := w.d.sealLetter(l); err != nil {
		return err
	}
	return w.tx.Insert("foi_letter", l.columns())
}

// voidDrafts voids letters not yet sent that which says.
func (w *work) voidDrafts(which func(l *Letter) bool) error {
	all, err := w.d.letters(w.tx, w.r.ID)
	if err != nil {
		return err
	}
	for _, l := range all {
		if (l.State == Drafted || l.State == Finished) && which(l) {
			l.State = Voided
			if err := l.save(w.tx); err != nil {
				return err
			}
		}
	}
	return nil
}

// voidDecisionLetter voids the letter of a decision that was taken back.
func (w *work) voidDecisionLetter() error {
	return w.voidDrafts(func(l *Letter) bool { return l.effect.Closes })
}

// Letter returns one letter to who handles its request.
func (d *Desk) Letter(ctx context.Context, by actor.Actor, id, key string) (r *Request, l *Letter, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if r, err = load(tx, id); err != nil {
			return err
		}
		if err := allowed(by, actor.FoiView, r); err != nil {
			return err
		}
		if l, err = loadLetter(tx, id, key); err != nil {
			return err
		}
		if bare(l.Code) {
			if err := revealed(by, r); err != nil {
				return err
			}
		}
		if err := d.openLetter(l); err != nil {
			return err
		}
		return d.read(tx, by, r, "letter", map[string]string{"letter": l.ID, "code": string(l.Code)})
	})
	return r, l, err
}

// Tells reports whether a letter tells a decision. It says what was reviewed, so that only who has
// the last word on decisions words it anew.
func (l *Letter) Tells() bool { return l.effect.Closes }

// MayEdit returns why somebody may not change the words of a letter of the request in view.
func (v *View) MayEdit(by actor.Actor, l *Letter) error {
	switch {
	case !l.Tells():
		return allowed(by, actor.FoiHandle, v.Request)
	case v.Record.Decision != nil && v.Record.Decision.By == by.ID:
		return ErrOwn
	}
	return allowed(by, actor.FoiApprove, v.Request)
}

// editing is the permission that changing a letter's words takes.
func (d *Desk) editing(ctx context.Context, id, key string) (what actor.Act, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		l, err := loadLetter(tx, id, key)
		if err != nil {
			return err
		}
		if err := d.openLetter(l); err != nil {
			return err
		}
		if what = actor.FoiHandle; l.Tells() {
			what = actor.FoiApprove
		}
		return nil
	})
	return what, err
}

// EditLetter changes a part of a draft within the bounds of its template.
func (d *Desk) EditLetter(ctx context.Context, by actor.Actor, id, key string, version int64, parts map[string]string) (*Request, error) {
	what, err := d.editing(ctx, id, key)
	if err != nil {
		return nil, err
	}
	return d.act(ctx, by, what, id, 0, "edit_letter", func(w *work) error {
		l, err := w.letter(key, version, Drafted)
		if err != nil {
			return err
		}
		if l.Tells() && w.c.Decision.By == by.ID {
			return ErrOwn
		}
		for _, slot := range l.Text.Slots {
			text, given := parts[slot.Name]
			if !given || text == slot.Text {
				continue
			}
			if err := l.Text.Edit(slot.Name, text); err != nil {
				return err
			}
		}
		w.detail["code"] = string(l.Code)
		return w.saveLetter(l)
	})
}

// RefreshLetter drafts a letter anew from the record as it now stands.
func (d *Desk) RefreshLetter(ctx context.Context, by actor.Actor, id, key string, version int64) (*Request, error) {
	return d.act(ctx, by, actor.FoiHandle, id, 0, "refresh_letter", func(w *work) error {
		l, err := w.letter(key, version, Drafted)
		if err != nil {
			return err
		}
		w.detail["code"] = string(l.Code)
		f, err := w.facts(l.effect)
		if err != nil {
			return err
		}
		if l.Text, err = letter.Draft(l.Code, f, w.today); err != nil {
			return err
		}
		return w.saveLetter(l)
	})
}

// FinishLetter gives a letter its number and day. It is refused while anything the letter needs is
// blank. no may be a number the body gives by hand.
func (d *Desk) FinishLetter(ctx context.Context, by actor.Actor, id, key string, version int64, no string) (*Request, error) {
	return d.act(ctx, by, actor.FoiSend, id, 0, "finish_letter", func(w *work) error {
		l, err := w.letter(key, version, Drafted)
		if err != nil {
			return err
		}
		if err := w.number(l, strings.TrimSpace(no)); err != nil {
			return err
		}
		facts, err := w.facts(l.effect)
		if err != nil {
			return err
		}
		if err := l.finish(facts, w.today); err != nil {
			return err
		}
		if gaps := l.Text.Missing(); len(gaps) > 0 {
			return ErrLetterGaps.With("what", gaps[0].Message).At(gaps[0].Field)
		}
		l.State = Finished
		w.detail["code"], w.detail["no"] = string(l.Code), l.No
		w.step("finish_letter", w.today, l.No, false)
		return w.saveLetter(l)
	})
}

// number gives a letter the number somebody chose, or the next. Numbers that were given by hand are
// passed over.
func (w *work) number(l *Letter, no string) (err error) {
	if err := holdNumbers(w.tx, w.r.Agency, "letter"); err != nil {
		return err
	}
	if l.No = no; no != "" {
		taken, err := numberTaken(w.tx, w.r.Agency, no, l.ID)
		switch {
		case err != nil:
			return err
		case taken:
			return ErrLetterNo.With("no", no)
		}
		return checkNumber(no)
	}
	for {
		n, err := nextNumber(w.tx, w.r.Agency, "letter", w.today.Year())
		if err != nil {
			return err
		}
		if l.No, err = letter.Number(w.s.LetterPattern, w.today.Year(), int(n)); err != nil {
			return err
		}
		if taken, err := numberTaken(w.tx, w.r.Agency, l.No, l.ID); err != nil || !taken {
			return err
		}
	}
}

// VoidLetter voids a letter that was not sent. What its sending would have brought about does not
// come about; a decision's letter is taken back with the decision.
func (d *Desk) VoidLetter(ctx context.Context, by actor.Actor, id, key string, version int64, reason string) (*Request, error) {
	return d.act(ctx, by, actor.FoiSend, id, 0, "void_letter", func(w *work) error {
		if w.reason = strings.TrimSpace(reason); w.reason == "" {
			return ErrReason
		}
		l, err := w.letter(key, version, Drafted, Finished)
		if err != nil {
			return err
		}
		if l.effect.Closes {
			return ErrLetterMoment
		}
		l.State = Voided
		w.detail["code"], w.detail["no"] = string(l.Code), l.No
		w.step("void_letter", w.today, reason, false)
		return w.saveLetter(l)
	})
}

// DraftLetter drafts a letter or form that no act drafts by itself: a receipt, the register, the
// approval sheet, the receipt of delivery.
func (d *Desk) DraftLetter(ctx context.Context, by actor.Actor, id string, version int64, code letter.Code) (*Request, error) {
	return d.act(ctx, by, actor.FoiHandle, id, version, "draft_letter", func(w *work) error {
		e := w.c.Extension
		again := code == "L04" && e != nil && !e.Approved.IsZero() && e.Notified.IsZero() // its letter was voided
		if !again && !slices.Contains([]letter.Code{"L01", "L30", "L31", "L32", letter.Approval, letter.ServiceReturn, letter.Register, letter.Application}, code) {
			return ErrLetterKind
		}
		w.detail["code"] = string(code)
		return w.draft(code, Effect{})
	})
}

// Form makes one of the forms that stay in the file, from the record as it stands.
func (d *Desk) Form(ctx context.Context, by actor.Actor, id string, code letter.Code) (doc *paper.Document, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		w, err := d.begin(tx, by, id)
		if err != nil {
			return err
		}
		if err := allowed(by, actor.FoiView, w.r); err != nil {
			return err
		}
		if bare(code) {
			if err := revealed(by, w.r); err != nil {
				return err
			}
		}
		f, err := w.facts(Effect{})
		if err != nil {
			return err
		}
		l, err := letter.Draft(code, f, w.today)
		if err != nil {
			return err
		}
		doc = l.Document()
		return d.read(tx, by, w.r, "form", map[string]string{"code": string(code)})
	})
	return doc, err
}

// letter loads a letter of the request in one of some states.
func (w *work) letter(key string, version int64, states ...LetterState) (*Letter, error) {
	l, err := loadLetter(w.tx, w.r.ID, key)
	if err != nil {
		return nil, err
	}
	if version != 0 && l.Version != version {
		return nil, ErrStale
	}
	if !contains(states, l.State) {
		if l.State == Drafted {
			return nil, ErrLetterDraft
		}
		return nil, ErrLetterSent
	}
	return l, w.d.openLetter(l)
}

func (w *work) saveLetter(l *Letter) error {
	if err := w.d.sealLetter(l); err != nil {
		return err
	}
	return l.save(w.tx)
}

// Sending is how a letter leaves.
type Sending struct {
	Way      Way
	On       date.Date // signed, posted or sent: R-DL-14
	Tracking string    // of the postal enterprise
	Signer   string    // who signed for it in person
}

// SendLetter records that a letter left, on a day not later than today, and lets it take effect:
// the correction is asked for, the time of a consultation begins, the extension holds, the fee is
// due, the decision closes the request.
func (d *Desk) SendLetter(ctx context.Context, by actor.Actor, id, key string, version int64, s Sending) (*Request, error) {
	return d.act(ctx, by, actor.FoiSend, id, 0, "send_letter", func(w *work) error {
		l, err := w.letter(key, version, Finished)
		if err != nil {
			return err
		}
		if err := w.sendable(l, s); err != nil {
			return err
		}
		l.State, l.Way, l.SentOn, l.Tracking, l.Signer = Sent, s.Way, s.On, strings.TrimSpace(s.Tracking), strings.TrimSpace(s.Signer)
		if !s.Way.Posted() {
			l.ArrivedOn = s.On
		}
		w.detail["code"], w.detail["no"], w.detail["way"] = string(l.Code), l.No, string(l.Way)
		w.c.Steps = append(w.c.Steps, Step{At: w.tx.Now, On: s.On, Act: "send_letter", By: w.by.Name, Note: string(l.Code) + " " + l.No, Letter: l.ID, Open: toApplicant(l.Code)})
		if err := w.effect(l); err != nil {
			return err
		}
		if toApplicant(l.Code) {
			w.news = append(w.news, News{Event: "letter", Letter: l})
		}
		if err := w.saveLetter(l); err != nil {
			return err
		}
		return w.refill(l)
	})
}

// sendable returns why a letter cannot have left so.
func (w *work) sendable(l *Letter, s Sending) error {
	switch {
	case !contains(Deliveries, s.Way):
		return ErrDelivery
	case w.past(s.On) != nil:
		return w.past(s.On)
	case s.On.Before(l.Text.On):
		return ErrEarly.With("received", l.Text.On)
	case s.Way.Posted() && strings.TrimSpace(s.Tracking) == "" && l.effect.Closes:
		return ErrTracking
	case (s.Way == InPerson || s.Way == ByHand || s.Way == Entrusted) && strings.TrimSpace(s.Signer) == "":
		return ErrSigner
	case s.Way == Online && !toApplicant(l.Code):
		return ErrDelivery
	case s.Way == Online && s.On != w.today:
		// The applicant can have it from now on, not since the day somebody wishes it had left.
		return ErrOnlineToday.With("today", w.today)
	}
	return nil
}

func toApplicant(c letter.Code) bool {
	k, ok := letter.Find(c)
	return ok && k.To == letter.ToApplicant
}

// effect lets a letter do what it says.
func (w *work) effect(l *Letter) error {
	on, arrived := l.SentOn, l.ArrivedOn
	switch l.Code {
	case "L02":
		return w.correctionSent(l)
	case "L03":
		if err := w.move(AskReasons); err != nil {
			return err
		}
		w.c.Reasons.Notified = on
		w.c.Reasons.Due = later(w.after(on, arrived, w.c.Reasons.Days), l.Text.Facts.Reasons.Deadline)
		w.tell("reasons")
	case "L04":
		return w.extensionSent(on)
	case "L05", "L07":
		n := w.c.consultation(l.effect.Item)
		if n == nil {
			return ErrConsultation
		}
		n.Sent, n.Received = on, arrived
		w.tell("consultation")
		if err := w.move(Consult); err != nil {
			return err
		}
		return w.draft("L06", Effect{Item: l.effect.Item})
	case "L09":
		return w.feeSent(on, arrived)
	case "L34":
		if !Flow.May(w.r.State, AgreeLater) {
			return w.move(AgreeLater)
		}
		if on.After(w.clock().Due) {
			return ErrExtendLate.With("due", w.clock().Due)
		}
		w.c.Later = w.c.Reasons.LaterTo
		w.tell("extended")
		return w.move(AgreeLater)
	default:
		if l.effect.Closes {
			return w.deliver(l)
		}
	}
	return nil
}

// after is the last day of a period that begins when a letter arrives, or as long as that is not
// known when it left.
func (w *work) after(sent, arrived date.Date, days int) date.Date {
	from := arrived
	if from.IsZero() {
		from = sent
	}
	return w.d.Calendar().Add(from, days).Date
}

// later returns the later of two days: what a letter promised holds, though it took long to arrive.
func later(a, b date.Date) date.Date {
	if b.After(a) {
		return b
	}
	return a
}

// correctionSent: 条例第三十条 “自收到申请之日起7个工作日内一次性告知申请人作出补正”.
func (w *work) correctionSent(l *Letter) error {
	n, on := w.c.Correction, l.SentOn
	switch last := w.d.Calendar().Add(w.r.Received, reckon.CorrectionDays).Date; {
	case n == nil || !n.Notified.IsZero():
		return ErrCorrectedOnce
	case on.After(last):
		return ErrCorrectLate.With("last", last)
	}
	n.Notified, n.Due = on, later(w.after(on, l.ArrivedOn, n.Days), l.Text.Facts.Correction.Deadline)
	w.tell("correction")
	return w.move(AskCorrection)
}

// extensionSent: the applicant is told while the period still runs. 条例第三十三条第二款.
func (w *work) extensionSent(on date.Date) error {
	e := w.c.Extension
	switch due := w.clock().Due; {
	case e == nil || e.Approved.IsZero():
		return ErrUnapproved
	case !e.Notified.IsZero():
		return ErrExtendedOnce
	case on.After(due):
		return ErrExtendLate.With("due", due)
	case on.Before(e.Approved):
		return ErrUnapproved
	}
	e.Notified, w.r.Extended = on, true
	w.tell("extended")
	return w.move(Extend)
}

// feeSent: the notice leaves within the reply period, R-FEE-06; 20 working days to pay run from
// the day after it arrives.
func (w *work) feeSent(on, arrived date.Date) error {
	f := w.c.Fee
	switch due := w.clock().Due; {
	case f == nil || !f.Notified.IsZero():
		return ErrChargeOnce
	case on.After(due):
		return ErrChargeLate.With("due", due)
	}
	f.Notified, f.Arrived = on, arrived
	if !arrived.IsZero() {
		f.Due = w.d.Calendar().Add(arrived, reckon.PaymentDays).Date
	}
	w.tell("fee")
	return w.move(Charge)
}

// deliver closes the request: R-DL-14.
func (w *work) deliver(l *Letter) error {
	w.c.Delivery = &Delivery{Letter: l.ID, Way: l.Way, On: l.SentOn, Arrived: l.ArrivedOn, Tracking: l.Tracking, Signer: l.Signer}
	code := w.c.Decision.Outcome
	if w.r.Nature == OwnRecord {
		code = ""
	}
	for _, key := range w.c.Decision.Files {
		if err := share(w.tx, w.r.ID, key); err != nil {
			return err
		}
	}
	return w.close(Deliver, l.SentOn, outcome.Code(code))
}

// LetterArrived records when a posted letter arrived, or that it came back. Periods that run from
// its arrival are counted anew.
func (d *Desk) LetterArrived(ctx context.Context, by actor.Actor, id, key string, version int64, on date.Date, failed string) (*Request, error) {
	return d.act(ctx, by, actor.FoiSend, id, 0, "letter_arrived", func(w *work) error {
		l, err := w.letter(key, version, Sent)
		if err != nil {
			return err
		}
		w.detail["code"], w.detail["no"] = string(l.Code), l.No
		if failed = strings.TrimSpace(failed); failed != "" {
			l.Failed = failed
			w.step("letter_failed", w.today, l.No, false)
			if w.c.Delivery != nil && w.c.Delivery.Letter == l.ID {
				w.c.Delivery.Failed = failed
			}
			return w.saveLetter(l)
		}
		switch {
		case w.past(on) != nil:
			return w.past(on)
		case on.Before(l.SentOn):
			return ErrEarly.With("received", l.SentOn)
		}
		l.ArrivedOn, l.Failed = on, ""
		w.arrived(l)
		w.step("letter_arrived", on, l.No, false)
		return w.saveLetter(l)
	})
}

// arrived counts anew what runs from a letter's arrival. Of a request that is over only the arrival
// of its reply is news.
func (w *work) arrived(l *Letter) {
	on, cal := l.ArrivedOn, w.d.Calendar()
	switch c := w.c; {
	case c.Delivery != nil && c.Delivery.Letter == l.ID:
		c.Delivery.Arrived = on
	case !w.r.State.Open():
	case l.Code == "L02" && c.Correction != nil && c.Correction.Corrected.IsZero():
		c.Correction.Due = later(cal.Add(on, c.Correction.Days).Date, l.Text.Facts.Correction.Deadline)
	case l.Code == "L03" && c.Reasons != nil && c.Reasons.Given.IsZero():
		c.Reasons.Due = later(cal.Add(on, c.Reasons.Days).Date, l.Text.Facts.Reasons.Deadline)
	case l.Code == "L09" && c.Fee != nil && c.Fee.Paid.IsZero():
		c.Fee.Arrived, c.Fee.Due = on, cal.Add(on, reckon.PaymentDays).Date
	case l.Code == "L05" || l.Code == "L07":
		if n := c.consultation(l.effect.Item); n != nil && n.Replied.IsZero() && (n.Received.IsZero() || on.Before(n.Received)) {
			n.Received = on
		}
	}
}
