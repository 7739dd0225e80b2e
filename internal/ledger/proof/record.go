package proof

import (
	"bytes"
	"encoding/json"
)

// Record is all that an edition says to the public, as record.json gives it: the bytes whose SHA-256
// stands in the log. It holds nothing that may change while the edition is shown, such as the
// sections it stands in, and nothing that only the office reads.
type Record struct {
	Format  string `json:"format"`
	Origin  string `json:"origin"` // the log's name
	Item    string `json:"item"`
	Edition int64  `json:"edition"`
	// Salt is random. It goes with the record when the record is retracted, so that nobody can find
	// out by trying what a digest left in the log was of; who kept the record can still prove it.
	Salt        string `json:"salt"`
	Agency      string `json:"agency"` // the body's key on the site
	Kind        string `json:"kind"`
	Provenance  string `json:"provenance"`
	IndexNo     string `json:"index_no"`
	PublishedAt string `json:"published_at"`

	Title        string     `json:"title"`
	Subtitle     string     `json:"subtitle"`
	Summary      string     `json:"summary"`
	DocNo        string     `json:"doc_no"`
	Issuer       string     `json:"issuer"`
	JointBodies  []string   `json:"joint_bodies"`
	IssuedOn     string     `json:"issued_on"`
	FormedOn     string     `json:"formed_on"`
	Theme        string     `json:"theme"`
	Genre        string     `json:"genre"`
	Keywords     []string   `json:"keywords"`
	Source       string     `json:"source"`
	SourceURL    string     `json:"source_url"`
	Validity     string     `json:"validity"`
	EffectiveOn  string     `json:"effective_on"`
	ExpiresOn    string     `json:"expires_on"`
	DisplayUntil string     `json:"display_until"`
	Note         string     `json:"note"`
	Body         string     `json:"body"`
	Files        []Attached `json:"files"`
}

// Attached is a file of a record.
type Attached struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Media      string `json:"media"`
	Size       int64  `json:"size"`
	SHA256     string `json:"sha256"`
	Alt        string `json:"alt"`
	Transcript string `json:"transcript"`
	Inline     bool   `json:"inline"` // stands in the text
}

// RecordFormat names the form of records.
const RecordFormat = "gongkai-record/1"

// JSON is the record's one text: the fields in the order above, none left out, on one line with an
// end of line. Its SHA-256 is what `sha256sum record.json` prints.
func (r Record) JSON() []byte {
	r.Format = RecordFormat
	r.JointBodies, r.Keywords, r.Files = full(r.JointBodies), full(r.Keywords), full(r.Files)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(r) // texts, numbers and lists of them always encode
	return b.Bytes()
}

// full makes "no values" one text: [] and never null.
func full[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// ParseRecord reads a record.
func ParseRecord(data []byte) (r Record, err error) {
	if err := json.Unmarshal(data, &r); err != nil || r.Format != RecordFormat {
		return Record{}, ErrRecord.Because(err)
	}
	return r, nil
}
