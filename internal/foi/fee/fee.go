// Package fee holds the tiers of the processing fee (信息处理费), which a body may ask for where
// one applicant's requests are clearly too many or too frequent. For each request it chooses to
// charge by the piece or by the page, never both.
//
// 条例第四十二条：“申请人申请公开政府信息的数量、频次明显超过合理范围的，行政机关可以收取信息处理费。” R-FEE-01.
package fee

import (
	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/statute"
)

// Mode is how a request is charged.
type Mode string

// The two ways of charging.
const (
	ByPiece Mode = "piece" // 按件计收, whatever the outcome: R-FEE-02
	ByPage  Mode = "page"  // 按量计收, only of copies that are handed out: R-FEE-04
)

// Modes lists the ways of charging.
var Modes = []Mode{ByPiece, ByPage}

// ErrMode refuses what is neither way of charging, or both at once.
var ErrMode = &fault.Error{Kind: fault.Invalid, Code: "charge.mode", Field: "mode", Cite: statute.ProcessingFee.Art(3)}

// ParseMode reads a way of charging. There is exactly one for a request.
//
// 信息处理费管理办法第三条. R-FEE-01.
func ParseMode(text string) (Mode, error) {
	for _, m := range Modes {
		if text == string(m) {
			return m, nil
		}
	}
	return "", ErrMode
}

// Tier is a price for the units From to To; To is 0 where the tier has no end.
type Tier struct{ From, To, Yuan int }

// Tariff is one version of the prices.
type Tariff struct {
	Since date.Date
	Law   *statute.Instrument
	Piece []Tier // a piece is one request; the tiers count one applicant's in a calendar month
	Page  []Tier // of one request
	Rise  Rise   // of the price of a piece, beyond the tiers
	// What of this version we did not see in the text itself, for showing.
	Unverified []Doubt
}

// Rise says that from a piece on, each further band of pieces costs more by as much.
type Rise struct{ From, Band, Yuan int }

// Doubt names a part of a tariff that rests on a copy or on memory.
type Doubt string

// What is not verified.
const (
	DoubtPages Doubt = "pages" // the tiers by the page: from one published table of fees, R-FEE-05
	DoubtSince Doubt = "since" // the day it took effect: from memory, R-FEE-11
	DoubtAfter Doubt = "after" // that the period starts anew after payment: from memory, R-FEE-07
)

// Tariffs are the versions, the latest last. 国办函〔2020〕109号.
//
// 第四条：10件以下不收费；11—30件，100元/件；31件以上，以10件为一档，每增加一档收费标准提高100元/件. R-FEE-03.
// 按量：30页以下不收费；31—100页，10元/页；101—200页，20元/页；201页以上，40元/页. R-FEE-05.
var Tariffs = []Tariff{{
	Since:      date.Must(2021, 1, 1),
	Law:        statute.ProcessingFee,
	Piece:      []Tier{{1, 10, 0}, {11, 30, 100}},
	Rise:       Rise{From: 31, Band: 10, Yuan: 100},
	Page:       []Tier{{1, 30, 0}, {31, 100, 10}, {101, 200, 20}, {201, 0, 40}},
	Unverified: []Doubt{DoubtPages, DoubtSince, DoubtAfter},
}}

// On returns the tariff in force on a day, and false before there was any.
func On(d date.Date) (Tariff, bool) {
	for i := len(Tariffs) - 1; i >= 0; i-- {
		if !d.Before(Tariffs[i].Since) {
			return Tariffs[i], true
		}
	}
	return Tariff{}, false
}

// OfPiece returns the price of the n-th piece of an applicant in a calendar month, in yuan.
func (t Tariff) OfPiece(n int) int {
	if n >= t.Rise.From {
		top := t.Piece[len(t.Piece)-1].Yuan
		return top + t.Rise.Yuan*(1+(n-t.Rise.From)/t.Rise.Band)
	}
	return price(t.Piece, n)
}

// OfPieces returns the price of n pieces that follow as many before them in the month.
func (t Tariff) OfPieces(before, n int) int {
	sum := 0
	for i := before + 1; i <= before+n; i++ {
		sum += t.OfPiece(i)
	}
	return sum
}

// OfPages returns the price of a request of n pages: each page at the price of its tier.
func (t Tariff) OfPages(n int) int {
	sum := 0
	for _, tier := range t.Page {
		last := tier.To
		if last == 0 || last > n {
			last = n
		}
		if last >= tier.From {
			sum += (last - tier.From + 1) * tier.Yuan
		}
	}
	return sum
}

// price returns the price of the n-th unit.
func price(tiers []Tier, n int) int {
	for _, t := range tiers {
		if n >= t.From && (t.To == 0 || n <= t.To) {
			return t.Yuan
		}
	}
	return 0
}

// now is the tariff in force.
func now() Tariff { return Tariffs[len(Tariffs)-1] }

// Piece returns the price of the n-th piece of an applicant in a calendar month by the tariff
// in force.
func Piece(n int) int { return now().OfPiece(n) }

// Pieces returns the price of n pieces that follow as many before them, by the tariff in force.
func Pieces(before, n int) int { return now().OfPieces(before, n) }

// Pages returns the price of n pages by the tariff in force.
func Pages(n int) int { return now().OfPages(n) }

// Month is the calendar month in which pieces are counted.
//
// 信息处理费管理办法第四条. R-FEE-02.
type Month struct{ Year, Month int }

// MonthOf returns the calendar month of a day.
func MonthOf(d date.Date) Month { return Month{d.Year(), d.Month()} }

// First returns the first day of m.
func (m Month) First() date.Date { return date.Must(m.Year, m.Month, 1) }

// Last returns the last day of m.
func (m Month) Last() date.Date { return m.First().PlusMonths(1).Plus(-1) }
