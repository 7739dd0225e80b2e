package credit

import (
	"context"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/decimal"
	"gongkai/internal/fault"
	"gongkai/internal/statute"
)

// Fee is what was collected of one administrative fee in a year (行政事业性收费).
type Fee struct {
	ID, Agency string
	Year       int64
	Name       string          // 收费项目
	Basis      string          // 依据
	Standard   string          // 标准
	Amount     decimal.Decimal // 万元
	Retracted  bool            // entered by mistake
	Version    int64
	CreatedAt  time.Time
}

// Faults of fees.
var (
	ErrFeeName   = &fault.Error{Kind: fault.Invalid, Code: "credit.fee.name", Field: "name"}
	ErrFeeAmount = &fault.Error{Kind: fault.Invalid, Code: "credit.fee.amount", Field: "amount"}
	ErrFeeYear   = &fault.Error{Kind: fault.Invalid, Code: "credit.fee.year", Field: "year"}
)

// Collect enters or corrects what was collected. A fee with an ID replaces that version.
func (d *Desk) Collect(ctx context.Context, by actor.Actor, in Fee) (f *Fee, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.ReportCompile, actor.In(in.Agency)); err != nil {
			return err
		}
		copied := in
		f = &copied
		f.Name = strings.TrimSpace(f.Name)
		switch {
		case f.Name == "":
			return ErrFeeName
		case f.Amount < 0:
			return ErrFeeAmount
		case f.Year < 2008 || f.Year > int64(tx.Today().Year()):
			return ErrFeeYear
		}
		if f.CreatedAt = tx.Now; f.ID == "" {
			f.ID, f.Version = db.ID(), 0
		} else if old, err := loadFee(tx, f.ID); err != nil || old.Agency != f.Agency {
			return ErrNone
		} else {
			f.CreatedAt = old.CreatedAt
		}
		if err := f.save(tx); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{
			Act: actor.ReportCompile, Agency: f.Agency, Subject: "credit_fee", ID: f.ID, Version: f.Version, Title: f.Name,
			Cite:   statute.OGI2019.Art(20, 0, 8),
			Detail: map[string]any{"year": f.Year, "amount_wan": f.Amount.String(), "retracted": f.Retracted},
		})
	})
	return f, err
}

// Fees lists what a body collected in a year.
func (d *Desk) Fees(ctx context.Context, by actor.Actor, agency string, year int) (all []*Fee, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		if err := by.May(actor.CreditView, actor.In(agency)); err != nil {
			return err
		}
		all, err = fees(tx, agency, int64(year))
		return err
	})
	return all, err
}

// FeesOf loads a year's fees within the transaction of the report compiled from them.
func FeesOf(tx *db.Tx, agency string, year int) ([]*Fee, error) { return fees(tx, agency, int64(year)) }
