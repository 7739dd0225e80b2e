package section

import (
	"context"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Entry is what a row of the standard item catalogue says of a section (基层政务公开标准目录).
type Entry struct {
	No       string   `json:"no,omitempty"`       // 序号
	Content  string   `json:"content,omitempty"`  // 公开内容（要素）
	Basis    string   `json:"basis,omitempty"`    // 公开依据
	Limit    string   `json:"limit,omitempty"`    // 公开时限, as it is worded
	Duration string   `json:"duration,omitempty"` // 公开时长
	Body     string   `json:"body,omitempty"`     // 公开主体
	Range    string   `json:"range,omitempty"`    // 公开范围
	Channels []string `json:"channels,omitempty"` // keys of class.Channels
	Audience []string `json:"audience,omitempty"` // "all", "group"
	Group    string   `json:"group,omitempty"`    // which people, of "group"
	Modes    []string `json:"modes,omitempty"`    // "proactive", "request"
	Levels   []string `json:"levels,omitempty"`   // "county", "township"
}

// Layout is which columns a catalogue has.
type Layout string

// The layouts. Counties and townships use the national standard catalogue's, cities their own.
const (
	CountyLayout Layout = "county"
	CityLayout   Layout = "city"
)

// Row is a line of a catalogue.
type Row struct {
	Line          int    // in the sheet
	First, Second string // 公开事项, 一级 and 二级
	Entry
	Wrong []*fault.Error `json:"-"`
}

// Catalogue is a standard item catalogue as a sheet holds it.
type Catalogue struct {
	Title  string
	Layout Layout
	Rows   []Row
}

// The faults of catalogues.
var (
	ErrCatalogueFile   = &fault.Error{Kind: fault.Invalid, Code: "section.catalogue.file", Field: "file"}
	ErrCatalogueHeader = &fault.Error{Kind: fault.Invalid, Code: "section.catalogue.header", Field: "file"}
	ErrCatalogueEmpty  = &fault.Error{Kind: fault.Invalid, Code: "section.catalogue.empty", Field: "file"}
	ErrCatalogueRows   = &fault.Error{Kind: fault.Invalid, Code: "section.catalogue.rows", Field: "file"}
	ErrCatalogueLong   = &fault.Error{Kind: fault.TooLarge, Code: "section.catalogue.long", Field: "file"}
	ErrCatalogueLimit  = &fault.Error{Kind: fault.Invalid, Code: "section.catalogue.limit"}

	ErrRowName    = &fault.Error{Kind: fault.Invalid, Code: "section.catalogue.row.name"}
	ErrRowLong    = &fault.Error{Kind: fault.Invalid, Code: "section.catalogue.row.long"}
	ErrRowTwice   = &fault.Error{Kind: fault.Invalid, Code: "section.catalogue.row.twice"}
	ErrRowTick    = &fault.Error{Kind: fault.Invalid, Code: "section.catalogue.row.tick"}
	ErrRowChannel = &fault.Error{Kind: fault.Invalid, Code: "section.catalogue.row.channel"}
)

// Effect is what an import does with a row.
type Effect string

// The effects.
const (
	Makes   Effect = "make"
	Changes Effect = "change"
	Same    Effect = "same"
)

// Planned is a row with what an import will do.
type Planned struct {
	Row
	Effect Effect
	Duty   Duty
	Ask    bool // 公开时限 says nothing countable: somebody must say what it means
}

// Plan is what an import will do, or why it cannot.
type Plan struct {
	Rows   []Planned
	Groups []string // first-level items a section is made for
	Asked  []string // wordings of 公开时限 that need an answer, each once
	Wrong  int      // rows that must be corrected in the file
}

// Ready reports whether nothing stands in the way of the import.
func (p *Plan) Ready() bool { return p.Wrong == 0 && len(p.Asked) == 0 && len(p.Rows) > 0 }

// Count returns how many rows have an effect.
func (p *Plan) Count(e Effect) (n int) {
	for _, r := range p.Rows {
		if r.Effect == e && len(r.Wrong) == 0 {
			n++
		}
	}
	return n
}

// Preview shows what Import would do, and changes nothing.
func (d *Desk) Preview(ctx context.Context, by actor.Actor, agencyID, parent string, c Catalogue, answers map[string]Duty) (p *Plan, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		i, err := d.importer(tx, by, agencyID, parent, c, answers)
		if err == nil {
			p = i.plan
		}
		return err
	})
	return p, err
}

