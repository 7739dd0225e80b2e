package richtext

import (
	"cmp"
	"slices"
)

// pair ties a position of the old sequence to one of the new; -1 where there is none.
type pair struct{ old, new int }

// maxEdits bounds how many differences are looked for one by one. Past it what differs is
// shown as a whole, which is what a reader of such a passage would do.
const maxEdits = 1000

// align ties what is equal in two sequences, in order, and returns the ties. What occurs
// once in each is tied first (patience), so that the work grows with the length and not
// with its square; the rest between two ties is searched edit by edit.
func align(a, b []int) []pair {
	var out []pair
	alignInto(a, b, 0, 0, &out)
	return out
}

func alignInto(a, b []int, atA, atB int, out *[]pair) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		*out = append(*out, pair{atA, atB})
		a, b, atA, atB = a[1:], b[1:], atA+1, atB+1
	}
	tail := 0
	for tail < len(a) && tail < len(b) && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	endA, endB := len(a)-tail, len(b)-tail
	if endA > 0 && endB > 0 {
		alignMiddle(a[:endA], b[:endB], atA, atB, out)
	}
	for i := range tail {
		*out = append(*out, pair{atA + endA + i, atB + endB + i})
	}
}

func alignMiddle(a, b []int, atA, atB int, out *[]pair) {
	anchors := anchors(a, b)
	if len(anchors) == 0 {
		for _, p := range edits(a, b) {
			*out = append(*out, pair{atA + p.old, atB + p.new})
		}
		return
	}
	i, j := 0, 0
	for _, p := range anchors {
		alignInto(a[i:p.old], b[j:p.new], atA+i, atB+j, out)
		*out = append(*out, pair{atA + p.old, atB + p.new})
		i, j = p.old+1, p.new+1
	}
	alignInto(a[i:], b[j:], atA+i, atB+j, out)
}

// anchors returns the longest rising chain of elements that occur once in each sequence.
func anchors(a, b []int) []pair {
	type seen struct{ inA, inB, atA, atB int }
	all := map[int]*seen{}
	for i, x := range a {
		if all[x] == nil {
			all[x] = &seen{}
		}
		all[x].inA++
		all[x].atA = i
	}
	for j, x := range b {
		if s := all[x]; s != nil {
			s.inB++
			s.atB = j
		}
	}
	var once []pair
	for _, s := range all {
		if s.inA == 1 && s.inB == 1 {
			once = append(once, pair{s.atA, s.atB})
		}
	}
	slices.SortFunc(once, func(x, y pair) int { return cmp.Compare(x.old, y.old) })
	return rising(once)
}

// rising returns the longest chain of pairs, sorted by old, in which new rises too.
func rising(all []pair) []pair {
	var piles []int // by length of chain, the pair that ends it lowest
	before := make([]int, len(all))
	for i, p := range all {
		k, _ := slices.BinarySearchFunc(piles, p.new, func(at, n int) int { return cmp.Compare(all[at].new, n) })
		before[i] = -1
		if k > 0 {
			before[i] = piles[k-1]
		}
		if k == len(piles) {
			piles = append(piles, i)
		} else {
			piles[k] = i
		}
	}
	if len(piles) == 0 {
		return nil
	}
	var out []pair
	for i := piles[len(piles)-1]; i >= 0; i = before[i] {
		out = append(out, all[i])
	}
	slices.Reverse(out)
	return out
}

// edits ties equal elements by the shortest script of edits (Myers 1986), giving up past
// maxEdits.
func edits(a, b []int) []pair {
	n, m := len(a), len(b)
	most := min(n+m, maxEdits)
	reach := make([]int32, 2*most+3) // by diagonal: the furthest place in a
	mid := most + 1
	var trace [][]int32
	for d := 0; d <= most; d++ {
		trace = append(trace, slices.Clone(reach[mid-d:mid+d+1]))
		for k := -d; k <= d; k += 2 {
			x := int(reach[mid+k-1]) + 1
			if k == -d || k != d && reach[mid+k-1] < reach[mid+k+1] {
				x = int(reach[mid+k+1])
			}
			y := x - k
			for x < n && y < m && a[x] == b[y] {
				x, y = x+1, y+1
			}
			reach[mid+k] = int32(x)
			if x >= n && y >= m {
				return back(trace, n, m)
			}
		}
	}
	return nil
}

// back walks the script back from its end and returns what it left untouched.
func back(trace [][]int32, x, y int) []pair {
	var out []pair
	for d := len(trace) - 1; d >= 0; d-- {
		at := func(k int) int { // as it was before round d
			if k < -d || k > d {
				return 0
			}
			return int(trace[d][k+d])
		}
		k := x - y
		from := k - 1
		if k == -d || k != d && at(k-1) < at(k+1) {
			from = k + 1
		}
		px := at(from)
		py := px - from
		if d == 0 {
			px, py = 0, 0
		}
		for x > px && y > py && x > 0 && y > 0 {
			x, y = x-1, y-1
			out = append(out, pair{x, y})
		}
		x, y = px, py
	}
	slices.Reverse(out)
	return out
}
