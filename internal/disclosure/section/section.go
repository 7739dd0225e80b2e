// Package section holds the sections (栏目) of a body's site: a tree with the kind, the owner
// and the update duty of each, the watch over these duties, the boards that show what is
// overdue, and the standard item catalogue as a spreadsheet.
package section

import (
	"slices"
	"strings"
	"time"

	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Kind is what a section is for.
type Kind string

// The kinds. The first four are the columns every platform has under the same names.
const (
	Guide       Kind = "guide"       // 政府信息公开指南
	Institution Kind = "institution" // 政府信息公开制度
	Proactive   Kind = "proactive"   // 法定主动公开内容
	Reports     Kind = "reports"     // 政府信息公开年报
	Statutory   Kind = "statutory"   // an item of art. 20
	Extra       Kind = "extra"       // a subject of art. 21
	News        Kind = "news"        // 动态、要闻
	Notice      Kind = "notice"      // 通知公告、政策文件 outside the statutory list
	Interaction Kind = "interaction" // 互动交流
	Topic       Kind = "topic"       // 专题专栏
)

// Kinds lists the kinds in the order pages offer them.
var Kinds = []Kind{Guide, Institution, Proactive, Reports, Statutory, Extra, News, Notice, Interaction, Topic}

var kindNames = map[Kind]string{
	Guide: "section.kind.guide", Institution: "section.kind.institution", Proactive: "section.kind.proactive",
	Reports: "section.kind.reports", Statutory: "section.kind.statutory", Extra: "section.kind.extra",
	News: "section.kind.news", Notice: "section.kind.notice", Interaction: "section.kind.interaction",
	Topic: "section.kind.topic",
}

// Message returns what people call the kind.
func (k Kind) Message() i18n.Message { return i18n.M(kindNames[k]) }

// Prescribed reports whether k is one of the four first-level columns of R-PLT-04, which
// keep their names and places.
func (k Kind) Prescribed() bool {
	return k == Guide || k == Institution || k == Proactive || k == Reports
}

// Legal reports whether what stands in sections of this kind is published by duty of law:
// only these belong on the platform (专栏姓专, R-PLT-02).
func (k Kind) Legal() bool { return k.Prescribed() || k == Statutory || k == Extra }

// Section is one section of a body.
type Section struct {
	ID     string
	Agency string
	Parent string // "" at the top
	Name   string
	Slug   string // its part of an address, unique in the body
	Kind   Kind
	Item20 string // key of the item of art. 20, of Statutory
	Item21 string // key of the subject of art. 21, of Extra
	Duty   Duty

	Department string // 责任科室
	Owner      string // account of who answers for it, "" if nobody does yet
	OwnerName  string

	Description string // what the section publishes, for R-WEB-01's ColumnDescription
	Keywords    string
	SortKey     int64 // among its siblings

	Retired       bool
	RetiredOn     date.Date
	RetiredReason string
	Successor     string // section its readers are led to

	CatalogueID string // of the standard catalogue's row it was made from
	Catalogue   Entry  // what that row says

	Version   int64
	CreatedAt time.Time
}

// Title is the name with those above it, top first: 法定主动公开内容 / 财政预决算.
func Title(path []*Section) string {
	names := make([]string, len(path))
	for i, s := range path {
		names[len(path)-1-i] = s.Name
	}
	return strings.Join(names, " / ")
}

// Prescribed names, R-PLT-04.
//
// 国办公开办函〔2019〕61号: the platform's first-level columns are 政府信息公开指南、政府信息公开
// 制度、法定主动公开内容、政府信息公开年报.
var prescribed = []struct {
	kind       Kind
	name, slug string
}{
	{Guide, "政府信息公开指南", "zfxxgkzn"},
	{Institution, "政府信息公开制度", "zfxxgkzd"},
	{Proactive, "法定主动公开内容", "fdzdgknr"},
	{Reports, "政府信息公开年报", "zfxxgknb"},
}

// Platform is the notice on the layout of disclosure platforms.
var Platform = &statute.Instrument{
	ID: "platform-2019", Name: "《关于规范政府信息公开平台有关事项的通知》", Short: "平台规范通知",
	Number: "国办公开办函〔2019〕61号", Since: date.Must(2019, 12, 3), English: "Notice on Disclosure Platforms (2019)",
}

// Subject is one of those art. 21 names.
type Subject struct{ Key, Name string }

// Subjects lists what art. 21 asks bodies of a level of government to publish besides.
//
// 条例第二十一条：“设区的市级、县级人民政府及其部门还应当根据本地方的具体情况，主动公开涉及市政
// 建设、公共服务、公益事业、土地征收、房屋征收、治安管理、社会救助等方面的政府信息；乡（镇）人民
// 政府还应当根据本地方的具体情况，主动公开贯彻落实农业农村政策、农田水利工程建设运营、农村土地承包
// 经营权流转、宅基地使用情况审核、土地征收、房屋征收、筹资筹劳、社会救助等方面的政府信息。” R-PUB-03.
func Subjects(l agency.Level) []Subject {
	switch l {
	case agency.City, agency.County:
		return []Subject{
			{"municipal", "市政建设"}, {"service", "公共服务"}, {"welfare", "公益事业"}, {"land", "土地征收"},
			{"housing", "房屋征收"}, {"order", "治安管理"}, {"assistance", "社会救助"},
		}
	case agency.TownshipLevel:
		return []Subject{
			{"rural", "贯彻落实农业农村政策"}, {"irrigation", "农田水利工程建设运营"}, {"contract", "农村土地承包经营权流转"},
			{"homestead", "宅基地使用情况审核"}, {"land", "土地征收"}, {"housing", "房屋征收"}, {"labour", "筹资筹劳"},
			{"assistance", "社会救助"},
		}
	}
	return nil
}

// knownSubject reports whether key names a subject of any level.
func knownSubject(key string) bool {
	same := func(s Subject) bool { return s.Key == key }
	return slices.ContainsFunc(Subjects(agency.County), same) || slices.ContainsFunc(Subjects(agency.TownshipLevel), same)
}

// AllSubjects lists the subjects of art. 21 of every level, each key once.
func AllSubjects() []Subject {
	all := Subjects(agency.County)
	for _, s := range Subjects(agency.TownshipLevel) {
		if !slices.ContainsFunc(all, func(o Subject) bool { return o.Key == s.Key }) {
			all = append(all, s)
		}
	}
	return all
}
