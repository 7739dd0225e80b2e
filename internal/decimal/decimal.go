// Package decimal holds the exact numbers of official statistics (数值). Counts of pieces
// and sums of 万元 are added for thousands of bodies and compared to the last digit, so
// they are never floating-point.
package decimal

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// Decimal is a number with six decimal places: 万元 down to the 分, and counts up to nine
// million million.
type Decimal int64

const (
	places = 6
	unit   = 1_000_000
)

// Errors of Parse and Add.
var (
	ErrSyntax   = errors.New("not a number")
	ErrOverflow = errors.New("number too large")
)

// Int returns n as a Decimal. n must lie within ±9·10¹²; beyond, it panics.
func Int(n int64) Decimal {
	if n > math.MaxInt64/unit || n < math.MinInt64/unit {
		panic("decimal: out of range")
	}
	return Decimal(n * unit)
}

// Parse reads ASCII digits with an optional sign, thousands commas and a decimal point of
// at most six places: "7730.28", "-3", "11,398,889".
func Parse(s string) (Decimal, error) {
	neg := false
	body := s
	if strings.HasPrefix(body, "-") || strings.HasPrefix(body, "+") {
		neg = body[0] == '-'
		body = body[1:]
	}
	whole, frac, dotted := strings.Cut(body, ".")
	if strings.Contains(whole, ",") {
		var err error
		if whole, err = ungroup(whole); err != nil {
			return 0, err
		}
	}
	if whole == "" || (dotted && frac == "") {
		return 0, ErrSyntax
	}
	frac = strings.TrimRight(frac, "0")
	if len(frac) > places {
		return 0, fmt.Errorf("%w: more than %d decimal places", ErrSyntax, places)
	}
	var v int64
	for _, r := range whole + frac + strings.Repeat("0", places-len(frac)) {
		if r < '0' || r > '9' {
			return 0, ErrSyntax
		}
		if v > (math.MaxInt64-9)/10 {
			return 0, ErrOverflow
		}
		v = v*10 + int64(r-'0')
	}
	if neg {
		v = -v
	}
	return Decimal(v), nil
}

// ungroup removes thousands commas, which must stand in groups of three.
func ungroup(s string) (string, error) {
	parts := strings.Split(s, ",")
	for i, p := range parts {
		if i == 0 && (len(p) < 1 || len(p) > 3) || i > 0 && len(p) != 3 {
			return "", ErrSyntax
		}
	}
	return strings.Join(parts, ""), nil
}

// MustParse is Parse for constants; it panics on an error.
func MustParse(s string) Decimal {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// Add returns d+o, or ErrOverflow.
func (d Decimal) Add(o Decimal) (Decimal, error) {
	s := d + o
	if (o > 0 && s < d) || (o < 0 && s > d) {
		return 0, ErrOverflow
	}
	return s, nil
}

// IsInt reports whether d is a whole number.
func (d Decimal) IsInt() bool { return d%unit == 0 }

// Int64 returns the whole part of d.
func (d Decimal) Int64() int64 { return int64(d / unit) }

// Float returns the nearest floating-point number, for charts and ratios only.
func (d Decimal) Float() float64 { return float64(d) / unit }

// String returns the shortest exact form: "9", "7730.28", "-3".
func (d Decimal) String() string {
	u := uint64(d)
	sign := ""
	if d < 0 {
		u, sign = -u, "-"
	}
	s := fmt.Sprintf("%s%d", sign, u/unit)
	if f := u % unit; f != 0 {
		s += "." + strings.TrimRight(fmt.Sprintf("%06d", f), "0")
	}
	return s
}

// MarshalJSON writes a JSON number.
func (d Decimal) MarshalJSON() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalJSON reads a JSON number without an exponent.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	v, err := Parse(string(b))
	if err != nil {
		return fmt.Errorf("read number %s: %w", b, err)
	}
	*d = v
	return nil
}
