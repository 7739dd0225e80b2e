package foi

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"gongkai/internal/agency"
)

func contains[T comparable](all []T, one T) bool { return slices.Contains(all, one) }

func fields(s string) []string { return strings.Fields(s) }

var (
	cardForm  = regexp.MustCompile(`^[1-9]\d{16}[\dX]$`)
	phoneForm = regexp.MustCompile(`^\+?[0-9][0-9 ()（）-]{5,24}$`)
	postForm  = regexp.MustCompile(`^\d{6}$`)
)

// validCard reports whether s is a citizen's number whose check digit is right: GB 11643.
func validCard(s string) bool {
	s = strings.ToUpper(strings.TrimSpace(s))
	if !cardForm.MatchString(s) {
		return false
	}
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += w * int(s[i]-'0')
	}
	return "10X98765432"[sum%11] == s[17]
}

func validCredit(s string) bool { return agency.ValidCredit(strings.ToUpper(strings.TrimSpace(s))) }

func phoneLike(s string) bool { return phoneForm.MatchString(strings.TrimSpace(s)) }

func postcodeLike(s string) bool { return postForm.MatchString(strings.TrimSpace(s)) }

func mailLike(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == strings.TrimSpace(s)
}
