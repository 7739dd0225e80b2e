package normative

import (
	"strconv"

	"gongkai/internal/db"
)

func (r *Registered) columns() db.Columns {
	return db.Columns{
		db.Col("r.item", &r.Item), db.Col("r.agency", &r.Agency), db.Col("r.kind", &r.Kind), db.Col("r.title", &r.Title),
		db.Col("r.doc_no", &r.DocNo), db.Col("r.state", &r.State), db.Col("r.issued_on", &r.IssuedOn),
		db.Col("r.effective_on", &r.EffectiveOn), db.Col("r.expires_on", &r.ExpiresOn), db.Col("r.ended_on", &r.EndedOn),
		db.Col("r.ended_by", &r.EndedBy),
	}
}

// public are the records of some states whose text is public.
func public(agency string, states []State) (from string, args []any) {
	marks, args := db.In(0, states)
	from = "normative_record r JOIN item i ON i.id = r.item AND i.status IN ('live', 'archived') WHERE r.item <> '' AND r.state IN " + marks
	if agency != "" {
		args = append(args, agency)
		from += " AND r.agency = $" + strconv.Itoa(len(args))
	}
	return from, args
}

func registered(tx *db.Tx, agency string, states []State, skip, n int) ([]*Registered, error) {
	from, args := public(agency, states)
	args = append(args, n, skip)
	return db.Select(tx, (*Registered).columns, from+" ORDER BY r.sort_key DESC LIMIT $"+strconv.Itoa(len(args)-1)+" OFFSET $"+strconv.Itoa(len(args)), args...)
}

func countRegistered(tx *db.Tx, agency string, states []State) (int, error) {
	from, args := public(agency, states)
	return tx.Count("SELECT count(*) FROM "+from, args...)
}
