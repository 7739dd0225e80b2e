package gate

import (
	"slices"
	"strings"

	"gongkai/internal/check"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Heads of columns.
var (
	nameHeads    = []string{"姓名", "户主", "申请人", "救助对象", "保障对象", "受助人", "享受人", "领取人", "补贴对象", "困难对象", "学生姓名", "儿童姓名", "监护人"}
	notNames     = []string{"数", "单位", "电话", "号码", "地址", "住址", "签字", "签名", "类别", "类型", "性别", "情况", "条件", "关系", "身份"}
	addressHeads = []string{"住址", "地址", "居住地", "户籍地", "家庭所在"}
	healthHeads  = []string{"病", "残疾", "残障", "伤残", "诊断", "健康", "失能", "智力", "精神"}
	minorHeads   = []string{"儿童", "未成年", "孤儿", "幼儿", "婴", "小学", "留守"}
	assistance   = []string{"低保", "最低生活保障", "特困", "五保", "救助", "残疾", "孤儿", "优抚", "困难群众", "困难家庭", "贫困", "危房改造", "失能", "高龄", "慰问", "资助", "补助", "补贴", "帮扶", "廉租", "公租房", "保障性住房", "患者", "救济"}
)

// isName reports whether a cell's words are a person's name that is not masked.
func isName(words []rune) bool {
	name := []rune(squeeze(words))
	if len(name) < 2 || len(name) > 4 || surname(name) == 0 || slices.Contains(noNames, string(name)) {
		return false
	}
	for _, r := range name {
		if !han(r) {
			return false
		}
	}
	return len(name) < 4 || surname(name) == 2
}

// noNames begin as names do and are none.
var noNames = []string{
	"单位", "单价", "成员", "成立", "全镇", "全县", "全体", "全市", "全区", "全部", "时间", "项目", "明细", "高级", "毕业", "任职",
	"包括", "安全", "安排", "金额", "石油", "田地", "应急", "台账", "计划", "平均", "常住", "常务", "党员", "和平", "水利", "方式",
	"方法", "支出", "支付", "施工", "柜台", "经理", "万元", "米", "陆续", "国家", "查询", "查看", "成绩", "费用", "路线", "关于",
}

// list is a table of persons.
type list struct {
	part  *Part
	table table
	names []cell // unmasked
	rows  []int  // the lines they stand on
}

// lists finds the tables of the part with a column of persons' names that are not masked.
func (p *Part) lists() []list {
	var all []list
	for _, t := range p.tables {
		column := t.column(nameHeads, notNames)
		if column < 0 {
			continue
		}
		l := list{part: p, table: t}
		for n := t.first + 1; n <= t.last; n++ {
			row := p.row(n)
			if column < len(row) && isName(p.text[row[column].start:row[column].end]) {
				l.names = append(l.names, row[column])
				l.rows = append(l.rows, n)
			}
		}
		if len(l.names) > 0 {
			all = append(all, l)
		}
	}
	return all
}

// about reports whether a list's heads or the three lines before it or the subject's title
// hold one of the words.
func (l list) about(s *Subject, words []string) bool {
	if containsAny(s.Title, words) || slices.ContainsFunc(l.table.header, func(h string) bool { return containsAny(h, words) }) {
		return true
	}
	for n := max(0, l.table.first-3); n < l.table.first; n++ {
		from, to := l.part.bounds(n)
		if containsAny(string(l.part.text[from:min(to, from+farthest)]), words) {
			return true
		}
	}
	return false
}

// assisted: lists of people who get assistance show no more than the rules require to be
// posted (R-PII-05, R-PII-06).
//
// 社会救助暂行办法第六十一条: staff keep secret what they learn of applicants, “除按照规定应当公示的信息外”.
// 个人信息保护法第二十八条第一款 names 医疗健康. The masking profile keeps the family name.
var assisted = check.Rule[*Subject]{
	Code: "R-PII-05-list", Severity: check.Warning,
	Cite: statute.SocialAssistance2019.Art(61), Title: i18n.M("gate.list.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			for _, l := range p.lists() {
				sick := l.table.column(healthHeads, nil) >= 0
				if !sick && !l.about(s, assistance) {
					continue
				}
				severity := check.Warning
				if sick {
					severity = check.Error
				}
				for _, c := range l.names {
					g.add(severity, c.start, c.end)
				}
			}
		}, shape{
			message: map[check.Severity]string{check.Warning: "gate.list", check.Error: "gate.list.health"},
			advice:  i18n.M("gate.list.advice"), private: true, mask: maskName,
		})
	},
}

// minor: nobody under fourteen is named (R-PII-02).
//
// 个人信息保护法第二十八条第一款: sensitive is “不满十四周岁未成年人的个人信息”.
var minor = check.Rule[*Subject]{
	Code: "R-PII-02-minor", Severity: check.Error,
	Cite: statute.PersonalInformation2021.Art(28, 1), Title: i18n.M("gate.minor.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			for _, l := range p.lists() {
				l.minors(s, g)
			}
			for i, n := range p.numbers {
				if start, end := p.child(i); end > 0 && p.tableAt(n.start) == nil {
					g.add(check.Warning, start, end)
				}
			}
		}, shape{
			message: map[check.Severity]string{check.Error: "gate.minor", check.Warning: "gate.minor.text"},
			private: true, mask: maskName,
		})
	},
}

