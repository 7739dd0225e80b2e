package cycle

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/compile"
	"gongkai/internal/annual/form"
	"gongkai/internal/disclosure/normative"
)

// Narrative is the text of a report by section: "preface", then "s1" to "s6".
type Narrative struct {
	Sections map[string][]Paragraph `json:"sections"`
	Dropped  []string               `json:"dropped,omitempty"` // lines a person took out, which do not come back
}

// Paragraph is a line of text. While it is bound it is written anew from the figures and facts
// whenever they change; once a person has changed it, it is theirs.
type Paragraph struct {
	Key    string `json:"key,omitempty"` // the line it began as
	Text   string `json:"text"`
	Edited bool   `json:"edited,omitempty"`
}

// Bound reports whether the paragraph follows the figures.
func (p Paragraph) Bound() bool { return p.Key != "" && !p.Edited }

// Parts are the parts of the text in the order of the report.
var Parts = []string{"preface", "s1", "s2", "s3", "s4", "s5", "s6"}

// lines are what the text begins with, in its order: nothing in them but what the records say,
// and marks for what only people know. R-AR-25 finds the marks, and nobody signs over them.
var lines = []string{
	"preface.base", "s1.publish", "s1.request", "s1.channel", "s1.handling", "s1.manage", "s1.platform", "s1.support", "s1.government",
	"s2.balance", "s5.facts", "s5.problems", "s5.measures", "s6.fee", "s6.other",
}

//go:embed prefill.tmpl
var prefill string

// telling is what the lines are filled from.
type telling struct {
	Name       string
	Year       int64
	Merged     bool
	Government bool
	Facts      Facts
	figures    Figures
}

// We is how the report speaks of who did it.
func (t telling) We() string {
	if t.Merged {
		return "本行政区域各行政机关"
	}
	return "本机关"
}

// Some reports whether any of the cells is more than nought.
func (t telling) Some(keys ...form.Key) bool {
	return slices.ContainsFunc(keys, func(k form.Key) bool { return t.figures[k].Value > 0 })
}

// Channels lists by which way requests came.
func (t telling) Channels() string {
	var all []string
	for _, c := range t.Facts.Requests.Channels {
		if c.N > 0 {
			all = append(all, fmt.Sprintf("以%s方式提出的%d件", c.Name, c.N))
		}
	}
	if t.Merged {
		return ""
	}
	return strings.Join(all, "，")
}

// Handled lists what was done besides answering.
func (t telling) Handled() string {
	var all []string
	r := t.Facts.Requests
	for _, one := range []struct {
		words string
		n     int64
	}{{"通知补正%d件", r.Completed}, {"征求第三方或者其他机关意见%d件", r.Consulted}, {"经批准延长答复期限%d件", r.Extended}} {
		if one.n > 0 {
			all = append(all, fmt.Sprintf(one.words, one.n))
		}
	}
	if t.Merged {
		return ""
	}
	return strings.Join(all, "，")
}

// Balances explain why documents in force are other than last year's with the year's changes.
// R-AR-07.
func (t telling) Balances() []string {
	var all []string
	for _, b := range t.Facts.Balances {
		all = append(all, explain(b))
	}
	return all
}

func explain(b compile.Balance) string {
	name := "行政规范性文件"
	if b.Kind == normative.RuleKind {
		name = "规章"
	}
	var why []string
	for _, one := range []struct {
		words string
		n     int
	}{{"期满失效%d件", b.Expired}, {"宣布失效%d件", b.Invalidated}, {"本年制发、下年起施行%d件", b.Later}, {"上年制发、本年起施行%d件", b.Earlier}} {
		if one.n > 0 {
			why = append(why, fmt.Sprintf(one.words, one.n))
		}
	}
	return "关于" + name + "现行有效件数与上年的衔接：" + strings.Join(why, "，") + "。"
}

// say writes a line, "" where there is nothing to say.
func (t telling) say(key string) (string, error) {
	all, err := template.New("").Funcs(template.FuncMap{"n": func(k form.Key) string {
		f, ok := t.figures[k]
		if !ok {
			return "（待补充：" + form.ForYear(int(t.Year)).Label(k) + "）"
		}
		return f.Value.String()
	}}).Parse(prefill)
	if err != nil {
		return "", fmt.Errorf("read the lines of the text: %w", err)
	}
	var b strings.Builder
	if err := all.ExecuteTemplate(&b, key, t); err != nil {
		return "", fmt.Errorf("write the line %s: %w", key, err)
	}
	return strings.TrimSpace(b.String()), nil
}

