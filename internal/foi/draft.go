package foi

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// DraftDays is how long a draft is kept. PurgeJob forgets those that are older.
const (
	DraftDays = 30
	PurgeJob  = "foi.draft.purge"
)

// sentKept is how long a sent draft still leads to its request: who presses the button twice, or
// lost the answer on the way, is shown the query code all the same.
const sentKept = 24 * time.Hour

// Faults of drafts.
var (
	ErrNoDraft = &fault.Error{Kind: fault.NotFound, Code: "foi.draft.none", Field: "code"}
	ErrHurry   = &fault.Error{Kind: fault.TooLarge, Code: "foi.draft.many"}
)

// Most drafts, and files of drafts, from one address in an hour.
const (
	mostDrafts  = 60
	mostUploads = 100
)

// Draft is a request, or an answer of an applicant's, that somebody is still writing. All of it is
// sealed where it is kept; its code opens it.
type Draft struct {
	ID, Code        string
	BeganAt, EndsAt time.Time
	Draftable
	Files []*DraftFile

	mark, sealed string
	version      int64
}

// Draftable is what a draft holds besides files.
type Draftable struct {
	Agency      string      `json:"agency"`
	Application Application `json:"application"`
	// Identified says that an account vouches for who it is.
	Identified bool   `json:"identified,omitempty"`
	Text       string `json:"text,omitempty"` // of an answer
	// Asked is the question that keeps robots out, as the page put it; Done are the steps that were
	// gone through.
	Asked []int    `json:"asked,omitempty"`
	Done  []string `json:"done,omitempty"`
	// Sent is the query code of the request it became.
	Sent string `json:"sent,omitempty"`
}

// DraftFile is a file of a draft.
type DraftFile struct {
	ID   string
	Kind FileKind
	Name string
	Size int64

	draft, sealedName string
}

// Has reports whether a file of a kind is among the draft's.
func (f *Draft) Has(k FileKind) bool {
	return slices.ContainsFunc(f.Files, func(one *DraftFile) bool { return one.Kind == k })
}

// Check returns every fault of the request as it stands.
func (f *Draft) Check() []*fault.Error {
	faults := f.Application.Check(f.Identified || f.Has(IdentityFile))
	if f.Application.Agent.Name != "" && !f.Has(Authority) {
		faults = append(faults, ErrAgent)
	}
	return faults
}

// BeginDraft begins a request to a body. address is where it comes from, against floods; "" checks
// none.
func (d *Desk) BeginDraft(ctx context.Context, address string, with Draftable) (f *Draft, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if _, err := body(tx, with.Agency); err != nil {
			return err
		}
		if err := d.often(tx, "foi:begin", address, mostDrafts, ErrHurry); err != nil {
			return err
		}
		f, err = d.newDraft(tx, newCode(), with)
		return err
	})
	return f, err
}

func (d *Desk) newDraft(tx *db.Tx, code string, with Draftable) (*Draft, error) {
	f := &Draft{ID: db.ID(), Code: code, BeganAt: tx.Now, EndsAt: tx.Now.AddDate(0, 0, DraftDays), Draftable: with, mark: d.draftMark(code)}
	if err := d.sealDraft(f); err != nil {
		return nil, err
	}
	return f, tx.Insert("foi_draft", f.columns())
}

// often refuses what comes too often from one address.
func (d *Desk) often(tx *db.Tx, what, address string, most int, refusal *fault.Error) error {
	if address == "" {
		return nil
	}
	key := d.Keys.Lookup(what, address)
	n, err := triesSince(tx, key, tx.Now.Add(-hour))
	if err != nil {
		return err
	}
	if n >= most {
		return refusal
	}
	return addTry(tx, key)
}

func (d *Desk) draftMark(code string) string {
	return d.Keys.Lookup("foi:draft", strings.ToUpper(plain(code)))
}

func (d *Desk) sealDraft(f *Draft) (err error) {
	text, err := json.Marshal(f.Draftable)
	if err != nil {
		return fmt.Errorf("write a draft: %w", err)
	}
	f.sealed, err = d.Keys.Seal("foi.draft "+f.ID, text)
	return err
}

// Draft returns the draft a code opens.
func (d *Desk) Draft(ctx context.Context, code string) (f *Draft, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		f, err = d.draft(tx, code)
		return err
	})
	return f, err
}

