package foi

import (
	"gongkai/internal/date"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/workday"
)

var channels = map[Channel]reckon.Channel{
	Web: reckon.Online, Email: reckon.Email, Fax: reckon.Fax, Counter: reckon.Counter, Post: reckon.SignedMail, PlainPost: reckon.PlainMail,
}

// Case is what the deadline of a request depends on, as the record has it.
func (c *Record) Case(r *Request, today date.Date) reckon.Case {
	k := reckon.Case{Received: r.Received, Channel: channels[r.Channel], Later: c.Later, Today: today}
	if n := c.Correction; n != nil && !n.Notified.IsZero() {
		k.Correction = &reckon.Correction{Notified: n.Notified, Due: n.Due, Corrected: n.Corrected}
	}
	for _, one := range c.Consulted {
		if one.Sent.IsZero() {
			continue
		}
		kind := reckon.ThirdParty
		if one.Party == Organ {
			kind = reckon.Organ
		}
		k.Consultations = append(k.Consultations, reckon.Consultation{Sent: one.Sent, Received: one.Received, Replied: one.Replied, Kind: kind})
	}
	if e := c.Extension; e != nil && !e.Approved.IsZero() && !e.Notified.IsZero() {
		k.Extension = &reckon.Extension{Days: e.Days, Approved: e.Approved, Notified: e.Notified}
	}
	if f := c.Fee; f != nil && !f.Arrived.IsZero() && f.Waived == "" {
		k.Fee = &reckon.Fee{Notified: f.Arrived, Paid: f.Paid}
	}
	if r.State == Closed {
		k.Done = r.ClosedOn
	}
	return k
}

// reckonOf counts the deadline of a request. Before it is received there is none.
func reckonOf(cal *workday.Calendar, r *Request, c *Record, s *Settings, today date.Date) reckon.Count {
	if r.Received.IsZero() {
		return reckon.Count{}
	}
	return reckon.Reckon(cal, c.Case(r, today), s.Clock)
}

// charged notes beside the request what it is charged, for counts. What is not charged after all
// is nothing.
func (r *Request) charged(f *Fee) {
	r.FeeYuan, r.FeeCharged, r.FeePaid = 0, date.Date{}, date.Date{}
	if f != nil && f.Waived == "" {
		r.FeeYuan, r.FeeCharged, r.FeePaid = f.Yuan, f.Arrived, f.Paid
	}
}

// reckoned notes beside the request what the clock says, for lists.
func (r *Request) reckoned(n reckon.Count) {
	if r.Received.IsZero() {
		return
	}
	r.Due, r.Sure = n.Due, n.Certain
	if r.State == Closed {
		r.Late = n.Overdue
	}
}
