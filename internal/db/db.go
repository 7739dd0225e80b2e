// Package db is the database (数据库): pools, transactions, values, migrations, on SQLite and
// on PostgreSQL with one text of SQL. Statements use $1, $2 …, the subset both engines
// share, and no function of one engine alone.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
)

// Engine is one of the two databases the product runs on.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

// DB is an open database. Its fields are set before its first use.
type DB struct {
	Engine Engine
	// Clock is read once a transaction; everything else is handed the result.
	Clock func() time.Time
	// ChainKey keys the digests of the audit chain, so that who can write the database
	// but does not hold the installation's key cannot rewrite history unseen.
	ChainKey []byte
	// Observe, if set, is told of each transaction: whether it wrote, how long it took, and how
	// it ended.
	Observe func(wrote bool, took time.Duration, err error)

	read, write *sql.DB
}

// ErrNone says that a query for one row found none.
var ErrNone = errors.New("no such row")

// ErrURL says that a database address is of no form the product knows.
var ErrURL = errors.New(`a database is "sqlite:PATH" or "postgres://…"`)

// mostReaders is how many connections read a SQLite file at once.
const mostReaders = 8

// Open opens the database at url: "sqlite:PATH", a file made when it is not there, or
// "postgres://…". It changes no table; see Migrate.
func Open(ctx context.Context, url string) (*DB, error) {
	path, isFile := strings.CutPrefix(url, "sqlite:")
	var d *DB
	var err error
	switch {
	case isFile && path != "":
		d, err = openSQLite(path)
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		d, err = openPostgres(url)
	default:
		return nil, ErrURL
	}
	if err != nil {
		return nil, err
	}
	d.Clock = time.Now
	for _, pool := range []*sql.DB{d.write, d.read} {
		if err := pool.PingContext(ctx); err != nil {
			d.Close()
			return nil, fmt.Errorf("open the database: %w", err)
		}
	}
	return d, nil
}

// openSQLite opens one writer, whose transactions begin as such (one that turns writer on
// the way is refused at once when another was faster), and readers that cannot write.
func openSQLite(path string) (*DB, error) {
	dsn := func(more ...string) string {
		q := url.Values{"_pragma": append([]string{"busy_timeout(10000)", "journal_mode(WAL)", "foreign_keys(1)"}, more...)}
		return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
	}
	write, err := sql.Open("sqlite", dsn("synchronous(FULL)", "cache_size(-64000)")+"&_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	readers, err := sqlite.NewConnector(dsn("query_only(1)", "cache_size(-16000)"))
	if err != nil {
		write.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	read := sql.OpenDB(keeping{readers})
	read.SetMaxOpenConns(mostReaders)
	read.SetMaxIdleConns(mostReaders)
	return &DB{Engine: SQLite, read: read, write: write}, nil
}

func openPostgres(url string) (*DB, error) {
	c, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the address of the database: %w", err)
	}
	c.RuntimeParams["timezone"] = "UTC"
	pool := stdlib.OpenDB(*c)
	pool.SetMaxOpenConns(16)
	pool.SetMaxIdleConns(8)
	return &DB{Engine: PostgreSQL, read: pool, write: pool}, nil
}

// Close waits for running transactions and closes the database.
func (d *DB) Close() error {
	err := d.write.Close()
	if d.read != d.write {
		err = errors.Join(err, d.read.Close())
	}
	return err
}

// Tx is one transaction.
type Tx struct {
	// Now is the instant of the transaction, in UTC to the microsecond: every row it
	// writes bears the same.
	Now time.Time

	ctx   context.Context
	d     *DB
	tx    *sql.Tx
	stmts map[string]*sql.Stmt
}

// View runs do in a transaction that reads one state of the database and cannot write.
func (d *DB) View(ctx context.Context, do func(tx *Tx) error) error {
	o := &sql.TxOptions{ReadOnly: true}
	if d.Engine == PostgreSQL {
		o.Isolation = sql.LevelRepeatableRead
	}
	return Explain(d.run(ctx, d.read, o, do))
}

// attempts is how often Update tries: beyond it, something other than bad luck is at work.
const attempts = 12

// Update runs do in a transaction and commits what it wrote, unless it returns an error.
// When the database asks for it (a deadlock, a serialisation failure) do runs again from
// the start, so it has no effects but through tx and sets its results anew each time.
//
// PostgreSQL runs it read-committed: an act that rests on a record saves that record with
// its version, or takes a Lock.
func (d *DB) Update(ctx context.Context, do func(tx *Tx) error) error {
	for n := 1; ; n++ {
		err := d.run(ctx, d.write, nil, do)
		if err == nil || n == attempts || !transient(err) {
			return Explain(err)
		}
		wait := time.Duration(rand.Int64N(int64(n) * int64(10*time.Millisecond)))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

func (d *DB) run(ctx context.Context, pool *sql.DB, o *sql.TxOptions, do func(tx *Tx) error) (err error) {
	if d.Observe != nil {
		begin := time.Now()
		defer func() { d.Observe(o == nil, time.Since(begin), err) }()
	}
	tx, err := pool.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() // after a commit it does nothing
	t := &Tx{Now: d.Clock().UTC().Truncate(time.Microsecond), ctx: ctx, d: d, tx: tx}
	if err := do(t); err != nil {
		return err
	}
	if o != nil && o.ReadOnly {
		return nil
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// transient reports whether the same transaction may succeed when it is run again.
func transient(err error) bool {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return p.Code == "40001" || p.Code == "40P01"
	}
	var s *sqlite.Error
	if errors.As(err, &s) {
		return s.Code()&0xff == sqliteBusy
	}
	return false
}

const sqliteBusy = 5

// ID returns a new key: a UUID of version 7, which sorts by the time it was made and
// cannot be guessed from its neighbours.
func ID() string { return uuid.Must(uuid.NewV7()).String() }

// ChainKey returns the key of the audit chain.
func (tx *Tx) ChainKey() []byte { return tx.d.ChainKey }

// Engine returns the engine the transaction runs on, for the few packages that hold a
// statement for each.
func (tx *Tx) Engine() Engine { return tx.d.Engine }

// Context returns the context the transaction runs in.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Pool is the state of a pool of connections.
type Pool struct {
	Name              string
	Open, Busy, Limit int
	Waits             int64 // for a free connection
	Waited            time.Duration
}

// Pools returns the state of the pools: on PostgreSQL reading and writing share one.
func (d *DB) Pools() []Pool {
	all := []Pool{poolOf("write", d.write)}
	if d.read != d.write {
		all = append(all, poolOf("read", d.read))
	}
	return all
}

func poolOf(name string, p *sql.DB) Pool {
	s := p.Stats()
	return Pool{name, s.OpenConnections, s.InUse, s.MaxOpenConnections, s.WaitCount, s.WaitDuration}
}

// Ping makes sure that the database answers.
func (d *DB) Ping(ctx context.Context) error {
	return d.View(ctx, func(tx *Tx) error {
		_, err := tx.Count("SELECT 1")
		return err
	})
}

// Command runs one statement outside any transaction, such as CREATE DATABASE.
func (d *DB) Command(ctx context.Context, statement string) error {
	if _, err := d.write.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", brief(statement), err)
	}
	return nil
}
