package account

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"

	"gongkai/internal/fault"
)

// The faults of a new password.
var (
	ErrShort   = &fault.Error{Kind: fault.Invalid, Code: "account.password_rule.short", Field: "password"}
	ErrLong    = &fault.Error{Kind: fault.Invalid, Code: "account.password_rule.long", Field: "password"}
	ErrSimple  = &fault.Error{Kind: fault.Invalid, Code: "account.password_rule.simple", Field: "password"}
	ErrCommon  = &fault.Error{Kind: fault.Invalid, Code: "account.password_rule.common", Field: "password"}
	ErrHasName = &fault.Error{Kind: fault.Invalid, Code: "account.password_rule.login", Field: "password"}
	ErrReused  = &fault.Error{Kind: fault.Invalid, Code: "account.password_rule.reused", Field: "password"}
)

//go:embed words.txt
var wordsText string

// words are what guessers try first: common passwords and the words they are made from.
var words = strings.Fields(wordsText)

// longestPassword bounds the work anybody may ask of the digest.
const longestPassword = 128

// plainRest is how many characters must be left of a password when its common words and
// sequences are taken away.
const plainRest = 5

// checkPassword refuses a password that breaks the rules or is easily guessed.
//
// GB/T 22239-2019 8.1.4.1: “应对登录的用户进行身份标识和鉴别，身份标识具有唯一性，身份鉴别信息具有复杂度要求
// 并定期更换。”
func (s Security) checkPassword(password, login string) error {
	n := len([]rune(password))
	low := strings.ToLower(password)
	switch {
	case n < s.MinLength:
		return ErrShort.With("n", s.MinLength)
	case n > longestPassword:
		return ErrLong.With("n", longestPassword)
	case sorts(password) < s.Kinds:
		return ErrSimple.With("n", s.Kinds)
	case strings.Contains(low, strings.ToLower(login)):
		return ErrHasName
	case len([]rune(remainder(low, s.Words))) < plainRest, distinct(low) < plainRest:
		return ErrCommon
	}
	return nil
}

// sorts counts the kinds of characters: small and capital letters, figures, others.
func sorts(s string) int {
	var kinds [4]bool
	for _, r := range s {
		switch {
		case unicode.IsLower(r):
			kinds[0] = true
		case unicode.IsUpper(r):
			kinds[1] = true
		case unicode.IsDigit(r):
			kinds[2] = true
		default:
			kinds[3] = true
		}
	}
	n := 0
	for _, k := range kinds {
		if k {
			n++
		}
	}
	return n
}

func distinct(s string) int {
	r := []rune(s)
	slices.Sort(r)
	return len(slices.Compact(r))
}

// leet undoes the figures and signs people put for letters.
var leet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// remainder is what is left of a password in small letters without common words, years,
// and runs along the alphabet, the figures or the keyboard.
func remainder(low string, own []string) string {
	least := low
	for _, form := range []string{low, leet.Replace(low)} {
		rest := form
		for _, w := range slices.Concat(own, words) {
			if w = strings.ToLower(strings.TrimSpace(w)); len([]rune(w)) >= 2 {
				rest = strings.ReplaceAll(rest, w, "")
			}
		}
		if rest = unrun(unyear(rest)); len(rest) < len(least) {
			least = rest
		}
	}
	return least
}

func unyear(s string) string {
	for i := 0; i+4 <= len(s); i++ {
		if y := s[i : i+4]; (y[:2] == "19" || y[:2] == "20") && strings.Trim(y, "0123456789") == "" {
			return s[:i] + unyear(s[i+4:])
		}
	}
	return s
}

// rows are sequences that fingers find without thought.
var rows = []string{"abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "!@#$%^&*()"}

// unrun takes runs of four along a row, in either direction, and of one character out.
func unrun(s string) string {
	r := []rune(s)
	for i := 0; i+4 <= len(r); i++ {
		part := string(r[i : i+4])
		if !runs(part) {
			continue
		}
		end := i + 4
		for end < len(r) && runs(string(r[end-3:end+1])) {
			end++
		}
		return string(r[:i]) + unrun(string(r[end:]))
	}
	return s
}

func runs(part string) bool {
	r := []rune(part)
	back := slices.Clone(r)
	slices.Reverse(back)
	if slices.Equal(r, back) && distinct(part) == 1 {
		return true
	}
	return slices.ContainsFunc(rows, func(row string) bool {
		return strings.Contains(row, part) || strings.Contains(row, string(back))
	})
}