// adultFrom is the age from which the law counts nobody's data as sensitive for his age.
const adultFrom = 14

// minors adds the names of a list that are of children: by their age, or because the list is
// one of children.
func (l list) minors(s *Subject, g *groups) {
	age := l.table.column([]string{"年龄", "周岁"}, nil)
	children := slices.ContainsFunc(l.table.header, func(h string) bool { return containsAny(h, minorHeads) }) || age < 0 && l.about(s, minorHeads)
	for i, c := range l.names {
		row := l.part.row(l.rows[i])
		if children && age < 0 || age >= 0 && age < len(row) && l.part.young(row[age]) {
			g.add(check.Error, c.start, c.end)
		}
	}
}

// young reports whether a cell holds an age under fourteen.
func (p *Part) young(c cell) bool {
	words := strings.TrimRight(squeeze(p.text[c.start:c.end]), "周岁")
	n := 0
	for _, r := range words {
		d := digit(r)
		if d < 0 || n > 99 {
			return false
		}
		n = n*10 + d
	}
	return words != "" && n < adultFrom
}

// child returns the name in words such as 张三（男，8岁） if the part's i-th number is the age of
// a child.
func (p *Part) child(i int) (start, end int) {
	n := p.numbers[i]
	if len(n.digits) > 2 || n.end >= len(p.text) || p.text[n.end] != '岁' && p.after(n.end, 2) != "周岁" {
		return 0, 0
	}
	if age := (number{digits: "0" + n.digits}).last2(); age >= adultFrom {
		return 0, 0
	}
	at := n.start
	sex := false
	for at > 0 && n.start-at < 6 && containsRune("，,、（( 男女年龄", p.text[at-1]) {
		at--
		sex = sex || p.text[at] == '男' || p.text[at] == '女'
	}
	from := at
	for from > 0 && at-from < 3 && han(p.text[from-1]) && !containsRune("为是由给对与和及称", p.text[from-1]) {
		from--
	}
	for ; sex && at-from >= 2; from++ {
		if isName(p.text[from:at]) {
			return from, at
		}
	}
	return 0, 0
}

// last2 returns the last two figures as a number.
func (n number) last2() int {
	k := len(n.digits)
	return int(n.digits[k-2]-'0')*10 + int(n.digits[k-1]-'0')
}

// address: private addresses are shown to the village or community at most (R-PII-01, masking
// profile §11.3).
var address = check.Rule[*Subject]{
	Code: "R-PII-01-address", Severity: check.Warning,
	Cite: statute.PersonalInformation2021.Art(25), Title: i18n.M("gate.address.rule"),
	Find: func(s *Subject) []check.Finding {
		return s.eachPart(func(p *Part, g *groups) {
			for _, at := range p.signs(addressLabel) {
				if start, end := p.addressAfter(at.end); end > 0 {
					g.add(check.Warning, start, end)
				}
			}
			for _, l := range p.lists() {
				column := l.table.column(addressHeads, []string{"单位", "办公", "企业", "注册"})
				for _, n := range l.rows {
					row := p.row(n)
					if column >= 0 && column < len(row) && detailed(p.text[row[column].start:row[column].end]) {
						g.add(check.Warning, row[column].start, row[column].end)
					}
				}
			}
		}, shape{message: map[check.Severity]string{check.Warning: "gate.address"}, private: true, mask: maskAddress})
	},
}

// longestAddress bounds an address.
const longestAddress = 60

// addressAfter returns the address that follows a label ending before rune i, if it goes
// beyond the village.
func (p *Part) addressAfter(i int) (start, end int) {
	for i < len(p.text) && containsRune("：: 　为是在", p.text[i]) {
		i++
	}
	end = i
	for end < len(p.text) && end-i < longestAddress && !stop(p.text[end]) && !containsRune("，,;（(）)", p.text[end]) {
		end++
	}
	if !detailed(p.text[i:end]) {
		return 0, 0
	}
	return i, end
}

// detailed reports whether an address names a house, a flat or a group of a village.
func detailed(words []rune) bool {
	for i, r := range words {
		if i > 0 && containsRune("号栋幢室组单户", r) && (digit(words[i-1]) >= 0 || containsRune("一二三四五六七八九十", words[i-1])) {
			return true
		}
	}
	return false
}

// villages end the part of an address that may be shown.
var villages = []string{"居委会", "村委会", "社区", "村", "街道", "镇", "乡"}

// maskAddress cuts an address after its village or community.
func maskAddress(words string) string {
	for _, v := range villages {
		if i := strings.LastIndex(words, v); i >= 0 {
			return words[:i+len(v)]
		}
	}
	out := []rune(words)
	star(out, 0, 0)
	return string(out)
}
