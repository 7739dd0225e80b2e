package office

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gongkai/internal/fault"
	"gongkai/internal/foi"
	"gongkai/internal/foi/redact"
	"gongkai/internal/i18n"
	"gongkai/internal/web"
)

// redactPage is where a person marks what of a file is withheld. What is marked travels in the
// form: nothing of it is kept before the copy is made.
type redactPage struct {
	Page
	Name, Action, Back string
	Problem            string
	Ground             *Field
	Sheet              *redactSheet
	Passages           []redactPassage
	More               int // passages that are not shown
	Proposals          []redactProposal
	Marks              []redactMark
	Elsewhere          []redactProposal
	Notes              []string // what the copy will lack besides
	Words              string
	Secret             bool // a ground says that the file holds a state secret
}

// redactSheet is the page in hand with what is marked on it.
type redactSheet struct {
	Number, Count int
	Title         string // page 3 of 12
	Width, Height float64
	Picture       string
	Marked, Found []redactBox
}

// redactBox is an area on a page.
type redactBox struct{ X, Y, W, H float64 }

// redactPassage is a paragraph or a cell in pieces, some of them marked.
type redactPassage struct {
	N      int // from 1
	Where  string
	Whole  string // the place of all of it
	Pieces []redactPiece
}

type redactPiece struct {
	Text   string
	Marked bool
}

// redactProposal is a text that may have to be withheld.
type redactProposal struct {
	Value       string // its places
	Kind, Words string
	Where       string
}

// redactMark is a mark as the list shows it.
type redactMark struct {
	i18n.Printer
	Place, Where, Words string
	Grounds             []Choice
	Note                string
	Here                bool
}

// mostShown is how many passages a page shows at once.
const mostShown = 400

// redacting is a file being marked: what was asked for and what is marked so far.
type redacting struct {
	o     *Office
	r     *http.Request
	view  *foi.View
	file  *redact.File
	form  *web.Form
	marks []redact.Mark
	page  int
}

// openRedact opens the file of the address. That it was read is on record.
func (o *Office) openRedact(r *http.Request) (*redacting, error) {
	id := r.PathValue("id")
	f, data, err := o.Requests.OpenFile(r.Context(), o.Actor(r), id, r.PathValue("file"))
	if err != nil {
		return nil, err
	}
	file, err := redact.Open(r.Context(), f.Name, data)
	if err != nil {
		return nil, err
	}
	view, err := o.Requests.Load(r.Context(), o.Actor(r), id, false)
	if err != nil {
		return nil, err
	}
	return &redacting{o: o, r: r, view: view, file: file, page: 1}, nil
}

// showRedact shows a file with what is proposed.
func (o *Office) showRedact(w http.ResponseWriter, r *http.Request) error {
	d, err := o.openRedact(r)
	if err != nil {
		return err
	}
	d.form = web.ReadQuery(r)
	return d.show(w, http.StatusOK, "")
}

// showRedactPicture sends the picture of one page.
func (o *Office) showRedactPicture(w http.ResponseWriter, r *http.Request) error {
	f, data, err := o.Requests.OpenFile(r.Context(), o.Actor(r), r.PathValue("id"), r.PathValue("file"))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("page"))
	if err != nil {
		return redact.ErrPlace
	}
	picture, err := redact.Draw(r.Context(), f.Name, data, n)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	_, err = w.Write(picture)
	return err
}

// actRedact takes marks in, and makes the copy when asked.
func (o *Office) actRedact(w http.ResponseWriter, r *http.Request) error {
	d, err := o.openRedact(r)
	if err != nil {
		return err
	}
	d.form = web.ReadForm(r)
	if err := d.form.Err(); err != nil {
		return err
	}
	if d.read(); d.form.Text("do") != "make" {
		return d.show(w, http.StatusOK, "")
	}
	err = d.make(w)
	if message, known := fault.MessageOf(err); known && mendable(err) {
		return d.show(w, http.StatusUnprocessableEntity, printer(r).Text(message))
	}
	return err
}

// make makes the copy and keeps it with the request's files.
func (d *redacting) make(w http.ResponseWriter) error {
	out, err := d.file.Apply(d.r.Context(), d.marks)
	if err != nil {
		return err
	}
	upload := foi.Upload{Kind: foi.Redacted, Name: out.Name, Data: out.Data, Report: d.report(out.Report)}
	if _, err := d.o.Requests.AddFile(d.r.Context(), d.o.Actor(d.r), d.view.Request.ID, upload); err != nil {
		return err
	}
	return d.o.done(w, d.r, i18n.M("redact.office.made", "count", len(out.Report.Withheld)), "/office/requests/%s", d.view.Request.ID)
}

