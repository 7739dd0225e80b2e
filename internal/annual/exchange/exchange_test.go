package exchange

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

func keyed(t *testing.T) (private []byte, public string) {
	t.Helper()
	private, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	public, err = PublicOf(private)
	if err != nil {
		t.Fatal(err)
	}
	return private, public
}

func sample() Package {
	return Package{Kind: Report, Agency: "示范市民政局", Code: "119999019900000254", Receiver: "示范市人民政府", Year: 2026, No: 1,
		MadeAt: time.Date(2027, 1, 11, 1, 0, 0, 0, time.UTC), Signer: "赵示终", Report: `{"schema":"<x>&"}`}
}

func TestASignedFileSaysWhatWasSigned(t *testing.T) {
	key, public := keyed(t)
	data, err := Sign(sample(), key)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	p, err := f.Open(public)
	if err != nil {
		t.Fatal(err)
	}
	if p.Agency != "示范市民政局" || p.Report != `{"schema":"<x>&"}` || p.Digest != Digest([]byte(p.Report)) || !p.MadeAt.Equal(sample().MadeAt) {
		t.Errorf("got %+v", p)
	}
}

// Every byte of the file is held by the signature, or the file is no file any more.
func TestEveryAlteredByteIsNoticed(t *testing.T) {
	key, public := keyed(t)
	data, err := Sign(sample(), key)
	if err != nil {
		t.Fatal(err)
	}
	for i := range data[:len(data)-1] {
		bad := bytes.Clone(data)
		bad[i] ^= 1
		f, err := Read(bad)
		if err != nil {
			continue
		}
		if _, err := f.Open(public); err == nil {
			t.Fatalf("byte %d (%q) was altered unseen", i, data[i])
		}
	}
}

func TestOtherKeysAndOtherFilesAreRefused(t *testing.T) {
	key, public := keyed(t)
	_, foreign := keyed(t)
	data, err := Sign(sample(), key)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Open(foreign); !errors.Is(err, ErrOther) {
		t.Errorf("opened with a foreign key: %v", err)
	}
	f.Key, f.env.Key = mustPrint(t, foreign), mustPrint(t, foreign)
	if _, err := f.Open(foreign); !errors.Is(err, ErrSignature) {
		t.Errorf("a file that only names a key: %v", err)
	}
	for _, bad := range []string{"", "{}", "PK\x03\x04", `{"signed":{},"key":"x","algorithm":"none","signature":""}`, string(data) + "x"} {
		if _, err := Read([]byte(bad)); !errors.Is(err, ErrFile) {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	for _, bad := range []string{"", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", public + public} {
		if _, err := Fingerprint(bad); !errors.Is(err, ErrKey) {
			t.Errorf("%.20q is a key: %v", bad, err)
		}
	}
}

func mustPrint(t *testing.T, public string) string {
	t.Helper()
	p, err := Fingerprint(public)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
