package bundle

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"gongkai/internal/extract"
	"gongkai/internal/foi"
	"gongkai/internal/foi/letter"
	"gongkai/internal/paper"
)

// Exhibit is a paper that can be shown as evidence.
type Exhibit struct {
	ID     string
	Name   string
	Proves string // 证明目的, in words the person may change
	Usual  bool   // shown unless the person leaves it out
	stage  int
	paper  *paper.Document // made from the record,
	file   *foi.File       // or brought
}

// mostProves bounds the words a person writes about an exhibit.
const mostProves = 300

// stages puts letters in the order of what the law asks for step by step; the decision comes last.
var stages = map[letter.Code]int{"L01": 20, "L02": 30, "L03": 35, "L34": 36, "L05": 40, "L06": 41, "L07": 42, "L08": 43, "L04": 50, "L09": 55}

// provesKeys say what a letter is shown for.
var provesKeys = map[letter.Code]string{
	"L01": "bundle.proves.receipt", "L02": "bundle.proves.correction", "L03": "bundle.proves.reasons", "L04": "bundle.proves.extension",
	"L05": "bundle.proves.consultation", "L06": "bundle.proves.consultation", "L07": "bundle.proves.consultation", "L08": "bundle.proves.consultation",
	"L09": "bundle.proves.fee", "L34": "bundle.proves.reasons",
}

// fileStages put files among the papers; what nobody need see unasked is not usual: who the
// applicant is, and the information itself.
var fileStages = map[foi.FileKind]struct {
	stage  int
	usual  bool
	proves string
}{
	foi.Scanned: {11, true, "bundle.proves.application"}, foi.IdentityFile: {12, false, "bundle.proves.identity"}, foi.Authority: {13, false, "bundle.proves.identity"},
	foi.Attachment: {14, false, "bundle.proves.application"}, foi.Opinion: {46, true, "bundle.proves.consultation"},
	foi.Found: {62, false, "bundle.proves.found"}, foi.Redacted: {63, false, "bundle.proves.found"},
	foi.LetterFile: {81, true, "bundle.proves.decision"}, foi.Receipt: {91, true, "bundle.proves.delivery"}, foi.Dispute: {99, false, "bundle.proves.other"},
}

// Exhibits lists the papers of a request in the order in which they are shown.
func Exhibits(o *foi.Dossier) (all []Exhibit) {
	for _, l := range o.Forms {
		switch l.Code {
		case letter.Application:
			all = append(all, Exhibit{ID: "form-application", Name: titleOf(l, ""), Proves: say.T("bundle.proves.application"), Usual: true, stage: 10, paper: l.Document()})
		case letter.Approval:
			all = append(all, Exhibit{ID: "form-approval", Name: titleOf(l, ""), Proves: say.T("bundle.proves.approval"), stage: 70, paper: l.Document()})
		}
	}
	for _, l := range o.Letters {
		if l.State == foi.Sent {
			all = append(all, letterExhibit(l))
		}
	}
	add := func(id, proves string, stage int, d docket) {
		all = append(all, Exhibit{ID: id, Name: d.title, Proves: say.T(proves), Usual: true, stage: stage, paper: d.document(o)})
	}
	if c := o.Record.Correction; c != nil {
		add("correction", "bundle.proves.correction", 31, corrected(o))
	}
	if len(o.Record.Consulted) > 0 {
		add("consulted", "bundle.proves.consultation", 45, consulted(o))
	}
	if o.Record.Extension != nil {
		add("extension", "bundle.proves.approved", 51, extended(o))
	}
	if len(o.Record.Searches) > 0 {
		add("searches", "bundle.proves.search", 60, searches(o))
	}
	if d := deliveries(o); len(d.rows) > 0 {
		add("deliveries", "bundle.proves.delivery", 90, d)
	}
	for _, f := range o.Files {
		s := fileStages[f.Kind]
		all = append(all, Exhibit{
			ID: "file-" + f.ID, Name: say.T("bundle.file", "kind", foi.Word(string(f.Kind)), "name", f.Name), Proves: say.T(cmp.Or(s.proves, "bundle.proves.other")),
			Usual: s.usual, stage: s.stage, file: f,
		})
	}
	slices.SortStableFunc(all, func(a, b Exhibit) int { return a.stage - b.stage })
	return all
}

