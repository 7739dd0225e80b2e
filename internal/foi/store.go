package foi

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"gongkai/internal/date"
	"gongkai/internal/db"
)

func (r *Request) columns() db.Columns {
	return db.Columns{
		db.Col("id", &r.ID), db.Col("agency", &r.Agency), db.Col("no", &r.No), db.Col("digits", &r.digits),
		db.Col("channel", &r.Channel), db.Col("nature", &r.Nature), db.Col("state", &r.State), db.Col("kind", &r.Kind),
		db.Col("title", &r.Title), db.Col("masked", &r.Masked), db.Col("department", &r.Department), db.Col("handlers", &r.handlers),
		db.Col("submitted_on", &r.SubmittedOn), db.Col("received", &r.Received), db.Col("due", &r.Due), db.Col("due_sure", &r.Sure),
		db.Col("extended", &r.Extended), db.Col("closed_on", &r.ClosedOn), db.Col("outcome", &r.Outcome), db.Col("late", &r.Late),
		db.Col("counted", &r.Counted), db.Col("reopens", &r.Reopens), db.Col("parent", &r.Parent), db.Col("merged_into", &r.Into),
		db.Col("log_state", &r.Log), db.Col("code", &r.code), db.Col("applicant", &r.applicant), db.Col("sought", &r.sought),
		db.Col("subject", &r.subject), db.Col("version", &r.Version), db.Col("created_at", &r.CreatedAt),
		db.Col("fee_yuan", &r.FeeYuan), db.Col("fee_charged", &r.FeeCharged), db.Col("fee_paid", &r.FeePaid),
	}
}

func load(tx *db.Tx, id string) (*Request, error) {
	return found(db.Get(tx, (*Request).columns, "foi_request WHERE id = $1", id))
}

func byCode(tx *db.Tx, mark string) (*Request, error) {
	return found(db.Get(tx, (*Request).columns, "foi_request WHERE code = $1", mark))
}

func found(r *Request, err error) (*Request, error) {
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return r, err
}

// hold makes other acts on a request wait until this transaction ends, so that none works on what
// another is changing.
func hold(tx *db.Tx, id string) error {
	n, err := tx.Exec("UPDATE foi_request SET version = version WHERE id = $1", id)
	if err == nil && n == 0 {
		return ErrNone
	}
	return err
}

func (r *Request) insert(tx *db.Tx, sealed string) error {
	if err := tx.Insert("foi_request", r.columns()); err != nil {
		return err
	}
	_, err := tx.Exec("INSERT INTO foi_record (id, sealed) VALUES ($1, $2)", r.ID, sealed)
	return err
}

func (r *Request) save(tx *db.Tx, sealed string) error {
	r.Version++
	ok, err := tx.Save("foi_request", r.ID, r.Version-1, r.columns())
	if err != nil {
		return err
	}
	if !ok {
		return ErrStale
	}
	if sealed == "" {
		return nil
	}
	_, err = tx.Exec("UPDATE foi_record SET sealed = $2 WHERE id = $1", r.ID, sealed)
	return err
}

func sealedRecord(tx *db.Tx, id string) (sealed string, err error) {
	err = tx.One([]any{&sealed}, "SELECT sealed FROM foi_record WHERE id = $1", id)
	return sealed, err
}

func setHandlers(tx *db.Tx, request string, accounts []string) error {
	if _, err := tx.Exec("DELETE FROM foi_handler WHERE request = $1", request); err != nil {
		return err
	}
	for _, a := range accounts {
		if _, err := tx.Exec("INSERT INTO foi_handler (request, account) VALUES ($1, $2)", request, a); err != nil {
			return err
		}
	}
	return nil
}

// holdNumbers makes others who number a body's requests or letters wait until this transaction ends,
// so that two of them do not give the same number by hand.
func holdNumbers(tx *db.Tx, agency, kind string) error {
	_, err := tx.Exec(`INSERT INTO foi_number (agency, kind, year, n) VALUES ($1, $2, 0, 0)
		ON CONFLICT (agency, kind, year) DO UPDATE SET n = foi_number.n`, agency, kind)
	return err
}

