package section

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/check"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
)

// Establish makes the four prescribed columns of a body with the items of art. 20 and, by its
// level, the subjects of art. 21 below 法定主动公开内容, unless it has them: every body's
// platform has the same (R-PLT-03, R-PLT-04). It returns how many were made.
func (d *Desk) Establish(ctx context.Context, by actor.Actor, agencyID string) (made int, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		a, err := agency.Load(tx, agencyID)
		if err != nil {
			return err
		}
		if err := by.May(actor.SectionCreate, actor.In(agencyID)); err != nil {
			return err
		}
		made, err = d.Found(tx, by, a)
		return err
	})
	return made, err
}

// Found is Establish within the transaction that records a body, whose act it is part of.
func (d *Desk) Found(tx *db.Tx, by actor.Actor, a *agency.Agency) (made int, err error) {
	if err := lockTree(tx, a.ID); err != nil {
		return 0, err
	}
	for i, c := range prescribed {
		s, err := OfKind(tx, a.ID, c.kind)
		if errors.Is(err, ErrNone) {
			s = &Section{ID: db.ID(), Agency: a.ID, Name: c.name, Slug: c.slug, Kind: c.kind, SortKey: int64(i+1) * sortStep}
			err = s.insert(tx, d.Policy)
			if err == nil {
				made++
				err = log(tx, by, actor.SectionCreate, s, "", nil)
			}
		}
		if err != nil {
			return made, err
		}
		if c.kind == Proactive {
			n, err := d.foundItems(tx, by, s, a.Level)
			if err != nil {
				return made, err
			}
			made += n
		}
	}
	return made, nil
}

// foundItems makes the sections of art. 20 and 21 that a body lacks.
func (d *Desk) foundItems(tx *db.Tx, by actor.Actor, root *Section, level agency.Level) (made int, err error) {
	have, err := below(tx, root.ID)
	if err != nil {
		return 0, err
	}
	for _, draft := range lawful(level) {
		same := func(s *Section) bool {
			return s.Name == draft.Name && !s.Retired || draft.Item20 != "" && s.Item20 == draft.Item20 ||
				draft.Item21 != "" && s.Item21 == draft.Item21
		}
		if slices.ContainsFunc(have, same) {
			continue
		}
		s, err := d.create(tx, root.Agency, []*Section{root}, draft)
		if err != nil {
			return made, err
		}
		made++
		if err := log(tx, by, actor.SectionCreate, s, "", nil); err != nil {
			return made, err
		}
	}
	return made, nil
}

// short are the names by which sites call the items of art. 20, whose own words are too long
// for a column.
var short = map[string]string{
	"rules": "法规规章和规范性文件", "org": "机构职能", "plans": "规划信息", "stats": "统计信息", "license": "行政许可和其他管理服务事项",
	"penalty": "行政处罚和行政强制", "budget": "财政预算决算", "fees": "行政事业性收费", "procurement": "政府集中采购", "projects": "重大建设项目",
	"welfare": "社会事业和民生保障", "emergency": "突发公共事件应对", "inspection": "监督检查", "recruitment": "公务员招考", "other": "其他法定信息",
}

// lawful lists the sections art. 20 and 21 ask for.
func lawful(level agency.Level) []Draft {
	var all []Draft
	for _, i := range class.Items() {
		all = append(all, Draft{Name: short[i.Key], Slug: i.Key, Kind: Statutory, Item20: i.Key, Description: i.ZH})
	}
	for _, s := range Subjects(level) {
		all = append(all, Draft{Name: s.Name, Slug: "local-" + s.Key, Kind: Extra, Item21: s.Key})
	}
	return all
}

// Tree is a body's sections in their order: parents before children.
type Tree struct {
	all   []*Section
	under map[string][]*Section
	byID  map[string]*Section
}

// NewTree orders sections, which come sorted among siblings.
func NewTree(all []*Section) *Tree {
	t := &Tree{under: map[string][]*Section{}, byID: map[string]*Section{}}
	for _, s := range all {
		t.byID[s.ID] = s
		t.under[s.Parent] = append(t.under[s.Parent], s)
	}
	t.walk("")
	return t
}

