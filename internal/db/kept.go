package db

import (
	"context"
	"database/sql/driver"
	"errors"
)

// keeping makes connections to a SQLite file that keep the statements they read: a page of the
// public asks some twenty of the same few questions, and reading their text costs more than
// answering them. PostgreSQL's driver does so by itself.
type keeping struct{ driver.Connector }

// Connect opens a connection.
func (k keeping) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := c.(fullConn)
	if !ok {
		return nil, errors.Join(errors.New("the driver of SQLite is not the one this was written for"), c.Close())
	}
	return &keepingConn{whole, map[string]*keptStatement{}}, nil
}

// fullConn is all that the driver's connections do and database/sql looks for.
type fullConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// mostKept bounds the statements of a connection: lists of a varying number of values make ever
// new ones.
const mostKept = 300

// keepingConn is a connection that keeps its statements. database/sql lets nobody use one twice
// at a time.
type keepingConn struct {
	fullConn
	all map[string]*keptStatement
}

// PrepareContext returns the statement that is kept, or reads its text.
func (c *keepingConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if s := c.all[query]; s != nil && !s.busy {
		s.busy = true
		return s, nil
	}
	made, err := c.fullConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	full, ok := made.(fullStatement)
	if !ok || c.all[query] != nil || len(c.all) >= mostKept && !c.drop() {
		return made, nil
	}
	s := &keptStatement{full, true}
	c.all[query] = s
	return s, nil
}

// drop lets some statement go that nobody uses, and reports whether there was one.
func (c *keepingConn) drop() bool {
	for query, s := range c.all {
		if !s.busy {
			delete(c.all, query)
			return s.fullStatement.Close() == nil
		}
	}
	return false
}

// Close closes the statements with the connection.
func (c *keepingConn) Close() error {
	var errs []error
	for _, s := range c.all {
		errs = append(errs, s.fullStatement.Close())
	}
	c.all = nil
	return errors.Join(append(errs, c.fullConn.Close())...)
}

type fullStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// keptStatement is a statement that stays with its connection.
type keptStatement struct {
	fullStatement
	busy bool
}

// Close gives the statement back to its connection.
func (s *keptStatement) Close() error {
	s.busy = false
	return nil
}
