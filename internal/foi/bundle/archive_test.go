package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/xuri/excelize/v2"

	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/foi"
	"gongkai/internal/secret"
)

func unpacked(t *testing.T, archive []byte) (dir string, names []string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	must(t, z, err)
	dir = t.TempDir()
	must(t, 0, os.CopyFS(dir, z))
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	return dir, names
}

func TestArchive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		r := b.closed(foi.Upload{Kind: foi.Attachment, Name: `a<b>|"c?*.pdf`, Data: report(t, 25)}, foi.Upload{Kind: foi.Receipt, Name: "回执.", Data: []byte("文本")})
		o := b.dossier(r.ID)
		var file, again bytes.Buffer
		must(t, 0, Archive(t.Context(), &file, o, b.Keys))
		must(t, 0, Archive(t.Context(), &again, o, b.Keys))
		if !bytes.Equal(file.Bytes(), again.Bytes()) {
			t.Error("equal dossiers make two archives")
		}
		dir, names := unpacked(t, file.Bytes())
		root := filepath.Join(dir, "依申请公开案卷 202600001")
		for _, want := range []string{
			"01 申请/01-01 政府信息公开申请表.pdf", "01 申请/01-01 政府信息公开申请表.docx", "01 申请/01-02 申请附件 a_b___c__.pdf", "02 登记与办理/02-01 政府信息公开申请登记表.pdf",
			"03 文书/03-02 政府信息不存在告知书 依申请〔2026〕2号.docx", "04 送达/04-02 文书送达情况.pdf", "04 送达/04-03 送达、缴费凭证 回执", "06 登记数据/06-01 登记数据.json",
			"07 操作留痕/07-01 操作留痕.jsonl", "00 卷内目录.pdf", "00 卷内目录.xlsx",
		} {
			if _, err := os.Stat(filepath.Join(root, want)); err != nil {
				t.Errorf("%s is not there: %q", want, names)
			}
		}
		for _, n := range names {
			if strings.ContainsAny(n, `\:*?"<>|`) || strings.HasSuffix(n, ".") {
				t.Errorf("Windows does not take %q", n)
			}
		}
		schemaHolds(t, filepath.Join(root, "06 登记数据"))
		book, err := excelize.OpenFile(filepath.Join(root, "00 卷内目录.xlsx"))
		must(t, book, err)
		rows, err := book.GetRows("卷内目录")
		if must(t, rows, err); len(rows) != len(names)-3 || rows[3][1] != `申请附件 a<b>|"c?*.pdf` || rows[3][3] != "3" || rows[1][3] != "1" {
			t.Errorf("index: %q", rows[:4])
		}
		verdicts(t, b.Keys, file.Bytes(), root)
	})
}

// schemaHolds holds the register's data against the schema that is beside it.
func schemaHolds(t *testing.T, dir string) {
	t.Helper()
	read := func(name string) any {
		f, err := os.Open(filepath.Join(dir, name))
		must(t, f, err)
		defer f.Close()
		v, err := jsonschema.UnmarshalJSON(f)
		return must(t, v, err)
	}
	c := jsonschema.NewCompiler()
	must(t, 0, c.AddResource("schema.json", read("06-02 登记数据格式说明.json")))
	s, err := c.Compile("schema.json")
	must(t, s, err)
	if err := s.Validate(read("06-01 登记数据.json")); err != nil {
		t.Error(err)
	}
}

func verdicts(t *testing.T, keys *secret.Keyring, archive []byte, root string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	must(t, z, err)
	for name, files := range map[string]fs.FS{"zip": z, "folder": os.DirFS(root)} {
		v, err := Verify(files, keys)
		if must(t, v, err); !v.Sound() || v.Seal != Genuine {
			t.Errorf("%s: %+v", name, v)
		}
	}
	if v, err := Verify(z, nil); err != nil || v.Seal != Foreign || !v.Sound() {
		t.Errorf("without the key: %+v %v", v, err)
	}
	const one, two = "02 登记与办理/02-01 政府信息公开申请登记表.pdf", "00 卷内目录.pdf"
	data, err := os.ReadFile(filepath.Join(root, one))
	must(t, data, err)
	data[100]++
	must(t, 0, os.WriteFile(filepath.Join(root, one), data, 0o600))
	must(t, 0, os.Remove(filepath.Join(root, two)))
	must(t, 0, os.WriteFile(filepath.Join(root, "补充.txt"), nil, 0o600))
	v, err := Verify(os.DirFS(root), keys)
	must(t, v, err)
	if want := (&Verdict{Manifest: v.Manifest, Changed: []string{one}, Missing: []string{two}, Added: []string{"补充.txt"}, Seal: Genuine}); !reflect.DeepEqual(v, want) {
		t.Errorf("%+v", v)
	}
	// Who alters a file and its checksum with it has no key to seal the manifest anew.
	path := filepath.Join(root, manifestName)
	text, err := os.ReadFile(path)
	must(t, text, err)
	var m Manifest
	must(t, 0, json.Unmarshal(text, &m))
	m.Files = m.Files[1:]
	text, err = json.Marshal(m)
	must(t, text, err)
	must(t, 0, os.WriteFile(path, text, 0o600))
	if v, err := Verify(os.DirFS(root), keys); err != nil || v.Seal != Forged || v.Sound() {
		t.Errorf("forged: %+v %v", v, err)
	}
	if _, err := Verify(os.DirFS(t.TempDir()), keys); !errors.Is(err, ErrManifest) {
		t.Errorf("empty folder: %v", err)
	}
}

func TestOnlyClosedRequestsAreArchived(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBureau(t, d)
		r, _, err := b.Register(t.Context(), b.officer, foi.Registration{Agency: b.id, Channel: foi.Counter, Received: on("2026-03-02"), Application: foi.Application{
			Applicant: foi.Applicant{Kind: foi.Natural, Name: "甲某某"}, Sought: foi.Sought{Name: "分配方案"}, Form: foi.Electronic, Way: foi.ByMail}})
		must(t, r, err)
		if err := Archive(t.Context(), new(bytes.Buffer), b.dossier(r.ID), b.Keys); !errors.Is(err, ErrOpen) {
			t.Errorf("got %v", err)
		}
	})
}
