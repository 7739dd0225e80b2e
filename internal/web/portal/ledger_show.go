package portal

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/disclosure"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/ledger/proof"
)

// ledgerLine is an entry of the public log as its page lists it.
type ledgerLine struct {
	Seq     int64
	Act     string
	At      string
	Index   string
	Title   string // of what is public still, else its number
	Href    string
	Proof   string // address of proof.json
	Record  string // digest
	Machine string // the time for machines
}

// ledgerAnswer is what came of looking at one document.
type ledgerAnswer struct {
	Good  bool
	Text  string
	More  string
	Lines []ledgerLine
}

type ledgerPage struct {
	page
	Origin     string
	Leaves     int64 // entries of the log
	At         string
	Root       string
	Keys       []string
	Numbers    []string
	Checkpoint string
	Lines      []ledgerLine
	No         string // the index number asked for
	Answer     *ledgerAnswer
	Paths      struct{ Self, Key, Checkpoint string }
	Where      string // the site's address, for the command
}

// ledgerRows is how many entries the page lists.
const ledgerRows = 10

// showLedger explains the public log and shows how it stands; with an index number also what it says
// of that document.
func (p *portal) showLedger(w http.ResponseWriter, r *http.Request) error {
	v, err := p.ledgerPage(r)
	if err != nil {
		return err
	}
	if v.No = strings.TrimSpace(r.URL.Query().Get("no")); v.No != "" {
		if v.Answer, err = p.answerNumber(r, v); err != nil {
			return err
		}
	}
	return p.pages.Write(w, r, http.StatusOK, "ledger", v)
}

func (p *portal) ledgerPage(r *http.Request) (*ledgerPage, error) {
	s, err := p.Ledger.Status(r.Context())
	if err != nil {
		return nil, err
	}
	depend(r, change.Published)
	v := &ledgerPage{page: p.page(r, ""), Origin: s.Origin, Leaves: s.Size, At: second(s.At), Keys: s.Keys, Checkpoint: s.Checkpoint}
	v.Title = v.T("ledger.page.title")
	v.Trail = p.trail(r, v.page, nil, nil)
	v.Styles = append(v.Styles, p.assets.Path("ledger.css"))
	v.Paths.Self, v.Paths.Key, v.Paths.Checkpoint = p.path(r, "/ledger"+ending), p.path(r, "/ledger/key"), p.path(r, "/ledger/checkpoint")
	if v.Where = p.full(r, hereOf(r.Context()).Place, "/"); strings.HasPrefix(v.Where, "/") {
		v.Where = v.T("ledger.page.address")
	}
	if lines := strings.Split(s.Checkpoint, "\n"); len(lines) > 2 {
		v.Root = lines[2]
	}
	for _, k := range s.Keys {
		v.Numbers = append(v.Numbers, ledger.Number(k))
	}
	recent, err := p.Ledger.Recent(r.Context(), 0, ledgerRows)
	if err != nil {
		return nil, err
	}
	v.Lines, err = p.ledgerLines(r, v, recent)
	return v, err
}

// ledgerLines are entries with the titles of what is public still.
func (p *portal) ledgerLines(r *http.Request, v *ledgerPage, marks []*ledger.Mark) (all []ledgerLine, err error) {
	for _, m := range marks {
		l := ledgerLine{Seq: m.Seq, Act: v.Text(m.Act.Message()), At: second(m.At), Machine: m.At.Format(time.RFC3339), Index: m.Index, Record: m.Record}
		leaf, err := p.Reader.Item(r.Context(), m.Item)
		switch {
		case errors.Is(err, disclosure.ErrNone):
		case err != nil:
			return nil, err
		default:
			l.Href, l.Proof = p.item(r, leaf.Item.Agency, m.Item), p.plainIn(r, leaf.Item.Agency, "/items/"+m.Item+"/proof.json")
			if leaf.Edition != nil {
				l.Title = leaf.Edition.Title
			}
		}
		if l.Title == "" {
			l.Title, l.Index = cmp.Or(l.Index, m.Item), ""
		}
		all = append(all, l)
	}
	return all, nil
}

