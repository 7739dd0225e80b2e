package foi

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/foi/fee"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/statute"
)

const hour = time.Hour

// Assign says who handles a request. The period of the statute goes on: an internal deadline is
// the body's own affair.
func (d *Desk) Assign(ctx context.Context, by actor.Actor, id string, version int64, a Assignment) (*Request, error) {
	return d.act(ctx, by, actor.FoiAssign, id, version, Assign, func(w *work) error {
		if strings.TrimSpace(a.Department) == "" && len(a.Handlers) == 0 || len(a.Handlers) != len(a.Names) {
			return ErrHandlers
		}
		if !a.Until.IsZero() && a.Until.Before(w.today) {
			return ErrDay.At("until")
		}
		if err := w.move(Assign); err != nil {
			return err
		}
		w.c.Assignment = a
		w.r.Department, w.r.handlers = strings.TrimSpace(a.Department), strings.Join(a.Handlers, " ")
		w.step(Assign, w.today, a.Department+" "+strings.Join(a.Names, "、"), false)
		w.tell("assigned")
		return setHandlers(w.tx, id, a.Handlers)
	})
}

// linkDays is how long a colleague's link can be used.
const linkDays = 15

// CoHandle asks another department and returns the secret of a link by which a colleague without
// an account may answer once.
func (d *Desk) CoHandle(ctx context.Context, by actor.Actor, id string, version int64, q CoHandling) (r *Request, secret string, err error) {
	raw := make([]byte, 24)
	rand.Read(raw)
	secret = hex.EncodeToString(raw)
	r, err = d.act(ctx, by, actor.FoiAssign, id, version, "co_handle", func(w *work) error {
		if err := w.move(Assign); err != nil {
			return err
		}
		if strings.TrimSpace(q.Department) == "" || strings.TrimSpace(q.Question) == "" {
			return ErrQuestion
		}
		w.c.NextItem++
		w.c.CoHandling = append(w.c.CoHandling, CoHandling{ID: w.c.NextItem, Department: q.Department, Person: q.Person, Question: q.Question, Asked: w.today, Until: q.Until})
		w.step("co_handle", w.today, q.Department, false)
		return putLink(w.tx, d.Keys.Lookup("foi:link", secret), id, w.c.NextItem, w.tx.Now.Add(linkDays*24*hour))
	})
	return r, secret, err
}

// Asked is what a colleague sees who follows a link.
type Asked struct {
	No, Title, Question, Department string
	Until                           date.Date
}

// LinkAsks returns what a link asks. It shows nothing of the applicant.
func (d *Desk) LinkAsks(ctx context.Context, secret string) (a Asked, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		id, item, err := linked(tx, d.Keys.Lookup("foi:link", secret))
		if err != nil {
			return err
		}
		r, err := load(tx, id)
		if err != nil {
			return err
		}
		c, err := d.record(tx, r)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(c.CoHandling, func(q CoHandling) bool { return q.ID == item })
		if i < 0 {
			return ErrLink
		}
		q := c.CoHandling[i]
		a = Asked{r.No, r.Title, q.Question, q.Department, q.Until}
		return nil
	})
	return a, err
}

// AnswerLink takes a colleague's answer. The link is used up.
func (d *Desk) AnswerLink(ctx context.Context, secret, text string, files []Upload) error {
	got, err := d.receive(ctx, files)
	if err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" && len(files) == 0 {
		return ErrAnswer
	}
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		digest := d.Keys.Lookup("foi:link", secret)
		id, item, err := linked(tx, digest)
		if err != nil {
			return err
		}
		w, err := d.begin(tx, actor.System("link"), id)
		if err != nil {
			return err
		}
		if err := useLink(tx, digest); err != nil {
			return err
		}
		if err := w.by.May(actor.FoiApply, actor.In(w.r.Agency)); err != nil {
			return err
		}
		return w.answer(item, text, got)
	})
}

func (w *work) answer(item int, text string, files []received) error {
	i := slices.IndexFunc(w.c.CoHandling, func(q CoHandling) bool { return q.ID == item })
	if i < 0 || !w.c.CoHandling[i].Answered.IsZero() {
		return ErrLink
	}
	q := &w.c.CoHandling[i]
	q.Answered, q.Answer = w.today, strings.TrimSpace(text)
	for _, f := range files {
		if err := w.attach(f, "link", false); err != nil {
			return err
		}
		q.Files = append(q.Files, f.id)
	}
	w.step("co_answer", w.today, q.Department, false)
	return w.end(actor.FoiApply, "co_answer")
}

