package storage

import (
	"errors"
	"testing"
)

// One server on a SQLite folder, many on PostgreSQL, each with a number of its own; a place that
// was left is free again.
func TestPlaces(t *testing.T) {
	dir := t.TempDir()
	take := func(alone bool, want int) *Place {
		t.Helper()
		p, err := Take(dir, alone)
		if err != nil || p.N != want {
			t.Fatalf("got %+v, %v, want place %d", p, err, want)
		}
		return p
	}
	first := take(true, 1)
	if _, err := Take(dir, true); !errors.Is(err, ErrServed) {
		t.Errorf("a second server: %v", err)
	}
	second := take(false, 2)
	take(false, 3)
	if err := errors.Join(first.Leave(), second.Leave()); err != nil {
		t.Fatal(err)
	}
	take(true, 1)
	take(false, 2)
	if _, err := Take(dir+"/none", true); !errors.Is(err, ErrFolder) {
		t.Errorf("in a folder that is not there: %v", err)
	}
}
