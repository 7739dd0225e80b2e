package gate

import (
	"strings"

	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Words before a telephone number.
var (
	serviceLabels = []string{"咨询", "服务电话", "热线", "监督", "举报", "投诉", "值班", "传真", "客服", "公示电话", "受理电话", "技术支持", "24小时", "二十四小时", "公开电话", "办公电话", "报名电话", "求助", "抢修", "报警", "救援", "联系方式", "联系电话", "电话："}
	personLabels  = []string{"联系人", "负责人", "经办人", "承办人", "负责同志", "联络员", "主任", "科长", "局长", "处长", "书记", "镇长", "村长", "所长", "站长", "网格员", "河长", "林长", "路长", "法定代表人", "法人"}
	homeLabels    = []string{"家庭电话", "住宅电话", "宅电", "本人电话", "手机号", "个人电话", "家长", "监护人", "户主", "申请人", "投诉人", "举报人", "信访人", "患者", "当事人"}
	homePhones    = []string{"家庭电话", "住宅电话", "宅电", "住宅"}
)

// mobile: no private mobile number is published (R-PII-01).
//
// 个人信息保护法第二十五条:“个人信息处理者不得公开其处理的个人信息，取得个人单独同意的除外。” The line of
// a service or a contact of the body's is no private number: our reading.
var mobile = check.Rule[*Subject]{
	Code: "R-PII-01-mobile", Severity: check.Warning,
	Cite: statute.PersonalInformation2021.Art(25), Title: i18n.M("gate.mobile.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			for i := range p.numbers {
				if start, end := p.mobile(i); end > 0 {
					if severity := p.phoneOf(start); severity != "" {
						g.add(severity, start, end)
					}
				}
			}
		}, shape{
			message: map[check.Severity]string{check.Warning: "gate.mobile", check.Info: "gate.mobile.work"},
			private: true, mask: maskPhone,
		})
	},
}

// mobile reports whether a mobile number begins at the part's i-th number, with or without
// +86 before it.
func (p *Part) mobile(i int) (start, end int) {
	n := p.numbers[i]
	digits := n.digits
	if len(digits) == 13 && digits[:2] == "86" {
		digits = digits[2:]
	}
	if len(digits) != 11 {
		if len(digits) != 3 {
			return 0, 0
		}
		n.start, n.end, digits = p.joined(i, 11, 11, 1)
	}
	if digits == "" || digits[0] != '1' || digits[1] < '3' || !p.alone(n.start, n.end) || p.amount(n.start, n.end) {
		return 0, 0
	}
	return n.start, n.end
}

// amount reports whether a number is one of money or of things.
func (p *Part) amount(start, end int) bool {
	if start > 0 && containsRune("¥￥$＄", p.text[start-1]) {
		return true
	}
	return end < len(p.text) && containsRune("元万亿%％吨度千平立人户", p.text[end])
}

func containsRune(set string, r rune) bool {
	for _, c := range set {
		if c == r {
			return true
		}
	}
	return false
}

// phoneOf says how far a telephone number is personal: "" for the line of a service.
func (p *Part) phoneOf(start int) check.Severity {
	if t := p.tableAt(start); t != nil {
		return t.phoneOf()
	}
	said := p.before(start, 40)
	if at := strings.LastIndexAny(said, "。；！？"); at >= 0 {
		said = said[at:]
	}
	switch {
	case containsAny(said, homeLabels):
		return check.Warning
	case containsAny(said, personLabels):
		return check.Info
	case serviceLine(said):
		if p.personBefore(start) {
			return check.Info
		}
		return ""
	}
	return check.Warning
}

// serviceLine reports whether words announce the line of a service: one of the labels, then
// 电话, a colon or the like, then next to nothing. A sentence about supervision does not.
func serviceLine(said string) bool {
	for _, label := range serviceLabels {
		i := strings.LastIndex(said, label)
		if i < 0 {
			continue
		}
		for _, colon := range []string{"电话", "热线", "方式", "传真", "客服", "号码", "：", ":"} {
			if j := strings.LastIndex(said[i:], colon); j >= 0 && words(said[i+j+len(colon):]) <= mostBetween {
				return true
			}
		}
	}
	return false
}

// mostBetween is how many Chinese characters may stand between what announces a number and
// the number: a name, 或者.
const mostBetween = 6

