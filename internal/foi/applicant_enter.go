package foi

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/foi/letter"
	"gongkai/internal/paper"
)

// ErrMisses says that too many codes that are none came from one address.
var ErrMisses = &fault.Error{Kind: fault.TooLarge, Code: "foi.misses", Field: "code"}

// mostMisses is how many codes that are none may come from one address in an hour. Nobody guesses
// a code of 16 characters; this keeps the noise down.
const mostMisses = 30

// passed is how long a browser that entered a code is let in without it.
const passed = 2 * time.Hour

// Enter makes sure that a query code, or the code of a draft, opens something, and returns a pass
// that a browser keeps in the code's place.
func (d *Desk) Enter(ctx context.Context, address, code string) (pass string, err error) {
	err = d.guess(ctx, address, func(tx *db.Tx) error {
		_, err := d.coded(tx, code)
		return err
	})
	if err != nil {
		return "", err
	}
	return d.Pass("request", code)
}

// EnterDraft is Enter for drafts.
func (d *Desk) EnterDraft(ctx context.Context, address, code string) (pass string, err error) {
	err = d.guess(ctx, address, func(tx *db.Tx) error {
		_, err := loadDraft(tx, d.draftMark(code))
		return err
	})
	if err != nil {
		return "", err
	}
	return d.Pass("draft", code)
}

// EnterLink shows what a colleague's link asks, unless too many that are none came from the address.
func (d *Desk) EnterLink(ctx context.Context, address, secret string) (Asked, error) {
	err := d.guess(ctx, address, func(tx *db.Tx) error {
		_, _, err := linked(tx, d.Keys.Lookup("foi:link", secret))
		return err
	})
	if err != nil {
		return Asked{}, err
	}
	return d.LinkAsks(ctx, secret)
}

// guess looks something up by a secret and counts the misses of an address.
func (d *Desk) guess(ctx context.Context, address string, look func(tx *db.Tx) error) error {
	key := d.Keys.Lookup("foi:miss", address)
	var missed error
	err := d.DB.View(ctx, func(tx *db.Tx) error {
		n, err := triesSince(tx, key, tx.Now.Add(-hour))
		if err != nil {
			return err
		}
		if n >= mostMisses {
			return ErrMisses
		}
		if missed = look(tx); fault.KindOf(missed) != fault.NotFound {
			return missed
		}
		return nil
	})
	if err != nil || missed == nil {
		return err
	}
	if err := d.DB.Update(ctx, func(tx *db.Tx) error { return addTry(tx, key) }); err != nil {
		return err
	}
	return missed
}

type pass struct {
	Code  string    `json:"c"`
	Until time.Time `json:"u"`
}

// Pass is a code with an end, sealed for a purpose.
func (d *Desk) Pass(purpose, code string) (string, error) {
	text, err := json.Marshal(pass{code, d.DB.Clock().Add(passed)})
	if err != nil {
		return "", fmt.Errorf("write a pass: %w", err)
	}
	return d.Keys.Seal("foi:pass "+purpose, text)
}

// Passed returns the code of a pass, "" where it is none or over.
func (d *Desk) Passed(purpose, sealed string) string {
	text, err := d.Keys.Open("foi:pass "+purpose, sealed)
	var p pass
	if err != nil || json.Unmarshal(text, &p) != nil || d.DB.Clock().After(p.Until) {
		return ""
	}
	return p.Code
}

// FollowForm is the application as its applicant made it, on the standard form.
func (d *Desk) FollowForm(ctx context.Context, code string) (no string, doc *paper.Document, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		r, err := d.coded(tx, code)
		if err != nil {
			return err
		}
		w := &work{d: d, tx: tx, by: actor.System("applicant"), r: r, today: tx.Today()}
		if w.c, err = d.record(tx, r); err != nil {
			return err
		}
		if w.s, err = loadSettings(tx, r.Agency); err != nil {
			return err
		}
		f, err := w.facts(Effect{})
		if err != nil {
			return err
		}
		l, err := letter.Draft(letter.Application, f, w.today)
		if err != nil {
			return err
		}
		no, doc = r.No, l.Document()
		return nil
	})
	return no, doc, err
}

// NotOnline returns the bodies that take no requests on the portal.
func (d *Desk) NotOnline(ctx context.Context) (all map[string]bool, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		all = map[string]bool{}
		return allSettings(tx, func(agency, data string) error {
			s := Usual()
			if err := json.Unmarshal([]byte(data), s); err != nil {
				return fmt.Errorf("read the settings of %s: %w", agency, err)
			}
			all[agency] = !s.Online
			return nil
		})
	})
	return all, err
}
