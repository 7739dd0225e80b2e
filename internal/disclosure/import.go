package disclosure

import (
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/index"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/job"
	"gongkai/internal/richtext"
	"gongkai/internal/workday"
)

// Import is a piece of information taken over from another system, which published it.
type Import struct {
	Agency      string
	Section     string
	Kind        Kind
	Origin      Origin
	IndexNo     string // as it was, "" for none
	Address     string // where it stood
	Content     Content
	Attachments []Attachment
	PublishedAt time.Time // as the other system states it
}

// Ready is an import whose text is safe to store. Only Import.Ready makes one.
type Ready struct{ in Import }

// Ready sanitises the text, which is most of the work of an import and needs no transaction,
// and says what of it was left out.
func (in Import) Ready() (Ready, []richtext.Note) {
	var notes []richtext.Note
	in.Content.Body, notes = richtext.Sanitise(in.Content.Body)
	in.Content.tidyRest()
	return Ready{in}, notes
}

// Body returns the sanitised text.
func (r Ready) Body() string { return r.in.Content.Body }

// In returns the import with another section and more attachments.
func (r Ready) In(section string, files ...Attachment) Ready {
	r.in.Section = section
	r.in.Attachments = append(r.in.Attachments[:len(r.in.Attachments):len(r.in.Attachments)], files...)
	return r
}

// Importer writes many items in one transaction, which the act that imports opens, records and
// bounds. It asks for no permission; that act does.
type Importer struct {
	tx       *db.Tx
	calendar *workday.Calendar
	by       actor.Actor
	template map[string]index.Template
	sections map[string]*section.Section
	newest   map[string]section.Publication
}

// NewImporter begins an import in tx.
func NewImporter(tx *db.Tx, cal *workday.Calendar, by actor.Actor) *Importer {
	return &Importer{tx: tx, calendar: cal, by: by, template: map[string]index.Template{},
		sections: map[string]*section.Section{}, newest: map[string]section.Publication{}}
}

// Add writes one item as published, with the one edition that is known of it. What was
// published elsewhere keeps its time and its number; the reviews were held there, and none are
// invented here.
func (m *Importer) Add(r Ready) (*Item, error) {
	in := r.in
	s, err := m.section(in.Section)
	if err != nil {
		return nil, err
	}
	if s.Agency != in.Agency {
		return nil, ErrSection
	}
	now, by := m.tx.Now, m.by
	i := &Item{
		ID: db.ID(), Agency: in.Agency, Section: in.Section, Kind: in.Kind, Origin: in.Origin, IndexNo: in.IndexNo,
		Address: in.Address, Status: Live, FirstAt: in.PublishedAt, ShownAt: in.PublishedAt, CreatedAt: now, CreatedBy: by.ID,
	}
	e := &Edition{
		ID: db.ID(), Item: i.ID, Agency: i.Agency, Section: i.Section, Kind: i.Kind, No: 1, Head: true, State: Published,
		Content: in.Content, Attachments: in.Attachments, PublishedAt: in.PublishedAt, StepAt: now,
		CreatedAt: now, CreatedBy: by.ID, Creator: by.Name, UpdatedAt: now, UpdatedBy: by.ID, Updater: by.Name,
		Editors: []string{by.ID},
	}
	i.Head, i.Shown = e.ID, e.ID
	e.reckon(m.calendar, s)
	if err := m.adopt(i); err != nil {
		return nil, err
	}
	return i, m.insert(i, e)
}

func (m *Importer) insert(i *Item, e *Edition) error {
	if err := i.insert(m.tx); err != nil {
		return err
	}
	if err := e.insert(m.tx); err != nil {
		return err
	}
	p := &placement{Home: true, ShownAt: i.ShownAt, Placement: Placement{
		ID: db.ID(), Item: i.ID, Section: i.Section, Agency: i.Agency, State: Placed,
		AskedAt: m.tx.Now, AskedBy: m.by.ID, DoneAt: m.tx.Now, DoneBy: m.by.ID, Version: 1,
	}}
	if last := m.newest[i.Section]; i.ShownAt.After(last.At) {
		m.newest[i.Section] = section.Publication{Item: i.ID, At: i.ShownAt}
	}
	return m.tx.Insert("item_place", p.columns())
}

func (m *Importer) section(id string) (*section.Section, error) {
	if s, known := m.sections[id]; known {
		return s, nil
	}
	s, err := section.Load(m.tx, id)
	if err == nil {
		m.sections[id] = s
	}
	return s, err
}

// adopt takes the item's number over, so that it is never given again.
func (m *Importer) adopt(i *Item) error {
	if i.IndexNo == "" {
		return nil
	}
	t, known := m.template[i.Agency]
	if !known {
		set, err := index.Load(m.tx, i.Agency)
		if err != nil {
			return err
		}
		t = set.Template()
		m.template[i.Agency] = t
	}
	return index.Adopt(m.tx, i.Agency, t, i.IndexNo)
}

// Close tells the sections' watches what is newest in them now, and has their pages cut anew.
func (m *Importer) Close() error {
	for id, p := range m.newest {
		if err := section.Filled(m.tx, id, p); err != nil {
			return err
		}
		if err := job.Enqueue(m.tx, PagesJob, sectionArgs{id}, job.Unique(id)); err != nil {
			return err
		}
	}
	return nil
}
