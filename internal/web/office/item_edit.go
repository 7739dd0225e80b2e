package office

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"gongkai/internal/disclosure"
	"gongkai/internal/disclosure/class"
	"gongkai/internal/fault"
	"gongkai/internal/gate"
	"gongkai/internal/i18n"
	"gongkai/internal/statute"
	"gongkai/internal/web"
	"gongkai/internal/web/office/editor"
)

// itemEditPage is where a draft is written: the text and what is to be said of it on the left,
// what was found, the files and the next step on the right.
type itemEditPage struct {
	Page
	File      *disclosure.File
	State     Badge
	Left      *Badge // until the last day to publish
	Form      *Form
	Heading   string // the title as typed
	Prose     string
	TheirText markup
	Editor    editorField
	Findings  []findingView
	Blocking  int
	Checked   bool
	Files     []fileView
	Remarks   []remarkView
	FilesTo   string
	FixTo     string
	Show      string
	Theirs    *disclosure.Edition // what another saved meanwhile, on a conflict
}

// editorField is what the editor needs to be told.
type editorField struct {
	Labels, Findings, Remarks                             string
	Upload, Autosave, Compare, Attachment, Save, Reviewed string
}

// findingView is a finding as a panel shows it.
type findingView struct {
	ID, Code, Text, Advice, Cite string
	Tone                         Tone
	Blocks, Passed               bool
	Why                          string // the reason it was let pass
	Places                       []string
	Fix                          string
}

// fileView is an attachment as a page shows it.
type fileView struct {
	ID, Name, Href, Size, Media, To string
	Alt, Transcript                 string
	Inline, Picture, Recording      bool
}

// remarkView is a reviewer's remark as a page shows it.
type remarkView struct {
	Who, When, Quote, Text string
}

// editItem shows a draft's editing.
func (o *Office) editItem(w http.ResponseWriter, r *http.Request) error {
	p, err := o.itemEdit(r)
	if err != nil {
		return err
	}
	if p.File.Edition.State != disclosure.Draft || !hasStep(p.File, disclosure.Save) {
		return o.goTo(w, r, "/office/editions/%s", p.File.Edition.ID)
	}
	return o.show(w, r, "item_edit", p)
}

func hasStep(f *disclosure.File, s disclosure.Step) bool {
	for _, one := range f.Steps {
		if one == s {
			return true
		}
	}
	return false
}

