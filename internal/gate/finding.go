package gate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"strings"

	"gongkai/internal/check"
	"gongkai/internal/extract"
	"gongkai/internal/i18n"
)

// Finding is one fault the gate found.
type Finding struct {
	check.Finding
	ID     string // the same for the same rule and the same words in the same surroundings
	Blocks bool   // submission needs a reasoned override by the secrecy reviewer
	Field  Field  // the metadata it concerns, "" if it stands in a part
	Spots  []Spot // where it stands; empty for metadata and for an attachment as a whole
	Part   string // the part it stands in, "" for metadata
	Fix    *Fix   // what may be done with one click; nil if that takes thought
}

// Spot is a range of runes in a part's text.
type Spot struct {
	Part       string
	Start, End int
	Quote      string             // the words; personal data only in part
	Hidden     extract.HiddenKind // how they are hidden in the file, "" if they are not
}

// Fix is a change that cannot do harm.
type Fix struct {
	Label i18n.Message
	Edits []Edit // of the body's or a plain part's text, none overlapping, in order
	Field Field  // or of one of the metadata
	Value string // its new value, "" to delete it
}

// Edit replaces runes Start to End of a part's text.
type Edit struct {
	Part       string
	Start, End int
	Was        string // what must stand there
	With       string
}

// detail is what rules tell Run besides a check.Finding.
type detail struct {
	field   Field
	part    string // of a finding on an attachment as a whole
	spots   []Spot
	fix     *Fix
	private bool   // the words are personal data: shown in part only
	key     string // what else tells two findings apart, such as an address linked to
}

// surroundings is how many runes before and after the words count for a finding's ID.
const surroundings = 32

// Run applies rules to the subject. The findings come in the order of the rules, each with a
// stable ID: what was overridden once is matched by it, until the words or what stands right
// around them change.
func Run(rules []check.Rule[*Subject], s *Subject) []Finding {
	c := *s
	c.prepare()
	var all []Finding
	seen := map[string]int{}
	for _, f := range check.Run(rules, &c) {
		all = append(all, c.finding(f, seen))
	}
	return all
}

// prepare adds title and summary as parts and looks the word lists up in all of them.
func (s *Subject) prepare() {
	s.Parts = slices.Clone(s.Parts)
	for id, text := range map[string]string{TitleID: s.Title, SummaryID: s.Summary} {
		if text != "" && s.part(id) == nil {
			s.Parts = append(s.Parts, Plain(id, text))
		}
	}
	slices.SortStableFunc(s.Parts, func(a, b Part) int { return order(a.ID) - order(b.ID) })
	if s.Words == nil {
		s.Words = DefaultWords()
	}
	s.words = map[string][]hit{}
	for i := range s.Parts {
		s.words[s.Parts[i].ID] = s.Words.find(s.Parts[i].text)
	}
}

// order puts the title and the summary before the body and that before attachments.
func order(id string) int {
	if n := slices.Index([]string{TitleID, SummaryID, BodyID}, id); n >= 0 {
		return n
	}
	return 3
}

// finding completes what a rule found.
func (s *Subject) finding(f check.Finding, seen map[string]int) Finding {
	d, _ := f.Detail.(*detail)
	if d == nil {
		d = &detail{}
	}
	f.Detail = nil
	out := Finding{Finding: f, Field: d.field, Part: d.part, Spots: d.spots, Fix: d.fix}
	out.Blocks = f.Severity == check.Error && slices.Contains(blocking, f.Code)
	var key strings.Builder
	fmt.Fprintf(&key, "%s|%s|%s|%s", f.Code, d.field, d.part, s.value(d.field))
	if p := s.part(d.part); p != nil {
		key.WriteString(p.Digest)
	}
	key.WriteString("|" + d.key)
	for i := range out.Spots {
		spot := &out.Spots[i]
		p := s.part(spot.Part)
		out.Part = spot.Part
		fmt.Fprintf(&key, "|%s:%s", spot.Part, p.Slice(spot.Start-surroundings, spot.Start)+"\x00"+p.Slice(spot.Start, spot.End)+"\x00"+p.Slice(spot.End, spot.End+surroundings))
		spot.Quote = p.Slice(spot.Start, spot.End)
		if d.private {
			spot.Quote = concealAll(spot.Quote)
		}
		spot.Hidden = p.segmentAt(spot.Start).hidden
		out.Places = append(out.Places, p.quote(*spot))
	}
	if len(out.Places) == 0 {
		out.Places = []check.Quote{s.whole(d)}
	}
	sum := sha256.Sum256([]byte(key.String()))
	id := hex.EncodeToString(sum[:12])
	seen[id]++
	if n := seen[id]; n > 1 {
		id = fmt.Sprintf("%s-%d", id, n)
	}
	out.ID = id
	return out
}

