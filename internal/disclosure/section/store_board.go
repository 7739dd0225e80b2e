package section

import (
	"gongkai/internal/date"
	"gongkai/internal/db"
)

// standings counts the sections of bodies by how they stand on a day, of all bodies if none
// is named. It reads one row a section and no item. Which sections have others below is asked
// once: PostgreSQL, while it has not counted its tables, looks through all for each.
func (p Policy) standings(tx *db.Tx, agencies []string, today date.Date) (all []*Standing, err error) {
	args := []any{today, today.Plus(-p.NewsDays), today.PlusMonths(-p.NoticeMonths)}
	where := ""
	if len(agencies) > 0 {
		marks, more := db.In(len(args), agencies)
		where, args = " AND agency IN "+marks, append(args, more...)
	}
	err = tx.Each(`SELECT agency, count(*), count(*) FILTER (WHERE due < $1), count(*) FILTER (WHERE due >= $1 AND warn <= $1),
			count(*) FILTER (WHERE due IS NULL),
			count(*) FILTER (WHERE last_on IS NULL AND kind <> 'proactive'
				AND id NOT IN (SELECT DISTINCT parent FROM section WHERE NOT section.retired)),
			count(*) FILTER (WHERE kind = 'news' AND last_on < $2), count(*) FILTER (WHERE kind = 'notice' AND last_on < $3),
			min(due) FILTER (WHERE due < $1)
		FROM section_fresh WHERE NOT retired`+where+" GROUP BY agency",
		func(scan func(...any) error) error {
			s := &Standing{}
			all = append(all, s)
			err := scan(&s.Agency, &s.Sections, &s.Overdue, &s.Soon, &s.Unwatched, &s.Empty, &s.News, &s.Notices, &s.Oldest)
			s.Current = s.Sections - s.Overdue - s.Soon - s.Unwatched
			return err
		}, args...)
	return all, err
}

// freshOf returns the records of a body's sections by their keys.
func freshOf(tx *db.Tx, agencyID string) (map[string]*Fresh, error) {
	list, err := db.Select(tx, (*Fresh).columns, "section_fresh WHERE agency = $1 ORDER BY id", agencyID)
	if err != nil {
		return nil, err
	}
	all := make(map[string]*Fresh, len(list))
	for _, f := range list {
		all[f.Section] = f
	}
	return all, nil
}

// urgent returns the records of sections somebody answers for that are overdue or are from
// today about to be.
func urgent(tx *db.Tx, today date.Date) ([]*Fresh, error) {
	return db.Select(tx, (*Fresh).columns, `section_fresh WHERE owner <> '' AND NOT retired AND (due < $1 OR warn = $1)
		ORDER BY owner, id`, today)
}

// reminded notes a reminder, and reports whether it is the first of the day to that person
// about that section.
func reminded(tx *db.Tx, sectionID, person, by string, due, today date.Date) (bool, error) {
	n, err := tx.Exec(`INSERT INTO section_reminder (section, person, day, by_whom, due, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, sectionID, person, today, by, due, tx.Now)
	return n == 1, err
}

// Reminder is one that was sent.
type Reminder struct {
	Section string
	Person  string
	Day     date.Date
	By      string
	Due     date.Date
}

func (r *Reminder) columns() db.Columns {
	return db.Columns{
		db.Col("section", &r.Section), db.Col("person", &r.Person), db.Col("day", &r.Day), db.Col("by_whom", &r.By),
		db.Col("due", &r.Due),
	}
}

// Reminders returns the newest reminders about a section.
func Reminders(tx *db.Tx, sectionID string, most int) ([]*Reminder, error) {
	return db.Select(tx, (*Reminder).columns, `section_reminder WHERE section = $1 ORDER BY day DESC, person LIMIT $2`,
		sectionID, most)
}

// remindedOn returns the sections a person was reminded of on a day.
func remindedOn(tx *db.Tx, person string, day date.Date) (ids []string, err error) {
	rs, err := db.Select(tx, (*Reminder).columns, "section_reminder WHERE person = $1 AND day = $2 ORDER BY section", person, day)
	for _, r := range rs {
		ids = append(ids, r.Section)
	}
	return ids, err
}
