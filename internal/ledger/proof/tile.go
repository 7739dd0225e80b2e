package proof

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Height and Width are those of every tile (c2sp.org/tlog-tiles): 256 hashes, eight levels of the tree.
const (
	Height = 8
	Width  = 1 << Height
)

// Tile names a tile of hashes or, with Level Entries, a bundle of entries.
type Tile struct {
	Level int
	N     int64
	W     int // how many of its Width hashes or entries there are yet
}

// Entries is the level of bundles of entries.
const Entries = -1

// Path is where the tile is found below the log's address.
func (t Tile) Path() string {
	level := "entries"
	if t.Level != Entries {
		level = strconv.Itoa(t.Level)
	}
	n := fmt.Sprintf("%03d", t.N%1000)
	for rest := t.N / 1000; rest > 0; rest /= 1000 {
		n = fmt.Sprintf("x%03d/%s", rest%1000, n)
	}
	if t.W < Width {
		n += ".p/" + strconv.Itoa(t.W)
	}
	return "tile/" + level + "/" + n
}

// ParseTile reads a path as Path writes it, and no other way of writing the same.
func ParseTile(path string) (t Tile, ok bool) {
	parts := strings.Split(path, "/")
	if len(parts) < 3 || len(parts) > 12 || parts[0] != "tile" {
		return Tile{}, false
	}
	t.Level, t.W = Entries, Width
	if parts[1] != "entries" {
		n, err := strconv.Atoi(parts[1])
		if err != nil || n < 0 || n > 63 {
			return Tile{}, false
		}
		t.Level = n
	}
	rest := parts[2:]
	if last := len(rest) - 1; last > 0 && strings.HasSuffix(rest[last-1], ".p") {
		w, err := strconv.Atoi(rest[last])
		if err != nil || w < 1 || w >= Width {
			return Tile{}, false
		}
		t.W, rest = w, append(append([]string{}, rest[:last-1]...), strings.TrimSuffix(rest[last-1], ".p"))
	}
	for _, part := range rest {
		n, err := strconv.Atoi(strings.TrimPrefix(part, "x"))
		if err != nil || n < 0 || n > 999 || t.N > 1<<50 {
			return Tile{}, false
		}
		t.N = t.N*1000 + int64(n)
	}
	return t, t.Path() == path
}

// Tiles lists the tiles and bundles that a log of a size has, those not yet full as far as they are.
func Tiles(size int64) (all []Tile) {
	for n := int64(0); n*Width < size; n++ {
		all = append(all, Tile{Entries, n, int(min(size-n*Width, Width))})
	}
	for level, have := 0, size; have > 0; level, have = level+1, have/Width {
		for n := int64(0); n*Width < have; n++ {
			all = append(all, Tile{level, n, int(min(have-n*Width, Width))})
		}
	}
	return all
}

// Bundle is entries as they are served: each after its length in two bytes.
func Bundle(entries [][]byte) []byte {
	var b []byte
	for _, e := range entries {
		b = binary.BigEndian.AppendUint16(b, uint16(len(e)))
		b = append(b, e...)
	}
	return b
}

// ReadBundle returns the entries of a bundle.
func ReadBundle(b []byte) (all [][]byte, err error) {
	for len(b) > 0 {
		if len(b) < 2 {
			return nil, ErrTile
		}
		n := int(binary.BigEndian.Uint16(b))
		if b = b[2:]; len(b) < n {
			return nil, ErrTile
		}
		all, b = append(all, b[:n]), b[n:]
	}
	return all, nil
}

// Edge is the right-hand edge of a tree: of each level the hashes of the tile that is not yet full.
// It is all that growing a log or walking along one needs.
type Edge struct {
	Size   int64
	Levels [][]byte
	// Full, if set, is told of each tile that became full.
	Full func(t Tile, hashes []byte) error
}

// Add appends a leaf.
func (e *Edge) Add(leaf tlog.Hash) error {
	e.Size++
	return e.add(0, leaf)
}

func (e *Edge) add(level int, h tlog.Hash) error {
	if level == len(e.Levels) {
		e.Levels = append(e.Levels, nil)
	}
	e.Levels[level] = append(e.Levels[level], h[:]...)
	data := e.Levels[level]
	if len(data) < Width*tlog.HashSize {
		return nil
	}
	e.Levels[level] = nil
	if e.Full != nil {
		n := (e.Size - 1) >> (Height * (level + 1)) // the tile the last leaf falls under
		if err := e.Full(Tile{level, n, Width}, data); err != nil {
			return err
		}
	}
	return e.add(level+1, perfect(split(data)))
}

// Root is the tree's hash.
func (e *Edge) Root() tlog.Hash {
	if e.Size == 0 {
		h, _ := tlog.TreeHash(0, nil) // of nothing, for which nothing is read
		return h
	}
	var root *tlog.Hash
	for _, data := range e.Levels {
		hashes := split(data)
		for len(hashes) > 0 { // the last, smallest perfect part first
			n := len(hashes) & -len(hashes)
			h := perfect(hashes[len(hashes)-n:])
			if root != nil {
				h = tlog.NodeHash(h, *root)
			}
			root, hashes = &h, hashes[:len(hashes)-n]
		}
	}
	return *root
}

func split(data []byte) []tlog.Hash {
	all := make([]tlog.Hash, len(data)/tlog.HashSize)
	for i := range all {
		copy(all[i][:], data[i*tlog.HashSize:])
	}
	return all
}

// perfect is the hash of a subtree over a power of two of hashes.
func perfect(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(perfect(hashes[:half]), perfect(hashes[half:]))
}

// Reader reads the tree's hashes out of tiles.
func Reader(tile func(level int, n int64) ([]byte, error)) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		have := map[[2]int64][]byte{}
		for i, index := range indexes {
			t := tlog.TileForIndex(Height, index)
			data, known := have[[2]int64{int64(t.L), t.N}]
			if !known {
				var err error
				if data, err = tile(t.L, t.N); err != nil {
					return nil, err
				}
				have[[2]int64{int64(t.L), t.N}] = data
			}
			if len(data) < t.W*tlog.HashSize {
				return nil, ErrTile
			}
			h, err := tlog.HashFromTile(t, data[:t.W*tlog.HashSize], index)
			if err != nil {
				return nil, ErrTile.Because(err)
			}
			out[i] = h
		}
		return out, nil
	})
}
