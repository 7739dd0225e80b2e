package gate

import "gongkai/internal/check"

// blocking lists the rules whose errors keep a draft from being submitted until the secrecy
// reviewer gives a reason why it may.
var blocking = []string{
	"R-EXM-07",
	"R-PII-02-bank-card",
	"R-PII-02-id-card",
	"R-SEC-06-mark",
	"R-SEC-06-unread",
}

// Blocking reports whether the errors of the rule of that code block.
func Blocking(code string) bool {
	for _, c := range blocking {
		if c == code {
			return true
		}
	}
	return false
}

// Rules returns all rules, in the order of their codes.
func Rules() []check.Rule[*Subject] {
	return []check.Rule[*Subject]{
		withheldReason,
		withheld,
		missing,
		documentNumber,
		oldDeadline,
		outdatedLaw,
		summaryLength,
		indexOwner,
		indexDigits,
		address,
		landline,
		mobile,
		bankCard,
		idCard,
		minor,
		passport,
		hidden,
		assisted,
		publishLate,
		secrecyMark,
		unread,
		dates,
		brackets,
		doubled,
		stopsTwice,
		misspelt,
		width,
		linkBroken,
		linkDanger,
		outdatedTerm,
		wrongTitle,
		pictureWords,
	}
}

// found makes a finding of what stands at spots.
func found(f check.Finding, d detail) check.Finding {
	f.Detail = &d
	return f
}
