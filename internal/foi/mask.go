package foi

import (
	"regexp"
	"strings"
	"unicode"

	"gongkai/internal/disclosure/credit"
)

// maskName masks a person's name and leaves an organisation's. R-PII-08, specification §11.3.
func maskName(p Applicant) string {
	if p.Kind != Natural {
		return strings.TrimSpace(p.Name)
	}
	return credit.Mask(p.Name)
}

// maskMiddle keeps the first and last characters of a number: 138****0000.
func maskMiddle(s string, head, tail int) string {
	runes := []rune(strings.TrimSpace(s))
	if len(runes) <= head+tail {
		return strings.Repeat("*", len(runes))
	}
	return string(runes[:head]) + strings.Repeat("*", len(runes)-head-tail) + string(runes[len(runes)-tail:])
}

// Masked returns the application as whoever has not asked to see it in full does: who the
// applicant is and how to reach him masked, what is sought as it was written.
func (a Application) Masked() Application {
	p := &a.Applicant
	person := p.Kind == Natural
	p.Name, p.Guardian = maskName(*p), maskName(Applicant{Kind: Natural, Name: p.Guardian})
	p.IDNumber, p.Phone, p.Fax = maskMiddle(p.IDNumber, 0, 0), maskMiddle(p.Phone, 3, 4), maskMiddle(p.Fax, 3, 2)
	if i := strings.IndexByte(p.Email, '@'); i > 0 {
		p.Email = maskMiddle(p.Email[:i], 1, 0) + p.Email[i:]
	}
	p.Address = maskMiddle(p.Address, 6, 0)
	if person {
		p.Work = maskMiddle(p.Work, 0, 0)
	}
	p.Contact, p.Representative = maskName(Applicant{Kind: Natural, Name: p.Contact}), maskName(Applicant{Kind: Natural, Name: p.Representative})
	a.Agent.Name, a.Agent.IDNumber, a.Agent.Phone = maskName(Applicant{Kind: Natural, Name: a.Agent.Name}), maskMiddle(a.Agent.IDNumber, 0, 0), maskMiddle(a.Agent.Phone, 3, 4)
	a.Subject = ""
	return a
}

var (
	numbers = regexp.MustCompile(`[0-9Xx][0-9Xx-]{5,}`)
	mails   = regexp.MustCompile(`[\w.+-]+@[\w.-]+`)
)

// mostTitle is how long a proposed title is.
const mostTitle = 60

// neutral proposes a title for lists: what is sought without the applicant's name, long numbers
// and addresses. The officer may word it anew.
func neutral(a *Application) string {
	t := strings.Join(strings.Fields(cmpOr(a.Sought.Name, a.Sought.Features)), " ")
	for _, name := range []string{a.Applicant.Name, a.Agent.Name, a.Applicant.Contact, a.Applicant.Address} {
		if len([]rune(name)) > 1 {
			t = strings.ReplaceAll(t, name, "某")
		}
	}
	t = mails.ReplaceAllString(numbers.ReplaceAllString(t, "*"), "*")
	runes := []rune(t)
	if len(runes) > mostTitle {
		t = string(runes[:mostTitle-1]) + "…"
	}
	return t
}

// plain brings a text into the form in which two that say the same are equal.
func plain(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// alike tells how much two texts have in common, from 0 to 1: the share of their pairs of
// characters.
func alike(a, b string) float64 {
	x, y := pairs(plain(a)), pairs(plain(b))
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	common := 0
	for p := range x {
		if y[p] {
			common++
		}
	}
	return 2 * float64(common) / float64(len(x)+len(y))
}

func pairs(s string) map[string]bool {
	runes := []rune(s)
	all := map[string]bool{}
	for i := 1; i < len(runes); i++ {
		all[string(runes[i-1:i+1])] = true
	}
	return all
}
