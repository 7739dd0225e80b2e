package account

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"net/netip"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// ErrThrottled refuses an attempt after too many that failed. It is the same whether the
// login name is somebody's or not.
var ErrThrottled = &fault.Error{Kind: fault.Forbidden, Code: "account.throttled"}

// forget is how long failures are remembered, and longestLock how long a lock-out may grow.
const (
	forget      = 24 * time.Hour
	longestLock = 24 * time.Hour
)

// throttle counts the failures of one login name or one address.
type throttle struct {
	ID       string
	Failures int64
	Lockouts int64
	Until    time.Time
	At       time.Time
}

// door is what an attempt is counted by, with how many may fail.
type door struct {
	key   string
	limit int
}

// doors are those an attempt goes through. What people type for a login name is now and
// then their password, so only a digest of it is kept.
func doors(s Security, login, remote string) []door {
	return []door{{doorKey("login:" + login), s.Failures}, {doorKey("address:" + network(remote)), s.AddressFailures}}
}

func doorKey(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// network is an address as far as one attacker has it: a whole /64 of IPv6.
func network(remote string) string {
	a, err := netip.ParseAddr(remote)
	if err != nil {
		return remote
	}
	if a = a.Unmap(); a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// reserve counts an attempt as failed before it is tried, so that a thousand at once are
// no more than as many one after the other.
func reserve(tx *db.Tx, all []door) error {
	for _, d := range all {
		t, err := loadThrottle(tx, d.key)
		if err != nil {
			return err
		}
		t.age(tx.Now, d.limit)
		wait := t.Until.Sub(tx.Now)
		if wait <= 0 && t.Failures >= int64(d.limit) {
			wait = time.Minute // all that are left are being tried
		}
		if wait > 0 {
			return ErrThrottled.With("n", int(math.Ceil(wait.Minutes())))
		}
		t.Failures++
		t.At = tx.Now
		if err := t.save(tx); err != nil {
			return err
		}
	}
	return nil
}

// age forgets what is long past, and lets the last attempt be made again that was never
// ended because the program was.
func (t *throttle) age(now time.Time, limit int) {
	since := now.Sub(t.At)
	if since > forget && !t.Until.After(now) {
		t.Failures, t.Lockouts = 0, 0
	}
	if since > time.Minute && t.Failures >= int64(limit) {
		t.Failures = int64(limit) - 1
	}
}

// fail locks a door when the attempt that failed was the last it allows, and returns for
// how many minutes: 0 when it stays open.
func fail(tx *db.Tx, s Security, all []door) (minutes int, err error) {
	for _, d := range all {
		t, err := loadThrottle(tx, d.key)
		if err != nil {
			return 0, err
		}
		if t.Failures < int64(d.limit) || t.Until.After(tx.Now) {
			continue
		}
		lock := longestLock
		if t.Lockouts < 11 {
			lock = min(lock, time.Duration(s.LockMinutes)*time.Minute<<t.Lockouts)
		}
		t.Failures, t.Until = 0, tx.Now.Add(lock)
		t.Lockouts++
		if err := t.save(tx); err != nil {
			return 0, err
		}
		minutes = max(minutes, int(lock.Minutes()))
	}
	return minutes, nil
}

// release takes back the attempt that reserve counted: it did not fail.
func release(tx *db.Tx, all []door) error {
	for _, d := range all {
		if err := releaseOne(tx, d.key); err != nil {
			return err
		}
	}
	return nil
}
