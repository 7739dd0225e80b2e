package gate

import (
	"strings"

	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// documentNumber: a document number has an agency's word, the year in its brackets and a
// serial number (GB/T 9704).
//
// GB/T 9704 7.2.5: “年份应标全称，用六角括号‘〔〕’括入；发文顺序号不加‘第’字，不编虚位，在阿拉伯数字后
// 加‘号’字。” Orders and announcements number otherwise: 第12号, 2023年第5号.
var documentNumber = check.Rule[*Subject]{
	Code: "R-GDE-02-docno", Severity: check.Warning,
	Cite: statute.Layout.Whole(" 7.2.5"), Title: i18n.M("gate.docno.rule"),
	Find: func(s *Subject) []check.Finding {
		no := squeeze([]rune(s.DocNo))
		if no == "" || no == "无" || no == "—" || no == "-" {
			return nil
		}
		d, ok := parseDocNo(no)
		switch {
		case !ok:
			return []check.Finding{onField(FieldDocNo, check.Finding{Message: i18n.M("gate.docno", "no", no)})}
		case d.right != no:
			return []check.Finding{found(
				check.Finding{Severity: check.Info, Message: i18n.M("gate.docno.style", "no", no, "right", d.right)},
				detail{field: FieldDocNo, fix: &Fix{Label: i18n.M(replaceLabel, "right", d.right), Field: FieldDocNo, Value: d.right}})}
		case !s.Formed.IsZero() && d.year != 0 && (d.year > s.Formed.Year() || d.year < s.Formed.Year()-1): // numbers of last year go out in January
			return []check.Finding{onField(FieldDocNo, check.Finding{Severity: check.Info, Message: i18n.M("gate.docno.year", "no", no, "formed", s.Formed)})}
		}
		return nil
	},
}

// docNo is a document number as far as the gate reads it.
type docNo struct {
	year  int
	right string // as the standard writes it
}

// openYear and closeYear are the brackets people write around the year.
const openYear, closeYear = "〔[［【(（﹝〈<", "〕]］】)）﹞〉>"

// parseDocNo reads 粤府〔2023〕68号 with its usual slips, and the numbers of orders: 第305号.
func parseDocNo(no string) (docNo, bool) {
	text := []rune(no)
	if len(text) > 60 || text[len(text)-1] != '号' {
		return docNo{}, false
	}
	n := len(text) - 1
	serial := n
	for serial > 0 && (digit(text[serial-1]) >= 0 || containsRune("-—－至、之", text[serial-1])) {
		serial--
	}
	if serial == n {
		return ordered(text[:n]), orderLike(text[:n])
	}
	head := text[:serial]
	figures := strings.TrimLeft(string(text[serial:n]), "0０")
	ordinal := len(head) > 0 && head[len(head)-1] == '第'
	if ordinal {
		head = head[:len(head)-1]
	}
	k := len(head)
	if k >= 7 && containsRune(closeYear, head[k-1]) && containsRune(openYear, head[k-6]) && han(head[0]) {
		if year := yearOf(head[k-5 : k-1]); year != 0 && figures != "" {
			return docNo{year, string(head[:k-6]) + "〔" + string(head[k-5:k-1]) + "〕" + figures + "号"}, true
		}
		return docNo{}, false
	}
	if ordinal || k >= 5 && head[k-1] == '年' {
		return docNo{right: no}, true // 第305号, 2023年第5号
	}
	return docNo{}, false
}

// ordered and orderLike take numbers in Chinese figures: 第三十号.
func ordered(text []rune) docNo { return docNo{right: string(text) + "号"} }

func orderLike(text []rune) bool {
	i := len(text)
	for i > 0 && containsRune("一二三四五六七八九十百〇零", text[i-1]) {
		i--
	}
	return i < len(text) && i > 0 && text[i-1] == '第'
}

// yearOf reads four figures as a year of this century or the last, 0 if they are none.
func yearOf(text []rune) int {
	n := 0
	for _, r := range text {
		d := digit(r)
		if d < 0 {
			return 0
		}
		n = n*10 + d
	}
	if n < 1949 || n > 2099 {
		return 0
	}
	return n
}

// dates: no date is impossible (R-WEB-03).
//
// 检查指标 counts forged dates of publication among the faults that fail a site at once.
var dates = check.Rule[*Subject]{
	Code: "R-WEB-03-date", Severity: check.Error,
	Cite: statute.SiteCheck2019.Whole(""), Title: i18n.M("gate.date.rule"),
	Find: func(s *Subject) (out []check.Finding) {
		if s.Today.IsZero() {
			return nil
		}
		if s.Formed.After(s.Today) {
			out = append(out, onField(FieldFormed, check.Finding{Message: i18n.M("gate.date.formed", "date", s.Formed)}))
		}
		if s.Stage != Submission && s.Stage != "" && s.Issued.After(s.Today) {
			out = append(out, onField(FieldIssued, check.Finding{Message: i18n.M("gate.date.issued", "date", s.Issued)}))
		}
		if !s.Issued.IsZero() && s.Issued.Before(s.Formed) {
			out = append(out, onField(FieldIssued, check.Finding{Severity: check.Warning, Message: i18n.M("gate.date.order", "issued", s.Issued, "formed", s.Formed)}))
		}
		if !s.Until.IsZero() && s.Until.Before(s.Today) && s.Stage != Inspection {
			out = append(out, onField(FieldUntil, check.Finding{Severity: check.Warning, Message: i18n.M("gate.date.until", "date", s.Until)}))
		}
		return out
	},
}