// read takes in what the form holds: marks made before, and what was ticked, drawn or looked for.
func (d *redacting) read() {
	f := d.form
	do, what, _ := strings.Cut(f.Text("do"), ":")
	d.page = max(1, f.Int("page"))
	if do == "page" {
		if n, err := strconv.Atoi(what); err == nil {
			d.page = n
		}
	}
	for _, s := range f.List("mark") {
		if do == "drop" && what == s {
			continue
		}
		d.add(s, redact.Ground(f.Text("ground-"+s)), f.AtMost("note-"+s, 100), f.Bool("here-"+s))
	}
	ground := redact.Ground(f.Text("ground"))
	for _, s := range f.List("take") {
		for one := range strings.SplitSeq(s, " ") {
			d.add(one, ground, "", false)
		}
	}
	d.addArea(ground)
	if do == "find" {
		for _, p := range d.file.Find(redact.Wanted{Words: splitLines(f.Text("words"))}) {
			if p.Kind == redact.Word {
				d.addPlaces(p.Places, ground)
			}
		}
	}
	if do == "also" {
		for _, at := range d.file.Elsewhere(d.marks) {
			d.add(placeText(at), d.groundOf(d.words(at), ground), "", false)
		}
	}
}

// add takes one mark in, once.
func (d *redacting) add(place string, ground redact.Ground, note string, here bool) {
	at, ok := placeOf(place)
	if !ok || slices.ContainsFunc(d.marks, func(m redact.Mark) bool { return m.Place == at }) {
		return
	}
	d.marks = append(d.marks, redact.Mark{Place: at, Ground: ground, Note: note, Here: here})
}

func (d *redacting) addPlaces(places []redact.Place, ground redact.Ground) {
	for _, p := range places {
		d.add(placeText(p), ground, "", false)
	}
}

// groundOf is the ground of a mark of the same words, or the one chosen for new marks.
func (d *redacting) groundOf(words string, usual redact.Ground) redact.Ground {
	for _, m := range d.marks {
		if strings.Join(strings.Fields(d.words(m.Place)), "") == strings.Join(strings.Fields(words), "") {
			return m.Ground
		}
	}
	return usual
}

// addArea takes in an area given in figures, in hundredths of the page.
func (d *redacting) addArea(ground redact.Ground) {
	f := d.form
	if f.Text("width") == "" || f.Text("height") == "" || d.page > len(d.file.Pages) {
		return
	}
	p := d.file.Pages[d.page-1]
	x, y := float64(f.Int("left"))/100, float64(f.Int("top"))/100
	at := redact.Place{Page: d.page, Box: redact.Box{
		X0: p.Width * x, Y0: p.Height * y,
		X1: p.Width * (x + float64(f.Int("width"))/100), Y1: p.Height * (y + float64(f.Int("height"))/100),
	}}
	d.add(placeText(at), ground, "", false)
}

// placeText writes a place as forms carry it: an area in tenths of the page's measure, or runes
// of a passage.
func placeText(p redact.Place) string {
	if p.Passage > 0 {
		return fmt.Sprintf("t-%d-%d-%d", p.Passage, p.Start, p.End)
	}
	return fmt.Sprintf("a-%d-%.0f-%.0f-%.0f-%.0f", p.Page, p.Box.X0*10, p.Box.Y0*10, p.Box.X1*10, p.Box.Y1*10)
}

func placeOf(s string) (p redact.Place, ok bool) {
	parts := strings.Split(s, "-")
	var n []int
	for _, one := range parts[1:] {
		v, err := strconv.Atoi(one)
		if err != nil || v < 0 || v > 1<<24 {
			return p, false
		}
		n = append(n, v)
	}
	switch {
	case parts[0] == "t" && len(n) == 3:
		return redact.Place{Passage: n[0], Start: n[1], End: n[2]}, true
	case parts[0] == "a" && len(n) == 5:
		tenth := func(i int) float64 { return float64(n[i]) / 10 }
		return redact.Place{Page: n[0], Box: redact.Box{X0: tenth(1), Y0: tenth(2), X1: tenth(3), Y1: tenth(4)}}, true
	}
	return p, false
}

