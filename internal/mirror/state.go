package mirror

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"gongkai/internal/change"
)

// The files of the folder beside the copy.
const (
	stateFile   = "state"   // what the copy holds, as of the last run that ended
	journalFile = "journal" // what a run wrote since, for the one after if it does not end
	sentFile    = "sent"    // the list of files that the last bundle led to
)

// record is what is known of a page of the copy.
type record struct {
	seq       int64 // of the log of changes before it was made
	size      int64
	sum       [32]byte
	packed    int64 // size of its compressed form, 0 for none
	packedSum [32]byte
	immutable bool // its address names its content
	tags      []uint32

	round int64 // not kept: the round that asked for it
}

// state is what is known of the copy.
type state struct {
	version string
	seq     int64
	partial bool // the first run has not ended yet: pages are right, but not all
	all     map[address]*record
	folders map[string]bool
	changed map[change.Tag]int64

	names   []change.Tag
	numberd map[change.Tag]uint32
}

func newState() *state {
	return &state{all: map[address]*record{}, folders: map[string]bool{}, numberd: map[change.Tag]uint32{}}
}

// numbers are tags by number: a million pages share most of theirs.
func (s *state) numbers(tags []change.Tag) (all []uint32) {
	for _, t := range tags {
		n, ok := s.numberd[t]
		if !ok {
			n = uint32(len(s.names))
			s.names = append(s.names, t)
			s.numberd[t] = n
		}
		all = append(all, n)
	}
	return all
}

func (s *state) tags(r *record) (all []change.Tag) {
	for _, n := range r.tags {
		all = append(all, s.names[n])
	}
	return all
}

// stale reports whether a page is to be asked for: what it was made from changed, or it never
// said what that was.
func (s *state) stale(r *record) bool {
	if r.immutable {
		return false
	}
	if len(r.tags) == 0 {
		return true
	}
	if s.changed[change.All] > r.seq {
		return true
	}
	for _, n := range r.tags {
		if s.changed[s.names[n]] > r.seq {
			return true
		}
	}
	return false
}

// settle says that all pages are right up to a number.
func (s *state) settle(seq int64) {
	s.seq = seq
	for _, r := range s.all {
		r.seq = seq
	}
}

const stateHead = "gongkai-mirror-state 1"

// load reads what is known of a copy; nothing for a new one. What a run that did not end had
// written counts if it is on the disk as it was written.
func load(dir string) (*state, error) {
	s := newState()
	if err := s.read(filepath.Join(stateDir(dir), stateFile), nil); err != nil {
		return nil, err
	}
	err := s.read(filepath.Join(stateDir(dir), journalFile), func(a address, r *record) bool {
		return sound(filepath.Join(dir, filepath.FromSlash(a.name())), r)
	})
	return s, err
}

// read takes in the lines of a file that holds lets pass.
func (s *state) read(name string, holds func(address, *record) bool) error {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		parts := strings.Split(in.Text(), "\t")
		switch parts[0] {
		case stateHead:
			if len(parts) == 3 && s.version == "" {
				s.version, s.partial = parts[1], holds != nil
				s.seq, _ = strconv.ParseInt(parts[2], 10, 64) // of an unreadable number everything is made anew
			}
		case "-":
			if len(parts) == 3 {
				delete(s.all, address{parts[1], parts[2]})
			}
		default:
			a, r, err := s.parse(parts)
			if err == nil && (holds == nil || holds(a, r)) {
				s.all[a] = r
			}
		}
	}
	return in.Err()
}

var errLine = errors.New("no line of a mirror's state")

func (s *state) parse(parts []string) (a address, r *record, err error) {
	if len(parts) < 8 {
		return a, nil, errLine
	}
	r = &record{immutable: parts[7] == "i"}
	a = address{parts[0], parts[1]}
	var errs [5]error
	r.seq, errs[0] = strconv.ParseInt(parts[2], 10, 64)
	r.size, errs[1] = strconv.ParseInt(parts[3], 10, 64)
	_, errs[2] = hex.Decode(r.sum[:], []byte(parts[4]))
	r.packed, errs[3] = strconv.ParseInt(parts[5], 10, 64)
	_, errs[4] = hex.Decode(r.packedSum[:], []byte(parts[6]))
	for _, t := range parts[8:] {
		r.tags = append(r.tags, s.numbers([]change.Tag{change.Tag(t)})...)
	}
	return a, r, errors.Join(errs[:]...)
}

func lineOf(a address, r *record, tags []change.Tag) string {
	mark := "-"
	if r.immutable {
		mark = "i"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\t%s\t%d\t%d\t%x\t%d\t%x\t%s", a.host, a.path, r.seq, r.size, r.sum, r.packed, r.packedSum, mark)
	for _, t := range tags {
		b.WriteString("\t")
		b.WriteString(string(t))
	}
	b.WriteString("\n")
	return b.String()
}

// save writes the state and ends the journal.
func (s *state) save(dir string) error {
	name := filepath.Join(stateDir(dir), stateFile)
	f, err := os.Create(name + ".new")
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	fmt.Fprintf(w, "%s\t%s\t%d\n", stateHead, s.version, s.seq)
	for a, r := range s.all {
		_, _ = w.WriteString(lineOf(a, r, s.tags(r))) // Flush tells
	}
	if err := errors.Join(w.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// journal is what a run wrote.
type journal struct {
	f *os.File
	w *bufio.Writer
}

// openJournal begins the journal of a run, or goes on with that of one that did not end.
func openJournal(dir string, s *state, seq int64) (*journal, error) {
	f, err := os.OpenFile(filepath.Join(stateDir(dir), journalFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	j := &journal{f, bufio.NewWriter(f)}
	_, err = fmt.Fprintf(j.w, "%s\t%s\t%d\n", stateHead, s.version, seq)
	return j, err
}

func (j *journal) add(a address, r *record, tags []change.Tag) error {
	_, err := j.w.WriteString(lineOf(a, r, tags))
	return err
}

func (j *journal) gone(a address) error {
	_, err := fmt.Fprintf(j.w, "-\t%s\t%s\n", a.host, a.path)
	return err
}

// close keeps the journal for the next run.
func (j *journal) close() {
	if j != nil && j.f != nil {
		_ = j.w.Flush() // what is lost is asked for again
		_ = j.f.Close()
		j.f = nil
	}
}

// end throws the journal away: the state has it all.
func (j *journal) end() error {
	name := j.f.Name()
	j.close()
	return drop(name)
}
