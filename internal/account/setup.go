package account

import (
	"context"
	"crypto/subtle"
	"errors"
	"slices"

	"gongkai/internal/actor"
	"gongkai/internal/audit"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// The faults of setting an installation up.
var (
	ErrSetUp     = &fault.Error{Kind: fault.Conflict, Code: "account.setup_closed"}
	ErrSetupCode = &fault.Error{Kind: fault.Invalid, Code: "account.setup_code", Field: "code"}
	ErrDistinct  = &fault.Error{Kind: fault.Invalid, Code: "account.setup_distinct"}
)

// setupGroups is the groups of the set-up code: about a hundred random bits.
const setupGroups = 5

// FirstRun reports whether the installation still has to be set up: nobody is recorded.
func (r *Registry) FirstRun(ctx context.Context) (open bool, err error) {
	err = r.db.View(ctx, func(tx *db.Tx) error {
		open, err = setupOpen(tx)
		return err
	})
	return open, err
}

func setupOpen(tx *db.Tx) (bool, error) {
	closed, err := setupClosed(tx)
	if err = ignoreNone(err); err != nil || !closed.IsZero() {
		return false, err
	}
	n, err := count(tx)
	return n == 0, err
}

// SetupCode makes a new code for setting the installation up, to be shown to who starts the
// server and to nobody else. It is "" once the installation is set up. Codes made before
// are void.
func (r *Registry) SetupCode(ctx context.Context) (code string, err error) {
	err = r.db.Update(ctx, func(tx *db.Tx) error {
		code = ""
		open, err := setupOpen(tx)
		if err != nil || !open {
			return err
		}
		code = newCode(setupGroups)
		return keepSetupCode(tx, mark(plainCode(code)))
	})
	return code, err
}

// First is the three administrators of a new installation: three people. R-SEC-01.
type First struct{ SysAdmin, SecAdmin, Auditor Person }

func (f *First) people() []*Person { return []*Person{&f.SysAdmin, &f.SecAdmin, &f.Auditor} }

// firstRoles are the roles of First's people, in their order.
var firstRoles = []actor.Role{actor.SysAdmin, actor.SecAdmin, actor.Auditor}

// firstFields begin the names of the form fields of First's people.
var firstFields = []string{"sysadmin_", "secadmin_", "auditor_"}

func (f *First) check() error {
	var logins, names []string
	for i, p := range f.people() {
		p.Agency = ""
		if err := p.check(); err != nil {
			var e *fault.Error
			if errors.As(err, &e) {
				return e.At(firstFields[i] + e.Field)
			}
			return err
		}
		if slices.Contains(logins, p.Login) || slices.Contains(names, p.Name) {
			return ErrDistinct.At(firstFields[i] + "login")
		}
		logins, names = append(logins, p.Login), append(names, p.Name)
	}
	return nil
}

// SetUp records the three administrators of a new installation in one act and returns their
// one-time passwords, in the order of First. It works once: whoever comes second, or
// without the code, is refused.
func (r *Registry) SetUp(ctx context.Context, code string, f First, from From) ([]*Issued, error) {
	if err := r.checkSetupCode(ctx, code, from); err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	all := make([]*Issued, len(firstRoles))
	hashes := make([]string, len(firstRoles))
	for i, p := range f.people() {
		var err error
		if all[i], hashes[i], err = r.issue(ctx, *p); err != nil {
			return nil, err
		}
	}
	err := r.db.Update(ctx, func(tx *db.Tx) error { return r.setUp(tx, code, f, all, hashes, from) })
	if err != nil {
		return nil, err
	}
	return all, nil
}

func (r *Registry) setUp(tx *db.Tx, code string, f First, all []*Issued, hashes []string, from From) error {
	if err := matchSetupCode(tx, code); err != nil {
		return err
	}
	by := actor.System("account.setup")
	by.Remote = from.Remote
	ids := map[actor.Role]string{}
	for i, p := range f.people() {
		a := all[i].Account
		if err := r.create(tx, a, *p, hashes[i]); err != nil {
			return err
		}
		if _, err := grant(tx, by, a, Grant{Role: firstRoles[i]}); err != nil {
			return err
		}
		ids[firstRoles[i]] = a.ID
	}
	if err := closeSetup(tx); err != nil {
		return err
	}
	return audit.Append(tx, by, audit.Entry{Act: actor.AccountSetup, Subject: "installation", ID: "setup", Version: 1, Detail: ids})
}

// checkSetupCode refuses a wrong code, and an address that has tried too many.
func (r *Registry) checkSetupCode(ctx context.Context, code string, from From) error {
	var refused error
	err := r.db.Update(ctx, func(tx *db.Tx) error {
		door := []door{{doorKey("setup:" + network(from.Remote)), security.AddressFailures}}
		if err := reserve(tx, door); err != nil {
			return err
		}
		refused = matchSetupCode(tx, code)
		switch fault.KindOf(refused) {
		case "":
			return release(tx, door)
		case fault.Internal:
			return refused
		}
		_, err := fail(tx, security, door)
		return err
	})
	if err != nil {
		return err
	}
	return refused
}

// matchSetupCode refuses a code that is not the present one. It waits for whoever is
// setting the installation up at the same time.
func matchSetupCode(tx *db.Tx, code string) error {
	if err := tx.Lock(rolesLock); err != nil {
		return err
	}
	open, err := setupOpen(tx)
	if err != nil {
		return err
	}
	if !open {
		return ErrSetUp
	}
	want, err := setupMark(tx)
	if err != nil {
		return err
	}
	if want == "" || subtle.ConstantTimeCompare([]byte(want), []byte(mark(plainCode(code)))) != 1 {
		return ErrSetupCode
	}
	return nil
}
