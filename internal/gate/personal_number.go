package gate

import (
	"gongkai/internal/agency"
	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Words that tell what a number is.
var (
	idLabels      = []string{"身份证", "身份号码", "证件号", "证号", "居民身份"}
	creditLabels  = []string{"信用代码", "组织机构代码", "机构代码", "税号", "纳税人识别号"}
	exampleLabels = []string{"示例", "样例", "范例", "样表", "填写说明", "填表说明", "例如", "比如", "如：", "如:"}
	cardLabels    = []string{"银行卡", "卡号", "账号", "帐号", "账户", "帐户", "开户", "存折", "一卡通", "社保卡", "工资卡"}
	orderLabels   = []string{"订单", "流水", "交易", "凭证", "受理", "项目代码", "项目编", "合同", "备案", "许可证", "登记", "编号", "编码", "发票", "运单", "快递", "条码", "设备", "序列", "批号", "统一代码", "文号"}
	publicAccount = []string{"户名", "收款单位", "单位名称", "财政", "国库", "专户", "有限公司", "委员会", "缴款"}
)

// near is how many runes before a number a word may stand that says what it is.
const near = 16

// idCard: no resident identity number is published (R-PII-02, R-PII-06).
//
// 个人信息保护法第二十八条第一款:“敏感个人信息是一旦泄露或者非法使用，容易导致自然人的人格尊严受到侵害或者
// 人身、财产安全受到危害的个人信息，包括生物识别、宗教信仰、特定身份、医疗健康、金融账户、行踪轨迹等信息，以及
// 不满十四周岁未成年人的个人信息。” Our reading: the number stands for the person in every
// register. The masking profile of the specification §11.3 never shows it.
var idCard = check.Rule[*Subject]{
	Code: "R-PII-02-id-card", Severity: check.Error,
	Cite: statute.PersonalInformation2021.Art(28, 1), Title: i18n.M("gate.id.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			for i := range p.numbers {
				if start, end, severity := s.identity(p, i); severity != "" {
					g.add(severity, start, end)
				}
			}
		}, shape{
			message: map[check.Severity]string{check.Error: "gate.id", check.Warning: "gate.id.doubtful", check.Info: "gate.id.example"},
			private: true, mask: starAll,
		})
	},
}

// identity reports whether a resident identity number begins at the part's i-th number, and
// how sure that is.
func (s *Subject) identity(p *Part, i int) (start, end int, severity check.Severity) {
	start, end, digits := p.joined(i, 17, 18, 3)
	if digits == "" {
		return s.oldIdentity(p, i)
	}
	if !plausible(digits[:2], digits[6:14], s.Today) {
		return 0, 0, ""
	}
	right := digits[17] == idDigit(digits)
	labelled := p.labelled(start, near, idLabels)
	switch {
	case p.called(start, near, creditLabels) && !p.labelled(start, near, idLabels) && agency.ValidCredit(digits):
		return 0, 0, ""
	case right && containsAny(p.before(start, near), exampleLabels):
		return start, end, check.Info
	case right:
		return start, end, check.Error
	case labelled:
		return start, end, check.Warning
	}
	return 0, 0, ""
}

// oldIdentity finds the numbers of fifteen figures issued before 1999, of which nothing but
// region and day of birth can be verified: they count only where a word says so.
func (s *Subject) oldIdentity(p *Part, i int) (start, end int, severity check.Severity) {
	n := p.numbers[i]
	if len(n.digits) != 15 || !p.alone(n.start, n.end) || !plausible(n.digits[:2], "19"+n.digits[6:12], s.Today) {
		return 0, 0, ""
	}
	if !p.labelled(n.start, near, idLabels) {
		return 0, 0, ""
	}
	return n.start, n.end, check.Warning
}

// joined returns the number of least to most figures that begins with the part's i-th run of
// figures, even if it is parted by spaces, hyphens or one line break. A number one short of
// most may end in X. gap is how many runes may stand between figures.
func (p *Part) joined(i, least, most, gap int) (start, end int, digits string) {
	start = p.numbers[i].start
	if start > 0 && latin(p.text[start-1]) {
		return 0, 0, ""
	}
	var figures [2 * longestNumber]byte
	size := 0
	for j := i; j < len(p.numbers) && j < i+most; j++ {
		n := p.numbers[j]
		if j > i && !p.gap(p.numbers[j-1].end, n.start, gap) || size+len(n.digits) > most {
			return 0, 0, ""
		}
		size += copy(figures[size:], n.digits)
		switch {
		case size == most && p.alone(start, n.end):
			return start, n.end, string(figures[:size])
		case size == most-1 && least < most:
			if end := p.letterX(n.end, gap); end > 0 && p.alone(start, end) {
				return start, end, string(figures[:size]) + "X"
			}
		}
	}
	return 0, 0, ""
}

// gap reports whether nothing but what may part one number stands between two runes.
func (p *Part) gap(from, to, most int) bool {
	if to-from > most {
		return false
	}
	breaks := 0
	for _, r := range p.text[from:to] {
		if r == '\n' {
			breaks++
		}
		if !joins(r) {
			return false
		}
	}
	return breaks <= 1
}

