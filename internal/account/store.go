package account

import (
	"errors"
	"time"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
)

func (a *Account) columns() db.Columns {
	return db.Columns{
		db.Col("id", &a.ID), db.Col("login", &a.Login), db.Col("name", &a.Name), db.Col("agency", &a.Agency),
		db.Col("department", &a.Department), db.Col("phone", &a.Phone), db.Col("phone_mask", &a.PhoneMask),
		db.Col("email", &a.Email), db.Col("email_mask", &a.EmailMask), db.Col("state", &a.State),
		db.Col("lock_reason", &a.LockReason), db.Col("created_at", &a.CreatedAt), db.Col("version", &a.Version),
	}
}

// credential is how a person signs in. It has no version: each statement changes what it
// means to and nothing besides.
type credential struct {
	ID          string
	Password    string
	PasswordAt  time.Time
	MustChange  bool
	TOTP        string
	TOTPPending string
	TOTPStep    int64
	Epoch       int64
	LastAt      time.Time
	LastRemote  string
}

func (c *credential) columns() db.Columns {
	return db.Columns{
		db.Col("id", &c.ID), db.Col("password", &c.Password), db.Col("password_at", &c.PasswordAt),
		db.Col("must_change", &c.MustChange), db.Col("totp", &c.TOTP), db.Col("totp_pending", &c.TOTPPending),
		db.Col("totp_step", &c.TOTPStep), db.Col("epoch", &c.Epoch), db.Col("last_at", &c.LastAt),
		db.Col("last_remote", &c.LastRemote),
	}
}

func (g *Grant) columns() db.Columns {
	return db.Columns{
		db.Col("id", &g.ID), db.Col("account", &g.Account), db.Col("role", &g.Role), db.Col("agency", &g.Agency),
		db.Col("section", &g.Section), db.Col("since", &g.Since), db.Col("until", &g.Until), db.Col("reason", &g.Reason),
		db.Col("granted_by", &g.GrantedBy), db.Col("granted_at", &g.GrantedAt), db.Col("revoked_at", &g.RevokedAt),
		db.Col("version", &g.Version),
	}
}

func (d *Delegation) columns() db.Columns {
	return db.Columns{
		db.Col("id", &d.ID), db.Col("holder", &d.Holder), db.Col("deputy", &d.Deputy), db.Col("since", &d.Since),
		db.Col("until", &d.Until), db.Col("grants", db.JSON(&d.Grants)), db.Col("reason", &d.Reason),
		db.Col("created_at", &d.CreatedAt), db.Col("ended_at", &d.EndedAt), db.Col("version", &d.Version),
	}
}

// Load returns a person, or ErrNone.
func Load(tx *db.Tx, id string) (*Account, error) {
	return orNone(db.Get(tx, (*Account).columns, "account WHERE id = $1", id))
}

// ByLogin returns the person of a login name, or ErrNone.
func ByLogin(tx *db.Tx, login string) (*Account, error) {
	return orNone(db.Get(tx, (*Account).columns, "account WHERE login = $1", loginOf(login)))
}

func orNone[T any](one *T, err error) (*T, error) {
	if errors.Is(err, db.ErrNone) {
		return nil, ErrNone
	}
	return one, err
}

func loadCredential(tx *db.Tx, id string) (*credential, error) {
	return orNone(db.Get(tx, (*credential).columns, "account_credential WHERE id = $1", id))
}

func (a *Account) insert(tx *db.Tx, hash string) error {
	a.Version = 1
	err := tx.Insert("account", a.columns())
	if db.IsUnique(err, "account", "login") {
		return ErrLoginTaken.With("login", a.Login).Because(err)
	}
	if err != nil {
		return err
	}
	c := credential{ID: a.ID, Password: hash, PasswordAt: tx.Now, MustChange: true}
	return tx.Insert("account_credential", c.columns())
}