// AnswerCoHandling enters a colleague's answer that came on paper or by word of mouth.
func (d *Desk) AnswerCoHandling(ctx context.Context, by actor.Actor, id string, version int64, item int, text string) (*Request, error) {
	return d.act(ctx, by, actor.FoiHandle, id, version, "co_answer", func(w *work) error {
		i := slices.IndexFunc(w.c.CoHandling, func(q CoHandling) bool { return q.ID == item })
		if i < 0 || strings.TrimSpace(text) == "" {
			return ErrAnswer
		}
		q := &w.c.CoHandling[i]
		if !q.Answered.IsZero() {
			return ErrAnswered
		}
		q.Answered, q.Answer = w.today, strings.TrimSpace(text)
		w.step("co_answer", w.today, q.Department, false)
		return nil
	})
}

// RecordSearch records a search for the information: where, by which words, by whom, when.
// R-DEC-04.
func (d *Desk) RecordSearch(ctx context.Context, by actor.Actor, id string, version int64, s SearchRecord) (*Request, error) {
	return d.act(ctx, by, actor.FoiHandle, id, version, Search, func(w *work) error {
		if err := w.move(Search); err != nil {
			return err
		}
		for field, text := range map[string]string{"words": s.Words, "people": s.People, "result": s.Result} {
			if strings.TrimSpace(text) == "" {
				return ErrSearch.At(field)
			}
		}
		if strings.TrimSpace(s.Systems+s.Archives) == "" {
			return ErrSearch
		}
		if s.To.IsZero() {
			s.To = s.From
		}
		if s.From.IsZero() || s.To.Before(s.From) || s.To.After(w.today) || s.From.Before(w.r.SubmittedOn) {
			return ErrDay.At("from")
		}
		w.c.Searches = append(w.c.Searches, s)
		w.step(Search, s.To, s.Result, false)
		return nil
	})
}

// AskCorrection drafts the one notice by which the applicant is asked to correct. It takes effect
// when its letter is sent, within seven working days of receipt. 条例第三十条, R-REQ-07.
func (d *Desk) AskCorrection(ctx context.Context, by actor.Actor, id string, version int64, n Correction) (*Request, error) {
	return d.act(ctx, by, actor.FoiProcess, id, version, "draft_correction", func(w *work) error {
		switch {
		case !Flow.May(w.r.State, AskCorrection):
			return w.move(AskCorrection)
		case w.c.Correction != nil && !w.c.Correction.Notified.IsZero():
			return ErrCorrectedOnce
		case strings.TrimSpace(n.What) == "" || strings.TrimSpace(n.Guidance) == "":
			return ErrCorrection
		case n.Days < 1 || n.Days > 60:
			return ErrCorrectDays
		case w.today.After(w.d.Calendar().Add(w.r.Received, reckon.CorrectionDays).Date):
			return ErrCorrectLate.With("last", w.d.Calendar().Add(w.r.Received, reckon.CorrectionDays).Date)
		}
		w.c.Correction = &Correction{What: n.What, Guidance: n.Guidance, Days: n.Days}
		return w.draft("L02", Effect{})
	})
}

// Correct takes the corrected request. The period of reply runs anew from this day: art. 30,
// R-DL-08.
func (d *Desk) Correct(ctx context.Context, by actor.Actor, id string, version int64, on date.Date, text string, files []Upload) (*Request, error) {
	got, err := d.receive(ctx, files)
	if err != nil {
		return nil, err
	}
	return d.act(ctx, by, actor.FoiProcess, id, version, Correct, func(w *work) error {
		if err := w.past(on); err != nil {
			return err
		}
		return w.correct(on, text, got, "office")
	})
}

func (w *work) correct(on date.Date, text string, files []received, origin string) error {
	if err := w.move(Correct); err != nil {
		return err
	}
	n := w.c.Correction
	switch {
	case on.Before(n.Notified):
		return ErrEarly.With("received", n.Notified)
	case strings.TrimSpace(text) == "" && len(files) == 0:
		return ErrAnswer
	}
	n.Corrected, n.Text = on, strings.TrimSpace(legible(text))
	for _, f := range files {
		if err := w.attach(f, origin, true); err != nil {
			return err
		}
	}
	w.step(Correct, on, "", true)
	w.tell("corrected")
	return nil
}