// itemEdit makes the page of a draft as it is stored.
func (o *Office) itemEdit(r *http.Request) (*itemEditPage, error) {
	file, err := o.Items.Look(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	e := file.Edition
	p := &itemEditPage{Page: o.page(r, titleOf(printer(r), e)), File: file, Heading: e.Title, Prose: e.Body, State: itemState(printer(r), e)}
	p.Styles = append(p.Styles, o.assets.Path("editor.css"), o.assets.Path("draft.css"))
	p.Scripts = append(p.Scripts, o.assets.Path("editor.js"), o.assets.Path("draft.js"))
	p.Crumb(p.T("item.title"), o.path(r, "/office/items"))
	if !e.DueOn.IsZero() {
		left := Left(p.Printer, e.DueOn, o.today(), soon)
		p.Left = &left
	}
	base := o.path(r, "/office/editions/%s", e.ID)
	p.Show, p.FilesTo, p.FixTo = base, base+"/files", base+"/fix"
	groups := contentFields(p.Printer, file)
	if file.Item.Kind == disclosure.Interpretation {
		linked, err := o.interpretsGroup(r, p.Printer, e.Interprets)
		if err != nil {
			return nil, err
		}
		groups = append([]Group{linked}, groups...)
	}
	p.Form = NewForm(p.Page, base+"/edit", groups...)
	p.Form.Version = e.Version
	p.Findings, p.Blocking = findingViews(p.Printer, file)
	p.Checked = file.Check != nil
	p.Files = fileViews(base, e)
	p.Remarks = remarkViews(file)
	p.Editor = editorField{
		Labels: editor.Labels(p.Printer), Findings: markFindings(p.Printer, file), Remarks: markRemarks(file), Upload: base + "/files",
		Autosave: base + "/autosave", Compare: base + "/compare", Attachment: base + "/files/{id}",
	}
	return p, nil
}

// contentFields are the metadata of an edition as a form asks for them.
func contentFields(p i18n.Printer, file *disclosure.File) []Group {
	c, i := file.Edition.Content, file.Item
	text := func(name, value string, most int) Field {
		return Field{Name: name, Label: p.T(itemFields[name]), Value: value, Most: most, Lang: "zh-CN"}
	}
	half := func(f Field) Field { f.Half = true; return f }
	ogi := statute.OGI2019
	summary := text("summary", c.Summary, 0)
	summary.Kind, summary.Rows, summary.Help = LongField, 3, HelpOn(p, "item.help.summary", ogi.Art(12))
	summary.Hint = p.T("item.hint.summary", "most", disclosure.MaxSummary)
	formed := Field{Name: "formed_on", Label: p.T("item.field.formed_on"), Kind: DateField, Value: c.FormedOn.String(), Half: true, Help: HelpOn(p, "item.help.formed_on", ogi.Art(26))}
	docNo := half(text("doc_no", c.DocNo, 80))
	docNo.Placeholder = p.T("item.hint.doc_no")
	until := Field{Name: "display_until", Label: p.T("item.field.display_until"), Kind: DateField, Value: c.DisplayUntil.String(), Half: true, Help: HelpOn(p, "item.help.display_until", statute.PersonalInformation2021.Art(19))}
	groups := []Group{
		{Legend: p.T("item.group.catalogue"), Fields: []Field{summary, formed, half(text("author", c.Author, 60)), docNo, half(text("issuer", c.Issuer, 100)),
			{Name: "issued_on", Label: p.T("item.field.issued_on"), Kind: DateField, Value: c.IssuedOn.String(), Half: true}, half(text("subtitle", c.Subtitle, 200)), until}},
		{Legend: p.T("item.group.attribute"), Fields: attributeFields(p, c)},
		{Legend: p.T("item.group.class"), Folded: true, Fields: classFields(p, c)},
		{Legend: p.T("item.group.source"), Folded: i.Origin == disclosure.Made, Fields: []Field{text("source", c.Source, 100), text("source_url", c.SourceURL, 500), text("joint_bodies", strings.Join(c.JointBodies, "、"), 300)}},
		{Legend: p.T("item.group.paper"), Folded: true, Fields: paperFields(p, c)},
	}
	if file.Edition.No > 1 {
		note := text("note", c.Note, 300)
		note.Kind, note.Rows, note.Help = LongField, 2, HelpOn(p, "item.help.note", ogi.Art(6))
		groups[0].Fields = append([]Field{note}, groups[0].Fields...)
	}
	return groups
}

func attributeFields(p i18n.Printer, c disclosure.Content) []Field {
	var bases []Choice
	for _, b := range class.Bases() {
		bases = append(bases, Choice{Value: b.Key, Text: b.Name(p.Lang()), Note: citeOf(p, b.Cite())})
	}
	return []Field{
		{Name: "attribute", Label: p.T("item.field.attribute"), Kind: RadioField, Value: string(c.Attribute), Choices: entries(p, class.Attributes(), ""), Help: HelpOn(p, "item.help.attribute", statute.OGI2019.Art(19))},
		{Name: "basis", Label: p.T("item.field.basis"), Kind: TicksField, Values: c.Basis, Choices: bases, Hint: p.T("item.hint.basis")},
		{Name: "reason", Label: p.T("item.field.reason"), Kind: LongField, Rows: 2, Value: c.Reason, Most: 500, Lang: "zh-CN"},
	}
}

// entries are the lines of a table of classes as options.
func entries(p i18n.Printer, table []class.Entry, none string) []Choice {
	var all []Choice
	if none != "" {
		all = append(all, Choice{Text: none})
	}
	for _, e := range table {
		all = append(all, Choice{Value: e.Key, Text: e.Name(p.Lang())})
	}
	return all
}

func classFields(p i18n.Printer, c disclosure.Content) []Field {
	none := p.T("office.none")
	themes := []Choice{{Text: none}}
	for _, top := range class.Topics() {
		themes = append(themes, Choice{Value: top.Key, Text: top.Name(p.Lang()), Group: top.Name(p.Lang())})
		for _, t := range top.Children {
			themes = append(themes, Choice{Value: t.Key, Text: t.Name(p.Lang()), Group: top.Name(p.Lang())})
		}
	}
	day := func(name, value string) Field {
		return Field{Name: name, Label: p.T(itemFields[name]), Kind: DateField, Value: value, Half: true}
	}
	return []Field{
		{Name: "theme", Label: p.T("item.field.theme"), Kind: SelectField, Value: c.Theme, Choices: themes, Half: true},
		{Name: "genre", Label: p.T("item.field.genre"), Kind: SelectField, Value: c.Genre, Choices: entries(p, class.Genres(), none), Half: true},
		{Name: "keywords", Label: p.T("item.field.keywords"), Value: strings.Join(c.Keywords, " "), Hint: p.T("item.hint.keywords"), Lang: "zh-CN"},
		{Name: "validity", Label: p.T("item.field.validity"), Kind: SelectField, Value: string(c.Validity), Choices: entries(p, class.Validities(), "")},
		day("effective_on", c.EffectiveOn.String()), day("expires_on", c.ExpiresOn.String()),
	}
}

func paperFields(p i18n.Printer, c disclosure.Content) []Field {
	return []Field{
		{Name: "department", Label: p.T("item.field.department"), Value: c.Department, Most: 60, Half: true, Lang: "zh-CN"},
		{Name: "audience", Label: p.T("item.field.audience"), Value: c.Audience, Most: 100, Half: true, Lang: "zh-CN"},
		{Name: "channels", Label: p.T("item.field.channels"), Kind: TicksField, Values: c.Channels, Choices: entries(p, class.Channels(), ""), Help: HelpOn(p, "item.help.channels", statute.OGI2019.Art(23))},
	}
}

// readContent reads what an edition says from its form. What the form does not ask for stays.
func readContent(f *web.Form, was disclosure.Content) disclosure.Content {
	c := was
	c.Title, c.Subtitle, c.Summary, c.Body = f.Text("title"), f.Text("subtitle"), f.Text("summary"), f.Raw("body")
	c.DocNo, c.Issuer, c.IssuedOn, c.FormedOn = f.Text("doc_no"), f.Text("issuer"), f.Date("issued_on"), f.Date("formed_on")
	c.Source, c.SourceURL, c.Author = f.Text("source"), f.Text("source_url"), f.Text("author")
	c.Keywords = strings.FieldsFunc(f.Text("keywords"), isSeparator)
	c.JointBodies = strings.FieldsFunc(f.Text("joint_bodies"), isSeparator)
	c.Attribute, c.Basis, c.Reason = class.Attribute(f.Text("attribute")), f.List("basis"), f.Text("reason")
	c.Theme, c.Genre, c.Validity = f.Text("theme"), f.Text("genre"), class.Validity(f.Text("validity"))
	c.EffectiveOn, c.ExpiresOn, c.DisplayUntil = f.Date("effective_on"), f.Date("expires_on"), f.Date("display_until")
	c.Department, c.Audience, c.Channels = f.Text("department"), f.Text("audience"), f.List("channels")
	if f.Has("note") {
		c.Note = f.Text("note")
	}
	return c
}

func isSeparator(r rune) bool { return strings.ContainsRune(" 　,，;；、\n", r) }

// saveItem saves a draft and does what the button says: nothing more, check it, or submit it.
func (o *Office) saveItem(w http.ResponseWriter, r *http.Request) error {
	f, id := web.ReadForm(r), r.PathValue("id")
	e, err := o.keepItem(r, f)
	if err == nil {
		err = o.afterSave(r, f.Text("do"), e)
	}
	switch do := f.Text("do"); {
	case err == nil && do == "submit":
		return o.done(w, r, i18n.M("item.submitted"), "/office/editions/%s", id)
	case err == nil && do == "check":
		return o.goTo(w, r, "/office/editions/%s/edit#findings", id)
	case err == nil:
		return o.done(w, r, i18n.M("office.saved"), "/office/editions/%s/edit", id)
	}
	return o.answerItem(w, r, f, err)
}

// keepItem saves what a form says of a draft.
func (o *Office) keepItem(r *http.Request, f *web.Form) (*disclosure.Edition, error) {
	id, by := r.PathValue("id"), o.Actor(r)
	file, err := o.Items.Look(r.Context(), by, id)
	if err != nil {
		return nil, err
	}
	c, version := readContent(f, file.Edition.Content), f.Int64("version")
	if err := o.readInterprets(r, f, file.Item.Agency, &c); err != nil {
		return nil, err
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	return o.Items.Save(r.Context(), by, id, version, c)
}

func (o *Office) afterSave(r *http.Request, do string, e *disclosure.Edition) (err error) {
	switch do {
	case "submit":
		_, err = o.Items.Submit(r.Context(), o.Actor(r), e.ID, e.Version)
	case "check":
		_, err = o.Items.RunGate(r.Context(), o.Actor(r), e.ID)
	}
	return err
}

// answerItem shows a draft's form again with what is wrong with it, in the person's own words;
// when another saved meanwhile, beside what that person wrote.
func (o *Office) answerItem(w http.ResponseWriter, r *http.Request, f *web.Form, err error) error {
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict && kind != fault.TooLarge {
		return err
	}
	p, broken := o.itemEdit(r)
	if broken != nil {
		return broken
	}
	stored := p.File.Edition
	p.Form.Keep(r.PostForm)
	p.Prose, p.Heading = f.Raw("body"), f.Text("title")
	if errors.Is(err, disclosure.ErrStale) {
		p.Theirs, p.TheirText = stored, showText(p.Printer, p.Show, stored)
	}
	return o.showAs(w, r, p.Form.Tell(err), "item_edit", p)
}

// autosaveItem answers the editor's saving while somebody writes.
func (o *Office) autosaveItem(w http.ResponseWriter, r *http.Request) error {
	e, err := o.keepItem(r, web.ReadForm(r))
	if err != nil {
		return o.tellScript(w, r, err)
	}
	return writeJSON(w, http.StatusOK, saved{Version: e.Version, At: When(e.UpdatedAt)})
}

// saved and refused are what scripts are answered.
type saved struct {
	Version int64  `json:"version"`
	At      string `json:"at"`
}

type refused struct {
	Message string `json:"message"`
	Compare string `json:"compare,omitempty"`
}

// tellScript answers a script with what went wrong. What no person can act on is left to the
// common answer and the log.
func (o *Office) tellScript(w http.ResponseWriter, r *http.Request, err error) error {
	message, known := fault.MessageOf(err)
	if !known {
		return err
	}
	return writeJSON(w, web.Status(fault.KindOf(err)), refused{
		Message: printer(r).Text(message), Compare: o.path(r, "/office/editions/%s/compare", r.PathValue("id")),
	})
}

func writeJSON(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(v)
}

// fixFinding applies what a finding offers.
func (o *Office) fixFinding(w http.ResponseWriter, r *http.Request) error {
	f, id := web.ReadForm(r), r.PathValue("id")
	_, err := o.Items.Fix(r.Context(), o.Actor(r), id, f.Int64("version"), f.Text("finding"))
	if err == nil {
		_, err = o.Items.RunGate(r.Context(), o.Actor(r), id)
	}
	if err != nil {
		return err
	}
	return o.done(w, r, i18n.M("item.fixed"), "/office/editions/%s/edit#findings", id)
}

// overrideFinding lets a finding pass with the secrecy reviewer's reason.
func (o *Office) overrideFinding(w http.ResponseWriter, r *http.Request) error {
	f, id := web.ReadForm(r), r.PathValue("id")
	_, err := o.Items.Override(r.Context(), o.Actor(r), id, f.Text("hash"), f.Text("finding"), f.AtMost("reason", 500))
	if err != nil {
		return err
	}
	return o.done(w, r, i18n.M("item.overridden"), "/office/editions/%s#findings", id)
}

// findingViews are the findings of a file, those that block first.
func findingViews(p i18n.Printer, file *disclosure.File) (out []findingView, blocking int) {
	if file.Check == nil {
		return nil, 0
	}
	for _, blocks := range []bool{true, false} {
		for _, f := range file.Check.Findings {
			if f.Blocks == blocks {
				out = append(out, findingOf(p, file, f))
			}
		}
	}
	return out, len(file.Blocking)
}

func findingOf(p i18n.Printer, file *disclosure.File, f disclosure.Finding) findingView {
	v := findingView{ID: f.ID, Code: f.Code, Text: p.Text(f.Message.Words()), Blocks: f.Blocks, Cite: f.Cite, Tone: Note}
	if p.Lang() == i18n.English {
		v.Cite = f.CiteEn
	}
	switch f.Severity {
	case "error":
		v.Tone = Bad
	case "warning":
		v.Tone = Warn
	}
	if f.Advice.Key != "" {
		v.Advice = p.Text(f.Advice.Words())
	}
	for _, q := range f.Places {
		if q.Quote != "" {
			v.Places = append(v.Places, q.Quote)
		}
	}
	if f.Fix != nil {
		v.Fix = p.Text(f.Fix.Words())
	}
	for _, passed := range file.Overrides {
		if passed.Finding == f.ID {
			v.Passed, v.Why = true, p.T("item.passed", "name", passed.Name, "reason", passed.Reason)
		}
	}
	return v
}

// mark is a finding or remark as the editor's script marks it.
type mark struct {
	ID      string `json:"id"`
	From    int    `json:"from"`
	To      int    `json:"to"`
	Quote   string `json:"quote"`
	Message string `json:"message,omitempty"`
	Level   string `json:"level,omitempty"`
	Text    string `json:"text,omitempty"`
	By      string `json:"by,omitempty"`
	At      string `json:"at,omitempty"`
}

// markFindings are those that stand in the text, for the editor. The words marked are read
// from the text itself: what is kept of personal data is incomplete.
func markFindings(p i18n.Printer, file *disclosure.File) string {
	var all []mark
	if file.Check != nil {
		at := placesIn(file.Edition.Body)
		for _, f := range file.Check.Findings {
			for _, q := range f.Places {
				if from, to, ok := at.find(q.Start, q.End); ok && f.Part == gate.BodyID {
					all = append(all, mark{ID: f.ID, From: from, To: to, Quote: string(at.text[from:to]), Message: p.Text(f.Message.Words()), Level: string(f.Severity)})
				}
			}
		}
	}
	return toJSON(all)
}

func markRemarks(file *disclosure.File) string {
	var all []mark
	for _, o := range file.Opinions {
		for i, m := range o.Remarks {
			if o.Edition == file.Edition.ID {
				all = append(all, mark{ID: o.ID + "-" + string(rune('a'+i%26)), From: m.Start, To: m.End, Quote: m.Quote, Text: m.Text, By: o.Name, At: When(o.At)})
			}
		}
	}
	return toJSON(all)
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and numbers always have a JSON form
	}
	return string(b)
}

func remarkViews(file *disclosure.File) (out []remarkView) {
	for _, o := range file.Opinions {
		if o.Edition != file.Edition.ID || o.Round != file.Edition.Round {
			continue
		}
		if o.Decision == disclosure.Returning && o.Text != "" {
			out = append(out, remarkView{Who: o.Name, When: When(o.At), Text: o.Text})
		}
		for _, m := range o.Remarks {
			out = append(out, remarkView{Who: o.Name, When: When(o.At), Quote: m.Quote, Text: m.Text})
		}
	}
	return out
}