// reopening reports whether a request is being answered again.
func reopening(tx *db.Tx, id string) (bool, error) {
	n, err := tx.Count("SELECT count(*) FROM foi_request WHERE reopens = $1 AND state NOT IN ('closed', 'void', 'merged', 'split')", id)
	return n > 0, err
}

// nextNumber returns the next running number of a kind in a body's year.
func nextNumber(tx *db.Tx, agency, kind string, year int) (n int64, err error) {
	if _, err := tx.Exec(`INSERT INTO foi_number (agency, kind, year, n) VALUES ($1, $2, $3, 1)
		ON CONFLICT (agency, kind, year) DO UPDATE SET n = foi_number.n + 1`, agency, kind, year); err != nil {
		return 0, err
	}
	err = tx.One([]any{&n}, "SELECT n FROM foi_number WHERE agency = $1 AND kind = $2 AND year = $3", agency, kind, year)
	return n, err
}

func (f *File) columns() db.Columns {
	return db.Columns{
		db.Col("id", &f.ID), db.Col("request", &f.Request), db.Col("kind", &f.Kind), db.Col("name", &f.sealedName),
		db.Col("digest", &f.digest), db.Col("size", &f.Size), db.Col("media", &f.Media), db.Col("origin", &f.Origin),
		db.Col("shared", &f.Shared), db.Col("report", &f.sealedReport), db.Col("created_by", &f.By), db.Col("created_at", &f.At),
	}
}

func filesOf(tx *db.Tx, request string) ([]*File, error) {
	return db.Select(tx, (*File).columns, "foi_file WHERE request = $1 ORDER BY id", request)
}

func loadFile(tx *db.Tx, request, id string) (*File, error) {
	f, err := db.Get(tx, (*File).columns, "foi_file WHERE request = $1 AND id = $2", request, id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNoFile
	}
	return f, err
}

func (l *Letter) columns() db.Columns {
	return db.Columns{
		db.Col("id", &l.ID), db.Col("request", &l.Request), db.Col("agency", &l.Agency), db.Col("code", &l.Code), db.Col("no", &l.No),
		db.Col("state", &l.State), db.Col("sealed", &l.sealed), db.Col("way", &l.Way), db.Col("sent_on", &l.SentOn),
		db.Col("arrived_on", &l.ArrivedOn), db.Col("created_at", &l.CreatedAt), db.Col("version", &l.Version),
	}
}

func lettersOf(tx *db.Tx, request string) ([]*Letter, error) {
	return db.Select(tx, (*Letter).columns, "foi_letter WHERE request = $1 ORDER BY id", request)
}

func loadLetter(tx *db.Tx, request, id string) (*Letter, error) {
	l, err := db.Get(tx, (*Letter).columns, "foi_letter WHERE request = $1 AND id = $2", request, id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNoLetter
	}
	return l, err
}

