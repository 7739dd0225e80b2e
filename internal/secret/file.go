package secret

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// heading begins a key file and tells whoever finds it what it is.
const heading = `# gongkai 密钥文件 key file
# 没有它，加密保存的内容无法恢复：请另行备份，不要与数据库备份放在一起。
# Without it sealed data is lost: back it up apart from the database.
`

// Load reads a key file.
func Load(path string) (*Keyring, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrMissing.With("file", path)
	case err != nil:
		return nil, ErrBroken.With("file", path).Because(err)
	case info.Mode().Perm()&0o077 != 0:
		return nil, ErrShared.With("file", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, ErrBroken.With("file", path).Because(err)
	}
	k, err := parse(string(text))
	if err != nil {
		return nil, ErrBroken.With("file", path).Because(err)
	}
	k.path, k.seen = path, info.ModTime()
	return k, nil
}

// again reads the file anew if it was changed, and reports whether it was. What does not begin with
// the keys at hand is no later state of the file and is left alone.
func (k *Keyring) again() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.path == "" {
		return false
	}
	info, err := os.Stat(k.path)
	if err != nil || info.ModTime().Equal(k.seen) {
		return false
	}
	later, err := Load(k.path)
	if err != nil || len(later.keys) < len(k.keys) {
		return false
	}
	for i, one := range k.keys {
		if later.keys[i].id != one.id {
			return false
		}
	}
	k.keys, k.seen = later.keys, later.seen
	return true
}

// Create makes a key file with a first key; it never replaces one.
func Create(path string) (*Keyring, error) {
	k := &Keyring{keys: []key{newKey()}, path: path}
	if err := k.write(path); err != nil {
		return nil, err
	}
	return k, nil
}

// Rotate adds a key to the file at path. It seals for who reads the file from now on; programs that
// run learn of it when they meet a value sealed with it.
func Rotate(path string) (*Keyring, error) {
	k, err := Load(path)
	if err != nil {
		return nil, err
	}
	k.keys = append(k.keys, newKey())
	if err := replace(path, k.text()); err != nil {
		return nil, fmt.Errorf("write the key file: %w", err)
	}
	return Load(path)
}

// Text returns the content of the key file, for a backup that is to hold it.
func (k *Keyring) Text() []byte { return k.text() }

// Restore writes a key file from a backup's content; it never replaces one.
func Restore(path string, text []byte) (*Keyring, error) {
	k, err := parse(string(text))
	if err != nil {
		return nil, ErrBroken.With("file", path).Because(err)
	}
	return k, k.write(path)
}

func parse(text string) (*Keyring, error) {
	k := &Keyring{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, word, _ := strings.Cut(line, " ")
		root, err := base64.StdEncoding.DecodeString(strings.TrimSpace(word))
		if err != nil || len(root) != rootSize || id == "" || strings.Contains(id, ".") {
			return nil, fmt.Errorf("line %d is no key", i+1)
		}
		if _, twice := k.find(id); twice {
			return nil, fmt.Errorf("line %d repeats a key", i+1)
		}
		k.keys = append(k.keys, key{id, root})
	}
	if len(k.keys) == 0 {
		return nil, errors.New("it holds no key")
	}
	return k, nil
}

func (k *Keyring) text() []byte {
	k.mu.RLock()
	defer k.mu.RUnlock()
	var b strings.Builder
	b.WriteString(heading)
	for _, one := range k.keys {
		b.WriteString(one.id + " " + base64.StdEncoding.EncodeToString(one.root) + "\n")
	}
	return []byte(b.String())
}

// write makes the file in one step, and fails if it is there.
func (k *Keyring) write(path string) error {
	temp := path + ".new"
	if err := save(temp, k.text()); err != nil {
		return fmt.Errorf("write the key file: %w", err)
	}
	defer os.Remove(temp)
	if err := os.Link(temp, path); errors.Is(err, fs.ErrExist) {
		return ErrExists.With("file", path)
	} else if err != nil {
		return fmt.Errorf("write the key file: %w", err)
	}
	return syncFolder(path)
}

func replace(path string, text []byte) error {
	temp := path + ".new"
	if err := save(temp, text); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncFolder(path)
}

// save writes a file only its owner reads, down to the disk.
func save(path string, text []byte) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// syncFolder makes the new name itself last.
func syncFolder(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("open the key file's folder: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}
