package audit

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/i18n"
)

// AnchorJob is the kind of the daily job that writes the anchor into the log.
const AnchorJob = "audit.anchor"

// Anchor is the chain's end at some time. Kept elsewhere, in a log that is shipped away or
// on paper, it proves that nothing up to it was cut off or written anew since.
type Anchor struct {
	Seq    int64
	Digest string
}

// String writes an anchor as ParseAnchor reads it.
func (a Anchor) String() string { return strconv.FormatInt(a.Seq, 10) + "-" + a.Digest }

// ErrAnchor refuses what is not written as an anchor.
var ErrAnchor = &fault.Error{Kind: fault.Invalid, Code: "audit.bad_anchor", Field: "anchor"}

// ParseAnchor reads an anchor.
func ParseAnchor(text string) (Anchor, error) {
	number, digest, found := strings.Cut(strings.TrimSpace(text), "-")
	seq, err := strconv.ParseInt(number, 10, 64)
	if !found || err != nil || seq < 1 || len(digest) != 64 || strings.Trim(digest, "0123456789abcdef") != "" {
		return Anchor{}, ErrAnchor.With("value", text)
	}
	return Anchor{seq, digest}, nil
}

// Head returns the anchor of the chain's present end; its Seq is 0 when there are no entries.
func Head(ctx context.Context, d *db.DB) (a Anchor, err error) {
	err = d.View(ctx, func(tx *db.Tx) (err error) {
		a, err = head(tx)
		return err
	})
	return a, err
}

// HeadIn is Head as a transaction sees it.
func HeadIn(tx *db.Tx) (Anchor, error) { return head(tx) }

// LogAnchor returns what runs the daily job.
func LogAnchor(d *db.DB, log *slog.Logger) func(ctx context.Context, args []byte) error {
	return func(ctx context.Context, _ []byte) error {
		a, err := Head(ctx, d)
		if err == nil {
			log.Info("audit anchor", "anchor", a.String())
		}
		return err
	}
}

// Problem is one thing wrong with the chain.
type Problem struct {
	Seq     int64 // of the entry it was found at
	Message i18n.Message
}

// Verdict is what a walk along the chain found.
type Verdict struct {
	Entries  int64
	Head     Anchor // the last entry
	Found    int    // problems
	Problems []Problem
}

// most is how many problems are told one by one: a chain with another key has one an entry.
const most = 100

// Sound reports whether nothing was found.
func (v *Verdict) Sound() bool { return v.Found == 0 }

func (v *Verdict) add(seq int64, m i18n.Message) {
	if v.Found++; v.Found <= most {
		v.Problems = append(v.Problems, Problem{seq, m})
	}
}

// Verify walks along the chain, one entry in memory at a time, and finds entries that were
// altered, taken out, put in or reordered (R-SEC-04). An end that was cut off together with
// its note of the end is found by the anchors kept elsewhere.
func Verify(ctx context.Context, d *db.DB, anchors ...Anchor) (*Verdict, error) {
	v := &Verdict{}
	err := d.View(ctx, func(tx *db.Tx) error {
		*v = Verdict{}
		missing := map[int64]string{}
		for _, a := range anchors {
			missing[a.Seq] = a.Digest
		}
		if err := each(tx, func(r *Record) error {
			v.step(r, d.ChainKey)
			if want, anchored := missing[r.Seq]; anchored {
				delete(missing, r.Seq)
				if want != r.Digest {
					v.add(r.Seq, i18n.M("audit.verify.anchor"))
				}
			}
			return nil
		}); err != nil {
			return err
		}
		end, err := head(tx)
		if err != nil {
			return err
		}
		v.end(end, missing)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("verify the audit chain: %w", err)
	}
	return v, nil
}

// step compares one entry with itself and the one before.
func (v *Verdict) step(r *Record, key []byte) {
	switch next := v.Head.Seq + 1; {
	case r.Seq > next+1:
		v.add(r.Seq, i18n.M("audit.verify.gap", "from", next, "to", r.Seq-1))
	case r.Seq > next:
		v.add(r.Seq, i18n.M("audit.verify.gap_one", "seq", next))
	case r.Previous != v.Head.Digest:
		v.add(r.Seq, i18n.M("audit.verify.broken", "seq", r.Seq))
	}
	if r.Digest != r.digest(key) {
		v.add(r.Seq, i18n.M("audit.verify.altered", "seq", r.Seq))
	}
	v.Entries++
	v.Head = Anchor{r.Seq, r.Digest}
}

// end compares the last entry with the note of the end and with the anchors beyond it.
func (v *Verdict) end(noted Anchor, missing map[int64]string) {
	if noted != v.Head {
		v.add(v.Head.Seq, i18n.M("audit.verify.end", "seq", v.Head.Seq, "noted", noted.Seq))
	}
	for seq := range missing {
		v.add(seq, i18n.M("audit.verify.cut", "seq", seq))
	}
}
