package proof

import (
	"encoding/json"

	"golang.org/x/mod/sumdb/tlog"
)

// Document is the proof of one document, as proof.json gives it: the entry, the way from it to the
// root of the tree, and the signed checkpoint. It stays valid however the log grows.
type Document struct {
	Format     string      `json:"format"`
	Origin     string      `json:"origin"`
	Keys       []string    `json:"keys"`  // for convenience: hold them against what is known from elsewhere
	Index      int64       `json:"index"` // of the entry, from 0
	Entry      string      `json:"entry"`
	Path       []tlog.Hash `json:"path"`
	Checkpoint string      `json:"checkpoint"`
}

// DocumentFormat names the form of proofs.
const DocumentFormat = "gongkai-proof/1"

// JSON is the proof as it is downloaded.
func (d Document) JSON() []byte {
	d.Format = DocumentFormat
	d.Path, d.Keys = full(d.Path), full(d.Keys)
	b, _ := json.MarshalIndent(d, "", "  ") // texts, numbers and hashes always encode
	return append(b, '\n')
}

// ParseDocument reads a proof.
func ParseDocument(data []byte) (d Document, err error) {
	if err := json.Unmarshal(data, &d); err != nil || d.Format != DocumentFormat {
		return Document{}, ErrProof.Because(err)
	}
	return d, nil
}

// Check follows the proof and returns what it proves: that the log of one of the keys holds the
// entry. That no later entry of the same document exists only the whole log shows.
func (d Document) Check(keys Keys) (Entry, Checkpoint, error) {
	c, err := OpenCheckpoint([]byte(d.Checkpoint), keys)
	if err != nil {
		return Entry{}, c, err
	}
	e, err := ParseEntry([]byte(d.Entry))
	if err != nil {
		return Entry{}, c, err
	}
	if e.Origin != c.Origin {
		return Entry{}, c, ErrOther.With("want", c.Origin).With("got", e.Origin)
	}
	if d.Index < 0 || d.Index >= c.Size {
		return Entry{}, c, ErrProof
	}
	if err := tlog.CheckRecord(d.Path, c.Size, c.Root, d.Index, e.Leaf()); err != nil {
		return Entry{}, c, ErrProof.Because(err)
	}
	return e, c, nil
}
