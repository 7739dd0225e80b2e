package account

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"gongkai/internal/actor"
	"gongkai/internal/db"
)

func TestPasswordRules(t *testing.T) {
	s := security
	s.Words = []string{"虚构市", "xugou"}
	for _, test := range []struct {
		password string
		want     error
	}{
		{"Wolke77-x", ErrShort}, // nine
		{"Wolke77-xy", nil},     // ten
		{strings.Repeat("aB3-xQ7+", 16), nil},
		{strings.Repeat("aB3-xQ7+", 16) + "x", ErrLong},
		{"wolkenkuckuck", ErrSimple},
		{"Password123", ErrCommon},
		{"P@ssw0rd2026", ErrCommon},
		{"qwertyuiop12", ErrCommon},
		{"1qaz2wsx3edc", ErrCommon},
		{"aaaaaaaaaa12", ErrCommon},
		{"gongkai@2026", ErrCommon},
		{"XuGou!20261123", nil}, // eight are left without the word and a year
		{"xugou@2026ab", ErrCommon},
		{"虚构市2026abc!", ErrCommon},
		{"my-zhang.x-pass1", ErrHasName},
		{"Zhang.X88-pass1", ErrHasName},
		{"三月春风杨柳青9", ErrShort}, // eight characters, not bytes
		{"三月春风杨柳青青依依9", nil},
	} {
		if err := s.checkPassword(test.password, "zhang.x"); !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
			t.Errorf("%s: %v, want %v", test.password, err, test.want)
		}
	}
}

func TestOneTimePasswordsPassTheirOwnRules(t *testing.T) {
	seen := map[string]bool{}
	for range 500 {
		p := newCode(oneTime)
		if err := security.checkPassword(p, "somebody"); err != nil || len(p) != 19 || seen[p] {
			t.Errorf("%s: %v", p, err)
		}
		seen[p] = true
	}
}

func TestDigests(t *testing.T) {
	h := newHasher(standard)
	d := standard.digest(good)
	if !matches(d, good) || matches(d, good+" ") || h.dated(d) || !strings.HasPrefix(d, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Error("a digest does not tell its password from others")
	}
	if standard.digest(good) == d {
		t.Error("two digests of one password are alike")
	}
	// The vector of the reference implementation's README, made at another cost.
	reference := "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if !matches(reference, "password") || !h.dated(reference) {
		t.Error("the reference vector does not match")
	}
	for _, bad := range []string{"", "$", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFh"} {
		if matches(bad, "") {
			t.Errorf("%q matches", bad)
		}
	}
}

func TestTheFirstSignInAsksForAPassword(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		i := o.person("li.x")
		step, err := o.SignIn(t.Context(), " LI.X ", i.Password, here)
		if err != nil || step.Stage != StageChange {
			t.Fatalf("%v %v", step.Stage, err)
		}
		if _, err := o.Visit(t.Context(), step.Secret, ""); !errors.Is(err, ErrSignedOut) {
			t.Errorf("half signed in is signed in: %v", err)
		}
		for password, want := range map[string]error{"short": ErrShort, i.Password: ErrReused} {
			if _, err := o.Choose(t.Context(), step.Secret, password, here); !errors.Is(err, want) {
				t.Errorf("%s: %v", password, err)
			}
		}
		done, err := o.Choose(t.Context(), step.Secret, good, here)
		if err != nil || done.Stage != StageDone || done.Secret == step.Secret {
			t.Fatalf("%v %v", done.Stage, err)
		}
		if _, err := o.Choose(t.Context(), step.Secret, good+"!", here); !errors.Is(err, ErrTooLate) {
			t.Errorf("the same step once more: %v", err)
		}
		v, err := o.Visit(t.Context(), done.Secret, "192.0.2.7")
		if err != nil || v.Actor.ID != i.Account.ID || v.Actor.Remote != "192.0.2.7" {
			t.Errorf("got %+v %v", v, err)
		}
		if _, err := o.SignIn(t.Context(), "li.x", i.Password, here); !errors.Is(err, ErrSignIn) {
			t.Errorf("the one-time password again: %v", err)
		}
	})
}