// answerNumber says what the log says of the document with an index number, and whether what is shown
// of it is what stands in the log.
func (p *portal) answerNumber(r *http.Request, v *ledgerPage) (*ledgerAnswer, error) {
	m, err := p.Ledger.Numbered(r.Context(), p.Reader, v.No)
	if fault.KindOf(err) == fault.NotFound {
		return &ledgerAnswer{Text: v.T("ledger.page.no_number", "no", v.No), More: v.T("ledger.page.no_number_more")}, nil
	}
	if err != nil {
		return nil, err
	}
	a := &ledgerAnswer{}
	if a.Lines, err = p.historyOf(r, v, m.Item); err != nil {
		return nil, err
	}
	if !m.Act.Public() {
		a.Good, a.Text = true, v.T("ledger.page.down", "act", v.Text(m.Act.Message()), "at", second(m.At))
		return a, nil
	}
	record, err := p.Ledger.Record(r.Context(), p.Reader, m.Item)
	if err != nil {
		return nil, err
	}
	if a.Good = proof.Digest(record) == m.Record; a.Good {
		a.Text, a.More = v.T("ledger.page.same", "seq", m.Seq), v.T("ledger.page.same_more")
		return a, nil
	}
	a.Text, a.More = v.T("ledger.page.other", "seq", m.Seq), v.T("ledger.page.other_more")
	return a, nil
}

func (p *portal) historyOf(r *http.Request, v *ledgerPage, item string) ([]ledgerLine, error) {
	all, err := p.Ledger.Of(r.Context(), item)
	if err != nil {
		return nil, err
	}
	return p.ledgerLines(r, v, all)
}

// maxRecord bounds a record somebody wants checked: a text of the longest kind with its table of files.
const maxRecord = 8 << 20

// checkRecord says whether a record or proof that somebody kept stands in the log.
func (p *portal) checkRecord(w http.ResponseWriter, r *http.Request) error {
	data, err := sentRecord(w, r)
	if err != nil {
		return err
	}
	v, err := p.ledgerPage(r)
	if err != nil {
		return err
	}
	if v.Answer, err = p.answerKept(r, v, data); err != nil {
		return err
	}
	return p.pages.Write(w, r, http.StatusOK, "ledger", v)
}

// sentRecord reads the file that was chosen, or else the text that was pasted.
func sentRecord(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRecord)
	err := r.ParseForm()
	if err == nil {
		err = r.ParseMultipartForm(maxRecord)
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, errRecordSize
	}
	if f, _, err := r.FormFile("file"); err == nil {
		defer f.Close()
		if data, err := io.ReadAll(f); err == nil && len(data) > 0 {
			return data, nil
		}
	}
	// A browser sends the ends of lines of a text as two characters; a record has the one at its end.
	return []byte(strings.ReplaceAll(r.FormValue("text"), "\r\n", "\n")), nil
}

var errRecordSize = &fault.Error{Kind: fault.TooLarge, Code: "ledger.page.too_large"}

// answerKept looks at what somebody kept.
func (p *portal) answerKept(r *http.Request, v *ledgerPage, data []byte) (*ledgerAnswer, error) {
	if d, err := proof.ParseDocument(data); err == nil {
		return p.answerProof(r, v, d)
	}
	text := strings.TrimSpace(string(data)) + "\n"
	record, err := proof.ParseRecord([]byte(text))
	if err != nil {
		return &ledgerAnswer{Text: v.T("ledger.page.neither"), More: v.T("ledger.page.neither_more")}, nil
	}
	m, last, err := p.Ledger.Digested(r.Context(), record.Item, proof.Digest([]byte(text)))
	if errors.Is(err, ledger.ErrNone) {
		return &ledgerAnswer{Text: v.T("ledger.page.unknown"), More: v.T("ledger.page.unknown_more")}, nil
	}
	if err != nil {
		return nil, err
	}
	a := &ledgerAnswer{Good: true, Text: v.T("ledger.page.found", "seq", m.Seq, "act", v.Text(m.Act.Message()), "at", second(m.At))}
	if !last {
		a.More = v.T("ledger.page.later")
	}
	a.Lines, err = p.historyOf(r, v, record.Item)
	return a, err
}

// answerProof follows a proof that somebody kept with the log's own keys.
func (p *portal) answerProof(r *http.Request, v *ledgerPage, d proof.Document) (*ledgerAnswer, error) {
	keys, err := proof.ParseKeys(strings.Join(v.Keys, "\n"))
	if err != nil {
		return nil, err
	}
	e, c, err := d.Check(keys)
	if err != nil {
		m, ok := fault.MessageOf(err)
		if !ok {
			return nil, err
		}
		return &ledgerAnswer{Text: v.Text(m), More: v.T("ledger.page.proof_bad")}, nil
	}
	a := &ledgerAnswer{Good: true, Text: v.T("ledger.page.proof_good", "seq", d.Index, "act", v.Text(e.Act.Message()), "at", second(e.At)), More: v.T("ledger.page.proof_size", "n", c.Size)}
	a.Lines, err = p.historyOf(r, v, e.Item)
	return a, err
}

// second is a time to the second, in China's.
func second(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(date.China).Format(time.DateTime)
}
