package rule

import (
	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// days checks the dates a report carries (R-AR-16, R-AR-00).
//
// 条例第四十九条第一款：“县级以上人民政府部门应当在每年1月31日前向本级政府信息公开工作主管部门提交本
// 行政机关上一年度政府信息公开工作年度报告并向社会公布。”第二款：“县级以上地方人民政府的政府信息公开工作
// 主管部门应当在每年3月31日前向社会公布本级政府上一年度政府信息公开工作年度报告。” The days are
// calendar days and, in our reading, count themselves; nothing moves them past a weekend. Townships and bodies of unknown kind
// are held to the later day only.
var days = check.Rule[*Subject]{
	Code: "R-AR-16", Severity: check.Error, Since: date.Must(2019, 5, 15),
	Cite: statute.OGI2019.Art(49), Title: i18n.M("rule.days.title"),
	Find: func(s *Subject) []check.Finding {
		if !s.readable() || s.Year == 0 {
			return nil
		}
		var out []check.Finding
		for _, find := range []func(*Subject) []check.Finding{undated, late, misordered, early, ahead} {
			out = append(out, find(s)...)
		}
		return out
	},
}

// due returns the last day for publishing the report and the paragraph that sets it.
func (s *Subject) due() (date.Date, statute.Ref) {
	if s.kind == agency.Department {
		return date.Must(s.Year+1, 1, 31), statute.OGI2019.Art(49, 1)
	}
	return date.Must(s.Year+1, 3, 31), statute.OGI2019.Art(49, 2)
}

func (s *Subject) signedQuote() check.Quote { return dayQuote(s.Signed, i18n.M("rule.at.signed")) }

func (s *Subject) publishedQuote() check.Quote {
	return dayQuote(s.Published, i18n.M("rule.at.published"))
}

func dayQuote(d annual.Day, label i18n.Message) check.Quote {
	text := d.Text
	if text == "" {
		text = d.Date.Chinese()
	}
	return check.Quote{At: d.At, Text: text, Label: label}
}

// undated tells that nothing can be checked without a date. A source that breaks off has
// lost its end, where the date stands.
func undated(s *Subject) []check.Finding {
	if !s.Signed.Date.IsZero() || !s.Published.Date.IsZero() || s.cutAfter() != "" {
		return nil
	}
	return []check.Finding{{Severity: check.Info, Message: i18n.M("rule.days.none"), Places: []check.Quote{s.whole()}}}
}

// late reports a report published, or signed, after its day.
func late(s *Subject) []check.Finding {
	due, cite := s.due()
	args := []any{"due", due, "days", 0}
	switch {
	case s.Published.Date.After(due):
		args[3] = s.Published.Date.Days(due)
		return []check.Finding{{
			Cite: cite, Places: []check.Quote{s.publishedQuote()},
			Message: i18n.M("rule.days.late", append(args, "day", s.Published.Date)...),
		}}
	case s.Signed.Date.After(due):
		args[3] = s.Signed.Date.Days(due)
		return []check.Finding{{
			Cite: cite, Places: []check.Quote{s.signedQuote()},
			Message: i18n.M("rule.days.signed_late", append(args, "day", s.Signed.Date)...),
		}}
	}
	return nil
}

// misordered reports a report published before it was signed.
func misordered(s *Subject) []check.Finding {
	if s.Signed.Date.IsZero() || s.Published.Date.IsZero() || !s.Signed.Date.After(s.Published.Date) {
		return nil
	}
	return []check.Finding{{
		Message: i18n.M("rule.days.order", "signed", s.Signed.Date, "published", s.Published.Date),
		Places:  []check.Quote{s.signedQuote(), s.publishedQuote()},
	}}
}

// early reports a date before the year reported on has ended: most often last year's date or
// a year written wrong.
func early(s *Subject) []check.Finding {
	end := date.Must(s.Year, 12, 31)
	var out []check.Finding
	if d := s.Signed.Date; !d.IsZero() && d.Before(end) {
		out = append(out, check.Finding{
			Severity: check.Warning, Message: i18n.M("rule.days.early_signed", "day", d, "year", s.Year), Places: []check.Quote{s.signedQuote()},
		})
	}
	if d := s.Published.Date; !d.IsZero() && d.Before(end) {
		out = append(out, check.Finding{
			Severity: check.Warning, Message: i18n.M("rule.days.early_published", "day", d, "year", s.Year), Places: []check.Quote{s.publishedQuote()},
		})
	}
	return out
}

// ahead reports a date that lies after today.
func ahead(s *Subject) []check.Finding {
	today := s.Context.Today
	if today.IsZero() {
		return nil
	}
	var out []check.Finding
	for _, q := range []struct {
		day annual.Day
		at  check.Quote
	}{{s.Signed, s.signedQuote()}, {s.Published, s.publishedQuote()}} {
		if q.day.Date.After(today) {
			out = append(out, check.Finding{
				Severity: check.Warning, Message: i18n.M("rule.days.ahead", "day", q.day.Date), Places: []check.Quote{q.at},
			})
		}
	}
	return out
}