// Import makes and changes the sections a catalogue lists, below parent. Rows are known again
// by their names, so that a second import of the same file changes nothing. answers are the
// duties for wordings of 公开时限 that cannot be read.
func (d *Desk) Import(ctx context.Context, by actor.Actor, agencyID, parent string, c Catalogue, answers map[string]Duty) (p *Plan, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := lockTree(tx, agencyID); err != nil {
			return err
		}
		i, err := d.importer(tx, by, agencyID, parent, c, answers)
		if err != nil {
			return err
		}
		p = i.plan
		switch {
		case len(p.Rows) == 0:
			return ErrCatalogueEmpty
		case p.Wrong > 0:
			return ErrCatalogueRows.With("n", p.Wrong)
		case len(p.Asked) > 0:
			return ErrCatalogueLimit.With("n", len(p.Asked))
		}
		if err := i.carryOut(); err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{
			Act: actor.SectionImport, Agency: agencyID, Subject: "section", ID: parent, Title: c.Title,
			Detail: map[string]int{"made": p.Count(Makes), "changed": p.Count(Changes), "same": p.Count(Same)},
		})
	})
	return p, err
}

// importer matches a catalogue with the sections below a section.
type importer struct {
	desk   *Desk
	tx     *db.Tx
	layout Layout
	path   []*Section // the section everything is put below, and those above it
	tree   *Tree
	plan   *Plan
}

func (d *Desk) importer(tx *db.Tx, by actor.Actor, agencyID, parent string, c Catalogue, answers map[string]Duty) (*importer, error) {
	path, err := pathIn(tx, agencyID, parent)
	if err != nil {
		return nil, err
	}
	if err := by.May(actor.SectionImport, actor.In(agencyID, keysOf(path)...)); err != nil {
		return nil, err
	}
	if len(path) == 0 || path[0].Retired {
		return nil, ErrParent
	}
	all, err := All(tx, agencyID)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(s *Section) bool { return s.Retired })
	i := &importer{desk: d, tx: tx, layout: c.Layout, path: path, tree: NewTree(all), plan: &Plan{}}
	for _, r := range c.Rows {
		i.add(r, answers)
	}
	return i, nil
}

// add plans a row.
func (i *importer) add(r Row, answers map[string]Duty) {
	p := Planned{Row: r, Effect: Makes}
	if len(r.Wrong) > 0 {
		i.plan.Wrong++
	}
	duty, read := ParseLimit(r.Limit)
	if !read {
		duty, read = answers[r.Limit]
		read = read && duty.check() == nil
	}
	if p.Duty, p.Ask = duty, !read; p.Ask && !slices.Contains(i.plan.Asked, r.Limit) {
		i.plan.Asked = append(i.plan.Asked, r.Limit)
	}
	group := i.find(i.path[0].ID, r.First, r.First+"/")
	if group == nil && !slices.Contains(i.plan.Groups, r.First) && len(r.Wrong) == 0 {
		i.plan.Groups = append(i.plan.Groups, r.First)
	}
	if s := i.section(r, group); s != nil {
		p.Effect = Same
		if merged := i.merge(s.Catalogue, r.Entry); !sameEntry(merged, s.Catalogue) || s.Duty != duty || s.CatalogueID != r.id() {
			p.Effect = Changes
		}
	}
	i.plan.Rows = append(i.plan.Rows, p)
}

// id names a row for the sections made from it.
func (r Row) id() string { return r.First + "/" + r.Second }

// section returns the section a row is about, nil if there is none yet.
func (i *importer) section(r Row, group *Section) *Section {
	if r.Second == "" || group == nil {
		return group
	}
	return i.find(group.ID, r.Second, r.id())
}

// find looks below a section for one made from a row, or of that name.
func (i *importer) find(parent, name, id string) *Section {
	var named *Section
	for _, s := range i.tree.Under(parent) {
		if s.CatalogueID == id {
			return s
		}
		if s.Name == name {
			named = s
		}
	}
	return named
}

