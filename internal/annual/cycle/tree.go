package cycle

import (
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/db"
)

// superior returns the body a body's report goes into: the government above whose office takes
// it in, or the body in charge under vertical leadership; "" at the top. A government's office
// reports to that government.
func superior(t *agency.Tree, id string) string {
	if g := governed(t, id); g != "" {
		return g
	}
	up := t.Overseer(id)
	if g := governed(t, up); g != "" {
		return g
	}
	return up
}

// governed returns the government whose office a body is, "" for none.
func governed(t *agency.Tree, id string) string {
	a := t.Get(id)
	if a == nil {
		return ""
	}
	if g := t.Get(a.Parent); g != nil && g.Office == id {
		return g.ID
	}
	return ""
}

// collectors are the bodies whose people take in what goes into a body's report: itself and its
// office.
func collectors(tx *db.Tx, receiver string) ([]string, error) {
	a, err := agency.Load(tx, receiver)
	if err != nil {
		return nil, err
	}
	if a.Office == "" {
		return []string{receiver}, nil
	}
	return []string{receiver, a.Office}, nil
}

// collect returns the grant by which somebody takes in reports for a receiver. A supervisor
// further up looks on: the act is that of the body the report was submitted to.
func collect(tx *db.Tx, by actor.Actor, act actor.Act, receiver string) (actor.Grant, error) {
	bodies, err := collectors(tx, receiver)
	if err != nil {
		return actor.Grant{}, err
	}
	for _, g := range by.Grants {
		if slices.Contains(bodies, g.Agency) && g.Section == "" && actor.Allows(g.Role, act) {
			return g, nil
		}
	}
	return actor.Grant{}, actor.ErrForbidden
}

// Receiver returns the body whose report is made of those submitted to a body: itself, or the
// government whose office it is.
func (d *Desk) receiver(tx *db.Tx, body string) (string, error) {
	t, err := agency.LoadTree(tx, tx.Today())
	if err != nil {
		return "", err
	}
	if g := governed(t, body); g != "" {
		return g, nil
	}
	return body, nil
}

// below are the bodies whose reports on a year go into a receiver's, in the order of the tree,
// then those that ended in the year.
func below(tx *db.Tx, receiver string, year int) ([]*agency.Agency, error) {
	on := date.Must(year, 12, 31)
	if today := tx.Today(); today.Before(on) {
		on = today
	}
	t, err := agency.LoadTree(tx, on)
	if err != nil {
		return nil, err
	}
	var all []*agency.Agency
	in := map[string]bool{receiver: true}
	for _, a := range t.All {
		if superior(t, a.ID) == receiver {
			all = append(all, a)
			in[a.ID] = true
		}
	}
	ended, err := agency.LoadEnded(tx)
	if err != nil {
		return nil, err
	}
	for _, a := range ended {
		gone := !a.Until.Before(date.Must(year, 1, 1)) && !a.Until.After(on)
		if gone && (a.Parent == receiver || slices.ContainsFunc(a.Successors, func(s string) bool { return in[s] && s != receiver })) {
			all = append(all, a)
		}
	}
	return all, nil
}
