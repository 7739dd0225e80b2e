package disclosure

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
)

func opinionsOfItem(tx *db.Tx, item string) ([]*Opinion, error) {
	return db.Select(tx, (*Opinion).columns, `item_opinion WHERE edition IN
		(SELECT id FROM item_edition WHERE item = $1) ORDER BY at, id`, item)
}

// query is a list's WHERE with its arguments.
type query struct {
	where []string
	args  []any
	sort  sortKey
	down  bool
	after string
	back  bool // the page ends before the cursor: walked from its end
	limit int

	split  string // a column that must be one of values
	values []string
}

// mostSplit is up to how many values of a column a list is put together from the lists of
// each. An index keeps one value's rows in order, not those of several: with a few rows of
// each among hundreds of thousands, nearly all would be read to find the newest.
const mostSplit = 100

// sortKey is what a list may be sorted by. Each has an index; a missing day or instant sorts
// as this one, so that a row-value comparison has something to compare.
type sortKey struct {
	column string
	day    bool
}

var sortKeys = map[string]sortKey{
	"updated":   {"updated_at", false},
	"due":       {"due_on", true},
	"published": {"published_at", false},
}

func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

func (q *query) and(format string, args ...any) {
	marks := make([]any, len(args))
	for i, a := range args {
		marks[i] = q.arg(a)
	}
	q.where = append(q.where, fmt.Sprintf(format, marks...))
}

func (q *query) in(column string, values []string) {
	if q.split == "" && len(values) > 1 && len(values) <= mostSplit {
		q.split, q.values = column, values
		return
	}
	marks, args := db.In(len(q.args), values)
	q.args = append(q.args, args...)
	q.where = append(q.where, column+" IN "+marks)
}

// query makes the statement's parts of a filter, within what the person may see.
func (f *Filter) query(tx *db.Tx, by actor.Actor) (*query, error) {
	all, ids, err := visible(tx, by, actor.ItemView, f.Agency)
	if err != nil {
		return nil, err
	}
	q := &query{where: []string{"head"}, limit: f.Limit, down: f.Down, after: f.After}
	if q.limit <= 0 || q.limit > MaxPage {
		q.limit = 30
	}
	if f.known {
		f.narrowTo(q)
	} else {
		q.and("agency = %s", f.Agency)
	}
	if !all {
		q.in("section", ids)
	}
	if f.Section != "" {
		tree, err := section.All(tx, f.Agency)
		if err != nil {
			return nil, err
		}
		q.in("section", below(tree, []string{f.Section}))
	}
	f.narrow(q, tx.Today())
	f.watch(q, tx)
	q.order(f)
	return q, nil
}

// narrowTo lists only what the text index found. The agency is written so that no index by it
// is taken: it would lead through all the agency has.
func (f *Filter) narrowTo(q *query) {
	marks, args := db.In(len(q.args), f.found)
	q.args = append(q.args, args...)
	q.where = append(q.where, "item IN "+marks)
	q.and("agency || '' = %s", f.Agency)
}

// narrow adds what the filter asks for.
func (f *Filter) narrow(q *query, today date.Date) {
	if len(f.States) > 0 {
		q.in("state", texts(f.States))
	}
	if f.Kind != "" {
		q.and("kind = %s", f.Kind)
	}
	if f.Creator != "" {
		q.and("created_by = %s", f.Creator)
	}
	if f.Late {
		q.where = append(q.where, openStates)
		q.and("due_on < %s", today)
	}
	switch f.Await {
	case "":
	case Clearer:
		q.where = append(q.where, "NOT cleared AND state IN ('review1', 'review2', 'review3', 'secrecy')")
	default:
		q.and("state = %s", string(f.Await))
	}
	if words := strings.TrimSpace(f.Words); words != "" && !f.known {
		like := "%" + escapeLike(strings.ToLower(words)) + "%"
		q.and(`(lower(title) LIKE %s ESCAPE '\' OR doc_no = %s OR item IN (SELECT id FROM item WHERE index_no <> '' AND index_no = %s))`,
			like, words, words)
	}
}

