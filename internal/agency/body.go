package agency

import (
	"strings"
	"time"
	"unicode"

	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Kinds of stored bodies that a name alone does not tell.
const (
	Dispatched Kind = "dispatched" // 派出机构: an office a body sends out to act for it
	// 条例第五十四条：“法律、法规授权的具有管理公共事务职能的组织公开政府信息的活动，适用本条例。”
	Authorised Kind = "authorised"
	// 条例第五十五条第一款：“教育、卫生健康、供水、供电、供气、供热、环境保护、公共交通等与人民群众利益
	// 密切相关的公共企事业单位……”
	Enterprise Kind = "enterprise"
)

// Kinds lists the kinds a stored body may be of, in the order pages show them.
var Kinds = []Kind{Government, Department, Township, Zone, Dispatched, Authorised, Enterprise}

// kindNames are the messages of the kinds.
var kindNames = map[Kind]string{
	Government: "agency.kind.government", Department: "agency.kind.department", Township: "agency.kind.township",
	Zone: "agency.kind.zone", Dispatched: "agency.kind.dispatched", Authorised: "agency.kind.authorised",
	Enterprise: "agency.kind.enterprise",
}

// Message returns what people call the kind.
func (k Kind) Message() i18n.Message { return i18n.M(kindNames[k]) }

// Level is the level of government a body belongs to (层级).
type Level string

// The levels.
const (
	State         Level = "state"
	Province      Level = "province"
	City          Level = "city"
	County        Level = "county"
	TownshipLevel Level = "township"
)

// Levels lists the levels from the top down.
var Levels = []Level{State, Province, City, County, TownshipLevel}

var levelNames = map[Level]string{
	State: "agency.level.state", Province: "agency.level.province", City: "agency.level.city",
	County: "agency.level.county", TownshipLevel: "agency.level.township",
}

// Message returns what people call the level.
func (l Level) Message() i18n.Message { return i18n.M(levelNames[l]) }

// Facts are what is recorded of a body and may change from one day to the next.
type Facts struct {
	Name      string // full name, as on the seal
	ShortName string
	Kind      Kind
	Level     Level
	Parent    string // the body it belongs to, "" at the top
	// Office is set for a government: the body of its own that is in charge of open
	// government information in its area, as a rule its general office (条例第三条第三款).
	Office string
	// Supervisor is the body in charge (主管部门) where it is not the office of the
	// nearest government above, as under vertical leadership (条例第三条第四款).
	Supervisor string
	OrgCode    string // 组织机构代码, nine characters
	CreditCode string // 统一社会信用代码, eighteen characters
	Region     string // 行政区划代码, six digits
	SiteCode   string // 政府网站标识码
}

// Ending is how a body ended.
type Ending string

// The endings. A body that has not ended has none.
const (
	Merged    Ending = "merged"
	Split     Ending = "split"
	Abolished Ending = "abolished"
)

// Endings lists the endings.
var Endings = []Ending{Merged, Split, Abolished}

var endingNames = map[Ending]string{
	Merged: "agency.ending.merged", Split: "agency.ending.split", Abolished: "agency.ending.abolished",
}

// Message returns what people call the ending.
func (e Ending) Message() i18n.Message { return i18n.M(endingNames[e]) }

// Agency is a public body (公开主体) as it stands on one day.
type Agency struct {
	ID string
	Facts
	// Overseer is the body in charge of it today, as the tree gives it; "" at the top.
	Overseer   string
	SortKey    int64     // place among those under one parent
	Since      date.Date // first day of its existence, as far as it is recorded
	Until      date.Date // first day it is no more; zero while it is
	Ending     Ending
	Successors []string
	Basis      string // the document that set it up or ended it
	CreatedAt  time.Time
	Version    int64
}

// Active reports whether the body exists.
func (a *Agency) Active() bool { return a.Until.IsZero() }

// Short returns the name for narrow places.
func (a *Agency) Short() string {
	if a.ShortName != "" {
		return a.ShortName
	}
	return a.Name
}

// Period is a body's facts over a stretch of time: from Since to the day before Until.
type Period struct {
	ID     string
	Agency string
	Since  date.Date
	Until  date.Date // zero for the one that lasts
	Facts
	Basis      string // the document the change rests on
	RecordedAt time.Time
	Version    int64
}

// Contact is the card of a body's office of open government information.
//
// 条例第十二条第二款：“政府信息公开指南包括政府信息的分类、编排体系、获取方式和政府信息公开工作机构的
// 名称、办公地址、办公时间、联系电话、传真号码、互联网联系方式等内容。”
type Contact struct {
	Agency    string
	Office    string // 政府信息公开工作机构名称
	Address   string
	Hours     string
	Phone     string
	Fax       string
	Online    string // 互联网联系方式
	Email     string
	Postcode  string
	ChangedAt time.Time // a guide that is older is out of date (R-GDE-03)
	Version   int64
}

// Missing lists the fields of the card that article 12 asks for and that are empty, as
// messages. R-GDE-01.
func (c Contact) Missing() []i18n.Message {
	var all []i18n.Message
	for _, f := range []struct{ value, key string }{
		{c.Office, "agency.contact.office"}, {c.Address, "agency.contact.address"}, {c.Hours, "agency.contact.hours"},
		{c.Phone, "agency.contact.phone"}, {c.Fax, "agency.contact.fax"}, {c.Online, "agency.contact.online"},
	} {
		if strings.TrimSpace(f.value) == "" {
			all = append(all, i18n.M(f.key))
		}
	}
	return all
}

// The faults of bodies.
var (
	ErrNone         = &fault.Error{Kind: fault.NotFound, Code: "agency.none"}
	ErrStale        = &fault.Error{Kind: fault.Conflict, Code: "agency.stale"}
	ErrName         = &fault.Error{Kind: fault.Invalid, Code: "agency.name", Field: "name"}
	ErrNameTaken    = &fault.Error{Kind: fault.Invalid, Code: "agency.name_taken", Field: "name"}
	ErrKind         = &fault.Error{Kind: fault.Invalid, Code: "agency.kind", Field: "kind"}
	ErrLevel        = &fault.Error{Kind: fault.Invalid, Code: "agency.level", Field: "level"}
	ErrOrgCode      = &fault.Error{Kind: fault.Invalid, Code: "agency.org_code", Field: "org_code", Cite: statute.OrgCode.Whole("")}
	ErrOrgTaken     = &fault.Error{Kind: fault.Invalid, Code: "agency.org_taken", Field: "org_code"}
	ErrCreditCode   = &fault.Error{Kind: fault.Invalid, Code: "agency.credit_code", Field: "credit_code", Cite: statute.CreditCode.Whole("")}
	ErrCreditTaken  = &fault.Error{Kind: fault.Invalid, Code: "agency.credit_taken", Field: "credit_code"}
	ErrCodesDiffer  = &fault.Error{Kind: fault.Invalid, Code: "agency.codes_differ", Field: "org_code", Cite: statute.CreditCode.Whole("")}
	ErrRegion       = &fault.Error{Kind: fault.Invalid, Code: "agency.region", Field: "region"}
	ErrSiteCode     = &fault.Error{Kind: fault.Invalid, Code: "agency.site_code", Field: "site_code"}
	ErrSiteTaken    = &fault.Error{Kind: fault.Invalid, Code: "agency.site_taken", Field: "site_code"}
	ErrParent       = &fault.Error{Kind: fault.Invalid, Code: "agency.parent", Field: "parent"}
	ErrCycle        = &fault.Error{Kind: fault.Invalid, Code: "agency.cycle", Field: "parent"}
	ErrSupervisor   = &fault.Error{Kind: fault.Invalid, Code: "agency.supervisor", Field: "supervisor"}
	ErrOffice       = &fault.Error{Kind: fault.Invalid, Code: "agency.office", Field: "office"}
	ErrFuture       = &fault.Error{Kind: fault.Invalid, Code: "agency.future", Field: "since"}
	ErrBefore       = &fault.Error{Kind: fault.Invalid, Code: "agency.before", Field: "since"}
	ErrBasis        = &fault.Error{Kind: fault.Invalid, Code: "agency.basis", Field: "basis"}
	ErrEnded        = &fault.Error{Kind: fault.Conflict, Code: "agency.ended"}
	ErrEnding       = &fault.Error{Kind: fault.Invalid, Code: "agency.ending", Field: "ending"}
	ErrSuccessor    = &fault.Error{Kind: fault.Invalid, Code: "agency.successor", Field: "successors"}
	ErrHasChildren  = &fault.Error{Kind: fault.Invalid, Code: "agency.has_children", Field: "ending"}
	ErrContact      = &fault.Error{Kind: fault.Invalid, Code: "agency.contact.needed", Cite: statute.OGI2019.Art(12, 2)}
	ErrContactPhone = &fault.Error{Kind: fault.Invalid, Code: "agency.contact.phone_form", Field: "phone"}
	ErrContactMail  = &fault.Error{Kind: fault.Invalid, Code: "agency.contact.email_form", Field: "email"}
	ErrContactPost  = &fault.Error{Kind: fault.Invalid, Code: "agency.contact.postcode_form", Field: "postcode"}
)

// tidy brings facts as people type them into the form they are compared and kept in.
func (f *Facts) tidy() {
	f.Name = strings.Join(strings.Fields(f.Name), "")
	f.ShortName = strings.Join(strings.Fields(f.ShortName), "")
	f.OrgCode = strings.ReplaceAll(code(f.OrgCode), "-", "")
	f.CreditCode = code(f.CreditCode)
	f.Region = code(f.Region)
	f.SiteCode = strings.ToLower(code(f.SiteCode))
	if f.OrgCode == "" && ValidCredit(f.CreditCode) {
		f.OrgCode = OrgOf(f.CreditCode)
	}
}

func code(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), "")) }

