package section

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/fault"
	"gongkai/internal/statute"
	"gongkai/internal/workday"
)

// The faults of sections.
var (
	ErrStale       = &fault.Error{Kind: fault.Conflict, Code: "section.stale"}
	ErrName        = &fault.Error{Kind: fault.Conflict, Code: "section.name.taken", Field: "name"}
	ErrNoName      = &fault.Error{Kind: fault.Invalid, Code: "section.name.empty", Field: "name"}
	ErrLongName    = &fault.Error{Kind: fault.Invalid, Code: "section.name.long", Field: "name"}
	ErrSlug        = &fault.Error{Kind: fault.Conflict, Code: "section.slug.taken", Field: "slug"}
	ErrSlugShape   = &fault.Error{Kind: fault.Invalid, Code: "section.slug.shape", Field: "slug"}
	ErrKind        = &fault.Error{Kind: fault.Invalid, Code: "section.kind.unknown", Field: "kind"}
	ErrItem20      = &fault.Error{Kind: fault.Invalid, Code: "section.item20", Field: "item20", Cite: statute.OGI2019.Art(20)}
	ErrItem21      = &fault.Error{Kind: fault.Invalid, Code: "section.item21", Field: "item21", Cite: statute.OGI2019.Art(21)}
	ErrPrescribed  = &fault.Error{Kind: fault.Invalid, Code: "section.prescribed", Field: "name", Cite: Platform.Whole("")}
	ErrParent      = &fault.Error{Kind: fault.Invalid, Code: "section.parent", Field: "parent"}
	ErrCycle       = &fault.Error{Kind: fault.Conflict, Code: "section.cycle", Field: "parent"}
	ErrDeep        = &fault.Error{Kind: fault.Invalid, Code: "section.deep", Field: "parent"}
	ErrRetired     = &fault.Error{Kind: fault.Conflict, Code: "section.retired.already"}
	ErrNoReason    = &fault.Error{Kind: fault.Invalid, Code: "section.reason", Field: "reason"}
	ErrSuccessor   = &fault.Error{Kind: fault.Invalid, Code: "section.successor", Field: "successor"}
	ErrBelow       = &fault.Error{Kind: fault.Conflict, Code: "section.below"}
	ErrNoEvents    = &fault.Error{Kind: fault.Invalid, Code: "section.event.none"}
	ErrEventDay    = &fault.Error{Kind: fault.Invalid, Code: "section.event.day", Field: "on"}
	ErrEventWhat   = &fault.Error{Kind: fault.Invalid, Code: "section.event.what", Field: "what"}
	ErrEventClosed = &fault.Error{Kind: fault.Conflict, Code: "section.event.closed"}
)

// Desk is where sections are kept.
type Desk struct {
	DB       *db.DB
	Calendar func() *workday.Calendar
	Policy   Policy
	Mail     Mailer // sends reminders; nil where no mail is set up
}

// Draft is what a person says of a section.
type Draft struct {
	Name, Slug  string
	Kind        Kind
	Item20      string
	Item21      string
	Duty        Duty
	Department  string
	Owner       string
	OwnerName   string
	Description string
	Keywords    string
}

// longest is the most characters of a name: longer ones fit no column of a page.
const longest = 60

var slugShape = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// tidy brings a draft into the form it is kept in.
func (d *Draft) tidy() {
	d.Name = strings.Join(strings.Fields(d.Name), " ")
	d.Slug = strings.ToLower(strings.TrimSpace(d.Slug))
	if d.Kind != Statutory {
		d.Item20 = ""
	}
	if d.Kind != Extra {
		d.Item21 = ""
	}
	if d.Owner == "" {
		d.OwnerName = ""
	}
}

// check returns the first thing wrong with a draft.
func (d *Draft) check() error {
	switch {
	case d.Name == "":
		return ErrNoName
	case utf8.RuneCountInString(d.Name) > longest:
		return ErrLongName.With("most", longest)
	case d.Slug != "" && !slugShape.MatchString(d.Slug):
		return ErrSlugShape
	case kindNames[d.Kind] == "":
		return ErrKind
	case d.Kind == Extra && !knownSubject(d.Item21):
		return ErrItem21
	}
	if _, known := class.ItemOf(d.Item20); d.Kind == Statutory && !known {
		return ErrItem20
	}
	return d.Duty.check()
}

// apply puts the draft's values into s.
func (d *Draft) apply(s *Section) {
	s.Name, s.Kind, s.Item20, s.Item21, s.Duty = d.Name, d.Kind, d.Item20, d.Item21, d.Duty
	s.Department, s.Owner, s.OwnerName = d.Department, d.Owner, d.OwnerName
	s.Description, s.Keywords = d.Description, d.Keywords
	if d.Slug != "" {
		s.Slug = d.Slug
	}
}

