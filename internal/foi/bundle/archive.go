package bundle

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/emmansun/gmsm/sm3"
	"github.com/xuri/excelize/v2"

	"gongkai/internal/date"
	"gongkai/internal/foi"
	"gongkai/internal/foi/letter"
	"gongkai/internal/paper"
	"gongkai/internal/secret"
)

// archiveFormat is the version of the archive's form. docs/archive.md describes it.
const archiveFormat = 1

// schema describes the register's data, for who reads an archive without this program.
//
//go:embed schema.json
var schema []byte

// entry is one file of an archive as its index lists it.
type entry struct {
	Path, Title string
	Pages       int
	Size        int64
	SHA256, SM3 string
}

// archive is one being written.
type archive struct {
	ctx   context.Context
	o     *foi.Dossier
	zip   *zip.Writer
	root  string
	part  string // the folder in hand
	n     int    // of its papers so far
	files []entry
}

// Archive writes the folder of a closed request as a ZIP: papers, record, trail, index and
// checksums. The manifest is sealed with the installation's key, so that it can tell its own
// archives from altered ones. Equal dossiers give equal bytes. 条例第四十五条.
func Archive(ctx context.Context, w io.Writer, o *foi.Dossier, keys *secret.Keyring) error {
	if o.Request.State.Open() {
		return ErrOpen
	}
	a := &archive{ctx: ctx, o: o, zip: zip.NewWriter(w), root: FolderName(o)}
	for _, part := range []func() error{a.application, a.register, a.letters, a.sendings, a.materials, a.data, a.history, a.index} {
		if err := part(); err != nil {
			return fmt.Errorf("archive %s: %w", o.Request.ID, err)
		}
	}
	if err := a.manifest(keys); err != nil {
		return fmt.Errorf("archive %s: %w", o.Request.ID, err)
	}
	return a.zip.Close()
}

// FolderName is the name of a request's archive folder.
func FolderName(o *foi.Dossier) string {
	no := o.Request.No
	if no == "" {
		no = o.Request.ID
	}
	return safe(say.T("bundle.folder", "no", no))
}

// begin begins a folder of the archive.
func (a *archive) begin(part string) { a.part, a.n = part, 0 }

// put writes a file.
func (a *archive) put(name, title string, pages int, data []byte) error {
	if err := a.ctx.Err(); err != nil {
		return err
	}
	m := moment(a.o)
	at := time.Date(m.Year(), time.Month(m.Month()), m.Day(), 0, 0, 0, 0, time.UTC)
	f, err := a.zip.CreateHeader(&zip.FileHeader{Name: a.root + "/" + name, Method: zip.Deflate, Modified: at})
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	two, three := sha256.Sum256(data), sm3.Sum(data)
	a.files = append(a.files, entry{name, title, pages, int64(len(data)), hex.EncodeToString(two[:]), hex.EncodeToString(three[:])})
	return nil
}

// next puts a file under the part's next number.
func (a *archive) next(title, suffix string, pages int, data []byte) error {
	a.n++
	return a.put(fmt.Sprintf("%s/%s-%02d %s", a.part, a.part[:2], a.n, safe(title+suffix)), title, pages, data)
}

// ownPage begins each page of a PDF made here.
var ownPage = []byte("/Type /Page\n")

// paper puts a paper as PDF and, where it may be worked on later, as DOCX.
func (a *archive) paper(title string, d *paper.Document, both bool) error {
	data, err := pdf(d)
	if err != nil {
		return err
	}
	if err := a.next(title, ".pdf", bytes.Count(data, ownPage), data); err != nil || !both {
		return err
	}
	if data, err = docx(d); err != nil {
		return err
	}
	a.n--
	return a.next(title, ".docx", 0, data)
}