// watch adds what the filter watches for.
func (f *Filter) watch(q *query, tx *db.Tx) {
	switch f.Watch {
	case Missed:
		q.and("state = 'scheduled' AND publish_at < %s", tx.Now.Add(-missedAfter))
	case Unsettled:
		q.and("state = 'urgent' AND approve_by < %s", tx.Today())
	case Reassessed:
		q.and("state = 'withheld' AND reassess_on <= %s", tx.Today())
	case Correcting:
		q.where = append(q.where, "state = 'draft' AND no > 1")
	}
}

// openStates are those of item_edition_late, in its words.
const openStates = "state IN ('draft', 'review1', 'review2', 'review3', 'secrecy', 'approved', 'scheduled')"

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s)
}

func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}

// order reads sorting and cursor. What has no value to sort by is left out: a list by the day
// of publication is one of what was published.
func (q *query) order(f *Filter) {
	key, known := sortKeys[f.Sort]
	if !known {
		key, q.down = sortKeys["updated"], true
	}
	q.sort = key
	if key.column != "updated_at" {
		q.where = append(q.where, key.column+" IS NOT NULL")
	}
	if f.Before != "" {
		q.after, q.back = f.Before, true
	}
}

// count counts the rows, up to MostCounted.
func (q *query) count(tx *db.Tx) (int, error) {
	where, args := q.where, q.args
	if q.split != "" {
		marks, more := db.In(len(args), q.values)
		where, args = append(slices.Clip(where), q.split+" IN "+marks), append(slices.Clip(args), more...)
	}
	return tx.Count("SELECT count(*) FROM (SELECT 1 AS one FROM item_edition WHERE "+strings.Join(where, " AND ")+
		" LIMIT "+strconv.Itoa(MostCounted)+") AS counted", args...)
}

// page runs the list.
func (q *query) page(tx *db.Tx) (l *Listing, err error) {
	l = &Listing{}
	from, args := q.rows()
	if l.Rows, err = db.Select(tx, (*Edition).brief, from, args...); err != nil {
		return nil, err
	}
	l.Total = len(l.Rows)
	if q.after != "" || l.Total > q.limit { // else these are all
		if l.Total, err = q.count(tx); err != nil {
			return nil, err
		}
	}
	q.cut(l)
	return l, nil
}

// rows writes what follows FROM, with its arguments. The keys are found first, so that what an
// index holds is enough to find them; only the page's rows are then read.
func (q *query) rows() (string, []any) {
	narrow := q.args
	defer func() { q.args = narrow }() // the count has arguments of its own
	where := "item_edition WHERE " + strings.Join(q.where, " AND ")
	down := q.down != q.back
	// No row here has none to sort by. The place of none is named as PostgreSQL's indexes have it
	// from either end: with any other it sorts the whole body.
	sign, dir, nulls := ">", "ASC", "LAST"
	if down {
		sign, dir, nulls = "<", "DESC", "FIRST"
	}
	if at, id, ok := q.readCursor(); ok {
		where += fmt.Sprintf(" AND (%s, id) %s (%s, %s)", q.sort.column, sign, q.arg(at), q.arg(id))
	}
	order := fmt.Sprintf(" ORDER BY %s %s NULLS %s, id %s LIMIT %s", q.sort.column, dir, nulls, dir, q.arg(q.limit+1))
	one := func(n int, where string) string {
		return fmt.Sprintf("SELECT id FROM (SELECT id FROM %s%s) AS part%d", where, order, n)
	}
	parts := []string{one(0, where)}
	if q.split != "" {
		parts = nil
		for n, v := range q.values {
			parts = append(parts, one(n, where+" AND "+q.split+" = "+q.arg(v)))
		}
	}
	return "item_edition WHERE id IN (" + strings.Join(parts, " UNION ALL ") + ")" + order, q.args
}

// cut brings the rows into their order and says what lies before and after them.
func (q *query) cut(l *Listing) {
	more := len(l.Rows) > q.limit
	if more {
		l.Rows = l.Rows[:q.limit]
	}
	if q.back {
		slices.Reverse(l.Rows)
	}
	if len(l.Rows) == 0 {
		return
	}
	if q.back && more || !q.back && q.after != "" {
		l.Prev = q.cursorOf(l.Rows[0])
	}
	if !q.back && more || q.back {
		l.Next = q.cursorOf(l.Rows[len(l.Rows)-1])
	}
}