// AskReasons drafts the question why somebody asks so much or so often: art. 35.
func (d *Desk) AskReasons(ctx context.Context, by actor.Actor, id string, version int64, n Reasons) (*Request, error) {
	return d.act(ctx, by, actor.FoiProcess, id, version, "draft_reasons", func(w *work) error {
		switch {
		case !Flow.May(w.r.State, AskReasons):
			return w.move(AskReasons)
		case w.c.Reasons != nil && !w.c.Reasons.Notified.IsZero():
			return ErrReasonsOnce
		case strings.TrimSpace(n.Facts) == "":
			return ErrReasonsFact
		case n.Days < 1 || n.Days > 60:
			return ErrCorrectDays
		}
		w.c.Reasons = &Reasons{Facts: n.Facts, Days: n.Days}
		return w.draft("L03", Effect{})
	})
}

// GiveReasons takes the applicant's reasons, or notes that none came in time.
func (d *Desk) GiveReasons(ctx context.Context, by actor.Actor, id string, version int64, on date.Date, text string) (*Request, error) {
	return d.act(ctx, by, actor.FoiProcess, id, version, GiveReasons, func(w *work) error {
		if err := w.past(on); err != nil {
			return err
		}
		if w.r.State == Reasoning && strings.TrimSpace(text) == "" && !w.today.After(w.c.Reasons.Due) {
			return ErrNotLapsed.With("until", w.c.Reasons.Due)
		}
		return w.giveReasons(on, text)
	})
}

func (w *work) giveReasons(on date.Date, text string) error {
	if err := w.move(GiveReasons); err != nil {
		return err
	}
	w.c.Reasons.Given, w.c.Reasons.Text = on, strings.TrimSpace(legible(text))
	w.step(GiveReasons, on, "", true)
	return nil
}

// AgreeLater accepts the reasons and drafts the letter that sets a reasonable later date: art. 35.
// It is set once: 条例第三十五条 “确定延迟答复的合理期限并告知申请人”.
func (d *Desk) AgreeLater(ctx context.Context, by actor.Actor, id string, version int64, to date.Date) (*Request, error) {
	return d.act(ctx, by, actor.FoiProcess, id, version, "draft_later", func(w *work) error {
		switch n := w.clock(); {
		case !Flow.May(w.r.State, AgreeLater):
			return w.move(AgreeLater)
		case w.c.Reasons == nil || w.c.Reasons.Given.IsZero():
			return ErrNoReasons
		case !w.c.Later.IsZero():
			return ErrLaterOnce
		case !to.After(n.Due) || to.After(n.Due.PlusMonths(12)):
			return ErrLater.With("due", n.Due)
		}
		w.c.Reasons.Accepted, w.c.Reasons.Judged, w.c.Reasons.LaterTo = true, true, to
		return w.draft("L34", Effect{})
	})
}

// Consult drafts the letter that asks a third party or another organ. Its sending drafts the one
// that tells the applicant that the time is not counted: arts 32, 33 (3), 34.
func (d *Desk) Consult(ctx context.Context, by actor.Actor, id string, version int64, n Consultation) (*Request, error) {
	return d.act(ctx, by, actor.FoiProcess, id, version, "draft_consultation", func(w *work) error {
		switch {
		case !Flow.May(w.r.State, Consult):
			return w.move(Consult)
		case strings.TrimSpace(n.Name) == "":
			return ErrParty
		case strings.TrimSpace(n.Content) == "":
			return ErrContent
		case n.Party == ThirdParty && strings.TrimSpace(n.Concern) == "":
			return ErrConcern
		case n.Party != ThirdParty && n.Party != Organ:
			return ErrParty.At("party")
		}
		w.c.NextItem++
		w.c.Consulted = append(w.c.Consulted, Consultation{ID: w.c.NextItem, Party: n.Party, Name: n.Name, Person: n.Person, Address: n.Address, Content: n.Content, Concern: n.Concern})
		code := letter.Code("L05")
		if n.Party == Organ {
			code = "L07"
		}
		w.detail["party"] = string(n.Party)
		return w.draft(code, Effect{Item: w.c.NextItem})
	})
}

func (c *Record) consultation(item int) *Consultation {
	i := slices.IndexFunc(c.Consulted, func(n Consultation) bool { return n.ID == item })
	if i < 0 {
		return nil
	}
	return &c.Consulted[i]
}

