package normative

import (
	"context"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

// Registered is a line of the public register: a document whose text anybody can read here, with
// its validity (R-NRM-18).
type Registered struct {
	Item        string
	Agency      string
	Kind        Kind
	Title       string
	DocNo       string
	State       State
	IssuedOn    date.Date
	EffectiveOn date.Date
	ExpiresOn   date.Date
	EndedOn     date.Date
	EndedBy     string
}

// inForce and ended are the states of the register's two lists.
var (
	inForce = []State{Published, InForce, Amended}
	ended   = []State{Repealed, Expired, Invalidated}
)

// InForce returns a page of the documents that are valid or soon will be, the latest first, n a
// page, pages counted from 1, and how many there are; of all bodies if none is named. It asks
// nobody's leave: this is the public's.
func (d *Desk) InForce(ctx context.Context, agency string, no, n int) ([]*Registered, int, error) {
	return d.register(ctx, agency, inForce, no, n)
}

// Ended returns a page of those that were repealed, expired or declared invalid, which stay
// readable.
func (d *Desk) Ended(ctx context.Context, agency string, no, n int) ([]*Registered, int, error) {
	return d.register(ctx, agency, ended, no, n)
}

func (d *Desk) register(ctx context.Context, agency string, states []State, no, n int) (all []*Registered, total int, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if total, err = countRegistered(tx, agency, states); err != nil {
			return err
		}
		all, err = registered(tx, agency, states, (no-1)*n, n)
		return err
	})
	return all, total, err
}
