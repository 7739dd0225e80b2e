package paper

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// fromGB2312 returns the character at a position of GB 2312, 0 where there is none.
func fromGB2312(high, low byte) rune {
	if high == 0xD7 && low > 0xF9 { // the standard ends row 55 here
		return 0
	}
	s, err := simplifiedchinese.GBK.NewDecoder().String(string([]byte{high, low}))
	if err != nil {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError || r >= 0xE000 && r < 0xF900 {
		return 0
	}
	return r
}
