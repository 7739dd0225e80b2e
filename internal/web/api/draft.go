package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"gongkai/internal/account/token"
	"gongkai/internal/actor"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// The faults of posting.
var (
	ErrOften = &fault.Error{Kind: fault.Conflict, Code: "api.often"}
	ErrJSON  = &fault.Error{Kind: fault.Invalid, Code: "api.json"}
	ErrDay   = &fault.Error{Kind: fault.Invalid, Code: "api.day"}
	ErrForm  = &fault.Error{Kind: fault.Invalid, Code: "api.form"}
	ErrLarge = &fault.Error{Kind: fault.TooLarge, Code: "api.large"}
)

// The bounds of a post.
const (
	mostText  = 4 << 20  // bytes of the JSON
	mostFile  = 64 << 20 // bytes of a file
	mostPosts = 60       // posts of a token for drafts in a minute
	mostCalls = 600      // calls of another token in a minute
)

// mostOf is what a token may ask in a minute.
var mostOf = map[token.Scope]int{token.Drafts: mostPosts, token.Requests: mostCalls, token.Intake: mostCalls}

// Draft is what a post says: the content of an item, as the office's form has it.
type Draft struct {
	Body    string            `json:"body,omitempty"`
	Section string            `json:"section,omitempty"`
	Kind    disclosure.Kind   `json:"kind,omitempty"`
	Origin  disclosure.Origin `json:"origin,omitempty"`
	Version int64             `json:"version,omitempty"` // of a draft that is being replaced

	Title      string          `json:"title"`
	Subtitle   string          `json:"subtitle,omitempty"`
	Summary    string          `json:"summary,omitempty"`
	Text       string          `json:"text"` // HTML; what the one narrow shape has no place for is left out
	Theme      string          `json:"theme,omitempty"`
	Genre      string          `json:"genre,omitempty"`
	DocNo      string          `json:"doc_no,omitempty"`
	Issuer     string          `json:"issuer,omitempty"`
	IssuedOn   day             `json:"issued_on,omitzero"`
	FormedOn   day             `json:"formed_on,omitzero"`
	Source     string          `json:"source,omitempty"`
	SourceURL  string          `json:"source_url,omitempty"`
	Author     string          `json:"author,omitempty"`
	Keywords   []string        `json:"keywords,omitempty"`
	Attribute  class.Attribute `json:"attribute,omitempty"`
	Basis      []string        `json:"basis,omitempty"`
	Reason     string          `json:"reason,omitempty"`
	Validity   class.Validity  `json:"validity,omitempty"`
	Effective  day             `json:"effective_on,omitzero"`
	Expires    day             `json:"expires_on,omitzero"`
	Display    day             `json:"display_until,omitzero"`
	Joint      []string        `json:"joint_bodies,omitempty"`
	Interprets []string        `json:"interprets,omitempty"`
	Department string          `json:"department,omitempty"`
	Channels   []string        `json:"channels,omitempty"`
	Audience   string          `json:"audience,omitempty"`
	Note       string          `json:"correction_note,omitempty"`
}

// day is a civil day as JSON has it, 2026-11-23.
type day struct{ date.Date }

// UnmarshalJSON reads a day; what is none is a fault of the caller's.
func (d *day) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	if text == "" {
		d.Date = date.Date{}
		return nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return ErrDay.With("value", text)
	}
	d.Date = date.Of(t)
	return nil
}

func (d *Draft) content() disclosure.Content {
	return disclosure.Content{Title: d.Title, Subtitle: d.Subtitle, Summary: d.Summary, Body: d.Text, Theme: d.Theme, Genre: d.Genre, DocNo: d.DocNo,
		Issuer: d.Issuer, IssuedOn: d.IssuedOn.Date, FormedOn: d.FormedOn.Date, Source: d.Source, SourceURL: d.SourceURL, Author: d.Author,
		Keywords: d.Keywords, Attribute: d.Attribute, Basis: d.Basis, Reason: d.Reason, Validity: d.Validity, EffectiveOn: d.Effective.Date,
		ExpiresOn: d.Expires.Date, DisplayUntil: d.Display.Date, JointBodies: d.Joint, Interprets: d.Interprets, Department: d.Department,
		Channels: d.Channels, Audience: d.Audience, Note: d.Note}
}

// Status is how a posted draft stands.
type Status struct {
	ID      string           `json:"id"` // of the edition
	Item    string           `json:"item"`
	IndexNo string           `json:"index_no,omitempty"`
	State   disclosure.State `json:"state"`
	Name    string           `json:"state_name"`
	Version int64            `json:"version"`
	Title   string           `json:"title"`
	Files   []File           `json:"files,omitempty"`
	DueOn   string           `json:"due_on,omitempty"`
	// Findings are what keeps it from being submitted, Remarks what reviewers said when they
	// sent it back.
	Findings []string `json:"findings,omitempty"`
	Remarks  []string `json:"remarks,omitempty"`
	URL      string   `json:"url,omitempty"` // once the public can read it
}