// words counts the Chinese characters of a text.
func words(text string) (n int) {
	for _, r := range text {
		if han(r) {
			n++
		}
	}
	return n
}

// phoneOf judges the numbers of a table by its heads: a directory of offices is none of
// persons.
func (t *table) phoneOf() check.Severity {
	named := t.column(nameHeads, notNames) >= 0
	office := t.column([]string{"单位", "部门", "机构", "职务", "职位", "企业", "公司", "网点", "窗口", "医院", "学校", "站点", "承办", "主管"}, nil) >= 0
	switch {
	case named && !office:
		return check.Warning
	case named || t.column([]string{"联系人", "负责人", "河长", "网格员"}, nil) >= 0:
		return check.Info
	case office || t.column([]string{"咨询", "热线", "监督", "服务"}, nil) >= 0:
		return ""
	}
	return check.Warning
}

// personBefore reports whether a person's name stands right before a number: 张三 138…
func (p *Part) personBefore(start int) bool {
	i := start
	for i > 0 && (space(p.text[i-1]) && p.text[i-1] != '\n' || containsRune("，,、：:（(", p.text[i-1])) {
		i--
	}
	from := i
	for from > 0 && i-from < 4 && han(p.text[from-1]) {
		from--
	}
	return i < start && isName(p.text[from:i]) && (from == 0 || !han(p.text[from-1]))
}

// landline: a private landline beside a person's name is worth a look (R-PII-01).
var landline = check.Rule[*Subject]{
	Code: "R-PII-01-landline", Severity: check.Info,
	Cite: statute.PersonalInformation2021.Art(25), Title: i18n.M("gate.landline.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			for i := range p.numbers {
				start, end := p.landline(i)
				if end == 0 {
					continue
				}
				t := p.tableAt(start)
				if p.labelled(start, near, homePhones) || t != nil && t.phoneOf() == check.Warning && t.column(nameHeads, notNames) >= 0 {
					g.add(check.Info, start, end)
				}
			}
		}, shape{message: map[check.Severity]string{check.Info: "gate.landline"}, private: true, mask: maskPhone})
	},
}

// landline reports whether a landline number with its area code begins at the part's i-th
// number: 0717-1234567, (0717)1234567, 07171234567.
func (p *Part) landline(i int) (start, end int) {
	n := p.numbers[i]
	if n.digits[0] != '0' {
		return 0, 0
	}
	if k := len(n.digits); k >= 10 && k <= 12 && p.alone(n.start, n.end) {
		return n.start, n.end
	}
	if k := len(n.digits); k != 3 && k != 4 || i+1 >= len(p.numbers) {
		return 0, 0
	}
	next := p.numbers[i+1]
	for _, r := range p.text[n.end:min(next.start, n.end+3)] {
		if !containsRune("-－—– ）)", r) {
			return 0, 0
		}
	}
	if next.start-n.end > 2 || len(next.digits) < 7 || len(next.digits) > 8 || !p.alone(n.start, next.end) {
		return 0, 0
	}
	return n.start, next.end
}

// passport: no number of a passport or travel permit is published (R-PII-02).
var passport = check.Rule[*Subject]{
	Code: "R-PII-02-passport", Severity: check.Error,
	Cite: statute.PersonalInformation2021.Art(28, 1), Title: i18n.M("gate.passport.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			for _, n := range p.numbers {
				if start := p.passport(n); start >= 0 {
					g.add(check.Error, start, n.end)
				}
			}
		}, shape{message: map[check.Severity]string{check.Error: "gate.passport"}, private: true, mask: func(words string) string {
			return starAll("0" + words[1:])
		}})
	},
}

// passport returns where a passport's number that ends in n begins, -1 if it is none: one or
// two letters, then seven or eight figures, after a word that says so.
func (p *Part) passport(n number) int {
	start := n.start
	for start > 0 && n.start-start < 3 && latin(p.text[start-1]) {
		start--
	}
	letters := n.start - start
	if letters < 1 || letters > 2 || letters+len(n.digits) != 9 && !(letters == 1 && len(n.digits) == 10) {
		return -1
	}
	if !containsRune("egdspkhm", fold(p.text[start])) || !p.labelled(start, near, []string{"护照", "通行证", "回乡证", "台胞证"}) {
		return -1
	}
	return start
}
