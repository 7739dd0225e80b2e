// Package site keeps how each body's site presents itself to the public (站点): its address, its
// looks, and the marks that every page bears.
//
// A body's site has a host name of its own, or stands under a path of the main site, which is
// the government's and shows what all bodies publish. 国办公开办函〔2019〕61号: no site is built
// for the platform alone, and each body's is a part of the government's (R-PLT-01, R-PLT-03).
package site

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// Theme is a finished look.
type Theme string

// The themes.
const (
	Vermilion Theme = "vermilion" // 朱红
	Azure     Theme = "azure"     // 青蓝
)

// Themes lists the looks in the order forms offer them; the first is usual.
var Themes = []Theme{Vermilion, Azure}

// themeNames are the messages of the themes.
var themeNames = map[Theme]string{Vermilion: "site.theme.vermilion", Azure: "site.theme.azure"}

// Message names the look.
func (t Theme) Message() i18n.Message { return i18n.M(themeNames[t]) }

// Site is what a body's site says of itself.
type Site struct {
	Agency string
	// Main says that this is the site at the root of the installation's address, under which
	// the others stand. At most one is.
	Main        bool
	Slug        string // first part of the path, such as "mzj", where it has no host
	Host        string // host name of its own, such as "mzj.example.gov.cn", "" for none
	Name        string // as pages call the site; the body's name where empty
	Description string
	Theme       Theme
	// Emblem shows the national emblem (国徽): the picture the body itself brought, which is
	// EmblemFile, the digest of a kept file. The program draws none.
	Emblem     bool
	EmblemFile string

	// The marks at the foot of every page, R-WEB-04.
	Sponsor  string // 主办单位; the body's name where empty
	Operator string // 承办单位
	Contact  string // 联系方式
	ICP      string // ICP备案号
	Police   string // 公安机关备案号
	FaultURL string // address of “我为政府网站找错”
	MarkURL  string // address of the mark of Party and government organs (党政机关标识)

	// Notice of a site that moves or closes, specification §7.2.
	ClosingOn date.Date // last day it can be read here, zero while it stays
	MovedName string    // where its readers go on
	MovedURL  string

	ChangedAt time.Time
	Version   int64
}

// NoticeDays is how long a closing site says so before. Local rules on merging sites ask for not
// less than thirty days; unverified (specification §7.2), so less is remarked and not refused.
const NoticeDays = 30

// The faults of a site's settings.
var (
	ErrSlug    = &fault.Error{Kind: fault.Invalid, Code: "site.slug", Field: "slug"}
	ErrTaken   = &fault.Error{Kind: fault.Conflict, Code: "site.taken", Field: "slug"}
	ErrHost    = &fault.Error{Kind: fault.Invalid, Code: "site.host", Field: "host"}
	ErrHosted  = &fault.Error{Kind: fault.Conflict, Code: "site.hosted", Field: "host"}
	ErrMain    = &fault.Error{Kind: fault.Conflict, Code: "site.main", Field: "main"}
	ErrTheme   = &fault.Error{Kind: fault.Invalid, Code: "site.theme", Field: "theme"}
	ErrLink    = &fault.Error{Kind: fault.Invalid, Code: "site.link"}
	ErrLong    = &fault.Error{Kind: fault.Invalid, Code: "site.long"}
	ErrEmblem  = &fault.Error{Kind: fault.Invalid, Code: "site.emblem", Field: "emblem"}
	ErrPicture = &fault.Error{Kind: fault.Invalid, Code: "site.picture", Field: "emblem_file"}
	ErrMoved   = &fault.Error{Kind: fault.Invalid, Code: "site.moved", Field: "moved_name"}
	ErrStale   = &fault.Error{Kind: fault.Conflict, Code: "site.stale"}
)

// reserved are first parts of paths that are not bodies'.
var reserved = []string{"annual", "api", "archive", "bodies", "catalogue", "credit", "data", "desk", "display", "emblem", "en", "feed", "files", "from", "guide",
	"healthz", "index", "institution", "items", "ledger", "metrics", "normative", "oai", "office", "policy", "proactive", "robots", "search", "sections", "sitemap", "static",
	"subscribe", "zh"}

var (
	slugForm = regexp.MustCompile(`^[a-z][a-z0-9-]{1,31}$`)
	hostForm = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*$`)
)

// longest is the most characters a text of the settings may have.
const longest = 200

// check tidies the settings and returns the first thing wrong with them.
func (s *Site) check() error {
	s.Slug, s.Host = strings.ToLower(strings.TrimSpace(s.Slug)), strings.ToLower(strings.TrimSuffix(strings.TrimSpace(s.Host), "."))
	for name, text := range map[string]*string{"name": &s.Name, "description": &s.Description, "sponsor": &s.Sponsor, "operator": &s.Operator,
		"contact": &s.Contact, "icp": &s.ICP, "police": &s.Police, "moved_name": &s.MovedName} {
		*text = strings.Join(strings.Fields(*text), " ")
		if len([]rune(*text)) > longest {
			return ErrLong.At(name).With("most", longest)
		}
	}
	for name, link := range map[string]*string{"fault_url": &s.FaultURL, "mark_url": &s.MarkURL, "moved_url": &s.MovedURL} {
		*link = strings.TrimSpace(*link)
		if u, err := url.Parse(*link); *link != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(*link) > 500) {
			return ErrLink.At(name)
		}
	}
	if s.Theme == "" {
		s.Theme = Themes[0]
	}
	switch {
	case s.Slug != "" && (!slugForm.MatchString(s.Slug) || slices.Contains(reserved, s.Slug)):
		return ErrSlug
	case s.Host != "" && (!hostForm.MatchString(s.Host) || len(s.Host) > 253):
		return ErrHost
	case !slices.Contains(Themes, s.Theme):
		return ErrTheme
	case (s.MovedName == "") != (s.MovedURL == ""):
		return ErrMoved
	}
	return nil
}

// MayEmblem reports whether a body is one of those that show the national emblem.
//
// 国徽法第六条第一款: among the organs of government, 各级人民政府 of the county and above; the
// departments of local governments are not named. R-WEB-06.
func MayEmblem(a *agency.Agency) bool {
	return a.Kind == agency.Government && a.Level != agency.TownshipLevel
}

// Missing lists what the pages of a site lack of the marks R-WEB-04 and R-WEB-01 ask for. What
// is not set is left out of the pages.
func (p *Place) Missing() (all []i18n.Message) {
	for _, one := range []struct {
		there bool
		key   string
	}{
		{p.Origin != "", "site.missing.origin"}, {p.Body == nil || p.Body.SiteCode != "", "site.missing.code"},
		{p.MarkURL != "", "site.missing.mark"}, {p.FaultURL != "", "site.missing.fault"}, {p.Contact != "", "site.missing.contact"},
		{p.ICP != "", "site.missing.icp"}, {p.Police != "", "site.missing.police"}, {p.Operator != "", "site.missing.operator"},
		{p.Body == nil || !MayEmblem(p.Body) || p.Emblem && p.EmblemFile != "", "site.missing.emblem"},
		{!p.Emblem || p.EmblemFile != "", "site.missing.picture"},
	} {
		if !one.there {
			all = append(all, i18n.M(one.key))
		}
	}
	return all
}