// caller returns whose token a post bears, if it is for this, and counts it.
func (a *api) caller(w http.ResponseWriter, r *http.Request, s token.Scope) (*token.Token, actor.Actor, error) {
	w.Header().Set("Cache-Control", "no-store")
	secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		w.Header().Set("WWW-Authenticate", `Bearer realm="gongkai"`)
		return nil, actor.Actor{}, token.ErrUnknown
	}
	remote := r.RemoteAddr
	if host, _, err := net.SplitHostPort(remote); err == nil {
		remote = host
	}
	t, who, err := a.Tokens.Open(r.Context(), strings.TrimSpace(secret), remote)
	if err != nil {
		w.Header().Set("WWW-Authenticate", `Bearer realm="gongkai", error="invalid_token"`)
		return nil, actor.Actor{}, err
	}
	if !a.posts.take(t.ID, mostOf[s]) {
		w.Header().Set("Retry-After", "60")
		return nil, actor.Actor{}, ErrOften.With("most", mostOf[s])
	}
	if t.Scope != s {
		return nil, actor.Actor{}, token.ErrOther
	}
	return t, who, nil
}

// meter counts the posts of each token within a minute.
type meter struct {
	now func() time.Time

	mu     sync.Mutex
	minute int64
	counts map[string]int
}

func (m *meter) take(key string, most int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if minute := m.now().Unix() / 60; minute != m.minute || m.counts == nil {
		m.minute, m.counts = minute, map[string]int{}
	}
	m.counts[key]++
	return m.counts[key] <= most
}

// posted is a post as it was received: its files lie in the store, kept by no act yet.
type posted struct {
	Draft
	files []received
	sum   [32]byte
}

type received struct {
	name string
	*blob.Blob
}

// receive reads a post: JSON alone, or a form with the part "draft" and files.
func (a *api) receive(w http.ResponseWriter, r *http.Request) (*posted, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" && kind != "multipart/form-data" {
		return nil, ErrForm
	}
	p := &posted{}
	r.Body = http.MaxBytesReader(w, r.Body, mostText+disclosure.MaxFiles*mostFile)
	if kind == "application/json" {
		err = p.read(r.Body)
	} else {
		err = a.parts(r.Context(), p, multipart.NewReader(r.Body, params["boundary"]))
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, ErrLarge.With("most", mostText>>20)
	}
	return p, err
}

// parts reads a form. Files stream into the store; their digests count for what the post says.
func (a *api) parts(ctx context.Context, p *posted, form *multipart.Reader) error {
	sum := sha256.New()
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			sum.Write(p.sum[:])
			p.sum = [32]byte(sum.Sum(nil))
			if p.Title == "" && len(p.files) == 0 {
				return ErrForm
			}
			return nil
		}
		if err != nil {
			return ErrForm.Because(err)
		}
		switch {
		case part.FormName() == "draft":
			err = p.read(part)
		case part.FileName() != "":
			if len(p.files) >= disclosure.MaxFiles {
				return disclosure.ErrFiles
			}
			var b *blob.Blob
			if b, err = a.Blobs.Receive(ctx, part, mostFile); err == nil {
				p.files = append(p.files, received{part.FileName(), b})
				sum.Write([]byte(part.FileName() + "\x00" + b.Digest + "\x00"))
			}
		}
		if err != nil {
			return err
		}
	}
}

// read reads the JSON of a post. A field nobody knows is a mistake, not to be passed over in silence.
func (p *posted) read(r io.Reader) error {
	b, err := io.ReadAll(io.LimitReader(r, mostText+1))
	if err != nil {
		return err
	}
	if len(b) > mostText {
		return ErrLarge.With("most", mostText>>20)
	}
	if bytes.Contains(b, []byte(`\u0000`)) { // no database takes it
		return ErrJSON.With("why", `\u0000`)
	}
	p.sum = sha256.Sum256(b)
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err = d.Decode(&p.Draft)
	var known *fault.Error
	if err != nil && !errors.As(err, &known) {
		return ErrJSON.With("why", err.Error())
	}
	return err
}

// createDraft opens an item as the token's person would in the office. The same post under the
// same key makes nothing again.
func (a *api) createDraft(w http.ResponseWriter, r *http.Request) error {
	t, who, err := a.caller(w, r, token.Drafts)
	if err != nil {
		return err
	}
	p, err := a.receive(w, r)
	if err != nil {
		return err
	}
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		return token.ErrKey.With("most", 100)
	}
	old, err := a.Tokens.Claim(r.Context(), t, key, p.sum)
	if err != nil {
		return err
	}
	if old != "" {
		w.Header().Set("Idempotency-Replayed", "true")
		return a.status(w, r, who, old, http.StatusOK)
	}
	made, err := a.create(r.Context(), t, who, p)
	if settled := a.Tokens.Settle(context.WithoutCancel(r.Context()), t, key, made); err == nil {
		err = settled
	}
	if err != nil {
		return err
	}
	w.Header().Set("Location", a.Base+Root+"/drafts/"+made)
	return a.status(w, r, who, made, http.StatusCreated)
}