func (l *Letter) save(tx *db.Tx) error {
	l.Version++
	ok, err := tx.Save("foi_letter", l.ID, l.Version-1, l.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

// numberTaken reports whether another letter of a body has a number.
func numberTaken(tx *db.Tx, agency, no, but string) (bool, error) {
	n, err := tx.Count("SELECT count(*) FROM foi_letter WHERE agency = $1 AND no = $2 AND id <> $3", agency, no, but)
	return n > 0, err
}

func loadSettings(tx *db.Tx, agency string) (*Settings, error) {
	s := Usual()
	var data string
	err := tx.One([]any{&data, &s.Version}, "SELECT data, version FROM foi_setting WHERE agency = $1", agency)
	switch {
	case errors.Is(err, db.ErrNone):
		return s, nil
	case err != nil:
		return nil, err
	}
	version := s.Version
	if err := json.Unmarshal([]byte(data), s); err != nil {
		return nil, fmt.Errorf("read the settings of %s: %w", agency, err)
	}
	s.Version = version
	return s, nil
}

func saveSettings(tx *db.Tx, agency string, s *Settings) error {
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write the settings of %s: %w", agency, err)
	}
	n, err := tx.Exec(`INSERT INTO foi_setting (agency, data, version) VALUES ($1, $2, 1)
		ON CONFLICT (agency) DO UPDATE SET data = $2, version = foi_setting.version + 1 WHERE foi_setting.version = $3`, agency, string(data), s.Version)
	if err == nil && n == 0 {
		return ErrStale
	}
	s.Version++
	return err
}

func putLink(tx *db.Tx, digest, request string, item int, until time.Time) error {
	_, err := tx.Exec("INSERT INTO foi_link (digest, request, item, until) VALUES ($1, $2, $3, $4)", digest, request, item, until)
	return err
}

// linked returns what a link that is neither used nor out of date leads to.
func linked(tx *db.Tx, digest string) (request string, item int, err error) {
	err = tx.One([]any{&request, &item}, "SELECT request, item FROM foi_link WHERE digest = $1 AND used_at IS NULL AND until > $2", digest, tx.Now)
	if errors.Is(err, db.ErrNone) {
		err = ErrLink
	}
	return request, item, err
}

// useLink marks a link as used; of two who use it at once, one succeeds.
func useLink(tx *db.Tx, digest string) error {
	n, err := tx.Exec("UPDATE foi_link SET used_at = $2 WHERE digest = $1 AND used_at IS NULL AND until > $2", digest, tx.Now)
	if err == nil && n == 0 {
		return ErrLink
	}
	return err
}

func addTry(tx *db.Tx, mark string) error {
	_, err := tx.Exec("INSERT INTO foi_try (id, mark, at) VALUES ($1, $2, $3)", db.ID(), mark, tx.Now)
	return err
}

func triesSince(tx *db.Tx, mark string, after time.Time) (int, error) {
	return tx.Count("SELECT count(*) FROM foi_try WHERE mark = $1 AND at > $2", mark, after)
}

func forgetTries(tx *db.Tx, before time.Time) error {
	_, err := tx.Exec("DELETE FROM foi_try WHERE at < $1", before)
	return err
}

// openIDs lists open registered requests, after a key, whose deadline the clock is to count anew.
func openIDs(tx *db.Tx, after string, n int) (ids []string, err error) {
	err = tx.Each(`SELECT id FROM foi_request WHERE state IN ('handling', 'correcting', 'reasoning', 'paying', 'reviewing', 'approved') AND id > $1
		ORDER BY id LIMIT $2`, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, after, n)
	return ids, err
}

// waitingIDs lists requests in a state in which a period given to the applicant may have run out.
func waitingIDs(tx *db.Tx, after string, n int) (ids []string, err error) {
	err = tx.Each(`SELECT id FROM foi_request WHERE state IN ('correcting', 'paying') AND id > $1 ORDER BY id LIMIT $2`,
		func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			ids = append(ids, id)
			return err
		}, after, n)
	return ids, err
}

// sameApplicant lists an applicant's other requests to a body, the latest first.
func sameApplicant(tx *db.Tx, r *Request, n int) ([]*Request, error) {
	return db.Select(tx, (*Request).columns, `foi_request WHERE agency = $1 AND applicant = $2 AND id <> $3 AND state <> 'void'
		ORDER BY id DESC LIMIT `+fmt.Sprint(n), r.Agency, r.applicant, r.ID)
}

// sameSought lists other requests to a body that ask for the same in the same words.
func sameSought(tx *db.Tx, r *Request, n int) ([]*Request, error) {
	return db.Select(tx, (*Request).columns, `foi_request WHERE agency = $1 AND sought = $2 AND id <> $3 AND state <> 'void'
		ORDER BY id DESC LIMIT `+fmt.Sprint(n), r.Agency, r.sought, r.ID)
}

