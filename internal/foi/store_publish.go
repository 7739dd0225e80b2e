package foi

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gongkai/internal/db"
)

func (e *LogEntry) columns() db.Columns {
	return db.Columns{
		db.Col("id", &e.ID), db.Col("agency", &e.Agency), db.Col("title", &e.Title), db.Col("sought", &e.Sought), db.Col("outcome", &e.Outcome),
		db.Col("summary", &e.Summary), db.Col("replied_on", &e.RepliedOn), db.Col("proposed_by", &e.ProposedBy), db.Col("proposed_at", &e.ProposedAt),
		db.Col("agreed_by", &e.AgreedBy), db.Col("published_at", &e.PublishedAt), db.Col("taken_down_at", &e.TakenDownAt), db.Col("version", &e.Version),
	}
}

func logEntry(tx *db.Tx, id string) (*LogEntry, error) {
	e, err := db.Get(tx, (*LogEntry).columns, "foi_log WHERE id = $1", id)
	if errors.Is(err, db.ErrNone) {
		return nil, ErrLogState
	}
	return e, err
}

// put writes a proposal, over what was proposed or public before.
func (e *LogEntry) put(tx *db.Tx) error {
	if _, err := tx.Exec("DELETE FROM foi_log WHERE id = $1", e.ID); err != nil {
		return err
	}
	e.Version = 1
	return tx.Insert("foi_log", e.columns())
}

func (e *LogEntry) save(tx *db.Tx) error {
	e.Version++
	ok, err := tx.Save("foi_log", e.ID, e.Version-1, e.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

// logging lists the bodies that publish a log, only the one of a key if there is one.
func logging(tx *db.Tx, agency string) (bodies []string, err error) {
	if agency != "" {
		s, err := loadSettings(tx, agency)
		if err != nil || !s.PublicLog {
			return nil, err
		}
		return []string{agency}, nil
	}
	err = allSettings(tx, func(agency, data string) error {
		var s struct {
			PublicLog bool `json:"public_log"`
		}
		if err := json.Unmarshal([]byte(data), &s); err != nil {
			return fmt.Errorf("read the settings of %s: %w", agency, err)
		}
		if s.PublicLog {
			bodies = append(bodies, agency)
		}
		return nil
	})
	return bodies, err
}

// publicLog reads a page of what is public of some bodies: agreed, and not taken down.
func publicLog(tx *db.Tx, bodies, words []string, page int) (p LogPage, err error) {
	in, args := db.In(0, bodies)
	where := "foi_log WHERE published_at IS NOT NULL AND taken_down_at IS NULL AND agency IN " + in
	for _, one := range words {
		args = append(args, "%"+escape(strings.ToLower(one))+"%")
		where += fmt.Sprintf(` AND (lower(title) LIKE $%d ESCAPE '!' OR lower(sought) LIKE $%d ESCAPE '!')`, len(args), len(args))
	}
	if p.Total, err = tx.Count("SELECT count(*) FROM "+where, args...); err != nil {
		return p, err
	}
	where += fmt.Sprintf(" ORDER BY replied_on DESC, id DESC LIMIT %d OFFSET %d", LogRows, (page-1)*LogRows)
	p.Entries, err = db.Select(tx, (*LogEntry).columns, where, args...)
	return p, err
}
