package portal

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// firsts are, by letter, the first characters of GB/T 2312's first level, which is in the order
// of pinyin: a character's letter follows from where its code lies among theirs. No syllable
// begins with i, u or v.
const firsts = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"

// letters are those of firsts.
const letters = "ABCDEFGHJKLMNOPQRSTWXYZ"

// lastCommon is the end of the first level: 座.
const lastCommon = 0xD7F9

// initial is the letter of pinyin a name begins with, "#" where its first character is not among
// the 3,755 most common.
func initial(name string) string {
	r, _ := utf8.DecodeRuneInString(name)
	code := gb(r)
	if r < 0x80 || code > lastCommon {
		return "#"
	}
	found, i := "#", 0
	for _, first := range firsts {
		if code >= gb(first) {
			found = letters[i : i+1]
		}
		i++
	}
	return found
}

// gb is the code of a character in GB/T 2312, 0 for one it lacks.
func gb(r rune) int {
	b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(string(r)))
	if err != nil || len(b) != 2 || b[0] < 0xA1 || b[1] < 0xA1 {
		return 0
	}
	return int(b[0])<<8 | int(b[1])
}