// An attacker who gave the browser a secret beforehand does not know that of the session.
func TestNoSecretOutlivesItsStep(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settled("li.x", good)
		a, err := o.SignIn(t.Context(), "li.x", good, here)
		if err != nil {
			t.Fatal(err)
		}
		b, err := o.SignIn(t.Context(), "li.x", good, here)
		if err != nil || a.Secret == b.Secret || len(a.Secret) != 43 {
			t.Errorf("secrets %q %q, %v", a.Secret, b.Secret, err)
		}
		for _, made := range []string{"", "x", mark(a.Secret)} {
			if _, err := o.Visit(t.Context(), made, ""); !errors.Is(err, ErrSignedOut) {
				t.Errorf("%q is a session: %v", made, err)
			}
		}
		if err := o.SignOut(t.Context(), a.Secret, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Visit(t.Context(), a.Secret, ""); !errors.Is(err, ErrSignedOut) {
			t.Errorf("after signing out: %v", err)
		}
		if _, err := o.Visit(t.Context(), b.Secret, ""); err != nil {
			t.Errorf("the other browser: %v", err)
		}
	})
}

// R-SEC-03. Somebody and nobody are told the same, failure by failure.
func TestWhoTriesTooOftenWaits(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settled("li.x", good)
		say := func(err error) string {
			if err == nil {
				return ""
			}
			return err.Error()
		}
		for n := 1; n <= 7; n++ {
			_, real := o.SignIn(t.Context(), "li.x", "wrong", From{Remote: "198.51.100.1"})
			_, none := o.SignIn(t.Context(), "nobody", "wrong", From{Remote: "198.51.100.2"})
			if say(real) != say(none) || real == nil {
				t.Errorf("attempt %d: %v and %v", n, real, none)
			}
			if locked := errors.Is(real, ErrThrottled); locked != (n > 5) {
				t.Errorf("attempt %d: %v", n, real)
			}
		}
		in := func(after time.Duration, want error) {
			t.Helper()
			o.clock.put(after)
			_, err := o.SignIn(t.Context(), "li.x", good, From{Remote: "198.51.100.3"})
			if !errors.Is(err, want) || (err == nil) != (want == nil) {
				t.Errorf("got %v, want %v", err, want)
			}
		}
		in(0, ErrThrottled) // the right password, from another address
		in(15*time.Minute-time.Second, ErrThrottled)
		// After the lock-out five more; then twice as long.
		o.clock.put(time.Second)
		for range 5 {
			if _, err := o.SignIn(t.Context(), "li.x", "wrong", From{Remote: "198.51.100.4"}); !errors.Is(err, ErrSignIn) {
				t.Error(err)
			}
		}
		in(15*time.Minute, ErrThrottled)
		in(15*time.Minute, nil)
		// Signed in: all is forgotten.
		for range 4 {
			if _, err := o.SignIn(t.Context(), "li.x", "wrong", From{Remote: "198.51.100.5"}); !errors.Is(err, ErrSignIn) {
				t.Error(err)
			}
		}
		in(0, nil)
	})
}

func TestAnAddressThatTriesManyNamesWaits(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settled("li.x", good)
		o.slow(t)
		for n := 1; n <= 10; n++ {
			if _, err := o.SignIn(t.Context(), fmt.Sprintf("name%d", n), "wrong", From{Remote: "2001:db8::1"}); !errors.Is(err, ErrSignIn) {
				t.Errorf("attempt %d: %v", n, err)
			}
		}
		if _, err := o.SignIn(t.Context(), "li.x", good, From{Remote: "2001:db8::2"}); !errors.Is(err, ErrThrottled) {
			t.Errorf("its neighbour: %v", err)
		}
		if _, err := o.SignIn(t.Context(), "li.x", good, here); err != nil {
			t.Errorf("from elsewhere: %v", err)
		}
	})
}

