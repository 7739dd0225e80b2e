package normative

import "gongkai/internal/date"

// Tally is what the annual report counts of one kind: pieces issued and repealed in a year and
// in force on its last day, each with the records behind it.
type Tally struct {
	Issued, Repealed, InForce []string
	// Expired and Invalidated ended in the year without being repealed: they explain why the
	// three figures need not add up. R-NRM-19, R-AR-07.
	Expired, Invalidated []string
}

// Count tallies records of one kind for a year.
func Count(records []*Record, kind Kind, year int) Tally {
	var t Tally
	last := date.Must(year, 12, 31)
	for _, r := range records {
		if r.Kind != kind || r.Open() || r.State == Dropped {
			continue
		}
		if r.IssuedOn.Year() == year {
			t.Issued = append(t.Issued, r.ID)
		}
		if r.ValidOn(last) {
			t.InForce = append(t.InForce, r.ID)
		}
		switch how, on := r.ended(); {
		case on.Year() != year:
		case how == Repealed:
			t.Repealed = append(t.Repealed, r.ID)
		case how == Expired:
			t.Expired = append(t.Expired, r.ID)
		case how == Invalidated:
			t.Invalidated = append(t.Invalidated, r.ID)
		}
	}
	return t
}

// ended tells what ended r and on which day it first was no longer in force. A term that ran
// out before anyone repealed the document ended it, whether or not the record says so yet.
func (r *Record) ended() (State, date.Date) {
	if !r.ExpiresOn.IsZero() && (r.EndedOn.IsZero() || r.EndedOn.After(r.ExpiresOn.Plus(1))) {
		return Expired, r.ExpiresOn.Plus(1)
	}
	if r.EndedOn.IsZero() {
		return "", date.Date{}
	}
	return r.State, r.EndedOn
}

// ValidOn reports whether r was in force on a day: it had taken effect and nothing had ended it.
func (r *Record) ValidOn(day date.Date) bool {
	if r.Open() || r.State == Dropped || r.EffectiveOn.IsZero() || r.EffectiveOn.After(day) {
		return false
	}
	_, end := r.ended()
	return end.IsZero() || end.After(day)
}
