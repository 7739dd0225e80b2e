package account

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"

	"gongkai/internal/actor"
)

// device is an authenticator made of software: one passkey of the P-256 curve.
type device struct {
	t      *testing.T
	key    *ecdsa.PrivateKey
	id     []byte
	handle string
	uses   uint32
	origin string
}

func newDevice(t *testing.T) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	rand.Read(id)
	return &device{t: t, key: key, id: id, origin: "https://example.com"}
}

var url64 = base64.RawURLEncoding

// options is what of the server's request the device looks at.
type options struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
		AllowCredentials []struct {
			ID string `json:"id"`
		} `json:"allowCredentials"`
	} `json:"publicKey"`
}

func (d *device) read(request []byte) (o options) {
	d.t.Helper()
	if err := json.Unmarshal(request, &o); err != nil {
		d.t.Fatal(err)
	}
	return o
}

func (d *device) client(kind, challenge string) []byte {
	b, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

// data is the authenticator's: the site, that its owner was there and proved it, its count.
func (d *device) data(flags byte) []byte {
	site := sha256.Sum256([]byte("example.com"))
	d.uses++
	return binary.BigEndian.AppendUint32(append(site[:], flags), d.uses)
}

func (d *device) cbor(v any) []byte {
	b, err := webauthncbor.Marshal(v)
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

const present, verified, attested = 1, 4, 64

// make answers a request to make the passkey.
func (d *device) make(request []byte) []byte {
	o := d.read(request)
	d.handle = o.PublicKey.User.ID
	point, err := d.key.PublicKey.Bytes()
	if err != nil {
		d.t.Fatal(err)
	}
	public := d.cbor(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	data := append(d.data(present|verified|attested), make([]byte, 16)...)
	data = append(binary.BigEndian.AppendUint16(data, uint16(len(d.id))), d.id...)
	return d.answer(map[string]any{
		"clientDataJSON":    url64.EncodeToString(d.client("webauthn.create", o.PublicKey.Challenge)),
		"attestationObject": url64.EncodeToString(d.cbor(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": append(data, public...)})),
	})
}

// show answers a request to sign in.
func (d *device) show(request []byte, flags byte) []byte {
	client := d.client("webauthn.get", d.read(request).PublicKey.Challenge)
	data := d.data(flags)
	sum := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	if err != nil {
		d.t.Fatal(err)
	}
	return d.answer(map[string]any{
		"clientDataJSON": url64.EncodeToString(client), "authenticatorData": url64.EncodeToString(data),
		"signature": url64.EncodeToString(signature), "userHandle": d.handle,
	})
}

func (d *device) answer(response map[string]any) []byte {
	b, err := json.Marshal(map[string]any{"id": url64.EncodeToString(d.id), "rawId": url64.EncodeToString(d.id), "type": "public-key", "response": response})
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

func TestPasskeys(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		a := o.settled("li.x", good)
		me := actor.Actor{ID: a.ID, Name: a.Name, Remote: "192.0.2.1"}
		d := newDevice(t)
		if _, err := o.AddPasskey(t.Context(), me, "电脑", d.answer(nil)); !errors.Is(err, ErrTooLate) {
			t.Errorf("without a beginning: %v", err)
		}
		if _, err := o.StartPasskey(t.Context(), me, "wrong"); !errors.Is(err, ErrPassword) {
			t.Errorf("without the password: %v", err)
		}
		begin := func() []byte {
			t.Helper()
			request, err := o.StartPasskey(t.Context(), me, good)
			if err != nil {
				t.Fatal(err)
			}
			return request
		}
		d.origin = "https://example.com.evil.test"
		if _, err := o.AddPasskey(t.Context(), me, "电脑", d.make(begin())); !errors.Is(err, ErrPasskey) {
			t.Errorf("made for another site: %v", err)
		}
		d.origin = "https://example.com"
		codes, err := o.AddPasskey(t.Context(), me, "电脑", d.make(begin()))
		if err != nil || len(codes) != recoveryCodes {
			t.Fatalf("%v %v", codes, err)
		}

		// As the second factor.
		step, err := o.SignIn(t.Context(), "li.x", good, here)
		if err != nil || step.Stage != StageFactor || step.Ways[0] != WayPasskey {
			t.Fatal(step, err)
		}
		request, next, err := o.AskPasskey(t.Context(), step.Secret)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.ShowPasskey(t.Context(), next, newDevice(t).show(request, present|verified), here); !errors.Is(err, ErrPasskey) {
			t.Errorf("somebody else's device: %v", err)
		}
		answer := d.show(request, present|verified)
		if step, err = o.ShowPasskey(t.Context(), next, answer, here); err != nil || step.Stage != StageDone {
			t.Fatal(step, err)
		}
		if _, err := o.ShowPasskey(t.Context(), next, answer, here); !errors.Is(err, ErrTooLate) {
			t.Errorf("the same answer again: %v", err)
		}

		// Alone.
		ask := func() ([]byte, string) {
			t.Helper()
			request, next, err := o.AskPasskey(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			return request, next
		}
		request, next = ask()
		if _, err := o.ShowPasskey(t.Context(), next, d.show(request, present), here); !errors.Is(err, ErrPasskey) {
			t.Errorf("without proof that it is its owner: %v", err)
		}
		request, next = ask()
		if step, err = o.ShowPasskey(t.Context(), next, d.show(request, present|verified), here); err != nil || step.Stage != StageDone || step.Person.ID != a.ID {
			t.Fatal(step, err)
		}
		if _, err := o.Visit(t.Context(), step.Secret, ""); err != nil {
			t.Error(err)
		}
		request, next = ask()
		other, _ := ask()
		if _, err := o.ShowPasskey(t.Context(), next, d.show(other, present|verified), here); !errors.Is(err, ErrPasskey) {
			t.Errorf("the answer to another question: %v", err)
		}
		o.clock.put(attemptLasts + time.Second)
		if _, err := o.ShowPasskey(t.Context(), next, d.show(request, present|verified), here); !errors.Is(err, ErrTooLate) {
			t.Errorf("after ten minutes: %v", err)
		}
		request, next = ask()
		if _, err := o.Lock(t.Context(), o.sec, a.ID, o.account(a.ID).Version, "离职"); err != nil {
			t.Fatal(err)
		}
		if _, err := o.ShowPasskey(t.Context(), next, d.show(request, present|verified), here); !errors.Is(err, ErrLocked) {
			t.Errorf("locked: %v", err)
		}
		if _, err := o.Unlock(t.Context(), o.sec, a.ID, o.account(a.ID).Version); err != nil {
			t.Fatal(err)
		}

		keys, err := o.Passkeys(t.Context(), me)
		if err != nil || len(keys) != 1 || keys[0].Name != "电脑" || keys[0].UsedAt.IsZero() {
			t.Fatalf("%v %v", keys, err)
		}
		if err := o.RemovePasskey(t.Context(), actor.Actor{ID: o.sec.ID}, keys[0].ID, "x"); err == nil {
			t.Error("somebody else removed it")
		}
		if err := o.RemovePasskey(t.Context(), me, keys[0].ID, good); err != nil {
			t.Fatal(err)
		}
		request, next = ask()
		if _, err := o.ShowPasskey(t.Context(), next, d.show(request, present|verified), here); !errors.Is(err, ErrPasskey) {
			t.Errorf("after it was removed: %v", err)
		}
	})
}

// The clone of a device counts its own uses: the lower count gives it away.
func TestACopiedPasskeyIsRefused(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		i := o.person("li.x")
		o.give(i.Account.ID, actor.Auditor, "")
		step, err := o.SignIn(t.Context(), "li.x", i.Password, here)
		if err != nil {
			t.Fatal(err)
		}
		if step, err = o.Choose(t.Context(), step.Secret, good, here); err != nil || step.Stage != StageEnrol {
			t.Fatal(step, err)
		}
		request, err := o.EnrolPasskey(t.Context(), step.Secret)
		if err != nil {
			t.Fatal(err)
		}
		d := newDevice(t)
		step, codes, err := o.EnrolPasskeyDone(t.Context(), step.Secret, "手机", d.make(request), here)
		if err != nil || step.Stage != StageDone || len(codes) != recoveryCodes {
			t.Fatal(step, err)
		}
		clone := *d
		for n, test := range []struct {
			d    *device
			want error
		}{{d, nil}, {d, nil}, {&clone, ErrPasskey}, {d, nil}} {
			request, next, err := o.AskPasskey(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			_, err = o.ShowPasskey(t.Context(), next, test.d.show(request, present|verified), here)
			if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
				t.Errorf("use %d: %v", n+1, err)
			}
		}
	})
}

func TestWithoutAnAddressThereAreNoPasskeys(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.site = nil
		if _, _, err := o.AskPasskey(t.Context(), ""); !errors.Is(err, ErrNoPasskeys) || o.HasPasskeys() {
			t.Error(err)
		}
	})
}
