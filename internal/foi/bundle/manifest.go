package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/emmansun/gmsm/sm3"

	"gongkai/internal/secret"
)

// manifestName and sumsName are the checksums of an archive: in full, and as sha256sum reads them.
const (
	manifestName = "校验清单.json"
	sumsName     = "校验清单.sha256.txt"
	mostManifest = 16 << 20
)

// Sum is what a manifest says of one file.
type Sum struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	SM3    string `json:"sm3"`
}

// Manifest lists every file of an archive but itself. Seal is HMAC-SM3 of the rest with a key of
// the installation, which Key names.
type Manifest struct {
	Format  int    `json:"format"`
	Request string `json:"request"`
	No      string `json:"no"`
	Agency  string `json:"agency"`
	Files   []Sum  `json:"files"`
	Key     string `json:"key,omitempty"`
	Seal    string `json:"seal,omitempty"`
}

func (m Manifest) seal(keys *secret.Keyring) (string, error) {
	m.Seal = ""
	text, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sm3.New, keys.Derive("foi:archive"))
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil)), nil
}

// manifest writes the checksums, last.
func (a *archive) manifest(keys *secret.Keyring) error {
	var sums bytes.Buffer
	for _, f := range a.files {
		fmt.Fprintf(&sums, "%s  %s\n", f.SHA256, f.Path)
	}
	if err := a.put(sumsName, "", 0, sums.Bytes()); err != nil {
		return err
	}
	m := Manifest{Format: archiveFormat, Request: a.o.Request.ID, No: a.o.Request.No, Agency: a.o.Agency.Name, Key: keys.Print()}
	for _, f := range a.files {
		m.Files = append(m.Files, Sum{f.Path, f.Size, f.SHA256, f.SM3})
	}
	var err error
	if m.Seal, err = m.seal(keys); err != nil {
		return err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return a.put(manifestName, "", 0, text)
}

// SealState is what is known of a manifest's seal.
type SealState string

// The states of seals.
const (
	Genuine SealState = "genuine" // made by this installation and not altered
	Foreign SealState = "foreign" // another installation's, or no key at hand: not judged
	Forged  SealState = "forged"  // says that it is this installation's, and is not
)

// Verdict is what became of an archive since it was made.
type Verdict struct {
	Manifest                *Manifest
	Changed, Missing, Added []string
	Seal                    SealState
}

// Sound reports whether an archive is what was exported.
func (v *Verdict) Sound() bool {
	return len(v.Changed)+len(v.Missing)+len(v.Added) == 0 && v.Seal != Forged
}

// Verify holds an archive, unpacked or as a ZIP, against its manifest. keys may be nil: then the
// seal is not judged, and who can change a file can change its checksum with it.
func Verify(files fs.FS, keys *secret.Keyring) (*Verdict, error) {
	root, m, err := readManifest(files)
	if err != nil {
		return nil, err
	}
	v := &Verdict{Manifest: m}
	known := map[string]bool{manifestName: true}
	for _, s := range m.Files {
		known[s.Path] = true
		switch same, err := s.matches(root); {
		case errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid):
			v.Missing = append(v.Missing, s.Path)
		case err != nil && !errors.Is(err, zip.ErrChecksum):
			return nil, fmt.Errorf("read %s: %w", s.Path, err)
		case !same:
			v.Changed = append(v.Changed, s.Path)
		}
	}
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !known[name] {
			v.Added = append(v.Added, name)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the archive: %w", err)
	}
	v.Seal, err = m.judge(keys)
	return v, err
}

// matches reports whether a file is the one of the checksum. No more is read of it than it had.
func (s Sum) matches(root fs.FS) (bool, error) {
	f, err := root.Open(s.Path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	two, three := sha256.New(), sm3.New()
	n, err := io.Copy(io.MultiWriter(two, three), io.LimitReader(f, s.Size+1))
	if err != nil {
		return false, err
	}
	return n == s.Size && hex.EncodeToString(two.Sum(nil)) == s.SHA256 && hex.EncodeToString(three.Sum(nil)) == s.SM3, nil
}

func (m *Manifest) judge(keys *secret.Keyring) (SealState, error) {
	if keys == nil || m.Key != keys.Print() {
		return Foreign, nil
	}
	seal, err := m.seal(keys)
	if err != nil {
		return "", err
	}
	if !hmac.Equal([]byte(seal), []byte(m.Seal)) {
		return Forged, nil
	}
	return Genuine, nil
}

// readManifest finds the manifest: at the top, or in the one folder there is.
func readManifest(files fs.FS) (fs.FS, *Manifest, error) {
	root := files
	f, err := root.Open(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		entries, other := fs.ReadDir(files, ".")
		folders := slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return !e.IsDir() || strings.HasPrefix(e.Name(), "__") })
		if other != nil || len(folders) != 1 {
			return nil, nil, ErrManifest
		}
		if root, err = fs.Sub(files, folders[0].Name()); err == nil {
			f, err = root.Open(manifestName)
		}
	}
	if err != nil {
		return nil, nil, ErrManifest.Because(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostManifest))
	if err != nil {
		return nil, nil, ErrManifest.Because(err)
	}
	m := new(Manifest)
	if err := json.Unmarshal(text, m); err != nil || m.Format != archiveFormat {
		return nil, nil, ErrManifest.Because(err)
	}
	return root, m, nil
}