// longest is more characters than any body's name has.
const longest = 100

// check refuses facts that cannot be right whatever else is on record.
func (f *Facts) check() error {
	n := len([]rune(f.Name))
	switch {
	case n < 2 || n > longest || strings.ContainsFunc(f.Name, unicode.IsControl):
		return ErrName.With("most", longest)
	case len([]rune(f.ShortName)) > longest || strings.ContainsFunc(f.ShortName, unicode.IsControl):
		return ErrName.At("short_name").With("most", longest)
	case kindNames[f.Kind] == "":
		return ErrKind
	case levelNames[f.Level] == "":
		return ErrLevel
	}
	return f.checkCodes()
}

// checkCodes: GB 11714, GB 32100 (R-IDX-05), GB/T 2260 and the numbers of sites (R-WEB-02).
func (f *Facts) checkCodes() error {
	switch {
	case f.OrgCode != "" && !ValidOrg(f.OrgCode):
		return ErrOrgCode.With("code", f.OrgCode)
	case f.CreditCode != "" && !ValidCredit(f.CreditCode):
		return ErrCreditCode.With("code", f.CreditCode)
	case f.CreditCode != "" && OrgOf(f.CreditCode) != f.OrgCode:
		return ErrCodesDiffer.With("credit", OrgOf(f.CreditCode)).With("org", f.OrgCode)
	case f.Region != "" && !digits(f.Region, 6):
		return ErrRegion.With("code", f.Region)
	case f.SiteCode != "" && !ValidSite(f.SiteCode):
		return ErrSiteCode.With("code", f.SiteCode)
	}
	return nil
}

// ValidSite reports whether code can be the number of a public body's site (政府网站标识码):
// six digits of its region and four of its own, or bm and eight digits for departments of
// the State Council and what belongs to them. R-WEB-02.
func ValidSite(code string) bool {
	if rest, department := strings.CutPrefix(strings.ToLower(code), "bm"); department {
		return digits(rest, 8)
	}
	return digits(code, 10)
}

func digits(s string, n int) bool { return len(s) == n && strings.Trim(s, "0123456789") == "" }