func letterExhibit(l *foi.Letter) Exhibit {
	stage, known := stages[l.Code]
	key := provesKeys[l.Code]
	if !known {
		stage, key = 75, "bundle.proves.other"
		if k, ok := letter.Find(l.Code); ok && k.Decision {
			stage, key = 80, "bundle.proves.decision"
		}
	}
	return Exhibit{ID: "letter-" + l.ID, Name: titleOf(l.Text, l.No), Proves: say.T(key), Usual: true, stage: stage, paper: l.Text.Document()}
}

// Choice is an exhibit a person chose, with what it is to prove; "" keeps the usual words.
type Choice struct{ ID, Proves string }

// Usual are the choices of who changes nothing.
func Usual(o *foi.Dossier) (all []Choice) {
	for _, e := range Exhibits(o) {
		if e.Usual {
			all = append(all, Choice{ID: e.ID})
		}
	}
	return all
}

// Bound is an exhibit as it stands in the bundle, pages counted from 1.
type Bound struct {
	Number      int
	Name        string
	Proves      string
	First, Last int
}

// Volume is a bundle that was made.
type Volume struct {
	Pages    int
	Exhibits []Bound
}

// Evidence writes the evidence bundle of a request: cover, index, and the chosen papers, every page
// numbered. What cannot be printed has a page that says what it is.
func Evidence(ctx context.Context, w io.Writer, o *foi.Dossier, choices []Choice) (*Volume, error) {
	chosen, err := choose(o, choices)
	if err != nil {
		return nil, err
	}
	v := &Volume{}
	var file bytes.Buffer
	prints, err := printAll(ctx, o, chosen)
	if err != nil {
		return nil, err
	}
	if err := extract.Bind(ctx, func(b *extract.Binder) error { return v.bind(b, o, chosen, prints, &file) }); err != nil {
		return nil, fmt.Errorf("bind the evidence of %s: %w", o.Request.ID, err)
	}
	return v, finish(w, file.Bytes(), v.bookmarks(), say.T("bundle.evidence.title", "no", o.Request.No), o.Agency.Name, moment(o))
}

// choose finds what was chosen, in the order it is shown in.
func choose(o *foi.Dossier, choices []Choice) (chosen []Exhibit, err error) {
	for _, e := range Exhibits(o) {
		i := slices.IndexFunc(choices, func(c Choice) bool { return c.ID == e.ID })
		if i < 0 {
			continue
		}
		if own := strings.TrimSpace(choices[i].Proves); own != "" {
			e.Proves = string([]rune(own)[:min(len([]rune(own)), mostProves)])
		}
		chosen = append(chosen, e)
	}
	if len(chosen) == 0 || len(chosen) < len(choices) {
		return nil, ErrChoice
	}
	return chosen, nil
}

// bind binds the papers, then what stands before them: whose length the index itself must know.
func (v *Volume) bind(b *extract.Binder, o *foi.Dossier, chosen []Exhibit, prints [][]byte, file io.Writer) error {
	for i, e := range chosen {
		first := b.Pages() + 1
		if _, err := b.Add(e.Name, prints[i]); err != nil {
			notice, other := pdf(notice(o, e, prints[i]))
			if other != nil {
				return other
			}
			if _, err := b.Add(e.Name, notice); err != nil {
				return err
			}
		}
		v.Exhibits = append(v.Exhibits, Bound{i + 1, e.Name, e.Proves, first, b.Pages()})
	}
	front, err := v.front(b, o)
	if err != nil {
		return err
	}
	for i := range v.Exhibits {
		v.Exhibits[i].First += front
		v.Exhibits[i].Last += front
	}
	v.Pages = b.Pages()
	sample, err := stampSample()
	if err != nil {
		return err
	}
	if err := b.Stamp(sample, v.stamps); err != nil {
		return err
	}
	return b.Write(file)
}

