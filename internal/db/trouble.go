package db

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"gongkai/internal/fault"
)

// The troubles of the machine that its administrator can end. Nothing was written.
var (
	ErrFull     = &fault.Error{Kind: fault.Halted, Code: "db.full"}
	ErrReadOnly = &fault.Error{Kind: fault.Halted, Code: "db.read_only"}
	// ErrAway says that the database server does not answer.
	ErrAway = &fault.Error{Kind: fault.Halted, Code: "db.away"}
	// ErrUsed refuses to fill a database that holds something.
	ErrUsed = &fault.Error{Kind: fault.Conflict, Code: "db.used"}
)

// Explain turns what the machine refuses, in the database or in a folder, into words a person
// can act on. Other errors it returns as they are.
func Explain(err error) error {
	for _, in := range []func(error) *fault.Error{ofSQLite, ofPostgres, ofFolder} {
		if known := in(err); known != nil {
			return known.Because(err)
		}
	}
	return err
}

func ofSQLite(err error) *fault.Error {
	var s *sqlite.Error
	if !errors.As(err, &s) {
		return nil
	}
	switch {
	case s.Code()&0xff == sqliteFull, s.Code() == sqliteSharedSize:
		return ErrFull
	case s.Code()&0xff == sqliteReadOnly, s.Code()&0xff == sqliteCannotOpen:
		return ErrReadOnly
	}
	return nil
}

// The codes of SQLite.
const (
	sqliteReadOnly   = 8
	sqliteFull       = 13
	sqliteCannotOpen = 14
	sqliteSharedSize = 10 | 19<<8 // no room for the index of the write-ahead file
)

// ofPostgres knows a server by what it answers, or by its not answering.
func ofPostgres(err error) *fault.Error {
	var p *pgconn.PgError
	var c *pgconn.ConnectError
	switch {
	case errors.As(err, &p) && p.Code == "53100":
		return ErrFull
	case errors.As(err, &p) && p.Code == "25006":
		return ErrReadOnly
	case errors.As(err, &p) && strings.HasPrefix(p.Code, "57P"), errors.As(err, &c):
		return ErrAway
	}
	return nil
}

func ofFolder(err error) *fault.Error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return ErrFull
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return ErrReadOnly
	}
	return nil
}
