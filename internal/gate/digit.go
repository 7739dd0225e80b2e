package gate

// digit returns the value of a figure, half or full width, and -1 for anything else.
func digit(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= '０' && r <= '９':
		return int(r - '０')
	}
	return -1
}

// joins reports whether r may stand between the figures of one number: white space, a line
// break, a hyphen, or what takes no width at all.
func joins(r rune) bool {
	switch r {
	case ' ', '\u00A0', '\u3000', '\u2002', '\u2003', '\u2009', '\u202F', '-', '－', '‐', '‑', '–', '\n', inCell:
		return true
	}
	return blind(r)
}

// blind reports whether r takes no width.
func blind(r rune) bool {
	return r >= '\u200B' && r <= '\u200F' || r == '\u2060' || r == '\uFEFF' || r == '\u00AD'
}

// latin reports whether r is a letter of codes, half or full width.
func latin(r rune) bool {
	r = fold(r)
	return r >= 'a' && r <= 'z'
}

// fold brings full width to half and capitals to small letters, for comparing.
func fold(r rune) rune {
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	if r >= 'A' && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r
}

// han reports whether r is a Chinese character.
func han(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r >= 0x20000 && r <= 0x323AF || r == '〇'
}

// number is a run of figures without anything between them.
type number struct {
	start, end int // runes
	digits     string
}

// numbers finds the runs of figures in a text. A figure may be parted from the next by what
// takes no width.
func numbers(text []rune) []number {
	var all []number
	for i := 0; i < len(text); i++ {
		if digit(text[i]) < 0 {
			continue
		}
		n, digits := number{start: i, end: i}, make([]byte, 0, 20)
		for i < len(text) && (digit(text[i]) >= 0 || blind(text[i])) {
			if d := digit(text[i]); d >= 0 {
				n.end = i + 1
				if len(digits) < longestNumber {
					digits = append(digits, byte('0'+d))
				}
			}
			i++
		}
		n.digits = string(digits)
		all = append(all, n)
	}
	return all
}

// longestNumber is how many figures of one run are kept: one more than any number of a person
// has, so that longer runs are told from it.
const longestNumber = 24
