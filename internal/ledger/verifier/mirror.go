package verifier

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"gongkai/internal/fault"
	"gongkai/internal/i18n"
	"gongkai/internal/ledger/proof"
)

// Mirror checks a static copy of a portal: every file against the copy's signed list, and the
// documents in it against the log in it.
func Mirror(ctx context.Context, dir string, o Options) (*Report, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, ErrUnreached.Because(err)
	}
	defer root.Close()
	m := &mirror{root: root, byItem: map[string][]string{}, files: map[string]string{}}
	if err := m.gather(dir); err != nil {
		return nil, err
	}
	report, err := check(ctx, m, o)
	if err != nil {
		return nil, err
	}
	if len(o.Keys) == 0 {
		if o.Keys, err = proof.ParseKeys(report.Keys); err != nil {
			return nil, err
		}
	}
	return report, m.list(ctx, o, report)
}

// maxList bounds the list of a mirror: some 120 bytes a file, of which there may be millions.
const maxList = 2 << 30

type mirror struct {
	root   *os.Root
	all    []string            // every file, sorted
	byItem map[string][]string // pages of items
	files  map[string]string   // files of documents: "item/file" → where
}

// gather lists what there is.
func (m *mirror) gather(dir string) error {
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		p := filepath.ToSlash(rel)
		m.all = append(m.all, p)
		if found := itemPage.FindStringSubmatch(p); found != nil {
			m.byItem[found[1]] = append(m.byItem[found[1]], p)
		}
		if _, rest, found := strings.Cut("/"+p, "/files/"); found {
			if parts := strings.SplitN(rest, "/", 3); len(parts) > 1 {
				m.files[parts[0]+"/"+parts[1]] = p
			}
		}
		return nil
	})
	slices.Sort(m.all)
	if err != nil {
		return ErrUnreached.Because(err)
	}
	return nil
}

// read returns the content of a file of the copy.
func (m *mirror) read(name string) ([]byte, error) {
	f, err := m.root.Open(filepath.FromSlash(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errGone
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	most := int64(maxText)
	if name == proof.ListFile {
		most = maxList
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if int64(len(data)) > most {
		return nil, ErrTooLarge.With("name", name)
	}
	return data, err
}

func (m *mirror) digest(name string) (string, int64, error) {
	f, err := m.root.Open(filepath.FromSlash(name))
	if errors.Is(err, fs.ErrNotExist) {
		return "", 0, errGone
	}
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	return hex.EncodeToString(sum.Sum(nil)), n, err
}

func (m *mirror) log(_ context.Context, name string) ([]byte, error) { return m.read(name) }

// record lies beside one of the item's pages.
func (m *mirror) record(_ context.Context, item string) ([]byte, error) {
	tail := "items/" + item + "/record.json"
	for _, page := range append(slices.Clone(m.byItem[item]), "items/"+item+".html") {
		data, err := m.read(path.Join(path.Dir(path.Dir(page)), tail))
		if !errors.Is(err, errGone) {
			return data, err
		}
	}
	return nil, errGone
}

func (m *mirror) pages(_ context.Context, item string) (all []*copied, err error) {
	for _, name := range m.byItem[item] {
		data, err := m.read(name)
		if err != nil {
			return nil, err
		}
		all = append(all, &copied{name, data})
	}
	return all, nil
}

// file is found by the keys in its address: copies may stand below any path.
func (m *mirror) file(_ context.Context, from *copied, href string) (string, error) {
	u, err := url.Parse(href)
	if err != nil {
		return "", errGone
	}
	_, rest, _ := strings.Cut(u.Path, "files/")
	parts := strings.SplitN(rest, "/", 3)
	if len(parts) < 2 {
		return "", errGone
	}
	name, known := m.files[parts[0]+"/"+parts[1]]
	if !known {
		return "", errGone
	}
	digest, _, err := m.digest(name)
	return digest, err
}

func (m *mirror) items(context.Context) (map[string]string, bool, error) {
	all := map[string]string{}
	for item, pages := range m.byItem {
		all[item] = pages[0]
	}
	return all, true, nil
}

// list holds every file against the signed list.
func (m *mirror) list(ctx context.Context, o Options, report *Report) error {
	found := func(k proof.Kind, name string, what i18n.Message) {
		report.Found = append(report.Found, proof.Finding{Kind: k, What: what, Path: name})
	}
	signed, err := m.read(proof.ManifestFile)
	if errors.Is(err, errGone) {
		found(proof.Removed, proof.ManifestFile, i18n.M("ledger.find.manifest_gone"))
		return nil
	}
	if err != nil {
		return err
	}
	signature, err := proof.OpenManifest(signed, o.Keys)
	if err != nil {
		what, known := fault.MessageOf(err)
		if !known {
			return err
		}
		found(proof.Forged, proof.ManifestFile, what)
	}
	text, err := m.read(proof.ListFile)
	if errors.Is(err, errGone) {
		found(proof.Removed, proof.ListFile, i18n.M("ledger.find.list_gone"))
		return nil
	}
	if err != nil {
		return err
	}
	if proof.Digest(text) != signature.List {
		found(proof.Forged, proof.ListFile, i18n.M("ledger.find.list"))
	}
	if signature.Checkpoint.Size > report.Checkpoint.Size {
		found(proof.CutBack, proof.ManifestFile, i18n.M("ledger.find.cut", "had", signature.Checkpoint.Size, "has", report.Checkpoint.Size))
	}
	return m.compare(ctx, text, report, found)
}

func (m *mirror) compare(ctx context.Context, text []byte, report *Report, found func(proof.Kind, string, i18n.Message)) error {
	listed := map[string]bool{proof.ManifestFile: true, proof.ListFile: true}
	err := proof.ReadList(bytes.NewReader(text), func(f proof.File) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		listed[f.Path] = true
		digest, size, err := m.digest(f.Path)
		report.Listed++
		switch {
		case errors.Is(err, errGone):
			found(proof.Removed, f.Path, i18n.M("ledger.find.listed_gone"))
		case err != nil:
			return err
		case digest != f.SHA256, size != f.Size:
			found(proof.Altered, f.Path, i18n.M("ledger.find.listed", "had", f.Size, "has", size))
		}
		return nil
	})
	if m, known := fault.MessageOf(err); err != nil && known {
		found(proof.Forged, proof.ListFile, m)
	} else if err != nil {
		return err
	}
	for _, name := range m.all {
		if !listed[name] {
			found(proof.Added, name, i18n.M("ledger.find.unlisted"))
		}
	}
	return nil
}
