package search

import (
	"context"
	"slices"
	"sync"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

// mark is what filters and facets ask for: a kind and the key a document bears.
type mark struct {
	kind Facet
	key  string
}

// The kinds of marks that are filters only.
const (
	inSection Facet = "section"
	inState   Facet = "state"
)

// marks are all there ever were in an index, by number.
type marks struct {
	number map[mark]uint32
	all    []mark
}

func (m *marks) add(one mark) {
	m.number[one] = uint32(len(m.all))
	m.all = append(m.all, one)
}

// volume is an open index file with what is kept of it in memory.
type volume struct {
	file  *db.DB
	cache *cache

	merging  sync.Mutex   // one merge at a time
	mu       sync.RWMutex // held for reading by each search
	segments []*segment
	marks    *marks
	df       []uint32 // in how many documents single characters occur
}

// newVolume reads what is kept in memory.
func newVolume(ctx context.Context, file *db.DB) (*volume, error) {
	v := &volume{file: file, cache: newCache()}
	return v, v.load(ctx)
}

// load reads the descriptions of segments and marks anew.
func (v *volume) load(ctx context.Context) error {
	return v.file.View(ctx, func(tx *db.Tx) error {
		all, err := segments(tx)
		if err != nil {
			return err
		}
		rows, err := deadRows(tx)
		if err != nil {
			return err
		}
		marks, err := readMarks(tx)
		if err != nil {
			return err
		}
		v.mu.Lock()
		defer v.mu.Unlock()
		v.segments, v.marks = all, marks
		v.kill(rows)
		v.count()
		return nil
	})
}

func (v *volume) kill(rows []int64) {
	for _, r := range rows {
		for _, s := range v.segments {
			s.kill(r)
		}
	}
}

// count adds up the segments' single characters.
func (v *volume) count() {
	v.df = make([]uint32, sketched)
	for _, s := range v.segments {
		addCounts(v.df, s.chars)
	}
}

func (v *volume) all() []*segment {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return slices.Clone(v.segments)
}

// put takes the given documents out of the index and puts those that exist in again, with the
// place in the log that this brings the index to.
func (v *volume) put(ctx context.Context, ids []string, docs []Document, at int64) error {
	var rows []int64
	var s *segment
	var p putter
	err := v.file.Update(ctx, func(tx *db.Tx) (err error) {
		if rows, err = strike(tx, ids); err != nil {
			return err
		}
		p = putter{tx: tx, next: map[date.Date]int64{}, known: v.marks, newly: map[mark]uint32{}}
		if s, err = p.put(docs); err != nil {
			return err
		}
		return setCursor(tx, at)
	})
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, m := range p.fresh {
		v.marks.add(m)
	}
	v.kill(rows)
	if s != nil {
		v.segments = append(v.segments, s)
		addCounts(v.df, s.chars)
	}
	return nil
}

// replace puts one segment in the place of several, when the searches that are under way have
// ended. Documents that changed while it was made are passed over in it too.
func (v *volume) replace(some []*segment, s *segment) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, one := range some {
		for doc, row := range one.rows {
			if one.isDead(uint32(doc)) {
				s.kill(row)
			}
		}
	}
	v.segments = slices.DeleteFunc(v.segments, func(one *segment) bool { return slices.Contains(some, one) })
	v.segments = append(v.segments, s)
	v.count()
}

// mostCached bounds the bytes of blocks kept in memory.
const mostCached = 96 << 20

// cache keeps blocks that were read. One that is asked for again stays longer.
type cache struct {
	mu    sync.Mutex
	held  map[int64]*kept
	queue []int64
	bytes int
}

type kept struct {
	data  []byte
	asked bool
}

func newCache() *cache { return &cache{held: map[int64]*kept{}} }

func (c *cache) get(id int64) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.held[id]
	if k == nil {
		return nil
	}
	k.asked = true
	return k.data
}

func (c *cache) put(id int64, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held[id] != nil {
		return
	}
	c.held[id] = &kept{data: data}
	c.queue = append(c.queue, id)
	for c.bytes += len(data); c.bytes > mostCached; {
		first := c.queue[0]
		c.queue = c.queue[1:]
		if k := c.held[first]; k.asked {
			k.asked = false
			c.queue = append(c.queue, first)
		} else {
			c.bytes -= len(k.data)
			delete(c.held, first)
		}
	}
}

// blocks returns blocks of a segment from one on up to another.
func (v *volume) blocks(tx *db.Tx, s *segment, first, last int) ([][]byte, error) {
	all := make([][]byte, last-first+1)
	for i := range all {
		all[i] = v.cache.get(s.block(first + i))
	}
	for i := 0; i < len(all); {
		if all[i] != nil {
			i++
			continue
		}
		end := i
		for end < len(all) && all[end] == nil {
			end++
		}
		from := s.block(first)
		err := eachBlock(tx, from+int64(i), from+int64(end), func(id int64, data []byte) {
			all[id-from] = data
			v.cache.put(id, data)
		})
		if err != nil {
			return nil, err
		}
		i = end
	}
	return all, nil
}

// list returns the pieces that the tokens from one on and before another have in a segment.
func (v *volume) list(tx *db.Tx, s *segment, from, before token) (some []piece, err error) {
	first, last := s.between(from, before)
	if last < first {
		return nil, nil
	}
	all, err := v.blocks(tx, s, first, last)
	if err != nil {
		return nil, err
	}
	for i, data := range all {
		pieces(s.tokens[first+i], data, func(p piece) bool {
			if p.token >= from && p.token < before {
				some = append(some, p)
			}
			return p.token < before
		})
	}
	return some, nil
}
