package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"gongkai/internal/fault"
)

// ErrServed refuses a second server on a data folder whose database is a file: two programs
// that count limits and throttle sign-ins apart from each other are a mistake there, such as
// a service that was started by hand as well.
var ErrServed = &fault.Error{Kind: fault.Conflict, Code: "storage.served"}

// ErrCopyServed refuses to copy a database that a server writes to.
var ErrCopyServed = &fault.Error{Kind: fault.Conflict, Code: "storage.copy_served"}

// mostPlaces bounds how many servers share a data folder.
const mostPlaces = 64

// Place is a server's place in a data folder: which one it is of those that share it. The
// system gives it back when the process ends, however it ends.
type Place struct {
	N    int // from 1
	file *os.File
}

// Take takes the first free place of those a folder has: one where alone says so.
func Take(dir string, alone bool) (*Place, error) {
	most := mostPlaces
	if alone {
		most = 1
	}
	for n := 1; n <= most; n++ {
		path := filepath.Join(dir, fmt.Sprintf("serve-%d.lock", n))
		f, err := lock(path)
		if err == nil {
			return &Place{n, f}, nil
		}
		if !errors.Is(err, errHeld) {
			return nil, ErrFolder.With("folder", dir).Because(err)
		}
	}
	return nil, ErrServed.With("folder", dir)
}

// Leave gives the place back.
func (p *Place) Leave() error { return p.file.Close() }

// errHeld says that another process holds a lock.
var errHeld = errors.New("another process holds the lock")