// Draft returns what is recorded of s, to be changed.
func (s *Section) Draft() Draft {
	return Draft{
		Name: s.Name, Slug: s.Slug, Kind: s.Kind, Item20: s.Item20, Item21: s.Item21, Duty: s.Duty,
		Department: s.Department, Owner: s.Owner, OwnerName: s.OwnerName, Description: s.Description, Keywords: s.Keywords,
	}
}

// lockTree makes other acts on a body's tree wait: rings, depths and names are seen only in
// the whole of it.
func lockTree(tx *db.Tx, agencyID string) error { return tx.Lock("section.tree/" + agencyID) }

// Create makes a section of a body, below parent, or at the top if that is "".
func (d *Desk) Create(ctx context.Context, by actor.Actor, agencyID, parent string, draft Draft) (s *Section, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		path, err := pathIn(tx, agencyID, parent)
		if err != nil {
			return err
		}
		if err := by.May(actor.SectionCreate, actor.In(agencyID, keysOf(path)...)); err != nil {
			return err
		}
		if err := lockTree(tx, agencyID); err != nil {
			return err
		}
		if path, err = pathIn(tx, agencyID, parent); err != nil {
			return err
		}
		if draft.Kind.Prescribed() {
			return ErrPrescribed
		}
		if s, err = d.create(tx, agencyID, path, draft); err != nil {
			return err
		}
		return log(tx, by, actor.SectionCreate, s, "", draft)
	})
	return s, err
}

// create writes a new section below the first of path.
func (d *Desk) create(tx *db.Tx, agencyID string, path []*Section, draft Draft) (*Section, error) {
	draft.tidy()
	if err := draft.check(); err != nil {
		return nil, err
	}
	if len(path) >= mostDeep {
		return nil, ErrDeep.With("most", mostDeep)
	}
	s := &Section{ID: db.ID(), Agency: agencyID}
	if len(path) > 0 {
		if path[0].Retired {
			return nil, ErrParent
		}
		s.Parent = path[0].ID
	}
	draft.apply(s)
	last, err := lastKey(tx, agencyID, s.Parent)
	if err != nil {
		return nil, err
	}
	s.SortKey = last + sortStep
	if s.Slug == "" {
		if s.Slug, err = freeSlug(tx, agencyID); err != nil {
			return nil, err
		}
	}
	return s, s.insert(tx, d.Policy)
}

// sortStep leaves room between siblings, so that moving one changes no other row.
const sortStep = 1 << 16

// freeSlug makes an address for a section nobody named one for: c and a number.
func freeSlug(tx *db.Tx, agencyID string) (string, error) {
	n, err := countOf(tx, agencyID)
	if err != nil {
		return "", err
	}
	for {
		n++
		slug := "c" + strconv.Itoa(n)
		taken, err := slugTaken(tx, agencyID, slug, "")
		if err != nil || !taken {
			return slug, err
		}
	}
}

// pathIn returns a section of that body and those above it, nothing for "".
func pathIn(tx *db.Tx, agencyID, id string) ([]*Section, error) {
	if id == "" {
		return nil, nil
	}
	path, err := Above(tx, id)
	if err != nil {
		return nil, err
	}
	if path[0].Agency != agencyID {
		return nil, ErrParent
	}
	return path, nil
}

func keysOf(path []*Section) []string {
	keys := make([]string, len(path))
	for i, s := range path {
		keys[i] = s.ID
	}
	return keys
}

// open loads a section for an act, and refuses who may not do it.
func open(tx *db.Tx, by actor.Actor, act actor.Act, id string) (*Section, error) {
	keys, s, err := Path(tx, id)
	if err != nil {
		return nil, err
	}
	return s, by.May(act, actor.In(s.Agency, keys...))
}

// openVersion is open for an act on what a person saw: a version changed since is refused.
func openVersion(tx *db.Tx, by actor.Actor, act actor.Act, id string, version int64) (*Section, error) {
	s, err := open(tx, by, act, id)
	if err != nil {
		return nil, err
	}
	if err := lockTree(tx, s.Agency); err != nil {
		return nil, err
	}
	if s, err = Load(tx, id); err != nil {
		return nil, err
	}
	switch {
	case s.Version != version:
		return nil, ErrStale
	case s.Retired:
		return nil, ErrRetired
	}
	return s, nil
}

