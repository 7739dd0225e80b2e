package secret

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emmansun/gmsm/sm4"
)

func made(t *testing.T) (path string, k *Keyring) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "gongkai.key")
	k, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, k
}

func seal(t *testing.T, k *Keyring, purpose, plain string) string {
	t.Helper()
	s, err := k.Seal(purpose, []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASealedValueOpensForItsPurposeAlone(t *testing.T) {
	path, k := made(t)
	for _, plain := range []string{"", "甲某的联系电话", strings.Repeat("x", 100000)} {
		sealed := seal(t, k, "account.phone", plain)
		if plain != "" && strings.Contains(sealed, plain) {
			t.Error("not encrypted")
		}
		again, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := again.Open("account.phone", sealed); err != nil || string(got) != plain {
			t.Errorf("got %.20q, %v", got, err)
		}
		if _, err := k.Open("account.totp", sealed); !errors.Is(err, ErrDamaged) {
			t.Errorf("another purpose: %v", err)
		}
	}
	if one, again := seal(t, k, "p", "x"), seal(t, k, "p", "x"); one == again {
		t.Error("equal values are sealed alike")
	}
}

func TestEveryAlteredByteIsNoticed(t *testing.T) {
	_, k := made(t)
	sealed := seal(t, k, "p", "secret")
	head, body, _ := strings.Cut(sealed[2:], ".")
	b, err := encoding.DecodeString(body)
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		b[i] ^= 1
		if _, err := k.Open("p", "1."+head+"."+encoding.EncodeToString(b)); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d: %v", i, err)
		}
		b[i] ^= 1
	}
	for _, s := range []string{"", "1", "1..", "2." + head + "." + body, "1." + head + ".!", "1." + head + "."} {
		if _, err := k.Open("p", s); err == nil {
			t.Errorf("%q was opened", s)
		}
	}
}

func TestAnotherInstallationsKeyIsNamed(t *testing.T) {
	_, k := made(t)
	_, other := made(t)
	if _, err := other.Open("p", seal(t, k, "p", "x")); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("got %v", err)
	}
	if k.Print() == other.Print() {
		t.Error("two keyrings look alike")
	}
}

func TestRotationSealsAnewAndOpensTheOld(t *testing.T) {
	path, k := made(t)
	old := seal(t, k, "p", "x")
	rotated, err := Rotate(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if !again.Stale(old) || k.Stale(old) || again.Stale(seal(t, rotated, "p", "x")) {
		t.Error("what is stale is not told apart")
	}
	if got, err := again.Open("p", old); err != nil || string(got) != "x" {
		t.Errorf("got %q, %v", got, err)
	}
	if string(again.Derive("audit")) != string(k.Derive("audit")) || again.Lookup("p", "v") != k.Lookup("p", "v") || again.Print() != k.Print() {
		t.Error("derived keys changed")
	}
}

func TestMarksAreEqualForEqualValuesOfOnePurpose(t *testing.T) {
	_, k := made(t)
	_, other := made(t)
	a := k.Lookup("phone", "1")
	if a != k.Lookup("phone", "1") || a == k.Lookup("phone", "2") || a == k.Lookup("mail", "1") || a == other.Lookup("phone", "1") {
		t.Error("marks do not tell values, purposes and installations apart")
	}
	if len(a) != 32 || len(k.Derive("x")) != 32 || string(k.Derive("x")) == string(k.Derive("y")) {
		t.Error("wrong lengths or keys alike")
	}
}

func TestKeyFilesThatAreNone(t *testing.T) {
	path, _ := made(t)
	if _, err := Create(path); !errors.Is(err, ErrExists) {
		t.Errorf("made twice: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if _, err := Load(path + ".none"); !errors.Is(err, ErrMissing) {
		t.Errorf("missing: %v", err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); !errors.Is(err, ErrShared) {
		t.Errorf("shared: %v", err)
	}
	good := base64.StdEncoding.EncodeToString(make([]byte, rootSize))
	for _, text := range []string{"", "# only a remark\n", "a " + good[:20], "a.b " + good, "a " + good + "\na " + good, "a"} {
		bad := filepath.Join(t.TempDir(), "bad.key")
		if err := os.WriteFile(bad, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(bad); !errors.Is(err, ErrBroken) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestARestoredKeyFileIsTheSame(t *testing.T) {
	_, k := made(t)
	path := filepath.Join(t.TempDir(), "restored.key")
	if _, err := Restore(path, k.Text()); err != nil {
		t.Fatal(err)
	}
	again, err := Load(path)
	if err != nil || again.Print() != k.Print() {
		t.Errorf("%v", err)
	}
	if _, err := Restore(path, k.Text()); !errors.Is(err, ErrExists) {
		t.Errorf("restored over another: %v", err)
	}
}

// GB/T 32907-2016, appendix A.1.
func TestTheCipherIsSM4(t *testing.T) {
	text := []byte{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10}
	want := []byte{0x68, 0x1e, 0xdf, 0x34, 0xd2, 0x06, 0x96, 0x5e, 0x86, 0xb3, 0xe9, 0x4f, 0x53, 0x6e, 0x42, 0x46}
	block, err := sm4.NewCipher(text)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 16)
	block.Encrypt(got, text)
	if string(got) != string(want) {
		t.Errorf("got %x", got)
	}
}

func BenchmarkSeal(b *testing.B) {
	k := &Keyring{keys: []key{newKey()}}
	plain := []byte("a field of a record, some forty bytes")
	for b.Loop() {
		if _, err := k.Seal("account.phone", plain); err != nil {
			b.Fatal(err)
		}
	}
}

// A program that runs learns of a new key when it meets a value sealed with it, and of no other file.
func TestARunningProgramLearnsOfANewKey(t *testing.T) {
	path, running := made(t)
	rotated, err := Rotate(path)
	if err != nil {
		t.Fatal(err)
	}
	sealed := seal(t, rotated, "p", "x")
	if got, err := running.Open("p", sealed); err != nil || string(got) != "x" {
		t.Fatalf("got %q, %v", got, err)
	}
	if running.Stale(sealed) || running.Present() != rotated.Present() {
		t.Error("it seals with the old key still")
	}
	if _, other := made(t); os.WriteFile(path, other.Text(), 0o600) != nil {
		t.Fatal("not written")
	} else if _, err := running.Open("p", seal(t, other, "p", "x")); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("another installation's file: %v", err)
	}
	if got, err := running.Open("p", sealed); err != nil || string(got) != "x" {
		t.Errorf("after that: %q, %v", got, err)
	}
}
