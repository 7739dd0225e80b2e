package office

import (
	"cmp"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/blob"
	"gongkai/internal/disclosure"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
)

// newItemForm asks for what a draft begins with.
func (o *Office) newItemForm(r *http.Request) (*FormPage, error) {
	p := &FormPage{Page: o.page(r, printer(r).T("item.new")), Lead: printer(r).T("item.new_lead")}
	p.Crumb(p.T("item.title"), o.path(r, "/office/items"))
	homes, err := o.Items.Homes(r.Context(), o.Actor(r), actor.ItemCreate, o.Body(r))
	if err != nil {
		return nil, err
	}
	sections := []Choice{{Text: p.T("office.choose")}}
	for _, h := range homes {
		sections = append(sections, Choice{Value: h.ID, Text: h.Title})
	}
	p.Form = NewForm(p.Page, "", Group{Fields: []Field{
		{Name: "title", Label: p.T("item.field.title"), Most: 200, Focus: true, Lang: "zh-CN", Help: HelpOn(p.Printer, "item.help.title", statute.OGI2019.Art(12))},
		{Name: "section", Label: p.T("item.column.section"), Kind: SelectField, Choices: sections, Required: true, Value: r.URL.Query().Get("section"), Hint: p.T("item.hint.section")},
		{Name: "kind", Label: p.T("item.column.kind"), Kind: RadioField, Value: string(disclosure.Information), Choices: kindChoices(p.Printer)},
		{Name: "origin", Label: p.T("item.field.origin"), Kind: RadioField, Value: string(disclosure.Made), Choices: choices(p.Printer, "", disclosure.Origins, disclosure.Origin.Message), Help: HelpOn(p.Printer, "item.help.origin", statute.OGI2019.Art(10))},
		{Name: "file", Label: p.T("item.field.file"), Kind: FileField, Accept: ".docx,.odt,.wps,.doc,.pdf,.ofd,.txt,.html,.htm", Hint: p.T("item.hint.file")},
	}})
	p.Form.Buttons = []Button{{Text: p.T("item.begin"), Tone: "primary"}}
	p.Form.Back = p.back(o.path(r, "/office/items"))
	return p, nil
}

func kindChoices(p i18n.Printer) []Choice {
	all := choices(p, "", disclosure.Kinds, disclosure.Kind.Message)
	for i, k := range disclosure.Kinds {
		all[i].Note = p.T(itemKindNotes[string(k)])
	}
	return all
}

func (o *Office) newItem(w http.ResponseWriter, r *http.Request) error {
	p, err := o.newItemForm(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "form", p)
}

// createItem opens a draft, empty or with the text of a file, and leads to its editing.
func (o *Office) createItem(w http.ResponseWriter, r *http.Request) error {
	f := web.ReadForm(r)
	n := disclosure.New{
		Agency: o.Body(r), Section: f.Need("section"), Kind: disclosure.Kind(f.Text("kind")), Origin: disclosure.Origin(f.Text("origin")),
		Content: disclosure.Content{Title: f.AtMost("title", 200), Author: o.Actor(r).Name},
	}
	err := f.Err()
	if !o.Actor(r).Somewhere(actor.ItemCreate) {
		return actor.ErrForbidden
	}
	var word *wordText
	if err == nil {
		word, err = o.readWord(r, "file")
	}
	var e *disclosure.Edition
	if err == nil {
		e, err = o.begin(r, n, word)
	}
	if err == nil {
		o.tellNotes(w, r, word)
		return o.goTo(w, r, "/office/editions/%s/edit", e.ID)
	}
	p, broken := o.newItemForm(r)
	if broken != nil {
		return broken
	}
	return o.answer(w, r, p, err)
}

// tellNotes says what of a file did not come along.
func (o *Office) tellNotes(w http.ResponseWriter, r *http.Request, word *wordText) {
	if word == nil || len(word.notes) == 0 {
		return
	}
	var notes []string
	for _, n := range word.notes {
		notes = append(notes, printer(r).Text(n))
	}
	o.flash(w, r, Warn, i18n.M("item.word_notes", "notes", printer(r).List(notes)))
}

// begin creates the item. A file gives it its text, and a title where none was typed; pictures
// within are attached.
func (o *Office) begin(r *http.Request, n disclosure.New, word *wordText) (*disclosure.Edition, error) {
	if word == nil {
		return o.Items.Create(r.Context(), o.Actor(r), n)
	}
	n.Content.Body = word.html
	n.Content.Title = cmp.Or(n.Content.Title, word.title)
	e, err := o.Items.Create(r.Context(), o.Actor(r), n)
	for _, image := range word.images {
		if err != nil {
			break
		}
		e, err = o.Items.Attach(r.Context(), o.Actor(r), e.ID, image.Attachment, image.blob)
	}
	return e, err
}

// upload is a file that the store received.
type upload struct {
	name string
	blob *blob.Blob
}

// uploaded receives the file of a form field, nil when none was chosen.
func (o *Office) uploaded(r *http.Request, field string) (*upload, error) {
	src, head, err := r.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer src.Close()
	return o.receive(r.Context(), src, head)
}

func (o *Office) receive(ctx context.Context, src io.Reader, head *multipart.FileHeader) (*upload, error) {
	b, err := o.Items.Blobs.Receive(ctx, src, fileLimit)
	if err != nil {
		return nil, err
	}
	return &upload{fileName(head.Filename), b}, nil
}

// fileName is the last part of a name that a browser sent, whatever system it comes from.
func fileName(s string) string {
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`/:*?"<>|`, r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(s, "_"))
	if runes := []rune(s); len(runes) > 120 {
		s = string(runes[len(runes)-120:])
	}
	if strings.Trim(s, ". ") == "" {
		return "_"
	}
	return s
}
