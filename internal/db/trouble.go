package db

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"gongkai/internal/fault"
)

// The troubles of the machine that its administrator can end. Nothing was written.
var (
	ErrFull     = &fault.Error{Kind: fault.Missing, Code: "db.full"}
	ErrReadOnly = &fault.Error{Kind: fault.Missing, Code: "db.read_only"}
	// ErrUsed refuses to fill a database that holds something.
	ErrUsed = &fault.Error{Kind: fault.Conflict, Code: "db.used"}
)

// explain turns what the machine refuses into words a person can act on.
func explain(err error) error {
	var s *sqlite.Error
	if errors.As(err, &s) {
		switch s.Code() & 0xff {
		case sqliteFull:
			return ErrFull.Because(err)
		case sqliteReadOnly, sqliteCannotOpen:
			return ErrReadOnly.Because(err)
		}
	}
	var p *pgconn.PgError
	if errors.As(err, &p) {
		switch p.Code {
		case "53100":
			return ErrFull.Because(err)
		case "25006":
			return ErrReadOnly.Because(err)
		}
	}
	return err
}

const (
	sqliteReadOnly   = 8
	sqliteFull       = 13
	sqliteCannotOpen = 14
)
