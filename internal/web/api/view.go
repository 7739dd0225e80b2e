package api

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"gongkai/internal/agency"
	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/disclosure/normative"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/i18n"
	"gongkai/internal/site"
	"gongkai/internal/web"
)

// Named is a thing with its key and its name.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Coded is a class with its code and its name.
type Coded struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// File is an attachment.
type File struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Type       string `json:"type"`
	Size       int64  `json:"size"`
	SM3        string `json:"sm3"`
	URL        string `json:"url"`
	Alt        string `json:"alt,omitempty"`
	Transcript string `json:"transcript,omitempty"`
}

// Item is the public shape of a record: what all outlets for other systems say of it, no more
// and no less. Of what was taken down it says that alone.
type Item struct {
	ID        string              `json:"id"`
	Body      Named               `json:"body"`
	Section   Named               `json:"section"`
	Status    disclosure.Status   `json:"status"`
	Deleted   bool                `json:"deleted,omitempty"`
	EndedAt   string              `json:"ended_at,omitempty"`
	ChangedAt string              `json:"changed_at"`
	URL       string              `json:"url"`
	Kind      disclosure.Kind     `json:"kind,omitempty"`
	Origin    disclosure.Origin   `json:"origin,omitempty"`
	IndexNo   string              `json:"index_no,omitempty"`
	Title     string              `json:"title,omitempty"`
	Subtitle  string              `json:"subtitle,omitempty"`
	Summary   string              `json:"summary,omitempty"`
	Theme     *Coded              `json:"theme,omitempty"`
	Genre     *Coded              `json:"genre,omitempty"`
	DocNo     string              `json:"doc_no,omitempty"`
	Issuer    string              `json:"issuer,omitempty"`
	Joint     []string            `json:"joint_bodies,omitempty"`
	IssuedOn  string              `json:"issued_on,omitempty"`
	FormedOn  string              `json:"formed_on,omitempty"`
	FirstAt   string              `json:"first_published_at,omitempty"`
	At        string              `json:"published_at,omitempty"`
	Edition   int64               `json:"edition,omitempty"`
	Note      string              `json:"correction_note,omitempty"`
	Validity  *Coded              `json:"validity,omitempty"`
	Effective string              `json:"effective_on,omitempty"`
	Expires   string              `json:"expires_on,omitempty"`
	Display   string              `json:"display_until,omitempty"`
	Source    string              `json:"source,omitempty"`
	SourceURL string              `json:"source_url,omitempty"`
	Keywords  []string            `json:"keywords,omitempty"`
	Files     []File              `json:"files,omitempty"`
	record    *disclosure.Record  // what it was made of
	standing  *normative.Standing // nil where no register knows it
}

// view is what an answer is made with: where sites stand, what sections are called, in which
// language.
type view struct {
	*api
	sites    *site.Map
	sections map[string]*section.Section
	gone     map[string]string // names of bodies that ended
	lang     i18n.Lang
}

func (a *api) view(ctx context.Context, l i18n.Lang) (*view, error) {
	sites, err := a.Sites.Map(ctx)
	if err != nil {
		return nil, err
	}
	sections, err := a.names.load(ctx, a.DB, sites.Tree)
	if err != nil {
		return nil, err
	}
	return &view{api: a, sites: sites, sections: sections, gone: map[string]string{}, lang: l}, nil
}

func (a *api) viewOf(r *http.Request) (*view, error) { return a.view(r.Context(), language(r)) }

// origin is scheme and host of the main site: "" where the installation was not told it.
func (v *view) origin() string { return v.sites.Main.Origin }

// at is an address of the interface itself.
func (v *view) at(path string) string { return v.origin() + v.Base + path }

// page is an address in the site of a body.
func (v *view) page(agency, rest string) string {
	s := v.sites.Of(agency)
	return s.Origin + v.Base + web.Prefix(v.lang, v.Lang) + s.Base + rest
}

// file is the address of an attachment.
func (v *view) file(item, agency string, f disclosure.Attachment) string {
	s := v.sites.Of(agency)
	return s.Origin + v.Base + s.Base + "/files/" + item + "/" + f.ID + "/" + url.PathEscape(f.Name)
}

// body names a body, also one that ended.
func (v *view) body(id string) Named {
	if a := v.sites.Tree.Get(id); a != nil {
		return Named{id, a.Name}
	}
	return Named{id, v.gone[id]}
}

func (v *view) section(id string) Named {
	if s := v.sections[id]; s != nil {
		return Named{id, s.Name}
	}
	return Named{ID: id}
}