func (d *Desk) draft(tx *db.Tx, code string) (*Draft, error) {
	f, err := loadDraft(tx, d.draftMark(code))
	if err != nil {
		return nil, err
	}
	f.Code = code
	text, err := d.Keys.Open("foi.draft "+f.ID, f.sealed)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &f.Draftable); err != nil {
		return nil, fmt.Errorf("read draft %s: %w", f.ID, err)
	}
	return f, d.listDraft(tx, f)
}

func (d *Desk) listDraft(tx *db.Tx, f *Draft) (err error) {
	if f.Files, err = draftFiles(tx, f.ID); err != nil {
		return err
	}
	for _, one := range f.Files {
		name, err := d.Keys.Open("foi.draft.name "+one.ID, one.sealedName)
		if err != nil {
			return err
		}
		one.Name = string(name)
	}
	return nil
}

// DraftChange is what somebody did to a draft: what is written, files brought and taken away.
type DraftChange struct {
	Write func(f *Draftable)
	Add   []Upload
	Drop  []string
	// Address is where it comes from, against floods.
	Address string
}

// ChangeDraft keeps what somebody wrote and brought, whatever may be wrong with it. Files that
// cannot be taken are named in faults; the others are kept.
func (d *Desk) ChangeDraft(ctx context.Context, code string, c DraftChange) (f *Draft, faults []*fault.Error, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		f, faults, err = d.changeDraft(tx, code, c)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return f, faults, nil
}

func (d *Desk) changeDraft(tx *db.Tx, code string, c DraftChange) (f *Draft, faults []*fault.Error, err error) {
	if err := holdDraft(tx, d.draftMark(code)); err != nil {
		return nil, nil, err
	}
	if f, err = d.draft(tx, code); err != nil || f.Sent != "" {
		return f, nil, err
	}
	if c.Write != nil {
		c.Write(&f.Draftable)
		f.shorten()
		if err := d.sealDraft(f); err != nil {
			return nil, nil, err
		}
		if err := f.save(tx); err != nil {
			return nil, nil, err
		}
	}
	for _, id := range c.Drop {
		if err := dropDraftFile(tx, f.ID, id); err != nil {
			return nil, nil, err
		}
		f.Files = slices.DeleteFunc(f.Files, func(one *DraftFile) bool { return one.ID == id })
	}
	for _, u := range c.Add {
		err := d.addDraftFile(tx, f, u, c.Address)
		if e, ok := err.(*fault.Error); ok {
			faults = append(faults, e.At(string(u.Kind)))
		} else if err != nil {
			return nil, nil, err
		}
	}
	return f, faults, nil
}

// mostKept is how many characters of one text a draft keeps, so that what somebody wrote too long can
// be shortened, and drafts fill no disk.
const mostKept = 4 * mostSought

// shorten cuts what no field takes.
func (f *Draftable) shorten() {
	for _, s := range append(f.Application.written(), &f.Text) {
		if all := []rune(*s); len(all) > mostKept {
			*s = string(all[:mostKept])
		}
	}
}

func (d *Desk) addDraftFile(tx *db.Tx, f *Draft, u Upload, address string) error {
	u.Name = fileName(u.Name)
	if err := u.check(); err != nil {
		return err
	}
	total := int64(len(u.Data))
	for _, one := range f.Files {
		total += one.Size
	}
	if len(f.Files) >= maxAttached || total > maxFilesSize {
		return ErrFiles.With("most", maxAttached)
	}
	if err := d.often(tx, "foi:upload", address, mostUploads, ErrHurry); err != nil {
		return err
	}
	one := &DraftFile{ID: db.ID(), Kind: u.Kind, Name: u.Name, Size: int64(len(u.Data)), draft: f.ID}
	content, err := d.Keys.Seal("foi.draft.file "+one.ID, u.Data)
	if err != nil {
		return err
	}
	if one.sealedName, err = d.Keys.Seal("foi.draft.name "+one.ID, []byte(u.Name)); err != nil {
		return err
	}
	f.Files = append(f.Files, one)
	return one.insert(tx, content)
}

// uploads opens the files of a draft, to be handed in.
func (d *Desk) uploads(ctx context.Context, f *Draft) (all []Upload, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		all = nil
		for _, one := range f.Files {
			sealed, err := draftContent(tx, one.ID)
			if err != nil {
				return err
			}
			data, err := d.Keys.Open("foi.draft.file "+one.ID, sealed)
			if err != nil {
				return err
			}
			all = append(all, Upload{Kind: one.Kind, Name: one.Name, Data: data})
		}
		return nil
	})
	return all, err
}

