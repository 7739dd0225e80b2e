package register

import (
	"context"
	"errors"

	"gongkai/internal/actor"
	"gongkai/internal/fault"
	"gongkai/internal/foi"
)

// Tally is what became of a plan's rows.
type Tally struct {
	Created int
	Known   int // on record already under their number
	Left    int // faulty rows that were left out, as the person chose
	Refused []Row
}

// Run takes in the rows of a plan, each as one act. With a fault in any row nothing is taken in,
// unless partly says that the good rows are. A row that is on record already is passed over: the
// same file may be run again. told, if not nil, hears of every row.
func Run(ctx context.Context, d *foi.Desk, by actor.Actor, agency string, p *Plan, partly bool, told func(done, all int)) (t Tally, err error) {
	if err := by.May(actor.FoiImport, actor.In(agency)); err != nil {
		return t, err
	}
	good := p.Good()
	if t.Left = len(p.Rows) - len(good); t.Left > 0 && !partly || len(good) == 0 {
		return t, ErrFaulty.With("n", t.Left)
	}
	for i, row := range good {
		var f *fault.Error
		switch _, err := d.Import(ctx, by, agency, row.Entry); {
		case err == nil:
			t.Created++
		case errors.Is(err, foi.ErrEntryTaken):
			t.Known++
		case errors.As(err, &f) && f.Kind != fault.Forbidden:
			row.Faults = append(row.Faults, Fault{Err: f})
			t.Refused = append(t.Refused, row)
		default:
			return t, err
		}
		if told != nil {
			told(i+1, len(good))
		}
	}
	return t, nil
}
