// Package agency knows the bodies that report and publish (行政机关): what kind a body is by
// its name, whether it may make rules, and the codes it is identified by.
package agency

import "strings"

// Kind is the sort of body as far as the duties of the annual report tell bodies apart.
type Kind string

// The kinds. A name that fits none is Unknown: rules that depend on the kind then ask or
// stay silent.
const (
	Unknown    Kind = ""
	Government Kind = "government" // 县级以上人民政府
	Department Kind = "department" // 县级以上人民政府部门
	Township   Kind = "township"   // 乡镇人民政府、街道办事处
	Zone       Kind = "zone"       // 开发区等管理委员会, an outpost of a government (派出机构)
)

// departmentEndings close the names of departments and other bodies that are no government.
var departmentEndings = []string{
	"局", "厅", "署", "部", "委", "委员会", "办公室", "办", "中心", "科委", "院", "所", "站", "馆", "社", "队",
	"联合会", "公司", "学校", "大学", "学院", "医院", "银行", "集团",
}

// governmentEndings close the names of governments at county level and above, and the bare
// names of their places, as in 某市2024年政府信息公开工作年度报告.
var governmentEndings = []string{
	"人民政府", "市政府", "区政府", "县政府", "省政府", "州政府", "旗政府", "行政公署", "省", "市", "县", "区", "自治州", "旗", "自治旗",
}

// townshipEndings close the names of bodies below the county.
var townshipEndings = []string{
	"镇人民政府", "乡人民政府", "街道办事处", "街道办", "苏木人民政府", "镇政府", "乡政府", "街道", "镇", "乡", "苏木", "公所",
}

// zoneWords mark a committee that governs an area rather than a subject.
var zoneWords = []string{
	"开发区", "新区", "高新区", "经开区", "园区", "示范区", "试验区", "合作区", "度假区", "保税区", "风景名胜区", "自贸区", "新城", "工业园", "景区", "功能区", "管理区",
}

// KindOf tells a body's kind from its name.
func KindOf(name string) Kind {
	name = trim(name)
	zone := containsAny(name, zoneWords)
	switch {
	case name == "":
		return Unknown
	case endsAny(name, townshipEndings):
		return Township
	case zone && endsAny(name, []string{"管理委员会", "管委会", "开发区", "新区", "高新区", "经开区", "园区", "示范区", "试验区", "合作区", "度假区"}):
		return Zone
	case endsAny(name, departmentEndings) && !strings.HasSuffix(name, "行政公署"):
		return Department
	case endsAny(name, governmentEndings):
		return Government
	}
	return Unknown
}

// Power says whether a body may make rules (规章).
type Power string

// The answers of RuleMaking.
const (
	May    Power = "may"
	MayNot Power = "may_not"
	Ask    Power = "ask"  // the law names its government or superior, not the body itself
	Silent Power = "open" // the name does not tell
)

// municipalities are the cities directly under the central government (直辖市).
var municipalities = []string{"北京市", "上海市", "天津市", "重庆市"}

// RuleMaking says whether the body of that name may make rules.
//
// 立法法（2023年修正）第九十一条第一款：“国务院各部、委员会、中国人民银行、审计署和具有行政管理
// 职能的直属机构以及法律规定的机构，可以根据法律和国务院的行政法规、决定、命令，在本部门的权限
// 范围内，制定规章。”第九十三条第一款：“省、自治区、直辖市和设区的市、自治州的人民政府，可以根据
// 法律、行政法规和本省、自治区、直辖市的地方性法规，制定规章。”
//
// Our reading of names: townships, counties and districts may not. A local department may not
// either, but some fill in what their government made, so they are asked. Whether a city has
// districts cannot be read from its name.
func RuleMaking(name string) Power {
	name = trim(name)
	switch KindOf(name) {
	case Township:
		return MayNot
	case Zone:
		return Ask
	case Department:
		if ofState(name) {
			return May
		}
		return Ask
	case Government:
		return governmentPower(name)
	}
	return Silent
}

func governmentPower(name string) Power {
	place := name
	for _, end := range []string{"人民政府", "政府"} {
		place = strings.TrimSuffix(place, end)
	}
	switch {
	case strings.HasSuffix(place, "自治区"), strings.HasSuffix(place, "省"), strings.HasSuffix(place, "自治州"):
		return May
	case endsAny(place, []string{"区", "县", "旗"}):
		return MayNot
	case strings.HasSuffix(place, "市") && strings.Contains(strings.TrimSuffix(place, "市"), "市"):
		return MayNot // 某市某市: a county-level city named with its prefecture
	case strings.HasSuffix(place, "市") && strings.Contains(place, "自治州"):
		return MayNot
	case endsAny(place, municipalities):
		return May
	}
	return Silent
}

// ofState reports whether a department's name is one of the State Council's.
func ofState(name string) bool {
	local := containsAny(name, []string{"省", "市", "县", "区", "州", "旗", "镇", "盟"})
	return !local && (strings.HasPrefix(name, "国家") || strings.HasPrefix(name, "国务院") ||
		strings.HasPrefix(name, "中国") || strings.HasPrefix(name, "中华人民共和国") ||
		strings.HasSuffix(name, "部") || name == "审计署" || name == "海关总署")
}

// HasPlace reports whether a body's name says where it is: 某市民政局 does, 民政局 does not.
// Bodies of the State Council need not.
func HasPlace(name string) bool {
	name = trim(name)
	return ofState(name) || containsAny(name, []string{"省", "市", "县", "区", "州", "旗", "镇", "乡", "街道", "盟", "兵团"})
}

// trim drops brackets with a by-name and white space.
func trim(name string) string {
	name = strings.Join(strings.Fields(name), "")
	for _, open := range []string{"（", "("} {
		if i := strings.Index(name, open); i > 0 {
			name = name[:i]
		}
	}
	return name
}

func endsAny(s string, endings []string) bool {
	for _, e := range endings {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
