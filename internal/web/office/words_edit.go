package office

import (
	"errors"
	"net/http"
	"strconv"

	"gongkai/internal/check"
	"gongkai/internal/fault"
	"gongkai/internal/gate"
	"gongkai/internal/gate/wordlist"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// wordKinds are what lists of a kind are about.
var wordKinds = map[gate.ListKind]string{
	gate.Terms: "words.kind.term", gate.Laws: "words.kind.law", gate.Typos: "words.kind.typo",
	gate.Titles: "words.kind.title", gate.Allow: "words.kind.allow",
}

var wordTones = map[check.Severity]Tone{check.Error: Bad, check.Warning: Warn, check.Info: Note}

// wordState is where a list comes from.
func wordState(p i18n.Printer, l *wordlist.List) Badge {
	switch {
	case l.Off:
		return Badge{p.T("words.state.off"), Gone}
	case l.Own && l.Product:
		return Badge{p.T("words.state.replaced"), Note}
	case l.Own:
		return Badge{p.T("words.state.own"), Good}
	}
	return Badge{p.T("words.state.product"), Plain}
}

func (o *Office) listWords(w http.ResponseWriter, r *http.Request) error {
	lists, err := o.Words.Lists(r.Context(), o.Actor(r))
	if err != nil {
		return err
	}
	p := ListPage{Page: o.page(r, printer(r).T("words.title")), Lead: printer(r).T("words.lead")}
	p.Tools = []Tool{{Text: p.T("words.new"), Href: o.path(r, "/office/words/new"), Main: true, New: true}}
	l := NewList(p.Page, p.Title, []Column{
		{Key: "name", Text: p.T("words.name")}, {Key: "kind", Text: p.T("words.kind"), Slim: true}, {Key: "count", Text: p.T("words.count"), Num: true, Slim: true},
		{Key: "date", Text: p.T("words.date"), Slim: true, Wide: true}, {Key: "state", Text: p.T("words.state"), Slim: true},
	}, ListQuery{})
	l.Export, l.Empty = false, p.T("words.empty")
	for _, one := range lists {
		state := wordState(p.Printer, one)
		kind := Badge{p.T(wordKinds[one.Kind]), wordTones[one.Severity]}
		l.Rows = append(l.Rows, Row{ID: one.Name, Name: one.Name, Cells: []Cell{
			{Text: one.Name, Href: o.path(r, "/office/words/%s", one.Name), Sub: one.Source, Lang: "zh-CN"}, {Badge: &kind},
			{Text: strconv.Itoa(len(one.Entries))}, {Text: one.Date.String()}, {Badge: &state},
		}})
	}
	p.List = l
	return o.show(w, r, "list", &p)
}

// wordsPage is the form of one list, nil for a new one.
func (o *Office) wordsPage(r *http.Request, l *wordlist.List) *FormPage {
	p := &FormPage{Page: o.page(r, printer(r).T("words.new"))}
	p.Crumb(p.T("words.title"), o.path(r, "/office/words"))
	name := Field{Name: "name", Label: p.T("words.name"), Required: true, Most: 44, Hint: p.T("words.name_hint"), Lang: "zh-CN"}
	text := p.T("words.sample", "today", o.today().String())
	if l != nil {
		p.Title, text = l.Name, l.Text
		name.Kind, name.Value, name.Hint = ShownField, l.Name, ""
	}
	p.Form = NewForm(p.Page, "", Group{Fields: []Field{
		name,
		{Name: "text", Label: p.T("words.text"), Kind: LongField, Rows: 22, Value: text, Hint: p.T("words.hint"), Lang: "zh-CN"},
		{Name: "file", Label: p.T("words.file"), Kind: FileField, Accept: ".txt"},
	}})
	p.Form.Buttons = []Button{{Text: p.T("office.save"), Tone: "primary"}}
	if l != nil {
		p.Form.Version = l.Version
		if l.Own && !l.Off {
			p.Form.Buttons = append(p.Form.Buttons, Button{Text: p.T("words.off"), Name: "do", Value: "off", Tone: "danger"})
		}
	}
	p.Form.Back = p.back(o.path(r, "/office/words"))
	c := Card{ID: "options", Title: p.T("words.options"), Note: p.T("words.off_note")}
	for _, o := range []struct{ write, means string }{
		{"since=2018-03-21", "words.option.since"}, {"except=甲|乙", "words.option.except"}, {"near=丙|丁", "words.option.near"},
		{"far=原|时任", "words.option.far"}, {"quoted", "words.option.quoted"},
	} {
		c.Facts = append(c.Facts, Fact{Label: o.write, Value: p.T(o.means), Lang: string(p.Lang())})
	}
	p.Side = []Card{c}
	return p
}

func (o *Office) newWords(w http.ResponseWriter, r *http.Request) error {
	if _, err := o.Words.Lists(r.Context(), o.Actor(r)); err != nil {
		return err
	}
	return o.show(w, r, "form", o.wordsPage(r, nil))
}

func (o *Office) editWords(w http.ResponseWriter, r *http.Request) error {
	l, err := o.Words.Get(r.Context(), o.Actor(r), r.PathValue("name"))
	if err != nil {
		return err
	}
	return o.show(w, r, "form", o.wordsPage(r, l))
}

// saveWords keeps a list as it was typed or uploaded, or ends it.
func (o *Office) saveWords(w http.ResponseWriter, r *http.Request) error {
	f, name := web.ReadForm(r), r.PathValue("name")
	if name == "" {
		name = f.Need("name")
	}
	text, version := f.Raw("text"), f.Int64("version")
	if data, err := uploaded(r, "file"); err == nil && len(data) > 0 {
		text = string(data)
	}
	err := f.Err()
	if err == nil && f.Text("do") == "off" {
		if err = o.Words.Off(r.Context(), o.Actor(r), name, version); err == nil {
			return o.done(w, r, i18n.M("words.ended"), "/office/words")
		}
	} else if err == nil {
		err = o.Words.Save(r.Context(), o.Actor(r), name, text, version)
	}
	if err != nil {
		return o.wordsAgain(w, r, err)
	}
	l, err := o.Words.Get(r.Context(), o.Actor(r), name)
	if err != nil {
		return err
	}
	return o.done(w, r, i18n.M("words.saved", "n", len(l.Entries)), "/office/words")
}

// wordsAgain shows the form with what was wrong.
func (o *Office) wordsAgain(w http.ResponseWriter, r *http.Request, wrong error) error {
	if kind := fault.KindOf(wrong); kind == fault.Forbidden || kind == fault.NotFound {
		return wrong
	}
	var l *wordlist.List
	if name := r.PathValue("name"); name != "" {
		var err error
		if l, err = o.Words.Get(r.Context(), o.Actor(r), name); err != nil && !errors.Is(err, wordlist.ErrNone) {
			return err
		}
	}
	return o.answer(w, r, o.wordsPage(r, l), wrong)
}
