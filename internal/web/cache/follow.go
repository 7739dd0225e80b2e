package cache

import (
	"context"
	"net/http"
	"sync"
	"time"

	"gongkai/internal/change"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/site"
)

// The margins under the second that a page may be behind at most: how often the log is read, how
// old what was read may be before a request reads it itself, how long that may take.
const (
	every    = 150 * time.Millisecond
	trust    = 700 * time.Millisecond
	patience = 2 * time.Second
)

// state is what was known of the log at one moment.
type state struct {
	seq   int64
	at    time.Time // the log was read after this moment
	day   date.Date // pages say what holds today
	sites *site.Map
	away  bool // the last reading failed: the rest is as it was before
}

// mark is what a kept page is marked with while nobody can know whether it is right: when it was
// known to be, "" otherwise.
func (s *state) mark() string {
	if !s.away {
		return ""
	}
	return s.at.UTC().Format(http.TimeFormat)
}

// Changed reports whether one of the tags was noted after a number of the log, as far as is known.
type Changed = func(after int64, tags []change.Tag) bool

// seen is what was read of the log: the last number of each tag.
type seen struct {
	sync.RWMutex
	last  map[change.Tag]int64
	floor int64 // what was noted up to here is not known by its tag
}

// mostTags bounds how many tags are remembered: beyond it all pages are made anew.
const mostTags = 200_000

func (s *seen) add(all []change.Entry) {
	s.Lock()
	defer s.Unlock()
	if s.last == nil || len(s.last) > mostTags {
		for _, n := range s.last {
			s.floor = max(s.floor, n)
		}
		s.last = map[change.Tag]int64{}
	}
	for _, e := range all {
		s.last[e.Tag] = e.Seq
	}
}

// forget makes everything up to a number unknown.
func (s *seen) forget(seq int64) {
	s.Lock()
	defer s.Unlock()
	s.last, s.floor = map[change.Tag]int64{}, seq
}

// changed reports whether one of the tags was noted after a number.
func (s *seen) changed(after int64, tags []change.Tag) bool {
	s.RLock()
	defer s.RUnlock()
	if after < s.floor {
		return true
	}
	for _, t := range tags {
		if s.last[t] > after {
			return true
		}
	}
	return s.last[change.All] > after
}

// Follow reads the log until ctx ends. Without it every request reads the log.
func (c *Cache) Follow(ctx context.Context) {
	c.follows.Store(true)
	defer c.follows.Store(false)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		c.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-c.hint:
		}
	}
}

// Hint says that something was just written: the log is read at once.
func (c *Cache) Hint() {
	select {
	case c.hint <- struct{}{}:
	default: // one is waiting
	}
}

// current returns what is known, reading the log if that is too old.
func (c *Cache) current(ctx context.Context) *state {
	asked := c.Now()
	fresh := func() *state {
		st := c.state.Load()
		if st != nil && c.follows.Load() && (st.away || asked.Sub(st.at) <= trust) {
			return st
		}
		return nil
	}
	if st := fresh(); st != nil {
		return st
	}
	c.looking.Lock()
	defer c.looking.Unlock()
	if st := fresh(); st != nil {
		return st
	}
	c.read(context.WithoutCancel(ctx))
	return c.state.Load()
}

func (c *Cache) look(ctx context.Context) {
	c.looking.Lock()
	defer c.looking.Unlock()
	c.read(ctx)
}

// read reads on in the log. What it read is known before the number it was read up to.
func (c *Cache) read(ctx context.Context) {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	old := c.state.Load()
	next := &state{at: c.Now()}
	next.day = date.Of(next.at.In(date.China))
	err := c.entries(ctx, old, next)
	if err == nil {
		c.state.Store(next)
		if old != nil && old.away {
			c.Log.Info("the database answers again")
		}
		return
	}
	if old == nil || ctx.Err() == context.Canceled {
		return
	}
	if !old.away {
		c.Log.Error("the database does not answer: kept pages are sent", "err", err)
	}
	away := *old
	away.away = true
	c.state.Store(&away)
}

// many is how many lines are read at a time.
const many = 2000

// entries reads what came after old and fills next.
func (c *Cache) entries(ctx context.Context, old, next *state) error {
	var all []change.Entry
	gap := old == nil
	err := c.DB.View(ctx, func(tx *db.Tx) (err error) {
		if next.seq, err = change.Head(tx); err != nil || gap || next.seq == old.seq {
			return err
		}
		for at := old.seq; ; at = all[len(all)-1].Seq {
			some, whole, err := change.Since(tx, at, many)
			if err != nil || !whole {
				gap = !whole
				return err
			}
			if all = append(all, some...); len(some) < many || len(all) > mostTags {
				gap = len(all) > mostTags
				return nil
			}
		}
	})
	if err != nil {
		return err
	}
	return c.take(ctx, old, next, all, gap)
}

// take makes what was read known: first where sites stand, then the tags, so that a page whose
// making begins with the new number knows all of it.
func (c *Cache) take(ctx context.Context, old, next *state, all []change.Entry, gap bool) (err error) {
	if gap || old.day != next.day || moved(all) {
		next.sites, err = c.Sites.Renew(ctx)
	} else {
		next.sites = old.sites
	}
	if err != nil {
		return err
	}
	if gap {
		c.log.forget(next.seq)
		return nil
	}
	if len(all) > 0 {
		c.log.add(all)
	}
	return nil
}

// moved reports whether sites or bodies are among what changed.
func moved(all []change.Entry) bool {
	for _, e := range all {
		if e.Tag == change.Areas("site") || e.Tag == change.Areas("agency") || e.Tag == change.All {
			return true
		}
	}
	return false
}
