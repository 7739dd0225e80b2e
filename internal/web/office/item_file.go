package office

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/blob"
	"gongkai/internal/disclosure"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

func fileViews(base string, e *disclosure.Edition) (out []fileView) {
	for _, a := range e.Attachments {
		out = append(out, fileView{
			ID: a.ID, Name: a.Name, Href: base + "/files/" + a.ID, To: base + "/files/" + a.ID, Size: sizeOf(a.Size), Media: a.Media,
			Alt: a.Alt, Transcript: a.Transcript, Inline: a.Inline, Picture: strings.HasPrefix(a.Media, "image/"),
			Recording: strings.HasPrefix(a.Media, "video/") || strings.HasPrefix(a.Media, "audio/"),
		})
	}
	return out
}

// sizeOf words a number of bytes.
func sizeOf(n int64) string {
	if n < 1<<20 {
		return strconv.FormatInt((n+1023)>>10, 10) + " KB"
	}
	return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
}

// attached is the answer to the editor's upload.
type attached struct {
	ID   string `json:"id"`
	URL  string `json:"url"`
	Name string `json:"name"`
}

// attachFile takes a file in: from the editor, which is answered with the file's key, or from
// the page's own form.
func (o *Office) attachFile(w http.ResponseWriter, r *http.Request) error {
	fromScript := strings.Contains(r.Header.Get("Accept"), "application/json")
	a, err := o.attachOne(r, fromScript)
	switch id := r.PathValue("id"); {
	case err == nil && fromScript:
		return writeJSON(w, http.StatusOK, attached{a.ID, o.path(r, "/office/editions/%s/files/%s", id, a.ID), a.Name})
	case err == nil:
		return o.done(w, r, i18n.M("item.attached"), "/office/editions/%s/edit#files", id)
	case fromScript:
		return o.tellScript(w, r, err)
	}
	return err
}

// attachOne receives one file and attaches it.
func (o *Office) attachOne(r *http.Request, inline bool) (a disclosure.Attachment, err error) {
	f := web.ReadForm(r)
	if err := f.Err(); err != nil {
		return a, err
	}
	if err := o.mayEdit(r, r.PathValue("id")); err != nil {
		return a, err
	}
	file, err := o.uploaded(r, "file")
	if err != nil {
		return a, err
	}
	if file == nil {
		return a, web.ErrRequired.At("file")
	}
	a = disclosure.Attachment{Name: file.name, Alt: f.AtMost("alt", 300), Inline: inline && file.blob.Picture()}
	e, err := o.Items.Attach(r.Context(), o.Actor(r), r.PathValue("id"), a, file.blob)
	if err != nil {
		return a, err
	}
	return e.Attachments[len(e.Attachments)-1], nil
}

// mayEdit refuses who may not change a draft, before the store takes anything in from them.
func (o *Office) mayEdit(r *http.Request, edition string) error {
	file, err := o.Items.Look(r.Context(), o.Actor(r), edition)
	if err != nil {
		return err
	}
	path := make([]string, len(file.Path))
	for n, s := range file.Path {
		path[n] = s.ID
	}
	return o.Actor(r).May(actor.ItemEdit, actor.In(file.Item.Agency, path...))
}

// showFile sends an attachment to who may see the edition. Only pictures are shown in the
// page; everything else is saved.
func (o *Office) showFile(w http.ResponseWriter, r *http.Request) error {
	file, err := o.Items.Look(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	for _, a := range file.Edition.Attachments {
		if a.ID == r.PathValue("file") {
			return o.sendFile(w, r, a)
		}
	}
	return disclosure.ErrFile
}

func (o *Office) sendFile(w http.ResponseWriter, r *http.Request, a disclosure.Attachment) error {
	b, f, err := o.Items.Blobs.Open(r.Context(), a.Digest)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, h := range b.Headers(a.Name, showable(b)) {
		w.Header().Set(h.Name, h.Value)
	}
	http.ServeContent(w, r, "", b.Kept, io.ReadSeeker(f))
	return nil
}

func showable(b *blob.Blob) bool { return b.Picture() }

// changeFile changes what is said of an attachment, or takes it off.
func (o *Office) changeFile(w http.ResponseWriter, r *http.Request) error {
	f, id, file := web.ReadForm(r), r.PathValue("id"), r.PathValue("file")
	said := disclosure.Attachment{ID: file, Name: f.AtMost("name", 120), Alt: f.AtMost("alt", 300), Transcript: f.AtMost("transcript", 50000), Inline: f.Bool("inline")}
	err := f.Err()
	switch {
	case err != nil:
	case f.Text("do") == "detach":
		_, err = o.Items.Detach(r.Context(), o.Actor(r), id, file)
	default:
		_, err = o.Items.Describe(r.Context(), o.Actor(r), id, said)
	}
	if err != nil {
		return err
	}
	return o.done(w, r, i18n.M("office.saved"), "/office/editions/%s/edit#files", id)
}