func (q *query) cursorOf(e *Edition) string {
	switch q.sort.column {
	case "due_on":
		return e.DueOn.String() + "." + e.ID
	case "published_at":
		return cursor(e.PublishedAt, e.ID)
	}
	return cursor(e.UpdatedAt, e.ID)
}

func (q *query) readCursor() (at any, id string, ok bool) {
	if q.after == "" {
		return nil, "", false
	}
	if q.sort.day {
		day, id, _ := strings.Cut(q.after, ".")
		d, err := date.Parse(day)
		return d, id, err == nil
	}
	t, id := readCursor(q.after)
	return t, id, !t.Equal(latest)
}

// counter counts what waits in an agency.
type counter struct {
	tx       *db.Tx
	agency   string
	all      bool
	sections []string
}

func (c *counter) count(condition string, args ...any) (int, error) {
	q := &query{where: []string{"head"}}
	q.and("agency = %s", c.agency)
	if !c.all {
		q.in("section", c.sections)
	}
	q.and(condition, args...)
	return q.count(c.tx)
}

// waiting counts, of what the roles allow, what there is.
func (c *counter) waiting(by actor.Actor, warn date.Date) (w Waiting, err error) {
	today := c.tx.Today()
	in := actor.Scope{Agency: c.agency, Sections: c.sections}
	type one struct {
		n         *int
		condition string
		args      []any
	}
	all := []one{
		{&w.Drafts, "state = 'draft' AND created_by = %s", []any{by.ID}},
		{&w.Returned, "state = 'draft' AND returned AND created_by = %s", []any{by.ID}},
		{&w.Late, openStates + " AND due_on < %s", []any{today}},
		{&w.Due, openStates + " AND due_on >= %s AND due_on <= %s", []any{today, warn}},
		{&w.Unsettled, "state = 'urgent'", nil},
		{&w.Overdue, "state = 'urgent' AND approve_by < %s", []any{today}},
		{&w.Reassess, "state = 'withheld' AND reassess_on <= %s", []any{today}},
	}
	if by.Can(actor.ItemPublish, in) {
		all = append(all, one{&w.Ready, "state = 'approved'", nil})
	}
	for _, o := range all {
		if *o.n, err = c.count(o.condition, o.args...); err != nil {
			return w, err
		}
	}
	if w.Reviews, err = c.reviews(by, in); err != nil {
		return w, err
	}
	if by.Can(actor.ItemPlace, in) {
		w.Asked, err = c.tx.Count("SELECT count(*) FROM item_place WHERE agency = $1 AND state = 'asked'", c.agency)
	}
	return w, err
}

// reviews counts the editions that wait for a review the person may give.
func (c *counter) reviews(by actor.Actor, in actor.Scope) (total int, err error) {
	for _, l := range Levels {
		if !by.Can(l.Act(), in) {
			continue
		}
		condition := "state = '" + string(l) + "' AND created_by <> %s"
		if l == Clearer {
			condition = "NOT cleared AND state IN ('review1', 'review2', 'review3', 'secrecy') AND created_by <> %s"
		}
		n, err := c.count(condition, by.ID)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// askedOf lists what other agencies ask to be shown, oldest first.
func askedOf(tx *db.Tx, agency string) ([]Asking, error) {
	type row struct {
		placement
		title, from string
	}
	all, err := db.Select(tx, func(r *row) db.Columns {
		return db.Columns{
			db.Col("p.id", &r.ID), db.Col("p.item", &r.Item), db.Col("p.section", &r.Section), db.Col("p.agency", &r.Agency),
			db.Col("p.state", &r.State), db.Col("p.asked_at", &r.AskedAt), db.Col("p.asked_by", &r.AskedBy),
			db.Col("p.version", &r.Version), db.Col("e.title", &r.title), db.Col("e.agency", &r.from),
		}
	}, `item_place p JOIN item i ON i.id = p.item JOIN item_edition e ON e.id = i.head
		WHERE p.agency = $1 AND p.state = 'asked' ORDER BY p.asked_at, p.id LIMIT 200`, agency)
	var out []Asking
	for _, r := range all {
		out = append(out, Asking{r.Placement, r.title, r.from})
	}
	return out, err
}
