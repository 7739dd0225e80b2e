package foi

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/audit"
	"gongkai/internal/blob"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
	"gongkai/internal/secret"
	"gongkai/internal/workday"
)

// childVar tells this test program to take requests in until it is killed: the database, the
// folder of keys and files, and the body, a line each.
const childVar = "GONGKAI_TEST_FOI_CHILD"

func TestMain(m *testing.M) {
	if told := os.Getenv(childVar); told != "" {
		if err := takeIn(strings.Split(told, "\n")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// desk opens a database as a server does.
func desk(ctx context.Context, url, dir string) (*Desk, error) {
	d, err := db.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	at(d, "2026-03-02")
	keys, err := secret.Load(filepath.Join(dir, "keys"))
	if err != nil {
		return nil, err
	}
	files, err := blob.Open(d, filepath.Join(dir, "files"))
	return &Desk{DB: d, Keys: keys, Calendar: workday.Embedded, Blobs: files}, err
}

// takeIn submits requests with a file each, from several sides at once, and says each query code
// once it was acknowledged.
func takeIn(told []string) error {
	ctx := context.Background()
	d, err := desk(ctx, told[0], told[1])
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for n := w; ; n += 4 {
				a := asked()
				a.Sought.Name = fmt.Sprintf("第%d号文件", n)
				_, code, err := d.Submit(ctx, Submission{Agency: told[2], Channel: Web, Application: a, Files: []Upload{{Kind: Attachment, Name: "附件.txt", Data: fmt.Appendf(nil, "附件%s", a.Sought.Name)}}})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				mu.Lock()
				fmt.Printf("%s %s\n", code, a.Sought.Name)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return nil
}

// kill -9 while requests come in: whoever was given a query code finds the request with its file.
func TestNoRequestIsLostWhenTheProcessIsKilled(t *testing.T) {
	each := func(t *testing.T, url string) {
		dir := t.TempDir()
		if _, err := secret.Create(filepath.Join(dir, "keys")); err != nil {
			t.Fatal(err)
		}
		d, err := db.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		at(d, "2026-03-02")
		a, err := (&agency.Registry{DB: d}).Create(t.Context(), actor.System("test"), agency.New{Since: date.Must(2020, 1, 1), Facts: agency.Facts{Name: "虚构市民政局", Kind: agency.Department, Level: agency.City}})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		codes := killedAfter(t, url+"\n"+dir+"\n"+a.ID, 25)
		again, err := desk(t.Context(), url, dir)
		if err != nil {
			t.Fatal(err)
		}
		defer again.DB.Close()
		for _, said := range codes {
			code, title, _ := strings.Cut(said, " ")
			p, err := again.Follow(t.Context(), code)
			if err != nil {
				t.Fatalf("%s: %v", code, err)
			}
			if len(p.Files) != 1 {
				t.Fatalf("%s has %d files", code, len(p.Files))
			}
			_, data, err := again.FollowFile(t.Context(), code, p.Files[0].ID)
			if err != nil || string(data) != "附件"+title || p.Application.Sought.Name != title {
				t.Fatalf("%s: %q, %v", code, data, err)
			}
		}
		if verdict, err := audit.Verify(t.Context(), again.DB); err != nil || !verdict.Sound() {
			t.Errorf("audit: %+v %v", verdict, err)
		}
	}
	t.Run("sqlite", func(t *testing.T) { each(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db")) })
	t.Run("postgres", func(t *testing.T) { each(t, dbtest.EmptyPostgres(t)) })
}

// killedAfter runs the child until it acknowledged so many, kills it, and returns all it said.
func killedAfter(t *testing.T, told string, n int) (said []string) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childVar+"="+told)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said = append(said, lines.Text())
		if len(said) == n {
			if err := child.Process.Signal(syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the process ended by itself")
	}
	if len(said) < n {
		t.Fatalf("only %d requests were acknowledged", len(said))
	}
	return said
}