// front binds cover and index before everything else and returns how many pages they have. An
// index that grows over a page by the numbers in it is made once more.
func (v *Volume) front(b *extract.Binder, o *foi.Dossier) (pages int, err error) {
	cover, err := pdf(coverOf(o, b.Pages(), len(v.Exhibits)))
	if err != nil {
		return 0, err
	}
	if _, err := b.Insert("", cover, 0); err != nil {
		return 0, err
	}
	for guess := 1; ; {
		index, err := pdf(v.index(o, 1+guess))
		if err != nil {
			return 0, err
		}
		n, err := b.Count(index)
		if err != nil {
			return 0, err
		}
		if n <= guess {
			_, err = b.Insert("", index, 1)
			return 1 + n, err
		}
		guess = n
	}
}

// stamps are what the margins of a page say: which page of how many, and which exhibit it is of.
func (v *Volume) stamps(page int) []extract.Stamp {
	all := []extract.Stamp{{Text: say.T("bundle.stamp.page", "n", page+1, "all", v.Pages), Size: 9, Foot: true}}
	for _, e := range v.Exhibits {
		if page+1 >= e.First && page+1 <= e.Last {
			all = append(all, extract.Stamp{Text: say.T("bundle.stamp.exhibit", "n", e.Number), Size: 12})
		}
	}
	return all
}

func coverOf(o *foi.Dossier, pages, exhibits int) *paper.Document {
	name := o.Record.Application.Applicant.Name
	t := &paper.Table{Name: say.T("bundle.evidence.cover"), Widths: []float64{3, 9}, Size: 14, Least: 36}
	for i, row := range facts("bundle.fact.case", say.T("bundle.evidence.case", "applicant", name, "agency", o.Agency.Name, "title", o.Request.Title),
		"bundle.fact.no", o.Request.No, "bundle.fact.applicant", name, "bundle.fact.agency", o.Agency.Name,
		"bundle.fact.received", day(o.Request.Received), "bundle.fact.closed", day(o.Request.ClosedOn),
		"bundle.fact.exhibits", say.T("bundle.evidence.count", "n", exhibits, "pages", pages)) {
		t.Rows = append(t.Rows, []paper.Cell{
			{Text: row[0], Role: paper.SideHead, Row: i, RowSpan: 1, ColSpan: 1}, {Text: row[1], Role: paper.RowHead, Row: i, Col: 1, RowSpan: 1, ColSpan: 1},
		})
	}
	return &paper.Document{Title: say.T("bundle.evidence.cover"), Body: []paper.Block{{Table: t}}, Signature: o.Agency.Name, Meta: paper.Meta{Title: say.T("bundle.evidence.cover"), Created: moment(o)}}
}

func (v *Volume) index(o *foi.Dossier, front int) *paper.Document {
	d := docket{
		title: say.T("bundle.evidence.index"), heads: []string{"bundle.head.exhibit", "bundle.head.title", "bundle.head.proves", "bundle.head.range"},
		widths: []float64{2, 6, 8, 3},
	}
	for _, e := range v.Exhibits {
		d.rows = append(d.rows, []string{fmt.Sprint(e.Number), e.Name, e.Proves, pageRange(e.First+front, e.Last+front)})
	}
	return d.document(o)
}

func pageRange(from, to int) string {
	if from == to {
		return fmt.Sprint(from)
	}
	return fmt.Sprintf("%d—%d", from, to)
}

// bookmarks name the places of a volume.
func (v *Volume) bookmarks() []bookmark {
	all := []bookmark{{say.T("bundle.evidence.cover"), 1}, {say.T("bundle.evidence.index"), 2}}
	for _, e := range v.Exhibits {
		all = append(all, bookmark{say.T("bundle.stamp.exhibit", "n", e.Number) + " " + e.Name, e.First})
	}
	return all
}
