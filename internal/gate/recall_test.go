package gate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// R-PII-02, R-PII-01: a number is found however it is written: half or full width, with gaps,
// tags, line breaks or invisible characters, between real sentences.
func TestNumbersAreFoundHoweverWritten(t *testing.T) {
	random := rand.New(rand.NewPCG(11643, 7812))
	prose := []rune(policies(t)[0].Parts[0].Text())
	sentence := func() string {
		from := random.IntN(len(prose) - 40)
		return strings.Map(func(r rune) rune {
			if r == '<' || r == '&' || r == '\n' || strings.ContainsRune("话线", r) || digit(r) >= 0 || latin(r) { // an office's telephone is no finding
				return '某'
			}
			return r
		}, string(prose[from:from+40]))
	}
	digits := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteByte(byte('0' + random.IntN(10)))
		}
		return b.String()
	}
	identity := func() string {
		s := fmt.Sprintf("42%s%d%02d%02d%s", digits(4), 1930+random.IntN(90), 1+random.IntN(12), 1+random.IntN(28), digits(3))
		return s + string(idDigit(s))
	}
	card := func() string {
		for {
			if s := "62" + digits(14+random.IntN(4)); luhn(s) {
				return s
			}
		}
	}
	const rounds = 2000
	for _, c := range []struct { // in a fixed order, so that the same texts are tried each time
		code   string
		number func() string
		gaps   []string
		groups []int
	}{
		{"R-PII-02-id-card", identity, []string{" ", "　", "-", "<br>", "<b></b>", "&nbsp;", "\u200b", "&#8203;", "</b><i>"}, []int{6, 14}},
		{"R-PII-02-bank-card", card, []string{" ", "-", "<b></b>", "\u200b"}, []int{4, 8, 12, 16}},
		{"R-PII-01-mobile", func() string { return "13" + digits(9) }, []string{" ", "-", "<b></b>", "\u200b"}, []int{3, 7}},
	} {
		for range rounds {
			number := c.number()
			written := dress(random, number, c.gaps[random.IntN(len(c.gaps))], c.groups)
			html := "<p>" + sentence() + "，" + written + "，" + sentence() + "</p>"
			if got := by(t, c.code, body(html)); len(got) != 1 {
				t.Fatalf("%s: %q in %s", c.code, got, html)
			}
		}
	}
}

// dress writes a number in groups parted by a gap, or without one, in half or full width.
func dress(random *rand.Rand, number, gap string, groups []int) string {
	if random.IntN(3) == 0 {
		groups = nil
	}
	wideDigits := random.IntN(4) == 0
	var b strings.Builder
	for i, r := range number {
		for _, g := range groups {
			if i == g {
				b.WriteString(gap)
			}
		}
		if wideDigits {
			r += '！' - '!'
		}
		b.WriteRune(r)
	}
	return b.String()
}
