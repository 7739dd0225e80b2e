package db_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"gongkai/internal/db"
)

func TestTheMachinesTroubles(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	l.Close()
	_, away := db.Open(t.Context(), "postgres://postgres@"+nobody+"/postgres?sslmode=disable")
	_, folder := os.Open(filepath.Join(t.TempDir(), "none"))
	for _, test := range []struct {
		err, want error
	}{
		{&fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, db.ErrFull},
		{fmt.Errorf("receive: %w", syscall.EDQUOT), db.ErrFull},
		{&pgconn.PgError{Code: "53100"}, db.ErrFull},
		{syscall.EROFS, db.ErrReadOnly},
		{fs.ErrPermission, db.ErrReadOnly},
		{&pgconn.PgError{Code: "25006"}, db.ErrReadOnly},
		{&pgconn.PgError{Code: "57P01"}, db.ErrAway},
		{away, db.ErrAway},
	} {
		if got := db.Explain(test.err); !errors.Is(got, test.want) || !errors.Is(got, test.err) {
			t.Errorf("%v: got %v", test.err, got)
		}
	}
	for _, other := range []error{folder, &pgconn.PgError{Code: "23505"}, db.ErrNone, nil} {
		if got := db.Explain(other); got != other {
			t.Errorf("%v: got %v", other, got)
		}
	}
}
