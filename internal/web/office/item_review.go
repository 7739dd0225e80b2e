package office

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/richtext"
	"gongkai/internal/web"
	"gongkai/internal/web/office/editor"
)

// itemReviewPage is where a reviewer reads, remarks and decides.
type itemReviewPage struct {
	Page
	File      *disclosure.File
	Level     disclosure.Level
	LevelName string
	State     Badge
	Form      *Form
	Prose     string
	Shown     markup // Prose as readers see it
	Editor    editorField
	Changes   []changeView // against what the public sees, or what was sent back
	Facts     []Fact
	Files     []fileView
	Findings  []findingView
	Opinions  []opinionView
	Show      string
	Remarks   string
}

// changeView is a block of a comparison.
type changeView struct {
	Tone, Note     string
	Old, New, Both markup
}

// reviewItem shows what a reviewer has to look at, and takes the opinion.
func (o *Office) reviewItem(w http.ResponseWriter, r *http.Request) error {
	p, err := o.itemReview(r)
	if err != nil {
		return err
	}
	return o.show(w, r, "item_review", p)
}

func (o *Office) itemReview(r *http.Request) (*itemReviewPage, error) {
	file, err := o.Items.Look(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	level, err := reviewLevel(r, file)
	if err != nil {
		return nil, err
	}
	before, err := o.Items.Basis(r.Context(), o.Actor(r), file.Edition.ID)
	if err != nil {
		return nil, err
	}
	e, pr := file.Edition, printer(r)
	base := o.path(r, "/office/editions/%s", e.ID)
	p := &itemReviewPage{Page: o.page(r, titleOf(pr, e)), File: file, Level: level, LevelName: pr.Text(level.Message()), State: itemState(pr, e), Prose: e.Body, Show: base}
	p.Styles = append(p.Styles, o.assets.Path("editor.css"), o.assets.Path("draft.css"))
	p.Scripts = append(p.Scripts, o.assets.Path("editor.js"), o.assets.Path("draft.js"))
	p.Crumb(pr.T("item.view.review"), o.path(r, "/office/items")+"?view=review")
	p.Editor = editorField{Labels: editor.Labels(pr), Findings: markFindings(pr, file), Remarks: markRemarks(file), Attachment: base + "/files/{id}"}
	p.Shown = showText(pr, base, e)
	if before.Title != "" {
		p.Changes = changeViews(pr, base, before, &e.Content)
	}
	shown := &itemShowPage{Page: p.Page, File: file}
	o.describe(r, shown)
	p.Facts, p.Opinions, p.Files = shown.Facts, shown.Opinions, fileViews(base, e)
	p.Findings, _ = findingViews(pr, file)
	p.Form = verdictForm(p, file, base)
	return p, nil
}

// reviewLevel is the review asked for, or the first the person may give.
func reviewLevel(r *http.Request, file *disclosure.File) (disclosure.Level, error) {
	asked := disclosure.Level(r.FormValue("level"))
	switch {
	case slices.Contains(file.Levels, asked):
		return asked, nil
	case len(file.Levels) > 0:
		return file.Levels[0], nil
	case file.Reviewable != nil:
		return "", file.Reviewable
	}
	return "", disclosure.ErrLevel
}

// verdictForm takes the opinion: what was looked at, in words, and the decision.
func verdictForm(p *itemReviewPage, file *disclosure.File, base string) *Form {
	var ticks []Choice
	for _, t := range p.Level.Ticks() {
		ticks = append(ticks, Choice{Value: string(t), Text: p.Text(t.Message())})
	}
	f := NewForm(p.Page, base+"/review", Group{Fields: []Field{
		{Name: "ticks", Label: p.T("item.ticks_label"), Kind: TicksField, Choices: ticks, Hint: p.T("item.hint.ticks")},
		{Name: "opinion", Label: p.T("item.opinion_label"), Kind: LongField, Rows: 3, Most: 1000, Lang: "zh-CN", Hint: p.T("item.hint.opinion")},
	}})
	f.Hidden = []Field{{Name: "hash", Value: file.Edition.Hash}, {Name: "level", Value: string(p.Level)}}
	f.Buttons = []Button{
		{Text: p.T("item.decision.approve"), Name: "decision", Value: string(disclosure.Approving), Tone: "primary"},
		{Text: p.T("item.decision.return"), Name: "decision", Value: string(disclosure.Returning), Tone: "danger"},
	}
	f.Back = p.back(base)
	return f
}

// judgeItem takes a reviewer's verdict.
func (o *Office) judgeItem(w http.ResponseWriter, r *http.Request) error {
	f, id := web.ReadForm(r), r.PathValue("id")
	v := disclosure.Verdict{
		Level: disclosure.Level(f.Text("level")), Decision: disclosure.Decision(f.Text("decision")), Hash: f.Text("hash"),
		Opinion: f.AtMost("opinion", 1000), Remarks: readRemarks(r),
	}
	for _, t := range f.List("ticks") {
		v.Ticks = append(v.Ticks, disclosure.Tick(t))
	}
	err := f.Err()
	if err == nil {
		_, err = o.Items.Review(r.Context(), o.Actor(r), id, v)
	}
	if err == nil {
		return o.done(w, r, i18n.M(itemJudged[string(v.Decision)]), "/office/editions/%s", id)
	}
	if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	p, broken := o.itemReview(r)
	if broken != nil {
		return broken
	}
	p.Form.Keep(r.PostForm)
	return o.showAs(w, r, p.Form.Tell(err), "item_review", p)
}

// readRemarks reads the remarks that the page's script collected, one value each: where it
// stands, what stands there, and what is to be said of it, parted by line ends.
func readRemarks(r *http.Request) (out []disclosure.Remark) {
	for _, s := range r.PostForm["remark"] {
		parts := strings.SplitN(strings.ReplaceAll(s, "\r\n", "\n"), "\n", 4)
		if len(parts) != 4 || len(out) == 100 {
			continue
		}
		from, bad := strconv.Atoi(parts[0])
		to, worse := strconv.Atoi(parts[1])
		if text := strings.TrimSpace(parts[3]); bad == nil && worse == nil && text != "" {
			out = append(out, disclosure.Remark{Start: from, End: to, Quote: parts[2], Text: text})
		}
	}
	return out
}

// changeViews compares two contents: the metadata by field, the text block by block.
func changeViews(p i18n.Printer, base string, old, new *disclosure.Content) (out []changeView) {
	address := func(id string) string { return base + "/files/" + id }
	before, after := disclosure.Fields(old), disclosure.Fields(new)
	for i := range after {
		if before[i].Value != after[i].Value {
			out = append(out, changeView{Tone: "changed", Note: p.Text(after[i].Message()),
				Old: escapeMarkup(before[i].Value), New: escapeMarkup(after[i].Value)})
		}
	}
	for _, c := range richtext.Diff(old.Body, new.Body) {
		out = append(out, changeView{Tone: string(c.Kind), Old: markup(richtext.Resolve(c.Old, address)),
			New: markup(richtext.Resolve(c.New, address)), Both: markup(richtext.Resolve(c.Both, address))})
	}
	return out
}
