package agency

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// The faults of a table of bodies. Those of a row name the column as their field.
var (
	ErrFile         = &fault.Error{Kind: fault.Invalid, Code: "agency.import.file", Field: "file"}
	ErrRows         = &fault.Error{Kind: fault.TooLarge, Code: "agency.import.rows", Field: "file"}
	ErrColumns      = &fault.Error{Kind: fault.Invalid, Code: "agency.import.columns", Field: "file"}
	ErrTwice        = &fault.Error{Kind: fault.Invalid, Code: "agency.import.twice", Field: "name"}
	ErrNoParent     = &fault.Error{Kind: fault.Invalid, Code: "agency.import.no_parent", Field: "parent"}
	ErrNoSupervisor = &fault.Error{Kind: fault.Invalid, Code: "agency.import.no_supervisor", Field: "supervisor"}
	ErrBadDate      = &fault.Error{Kind: fault.Invalid, Code: "agency.import.bad_date", Field: "since"}
)

// The bounds of an imported table.
const (
	mostRows  = 20_000
	mostBytes = 64 << 20 // of an XLSX file, unpacked
)

// columns are the columns of the table, in order, by their messages.
var columns = []string{
	"agency.column.name", "agency.column.short", "agency.column.kind", "agency.column.level", "agency.column.parent",
	"agency.column.office", "agency.column.supervisor", "agency.column.org_code", "agency.column.credit_code",
	"agency.column.region", "agency.column.site_code", "agency.column.since", "agency.column.basis",
}

// Table returns today's bodies as rows of text with their heading, parents before children,
// in the form Import reads.
func (r *Registry) Table(ctx context.Context, by actor.Actor, p i18n.Printer) ([][]string, error) {
	t, err := r.Tree(ctx, by, date.Date{})
	if err != nil {
		return nil, err
	}
	name := func(id string) string {
		if a := t.Get(id); a != nil {
			return a.Name
		}
		return ""
	}
	rows := [][]string{make([]string, len(columns))}
	for i, key := range columns {
		rows[0][i] = p.Text(i18n.Message{Key: key})
	}
	for _, a := range t.All {
		rows = append(rows, []string{a.Name, a.ShortName, p.Text(a.Kind.Message()), p.Text(a.Level.Message()), name(a.Parent),
			name(a.Office), name(a.Supervisor), a.OrgCode, a.CreditCode, a.Region, a.SiteCode, a.Since.String(), a.Basis})
	}
	return rows, nil
}

// Row is one row of an imported table and what became of it.
type Row struct {
	N    int // as spreadsheets count, the heading being 1
	Name string
	Err  error // a fault.Error; nil when the row is good
	Kept bool  // on record already, passed over
	note New
	refs [3]string // names of parent, office and supervisor
}

// Message says what is to be said of the row, nothing of one that is good.
func (row *Row) Message() i18n.Message {
	if row.Kept && row.Err == nil {
		return i18n.M("agency.import.exists", "name", row.Name)
	}
	m, _ := fault.MessageOf(row.Err)
	return m
}

// Import is what a table of bodies would do, or did.
type Import struct {
	Rows    []*Row
	Created int
	Kept    int
	Wrong   int
	Done    bool // written; never when a row is wrong or it was a trial
}

// Import reads a table as Table makes it, XLSX or CSV (UTF-8 or GB18030), and creates the
// bodies it names. Bodies on record are passed over. Unless every row is good, and when
// trial is Trial, nothing is written. A row may stand before the row of its parent.
func (r *Registry) Import(ctx context.Context, by actor.Actor, data []byte, trial Trial) (im *Import, err error) {
	if err := by.May(actor.AgencyCreate, actor.Scope{}); err != nil {
		return nil, err
	}
	cells, err := readTable(data)
	if err != nil {
		return nil, err
	}
	err = r.DB.Update(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(treeLock); err != nil {
			return err
		}
		if im, err = readRows(cells); err != nil {
			return err
		}
		if err := im.write(tx); err != nil {
			return err
		}
		if im.Wrong > 0 || trial == Try || im.Created == 0 {
			return errUndo
		}
		for _, name := range im.created() {
			a, err := Named(tx, name)
			if err != nil {
				return err
			}
			if err := r.found(tx, by, a); err != nil {
				return err
			}
		}
		im.Done = true
		return audit.Append(tx, by, audit.Entry{Act: actor.AgencyCreate, Subject: "agency_import", ID: db.ID(),
			Detail: map[string]any{"created": im.Created, "kept": im.Kept, "names": im.created()}})
	})
	if errors.Is(err, errUndo) {
		err = nil
	}
	return im, err
}