// SubmitDraft sends a request, once: who sends it again is given the same query code.
func (d *Desk) SubmitDraft(ctx context.Context, code, address string) (query string, err error) {
	f, err := d.Draft(ctx, code)
	if err != nil || f.Sent != "" {
		return sentOf(f), err
	}
	if faults := f.Check(); len(faults) > 0 {
		return "", faults[0]
	}
	all, err := d.uploads(ctx, f)
	if err != nil {
		return "", err
	}
	files, err := d.receive(ctx, all)
	if err != nil {
		return "", err
	}
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		query, err = d.submitDraft(tx, f, files, address)
		return err
	})
	return query, err
}

func sentOf(f *Draft) string {
	if f == nil {
		return ""
	}
	return f.Sent
}

func (d *Desk) submitDraft(tx *db.Tx, f *Draft, files []received, address string) (string, error) {
	if err := holdDraft(tx, f.mark); err != nil {
		return "", err
	}
	now, err := d.draft(tx, f.Code)
	if err != nil || now.Sent != "" {
		return sentOf(now), err
	}
	if now.version != f.version || len(now.Files) != len(f.Files) {
		return "", ErrStale
	}
	w, err := d.submission(tx, actor.System("applicant"), Submission{
		Agency: f.Agency, Channel: Web, Application: f.Application, Identified: f.Identified || f.Has(IdentityFile), Mark: address,
	})
	if err != nil {
		return "", err
	}
	for _, one := range files {
		if err := w.attach(one, "applicant", true); err != nil {
			return "", err
		}
	}
	if err := d.sent(tx, f, w.c.Code); err != nil {
		return "", err
	}
	return w.c.Code, w.created("submit")
}

// sent leaves of a draft nothing but what it became.
func (d *Desk) sent(tx *db.Tx, f *Draft, query string) error {
	f.Draftable, f.EndsAt = Draftable{Agency: f.Agency, Sent: query}, tx.Now.Add(sentKept)
	if err := d.sealDraft(f); err != nil {
		return err
	}
	if err := dropDraftFiles(tx, f.ID); err != nil {
		return err
	}
	return f.save(tx)
}

// DropDraft forgets a draft at once.
func (d *Desk) DropDraft(ctx context.Context, code string) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		f, err := loadDraft(tx, d.draftMark(code))
		if err != nil {
			return err
		}
		return dropDraft(tx, f.ID)
	})
}

// Purge forgets drafts whose time is over.
func (d *Desk) Purge(ctx context.Context) error {
	for {
		var ids []string
		err := d.DB.Update(ctx, func(tx *db.Tx) (err error) {
			if ids, err = endedDrafts(tx, tx.Now, batch); err != nil {
				return err
			}
			for _, id := range ids {
				if err := dropDraft(tx, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(ids) < batch {
			return err
		}
	}
}

// Answer is a draft of an applicant's answer to a request, which the query code opens with its
// name; it is begun where there is none.
func (d *Desk) Answer(ctx context.Context, query string, name Act, c DraftChange) (f *Draft, faults []*fault.Error, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		r, err := d.coded(tx, query)
		if err != nil {
			return err
		}
		key := answerKey(query, name)
		if _, err := loadDraft(tx, d.draftMark(key)); err == ErrNoDraft {
			if _, err := d.newDraft(tx, key, Draftable{Agency: r.Agency}); err != nil {
				return err
			}
		} else if err != nil {
			return err
		}
		f, faults, err = d.changeDraft(tx, key, c)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return f, faults, nil
}

func answerKey(query string, name Act) string { return plain(query) + " " + string(name) }

// Answered hands in the answer a draft holds, and forgets the draft.
func (d *Desk) Answered(ctx context.Context, query string, name Act) (err error) {
	f, err := d.Draft(ctx, answerKey(query, name))
	if err != nil {
		return err
	}
	files, err := d.uploads(ctx, f)
	if err != nil {
		return err
	}
	switch name {
	case Correct:
		_, err = d.OwnCorrection(ctx, query, f.Text, files)
	case GiveReasons:
		_, err = d.OwnReasons(ctx, query, f.Text)
	case Pay:
		_, err = d.OwnPayment(ctx, query, f.Text, files)
	default:
		err = ErrNone
	}
	if err != nil {
		return err
	}
	return d.DropDraft(ctx, f.Code)
}