// follow writes the bound lines anew, adds those that have come to say something and takes out
// those that have not.
func (n *Narrative) follow(t telling) error {
	if n.Sections == nil {
		n.Sections = map[string][]Paragraph{}
	}
	for at, key := range lines {
		section, _, _ := strings.Cut(key, ".")
		text, err := t.say(key)
		if err != nil {
			return err
		}
		all := n.Sections[section]
		i := slices.IndexFunc(all, func(p Paragraph) bool { return p.Key == key })
		switch {
		case i >= 0 && all[i].Edited:
		case i >= 0 && text == "":
			n.Sections[section] = slices.Delete(all, i, i+1)
		case i >= 0:
			all[i].Text = text
		case text != "" && !slices.Contains(n.Dropped, key):
			n.Sections[section] = slices.Insert(all, after(all, at), Paragraph{Key: key, Text: text})
		}
	}
	return nil
}

// after is where a line belongs: behind those that come before it.
func after(all []Paragraph, at int) int {
	place := 0
	for i, p := range all {
		if k := slices.Index(lines, p.Key); k >= 0 && k < at {
			place = i + 1
		}
	}
	return place
}

// write takes the text of a section as a person left it. Paragraphs that are as they were stay
// bound; a changed one is the person's from now on.
func (n *Narrative) write(section, text string) {
	old := n.Sections[section]
	used := make([]bool, len(old))
	var next []Paragraph
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		p := Paragraph{Text: line, Edited: true}
		for i, o := range old {
			if !used[i] && o.Text == line {
				p, used[i] = o, true
				break
			}
		}
		next = append(next, p)
	}
	free := 0
	for i := range next { // a changed paragraph keeps the place of the line it was made from
		if next[i].Key != "" || !next[i].Edited {
			continue
		}
		for free < len(old) && (used[free] || old[free].Key == "") {
			free++
		}
		if free < len(old) {
			next[i].Key, used[free] = old[free].Key, true
		}
	}
	for i, o := range old {
		if !used[i] && o.Key != "" {
			n.Dropped = append(n.Dropped, o.Key)
		}
	}
	if n.Sections == nil {
		n.Sections = map[string][]Paragraph{}
	}
	n.Sections[section] = next
}

// Text returns a section as a person edits it, a paragraph a line.
func (n Narrative) Text(section string) string {
	all := make([]string, len(n.Sections[section]))
	for i, p := range n.Sections[section] {
		all[i] = p.Text
	}
	return strings.Join(all, "\n")
}

// telling is what the version's lines are filled from.
func (v *Version) telling(a *agency.Agency) telling {
	return telling{Name: a.Name, Year: v.Year, Merged: v.Merged, Government: a.Kind == agency.Government, Facts: v.Facts, figures: v.Figures}
}

// report makes the annual report the version says. Blocks are numbered in the order of print, so
// that findings have places.
func (v *Version) report(a *agency.Agency) *annual.Report {
	f := v.Form()
	r := &annual.Report{
		Form: f, Year: int(v.Year), Title: annual.Text{Text: f.Title(a.Name, int(v.Year))}, Agency: annual.Text{Text: a.Name},
		Signature: annual.Text{Text: a.Name}, Cells: map[form.Key]annual.Cell{},
		Period: annual.Text{Text: "自" + strconv.FormatInt(v.Year, 10) + "年1月1日起至" + strconv.FormatInt(v.Year, 10) + "年12月31日止"},
	}
	if !v.SignedOn.IsZero() {
		r.Signed = annual.Day{Date: v.SignedOn}
	}
	block := 1
	text := func(s string) annual.Text {
		block++
		t := annual.Text{Text: s}
		t.At.Block = block
		return t
	}
	r.Title.At.Block = block
	for _, p := range v.Body.Sections["preface"] {
		r.Preface = append(r.Preface, text(p.Text))
	}
	for _, s := range f.Sections {
		section := annual.Section{Key: s.Key, Heading: text(s.Full)}
		for _, p := range v.Body.Sections[s.Key] {
			section.Paragraphs = append(section.Paragraphs, text(p.Text))
		}
		r.Sections = append(r.Sections, section)
		if s.Table != "" {
			block++
			v.cells(r, s.Table, block)
		}
	}
	return r
}

// cells fills a table of the report.
func (v *Version) cells(r *annual.Report, table string, block int) {
	for _, c := range r.Form.Cells() {
		one, ok := v.Figures[c.Key]
		if !ok || c.Key.Table() != table {
			continue
		}
		cell := annual.Cell{State: annual.Printed, Value: one.Value, Raw: one.Value.String()}
		cell.At.Block, cell.At.Row, cell.At.Col = block, c.Index+1, 1
		r.Cells[c.Key] = cell
	}
}