// Trial says whether an import is to be written.
type Trial bool

// Try looks what an import would do; Write does it.
const (
	Try   Trial = true
	Write Trial = false
)

// errUndo ends a transaction that is not to stay.
var errUndo = errors.New("undo")

func (im *Import) created() []string {
	var names []string
	for _, row := range im.Rows {
		if row.Err == nil && !row.Kept {
			names = append(names, row.Name)
		}
	}
	return names
}

// readTable returns the cells of a spreadsheet's first sheet, or of a CSV file.
func readTable(data []byte) ([][]string, error) {
	if bytes.HasPrefix(data, []byte("PK")) {
		return readXLSX(data)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		plain, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil {
			return nil, ErrFile.Because(err)
		}
		data = plain
	}
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord = -1
	var all [][]string
	for {
		row, err := in.Read()
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, ErrFile.Because(err)
		case len(all) > mostRows:
			return nil, ErrRows.With("most", mostRows)
		}
		all = append(all, row)
	}
}

func readXLSX(data []byte) ([][]string, error) {
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: mostBytes, UnzipXMLSizeLimit: mostBytes})
	if err != nil {
		return nil, ErrFile.Because(err)
	}
	defer book.Close()
	all, err := book.GetRows(book.GetSheetName(0))
	if err != nil {
		return nil, ErrFile.Because(err)
	}
	if len(all) > mostRows+1 {
		return nil, ErrRows.With("most", mostRows)
	}
	return all, nil
}

// readRows reads the cells under a heading in either language, its columns in any order.
func readRows(cells [][]string) (*Import, error) {
	if len(cells) == 0 {
		return nil, ErrFile
	}
	at, err := heading(cells[0])
	if err != nil {
		return nil, err
	}
	im := &Import{}
	for i, row := range cells[1:] {
		get := func(key string) string {
			if n, ok := at[key]; ok && n < len(row) {
				return strings.TrimPrefix(strings.TrimSpace(row[n]), "'")
			}
			return ""
		}
		if strings.TrimSpace(strings.Join(row, "")) == "" {
			continue
		}
		im.Rows = append(im.Rows, readRow(i+2, get))
	}
	return im, nil
}

func heading(row []string) (map[string]int, error) {
	at := map[string]int{}
	for _, key := range columns {
		for _, l := range i18n.Langs {
			title := i18n.To(l).Text(i18n.Message{Key: key})
			if n := slices.IndexFunc(row, func(s string) bool { return strings.TrimSpace(s) == title }); n >= 0 {
				at[key] = n
			}
		}
	}
	for _, needed := range columns[:1] {
		if _, ok := at[needed]; !ok {
			return nil, ErrColumns.With("column", i18n.Message{Key: needed})
		}
	}
	return at, nil
}

