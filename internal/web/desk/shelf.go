package desk

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"sync"
	"time"
)

// shelf holds the batches of all users in memory, within bounds. It never drops one to
// make room for another: a user's work is worth more than a newcomer's start.
type shelf struct {
	limits Limits
	now    func() time.Time

	mu      sync.Mutex
	batches map[string]*batch
	used    int64
}

func newShelf(l Limits, now func() time.Time) *shelf {
	return &shelf{limits: l, now: now, batches: map[string]*batch{}}
}

// open starts a batch for the browser that holds token.
func (s *shelf) open(token string) (*batch, error) {
	s.sweep()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.batches) >= s.limits.Batches {
		return nil, ErrFull
	}
	now := s.now()
	b := &batch{id: rand.Text(), owner: sha256.Sum256([]byte(token)), shelf: s, touched: now}
	s.batches[b.id] = b
	b.timer = time.AfterFunc(s.limits.Idle, s.sweep)
	return b, nil
}

// find returns the batch called id if the browser that holds token made it.
func (s *shelf) find(id, token string) (*batch, error) {
	s.sweep()
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.batches[id]
	if b == nil || !b.ownedBy(token) {
		return nil, ErrGone
	}
	b.touched = s.now()
	b.timer.Reset(s.limits.Idle)
	return b, nil
}

// of returns the batches the browser that holds token made, oldest first.
func (s *shelf) of(token string) []*batch {
	s.sweep()
	s.mu.Lock()
	defer s.mu.Unlock()
	var mine []*batch
	for _, b := range s.batches {
		if b.ownedBy(token) {
			mine = append(mine, b)
		}
	}
	return mine
}

// clear forgets b and everything in it.
func (s *shelf) clear(b *batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(b)
}

// sweep forgets what nobody touched for the idle time.
func (s *shelf) sweep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for _, b := range s.batches {
		if now.Sub(b.touched) >= s.limits.Idle {
			s.drop(b)
		}
	}
}

// drop runs under the lock.
func (s *shelf) drop(b *batch) {
	if s.batches[b.id] != b {
		return
	}
	b.timer.Stop()
	delete(s.batches, b.id)
	s.used -= b.charged
	b.charged = 0
}

// charge reserves n bytes for b, fewer than none to give them back. A batch that is gone
// gets nothing.
func (s *shelf) charge(b *batch, n int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.batches[b.id] != b {
		return ErrGone
	}
	if n > 0 && s.used+n > s.limits.Memory {
		return ErrFull
	}
	s.used += n
	b.charged += n
	return nil
}

func (b *batch) ownedBy(token string) bool {
	sum := sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(sum[:], b.owner[:]) == 1
}