// slow lets ten attempts fail from one address.
func (o *office) slow(t *testing.T) {
	t.Helper()
	s, err := o.Security(t.Context(), o.sec)
	if err != nil {
		t.Fatal(err)
	}
	s.AddressFailures = 10
	if err := o.SetSecurity(t.Context(), o.sec, s); err != nil {
		t.Fatal(err)
	}
}

// A hundred attempts at once are no more than as many one after the other.
func TestBruteForceInParallel(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settled("li.x", good)
		var all sync.WaitGroup
		var lock sync.Mutex
		tried := 0
		for i := range 40 {
			all.Go(func() {
				_, err := o.SignIn(t.Context(), "li.x", "wrong", From{Remote: fmt.Sprintf("198.51.100.%d", i)})
				lock.Lock()
				defer lock.Unlock()
				switch {
				case errors.Is(err, ErrSignIn):
					tried++
				case !errors.Is(err, ErrThrottled):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if tried != 5 {
			t.Errorf("%d passwords were tried", tried)
		}
		if n := o.count("SELECT count(*) FROM audit_entry WHERE act = 'account.refuse'"); n != 5 {
			t.Errorf("%d entries", n)
		}
	})
}

func TestTheSecurityAdministratorEndsALockOut(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		a := o.settled("li.x", good)
		for range 5 {
			_, _ = o.SignIn(t.Context(), "li.x", "wrong", here) // refused, as other tests say
		}
		e, err := o.Get(t.Context(), o.sec, a.ID)
		if err != nil || e.LockedOut.IsZero() {
			t.Errorf("the list does not show it: %v %v", e.LockedOut, err)
		}
		if _, err := o.Unlock(t.Context(), o.sys, a.ID, 1); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("by the system administrator: %v", err)
		}
		if _, err := o.Unlock(t.Context(), o.sec, a.ID, 1); err != nil {
			t.Fatal(err)
		}
		if _, err := o.SignIn(t.Context(), "li.x", good, here); err != nil {
			t.Error(err)
		}
	})
}

func TestPasswordsAgeAndDoNotComeBack(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		s, err := o.Security(t.Context(), o.sec)
		if err != nil {
			t.Fatal(err)
		}
		s.MaxAgeDays, s.History = 90, 3
		if err := o.SetSecurity(t.Context(), o.sec, s); err != nil {
			t.Fatal(err)
		}
		if err := o.SetSecurity(t.Context(), o.sec, s); !errors.Is(err, ErrStale) {
			t.Errorf("over somebody else's change: %v", err)
		}
		o.settled("li.x", good+"0")
		use := func(old, next string, want error) {
			t.Helper()
			o.clock.put(90*24*time.Hour + time.Second)
			step, err := o.SignIn(t.Context(), "li.x", old, here)
			if err != nil || step.Stage != StageChange {
				t.Fatalf("after ninety days: %v %v", step.Stage, err)
			}
			if _, err = o.Choose(t.Context(), step.Secret, next, here); !errors.Is(err, want) || (err == nil) != (want == nil) {
				t.Fatalf("%s: %v", next, err)
			}
		}
		use(good+"0", good+"1", nil)
		use(good+"1", good+"2", nil)
		use(good+"2", good+"0", ErrReused) // the last three: 2, 1, 0
		use(good+"2", good+"3", nil)
		use(good+"3", good+"0", nil)
	})
}