// letterX returns the rune after an X that closes a number, 0 if there is none.
func (p *Part) letterX(i, gap int) int {
	for j := i; j < len(p.text) && j <= i+gap; j++ {
		if fold(p.text[j]) == 'x' {
			return j + 1
		}
		if !joins(p.text[j]) {
			return 0
		}
	}
	return 0
}

// alone reports whether runes start to end are no part of a longer code or a decimal.
func (p *Part) alone(start, end int) bool {
	if start > 0 && (latin(p.text[start-1]) || digit(p.text[start-1]) >= 0) {
		return false
	}
	if end < len(p.text) && (latin(p.text[end]) || digit(p.text[end]) >= 0) {
		return false
	}
	point := func(i int) bool {
		return i > 0 && i+1 < len(p.text) && p.text[i] == '.' && digit(p.text[i-1]) >= 0 && digit(p.text[i+1]) >= 0
	}
	return !point(start-1) && !point(end)
}

// plausible reports whether a number begins with a province's code (GB/T 2260) and holds a
// day on which somebody alive may have been born.
func plausible(province, birth string, today date.Date) bool {
	if !provinces[province] {
		return false
	}
	n := 0
	for i := range len(birth) {
		n = n*10 + int(birth[i]-'0')
	}
	d, ok := date.New(n/10000, n/100%100, n%100)
	return ok && d.Year() >= 1900 && (today.IsZero() && d.Year() < 2100 || !today.IsZero() && !d.After(today))
}

// provinces are the first two figures of GB/T 2260 that identity numbers begin with, with
// those of residence permits for people from Taiwan (83), Hong Kong (81) and Macau (82).
var provinces = func() map[string]bool {
	all := map[string]bool{}
	for _, p := range []string{
		"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43",
		"44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83", "91",
	} {
		all[p] = true
	}
	return all
}()

// idWeights are the weights of GB 11643: Wi = 2^(18−i) mod 11.
var idWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// idDigit returns the check digit of the first seventeen figures.
//
// GB 11643: Σ(ai×Wi) mod 11 = 0 … 10 stands for 1 0 X 9 8 7 6 5 4 3 2.
func idDigit(digits string) byte {
	sum := 0
	for i, w := range idWeights {
		sum += int(digits[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// bankCard: no number of a payment card is published (R-PII-02: 金融账户).
//
// 个人信息保护法第二十八条第一款 names 金融账户. A card's number has 16 to 19 figures and a check
// digit (Luhn, GB/T 17552). One in ten numbers of any kind passes that, so the issuer's first
// figures must fit as well, and a word before it that calls it something else counts.
var bankCard = check.Rule[*Subject]{
	Code: "R-PII-02-bank-card", Severity: check.Error,
	Cite: statute.PersonalInformation2021.Art(28, 1), Title: i18n.M("gate.card.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			last := 0
			for i, n := range p.numbers {
				if n.start < last {
					continue
				}
				start, end, severity := s.card(p, i)
				if severity != "" {
					g.add(severity, start, end)
					last = end
				}
			}
		}, shape{
			message: map[check.Severity]string{check.Error: "gate.card", check.Warning: "gate.card.account", check.Info: "gate.card.example"},
			private: true, mask: starAll,
		})
	},
}

// card reports whether a card's number begins at the part's i-th number.
func (s *Subject) card(p *Part, i int) (start, end int, severity check.Severity) {
	for _, length := range []int{19, 18, 17, 16} {
		from, to, digits := p.joined(i, length, length, 1)
		if digits == "" || !luhn(digits) {
			continue
		}
		if _, _, identity := s.identity(p, i); identity != "" {
			return 0, 0, ""
		}
		labelled := p.labelled(from, near, cardLabels)
		switch {
		case !labelled && p.called(from, near, orderLabels), p.called(from, near, creditLabels):
			return 0, 0, ""
		case !issuer(digits, labelled):
			return 0, 0, ""
		case containsAny(p.before(from, near), exampleLabels):
			return from, to, check.Info
		case p.public(from, to):
			return from, to, check.Warning
		}
		return from, to, check.Error
	}
	return 0, 0, ""
}

// public reports whether an account is by the words around it that of a body.
func (p *Part) public(start, end int) bool {
	return containsAny(p.before(start, 60), publicAccount) || containsAny(p.after(end, 40), publicAccount)
}

// issuer reports whether a number begins as cards issued in China do: 62 and 9558, and only
// where a word calls it a card, the ranges of international brands.
func issuer(digits string, labelled bool) bool {
	switch {
	case digits[:2] == "62", digits[:4] == "9558":
		return true
	case !labelled || len(digits) != 16:
		return false
	}
	return digits[0] == '4' || digits[0] == '5' && digits[1] >= '1' && digits[1] <= '5' || digits[:2] == "35"
}

// luhn verifies the check digit of payment cards.
func luhn(digits string) bool {
	sum, same := 0, true
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		same = same && digits[i] == digits[0]
	}
	return sum%10 == 0 && !same
}
