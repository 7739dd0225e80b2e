package reckon

import (
	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/workday"
)

// What a count refuses to take into account, or remarks on.
var (
	errLateNotice     = &fault.Error{Kind: fault.Conflict, Code: "reckon.late_notice", Field: "correction.notified", Cite: statute.OGI2019.Art(30)}
	errNoticeAnyway   = &fault.Error{Kind: fault.Conflict, Code: "reckon.late_notice_counts", Field: "correction.notified", Cite: statute.OGI2019.Art(30)}
	errNoNotice       = &fault.Error{Kind: fault.Conflict, Code: "reckon.no_notice", Field: "correction.notified", Cite: statute.OGI2019.Art(30)}
	errLateConsult    = &fault.Error{Kind: fault.Conflict, Code: "reckon.late_consultation", Field: "consultations", Cite: statute.OGI2019.Art(33, 3)}
	errLateReply      = &fault.Error{Kind: fault.Conflict, Code: "reckon.late_reply", Field: "consultations", Cite: statute.OGI2019.Art(32)}
	errReplyAnyway    = &fault.Error{Kind: fault.Conflict, Code: "reckon.late_reply_counts", Field: "consultations", Cite: statute.OGI2019.Art(32)}
	errExtensionDays  = &fault.Error{Kind: fault.Conflict, Code: "reckon.extension_days", Field: "extension.days", Cite: statute.OGI2019.Art(33, 2)}
	errNotApproved    = &fault.Error{Kind: fault.Conflict, Code: "reckon.not_approved", Field: "extension.approved", Cite: statute.OGI2019.Art(33, 2)}
	errNotTold        = &fault.Error{Kind: fault.Conflict, Code: "reckon.not_told", Field: "extension.notified", Cite: statute.OGI2019.Art(33, 2)}
	errLateApproval   = &fault.Error{Kind: fault.Conflict, Code: "reckon.late_approval", Field: "extension.approved", Cite: statute.OGI2019.Art(33, 2)}
	errLateTelling    = &fault.Error{Kind: fault.Conflict, Code: "reckon.late_telling", Field: "extension.notified", Cite: statute.OGI2019.Art(33, 2)}
	errSpentExtension = &fault.Error{Kind: fault.Conflict, Code: "reckon.spent_extension", Field: "extension", Cite: feeMeasures}
	errLateFee        = &fault.Error{Kind: fault.Conflict, Code: "reckon.late_fee", Field: "fee.notified", Cite: feeMeasures}
	errLatePayment    = &fault.Error{Kind: fault.Conflict, Code: "reckon.late_payment", Field: "fee.paid", Cite: feeMeasures}
	errEarlierLater   = &fault.Error{Kind: fault.Conflict, Code: "reckon.earlier_later", Field: "later", Cite: statute.OGI2019.Art(35)}
	errOldLaw         = &fault.Error{Kind: fault.Conflict, Code: "reckon.old_law", Field: "received", Cite: statute.OGI2019.Whole("")}
)

// feeMeasures is cited as a whole: the articles on payment were not seen by us.
var feeMeasures = statute.ProcessingFee.Whole("")

// channelItem is the item of article 31 that says when a request was received.
var channelItem = map[Channel]int{Counter: 1, SignedMail: 2, PlainMail: 2, Online: 3, Fax: 3, Email: 3}

// receive begins the count. The day of receipt is not counted.
//
// 条例第三十一条. R-DL-01.
func (r *run) receive() {
	r.note(Step{Kind: AtReceipt, Effect: Event, From: r.c.Received, Cite: statute.OGI2019.Art(31, 0, channelItem[r.c.Channel]),
		Message: i18n.M("reckon.step.received")})
	if r.c.Received.Before(statute.OGI2019.Since) {
		r.object(Remark, AtReceipt, r.c.Received, errOldLaw.With("since", statute.OGI2019.Since))
	}
}

