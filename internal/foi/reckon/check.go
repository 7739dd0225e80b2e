package reckon

import (
	"fmt"
	"slices"

	"gongkai/internal/date"
	"gongkai/internal/fault"
)

// The faults of what is handed in to be counted.
var (
	errRequired = &fault.Error{Kind: fault.Invalid, Code: "reckon.case.required"}
	errOrder    = &fault.Error{Kind: fault.Invalid, Code: "reckon.case.order"}
	errYear     = &fault.Error{Kind: fault.Invalid, Code: "reckon.case.year"}
	errChannel  = &fault.Error{Kind: fault.Invalid, Code: "reckon.case.channel"}
	errMany     = &fault.Error{Kind: fault.Invalid, Code: "reckon.case.many"}
	errKind     = &fault.Error{Kind: fault.Invalid, Code: "reckon.case.kind"}
)

// The years within which a case makes sense. A slip such as 2206 would be counted over a
// hundred thousand days.
const (
	firstYear = 1949
	lastYear  = 2199
)

// mostConsultations bounds a case: no request was ever put to so many.
const mostConsultations = 500

// Check returns what is wrong with a case: dates that lack, or cannot have followed each other.
// What is merely unlawful, such as an extension told too late, is for Reckon to say.
func (c Case) Check() []*fault.Error {
	k := &checker{}
	k.need("received", c.Received)
	k.check("today", c.Today)
	if c.Channel != "" && !slices.Contains(Channels, c.Channel) {
		k.add("channel", errChannel.With("value", string(c.Channel)).With("known", channelNames()))
	}
	if n := c.Correction; n != nil {
		k.correction(*n, c.Received)
	}
	if len(c.Consultations) > mostConsultations {
		k.add("consultations", errMany.With("n", len(c.Consultations)).With("most", mostConsultations))
		return k.faults
	}
	for i, one := range c.Consultations {
		k.consultation(fmt.Sprintf("consultations[%d]", i), one, c.Received)
	}
	if e := c.Extension; e != nil {
		k.after("extension.approved", e.Approved, "received", c.Received)
		k.after("extension.notified", e.Notified, "received", c.Received)
	}
	if f := c.Fee; f != nil {
		k.need("fee.notified", f.Notified)
		k.after("fee.notified", f.Notified, "received", c.Received)
		k.after("fee.paid", f.Paid, "fee.notified", f.Notified)
	}
	k.after("later", c.Later, "received", c.Received)
	k.after("done", c.Done, "received", c.Received)
	return k.faults
}

type checker struct{ faults []*fault.Error }

func (k *checker) add(field string, f *fault.Error) {
	k.faults = append(k.faults, f.At(field).With("field", field))
}

func (k *checker) correction(n Correction, received date.Date) {
	if n.Corrected.IsZero() {
		k.need("correction.notified", n.Notified)
	}
	k.after("correction.notified", n.Notified, "received", received)
	k.after("correction.due", n.Due, "correction.notified", n.Notified)
	k.after("correction.corrected", n.Corrected, "correction.notified", latest(n.Notified, received))
}

func (k *checker) consultation(at string, c Consultation, received date.Date) {
	k.need(at+".sent", c.Sent)
	k.after(at+".sent", c.Sent, "received", received)
	k.after(at+".received", c.Received, at+".sent", c.Sent)
	k.after(at+".replied", c.Replied, at+".sent", c.Sent)
	if !c.Received.IsZero() && !c.Received.Before(c.Sent) {
		k.after(at+".replied", c.Replied, at+".received", c.Received)
	}
	if c.Kind != "" && c.Kind != ThirdParty && c.Kind != Organ {
		k.add(at+".kind", errKind.With("value", string(c.Kind)))
	}
}

// need wants a date.
func (k *checker) need(field string, d date.Date) {
	if d.IsZero() {
		k.add(field, errRequired)
		return
	}
	k.check(field, d)
}

// after wants a date, if there is one, not to be earlier than another.
func (k *checker) after(field string, d date.Date, than string, other date.Date) {
	k.check(field, d)
	if !d.IsZero() && !other.IsZero() && d.Before(other) {
		k.add(field, errOrder.With("day", d).With("other", than).With("earliest", other))
	}
}

// check wants a plausible year.
func (k *checker) check(field string, d date.Date) {
	if d.IsZero() || d.Year() >= firstYear && d.Year() <= lastYear {
		return
	}
	f := errYear.With("day", d).With("first", firstYear).With("last", lastYear)
	if !slices.ContainsFunc(k.faults, func(e *fault.Error) bool { return e.Field == field && e.Is(f) }) {
		k.add(field, f)
	}
}

func channelNames() []string {
	var all []string
	for _, c := range Channels {
		all = append(all, string(c))
	}
	return all
}
