package office

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/richtext"
	"gongkai/internal/web"
)

// itemShowPage is all that is on record about an item.
type itemShowPage struct {
	Page
	File     *disclosure.File
	State    Badge
	Left     *Badge
	Tools    []Tool
	Lead     string
	Notice   string // of a retraction, or of a wait
	Facts    []Fact
	Prose    markup
	Files    []fileView
	Findings []findingView
	Override bool // the person may let findings pass
	Act      string
	Forms    []Section
	Opinions []opinionView
	Events   []Event
	Editions []Row
	List     *List
	Places   []placeView
	Steps    []stepView
}

// stepView is one step of the way through the reviews.
type stepView struct {
	Text, Who, When string
	Done, Now       bool
}

// opinionView is an opinion as a page shows it.
type opinionView struct {
	Level, Who, When, Text string
	Badge                  Badge
	Void                   bool
	Ticks                  []string
}

// placeView is a placement as a page shows it.
type placeView struct {
	Section, State string
	Tone           Tone
}

// showItem shows an item by the edition worked on last.
func (o *Office) showItem(w http.ResponseWriter, r *http.Request) error {
	file, err := o.Items.LookItem(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return o.showRecord(w, r, http.StatusOK, file, nil)
}

// showEdition shows one edition.
func (o *Office) showEdition(w http.ResponseWriter, r *http.Request) error {
	file, err := o.Items.Look(r.Context(), o.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return o.showRecord(w, r, http.StatusOK, file, nil)
}

// showRecord shows an edition's record, again when an act was refused.
func (o *Office) showRecord(w http.ResponseWriter, r *http.Request, status int, file *disclosure.File, refusal error) error {
	e := file.Edition
	p := &itemShowPage{Page: o.page(r, titleOf(printer(r), e)), File: file, State: itemState(printer(r), e)}
	base := o.path(r, "/office/editions/%s", e.ID)
	p.Crumb(p.T("item.title"), o.path(r, "/office/items"))
	p.Styles = append(p.Styles, o.assets.Path("draft.css"))
	p.Act = base
	p.Prose = showText(p.Printer, base, e)
	p.Files = fileViews(base, e)
	p.Findings, _ = findingViews(p.Printer, file)
	p.Override = o.mayOverride(r, file)
	if e.State.Open() && !e.DueOn.IsZero() {
		left := Left(p.Printer, e.DueOn, o.today(), soon)
		p.Left = &left
	}
	o.describe(r, p)
	if err := o.offer(r, p); err != nil {
		return err
	}
	for i := range p.Forms {
		if refusal != nil && p.Forms[i].ID == r.PostForm.Get("do") {
			p.Forms[i].Form.Keep(r.PostForm)
			p.Forms[i].Form.Tell(refusal)
			p.Forms[i].Folded = true
			refusal = nil
		}
	}
	if refusal != nil {
		return refusal
	}
	return o.showAs(w, r, status, "item_show", p)
}

// showText is an edition's text for a reader. richtext made and escaped every character of it.
func showText(p i18n.Printer, base string, e *disclosure.Edition) markup {
	return markup(richtext.Show(e.Body, p.T("item.notes"), func(id string) string {
		for _, a := range e.Attachments {
			if a.ID == id {
				return base + "/files/" + id
			}
		}
		return ""
	}))
}

// describe fills in what is known.
func (o *Office) describe(r *http.Request, p *itemShowPage) {
	file, e, i := p.File, p.File.Edition, p.File.Item
	fact := func(key, value string) {
		p.Facts = append(p.Facts, Fact{Label: p.T(itemFields[key]), Value: value, Lang: "zh-CN"})
	}
	fact("index_no", i.IndexNo)
	fact("section", sectionTitle(file))
	fact("kind", p.Text(i.Kind.Message()))
	fact("origin", p.Text(i.Origin.Message()))
	for _, f := range disclosure.Fields(&e.Content) {
		if f.Key != "title" && f.Key != "subtitle" {
			p.Facts = append(p.Facts, Fact{Label: p.Text(f.Message()), Value: f.Value, Lang: "zh-CN"})
		}
	}
	fact("creator", e.Creator)
	fact("published_at", When(e.PublishedAt))
	fact("late_reason", e.LateReason)
	fact("urgency", e.Urgency)
	p.Notice = notice(p.Printer, file)
	p.Steps = stepViews(p.Printer, file)
	p.Opinions = opinionViews(p.Printer, file)
	p.Events = eventsOf(p.Printer, o.path(r, "/office/editions/"), file)
}

func sectionTitle(file *disclosure.File) string {
	var names []string
	for _, s := range slices.Backward(file.Path) {
		names = append(names, s.Name)
	}
	return strings.Join(names, " / ")
}

// notice is the one sentence a person should know first.
func notice(p i18n.Printer, file *disclosure.File) string {
	e, i := file.Edition, file.Item
	switch {
	case e.State == disclosure.TakenDown:
		return p.T("item.notice.retracted", "at", When(i.EndedAt), "why", i.EndedReason)
	case e.State == disclosure.Urgent:
		return p.T("item.notice.urgent", "until", e.ApproveBy.String())
	case e.State == disclosure.Scheduled:
		return p.T("item.notice.scheduled", "at", When(e.PublishAt))
	case e.State == disclosure.Withheld:
		return p.T("item.notice.withheld", "on", e.ReassessOn.String())
	case e.State == disclosure.Draft && e.No > 1 && i.Public():
		return p.T("item.notice.correcting")
	case file.Reviewable != nil:
		return p.T("item.notice.person")
	}
	return ""
}

// stepViews are the four reviews and publication, with who did them and whose turn it is.
func stepViews(p i18n.Printer, file *disclosure.File) []stepView {
	e := file.Edition
	if e.State == disclosure.Discarded || e.SubmittedAt.IsZero() && e.State != disclosure.Draft {
		return nil
	}
	steps := []stepView{{Text: p.T("item.task.draft"), Who: e.Creator, When: When(e.CreatedAt), Done: e.State != disclosure.Draft, Now: e.State == disclosure.Draft}}
	for _, l := range disclosure.Levels {
		s := stepView{Text: p.Text(l.Message()), Now: string(e.State) == string(l)}
		for _, op := range file.Opinions {
			if op.Edition == e.ID && op.Level == l && op.Round == e.Round && op.Hash == e.Hash && op.Decision == disclosure.Approving {
				s.Who, s.When, s.Done = op.Name, When(op.At), true
			}
		}
		steps = append(steps, s)
	}
	published := !e.PublishedAt.IsZero()
	return append(steps, stepView{Text: p.Text(disclosure.Publish.Message()), When: When(e.PublishedAt), Done: published,
		Now: e.State == disclosure.Approved || e.State == disclosure.Scheduled})
}

func opinionViews(p i18n.Printer, file *disclosure.File) (out []opinionView) {
	for _, op := range slices.Backward(file.Opinions) {
		if op.Edition != file.Edition.ID {
			continue
		}
		v := opinionView{Level: p.Text(op.Level.Message()), Who: op.Name, When: When(op.At), Text: op.Text, Badge: Badge{p.T("item.decision.approve"), Good}}
		if op.Decision == disclosure.Returning {
			v.Badge = Badge{p.T("item.decision.return"), Bad}
		}
		if op.Behalf != "" {
			v.Who = p.T("item.sheet.behalf", "name", op.Name, "behalf", op.Behalf)
		}
		v.Void = op.Hash != file.Edition.Hash || op.Round != file.Edition.Round
		for _, t := range op.Ticks {
			v.Ticks = append(v.Ticks, p.Text(t.Message()))
		}
		out = append(out, v)
	}
	return out
}

// eventsOf is what happened to the item, newest first.
func eventsOf(p i18n.Printer, path string, file *disclosure.File) (out []Event) {
	type dated struct {
		at time.Time
		Event
	}
	var all []dated
	add := func(at time.Time, e Event) {
		if !at.IsZero() {
			e.When = When(at)
			all = append(all, dated{at, e})
		}
	}
	for _, e := range file.Editions {
		no := p.T("item.edition", "n", e.No)
		add(e.CreatedAt, Event{Title: p.T("item.event.created", "edition", no), Who: e.Creator, Href: path + e.ID})
		add(e.SubmittedAt, Event{Title: p.T("item.event.submitted", "edition", no), Tone: Wait})
		add(e.PublishedAt, Event{Title: p.T("item.event.published", "edition", no), Note: e.Note, Tone: Good})
	}
	for _, op := range file.Opinions {
		tone := Good
		if op.Decision == disclosure.Returning {
			tone = Bad
		}
		add(op.At, Event{Title: p.Text(op.Level.Message()) + " · " + p.T(itemDecisions[string(op.Decision)]), Who: op.Name, Note: op.Text, Tone: tone})
	}
	add(file.Item.EndedAt, Event{Title: p.T(itemStatuses[string(file.Item.Status)]), Note: file.Item.EndedReason, Tone: Gone})
	slices.SortStableFunc(all, func(a, b dated) int { return b.at.Compare(a.at) })
	for _, d := range all {
		out = append(out, d.Event)
	}
	return out
}

// actItem does one step of an edition's life.
func (o *Office) actItem(w http.ResponseWriter, r *http.Request) error {
	f, id := web.ReadForm(r), r.PathValue("id")
	do := f.Text("do")
	next, err := o.stepItem(r, f, do, id)
	if err == nil {
		return o.done(w, r, i18n.M(itemDone[do]), "/office/editions/%s", next)
	}
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	file, broken := o.Items.Look(r.Context(), o.Actor(r), id)
	if broken != nil {
		return broken
	}
	return o.showRecord(w, r, web.Status(kind), file, err)
}

// stepItem calls the act of a step and returns the edition to go to.
func (o *Office) stepItem(r *http.Request, f *web.Form, do, id string) (next string, err error) {
	d, ctx, by, version, reason := o.Items, r.Context(), o.Actor(r), f.Int64("version"), f.AtMost("reason", 500)
	release := disclosure.Release{Version: version, LateReason: f.AtMost("late_reason", 500)}
	e := &disclosure.Edition{ID: id}
	note, at, section := f.AtMost("note", 300), time.Time{}, ""
	switch disclosure.Step(do) {
	case disclosure.Schedule:
		at = readTime(f, "publish_at")
	case "place":
		section = f.Need("section")
	}
	if err := f.Err(); err != nil { // before anything is done
		return "", err
	}
	switch disclosure.Step(do) {
	case disclosure.Submit:
		e, err = d.Submit(ctx, by, id, version)
	case disclosure.Recall:
		e, err = d.Recall(ctx, by, id, version, reason)
	case disclosure.Discard:
		e, err = d.Discard(ctx, by, id, version, reason)
	case disclosure.Order:
		e, err = d.Order(ctx, by, id, version, reason)
	case disclosure.Publish:
		e, err = d.Publish(ctx, by, id, release)
	case disclosure.Schedule:
		e, err = d.Schedule(ctx, by, id, at, release)
	case disclosure.Unschedule:
		e, err = d.Unschedule(ctx, by, id, version)
	case disclosure.Retract:
		e, err = d.Retract(ctx, by, id, version, reason)
	case disclosure.Archive:
		e, err = d.Archive(ctx, by, id, version, reason)
	case disclosure.Reassess:
		e, err = d.Reassess(ctx, by, id, version, reason)
	case disclosure.Supersede:
		e, err = d.Correct(ctx, by, id, version, note)
	case "disclose":
		e, err = d.Disclose(ctx, by, id, version, reason)
	case "place":
		_, err = d.Place(ctx, by, id, section)
	default:
		err = web.ErrChoice
	}
	if err != nil {
		return "", err
	}
	return e.ID, nil
}

// readTime reads a day and time as a browser's field sends it, in the zone of the office.
func readTime(f *web.Form, name string) time.Time {
	s := f.Text(name)
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, date.China); err == nil {
			return t
		}
	}
	f.Fail(web.ErrDate.At(name))
	return time.Time{}
}