// correct lets the period begin anew with the corrected request, if the one notice to correct
// was given in time. A late notice leaves the period as it is: the body cannot win time by its
// own delay. That is our reading; the policy may say otherwise.
//
// 条例第三十条：“答复期限自行政机关收到补正的申请之日起计算。” R-DL-07, R-DL-08, R-REQ-07.
func (r *run) correct() {
	last := r.cal.Add(r.c.Received, CorrectionDays)
	k := r.c.Correction
	if k == nil {
		r.limit(CorrectionNotice, 0, last, date.Date{}, statute.OGI2019.Art(30))
		return
	}
	notice := r.limit(CorrectionNotice, 0, last, k.Notified, statute.OGI2019.Art(30))
	switch late := !k.Notified.IsZero() && notice.Passed; {
	case late && !r.p.LateNotice:
		r.object(Refused, AtNotice, k.Notified, errLateNotice.With("day", k.Notified).With("last", last.Date))
		return
	case late:
		r.object(Remark, AtNotice, k.Notified, errNoticeAnyway.With("day", k.Notified).With("last", last.Date))
	case k.Notified.IsZero():
		r.object(Remark, AtCorrected, k.Corrected, errNoNotice.With("last", last.Date))
	default:
		r.note(Step{Kind: AtNotice, Effect: Event, From: k.Notified, Cite: statute.OGI2019.Art(30), Message: i18n.M("reckon.step.notice", "last", last.Date)})
	}
	if !k.Due.IsZero() {
		r.limit(CorrectionReply, 0, workday.Due{Date: k.Due, Sure: true}, k.Corrected, statute.OGI2019.Art(30))
	}
	r.corrected(*k)
}

func (r *run) corrected(k Correction) {
	switch {
	case !k.Corrected.IsZero():
		r.Start = k.Corrected
		r.fresh = append(r.fresh, restart{k.Corrected, BeforeCorrection})
		r.note(Step{Kind: AtCorrected, Effect: Event, From: k.Corrected, Cite: statute.OGI2019.Art(30), Message: i18n.M("reckon.step.corrected")})
	case !k.Due.IsZero() && r.c.Today.After(k.Due):
		r.State = NotCorrected
		r.note(Step{Kind: AtLapse, Effect: Event, From: k.Due, Cite: statute.OGI2019.Art(30), Message: i18n.M("reckon.step.not_corrected")})
	default:
		r.State = AwaitCorrection
		r.note(Step{Kind: AtWait, Effect: Event, From: k.Notified, Cite: statute.OGI2019.Art(30), Message: i18n.M("reckon.step.await_correction")})
	}
}

// consult leaves out the time a consultation takes, from the day after its letter went until
// the answer or, failing one, until those asked have let their 15 days pass: then the body has
// to decide by itself, and its period runs on. By a policy that cuts late answers, one that
// comes after the 15 days finds the period running and does not stop it in hindsight.
//
// 条例第三十二条：“第三方逾期未提出意见的，由行政机关依照本条例的规定决定是否公开。” R-DL-09 to
// R-DL-11, R-DL-13.
func (r *run) consult(i, number int) {
	c := r.c.Consultations[i]
	cite := c.cite()
	lapse, until := r.lapse(i, cite), date.Date{}
	late := !c.Replied.IsZero() && !lapse.IsZero() && c.Replied.After(lapse)
	switch {
	case !c.Replied.IsZero() && !(late && r.p.CutLate):
		until = c.Replied
	case !lapse.IsZero():
		until = lapse
	default:
		until = earliest(r.c.Today, r.c.Done)
	}
	if due := r.now(); c.Sent.After(due) {
		r.object(Refused, AtSent, c.Sent, errLateConsult.With("n", number).With("day", c.Sent).With("due", due))
		return
	}
	r.note(Step{Kind: AtSent, Effect: Event, From: c.Sent, Cite: cite, Message: i18n.M("reckon.step.sent", "n", number, "who", c.who())})
	r.heard(c, number, lapse, late)
	from := c.Sent.Plus(1)
	if r.p.FromSending {
		from = c.Sent
	}
	if !r.frozen {
		r.out = append(r.out, stretch{from, until, InConsultation})
	}
}

