// Package exchange is the file that carries a signed annual report, or the answer to one, between
// installations that do not reach each other (签名文件、回执). It is JSON: readable, and signed as a
// whole with SM2 over SM3 (GB/T 32918, GB/T 32905). Who opens a file knows the signer's public key
// from elsewhere; the file only names its fingerprint.
package exchange

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/smx509"

	"gongkai/internal/fault"
)

// Kind says what a file carries.
type Kind string

// The kinds.
const (
	Report  Kind = "report"  // a signed annual report, to the supervising body
	Receipt Kind = "receipt" // what the supervising body says to it
)

// Package is what a file says.
type Package struct {
	Schema   string    `json:"schema"`
	Kind     Kind      `json:"kind"`
	Agency   string    `json:"agency"` // name of the body whose report it is
	Code     string    `json:"code"`   // its 统一社会信用代码, "" if it has none
	Receiver string    `json:"receiver"`
	Year     int       `json:"year"`
	No       int64     `json:"no"` // version of the report
	MadeAt   time.Time `json:"made_at"`
	Signer   string    `json:"signer"`           // who signed the report off
	Report   string    `json:"report,omitempty"` // the data file of a report
	Digest   string    `json:"digest"`           // SM3 of the data file
	Decision string    `json:"decision,omitempty"`
	Remark   string    `json:"remark,omitempty"`
}

// envelope is the file: the signed bytes as they were signed, and the signature.
type envelope struct {
	Signed    json.RawMessage `json:"signed"`
	Key       string          `json:"key"` // fingerprint
	Algorithm string          `json:"algorithm"`
	Signature string          `json:"signature"`
}

const (
	schema    = "urn:gongkai:annual-exchange:1"
	algorithm = "SM2-SM3"
	// uid is the signer's identity as GB/T 35276 has it where none is agreed on.
	uid = "1234567812345678"
	// most bounds a file: the largest data file of a report is below 1 MB.
	most = 8 << 20
)

// The errors of files.
var (
	ErrFile      = &fault.Error{Kind: fault.Invalid, Code: "exchange.file", Field: "file"}
	ErrKey       = &fault.Error{Kind: fault.Invalid, Code: "exchange.key", Field: "key"}
	ErrOther     = &fault.Error{Kind: fault.Invalid, Code: "exchange.other", Field: "file"}
	ErrSignature = &fault.Error{Kind: fault.Invalid, Code: "exchange.signature", Field: "file"}
	ErrDigest    = &fault.Error{Kind: fault.Invalid, Code: "exchange.digest", Field: "file"}
)

// Digest is the digest a package names.
func Digest(data []byte) string {
	sum := sm3.Sum(data)
	return hex.EncodeToString(sum[:])
}

// NewKey makes a private key as PEM.
func NewKey() ([]byte, error) {
	key, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	der, err := smx509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("write a key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

func private(text []byte) (*sm2.PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, ErrKey
	}
	any, err := smx509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, ErrKey.Because(err)
	}
	key, ok := any.(*sm2.PrivateKey)
	if !ok {
		return nil, ErrKey
	}
	return key, nil
}

// PublicOf returns the public key of a private one, as PEM.
func PublicOf(text []byte) (string, error) {
	key, err := private(text)
	if err != nil {
		return "", err
	}
	der, err := smx509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return "", fmt.Errorf("write a public key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

func public(text string) (*ecdsa.PublicKey, []byte, error) {
	block, rest := pem.Decode([]byte(strings.TrimSpace(text) + "\n"))
	if block == nil || block.Type != "PUBLIC KEY" || len(bytes.TrimSpace(rest)) > 0 {
		return nil, nil, ErrKey
	}
	any, err := smx509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, nil, ErrKey.Because(err)
	}
	key, ok := any.(*ecdsa.PublicKey)
	if !ok || key.Curve != sm2.P256() {
		return nil, nil, ErrKey
	}
	return key, block.Bytes, nil
}

// Fingerprint is what people compare over the telephone: SM3 of the public key, in groups.
func Fingerprint(text string) (string, error) {
	_, der, err := public(text)
	if err != nil {
		return "", err
	}
	sum := sm3.Sum(der)
	hexed := hex.EncodeToString(sum[:16])
	var groups []string
	for i := 0; i < len(hexed); i += 4 {
		groups = append(groups, hexed[i:i+4])
	}
	return strings.Join(groups, " "), nil
}

// Sign writes a package as a file.
func Sign(p Package, key []byte) ([]byte, error) {
	k, err := private(key)
	if err != nil {
		return nil, err
	}
	text, err := PublicOf(key)
	if err != nil {
		return nil, err
	}
	p.Schema = schema
	if p.Report != "" {
		p.Digest = Digest([]byte(p.Report))
	}
	signed, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("write the file: %w", err)
	}
	sig, err := k.Sign(rand.Reader, signed, sm2.NewSM2SignerOption(true, []byte(uid)))
	if err != nil {
		return nil, fmt.Errorf("sign the file: %w", err)
	}
	print, err := Fingerprint(text)
	if err != nil {
		return nil, err
	}
	out, err := json.Marshal(envelope{signed, print, algorithm, base64.StdEncoding.EncodeToString(sig)})
	if err != nil {
		return nil, fmt.Errorf("write the file: %w", err)
	}
	return append(out, '\n'), nil
}

// File is a file that was read and whose signature was not yet looked at.
type File struct {
	Key string // fingerprint of the key it says it was signed with
	env envelope
}

// Read reads a file. Nothing it says may be relied on before Open.
func Read(data []byte) (*File, error) {
	if len(data) > most {
		return nil, ErrFile
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var e envelope
	if err := dec.Decode(&e); err != nil {
		return nil, ErrFile.Because(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, ErrFile.Because(errors.New("text after the file"))
	}
	if e.Algorithm != algorithm || e.Key == "" {
		return nil, ErrFile
	}
	return &File{e.Key, e}, nil
}

// Open returns what a file says if the key signed it, every byte.
func (f *File) Open(key string) (*Package, error) {
	print, err := Fingerprint(key)
	if err != nil {
		return nil, err
	}
	if print != f.Key {
		return nil, ErrOther.With("key", f.Key)
	}
	k, _, err := public(key)
	if err != nil {
		return nil, err
	}
	sig, err := base64.StdEncoding.Strict().DecodeString(f.env.Signature)
	if err != nil || !sm2.VerifyASN1WithSM2(k, []byte(uid), f.env.Signed, sig) {
		return nil, ErrSignature
	}
	dec := json.NewDecoder(bytes.NewReader(f.env.Signed))
	dec.DisallowUnknownFields()
	var p Package
	if err := dec.Decode(&p); err != nil || p.Schema != schema {
		return nil, ErrFile.Because(err)
	}
	if p.Report != "" && Digest([]byte(p.Report)) != p.Digest {
		return nil, ErrDigest
	}
	return &p, nil
}