// create runs the office's own acts. A draft whose files could not be taken is closed again.
func (a *api) create(ctx context.Context, t *token.Token, who actor.Actor, p *posted) (string, error) {
	n := disclosure.New{Agency: p.Body, Section: p.Section, Kind: p.Kind, Origin: p.Origin, Content: p.content()}
	if n.Agency == "" {
		n.Agency = t.Agency
	}
	if n.Section == "" {
		n.Section = t.Section
	}
	if n.Kind == "" {
		n.Kind = disclosure.Information
	}
	if n.Origin == "" {
		n.Origin = disclosure.Made
	}
	e, err := a.Items.Create(ctx, who, n)
	if err != nil {
		return "", err
	}
	if failed := a.attach(ctx, who, e.ID, p.files); failed != nil {
		now, err := a.Items.Look(ctx, who, e.ID)
		if err == nil {
			_, err = a.Items.Discard(ctx, who, e.ID, now.Edition.Version, i18n.To(i18n.Chinese).T("api.discarded"))
		}
		return "", errors.Join(failed, err)
	}
	return e.ID, nil
}

func (a *api) attach(ctx context.Context, who actor.Actor, edition string, files []received) error {
	for _, f := range files {
		if _, err := a.Items.Attach(ctx, who, edition, disclosure.Attachment{Name: f.name}, f.Blob); err != nil {
			return err
		}
	}
	return nil
}

// changeDraft writes a new text, and adds files. The version is the one the caller saw.
func (a *api) changeDraft(w http.ResponseWriter, r *http.Request) error {
	_, who, err := a.caller(w, r, token.Drafts)
	if err != nil {
		return err
	}
	p, err := a.receive(w, r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if p.Title != "" {
		if _, err := a.Items.Save(r.Context(), who, id, p.Version, p.content()); err != nil {
			return err
		}
	}
	if err := a.attach(r.Context(), who, id, p.files); err != nil {
		return err
	}
	return a.status(w, r, who, id, http.StatusOK)
}

// submitDraft asks for the reviews, with the same checks before them as in the office.
func (a *api) submitDraft(w http.ResponseWriter, r *http.Request) error {
	t, who, err := a.caller(w, r, token.Drafts)
	if err != nil {
		return err
	}
	if !t.Submit {
		return token.ErrSubmit
	}
	f, err := a.Items.Look(r.Context(), who, r.PathValue("id"))
	if err != nil {
		return err
	}
	if _, err := a.Items.Submit(r.Context(), who, f.Edition.ID, f.Edition.Version); err != nil {
		return err
	}
	return a.status(w, r, who, f.Edition.ID, http.StatusOK)
}

func (a *api) showDraft(w http.ResponseWriter, r *http.Request) error {
	_, who, err := a.caller(w, r, token.Drafts)
	if err != nil {
		return err
	}
	return a.status(w, r, who, r.PathValue("id"), http.StatusOK)
}

// status tells how a draft stands, to who may look at it in the office.
func (a *api) status(w http.ResponseWriter, r *http.Request, who actor.Actor, edition string, code int) error {
	f, err := a.Items.Look(r.Context(), who, edition)
	if err != nil {
		return err
	}
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	e, p := f.Edition, i18n.To(language(r))
	out := Status{ID: e.ID, Item: e.Item, IndexNo: f.Item.IndexNo, State: e.State, Name: p.Text(e.State.Message()), Version: e.Version, Title: e.Title, DueOn: civil(e.DueOn)}
	for _, file := range e.Attachments {
		out.Files = append(out.Files, File{ID: file.ID, Name: file.Name, Type: file.Media, Size: file.Size, SM3: file.Digest})
	}
	for _, one := range f.Blocking {
		out.Findings = append(out.Findings, p.Text(i18n.Message(one.Message)))
	}
	if e.Returned {
		out.Remarks = remarks(f)
	}
	if f.Item.Public() {
		out.URL = v.page(f.Item.Agency, "/items/"+f.Item.ID+".html")
	}
	b, err := json.Marshal(out)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Language", string(p.Lang()))
	w.WriteHeader(code)
	_, _ = w.Write(append(b, '\n')) // the caller may leave at any time
	return nil
}

// remarks are the last words of those who sent an edition back.
func remarks(f *disclosure.File) (all []string) {
	for _, o := range f.Opinions {
		if o.Edition != f.Edition.ID || o.Decision != disclosure.Returning {
			continue
		}
		all = nil // of the last return alone
		if o.Text != "" {
			all = append(all, o.Text)
		}
		for _, one := range o.Remarks {
			all = append(all, one.Text)
		}
	}
	return all
}