func (a *Account) save(tx *db.Tx) error {
	a.Version++
	ok, err := tx.Save("account", a.ID, a.Version-1, a.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

// count returns how many people there are or ever were.
func count(tx *db.Tx) (int, error) { return tx.Count("SELECT count(*) FROM account") }

// newEpoch ends every session of a person.
func newEpoch(tx *db.Tx, id string) error {
	_, err := tx.Exec("UPDATE account_credential SET epoch = epoch + 1 WHERE id = $1", id)
	return err
}

func setPassword(tx *db.Tx, id, hash string, mustChange bool) error {
	if _, err := tx.Exec(`INSERT INTO account_password (id, account, hash, at)
		SELECT $1, id, password, $2 FROM account_credential WHERE id = $3`, db.ID(), tx.Now, id); err != nil {
		return err
	}
	_, err := tx.Exec("UPDATE account_credential SET password = $1, password_at = $2, must_change = $3 WHERE id = $4",
		hash, tx.Now, mustChange, id)
	return err
}

// rehash replaces the digest of the same password.
func rehash(tx *db.Tx, id, old, hash string) error {
	_, err := tx.Exec("UPDATE account_credential SET password = $1 WHERE id = $2 AND password = $3", hash, id, old)
	return err
}

// pastPasswords returns the digests of the last n passwords before the present one.
func pastPasswords(tx *db.Tx, id string, n int) (all []string, err error) {
	err = tx.Each("SELECT hash FROM account_password WHERE account = $1 ORDER BY at DESC, id DESC LIMIT $2",
		func(scan func(...any) error) error {
			var hash string
			err := scan(&hash)
			all = append(all, hash)
			return err
		}, id, n)
	return all, err
}

func setTOTPPending(tx *db.Tx, id, sealed string) error {
	_, err := tx.Exec("UPDATE account_credential SET totp_pending = $1 WHERE id = $2", sealed, id)
	return err
}

// setTOTP puts a secret in force, whose code of a step has just been used, or with "" ends
// the use of codes.
func setTOTP(tx *db.Tx, id, sealed string, step int64) error {
	_, err := tx.Exec("UPDATE account_credential SET totp = $1, totp_pending = '', totp_step = $2 WHERE id = $3", sealed, step, id)
	return err
}

// useStep marks the code of a step as used and reports whether it had not been, nor one
// after it.
func useStep(tx *db.Tx, id string, step int64) (bool, error) {
	n, err := tx.Exec("UPDATE account_credential SET totp_step = $1 WHERE id = $2 AND totp_step < $1", step, id)
	return n == 1, err
}

func replaceRecovery(tx *db.Tx, id string, hashes []string) error {
	if _, err := tx.Exec("DELETE FROM account_recovery WHERE account = $1", id); err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := tx.Exec("INSERT INTO account_recovery (id, account, hash) VALUES ($1, $2, $3)", db.ID(), id, h); err != nil {
			return err
		}
	}
	return nil
}

func useRecovery(tx *db.Tx, id, hash string) (bool, error) {
	n, err := tx.Exec("UPDATE account_recovery SET used_at = $1 WHERE account = $2 AND hash = $3 AND used_at IS NULL", tx.Now, id, hash)
	return n > 0, err
}

func recoveryLeft(tx *db.Tx, id string) (int, error) {
	return tx.Count("SELECT count(*) FROM account_recovery WHERE account = $1 AND used_at IS NULL", id)
}

func signedIn(tx *db.Tx, id, remote string) error {
	_, err := tx.Exec("UPDATE account_credential SET last_at = $1, last_remote = $2 WHERE id = $3", tx.Now, remote, id)
	return err
}

// grantsOf returns what a person holds, held and will hold, the newest first.
func grantsOf(tx *db.Tx, account string) ([]*Grant, error) {
	return db.Select(tx, (*Grant).columns, "account_grant WHERE account = $1 ORDER BY id DESC", account)
}

func loadGrant(tx *db.Tx, id string) (*Grant, error) {
	return orNone(db.Get(tx, (*Grant).columns, "account_grant WHERE id = $1", id))
}

func (g *Grant) insert(tx *db.Tx) error {
	g.ID, g.GrantedAt, g.Version = db.ID(), tx.Now, 1
	return tx.Insert("account_grant", g.columns())
}

func (g *Grant) save(tx *db.Tx) error {
	g.Version++
	ok, err := tx.Save("account_grant", g.ID, g.Version-1, g.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

// standing returns how many active people hold a role today without an end.
func standing(tx *db.Tx, role actor.Role) (int, error) {
	return tx.Count(`SELECT count(DISTINCT g.account) FROM account_grant g JOIN account a ON a.id = g.account
		WHERE g.role = $1 AND g.revoked_at IS NULL AND g.until IS NULL AND g.since <= $2 AND a.state = $3`,
		role, tx.Today(), Active)
}

// effective returns what a person holds today.
func effective(tx *db.Tx, account string, today date.Date) ([]*Grant, error) {
	return db.Select(tx, (*Grant).columns, `account_grant WHERE account = $1 AND revoked_at IS NULL
		AND since <= $2 AND (until IS NULL OR until >= $2) ORDER BY id`, account, today)
}

// delegatedTo returns the delegations by which a person acts for others today.
func delegatedTo(tx *db.Tx, account string, today date.Date) ([]*Delegation, error) {
	return db.Select(tx, (*Delegation).columns, `account_delegation WHERE deputy = $1 AND ended_at IS NULL
		AND since <= $2 AND until >= $2 ORDER BY id`, account, today)
}

func delegationsOf(tx *db.Tx, account string) ([]*Delegation, error) {
	return db.Select(tx, (*Delegation).columns, "account_delegation WHERE holder = $1 OR deputy = $1 ORDER BY id DESC", account)
}

func loadDelegation(tx *db.Tx, id string) (*Delegation, error) {
	return orNone(db.Get(tx, (*Delegation).columns, "account_delegation WHERE id = $1", id))
}

func (d *Delegation) insert(tx *db.Tx) error {
	d.ID, d.CreatedAt, d.Version = db.ID(), tx.Now, 1
	return tx.Insert("account_delegation", d.columns())
}

func (d *Delegation) save(tx *db.Tx) error {
	d.Version++
	ok, err := tx.Save("account_delegation", d.ID, d.Version-1, d.columns())
	if err == nil && !ok {
		return ErrStale
	}
	return err
}

func (t *throttle) columns() db.Columns {
	return db.Columns{
		db.Col("id", &t.ID), db.Col("failures", &t.Failures), db.Col("lockouts", &t.Lockouts), db.Col("until", &t.Until),
		db.Col("at", &t.At),
	}
}

// loadThrottle returns the counter of a key, made when it is not there, and keeps others
// from changing it until the transaction ends.
func loadThrottle(tx *db.Tx, key string) (*throttle, error) {
	t := &throttle{}
	c := t.columns()
	err := tx.One([]any{&t.ID, &t.Failures, &t.Lockouts, &t.Until, &t.At},
		`INSERT INTO account_throttle (id, failures, lockouts, at) VALUES ($1, 0, 0, $2)
		ON CONFLICT (id) DO UPDATE SET failures = account_throttle.failures RETURNING `+c.Names(), key, tx.Now)
	return t, err
}

func (t *throttle) save(tx *db.Tx) error {
	_, err := tx.Exec("UPDATE account_throttle SET failures = $1, lockouts = $2, until = $3, at = $4 WHERE id = $5",
		t.Failures, t.Lockouts, t.Until, t.At, t.ID)
	return err
}

func releaseOne(tx *db.Tx, key string) error {
	_, err := tx.Exec("UPDATE account_throttle SET failures = failures - 1 WHERE id = $1 AND failures > 0", key)
	return err
}

// clearThrottle forgets the failures of a key.
func clearThrottle(tx *db.Tx, key string) error {
	_, err := tx.Exec("DELETE FROM account_throttle WHERE id = $1", key)
	return err
}

// lockedOut returns until when a key is locked out, zero if it is not.
func lockedOut(tx *db.Tx, key string) (until time.Time, err error) {
	err = tx.One([]any{&until}, "SELECT until FROM account_throttle WHERE id = $1", key)
	if errors.Is(err, db.ErrNone) || !until.After(tx.Now) {
		return time.Time{}, ignoreNone(err)
	}
	return until, err
}

func ignoreNone(err error) error {
	if errors.Is(err, db.ErrNone) {
		return nil
	}
	return err
}

func writeSecurity(tx *db.Tx, s Security) error {
	_, err := tx.Exec(`INSERT INTO account_setting (id, value, version) VALUES ('security', $1, $2)
		ON CONFLICT (id) DO UPDATE SET value = $1, version = $2`, db.JSON(&s), s.Version)
	return err
}

func (at *attempt) columns() db.Columns {
	return db.Columns{
		db.Col("id", &at.ID), db.Col("secret", &at.Secret), db.Col("account", &at.Account), db.Col("factor", &at.Factor),
		db.Col("epoch", &at.Epoch), db.Col("challenge", &at.Challenge), db.Col("ends_at", &at.EndsAt),
	}
}

func findAttempt(tx *db.Tx, secret string) (*attempt, error) {
	return orNone(db.Get(tx, (*attempt).columns, "account_attempt WHERE secret = $1", secret))
}

func (at *attempt) setChallenge(tx *db.Tx) error {
	_, err := tx.Exec("UPDATE account_attempt SET challenge = $1 WHERE id = $2", at.Challenge, at.ID)
	return err
}

// end takes an attempt away; if it is not there, somebody else has used it.
func (at *attempt) end(tx *db.Tx) error {
	if at.ID == "" {
		return nil
	}
	n, err := tx.Exec("DELETE FROM account_attempt WHERE id = $1", at.ID)
	if err == nil && n == 0 {
		return ErrTooLate
	}
	return err
}

func (s *Session) columns() db.Columns {
	return db.Columns{
		db.Col("id", &s.ID), db.Col("secret", &s.secret), db.Col("account", &s.Account), db.Col("epoch", &s.Epoch),
		db.Col("since", &s.Since), db.Col("seen_at", &s.SeenAt), db.Col("ends_at", &s.EndsAt), db.Col("remote", &s.Remote),
		db.Col("agent", &s.Agent), db.Col("ended_at", &s.EndedAt),
	}
}

func findSession(tx *db.Tx, secret string) (*Session, error) {
	return orNone(db.Get(tx, (*Session).columns, "account_session WHERE secret = $1", secret))
}

func loadSession(tx *db.Tx, id string) (*Session, error) {
	return orNone(db.Get(tx, (*Session).columns, "account_session WHERE id = $1", id))
}

// openSessions returns a person's sessions that are good and were used since idle.
func openSessions(tx *db.Tx, account string, idle time.Time) ([]*Session, error) {
	return db.Select(tx, (*Session).columns, `account_session WHERE account = $1 AND ended_at IS NULL AND ends_at > $2
		AND seen_at > $3 AND epoch = (SELECT epoch FROM account_credential WHERE id = $1) ORDER BY seen_at DESC, id`,
		account, tx.Now, idle)
}

func touch(tx *db.Tx, id string) error {
	_, err := tx.Exec("UPDATE account_session SET seen_at = $1 WHERE id = $2 AND seen_at < $1", tx.Now, id)
	return err
}

func closeSession(tx *db.Tx, id string) error {
	_, err := tx.Exec("UPDATE account_session SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL", tx.Now, id)
	return err
}

// standingOf returns what a person's sessions must match.
func standingOf(tx *db.Tx, id string) (epoch int64, state State, err error) {
	err = tx.One([]any{&epoch, &state},
		"SELECT c.epoch, a.state FROM account a JOIN account_credential c ON c.id = a.id WHERE a.id = $1", id)
	return epoch, state, err
}

func purge(tx *db.Tx, sessions, failures time.Time) error {
	for _, q := range []struct {
		text string
		at   time.Time
	}{
		{"DELETE FROM account_attempt WHERE ends_at < $1", tx.Now},
		{"DELETE FROM account_challenge WHERE ends_at < $1", tx.Now},
		{"DELETE FROM account_session WHERE ends_at < $1", sessions},
		{"DELETE FROM account_throttle WHERE at < $1 AND (until IS NULL OR until < $1)", failures},
	} {
		if _, err := tx.Exec(q.text, q.at); err != nil {
			return err
		}
	}
	return nil
}

func (k *Passkey) columns() db.Columns {
	return db.Columns{
		db.Col("id", &k.ID), db.Col("account", &k.Account), db.Col("name", &k.Name), db.Col("credential", db.JSON(&k.Credential)),
		db.Col("created_at", &k.CreatedAt), db.Col("used_at", &k.UsedAt), db.Col("removed_at", &k.RemovedAt),
	}
}

func (k *Passkey) insert(tx *db.Tx) error { return tx.Insert("account_passkey", k.columns()) }

func passkeysOf(tx *db.Tx, account string) ([]*Passkey, error) {
	return db.Select(tx, (*Passkey).columns, "account_passkey WHERE account = $1 AND removed_at IS NULL ORDER BY created_at, id", account)
}

func passkeyCount(tx *db.Tx, account string) (int, error) {
	return tx.Count("SELECT count(*) FROM account_passkey WHERE account = $1 AND removed_at IS NULL", account)
}

func removePasskey(tx *db.Tx, account, id string) error {
	n, err := tx.Exec("UPDATE account_passkey SET removed_at = $1 WHERE id = $2 AND account = $3 AND removed_at IS NULL", tx.Now, id, account)
	if err == nil && n == 0 {
		return ErrNone
	}
	return err
}

// removeFactors takes every second factor from a person who lost them.
func removeFactors(tx *db.Tx, account string) error {
	if err := setTOTP(tx, account, "", 0); err != nil {
		return err
	}
	if err := replaceRecovery(tx, account, nil); err != nil {
		return err
	}
	_, err := tx.Exec("UPDATE account_passkey SET removed_at = $1 WHERE account = $2 AND removed_at IS NULL", tx.Now, account)
	return err
}

// usedPasskey keeps what the library counts of a passkey's use.
func usedPasskey(tx *db.Tx, id string, c any) error {
	_, err := tx.Exec("UPDATE account_passkey SET used_at = $1, credential = $2 WHERE id = $3", tx.Now, db.JSON(c), id)
	return err
}

func keepChallenge(tx *db.Tx, account, challenge string, ends time.Time) error {
	_, err := tx.Exec(`INSERT INTO account_challenge (id, challenge, ends_at) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET challenge = $2, ends_at = $3`, account, challenge, ends)
	return err
}

// takeChallenge returns a person's challenge once.
func takeChallenge(tx *db.Tx, account string) (challenge string, err error) {
	var ends time.Time
	err = tx.One([]any{&challenge, &ends}, "DELETE FROM account_challenge WHERE id = $1 RETURNING challenge, ends_at", account)
	if errors.Is(err, db.ErrNone) || err == nil && !ends.After(tx.Now) {
		return "", ErrTooLate
	}
	return challenge, err
}

func keepSetupCode(tx *db.Tx, mark string) error {
	_, err := tx.Exec(`INSERT INTO account_setup (id, code, made_at) VALUES ('setup', $1, $2)
		ON CONFLICT (id) DO UPDATE SET code = $1, made_at = $2`, mark, tx.Now)
	return err
}

func setupMark(tx *db.Tx) (mark string, err error) {
	err = tx.One([]any{&mark}, "SELECT code FROM account_setup WHERE id = 'setup'")
	return mark, ignoreNone(err)
}

// closeSetup says for ever that the installation has its people.
func closeSetup(tx *db.Tx) error {
	_, err := tx.Exec(`INSERT INTO account_setup (id, code, made_at, closed_at) VALUES ('setup', '', $1, $1)
		ON CONFLICT (id) DO UPDATE SET code = '', closed_at = coalesce(account_setup.closed_at, $1)`, tx.Now)
	return err
}

// allEffective returns what everybody holds on a day, by person.
func allEffective(tx *db.Tx, today date.Date) (map[string][]*Grant, error) {
	rows, err := db.Select(tx, (*Grant).columns, `account_grant WHERE revoked_at IS NULL AND since <= $1
		AND (until IS NULL OR until >= $1) ORDER BY id`, today)
	all := map[string][]*Grant{}
	for _, g := range rows {
		all[g.Account] = append(all[g.Account], g)
	}
	return all, err
}

// describeEntries fills in how the people of a list sign in.
func describeEntries(tx *db.Tx, all []*Entry) error {
	byID := map[string]*Entry{}
	for _, e := range all {
		byID[e.ID] = e
	}
	rest := "account_credential ORDER BY id"
	var args []any
	if len(all) == 1 {
		rest, args = "account_credential WHERE id = $1", []any{all[0].ID}
	}
	rows, err := db.Select(tx, (*credential).columns, rest, args...)
	if err != nil {
		return err
	}
	for _, c := range rows {
		e := byID[c.ID]
		if e == nil {
			continue
		}
		e.LastAt, e.MustReset = c.LastAt, c.MustChange
		if e.Factors, err = waysOf(tx, c); err != nil {
			return err
		}
		if e.LockedOut, err = lockedOut(tx, doorKey("login:"+e.Login)); err != nil {
			return err
		}
	}
	return nil
}

func refs(tx *db.Tx, query string, args ...any) (all []Ref, err error) {
	err = tx.Each(query, func(scan func(...any) error) error {
		var one Ref
		err := scan(&one.ID, &one.Name, &one.Department)
		all = append(all, one)
		return err
	}, args...)
	return all, err
}

func colleagues(tx *db.Tx, me string, bodies []string) ([]Ref, error) {
	today := tx.Today()
	marks, ids := db.In(3, bodies)
	return refs(tx, `SELECT id, name, department FROM account WHERE id <> $1 AND state = $2 AND (agency <> '' AND agency IN `+marks+`
		OR id IN (SELECT account FROM account_grant WHERE revoked_at IS NULL AND since <= $3 AND (until IS NULL OR until >= $3)
			AND agency <> '' AND agency IN `+marks+`)) ORDER BY id`, append([]any{me, Active, today}, ids...)...)
}

func holders(tx *db.Tx, role actor.Role, body string) ([]Ref, error) {
	return refs(tx, `SELECT id, name, department FROM account WHERE state = $1 AND id IN (SELECT account FROM account_grant
		WHERE role = $2 AND agency = $3 AND revoked_at IS NULL AND since <= $4 AND (until IS NULL OR until >= $4)) ORDER BY id`,
		Active, role, body, tx.Today())
}

func readSecurity(tx *db.Tx, s *Security, version *int64) error {
	return tx.One([]any{db.JSON(s), version}, "SELECT value, version FROM account_setting WHERE id = 'security'")
}

// setupClosed returns when the set-up page was closed for good.
func setupClosed(tx *db.Tx) (at time.Time, err error) {
	err = tx.One([]any{&at}, "SELECT closed_at FROM account_setup WHERE id = 'setup'")
	return at, err
}