// merge returns what is recorded after an import: columns the layout lacks stay as they are.
func (i *importer) merge(old, read Entry) Entry {
	if i.layout == CityLayout {
		read.No, read.Body = old.No, old.Body
		read.Audience, read.Group, read.Levels = old.Audience, old.Group, old.Levels
		return read
	}
	read.Duration, read.Range = old.Duration, old.Range
	return read
}

func sameEntry(a, b Entry) bool {
	return a.No == b.No && a.Content == b.Content && a.Basis == b.Basis && a.Limit == b.Limit && a.Duration == b.Duration &&
		a.Body == b.Body && a.Range == b.Range && a.Group == b.Group && slices.Equal(a.Channels, b.Channels) &&
		slices.Equal(a.Audience, b.Audience) && slices.Equal(a.Modes, b.Modes) && slices.Equal(a.Levels, b.Levels)
}

// carryOut does what was planned.
func (i *importer) carryOut() error {
	made := map[string]*Section{}
	for _, p := range i.plan.Rows {
		group := made[p.First]
		if group == nil {
			var err error
			if group, err = i.group(p.Row); err != nil {
				return err
			}
			made[p.First] = group
		}
		if p.Effect == Same {
			continue
		}
		if err := i.row(p, group); err != nil {
			return err
		}
	}
	return nil
}

// group returns the section of a row's first-level item, made where there is none.
func (i *importer) group(r Row) (*Section, error) {
	if s := i.find(i.path[0].ID, r.First, r.First+"/"); s != nil {
		return s, nil
	}
	draft := i.draft(r.First)
	draft.Duty = Duty{Rhythm: Never}
	return i.desk.create(i.tx, i.path[0].Agency, i.path, draft)
}

// draft is a new section's: of the kind of the one it stands below, and below 法定主动公开
// 内容 itself of the last item of art. 20, until somebody says which.
func (i *importer) draft(name string) Draft {
	top := i.path[0]
	d := Draft{Name: name, Kind: top.Kind, Item20: top.Item20, Item21: top.Item21, Department: top.Department,
		Owner: top.Owner, OwnerName: top.OwnerName}
	if top.Kind.Prescribed() {
		d.Kind, d.Item20 = Statutory, "other"
	}
	return d
}

// row writes the section of a row.
func (i *importer) row(p Planned, group *Section) (err error) {
	s := i.section(p.Row, group)
	if s == nil {
		draft := i.draft(p.Second)
		draft.Duty = p.Duty
		if s, err = i.desk.create(i.tx, group.Agency, append([]*Section{group}, i.path...), draft); err != nil {
			return err
		}
	}
	s.Duty, s.CatalogueID, s.Catalogue = p.Duty, p.id(), i.merge(s.Catalogue, p.Entry)
	if s.Description == "" {
		s.Description = p.Content
	}
	if err := i.desk.recount(i.tx, s); err != nil {
		return err
	}
	return s.save(i.tx, i.desk.Policy)
}

// Export returns the catalogue of the sections below one, for printing in a layout.
func (d *Desk) Export(ctx context.Context, by actor.Actor, agencyID, parent string, layout Layout) (c Catalogue, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		path, err := pathIn(tx, agencyID, parent)
		if err != nil {
			return err
		}
		if err := by.May(actor.SectionView, actor.In(agencyID, keysOf(path)...)); err != nil {
			return err
		}
		all, err := All(tx, agencyID)
		if err != nil {
			return err
		}
		tree := NewTree(slices.DeleteFunc(all, func(s *Section) bool { return s.Retired }))
		c = Catalogue{Layout: layout, Rows: rowsBelow(tree, parent)}
		if len(path) > 0 {
			c.Title = path[0].Name
		}
		return nil
	})
	return c, err
}

// rowsBelow lists what came from a catalogue, in the order of the tree.
func rowsBelow(tree *Tree, parent string) (rows []Row) {
	for _, first := range tree.Under(parent) {
		if first.CatalogueID != "" {
			rows = append(rows, Row{First: first.Name, Entry: first.Catalogue})
		}
		for _, second := range tree.Under(first.ID) {
			if second.CatalogueID != "" {
				rows = append(rows, Row{First: first.Name, Second: second.Name, Entry: second.Catalogue})
			}
		}
	}
	return rows
}