// latest lists the latest other requests to a body.
func latest(tx *db.Tx, r *Request, n int) ([]*Request, error) {
	return db.Select(tx, (*Request).columns, `foi_request WHERE agency = $1 AND id <> $2 AND state <> 'void'
		ORDER BY id DESC LIMIT `+fmt.Sprint(n), r.Agency, r.ID)
}

// piecesIn counts the requests of an applicant to a body received in a period, and how many of
// them before one.
func piecesIn(tx *db.Tx, r *Request, from, to date.Date) (before int, err error) {
	return tx.Count(`SELECT count(*) FROM foi_request WHERE agency = $1 AND applicant = $2 AND id <> $3 AND state NOT IN ('void', 'merged', 'split', 'submitted')
		AND received >= $4 AND received <= $5 AND (received < $6 OR received = $6 AND id < $3)`,
		r.Agency, r.applicant, r.ID, from, to, r.Received)
}

// children lists what a request was split into or answered again by.
func children(tx *db.Tx, id string) ([]*Request, error) {
	return db.Select(tx, (*Request).columns, "foi_request WHERE parent = $1 OR reopens = $1 OR merged_into = $1 ORDER BY id", id)
}

// ofSubject lists a citizen's own requests, the latest first.
func ofSubject(tx *db.Tx, mark string) ([]*Request, error) {
	return db.Select(tx, (*Request).columns, "foi_request WHERE subject = $1 AND subject <> '' ORDER BY id DESC LIMIT 200", mark)
}

// where turns a filter into conditions.
func (f Filter) where() (string, []any) {
	var args []any
	var all []string
	bind := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	all = append(all, "agency = "+bind(f.Agency))
	if f.Account != "" {
		all = append(all, "id IN (SELECT request FROM foi_handler WHERE account = "+bind(f.Account)+")")
	}
	if len(f.States) > 0 {
		list := make([]string, len(f.States))
		for i, s := range f.States {
			list[i] = bind(s)
		}
		all = append(all, "state IN ("+strings.Join(list, ", ")+")")
	}
	if f.Outcome != "" {
		all = append(all, "outcome = "+bind(f.Outcome))
	}
	if f.Kind != "" {
		all = append(all, "kind = "+bind(f.Kind))
	}
	if f.Channel != "" {
		all = append(all, "channel = "+bind(f.Channel))
	}
	if f.Department != "" {
		all = append(all, "department = "+bind(f.Department))
	}
	if f.No != "" {
		all = append(all, "no = "+bind(f.No))
	}
	if f.applicant != "" {
		all = append(all, "applicant = "+bind(f.applicant))
	}
	if f.Words != "" {
		all = append(all, "lower(title) LIKE "+bind("%"+escape(strings.ToLower(f.Words))+"%")+` ESCAPE '!'`)
	}
	if f.floor != "" {
		all = append(all, "id > "+bind(f.floor))
	}
	if !f.From.IsZero() {
		all = append(all, "received >= "+bind(f.From))
	}
	if !f.To.IsZero() {
		all = append(all, "received <= "+bind(f.To))
	}
	if !f.DueBy.IsZero() {
		all = append(all, "due <= "+bind(f.DueBy))
	}
	if f.Late {
		all = append(all, "late = TRUE")
	}
	return strings.Join(all, " AND "), args
}

func escape(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}

