package legacy

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/url"
	"path"
	"strings"

	xhtml "golang.org/x/net/html"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/disclosure"
	"gongkai/internal/i18n"
	"gongkai/internal/richtext"
)

// File is a picture or an attachment an article refers to.
type File struct {
	ID     string // by which the article's text refers to it
	Ref    string // as the page wrote it
	Name   string
	Alt    string
	Inline bool
	Open   Opener // nil where it cannot be had
	blob   *blob.Blob
}

// Opener opens a file where the page is.
type Opener func(ctx context.Context) (io.ReadCloser, error)

// fileLimit bounds one attachment.
const fileLimit = 200 << 20

// endings are those of files that are attachments and not pages.
var endings = map[string]bool{
	".doc": true, ".docx": true, ".wps": true, ".xls": true, ".xlsx": true, ".et": true, ".ppt": true, ".pptx": true,
	".pdf": true, ".ofd": true, ".zip": true, ".rar": true, ".7z": true, ".txt": true, ".csv": true, ".jpg": true,
	".jpeg": true, ".png": true, ".gif": true, ".mp4": true, ".mp3": true,
}

// collect finds the files an article refers to, and makes its text refer to them by keys.
func collect(main *xhtml.Node, open func(ref string) Opener) (files []File) {
	byRef := map[string]string{}
	refer := func(n *xhtml.Node, key, name, alt string, inline bool) {
		ref := strings.TrimSpace(attr(n, key))
		id, known := byRef[ref]
		if !known {
			id = fmt.Sprintf("f%d", len(files)+1)
			byRef[ref] = id
			files = append(files, File{ID: id, Ref: ref, Name: name, Alt: alt, Inline: inline, Open: open(ref)})
		}
		set(n, key, richtext.Attachment+id)
	}
	each(main, func(n *xhtml.Node) bool {
		switch n.Data {
		case "img":
			if src := attr(n, "src"); src != "" && !strings.HasPrefix(src, "data:") {
				refer(n, "src", fileName(src, ""), attr(n, "alt"), true)
			}
		case "a":
			if href := attr(n, "href"); endings[ending(href)] {
				refer(n, "href", fileName(href, text(n)), "", false)
			}
		}
		return true
	})
	return files
}

func ending(ref string) string {
	u, err := url.Parse(strings.TrimSpace(ref))
	if err != nil {
		return ""
	}
	return strings.ToLower(path.Ext(u.Path))
}

// fileName is what a file is called for its readers: the words of the link with the file's
// ending, or the last part of its address.
func fileName(ref, words string) string {
	u, err := url.Parse(strings.TrimSpace(ref))
	if err != nil {
		return "file"
	}
	base := path.Base(u.Path)
	words = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return -1
		}
		return r
	}, strings.TrimSpace(words))
	if words == "" || len([]rune(words)) > 100 {
		return base
	}
	if end := path.Ext(base); !strings.EqualFold(path.Ext(words), end) {
		words += end
	}
	return words
}

func set(n *xhtml.Node, key, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr[i].Val = value
		}
	}
}

// fetch stores the files of those rows of a batch that are new. What cannot be had is
// noted, and the text goes back to where it was.
func (w *writer) fetch(ctx context.Context, batch []*prepared) error {
	if w.o.DryRun || w.Blobs == nil {
		return nil
	}
	var known map[string]string
	err := w.DB.View(ctx, func(tx *db.Tx) (err error) {
		known, err = w.known(tx, batch)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range batch {
		if p.row.Err != nil || len(p.files) == 0 || anyKnown(known, p.marks) {
			continue
		}
		if _, refused := w.section(p.section); refused != nil {
			continue
		}
		for i := range p.files {
			if err := w.store(ctx, p, &p.files[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func anyKnown(known map[string]string, marks []string) bool {
	for _, m := range marks {
		if _, ok := known[m]; ok {
			return true
		}
	}
	return false
}

// store stores one file. Only what the machine itself refuses is an error.
func (w *writer) store(ctx context.Context, p *prepared, f *File) error {
	if f.Open == nil {
		p.without(f)
		return nil
	}
	r, err := f.Open(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p.without(f)
		return nil
	}
	defer r.Close()
	from := &origin{r: r}
	f.blob, err = w.Blobs.Receive(ctx, from, fileLimit)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case from.err != nil, errors.Is(err, blob.ErrTooLarge), errors.Is(err, blob.ErrEmpty):
		f.blob = nil
		p.without(f)
		return nil
	case err != nil:
		return err
	}
	p.kept = append(p.kept, disclosure.Attachment{
		ID: f.ID, Name: f.Name, Media: f.blob.Media, Size: f.blob.Size, Digest: f.blob.Digest, Alt: f.Alt, Inline: f.Inline,
	})
	return nil
}

// origin remembers that it was the place a file came from that failed, and not the disk it
// went to.
type origin struct {
	r   io.Reader
	err error
}

// Read reads, and remembers what went wrong.
func (o *origin) Read(p []byte) (int, error) {
	n, err := o.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		o.err = err
	}
	return n, err
}

// without notes that a file could not be had, and lets the text refer to where it was.
func (p *prepared) without(f *File) {
	p.notes = append(p.notes, i18n.M("legacy.note.file", "file", clip(f.Ref)))
	old := ""
	if u, err := url.Parse(p.row.Record.URL); err == nil && u.IsAbs() {
		if full, err := u.Parse(f.Ref); err == nil {
			old = full.String()
		}
	}
	body := p.ready.Body()
	body = strings.ReplaceAll(body, `href="`+richtext.Attachment+f.ID+`"`, `href="`+html.EscapeString(old)+`"`)
	body = strings.ReplaceAll(body, `src="`+richtext.Attachment+f.ID+`"`, `src=""`)
	p.in.Content.Body = body
	p.ready, _ = p.in.Ready()
}

// blobs are the files of a row that were stored.
func (p *prepared) blobs() (all []*blob.Blob) {
	for _, f := range p.files {
		if f.blob != nil {
			all = append(all, f.blob)
		}
	}
	return all
}