// report words what was withheld, for the record and for letters: where and why, never what.
func (d *redacting) report(report redact.Report) string {
	p := i18n.To(i18n.Chinese) // letters are Chinese
	var lines []string
	for _, w := range report.Withheld {
		line := p.T("redact.report.line", "where", d.whereText(p, w.Place.Page, w.Part, w.Where), "ground", p.Text(w.Ground.Message()), "cite", w.Ground.Cite().String())
		if w.Note != "" {
			line += p.T("redact.report.note", "note", w.Note)
		}
		lines = append(lines, line)
	}
	return strings.Join(slices.Compact(lines), "\n")
}

// whereText words a place. What stands on no page of a PDF stands on a picture of the file.
func (d *redacting) whereText(p i18n.Printer, page int, part redact.Part, where string) string {
	switch {
	case page > 0 && d.file.Format != redact.PDF:
		return p.T("redact.at.picture", "n", page)
	case page > 0:
		return p.T("redact.at.page", "n", page)
	case part == redact.Sheet:
		return where
	case part == redact.SheetName:
		return p.T("redact.at.sheet_name", "name", where)
	case part == redact.Header, part == redact.Footer:
		return p.T("redact.at.margin")
	case part == redact.Footnote:
		return p.T("redact.at.footnote")
	}
	return p.T("redact.at.body")
}

// where words the place of a mark or a proposal.
func (d *redacting) where(at redact.Place) string {
	p := printer(d.r)
	if at.Passage < 1 || at.Passage > len(d.file.Passages) {
		return d.whereText(p, at.Page, "", "")
	}
	passage := d.file.Passages[at.Passage-1]
	return d.whereText(p, passage.Page, passage.Part, passage.Where)
}

// words returns the text of a place in a passage.
func (d *redacting) words(at redact.Place) string {
	if at.Passage < 1 || at.Passage > len(d.file.Passages) {
		return ""
	}
	text := []rune(d.file.Passages[at.Passage-1].Text)
	return string(text[min(at.Start, len(text)):min(max(at.Start, at.End), len(text))])
}

// grounds are the choices of a ground.
func grounds(p i18n.Printer, on redact.Ground) (all []Choice) {
	for _, g := range redact.Grounds() {
		all = append(all, Choice{Value: string(g), Text: p.T("redact.office.ground", "ground", p.Text(g.Message()), "cite", citeText(p, g)), On: g == on})
	}
	return all
}

func citeText(p i18n.Printer, g redact.Ground) string {
	if p.Lang() == i18n.English {
		return g.Cite().English()
	}
	return g.Cite().String()
}

// show shows the page.
func (d *redacting) show(w http.ResponseWriter, status int, problem string) error {
	o, r, request := d.o, d.r, d.view.Request
	p := &redactPage{Page: o.page(r, printer(r).T("redact.office.title")), Name: d.file.Name, Problem: problem,
		Action: o.path(r, "/office/requests/%s/files/%s/redact", request.ID, r.PathValue("file")), Back: o.path(r, "/office/requests/%s", request.ID)}
	p.Styles = append(p.Styles, o.assets.Path("redact.css"))
	p.Scripts = append(p.Scripts, o.assets.Path("redact.js"))
	p.Crumb(p.T("redact.office.requests"), o.path(r, "/office/requests"))
	p.Crumb(request.No, p.Back)
	ground := redact.Ground(d.form.Text("ground"))
	p.Ground = &Field{Printer: p.Printer, Name: "ground", Label: p.T("redact.office.ground_label"), Kind: SelectField, Choices: grounds(p.Printer, ground), Hint: p.T("redact.office.ground_hint")}
	p.Words = d.form.Text("words")
	for _, m := range d.marks {
		p.Marks = append(p.Marks, redactMark{p.Printer, placeText(m.Place), d.where(m.Place), d.words(m.Place), grounds(p.Printer, m.Ground), m.Note, m.Here})
		p.Secret = p.Secret || m.Ground.Secret()
	}
	for _, key := range d.file.Lost {
		p.Notes = append(p.Notes, p.T(key))
	}
	if n := len(d.file.Hidden); n > 0 {
		p.Notes = append(p.Notes, p.T("redact.office.hidden", "count", n))
	}
	found := d.propose(p)
	d.sheet(p, found)
	d.passages(p)
	for _, at := range d.file.Elsewhere(d.marks) {
		p.Elsewhere = append(p.Elsewhere, redactProposal{Value: placeText(at), Words: d.words(at), Where: d.where(at)})
	}
	return o.showAs(w, r, status, "request_redact", p)
}

