package foi

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/foi/letter"
)

// FileKind is what a file of a request is.
type FileKind string

// The kinds of files.
const (
	IdentityFile FileKind = "identity"  // 身份证明
	Authority    FileKind = "authority" // 授权委托书
	Scanned      FileKind = "scan"      // the request as it came on paper
	Attachment   FileKind = "attachment"
	Found        FileKind = "found"    // found, as it is
	Redacted     FileKind = "redacted" // found, without what is withheld
	Opinion      FileKind = "opinion"  // of a department, a third party, another organ
	Receipt      FileKind = "receipt"  // of delivery, of payment
	LetterFile   FileKind = "letter"   // a letter as it was signed and sealed
	Dispute      FileKind = "dispute"  // of reconsideration or a suit
)

// FileKinds lists the kinds.
var FileKinds = []FileKind{IdentityFile, Authority, Scanned, Attachment, Found, Redacted, Opinion, Receipt, LetterFile, Dispute}

// File is a file of a request. Name and content are kept sealed.
type File struct {
	ID      string
	Request string
	Kind    FileKind
	Name    string
	Size    int64
	Media   string
	Origin  string // who brought it: applicant, office, link, system
	Shared  bool   // the applicant may have it
	Report  string // of a redaction: what was taken out, where, on which ground
	By      string
	At      time.Time

	sealedName, sealedReport, digest string
}

// Upload is a file as somebody hands it in.
type Upload struct {
	Kind FileKind
	Name string
	Data []byte
	// Report says what a redaction took out.
	Report string
}

// received is an upload whose sealed content stands among the files, kept by no act yet.
type received struct {
	Upload
	blob  *blob.Blob
	media string
	id    string
}

// refused are kinds of files nobody needs to hand in and that may do harm where they are opened.
var refused = []string{".exe", ".bat", ".cmd", ".com", ".scr", ".js", ".vbs", ".ps1", ".msi", ".dll", ".jar", ".lnk", ".hta", ".html", ".htm", ".svg", ".xml"}

// receive checks and seals uploads before the transaction that keeps them.
func (d *Desk) receive(ctx context.Context, all []Upload) (kept []received, err error) {
	if len(all) > maxAttached {
		return nil, ErrFiles.With("most", maxAttached)
	}
	total := 0
	for _, u := range all {
		if total += len(u.Data); total > maxFilesSize {
			return nil, ErrFiles.With("most", maxAttached)
		}
		one, err := d.receiveOne(ctx, u)
		if err != nil {
			return nil, err
		}
		kept = append(kept, one)
	}
	return kept, nil
}

func (d *Desk) receiveOne(ctx context.Context, u Upload) (received, error) {
	u.Name = fileName(u.Name)
	if err := u.check(); err != nil {
		return received{}, err
	}
	id := db.ID()
	sealed, err := d.Keys.Seal("foi.file "+id, u.Data)
	if err != nil {
		return received{}, err
	}
	b, err := d.Blobs.Receive(ctx, strings.NewReader(sealed), int64(len(sealed)))
	if err != nil {
		return received{}, fmt.Errorf("keep a file: %w", err)
	}
	return received{u, b, blob.MediaOf(u.Data), id}, nil
}

// mostFileName is how many characters of a file's name are kept: as many as file systems take of the
// widest.
const mostFileName = 80