// Change changes what is recorded of a section. The prescribed columns keep name, address
// and kind (R-PLT-04).
func (d *Desk) Change(ctx context.Context, by actor.Actor, id string, version int64, draft Draft) (s *Section, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if s, err = openVersion(tx, by, actor.SectionChange, id, version); err != nil {
			return err
		}
		draft.tidy()
		if err := draft.check(); err != nil {
			return err
		}
		fixed := s.Kind.Prescribed() && (draft.Name != s.Name || draft.Slug != "" && draft.Slug != s.Slug)
		if fixed || s.Kind != draft.Kind && (s.Kind.Prescribed() || draft.Kind.Prescribed()) {
			return ErrPrescribed
		}
		draft.apply(s)
		if err := d.recount(tx, s); err != nil {
			return err
		}
		if err := s.save(tx, d.Policy); err != nil {
			return err
		}
		return log(tx, by, actor.SectionChange, s, "", draft)
	})
	return s, err
}

// recount sets the deadlines of a section's open events anew by the duty it has now.
func (d *Desk) recount(tx *db.Tx, s *Section) error {
	open, err := openEvents(tx, s.ID)
	if err != nil {
		return err
	}
	duty := d.Policy.Of(s)
	for _, h := range open {
		before := *h
		h.count(duty, d.Calendar())
		if h.Due == before.Due && h.DueSure == before.DueSure {
			continue
		}
		if err := h.save(tx); err != nil {
			return err
		}
	}
	return nil
}

// Recount counts the open events of all bodies anew, after a year's holidays were announced.
func (d *Desk) Recount(tx *db.Tx) error {
	ids, err := unsure(tx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		s, err := Load(tx, id)
		if err != nil {
			return err
		}
		if err := d.recount(tx, s); err != nil {
			return err
		}
		f, err := lockFresh(tx, id)
		if err != nil {
			return err
		}
		if err := f.resettle(tx); err != nil {
			return err
		}
	}
	return nil
}

// Place is where a section is moved to.
type Place struct {
	Parent string // "" for the top
	Before string // the sibling it shall stand before; "" for the end
}

// Move puts a section elsewhere in the tree of its body, with all that is below it.
func (d *Desk) Move(ctx context.Context, by actor.Actor, id string, version int64, to Place) (s *Section, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if s, err = openVersion(tx, by, actor.SectionMove, id, version); err != nil {
			return err
		}
		path, err := pathIn(tx, s.Agency, to.Parent)
		if err != nil {
			return err
		}
		if err := by.May(actor.SectionMove, actor.In(s.Agency, keysOf(path)...)); err != nil {
			return err
		}
		if err := checkMove(tx, s, path); err != nil {
			return err
		}
		s.Parent = to.Parent
		if s.SortKey, err = keyBefore(tx, s, to.Before); err != nil {
			return err
		}
		if err := s.save(tx, d.Policy); err != nil {
			return err
		}
		return log(tx, by, actor.SectionMove, s, "", to)
	})
	return s, err
}

// checkMove refuses a place below the section itself, one too deep, and another level for
// the prescribed columns.
func checkMove(tx *db.Tx, s *Section, path []*Section) error {
	for _, above := range path {
		if above.ID == s.ID {
			return ErrCycle
		}
	}
	if len(path) > 0 && path[0].Retired {
		return ErrParent
	}
	if s.Kind.Prescribed() && len(path) > 0 {
		return ErrPrescribed.At("parent")
	}
	deep, err := depth(tx, s.ID)
	if err != nil {
		return err
	}
	if len(path)+deep > mostDeep {
		return ErrDeep.With("most", mostDeep)
	}
	return nil
}

// keyBefore returns the sort key that puts s before a sibling, or at the end. Where two
// siblings stand too close, all of them are numbered anew.
func keyBefore(tx *db.Tx, s *Section, before string) (int64, error) {
	siblings, err := children(tx, s.Agency, s.Parent)
	if err != nil {
		return 0, err
	}
	low, key := int64(0), int64(sortStep)
	for _, b := range siblings {
		if b.ID == s.ID {
			continue
		}
		if b.ID == before {
			if b.SortKey-low < 2 {
				break
			}
			return low + (b.SortKey-low)/2, nil
		}
		low = b.SortKey
		key = low + sortStep
	}
	if before == "" {
		return key, nil
	}
	return renumber(tx, siblings, s.ID, before)
}

// renumber spreads siblings out and returns the key of id, which shall stand before another.
func renumber(tx *db.Tx, siblings []*Section, id, before string) (key int64, err error) {
	n := int64(0)
	for _, b := range siblings {
		if b.ID == id {
			continue
		}
		if b.ID == before {
			n += sortStep
			key = n
		}
		n += sortStep
		if err := setSortKey(tx, b.ID, n); err != nil {
			return 0, err
		}
	}
	if key == 0 {
		return 0, ErrParent.At("before")
	}
	return key, nil
}