// propose lists what may have to be withheld and is not marked: third parties' names, numbers of
// people, addresses.
func (d *redacting) propose(p *redactPage) (found []redact.Place) {
	wanted := redact.Wanted{Today: d.o.today()}
	for _, c := range d.view.Record.Consulted {
		if c.Party != foi.Organ {
			wanted.Names = append(wanted.Names, c.Name)
		}
	}
	for _, one := range d.file.Find(wanted) {
		var places []string
		for _, at := range one.Places {
			if !d.marked(at) {
				places = append(places, placeText(at))
				found = append(found, at)
			}
		}
		if len(places) > 0 {
			p.Proposals = append(p.Proposals, redactProposal{strings.Join(places, " "), p.T(kindNames[one.Kind]), strings.Join(strings.Fields(one.Words), " "), d.where(one.Places[0])})
		}
	}
	return found
}

// kindNames say what a proposal is.
var kindNames = map[redact.Kind]string{
	redact.Name: "redact.kind.name", redact.Word: "redact.kind.word", redact.Identity: "redact.kind.identity", redact.Phone: "redact.kind.phone",
	redact.Card: "redact.kind.card", redact.Passport: "redact.kind.passport", redact.Address: "redact.kind.address",
	redact.Mail: "redact.kind.mail", redact.Plate: "redact.kind.plate", redact.Person: "redact.kind.person",
}

// marked reports whether a mark covers a place of a passage.
func (d *redacting) marked(at redact.Place) bool {
	return slices.ContainsFunc(d.marks, func(m redact.Mark) bool {
		return m.Passage == at.Passage && m.Start <= at.Start && m.End >= at.End
	})
}

// sheet shows the page in hand, where the file has any.
func (d *redacting) sheet(p *redactPage, found []redact.Place) {
	if len(d.file.Pages) == 0 {
		return
	}
	d.page = min(d.page, len(d.file.Pages))
	page := d.file.Pages[d.page-1]
	p.Sheet = &redactSheet{Number: d.page, Count: len(d.file.Pages), Width: page.Width, Height: page.Height, Picture: p.Action + "/" + strconv.Itoa(d.page)}
	p.Sheet.Title = p.T("redact.office.page", "n", d.page, "count", p.Sheet.Count)
	if d.file.Format != redact.PDF {
		p.Sheet.Title = p.T("redact.office.image", "n", d.page, "count", p.Sheet.Count)
	}
	for _, m := range d.marks {
		p.Sheet.Marked = d.boxed(p.Sheet.Marked, m.Place)
	}
	for _, at := range found {
		p.Sheet.Found = d.boxed(p.Sheet.Found, at)
	}
}

// boxed adds the area of a place on the page in hand.
func (d *redacting) boxed(all []redactBox, at redact.Place) []redactBox {
	if at.Passage > len(d.file.Passages) || at.Passage > 0 && (d.file.Format != redact.PDF || at.End > utf8.RuneCountInString(d.file.Passages[at.Passage-1].Text)) {
		return all
	}
	page, b := d.file.Box(at)
	if page != d.page {
		return all
	}
	return append(all, redactBox{b.X0, b.Y0, b.X1 - b.X0, b.Y1 - b.Y0})
}

// passages shows the paragraphs or cells of a file without pages.
func (d *redacting) passages(p *redactPage) {
	if d.file.Format == redact.PDF {
		return
	}
	for i, one := range d.file.Passages {
		if strings.TrimSpace(one.Text) == "" {
			continue
		}
		if len(p.Passages) >= mostShown {
			p.More++
			continue
		}
		size := utf8.RuneCountInString(one.Text)
		p.Passages = append(p.Passages, redactPassage{
			N: i + 1, Where: d.whereText(p.Printer, 0, one.Part, one.Where), Whole: placeText(redact.Place{Passage: i + 1, End: size}), Pieces: d.pieces(i+1, one.Text),
		})
	}
}

// pieces parts a passage by what is marked.
func (d *redacting) pieces(n int, text string) (out []redactPiece) {
	for i, r := range []rune(text) {
		on := slices.ContainsFunc(d.marks, func(m redact.Mark) bool { return m.Passage == n && i >= m.Start && i < m.End })
		if k := len(out); k == 0 || out[k-1].Marked != on {
			out = append(out, redactPiece{Marked: on})
		}
		out[len(out)-1].Text += string(r)
	}
	return out
}

// Prev is the page before, 0 for none.
func (s *redactSheet) Prev() int { return s.Number - 1 }

// Next is the page after, 0 for none.
func (s *redactSheet) Next() int {
	if s.Number >= s.Count {
		return 0
	}
	return s.Number + 1
}