// items makes the public shape of records.
func (v *view) items(ctx context.Context, all []*disclosure.Record) ([]*Item, error) {
	var ids, ended []string
	for _, r := range all {
		ids = append(ids, r.Item)
		if v.sites.Tree.Get(r.Agency) == nil && v.gone[r.Agency] == "" {
			ended = append(ended, r.Agency)
		}
	}
	standings, err := v.Normative.Standings(ctx, ids)
	if err != nil {
		return nil, err
	}
	if len(ended) > 0 {
		err := v.DB.View(ctx, func(tx *db.Tx) error {
			names, err := agency.Names(tx, ended)
			for id, name := range names {
				v.gone[id] = name
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	out := make([]*Item, len(all))
	for n, r := range all {
		out[n] = v.item(r, standings[r.Item])
	}
	return out, nil
}

func (v *view) item(r *disclosure.Record, s *normative.Standing) *Item {
	i := &Item{ID: r.Item, Body: v.body(r.Agency), Section: v.section(r.Section), Status: r.Status, Deleted: r.Gone(), EndedAt: instant(r.EndedAt),
		ChangedAt: instant(r.At), URL: v.page(r.Agency, "/items/"+r.Item+".html"), record: r, standing: s}
	if r.Gone() {
		return i
	}
	i.Kind, i.Origin, i.IndexNo, i.Title, i.Subtitle, i.Summary = r.Kind, r.Origin, r.IndexNo, r.Title, r.Subtitle, r.Summary
	if r.Theme != "" {
		i.Theme = &Coded{r.Theme, class.PathName(r.Theme, v.lang)}
	}
	i.Genre = coded(class.Genres(), r.Genre, v.lang)
	i.DocNo, i.Issuer, i.Joint = r.DocNo, r.Issuer, r.JointBodies
	if i.Issuer == "" {
		i.Issuer = i.Body.Name
	}
	i.IssuedOn, i.FormedOn, i.FirstAt, i.At = civil(r.IssuedOn), civil(r.FormedOn), instant(r.FirstAt), instant(r.PublishedAt)
	i.Edition, i.Note = r.EditionNo, r.Note
	i.Validity = coded(class.Validities(), string(r.Validity), v.lang)
	if s != nil {
		i.Validity = &Coded{string(s.State), i18n.To(v.lang).Text(normative.Word(string(s.State)))}
	}
	i.Effective, i.Expires, i.Display = civil(r.EffectiveOn), civil(r.ExpiresOn), civil(r.DisplayUntil)
	i.Source, i.SourceURL, i.Keywords = r.Source, r.SourceURL, r.Keywords
	for _, f := range r.Attachments {
		i.Files = append(i.Files, File{f.ID, f.Name, f.Media, f.Size, f.Digest, v.file(r.Item, r.Agency, f), f.Alt, f.Transcript})
	}
	return i
}

func coded(all []class.Entry, key string, l i18n.Lang) *Coded {
	if e, ok := class.Find(all, key); ok {
		return &Coded{key, e.Name(l)}
	}
	return nil
}

func civil(d date.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// instant is a moment in China's time, as records of other systems there have it.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(date.China).Format(time.RFC3339)
}

// names keeps the sections of all bodies as long as none changes.
type names struct {
	mu   sync.Mutex
	seq  int64
	tree *agency.Tree
	all  map[string]*section.Section
}

func (n *names) load(ctx context.Context, d *db.DB, tree *agency.Tree) (all map[string]*section.Section, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	err = d.View(ctx, func(tx *db.Tx) error {
		seq, err := change.Head(tx)
		if err != nil {
			return err
		}
		if n.all != nil && n.tree == tree && (seq == n.seq || !sectionsChanged(tx, n.seq)) {
			n.seq, all = seq, n.all
			return nil
		}
		all = map[string]*section.Section{}
		for _, a := range tree.All {
			some, err := section.All(tx, a.ID)
			if err != nil {
				return err
			}
			for _, s := range some {
				all[s.ID] = s
			}
		}
		n.seq, n.tree, n.all = seq, tree, all
		return nil
	})
	return all, err
}

// sectionsChanged reports whether a section changed after a line of the log, or may have.
func sectionsChanged(tx *db.Tx, after int64) bool {
	const many = 1000
	all, whole, err := change.Since(tx, after, many)
	if err != nil || !whole || len(all) == many {
		return true
	}
	for _, e := range all {
		if e.Tag == change.Areas("section") || e.Tag == change.All {
			return true
		}
	}
	return false
}