// Retirement is how a section ends.
type Retirement struct {
	Reason    string
	Successor string // section of the same body its readers are led to; "" for none
}

// Retire takes a section out of use. What was published in it stays there to be read; new
// items are not taken. Sections below it must be retired or moved first.
func (d *Desk) Retire(ctx context.Context, by actor.Actor, id string, version int64, r Retirement) (s *Section, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if s, err = openVersion(tx, by, actor.SectionRetire, id, version); err != nil {
			return err
		}
		if err := checkRetire(tx, s, r); err != nil {
			return err
		}
		s.Retired, s.RetiredOn, s.RetiredReason, s.Successor = true, tx.Today(), strings.TrimSpace(r.Reason), r.Successor
		if err := s.save(tx, d.Policy); err != nil {
			return err
		}
		return log(tx, by, actor.SectionRetire, s, s.RetiredReason, r)
	})
	return s, err
}

func checkRetire(tx *db.Tx, s *Section, r Retirement) error {
	switch {
	case s.Kind.Prescribed():
		return ErrPrescribed.At("")
	case strings.TrimSpace(r.Reason) == "":
		return ErrNoReason
	}
	all, err := below(tx, s.ID)
	if err != nil {
		return err
	}
	for _, b := range all {
		if b.ID != s.ID && !b.Retired {
			return ErrBelow.With("name", b.Name)
		}
	}
	if r.Successor == "" {
		return nil
	}
	next, err := Load(tx, r.Successor)
	if err != nil || next.Retired || next.Agency != s.Agency || next.ID == s.ID {
		return ErrSuccessor
	}
	return nil
}

// Review records that somebody looked through a section whose content stays for good.
func (d *Desk) Review(ctx context.Context, by actor.Actor, id string) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		s, err := open(tx, by, actor.SectionReview, id)
		if err != nil {
			return err
		}
		if s.Retired {
			return ErrRetired
		}
		f, err := lockFresh(tx, id)
		if err != nil {
			return err
		}
		f.Reviewed = tx.Today()
		if err := f.resettle(tx); err != nil {
			return err
		}
		return log(tx, by, actor.SectionReview, s, "", nil)
	})
}

// Record notes that something happened which must be published in a section.
func (d *Desk) Record(ctx context.Context, by actor.Actor, id string, on date.Date, what string) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		s, err := open(tx, by, actor.SectionEvent, id)
		if err != nil {
			return err
		}
		what = strings.TrimSpace(what)
		switch {
		case s.Retired:
			return ErrRetired
		case d.Policy.Of(s).Rhythm != Event:
			return ErrNoEvents
		case on.IsZero() || on.After(tx.Today()):
			return ErrEventDay
		case what == "":
			return ErrEventWhat
		}
		if err := Happened(tx, d.Calendar(), Happening{Section: id, On: on, What: what, By: by.Name}); err != nil {
			return err
		}
		return log(tx, by, actor.SectionEvent, s, "", map[string]string{"on": on.String(), "what": what})
	})
}

// Close ends an open event that needs no publication, with the reason.
func (d *Desk) Close(ctx context.Context, by actor.Actor, eventID, reason string) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		h, err := loadEvent(tx, eventID)
		if err != nil {
			return err
		}
		s, err := open(tx, by, actor.SectionEvent, h.Section)
		if err != nil {
			return err
		}
		f, err := lockFresh(tx, h.Section)
		if err != nil {
			return err
		}
		reason = strings.TrimSpace(reason)
		switch {
		case h.Done:
			return ErrEventClosed
		case reason == "":
			return ErrNoReason
		}
		if err := h.close(tx, tx.Today()); err != nil {
			return err
		}
		if err := f.resettle(tx); err != nil {
			return err
		}
		return log(tx, by, actor.SectionEvent, s, reason, map[string]string{"closed": h.What})
	})
}

// log writes the entry of an act on s.
func log(tx *db.Tx, by actor.Actor, act actor.Act, s *Section, reason string, detail any) error {
	g, _ := by.By(act, actor.In(s.Agency, s.ID))
	return audit.Append(tx, by, audit.Entry{
		Act: act, Agency: s.Agency, Subject: "section", ID: s.ID, Version: s.Version, Title: s.Name,
		Cite: CiteOf(s.Kind), Reason: reason, Behalf: g.Behalf, Detail: detail,
	})
}