// ConsultationReceived notes the day on which the party received the letter: its 15 working days
// run from then. A day once noted can be put earlier, never later: the time of a consultation is
// not counted, and would not end.
func (d *Desk) ConsultationReceived(ctx context.Context, by actor.Actor, id string, version int64, item int, on date.Date) (*Request, error) {
	return d.act(ctx, by, actor.FoiProcess, id, version, "consult_received", func(w *work) error {
		n, err := w.asked(item)
		switch {
		case err != nil:
			return err
		case w.past(on) != nil:
			return w.past(on)
		case on.Before(n.Sent):
			return ErrEarly.With("received", n.Sent)
		case !n.Received.IsZero() && on.After(n.Received):
			return ErrReceived.With("received", n.Received)
		}
		n.Received = on
		w.step("consult_received", on, "", false)
		return nil
	})
}

// asked is a consultation whose letter went and that nobody answered yet, of a request that is not
// over: what a closed request was counted by stays as it was.
func (w *work) asked(item int) (*Consultation, error) {
	n := w.c.consultation(item)
	switch {
	case n == nil || n.Sent.IsZero():
		return nil, ErrConsultation
	case !w.r.State.Open():
		return nil, ErrOver
	case !n.Replied.IsZero():
		return nil, ErrAnswered
	}
	return n, nil
}

// Opinion is a party's answer.
type OpinionGiven struct {
	On       date.Date
	Consents bool
	Text     string
	Files    []Upload
}

// ConsultationAnswered takes the party's opinion; from then the reply period goes on.
func (d *Desk) ConsultationAnswered(ctx context.Context, by actor.Actor, id string, version int64, item int, o OpinionGiven) (*Request, error) {
	got, err := d.receive(ctx, o.Files)
	if err != nil {
		return nil, err
	}
	return d.act(ctx, by, actor.FoiProcess, id, version, "consult_answered", func(w *work) error {
		n, err := w.asked(item)
		switch {
		case err != nil:
			return err
		case w.past(o.On) != nil:
			return w.past(o.On)
		case o.On.Before(later(n.Sent, n.Received)):
			return ErrEarly.With("received", later(n.Sent, n.Received))
		case !o.Consents && strings.TrimSpace(o.Text) == "":
			return ErrAnswer
		}
		n.Replied, n.Consents, n.Opinion = o.On, o.Consents, strings.TrimSpace(o.Text)
		if n.Received.IsZero() {
			n.Received = o.On
		}
		for _, f := range got {
			if err := w.attach(f, "office", false); err != nil {
				return err
			}
		}
		w.step("consult_answered", o.On, "", false)
		return nil
	})
}

// Override decides to disclose although a third party objects, because not to would gravely harm
// the public interest, and drafts the letter that tells the party: art. 32.
func (d *Desk) Override(ctx context.Context, by actor.Actor, id string, version int64, item int, reason string) (*Request, error) {
	return d.act(ctx, by, actor.FoiProcess, id, version, "override", func(w *work) error {
		n := w.c.consultation(item)
		if n == nil || n.Party != ThirdParty || n.Replied.IsZero() || n.Consents {
			return ErrConsultation
		}
		if !w.r.State.Open() {
			return ErrOver
		}
		if n.Overrides = strings.TrimSpace(reason); n.Overrides == "" {
			return ErrReason
		}
		w.cite = statute.OGI2019.Art(32)
		return w.draft("L08", Effect{Item: item})
	})
}

// ProposeExtension asks the head for more time.
func (d *Desk) ProposeExtension(ctx context.Context, by actor.Actor, id string, version int64, days int, reason string) (*Request, error) {
	return d.act(ctx, by, actor.FoiProcess, id, version, "propose_extension", func(w *work) error {
		switch {
		case !Flow.May(w.r.State, Extend):
			return w.move(Extend)
		case w.c.Extension != nil && !w.c.Extension.Approved.IsZero():
			return ErrExtendedOnce
		case days < 1 || days > reckon.ExtensionDays:
			return ErrExtendDays
		case strings.TrimSpace(reason) == "":
			return ErrReason
		case w.today.After(w.clock().Due):
			return ErrExtendLate.With("due", w.clock().Due)
		}
		w.c.Extension = &Extension{Days: days, Reason: strings.TrimSpace(reason), By: by.ID, ByName: by.Name}
		w.step("propose_extension", w.today, reason, false)
		return nil
	})
}

