package disclosure

import (
	"time"

	"gongkai/internal/db"
)

// live counts what stands published, by the time of its publication.
func live(tx *db.Tx, agency string, from, to time.Time) (int, error) {
	return tx.Count("SELECT count(*) FROM item WHERE agency = $1 AND status = 'live' AND shown_at >= $2 AND shown_at < $3", agency, from, to)
}

func (s *Statistics) count(tx *db.Tx) (err error) {
	for m := range s.Months {
		if s.Months[m], err = live(tx, s.Agency, start(s.Year, m+1), start(s.Year, m+2)); err != nil {
			return err
		}
	}
	for _, next := range []func(*db.Tx) error{s.states, s.sections, s.reviews, s.late, s.waits} {
		if err := next(tx); err != nil {
			return err
		}
	}
	return nil
}

func (s *Statistics) states(tx *db.Tx) error {
	found := map[State]int{}
	err := tx.Each("SELECT state, count(*) FROM item_edition WHERE head AND agency = $1 GROUP BY state", func(scan func(...any) error) error {
		var state State
		var n int
		defer func() { found[state] = n }()
		return scan(&state, &n)
	}, s.Agency)
	for _, state := range States {
		if found[state] > 0 {
			s.States = append(s.States, Tally[State]{state, found[state]})
		}
	}
	return err
}

// sections counts by section, those with most first. Each count is a walk of the index that
// the public's lists use.
func (s *Statistics) sections(tx *db.Tx) error {
	return tx.Each(`SELECT s.id, s.name, count(*) FROM section s JOIN item_place p ON p.section = s.id
		WHERE s.agency = $1 AND p.shown_at >= $2 AND p.shown_at < $3 GROUP BY s.id, s.name ORDER BY count(*) DESC, s.name, s.id`,
		func(scan func(...any) error) error {
			var t SectionTally
			defer func() { s.Sections = append(s.Sections, t) }()
			return scan(&t.ID, &t.Name, &t.N)
		}, s.Agency, start(s.Year, 1), start(s.Year, 13))
}

func (s *Statistics) reviews(tx *db.Tx) error {
	found := map[Level]*ReviewTally{}
	for _, l := range Levels {
		found[l] = &ReviewTally{Level: l}
	}
	err := tx.Each(`SELECT o.level, o.decision, count(*) FROM item_edition e JOIN item_opinion o ON o.edition = e.id
		WHERE e.head AND e.agency = $1 AND e.published_at >= $2 AND e.published_at < $3 GROUP BY o.level, o.decision`,
		func(scan func(...any) error) error {
			var level Level
			var decision Decision
			var n int
			if err := scan(&level, &decision, &n); err != nil {
				return err
			}
			switch t := found[level]; {
			case t == nil:
			case decision == Approving:
				t.Approved += n
			default:
				t.Returned += n
			}
			return nil
		}, s.Agency, start(s.Year, 1), start(s.Year, 13))
	for _, l := range Levels {
		s.Reviews = append(s.Reviews, *found[l])
	}
	return err
}

func (s *Statistics) late(tx *db.Tx) (err error) {
	s.Late, err = tx.Count("SELECT count(*) FROM item_edition WHERE head AND agency = $1 AND published_at >= $2 AND published_at < $3 AND late_reason <> ''",
		s.Agency, start(s.Year, 1), start(s.Year, 13))
	return err
}

func (s *Statistics) waits(tx *db.Tx) error {
	var all []time.Duration
	err := tx.Each(`SELECT submitted_at, published_at FROM item_edition
		WHERE head AND agency = $1 AND published_at >= $2 AND published_at < $3 AND submitted_at IS NOT NULL
		ORDER BY published_at DESC LIMIT $4`, func(scan func(...any) error) error {
		var from, to time.Time
		defer func() { all = append(all, to.Sub(from)) }()
		return scan(&from, &to)
	}, s.Agency, start(s.Year, 1), start(s.Year, 13), mostWaits)
	s.Waits = waitsOf(all)
	return err
}

func (b *BodyTally) count(tx *db.Tx, year int) (err error) {
	if b.Published, err = live(tx, b.ID, start(year, 1), start(year, 13)); err != nil {
		return err
	}
	for _, one := range []struct {
		n     *int
		query string
		args  []any
	}{
		{&b.Public, "SELECT count(*) FROM item WHERE agency = $1 AND status = 'live'", nil},
		{&b.Drafts, "SELECT count(*) FROM item_edition WHERE head AND agency = $1 AND state = 'draft'", nil},
		{&b.Reviewing, "SELECT count(*) FROM item_edition WHERE head AND agency = $1 AND state IN ('review1', 'review2', 'review3', 'secrecy')", nil},
		{&b.Late, "SELECT count(*) FROM item_edition WHERE head AND agency = $1 AND " + openStates + " AND due_on < $2", []any{tx.Today()}},
		{&b.Unsettled, "SELECT count(*) FROM item_edition WHERE head AND agency = $1 AND state = 'urgent' AND approve_by < $2", []any{tx.Today()}},
	} {
		if *one.n, err = tx.Count(one.query, append([]any{b.ID}, one.args...)...); err != nil {
			return err
		}
	}
	return nil
}