// fileName is the name of a file without folders and without what turns the order of its letters, so
// that nobody takes a program for a text. Its ending is kept.
func fileName(s string) string {
	s = path.Base(strings.ReplaceAll(strings.TrimSpace(legible(s)), `\`, "/"))
	ending := []rune(path.Ext(s))
	if all := []rune(s); len(all) > mostFileName && len(ending) < mostFileName {
		s = string(all[:mostFileName-len(ending)]) + string(ending)
	}
	return s
}

// check returns why a file cannot be taken.
func (u Upload) check() error {
	switch {
	case len(u.Data) == 0:
		return ErrFileEmpty.With("name", u.Name)
	case len(u.Data) > MaxFile:
		return ErrFileLarge.With("name", u.Name).With("most", MaxFile>>20)
	case slices.Contains(refused, strings.ToLower(path.Ext(u.Name))) || !contains(FileKinds, u.Kind):
		return ErrFileKind.With("name", u.Name)
	}
	return nil
}

// attach makes a received file part of the act.
func (w *work) attach(f received, origin string, shared bool) error {
	if err := w.d.Blobs.Keep(w.tx, f.blob); err != nil {
		return err
	}
	name, err := w.d.Keys.Seal("foi.file.name "+f.id, []byte(f.Name))
	if err != nil {
		return err
	}
	report, err := w.d.Keys.Seal("foi.file.report "+f.id, []byte(f.Report))
	if err != nil {
		return err
	}
	one := &File{
		ID: f.id, Request: w.r.ID, Kind: f.Kind, Size: int64(len(f.Data)), Media: f.media, Origin: origin, Shared: shared,
		By: w.by.Name, At: w.tx.Now, sealedName: name, sealedReport: report, digest: f.blob.Digest,
	}
	if w.r.Version == 0 {
		w.pending = append(w.pending, one)
		return nil
	}
	return w.tx.Insert("foi_file", one.columns())
}

// files lists the files of a request with their names opened.
func (d *Desk) files(tx *db.Tx, request string) ([]*File, error) {
	all, err := filesOf(tx, request)
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		if err := d.openName(f); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (d *Desk) openName(f *File) error {
	name, err := d.Keys.Open("foi.file.name "+f.ID, f.sealedName)
	if err != nil {
		return err
	}
	report, err := d.Keys.Open("foi.file.report "+f.ID, f.sealedReport)
	if err != nil {
		return err
	}
	f.Name, f.Report = string(name), string(report)
	return nil
}

// AddFile adds a file to a request and returns its key.
func (d *Desk) AddFile(ctx context.Context, by actor.Actor, id string, u Upload) (file string, err error) {
	got, err := d.receive(ctx, []Upload{u})
	if err != nil {
		return "", err
	}
	_, err = d.act(ctx, by, actor.FoiHandle, id, 0, "file", func(w *work) error {
		w.detail["kind"] = string(u.Kind)
		w.step("file", w.today, "", false)
		return w.attach(got[0], "office", false)
	})
	if err != nil {
		return "", err
	}
	return got[0].id, nil
}

// personal are the kinds of files in which an applicant says who he is.
var personal = []FileKind{IdentityFile, Authority, Scanned, Attachment}

// Personal reports whether a file shows who the applicant is: what the applicant handed in, and the
// request as it came on paper. Reviewers decide without it.
func (f *File) Personal() bool {
	return f.Origin == "applicant" || f.Origin == "mail" || slices.Contains(personal, f.Kind)
}

// bare reports whether a paper names the applicant with all the ways to reach him.
func bare(c letter.Code) bool { return c == letter.Application || c == letter.Register }

// revealed checks the permission to see the applicant's data in full.
func revealed(by actor.Actor, r *Request) error { return by.May(actor.FoiReveal, actor.In(r.Agency)) }

// OpenFile returns a file's content to somebody who handles the request. Each time is on record.
func (d *Desk) OpenFile(ctx context.Context, by actor.Actor, id, file string) (f *File, data []byte, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		r, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := allowed(by, actor.FoiView, r); err != nil {
			return err
		}
		if f, err = loadFile(tx, id, file); err != nil {
			return err
		}
		if f.Personal() {
			if err := revealed(by, r); err != nil {
				return err
			}
		}
		if err := d.openName(f); err != nil {
			return err
		}
		return d.read(tx, by, r, "file", map[string]string{"file": f.ID, "kind": string(f.Kind)})
	})
	if err != nil {
		return nil, nil, err
	}
	data, err = d.content(ctx, f)
	return f, data, err
}

// content opens a file.
func (d *Desk) content(ctx context.Context, f *File) ([]byte, error) {
	sealed, err := d.Blobs.ReadAll(ctx, f.digest)
	if err != nil {
		return nil, err
	}
	data, err := d.Keys.Open("foi.file "+f.ID, string(sealed))
	if err != nil {
		return nil, fmt.Errorf("open file %s: %w", f.ID, err)
	}
	return data, nil
}
