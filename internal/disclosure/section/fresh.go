package section

import (
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/workday"
)

// Fresh is what is on record about how current a section is (更新情况).
type Fresh struct {
	Section    string
	Agency     string
	Kind       Kind
	Owner      string
	Department string
	Retired    bool
	Duty       Duty // the one that counts, its own or its kind's
	Facts
	LastAt   time.Time
	LastItem string
	Due      date.Date
	Warn     date.Date
	Sure     bool
}

// State tells how the section stands on a day.
func (f *Fresh) State(today date.Date) State {
	if f.Retired {
		return Unwatched
	}
	return stateOn(f.Due, f.Warn, today)
}

// Publication is something published in a section.
type Publication struct {
	Item string
	At   time.Time
}

// Touched keeps a section's record current when an item is published in it, in the
// transaction that publishes. It answers the events recorded for the item, or else the
// oldest open one.
func Touched(tx *db.Tx, sectionID, itemID string, publishedAt time.Time) error {
	f, err := lockFresh(tx, sectionID)
	if err != nil {
		return err
	}
	if err := answer(tx, sectionID, itemID, dayOf(publishedAt)); err != nil {
		return err
	}
	f.published(Publication{itemID, publishedAt})
	return f.resettle(tx)
}

// Filled keeps a section's record current when many items are brought in at once: newest is
// the one published last. No event is answered by what was brought in.
func Filled(tx *db.Tx, sectionID string, newest Publication) error {
	f, err := lockFresh(tx, sectionID)
	if err != nil {
		return err
	}
	f.published(newest)
	return f.resettle(tx)
}

// Withdrawn keeps a section's record current when something in it is retracted or moved
// elsewhere: newest is what was published last of that which is still there, the zero
// Publication if nothing is.
func Withdrawn(tx *db.Tx, sectionID string, newest Publication) error {
	f, err := lockFresh(tx, sectionID)
	if err != nil {
		return err
	}
	f.LastAt, f.LastItem, f.Last = time.Time{}, "", date.Date{}
	if newest.Item != "" {
		f.published(newest)
	}
	return f.resettle(tx)
}

// Happened records what must be published in a section, in the transaction of the act that
// knows of it: an item's text was settled on the day on, or something else happened.
// Sections whose duty knows no events ignore it.
func Happened(tx *db.Tx, cal *workday.Calendar, h Happening) error {
	f, err := lockFresh(tx, h.Section)
	if err != nil {
		return err
	}
	if f.Duty.Rhythm != Event {
		return nil
	}
	if h.Item != "" {
		if done, err := replaceEvent(tx, f, h, cal); err != nil || done {
			return err
		}
	}
	h.ID, h.At, h.Version = db.ID(), tx.Now, 1
	h.count(f.Duty, cal)
	if err := tx.Insert("section_event", h.columns()); err != nil {
		return err
	}
	return f.resettle(tx)
}

// Dropped ends the open events recorded for an item that will not be published.
func Dropped(tx *db.Tx, itemID string) error {
	open, err := eventsOf(tx, itemID)
	if err != nil {
		return err
	}
	for _, h := range open {
		if err := h.close(tx, tx.Today()); err != nil {
			return err
		}
		f, err := lockFresh(tx, h.Section)
		if err != nil {
			return err
		}
		if err := f.resettle(tx); err != nil {
			return err
		}
	}
	return nil
}

// replaceEvent moves the open event of an item to another day, and reports whether there was
// one.
func replaceEvent(tx *db.Tx, f *Fresh, h Happening, cal *workday.Calendar) (bool, error) {
	open, err := eventsOf(tx, h.Item)
	if err != nil {
		return false, err
	}
	for _, old := range open {
		if old.Section != h.Section {
			continue
		}
		old.On, old.What = h.On, h.What
		old.count(f.Duty, cal)
		if err := old.save(tx); err != nil {
			return false, err
		}
		return true, f.resettle(tx)
	}
	return false, nil
}

func (f *Fresh) published(p Publication) {
	if p.At.Before(f.LastAt) {
		return
	}
	f.LastAt, f.LastItem, f.Last = p.At, p.Item, dayOf(p.At)
}

// follow takes over from the section what the boards are grouped by.
func (f *Fresh) follow(s *Section, p Policy) {
	f.Agency, f.Kind, f.Owner, f.Department, f.Retired = s.Agency, s.Kind, s.Owner, s.Department, s.Retired
	f.Duty = p.Of(s)
}

// settle finds the next deadline from what is on record.
func (f *Fresh) settle(tx *db.Tx) error {
	var open []Happening
	if f.Duty.Rhythm == Event {
		next, found, err := nextEvent(tx, f.Section)
		if err != nil {
			return err
		}
		if found {
			open = append(open, next)
		}
	}
	w := f.Duty.next(f.Facts, open)
	f.Due, f.Warn, f.Sure = w.Due, w.Warn, w.Sure
	return nil
}

func (f *Fresh) resettle(tx *db.Tx) error {
	if err := f.settle(tx); err != nil {
		return err
	}
	return f.save(tx)
}

func dayOf(at time.Time) date.Date { return date.Of(at.In(date.China)) }