func (t *Tree) walk(parent string) {
	for _, s := range t.under[parent] {
		t.all = append(t.all, s)
		t.walk(s.ID)
	}
}

// All returns the sections, parents before children.
func (t *Tree) All() []*Section { return t.all }

// Get returns a section, nil if the tree lacks it.
func (t *Tree) Get(id string) *Section { return t.byID[id] }

// Under returns the sections right below one.
func (t *Tree) Under(id string) []*Section { return t.under[id] }

// Above returns a section and those above it, itself first.
func (t *Tree) Above(id string) (path []*Section) {
	for s := t.byID[id]; s != nil; s = t.byID[s.Parent] {
		path = append(path, s)
	}
	return path
}

// Depth is how many sections stand above one.
func (t *Tree) Depth(id string) int { return len(t.Above(id)) - 1 }

// Remark is something about the tree that somebody should look at.
type Remark struct {
	Section  *Section // nil where it is one that lacks
	Severity check.Severity
	Code     string
	Cite     statute.Ref
	Message  i18n.Message
}

// newsy are words in the names of sections whose content is news.
var newsy = []string{"动态", "要闻", "新闻", "图片", "视频", "风采", "党建"}

// Remarks finds what in a body's tree is not as the platform shall be: content that does not
// belong on it (专栏姓专, R-PLT-02, R-PLT-10), statutory sections outside of it, and items of
// the law without a section (R-PUB-03).
func (t *Tree) Remarks(level agency.Level) []Remark {
	var all []Remark
	for _, s := range t.all {
		if s.Retired {
			continue
		}
		if r := t.misplaced(s); r != nil {
			all = append(all, *r)
		}
	}
	for _, k := range prescribed {
		if !t.has(func(s *Section) bool { return s.Kind == k.kind }) {
			all = append(all, lacks("R-PLT-04", check.Error, Platform.Whole(""), k.name))
		}
	}
	for _, i := range class.Items() {
		if !t.has(func(s *Section) bool { return s.Item20 == i.Key }) {
			all = append(all, lacks("R-PUB-03", check.Info, i.Cite(), short[i.Key]))
		}
	}
	for _, u := range Subjects(level) {
		if !t.has(func(s *Section) bool { return s.Item21 == u.Key }) {
			all = append(all, lacks("R-PUB-03", check.Info, statute.OGI2019.Art(21), u.Name))
		}
	}
	return all
}

func lacks(code string, severity check.Severity, cite statute.Ref, name string) Remark {
	return Remark{nil, severity, code, cite, i18n.M("section.remark.lacks", "name", name)}
}

func (t *Tree) has(is func(*Section) bool) bool {
	return slices.ContainsFunc(t.all, func(s *Section) bool { return !s.Retired && is(s) })
}

// misplaced tells what is wrong with where s stands, nil if nothing is.
func (t *Tree) misplaced(s *Section) *Remark {
	path := t.Above(s.ID)
	top := path[len(path)-1]
	onPlatform := top.Kind.Prescribed()
	switch {
	case onPlatform && !s.Kind.Legal():
		return &Remark{s, check.Warning, "R-PLT-02", Platform.Whole(""),
			i18n.M("section.remark.foreign", "name", s.Name, "kind", s.Kind.Message(), "top", top.Name)}
	case onPlatform && !s.Kind.Prescribed() && containsAny(s.Name, newsy):
		return &Remark{s, check.Warning, "R-PLT-10", Platform.Whole(""),
			i18n.M("section.remark.newsy", "name", s.Name, "top", top.Name)}
	case !onPlatform && (s.Kind == Statutory || s.Kind == Extra):
		return &Remark{s, check.Warning, "R-PLT-04", Platform.Whole(""), i18n.M("section.remark.outside", "name", s.Name)}
	case len(path) > 1 && s.Kind.Prescribed():
		return &Remark{s, check.Error, "R-PLT-04", Platform.Whole(""), i18n.M("section.remark.low", "name", s.Name)}
	}
	return nil
}

func containsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}