// R-SEC-02, RFC 6238.
func TestAdministratorsNeedASecondFactor(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		i := o.person("li.x")
		o.give(i.Account.ID, actor.SysAdmin, "")
		step, err := o.SignIn(t.Context(), "li.x", i.Password, here)
		if err != nil || step.Stage != StageChange {
			t.Fatal(step.Stage, err)
		}
		if _, err := o.EnrolTOTP(t.Context(), step.Secret); !errors.Is(err, ErrTooLate) {
			t.Errorf("before the password: %v", err)
		}
		if step, err = o.Choose(t.Context(), step.Secret, good, here); err != nil || step.Stage != StageEnrol {
			t.Fatal(step.Stage, err)
		}
		k, err := o.EnrolTOTP(t.Context(), step.Secret)
		if err != nil || len(k.PNG) == 0 || !strings.HasPrefix(k.URL, "otpauth://totp/") {
			t.Fatal(k, err)
		}
		if _, _, err := o.EnrolTOTPDone(t.Context(), step.Secret, "000000", here); !errors.Is(err, ErrCode) {
			t.Errorf("a wrong code: %v", err)
		}
		code := o.code(t, k.Secret, 0)
		step, recovery, err := o.EnrolTOTPDone(t.Context(), step.Secret, code, here)
		if err != nil || step.Stage != StageDone || len(recovery) != recoveryCodes {
			t.Fatal(step.Stage, recovery, err)
		}
		sign := func() Step {
			t.Helper()
			step, err := o.SignIn(t.Context(), "li.x", good, here)
			if err != nil || step.Stage != StageFactor {
				t.Fatal(step.Stage, err)
			}
			return step
		}
		show := func(code string, want error) {
			t.Helper()
			s := sign()
			done, err := o.Code(t.Context(), s.Secret, code, here)
			if !errors.Is(err, want) || (err == nil) != (want == nil) || err == nil && done.Stage != StageDone {
				t.Errorf("%s: %v %v, want %v", code, done.Stage, err, want)
			}
		}
		show(code, ErrCode) // the code of setting up is used
		o.clock.put(30 * time.Second)
		next := o.code(t, k.Secret, 0)
		show(next, nil)
		show(next, ErrCode)                                 // again
		show(o.code(t, k.Secret, -30*time.Second), ErrCode) // one before it
		show(o.code(t, k.Secret, 30*time.Second), nil)      // a clock that is half a minute fast
		o.clock.put(5 * time.Minute)
		show(o.code(t, k.Secret, 60*time.Second), ErrCode) // a whole one is too much
		show(strings.ToUpper(recovery[0]), nil)
		show(recovery[0], ErrCode)
		show(strings.ReplaceAll(recovery[1], "-", " "), nil)
		for range 5 {
			_, _ = o.Code(t.Context(), sign().Secret, "000000", here) // wrong each time
		}
		if _, err := o.SignIn(t.Context(), "li.x", good, here); !errors.Is(err, ErrThrottled) {
			t.Errorf("guessing codes goes on: %v", err)
		}
	})
}

// code is what an authenticator shows whose clock is off by so much.
func (o *office) code(t *testing.T, secret string, off time.Duration) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, o.clock.now().Add(off))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// Ten browsers show the same code at once: one gets in.
func TestACodeIsGoodOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		a := o.settled("li.x", good)
		me := actor.Actor{ID: a.ID, Name: a.Name, Remote: "192.0.2.1"}
		k, err := o.StartTOTP(t.Context(), me, good)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.ConfirmTOTP(t.Context(), me, o.code(t, k.Secret, 0)); err != nil {
			t.Fatal(err)
		}
		o.clock.put(time.Minute)
		code := o.code(t, k.Secret, 0)
		secrets := make([]string, 4)
		for i := range secrets {
			step, err := o.SignIn(t.Context(), "li.x", good, here)
			if err != nil {
				t.Fatal(err)
			}
			secrets[i] = step.Secret
		}
		var all sync.WaitGroup
		done := make([]error, len(secrets))
		for i, s := range secrets {
			all.Go(func() { _, done[i] = o.Code(t.Context(), s, code, here) })
		}
		all.Wait()
		in := 0
		for _, err := range done {
			if err == nil {
				in++
			}
		}
		if in != 1 {
			t.Errorf("%d got in: %v", in, done)
		}
	})
}

