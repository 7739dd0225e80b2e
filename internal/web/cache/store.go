package cache

import (
	"container/list"
	"sync"
	"sync/atomic"

	"gongkai/internal/change"
	"gongkai/internal/date"
)

// entry is a kept page.
type entry struct {
	key    key
	seq    int64 // of the log before its making began
	day    date.Date
	tags   []change.Tag
	status int
	head   []line
	body   [2]form // plain, compressed
	size   int64

	checked atomic.Int64 // number of the log up to which it is known to be right
	used    atomic.Bool  // since the store last looked for what can go
	place   *list.Element
}

// store is a bounded set of entries. What was used lately stays.
type store struct {
	limit int64

	mu    sync.RWMutex
	all   map[key]*entry
	order list.List // the next to go first
	bytes int64
}

func (s *store) get(k key) *entry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	e := s.all[k]
	if e != nil && !e.used.Load() {
		e.used.Store(true)
	}
	return e
}

// put keeps e in place of what had its key, and lets others go until there is room.
func (s *store) put(e *entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[key]*entry{}
	}
	if e.size > s.limit/4 {
		return
	}
	if old := s.all[e.key]; old != nil {
		s.remove(old)
	}
	for s.bytes+e.size > s.limit {
		first := s.order.Front().Value.(*entry)
		if first.used.Swap(false) {
			s.order.MoveToBack(first.place)
			continue
		}
		s.remove(first)
	}
	s.all[e.key], e.place, s.bytes = e, s.order.PushBack(e), s.bytes+e.size
}

// drop lets e go.
func (s *store) drop(e *entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all[e.key] == e {
		s.remove(e)
	}
}

func (s *store) remove(e *entry) {
	delete(s.all, e.key)
	s.order.Remove(e.place)
	s.bytes -= e.size
}

func (s *store) held() (bytes, pages int64) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.bytes, int64(len(s.all))
}

func (c *Cache) storeOf(k key) *store {
	if k.query != "" {
		return &c.asked
	}
	return &c.plain
}

// valid returns the page kept for k if it is right as far as st knows.
func (c *Cache) valid(k key, st *state) *entry {
	s := c.storeOf(k)
	e := s.get(k)
	if e == nil || c.right(e, st) {
		return e
	}
	s.drop(e)
	return nil
}

// right reports whether nothing that e was made from changed since.
func (c *Cache) right(e *entry, st *state) bool {
	if e.day != st.day {
		return false
	}
	if e.checked.Load() >= st.seq {
		return true
	}
	if c.log.changed(e.seq, e.tags) {
		return false
	}
	e.checked.Store(st.seq)
	return true
}