// kept puts the files of some kinds as they were brought.
func (a *archive) kept(kinds ...foi.FileKind) error {
	for _, kind := range kinds {
		for _, f := range a.o.Files {
			if f.Kind != kind {
				continue
			}
			data, err := a.o.Content(a.ctx, f)
			if err != nil {
				return err
			}
			pages, err := pagesOf(a.ctx, f.Name, data)
			if err != nil {
				return err
			}
			if err := a.next(say.Text(foi.Word(string(kind)))+" "+f.Name, "", pages, data); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *archive) form(code letter.Code) error {
	i := slices.IndexFunc(a.o.Forms, func(l *letter.Letter) bool { return l.Code == code })
	if i < 0 {
		return nil
	}
	return a.paper(titleOf(a.o.Forms[i], ""), a.o.Forms[i].Document(), true)
}

func (a *archive) application() error {
	a.begin(say.T("bundle.part.application"))
	if err := a.form(letter.Application); err != nil {
		return err
	}
	return a.kept(foi.Scanned, foi.IdentityFile, foi.Authority, foi.Attachment)
}

// register holds the forms and sheets of the handling.
func (a *archive) register() error {
	a.begin(say.T("bundle.part.register"))
	if err := a.form(letter.Register); err != nil {
		return err
	}
	for _, d := range sheets(a.o) {
		if err := a.paper(d.title, d.document(a.o), false); err != nil {
			return err
		}
	}
	return a.form(letter.Approval)
}

// sheets are those the record has anything for.
func sheets(o *foi.Dossier) (all []docket) {
	if o.Record.Correction != nil {
		all = append(all, corrected(o))
	}
	if len(o.Record.Consulted) > 0 {
		all = append(all, consulted(o))
	}
	if o.Record.Extension != nil {
		all = append(all, extended(o))
	}
	if len(o.Record.Searches) > 0 {
		all = append(all, searches(o))
	}
	return all
}

// letters are those that were numbered; a voided one keeps its number and its place.
func (a *archive) letters() error {
	a.begin(say.T("bundle.part.letters"))
	for _, l := range a.o.Letters {
		if l.No == "" {
			continue
		}
		title := titleOf(l.Text, l.No)
		if l.State == foi.Voided {
			title = say.T("bundle.voided", "title", title)
		}
		if err := a.paper(title, l.Text.Document(), true); err != nil {
			return err
		}
	}
	return a.kept(foi.LetterFile)
}

func (a *archive) sendings() error {
	a.begin(say.T("bundle.part.sendings"))
	if err := a.form(letter.ServiceReturn); err != nil {
		return err
	}
	if d := deliveries(a.o); len(d.rows) > 0 {
		if err := a.paper(d.title, d.document(a.o), false); err != nil {
			return err
		}
	}
	return a.kept(foi.Receipt)
}

func (a *archive) materials() error {
	a.begin(say.T("bundle.part.materials"))
	return a.kept(foi.Opinion, foi.Found, foi.Redacted, foi.Dispute)
}

// Data is the register of a request as an archive holds it: see schema.json.
type Data struct {
	Format  int          `json:"format"`
	Agency  DataAgency   `json:"agency"`
	Request DataRequest  `json:"request"`
	Record  *foi.Record  `json:"record"`
	Letters []DataLetter `json:"letters"`
	Files   []DataFile   `json:"files"`
}

// DataAgency is the body.
type DataAgency struct {
	Name   string `json:"name"`
	Credit string `json:"credit_code,omitempty"`
}

// DataRequest is what lists know of the request.
type DataRequest struct {
	ID         string    `json:"id"`
	No         string    `json:"no"`
	Title      string    `json:"title"`
	Channel    string    `json:"channel"`
	Nature     string    `json:"nature"`
	State      string    `json:"state"`
	Kind       string    `json:"applicant_kind"`
	Department string    `json:"department,omitempty"`
	Submitted  date.Date `json:"submitted,omitzero"`
	Received   date.Date `json:"received,omitzero"`
	Due        date.Date `json:"due,omitzero"`
	Closed     date.Date `json:"closed,omitzero"`
	Outcome    string    `json:"outcome,omitempty"`
	Late       bool      `json:"late"`
	Counted    bool      `json:"counted"`
}

// DataLetter is one letter's way.
type DataLetter struct {
	Code    string         `json:"code"`
	No      string         `json:"no,omitempty"`
	State   string         `json:"state"`
	Way     string         `json:"way,omitempty"`
	Sent    date.Date      `json:"sent,omitzero"`
	Arrived date.Date      `json:"arrived,omitzero"`
	Text    *letter.Letter `json:"text"`
}

// DataFile is what is known of a file.
type DataFile struct {
	Kind   string    `json:"kind"`
	Name   string    `json:"name"`
	Size   int64     `json:"size"`
	Origin string    `json:"origin"`
	At     time.Time `json:"at"`
	Report string    `json:"report,omitempty"`
}

func dataOf(o *foi.Dossier) Data {
	r := o.Request
	d := Data{
		Format: archiveFormat, Agency: DataAgency{o.Agency.Name, o.Agency.CreditCode}, Record: o.Record, Letters: []DataLetter{}, Files: []DataFile{},
		Request: DataRequest{
			ID: r.ID, No: r.No, Title: r.Title, Channel: string(r.Channel), Nature: string(r.Nature), State: string(r.State), Kind: string(r.Kind), Department: r.Department,
			Submitted: r.SubmittedOn, Received: r.Received, Due: r.Due, Closed: r.ClosedOn, Outcome: string(r.Outcome), Late: r.Late, Counted: r.Counted,
		},
	}
	for _, l := range o.Letters {
		d.Letters = append(d.Letters, DataLetter{string(l.Code), l.No, string(l.State), string(l.Way), l.SentOn, l.ArrivedOn, l.Text})
	}
	for _, f := range o.Files {
		d.Files = append(d.Files, DataFile{string(f.Kind), f.Name, f.Size, f.Origin, f.At.UTC(), f.Report})
	}
	return d
}

func (a *archive) data() error {
	a.begin(say.T("bundle.part.data"))
	text, err := json.MarshalIndent(dataOf(a.o), "", "  ")
	if err != nil {
		return err
	}
	if err := a.next(say.T("bundle.data"), ".json", 0, text); err != nil {
		return err
	}
	return a.next(say.T("bundle.schema"), ".json", 0, schema)
}

// line is an entry of the trail in the archive.
type line struct {
	Seq      int64     `json:"seq"`
	At       time.Time `json:"at"`
	Actor    string    `json:"actor"`
	Name     string    `json:"name"`
	Behalf   string    `json:"behalf,omitempty"`
	Remote   string    `json:"remote,omitempty"`
	Act      string    `json:"act"`
	Version  int64     `json:"version"`
	Cite     string    `json:"cite,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Detail   string    `json:"detail,omitempty"`
	Previous string    `json:"previous"`
	Digest   string    `json:"digest"`
}

func (a *archive) history() error {
	a.begin(say.T("bundle.part.history"))
	var lines bytes.Buffer
	out := json.NewEncoder(&lines)
	for _, r := range a.o.History {
		if err := out.Encode(line{r.Seq, r.At.UTC(), r.Actor, r.ActorName, r.Behalf, r.Remote, r.Act, r.Version, r.Cite, r.Reason, r.Detail, r.Previous, r.Digest}); err != nil {
			return err
		}
	}
	d := trail(a.o)
	if err := a.next(d.title, ".jsonl", 0, lines.Bytes()); err != nil {
		return err
	}
	return a.paper(d.title, d.document(a.o), false)
}

// index writes the table of contents (卷内目录) as PDF and XLSX.
func (a *archive) index() error {
	d := docket{
		title: say.T("bundle.sheet.index"), heads: []string{"bundle.head.n", "bundle.head.title", "bundle.head.file", "bundle.head.pages", "bundle.head.size"},
		widths: []float64{1, 6, 7, 2, 3},
	}
	for i, f := range a.files {
		pages := ""
		if f.Pages > 0 {
			pages = fmt.Sprint(f.Pages)
		}
		d.rows = append(d.rows, []string{fmt.Sprint(i + 1), f.Title, f.Path, pages, fmt.Sprint(f.Size)})
	}
	doc := d.document(a.o)
	doc.Facts = append(doc.Facts, paper.Fact{Name: say.T("bundle.fact.title"), Value: a.o.Request.Title})
	text, err := pdf(doc)
	if err != nil {
		return err
	}
	book, err := sheet(d)
	if err != nil {
		return err
	}
	if err := a.put("00 "+d.title+".pdf", d.title, 0, text); err != nil {
		return err
	}
	return a.put("00 "+d.title+".xlsx", d.title, 0, book)
}

// sheet writes a docket as a workbook. Texts stay texts: none is taken for a formula.
func sheet(d docket) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	name := f.GetSheetName(0)
	if err := f.SetSheetName(name, d.title); err != nil {
		return nil, err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "center"}})
	if err != nil {
		return nil, err
	}
	for i, w := range d.widths {
		col, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return nil, err
		}
		if err := f.SetColWidth(d.title, col, col, 6*w); err != nil {
			return nil, err
		}
		if err := f.SetCellStr(d.title, col+"1", say.T(d.heads[i])); err != nil {
			return nil, err
		}
	}
	if err := f.SetRowStyle(d.title, 1, 1, bold); err != nil {
		return nil, err
	}
	for r, row := range d.rows {
		for c, text := range row {
			cell, err := excelize.CoordinatesToCellName(c+1, r+2)
			if err != nil {
				return nil, err
			}
			if err := f.SetCellStr(d.title, cell, text); err != nil {
				return nil, err
			}
		}
	}
	var b bytes.Buffer
	_, err = f.WriteTo(&b)
	return b.Bytes(), err
}
