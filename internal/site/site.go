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

	"gongkai/internal/fault"
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
	// Emblem shows the national emblem (国徽). 国徽法第六条 names who may; R-WEB-06.
	Emblem bool

	// The marks at the foot of every page, R-WEB-04.
	Sponsor  string // 主办单位; the body's name where empty
	Operator string // 承办单位
	Contact  string // 联系方式
	ICP      string // ICP备案号
	Police   string // 公安机关备案号
	FaultURL string // address of “我为政府网站找错”
	MarkURL  string // address of the mark of Party and government organs (党政机关标识)

	ChangedAt time.Time
	Version   int64
}

// The faults of a site's settings.
var (
	ErrSlug   = &fault.Error{Kind: fault.Invalid, Code: "site.slug", Field: "slug"}
	ErrTaken  = &fault.Error{Kind: fault.Conflict, Code: "site.taken", Field: "slug"}
	ErrHost   = &fault.Error{Kind: fault.Invalid, Code: "site.host", Field: "host"}
	ErrHosted = &fault.Error{Kind: fault.Conflict, Code: "site.hosted", Field: "host"}
	ErrMain   = &fault.Error{Kind: fault.Conflict, Code: "site.main", Field: "main"}
	ErrTheme  = &fault.Error{Kind: fault.Invalid, Code: "site.theme", Field: "theme"}
	ErrLink   = &fault.Error{Kind: fault.Invalid, Code: "site.link"}
	ErrLong   = &fault.Error{Kind: fault.Invalid, Code: "site.long"}
	ErrStale  = &fault.Error{Kind: fault.Conflict, Code: "site.stale"}
)

// reserved are first parts of paths that are not bodies'.
var reserved = []string{"annual", "api", "archive", "bodies", "catalogue", "credit", "data", "desk", "display", "en", "feed", "files", "guide",
	"healthz", "index", "items", "ledger", "metrics", "normative", "oai", "office", "robots", "search", "sections", "sitemap", "static",
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
		"contact": &s.Contact, "icp": &s.ICP, "police": &s.Police} {
		*text = strings.Join(strings.Fields(*text), " ")
		if len([]rune(*text)) > longest {
			return ErrLong.At(name).With("most", longest)
		}
	}
	for name, link := range map[string]*string{"fault_url": &s.FaultURL, "mark_url": &s.MarkURL} {
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
	}
	return nil
}