func readRow(n int, get func(key string) string) *Row {
	row := &Row{N: n}
	row.note = New{Basis: get("agency.column.basis"), Facts: Facts{
		Name: get("agency.column.name"), ShortName: get("agency.column.short"),
		OrgCode: get("agency.column.org_code"), CreditCode: get("agency.column.credit_code"),
		Region: get("agency.column.region"), SiteCode: get("agency.column.site_code"),
	}}
	row.note.tidy()
	row.Name = row.note.Name
	row.refs = [3]string{squeeze(get("agency.column.parent")), squeeze(get("agency.column.office")), squeeze(get("agency.column.supervisor"))}
	row.note.Kind = kindCalled(get("agency.column.kind"), row.Name)
	row.note.Level = levelCalled(get("agency.column.level"))
	if text := get("agency.column.since"); text != "" {
		d, err := date.Parse(strings.ReplaceAll(text, "/", "-"))
		if err != nil {
			row.Err = ErrBadDate.With("text", text)
		}
		row.note.Since = d
	}
	return row
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// kindCalled returns the kind of that name in either language, or else the one the body's
// own name tells.
func kindCalled(text, name string) Kind {
	for _, k := range Kinds {
		for _, l := range i18n.Langs {
			if text == string(k) || text == i18n.To(l).Text(k.Message()) {
				return k
			}
		}
	}
	if text == "" {
		return KindOf(name)
	}
	return Unknown
}

func levelCalled(text string) Level {
	for _, v := range Levels {
		for _, l := range i18n.Langs {
			if text == string(v) || text == i18n.To(l).Text(v.Message()) {
				return v
			}
		}
	}
	return ""
}

// write creates the bodies of the good rows, then puts them in their places.
func (im *Import) write(tx *db.Tx) error {
	ids, err := im.known(tx)
	if err != nil {
		return err
	}
	made := map[*Row]*Agency{}
	for _, row := range im.Rows {
		if row.Err != nil || row.Kept {
			continue
		}
		a, err := create(tx, row.note)
		if fault.KindOf(err) == fault.Internal {
			return err
		}
		if row.Err = err; err == nil {
			made[row], ids[row.Name] = a, a.ID
		}
	}
	for _, row := range im.Rows {
		if a := made[row]; a != nil {
			if err := row.place(tx, a, ids); err != nil {
				return err
			}
		}
	}
	im.count()
	if im.Wrong > 0 {
		return nil
	}
	return im.settle(tx)
}

// settle holds the tree against its rules. What is wrong then is wrong with the table as a
// whole: the row whose body the fault names bears it.
func (im *Import) settle(tx *db.Tx) error {
	from := tx.Today()
	for _, row := range im.Rows {
		if !row.note.Since.IsZero() && row.note.Since.Before(from) {
			from = row.note.Since
		}
	}
	err := settle(tx, from)
	if kind := fault.KindOf(err); err == nil || kind != fault.Invalid {
		return err
	}
	for _, row := range im.Rows {
		if f := (*fault.Error)(nil); errors.As(err, &f) && f.Args["name"] == row.Name {
			row.Err = err
		}
	}
	im.count()
	if im.Wrong == 0 {
		return err
	}
	return nil
}

// known returns the bodies on record by name and marks the rows that name one of them, or
// one that another row names.
func (im *Import) known(tx *db.Tx) (map[string]string, error) {
	all, err := LoadAll(tx)
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for _, a := range all {
		ids[a.Name] = a.ID
	}
	seen := map[string]bool{}
	for _, row := range im.Rows {
		row.Kept = ids[row.Name] != ""
		if seen[row.Name] {
			row.Err = ErrTwice.With("name", row.Name)
		}
		seen[row.Name] = true
	}
	return ids, nil
}

// place puts a new body under those its row names.
func (row *Row) place(tx *db.Tx, a *Agency, ids map[string]string) error {
	for i, to := range []*string{&a.Parent, &a.Office, &a.Supervisor} {
		name := row.refs[i]
		if name == "" {
			continue
		}
		if ids[name] == "" {
			row.Err = []*fault.Error{ErrNoParent, ErrNoSupervisor.At("office"), ErrNoSupervisor}[i].With("name", name)
			return nil
		}
		*to = ids[name]
	}
	if row.refs == [3]string{} {
		return nil
	}
	if err := a.save(tx); err != nil {
		return err
	}
	p, err := last(tx, a.ID)
	if err != nil {
		return err
	}
	p.Facts = a.Facts
	return p.save(tx)
}

func (im *Import) count() {
	im.Created, im.Kept, im.Wrong = 0, 0, 0
	for _, row := range im.Rows {
		switch {
		case row.Err != nil:
			im.Wrong++
		case row.Kept:
			im.Kept++
		default:
			im.Created++
		}
	}
}
