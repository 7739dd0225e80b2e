package fee

import (
	"errors"
	"testing"

	"gongkai/internal/date"
)

// R-FEE-03: the examples of the specification, and both sides of each limit.
func TestByThePiece(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 0, 10: 0, 11: 100, 30: 2000, 31: 2200, 35: 3000, 40: 4000, 41: 4300, 45: 5500, 50: 7000, 51: 7400, 60: 11000, 61: 11500, 100: 37000} {
		if got := Pieces(0, n); got != want {
			t.Errorf("%d pieces: %d yuan, want %d", n, got, want)
		}
	}
	for n, want := range map[int]int{0: 0, 1: 0, 10: 0, 11: 100, 30: 100, 31: 200, 40: 200, 41: 300, 50: 300, 51: 400, 100: 800, 101: 900} {
		if got := Piece(n); got != want {
			t.Errorf("piece %d: %d yuan, want %d", n, got, want)
		}
	}
}

// Pieces of one month that come in several batches cost what they cost together. R-FEE-02.
func TestABatchGoesOnWhereTheMonthStands(t *testing.T) {
	tests := []struct{ before, n, want int }{{8, 2, 0}, {8, 4, 200}, {10, 20, 2000}, {30, 5, 1000}, {29, 2, 300}, {40, 5, 1500}}
	for _, tt := range tests {
		if got := Pieces(tt.before, tt.n); got != tt.want {
			t.Errorf("%d after %d: %d yuan, want %d", tt.n, tt.before, got, tt.want)
		}
	}
}

// R-FEE-05: the examples of the specification, and both sides of each limit.
func TestByThePage(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 0, 30: 0, 31: 10, 32: 20, 99: 690, 100: 700, 101: 720, 200: 2700, 201: 2740, 250: 4700} {
		if got := Pages(n); got != want {
			t.Errorf("%d pages: %d yuan, want %d", n, got, want)
		}
	}
}

// R-FEE-01: one way or the other.
func TestNeverBothModes(t *testing.T) {
	for _, text := range []string{"", "both", "piece,page", "Piece"} {
		if m, err := ParseMode(text); !errors.Is(err, ErrMode) {
			t.Errorf("%q: %q, %v", text, m, err)
		}
	}
	if m, err := ParseMode("page"); m != ByPage || err != nil {
		t.Errorf("page: %q, %v", m, err)
	}
}

// R-FEE-11: before 2021 there was no tariff.
func TestTheTariffOfADay(t *testing.T) {
	if _, ok := On(date.Must(2020, 12, 31)); ok {
		t.Error("a tariff in 2020")
	}
	got, ok := On(date.Must(2021, 1, 1))
	if !ok || got.OfPiece(11) != 100 || len(got.Unverified) != 3 {
		t.Errorf("2021-01-01: %+v, %v", got, ok)
	}
}

func TestTheCalendarMonth(t *testing.T) {
	m := MonthOf(date.Must(2024, 2, 29))
	if m.First() != date.Must(2024, 2, 1) || m.Last() != date.Must(2024, 2, 29) || m != MonthOf(date.Must(2024, 2, 1)) || m == MonthOf(date.Must(2023, 2, 1)) {
		t.Errorf("%+v: %s to %s", m, m.First(), m.Last())
	}
}
