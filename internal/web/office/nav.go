package office

import (
	"net/http"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/i18n"
)

// NavItem is an entry of the navigation, as an area registers it.
type NavItem struct {
	Group string // one of navGroups
	Path  string // such as "/office/items"
	Text  i18n.Message
	Icon  string // a name of page/part/icon.html
	Acts  []actor.Act
	Count string // key of the figure beside it, "" for none
	Keys  string // the keys that lead there: "g t"
	Bar   bool   // one of the few on a narrow screen
}

type navEntry = NavItem

// The groups of the navigation, in its order.
const (
	NavWork   = "work"   // what waits for me
	NavMake   = "make"   // items, reviews, normative documents
	NavKeep   = "keep"   // sections, duties, guide, reports
	NavAdmin  = "admin"  // bodies, people, audit, jobs
	NavOthers = "others" // help, desk
)

var navGroups = []struct {
	key  string
	text i18n.Message
}{
	{NavWork, i18n.M("office.nav.work")},
	{NavMake, i18n.M("office.nav.make")},
	{NavKeep, i18n.M("office.nav.keep")},
	{NavAdmin, i18n.M("office.nav.admin")},
	{NavOthers, i18n.M("office.nav.others")},
}

// NavGroup is entries that stand together on a page.
type NavGroup struct {
	Text  string
	Links []NavLink
}

// NavLink is an entry as the page shows it.
type NavLink struct {
	Text, Href, Icon string
	Count            Count
	Keys             string
	On               bool // the page belongs to it
}

// Nav registers an entry of the navigation. People see it who may do one of its acts, all
// people if it names none.
func (rt *router) Nav(item NavItem) { rt.nav = append(rt.nav, item) }

// navigate fills the page's navigation with what the person may do.
func (o *Office) navigate(r *http.Request, p *Page) {
	v := visitOf(r)
	counts := o.counts(r)
	current := o.current(r.URL.Path)
	for _, g := range navGroups {
		group := NavGroup{Text: p.Text(g.text)}
		for i, item := range o.nav {
			if item.Group != g.key || !mayAny(v.Actor, item.Acts) {
				continue
			}
			link := NavLink{
				Text: p.Text(item.Text), Href: o.path(r, "") + item.Path, Icon: item.Icon,
				Count: counts[item.Count], Keys: item.Keys, On: i == current,
			}
			group.Links = append(group.Links, link)
			if item.Bar {
				p.Bar = append(p.Bar, link)
			}
		}
		if len(group.Links) > 0 {
			p.Nav = append(p.Nav, group)
		}
	}
}

// current is the entry a path belongs to: that with the longest path it begins with, -1
// for none.
func (o *Office) current(path string) int {
	best, length := -1, 0
	for i, item := range o.nav {
		base := strings.TrimSuffix(item.Path, "/")
		inside := path == item.Path || strings.HasPrefix(path, base+"/") && item.Path != "/office/"
		if inside && len(base) >= length {
			best, length = i, len(base)
		}
	}
	return best
}

func mayAny(by actor.Actor, acts []actor.Act) bool {
	return len(acts) == 0 || slices.ContainsFunc(acts, by.Somewhere)
}
