package register

import (
	"crypto/rand"
	"sync"
	"time"
)

// The bounds of a shelf: files wait there while a person looks at what they would become.
const (
	shelfTime  = time.Hour
	shelfFiles = 20
	ownFiles   = 3
)

// Kept is a file on a shelf, with what its owner said about it and what became of it.
type Kept struct {
	ID, Owner, Agency string
	Name              string
	Book              *Book

	mu      sync.Mutex
	at      time.Time
	options Options
	running bool
	done    int
	all     int
	tally   *Tally
	err     error
}

// Shelf keeps the registers that people are taking in, in memory alone: each is gone after an hour,
// and with the program.
type Shelf struct {
	Clock func() time.Time

	mu    sync.Mutex
	files map[string]*Kept
}

// Put keeps a file for its owner, whose earliest gives way.
func (s *Shelf) Put(owner, agency, name string, b *Book) (*Kept, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Clock()
	if s.files == nil {
		s.files = map[string]*Kept{}
	}
	var own []*Kept
	for id, k := range s.files {
		if now.Sub(k.at) > shelfTime && !k.Running() {
			delete(s.files, id)
		} else if k.Owner == owner {
			own = append(own, k)
		}
	}
	for len(own) >= ownFiles {
		first := 0
		for i, k := range own {
			if k.at.Before(own[first].at) {
				first = i
			}
		}
		delete(s.files, own[first].ID)
		own = append(own[:first], own[first+1:]...)
	}
	if len(s.files) >= shelfFiles {
		return nil, ErrShelf
	}
	k := &Kept{ID: rand.Text(), Owner: owner, Agency: agency, Name: name, Book: b, at: now}
	s.files[k.ID] = k
	return k, nil
}

// Get returns a file to its owner.
func (s *Shelf) Get(owner, agency, id string) (*Kept, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.files[id]
	if k == nil || k.Owner != owner || k.Agency != agency || s.Clock().Sub(k.at) > shelfTime && !k.Running() {
		return nil, ErrGone
	}
	return k, nil
}

// Drop forgets a file.
func (s *Shelf) Drop(owner, agency, id string) {
	if k, err := s.Get(owner, agency, id); err == nil && !k.Running() {
		s.mu.Lock()
		delete(s.files, id)
		s.mu.Unlock()
	}
}

// Options returns what was said about the file.
func (k *Kept) Options() Options {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.options
}

// Say keeps what a person says about the file.
func (k *Kept) Say(o Options) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.options = o
}

// Running reports whether the file's rows are being taken in.
func (k *Kept) Running() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.running
}

// Begin marks that its rows are being taken in; it fails while they are.
func (k *Kept) Begin() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.running {
		return ErrBusy
	}
	k.running, k.done, k.all, k.tally, k.err = true, 0, 0, nil, nil
	return nil
}

// Told notes how far the taking in has come.
func (k *Kept) Told(done, all int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.done, k.all = done, all
}

// End notes what became of it.
func (k *Kept) End(t Tally, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.running, k.tally, k.err = false, &t, err
}

// Result returns how far it has come and, once it is over, what became of it.
func (k *Kept) Result() (done, all int, t *Tally, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.done, k.all, k.tally, k.err
}