// list returns a page of a filter and one request more, if there is one.
func list(tx *db.Tx, f Filter) ([]*Request, error) {
	where, args := f.where()
	order := "id DESC"
	switch {
	case f.byDay():
		// The order is by the day of receipt, then id, as the index of the days has them.
		sign, way := "<", " DESC"
		mark := f.After
		if f.Before != "" && f.After == "" {
			sign, way, mark = ">", "", f.Before
		}
		if mark != "" {
			received, id, _ := strings.Cut(mark, " ")
			day, err := date.Parse(received)
			if err != nil {
				return nil, ErrPage
			}
			n := len(args)
			args = append(args, day, id)
			where += fmt.Sprintf(" AND (received %s $%d OR received = $%d AND id %s $%d)", sign, n+1, n+1, sign, n+2)
		}
		order = "received" + way + ", id" + way
	case f.ByDue:
		// The order is by due, then id: a page begins after a pair.
		if f.After != "" {
			due, id, _ := strings.Cut(f.After, " ")
			day, err := date.Parse(due)
			if err != nil {
				return nil, ErrPage
			}
			n := len(args)
			args = append(args, day, id)
			where += fmt.Sprintf(" AND (due > $%d OR due = $%d AND id > $%d)", n+1, n+1, n+2)
		}
		order = "due, id"
		where += " AND due IS NOT NULL"
	case f.After != "":
		args = append(args, f.After)
		where += fmt.Sprintf(" AND id < $%d", len(args))
	case f.Before != "":
		args = append(args, f.Before)
		where += fmt.Sprintf(" AND id > $%d", len(args))
		order = "id"
	}
	return db.Select(tx, (*Request).columns, fmt.Sprintf("foi_request WHERE %s ORDER BY %s LIMIT %d", where, order, f.Limit+1), args...)
}

// count counts what a filter lets through, up to a bound.
func count(tx *db.Tx, f Filter, most int) (int, error) {
	where, args := f.where()
	return tx.Count(fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM foi_request WHERE %s LIMIT %d) AS page", where, most), args...)
}

// mostWords is how many requests, the latest of those chosen, are looked through for words of their
// titles: measured, so that a list answers in a fifth of a second.
const mostWords = 30000

// withinReach narrows a filter with words to what is looked through, and reports whether there
// are earlier requests.
func withinReach(tx *db.Tx, f Filter) (Filter, bool, error) {
	if f.Words == "" {
		return f, false, nil
	}
	var err error
	if f.byDay() {
		plain := f
		plain.Words = ""
		where, args := plain.where()
		err = tx.One([]any{&f.From}, fmt.Sprintf("SELECT received FROM foi_request WHERE %s ORDER BY received DESC, id DESC LIMIT 1 OFFSET %d", where, mostWords), args...)
	} else {
		err = tx.One([]any{&f.floor}, fmt.Sprintf("SELECT id FROM foi_request WHERE agency = $1 ORDER BY id DESC LIMIT 1 OFFSET %d", mostWords), f.Agency)
	}
	if errors.Is(err, db.ErrNone) {
		return f, false, nil
	}
	return f, err == nil, err
}

// Tally is how many open requests of a body stand where, for boards.
type Tally struct {
	Agency string
	State  State
	Due    date.Date
	N      int
}

// tallies counts open requests of bodies by state and deadline.
func tallies(tx *db.Tx, agencies []string) (all []Tally, err error) {
	in, args := db.In(0, agencies)
	err = tx.Each(`SELECT agency, state, due, count(*) FROM foi_request
		WHERE state IN ('submitted', 'handling', 'correcting', 'reasoning', 'paying', 'reviewing', 'approved') AND agency IN `+in+`
		GROUP BY agency, state, due ORDER BY agency, state, due NULLS FIRST`, func(scan func(...any) error) error {
		var t Tally
		c := db.Columns{db.Col("agency", &t.Agency), db.Col("state", &t.State), db.Col("due", &t.Due), db.Col("n", &t.N)}
		if err := scan(c.Pointers()...); err != nil {
			return err
		}
		all = append(all, t)
		return nil
	}, args...)
	return all, err
}

// noTaken reports whether a body has a request with a registration number.
func noTaken(tx *db.Tx, agency, no string) (bool, error) {
	n, err := tx.Count("SELECT count(*) FROM foi_request WHERE agency = $1 AND no = $2", agency, no)
	return n > 0, err
}

// share lets the applicant have a file.
func share(tx *db.Tx, request, file string) error {
	_, err := tx.Exec("UPDATE foi_file SET shared = TRUE WHERE id = $1 AND request = $2", file, request)
	return err
}