// lapse returns the last day of those asked to answer, and none where it is not known when
// the letter reached them.
func (r *run) lapse(i int, cite statute.Ref) date.Date {
	c := r.c.Consultations[i]
	from := c.Received
	if r.p.LapseSent {
		from = c.Sent
	}
	if from.IsZero() {
		return from
	}
	return r.limit(Opinion, i, r.cal.Add(from, OpinionDays), c.Replied, cite).Due
}

// heard records how a consultation ended.
func (r *run) heard(c Consultation, number int, lapse date.Date, late bool) {
	switch {
	case late && !r.p.CutLate:
		r.object(Remark, AtReply, c.Replied, errReplyAnyway.With("n", number).With("day", c.Replied).With("last", lapse))
		return
	case late:
		r.object(Refused, AtReply, c.Replied, errLateReply.With("n", number).With("day", c.Replied).With("last", lapse))
	case !c.Replied.IsZero():
		r.note(Step{Kind: AtReply, Effect: Event, From: c.Replied, Cite: c.cite(), Message: i18n.M("reckon.step.replied", "n", number, "who", c.who())})
		return
	case lapse.IsZero():
		r.note(Step{Kind: AtWait, Effect: Event, From: latest(c.Sent, earliest(r.c.Today, r.c.Done)), Cite: c.cite(), Message: i18n.M("reckon.step.await_reply", "n", number, "who", c.who())})
		return
	}
	r.note(Step{Kind: AtSilence, Effect: Event, From: lapse, Cite: c.cite(), Message: i18n.M(silences[c.kind()], "n", number)})
}

func (c Consultation) kind() Kind {
	if c.Kind == Organ {
		return Organ
	}
	return ThirdParty
}

// The wording of who is consulted, and of what their silence means.
var (
	whos     = map[Kind]string{ThirdParty: "reckon.who.third", Organ: "reckon.who.organ"}
	silences = map[Kind]string{ThirdParty: "reckon.step.silence.third", Organ: "reckon.step.silence.organ"}
)

func (c Consultation) who() i18n.Message { return i18n.M(whos[c.kind()]) }

func (c Consultation) cite() statute.Ref {
	if c.kind() == Organ {
		return statute.OGI2019.Art(34)
	}
	return statute.OGI2019.Art(32)
}

// extend lengthens the period by an extension that the head approved and the applicant was
// told of before the period ended.
//
// 条例第三十三条第二款：“需要延长答复期限的，应当经政府信息公开工作机构负责人同意并告知申请人，延长的期限最长
// 不得超过20个工作日。” R-DL-12.
func (r *run) extend(e Extension) {
	on := latest(e.Approved, e.Notified, r.c.Received)
	if f := r.unlawful(e); f != nil {
		r.object(Refused, AtExtension, on, f)
		return
	}
	r.note(Step{Kind: AtExtension, Effect: Event, From: on, Cite: statute.OGI2019.Art(33, 2), Message: i18n.M("reckon.step.extended", "n", e.Days)})
	if !r.frozen {
		r.extra = e.Days
	}
}

// unlawful tells which condition an extension fails.
func (r *run) unlawful(e Extension) *fault.Error {
	due := r.now()
	switch {
	case e.Days < 1 || e.Days > ExtensionDays:
		return errExtensionDays.With("n", e.Days).With("most", ExtensionDays)
	case e.Approved.IsZero():
		return errNotApproved
	case e.Notified.IsZero():
		return errNotTold
	case e.Approved.After(due):
		return errLateApproval.With("day", e.Approved).With("due", due)
	case e.Notified.After(due):
		return errLateTelling.With("day", e.Notified).With("due", due)
	}
	return nil
}

