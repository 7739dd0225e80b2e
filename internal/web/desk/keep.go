package desk

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"

	"gongkai/internal/annual/print"
)

// keep saves a file and its report as JSON to the operator's folder, because the user
// asked for it. Names that are taken get a number; nothing is overwritten, and nothing
// can be written outside the folder.
func (d *desk) keep(w http.ResponseWriter, r *http.Request, b *batch, e *entry) error {
	if d.Keep == "" || e.data == nil {
		return ErrNoKeep
	}
	if !e.usable() {
		return ErrNoReport
	}
	var report bytes.Buffer
	if err := print.Write(&report, e.report, print.JSON, print.Options{}); err != nil {
		return err
	}
	root, err := os.OpenRoot(d.Keep)
	if err != nil {
		return fmt.Errorf("open the keep folder: %w", err)
	}
	defer root.Close()
	name, err := deposit(root, plainName(e), map[string][]byte{"." + string(e.doc.Format): e.data, ".report.json": report.Bytes()})
	if err != nil {
		return err
	}
	_, err = b.change(d.today(), e.no, func(e *entry) *entry {
		c := *e
		c.kept = name
		return &c
	})
	if err != nil {
		return err
	}
	return d.goTo(w, r, "/desk/%s/%d/#top", b.id, e.no)
}

// deposit writes files of one name with different extensions, under the first number free
// for all of them.
func deposit(root *os.Root, name string, files map[string][]byte) (string, error) {
	free := name
	for n := 2; taken(root, free, files); n++ {
		free = fmt.Sprintf("%s（%d）", name, n)
	}
	for ext, data := range files {
		f, err := root.OpenFile(free+ext, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return "", fmt.Errorf("keep a report: %w", err)
		}
		_, err = f.Write(data)
		if err = errors.Join(err, f.Close()); err != nil {
			return "", fmt.Errorf("keep a report: %w", err)
		}
	}
	return free, nil
}

func taken(root *os.Root, name string, files map[string][]byte) bool {
	for ext := range files {
		if _, err := root.Lstat(name + ext); !errors.Is(err, fs.ErrNotExist) {
			return true
		}
	}
	return false
}