func TestOnesOwnSecondFactorNeedsThePassword(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		a := o.settled("li.x", good)
		me := actor.Actor{ID: a.ID, Name: a.Name}
		if _, err := o.StartTOTP(t.Context(), me, "wrong"); !errors.Is(err, ErrPassword) {
			t.Errorf("without the password: %v", err)
		}
		if _, err := o.ConfirmTOTP(t.Context(), me, "000000"); !errors.Is(err, ErrNoFactor) {
			t.Errorf("confirmed without a beginning: %v", err)
		}
		k, err := o.StartTOTP(t.Context(), me, good)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.ConfirmTOTP(t.Context(), me, o.code(t, k.Secret, 0)); err != nil {
			t.Fatal(err)
		}
		if err := o.RemoveTOTP(t.Context(), me, good); err != nil {
			t.Errorf("somebody who needs none: %v", err)
		}
		if k, err = o.StartTOTP(t.Context(), me, good); err != nil {
			t.Fatal(err)
		}
		if _, err := o.ConfirmTOTP(t.Context(), me, o.code(t, k.Secret, 0)); err != nil {
			t.Fatal(err)
		}
		o.give(a.ID, actor.Auditor, "")
		if err := o.RemoveTOTP(t.Context(), me, good); !errors.Is(err, ErrFactorLast) {
			t.Errorf("an administrator's last: %v", err)
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		a := o.settled("li.x", good)
		in := func() string {
			t.Helper()
			step, err := o.SignIn(t.Context(), "li.x", good, here)
			if err != nil {
				t.Fatal(err)
			}
			return step.Secret
		}
		good := func(secret string, want bool, when string) {
			t.Helper()
			if _, err := o.Visit(t.Context(), secret, ""); (err == nil) != want || err != nil && !errors.Is(err, ErrSignedOut) {
				t.Errorf("%s: %v", when, err)
			}
		}
		s := in()
		o.clock.put(30*time.Minute - time.Second)
		good(s, true, "half an hour less a second")
		o.clock.put(30*time.Minute - time.Second)
		good(s, true, "used in between")
		o.clock.put(30 * time.Minute)
		good(s, false, "half an hour idle")
		s = in()
		for range 23 { // twelve hours, always in use
			o.clock.put(30*time.Minute - time.Second)
			good(s, true, "in use")
		}
		o.clock.put(29 * time.Minute)
		good(s, true, "less than twelve hours")
		o.clock.put(time.Minute)
		good(s, true, "less than twelve hours by seconds")
		o.clock.put(time.Minute)
		good(s, false, "twelve hours")

		s = in()
		if _, err := o.Lock(t.Context(), o.sec, a.ID, o.account(a.ID).Version, "离职"); err != nil {
			t.Fatal(err)
		}
		good(s, false, "locked")
		if _, err := o.SignIn(t.Context(), "li.x", "Kupferdach 77 Wolke", here); !errors.Is(err, ErrLocked) {
			t.Errorf("locked: %v", err)
		}
		if _, err := o.Unlock(t.Context(), o.sec, a.ID, o.account(a.ID).Version); err != nil {
			t.Fatal(err)
		}
		good(s, false, "a session of before the lock")
		s = in()
		g := o.give(a.ID, actor.Editor, o.city)
		good(s, false, "before a role was given")
		s = in()
		if err := o.Revoke(t.Context(), o.sec, g.ID, g.Version, "调岗"); err != nil {
			t.Fatal(err)
		}
		good(s, false, "before a role was taken")
		s = in()
		if _, err := o.Reset(t.Context(), o.sec, a.ID, o.account(a.ID).Version, "忘记密码"); err != nil {
			t.Fatal(err)
		}
		good(s, false, "before the password was reset")
	})
}

