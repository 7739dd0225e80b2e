package gate

// machine finds many words in one pass over a text (Aho and Corasick, 1975). It works on
// runes, full width and capitals folded; its edges stand in one hash table, so that fifty
// thousand words take a few megabytes.
type machine struct {
	class map[rune]int32 // runes that occur in words, from 1
	low   []uint16       // the same for the first plane, for speed
	root  []int32        // by class, where the first rune leads
	keys  []uint64       // node and class, 0 for a free slot
	nodes []int32        // where that edge leads
	fail  []int32        // the longest other word's beginning that ends here, too
	word  []int32        // the word that ends here, plus one
	next  []int32        // the nearest node along fail where a word ends
	size  []int32        // runes from the root
	alike []int32        // by word, the next of the same spelling plus one
}

// match is a word found.
type match struct {
	start, end int
	word       int
}

// mostMatches bounds what one text may yield. A text of nothing but wrong words would else
// take memory without end.
const mostMatches = 100_000

func newMachine(words []string) machine {
	m := machine{class: map[rune]int32{}, low: make([]uint16, 1<<16), alike: make([]int32, len(words))}
	edges := 16
	for _, w := range words {
		for _, r := range w {
			edges++
			if r = fold(r); m.class[r] == 0 {
				m.class[r] = int32(len(m.class) + 1)
				if r < 1<<16 && m.class[r] < 1<<16 {
					m.low[r] = uint16(m.class[r])
				}
			}
		}
	}
	size := 32
	for size < edges*2 {
		size *= 2
	}
	m.keys, m.nodes = make([]uint64, size), make([]int32, size)
	m.root = make([]int32, len(m.class)+1)
	m.node(0)
	parents := m.spell(words)
	m.link(parents)
	return m
}

// node adds a node of that depth.
func (m *machine) node(depth int32) int32 {
	m.fail, m.word, m.next, m.size = append(m.fail, 0), append(m.word, 0), append(m.next, 0), append(m.size, depth)
	return int32(len(m.fail) - 1)
}

// step is an edge of the tree.
type step struct{ from, class, to int32 }

// spell makes the tree of the words and returns its edges.
func (m *machine) spell(words []string) []step {
	var steps []step
	for i, w := range words {
		n := int32(0)
		for _, r := range w {
			c := m.class[fold(r)]
			to := m.edge(n, c)
			if to == 0 {
				to = m.node(m.size[n] + 1)
				m.put(n, c, to)
				steps = append(steps, step{n, c, to})
			}
			n = to
		}
		if n != 0 {
			m.alike[i] = m.word[n]
			m.word[n] = int32(i + 1)
		}
	}
	return steps
}

// link finds for each node where to go on when no edge fits, the shallow ones first.
func (m *machine) link(steps []step) {
	byDepth := make([][]step, longestWord+2)
	for _, s := range steps {
		d := min(int(m.size[s.to]), longestWord+1)
		byDepth[d] = append(byDepth[d], s)
	}
	for _, level := range byDepth {
		for _, s := range level {
			if s.from != 0 {
				m.fail[s.to] = m.follow(m.fail[s.from], s.class)
			}
			f := m.fail[s.to]
			m.next[s.to] = m.next[f]
			if m.word[f] != 0 {
				m.next[s.to] = f
			}
		}
	}
}

func slot(n, c int32, size int) uint64 {
	return (uint64(n)*0x9E3779B97F4A7C15 ^ uint64(c)*0xC2B2AE3D27D4EB4F) >> 20 & uint64(size-1)
}

func (m *machine) put(n, c, to int32) {
	if n == 0 {
		m.root[c] = to
		return
	}
	key := uint64(n)<<32 | uint64(c)
	i := slot(n, c, len(m.keys))
	for m.keys[i] != 0 {
		i = (i + 1) & uint64(len(m.keys)-1)
	}
	m.keys[i], m.nodes[i] = key, to
}

// edge returns where class c leads from node n, 0 if nowhere.
func (m *machine) edge(n, c int32) int32 {
	if n == 0 {
		return m.root[c]
	}
	key := uint64(n)<<32 | uint64(c)
	for i := slot(n, c, len(m.keys)); m.keys[i] != 0; i = (i + 1) & uint64(len(m.keys)-1) {
		if m.keys[i] == key {
			return m.nodes[i]
		}
	}
	return 0
}

// follow returns the node reached from n by class c, falling back as far as need be.
func (m *machine) follow(n, c int32) int32 {
	for {
		if to := m.edge(n, c); to != 0 || n == 0 {
			return to
		}
		n = m.fail[n]
	}
}

// find returns every word in the text, in the order of their ends.
func (m *machine) find(text []rune) []match {
	var found []match
	n := int32(0)
	for i, r := range text {
		c := m.classOf(fold(r))
		if c == 0 {
			n = 0
			continue
		}
		n = m.follow(n, c)
		at := n
		if m.word[at] == 0 {
			at = m.next[at]
		}
		for ; at != 0 && len(found) < mostMatches; at = m.next[at] {
			for w := m.word[at]; w != 0; w = m.alike[w-1] {
				found = append(found, match{i + 1 - int(m.size[at]), i + 1, int(w - 1)})
			}
		}
	}
	return found
}

func (m *machine) classOf(r rune) int32 {
	if r >= 0 && r < 1<<16 {
		return int32(m.low[r])
	}
	return m.class[r]
}