// whole points at a field of the metadata or at an attachment.
func (s *Subject) whole(d *detail) check.Quote {
	if p := s.part(d.part); p != nil {
		return check.Quote{Label: p.Label(), Text: p.Name}
	}
	return check.Quote{Label: d.field.Label(), Text: s.value(d.field)}
}

// Label names a field of the metadata.
func (f Field) Label() i18n.Message {
	if key, ok := fieldNames[f]; ok {
		return i18n.M(key)
	}
	return i18n.M("gate.field.item")
}

var fieldNames = map[Field]string{
	FieldTitle: "gate.field.title", FieldSummary: "gate.field.summary", FieldIndexNo: "gate.field.index_no",
	FieldDocNo: "gate.field.doc_no", FieldTheme: "gate.field.theme", FieldGenre: "gate.field.genre",
	FieldAttribute: "gate.field.attribute", FieldBasis: "gate.field.basis", FieldFormed: "gate.field.formed",
	FieldIssued: "gate.field.issued", FieldSource: "gate.field.source", FieldAuthor: "gate.field.author",
	FieldPublisher: "gate.field.publisher", FieldUntil: "gate.field.until", FieldReview: "gate.field.review",
}

// margin is how many runes around the words are quoted.
const margin = 16

// quote gives the words with a little of what stands around them on the line.
func (p *Part) quote(s Spot) check.Quote {
	from, to := p.line(s.Start)
	to = max(to, s.End)
	before, after := "", ""
	if s.Start-from > margin {
		from, before = s.Start-margin, "…"
	}
	if to-s.End > margin {
		to, after = s.End+margin, "…"
	}
	text := before + p.plain(from, s.Start) + s.Quote + p.plain(s.End, to) + after
	return check.Quote{At: p.Place(s.Start, s.End), Label: p.Label(), Text: text}
}

// plain shows tabs and line separators as spaces, and of a number that may be personal data of
// somebody else on the line no more than its ends, wherever the range cuts it.
func (p *Part) plain(from, to int) string {
	if from >= to {
		return ""
	}
	out := slices.Clone(p.text[from:to])
	first := sort.Search(len(p.numbers), func(i int) bool { return p.numbers[i].end > from })
	for _, n := range p.numbers[first:] {
		if n.start >= to {
			break
		}
		if len(n.digits) < concealFrom {
			continue
		}
		for i := max(from, n.start+3); i < min(to, n.end-3); i++ {
			out[i-from] = '*'
		}
	}
	for i, r := range out {
		if r == '\t' || r == '\n' || r == inCell {
			out[i] = ' '
		}
	}
	return string(out)
}

// concealFrom is the length from which a run of figures may be a person's number.
const concealFrom = 11

// star replaces the figures of a text but for the first and the last few.
func star(text []rune, first, last int) {
	total, n := 0, 0
	for _, r := range text {
		if digit(r) >= 0 {
			total++
		}
	}
	for i, r := range text {
		if digit(r) < 0 {
			continue
		}
		if n++; n > first && n <= total-last {
			text[i] = '*'
		}
	}
}

// concealAll shows of personal data the little that tells a reader which is meant: the ends
// of a number, the surname, an address without its figures.
func concealAll(s string) string {
	out := []rune(s)
	figures, all := 0, true
	for _, r := range out {
		if digit(r) >= 0 {
			figures++
		}
		all = all && (han(r) || r == '·')
	}
	switch {
	case figures >= 7:
		star(out, 3, 3)
	case all && len(out) <= 4:
		return maskName(s)
	default:
		star(out, 0, 0)
	}
	return string(out)
}