func TestANewPasswordEndsOtherSessions(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		a := o.settled("li.x", good)
		me := actor.Actor{ID: a.ID, Name: a.Name, Remote: "192.0.2.1"}
		var secrets []string
		for range 3 {
			step, err := o.SignIn(t.Context(), "li.x", good, here)
			if err != nil {
				t.Fatal(err)
			}
			secrets = append(secrets, step.Secret)
		}
		if _, err := o.SetPassword(t.Context(), me, secrets[0], "wrong", good+"!", here); !errors.Is(err, ErrPassword) {
			t.Errorf("without the old one: %v", err)
		}
		next, err := o.SetPassword(t.Context(), me, secrets[0], good, good+"!", here)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range secrets {
			if _, err := o.Visit(t.Context(), s, ""); !errors.Is(err, ErrSignedOut) {
				t.Errorf("session %d goes on: %v", i, err)
			}
		}
		if _, err := o.Visit(t.Context(), next, ""); err != nil {
			t.Error(err)
		}
		all, err := o.Sessions(t.Context(), me, a.ID)
		if err != nil || len(all) != 1 {
			t.Fatalf("%d sessions, %v", len(all), err)
		}
		if err := o.EndSession(t.Context(), o.sys, all[0].ID); !errors.Is(err, actor.ErrForbidden) {
			t.Errorf("ended by the system administrator: %v", err)
		}
		if err := o.EndSession(t.Context(), me, all[0].ID); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Visit(t.Context(), next, ""); !errors.Is(err, ErrSignedOut) {
			t.Errorf("ended from the list: %v", err)
		}
	})
}

// Whoever is locked while signing in is not signed in.
func TestLockedWhileSigningIn(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		a := o.settled("li.x", good)
		var all sync.WaitGroup
		secrets := make([]string, 6)
		for i := range secrets {
			all.Go(func() {
				step, err := o.SignIn(t.Context(), "li.x", good, From{Remote: fmt.Sprintf("192.0.2.%d", i)})
				if err != nil && !errors.Is(err, ErrLocked) && !errors.Is(err, ErrThrottled) {
					t.Error(err)
				}
				secrets[i] = step.Secret
			})
		}
		all.Go(func() {
			if _, err := o.Lock(t.Context(), o.sec, a.ID, a.Version, "离职"); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		for i, s := range secrets {
			if _, err := o.Visit(t.Context(), s, ""); !errors.Is(err, ErrSignedOut) {
				t.Errorf("%d is signed in: %v", i, err)
			}
		}
	})
}

func TestAWeakDigestIsMadeAnew(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		a := o.settled("li.x", good)
		old := "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
		if err := o.db.Update(t.Context(), func(tx *db.Tx) error { return setPassword(tx, a.ID, old, false) }); err != nil {
			t.Fatal(err)
		}
		if _, err := o.SignIn(t.Context(), "li.x", "password", here); err != nil {
			t.Fatal(err)
		}
		if n := o.count("SELECT count(*) FROM account_credential WHERE id = $1 AND password = $2", a.ID, old); n != 0 {
			t.Error("it is still there")
		}
		if _, err := o.SignIn(t.Context(), "li.x", "password", here); err != nil {
			t.Error(err)
		}
	})
}

func TestPurgeKeepsWhatIsInUse(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.settled("li.x", good)
		step, err := o.SignIn(t.Context(), "li.x", good, here)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = o.SignIn(t.Context(), "nobody", "wrong", here) // leaves a failure behind
		if err := o.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Visit(t.Context(), step.Secret, ""); err != nil {
			t.Error(err)
		}
		o.clock.put(40 * 24 * time.Hour)
		if err := o.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"account_session", "account_throttle", "account_attempt"} {
			if n := o.count("SELECT count(*) FROM " + table); n != 0 {
				t.Errorf("%d rows stay in %s", n, table)
			}
		}
	})
}