// ApproveExtension is the head's consent, without which there is no extension. The applicant must
// be told before the period is over, by the letter it drafts. 条例第三十三条第二款.
func (d *Desk) ApproveExtension(ctx context.Context, by actor.Actor, id string, version int64, ok bool, note string) (*Request, error) {
	return d.act(ctx, by, actor.FoiApprove, id, version, "approve_extension", func(w *work) error {
		e := w.c.Extension
		switch {
		case !Flow.May(w.r.State, Extend):
			return w.move(Extend)
		case e == nil:
			return ErrNoExtension
		case !e.Approved.IsZero():
			return ErrExtendedOnce
		case e.By == by.ID:
			return ErrOwn
		case !ok && strings.TrimSpace(note) == "":
			return ErrNote
		case ok && w.today.After(w.clock().Due):
			return ErrExtendLate.With("due", w.clock().Due)
		}
		w.detail["ok"] = map[bool]string{true: "yes", false: "no"}[ok]
		if !ok {
			w.c.Extension = nil
			w.step("refuse_extension", w.today, note, false)
			return nil
		}
		e.Approved, e.Head = w.today, by.Name
		w.step("approve_extension", w.today, note, false)
		return w.draft("L04", Effect{})
	})
}

// Charge drafts the notice of a processing fee for a clearly excessive request. It must leave
// before the reply period is over: art. 42, R-FEE-01 to 06.
func (d *Desk) Charge(ctx context.Context, by actor.Actor, id string, version int64, mode Mode, pages int) (*Request, error) {
	return d.act(ctx, by, actor.FoiProcess, id, version, "draft_fee", func(w *work) error {
		switch {
		case !Flow.May(w.r.State, Charge):
			return w.move(Charge)
		case !w.s.Charges:
			return ErrNoCharging
		case w.c.Fee != nil && !w.c.Fee.Notified.IsZero():
			return ErrChargeOnce
		case w.today.After(w.clock().Due):
			return ErrChargeLate.With("due", w.clock().Due)
		}
		f, err := w.fee(mode, pages)
		if err != nil {
			return err
		}
		w.c.Fee = f
		w.detail["mode"] = string(mode)
		return w.draft("L09", Effect{})
	})
}

// fee reckons what is charged: by the pieces the applicant asked for in the calendar month, or by
// the pages of this request.
func (w *work) fee(mode Mode, pages int) (*Fee, error) {
	f := &Fee{Mode: mode}
	switch mode {
	case ByPiece:
		month := fee.MonthOf(w.r.Received)
		before, err := piecesIn(w.tx, w.r, month.First(), month.Last())
		if err != nil {
			return nil, err
		}
		f.Pieces, f.Before, f.Month = 1, before, month.First().String()[:7]
		f.Yuan = int64(tariff(w.r.Received).OfPiece(before + 1))
	case ByPage:
		if pages < 1 || pages > 1_000_000 {
			return nil, ErrPages
		}
		f.Pages, f.Yuan = pages, int64(tariff(w.r.Received).OfPages(pages))
	default:
		return nil, ErrMode
	}
	if f.Yuan == 0 {
		return nil, ErrFree
	}
	return f, nil
}

// Pay takes the payment. What it does to the period is R-FEE-07, which is unverified.
func (d *Desk) Pay(ctx context.Context, by actor.Actor, id string, version int64, on date.Date, voucher string) (*Request, error) {
	return d.act(ctx, by, actor.FoiProcess, id, version, Pay, func(w *work) error {
		if err := w.past(on); err != nil {
			return err
		}
		if w.c.Fee != nil && on.Before(w.c.Fee.Notified) {
			return ErrEarly.With("received", w.c.Fee.Notified)
		}
		if err := w.move(Pay); err != nil {
			return err
		}
		w.c.Fee.Paid, w.c.Fee.Voucher = on, strings.TrimSpace(voucher)
		if w.c.Fee.Arrived.IsZero() || on.Before(w.c.Fee.Arrived) {
			w.c.Fee.Arrived = on
		}
		w.step(Pay, on, "", true)
		return nil
	})
}

// Waive decides to charge nothing after all.
func (d *Desk) Waive(ctx context.Context, by actor.Actor, id string, version int64, reason string) (*Request, error) {
	return d.act(ctx, by, actor.FoiApprove, id, version, Waive, func(w *work) error {
		if w.reason = strings.TrimSpace(reason); w.reason == "" {
			return ErrReason
		}
		if err := w.move(Waive); err != nil {
			return err
		}
		w.c.Fee.Waived = w.reason
		w.step(Waive, w.today, w.reason, true)
		return nil
	})
}