// charge follows a fee notice given within the period. The applicant has 20 working days from
// the day after receiving it; who does not pay has abandoned the request.
//
// R-FEE-06; what payment does to the period is R-FEE-07, unverified.
func (r *run) charge(f Fee) {
	if due := r.now(); f.Notified.After(due) {
		r.object(Refused, AtFee, f.Notified, errLateFee.With("day", f.Notified).With("due", due))
		return
	}
	last := r.limit(Payment, 0, r.cal.Add(f.Notified, PaymentDays), f.Paid, feeMeasures)
	r.note(Step{Kind: AtFee, Effect: Event, From: f.Notified, Cite: feeMeasures, Message: i18n.M("reckon.step.fee", "last", last.Due)})
	switch {
	case !f.Paid.IsZero() && last.Passed:
		r.object(Refused, AtPaid, f.Paid, errLatePayment.With("day", f.Paid).With("last", last.Due))
		r.unpaid(last.Due)
	case !f.Paid.IsZero():
		r.paid(f)
	case last.Passed:
		r.unpaid(last.Due)
	default:
		r.awaitPayment(f)
	}
}

// unpaid lets the request lapse.
func (r *run) unpaid(last date.Date) {
	r.State, r.frozen = NotPaid, true
	r.note(Step{Kind: AtLapse, Effect: Event, From: last, Cite: feeMeasures, Message: i18n.M("reckon.step.not_paid")})
}

func (r *run) awaitPayment(f Fee) {
	if r.p.AfterFee == Ignored {
		return
	}
	r.frozen = true
	if r.State == Running {
		r.State = AwaitPayment
	}
	r.note(Step{Kind: AtWait, Effect: Event, From: f.Notified, Cite: feeMeasures, Message: i18n.M("reckon.step.await_payment")})
	if r.p.AfterFee == Resumed {
		r.out = append(r.out, stretch{f.Notified.Plus(1), r.c.Today, InPayment})
	}
}

// paid lets the period run anew, or on. An extension of the period before goes with it.
func (r *run) paid(f Fee) {
	key := "reckon.step.paid"
	switch r.p.AfterFee {
	case Resumed:
		r.out = append(r.out, stretch{f.Notified.Plus(1), f.Paid, InPayment})
		key = "reckon.step.paid_resumed"
	case Ignored:
		key = "reckon.step.paid_ignored"
	default:
		if r.extra > 0 {
			r.object(Remark, AtExtension, f.Paid, errSpentExtension)
		}
		r.Start, r.extra = f.Paid, 0
		r.fresh = append(r.fresh, restart{f.Paid, BeforePayment})
	}
	r.note(Step{Kind: AtPaid, Effect: Event, From: f.Paid, Cite: feeMeasures, Message: i18n.M(key)})
}

// later puts the date that was set with reasons in place of the period's end.
//
// 条例第三十五条：“确定延迟答复的合理期限并告知申请人”.
func (r *run) later() {
	if r.c.Later.IsZero() {
		return
	}
	if r.c.Later.Before(r.first) {
		r.object(Remark, AtLaterDate, r.c.Later, errEarlierLater.With("day", r.c.Later).With("due", r.first))
	} else {
		r.note(Step{Kind: AtLaterDate, Effect: Event, From: r.c.Later, Cite: statute.OGI2019.Art(35), Message: i18n.M("reckon.step.later_date")})
	}
	r.Due, r.Certain, r.Why = r.c.Later, true, i18n.Message{}
}

// answer closes the case. Who ends a request that lapsed, or that waits for the applicant, is
// late for nothing.
func (r *run) answer() {
	if r.c.Done.IsZero() {
		return
	}
	r.Overdue = r.State == Running && r.c.Done.After(r.Due)
	r.State = Answered
	r.note(Step{Kind: AtAnswer, Effect: Event, From: r.c.Done, Cite: statute.OGI2019.Art(33), Message: i18n.M("reckon.step.answered")})
}
