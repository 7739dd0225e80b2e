package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual/sample"
	"gongkai/internal/cli"
	"gongkai/internal/config"
	"gongkai/internal/date"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/showcase"
	"gongkai/internal/storage"
	"gongkai/internal/workday"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gongkai": func() {
		os.Exit(cli.Main(context.Background(), os.Args[1:], cli.Shell{
			In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Environ: os.Environ(),
			Today: date.Must(2025, 2, 10), Serve: pretendToServe,
		}))
	}})
}

// pretendToServe says what it was asked to serve, so that scripts need no port.
func pretendToServe(_ context.Context, c config.Config, demo bool, ready func(cli.Running)) error {
	fmt.Printf("%+v demo=%v\n", c, demo)
	r := cli.Running{URL: "http://" + c.Addr + c.BasePath + "/"}
	if demo {
		r.People = []showcase.Person{{Login: "jia", Name: "甲某", Password: "demo-1234", Body: "示范市某局", Roles: []actor.Role{actor.Editor}}}
	} else {
		r.SetupCode = "ABCD-EFGH"
	}
	ready(r)
	return nil
}

// TestScripts runs the scripts in testdata with the sample reports in the folder 样例.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("GORACE", "atexit_sleep_ms=0") // else each call waits a second at its end
			dir := filepath.Join(e.WorkDir, "样例")
			if err := os.Mkdir(dir, 0o755); err != nil {
				return err
			}
			for _, f := range sample.Files() {
				if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644); err != nil {
					return err
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "body": body},
	})
}

// exits is the script command "exits CODE gongkai …": it runs the rest and wants that code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// body is the script command "body FOLDER NAME SECTION…": it records a body with sections.
func body(ts *testscript.TestScript, _ bool, args []string) {
	c := config.Default()
	c.Data = ts.MkAbs(args[0])
	ctx, by := context.Background(), actor.System("test")
	kept, err := storage.Open(ctx, c)
	ts.Check(err)
	defer kept.Close()
	a, err := (&agency.Registry{DB: kept.DB}).Create(ctx, by, agency.New{
		Facts: agency.Facts{Name: args[1], Kind: agency.Department, Level: agency.City}})
	ts.Check(err)
	desk := &section.Desk{DB: kept.DB, Calendar: func() *workday.Calendar { return workday.New() }}
	for n, name := range args[2:] {
		_, err := desk.Create(ctx, by, a.ID, "", section.Draft{Name: name, Slug: []string{"tzgg", "wj"}[n], Kind: section.Notice})
		ts.Check(err)
	}
}

// corpus is the folder of real reports beside the checkout.
func corpus(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("GONGKAI_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(filepath.Join(dir, "reports", "truth.json")); err != nil {
		t.Fatalf("the corpus is not at %s: set GONGKAI_CORPUS to where it is (%v)", dir, err)
	}
	return dir
}

// truth is what truth.json says of one report.
type truth struct {
	File      string
	Agency    string
	Year      int
	Form      *string
	Reject    string
	Cells     map[string]*json.Number
	Ambiguous []string
}

// line is what show --json prints.
type line struct {
	File      string
	Year      *int
	Form      *string
	Refused   *string
	Cells     map[string]*json.Number
	Unsettled map[string][]*json.Number
	Error     string
}

// Issue 2, reading: "every cell of every report in truth.json right or, if marked
// ambiguous, reported as unsettled", seen through the command line.
func TestShowJSONAgreesWithTheTruth(t *testing.T) {
	dir := filepath.Join(corpus(t))
	text, err := os.ReadFile(filepath.Join(dir, "reports", "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	truths := map[string]truth{}
	if err := json.Unmarshal(text, &truths); err != nil {
		t.Fatal(err)
	}
	for name, want := range truths {
		t.Run(name, func(t *testing.T) {
			got, code := show(t, filepath.Join(dir, want.File))
			if want.Form == nil {
				if got.Refused == nil || code != cli.ExitInput {
					t.Errorf("not refused, exit code %d; truth: %s", code, want.Reject)
				}
				return
			}
			if code != cli.ExitOK || got.Form == nil || *got.Form != *want.Form || got.Year == nil || *got.Year != want.Year {
				t.Errorf("exit code %d, form %v, year %v", code, got.Form, got.Year)
			}
			compareCells(t, want, got)
		})
	}
}

func compareCells(t *testing.T, want truth, got line) {
	for key, value := range want.Cells {
		if slices.Contains(want.Ambiguous, key) {
			if _, asked := got.Unsettled[key]; !asked {
				t.Errorf("%s is ambiguous and not reported as unsettled", key)
			}
			continue
		}
		have, printed := got.Cells[key]
		if !printed || word(have) != word(value) {
			t.Errorf("%s: %s (printed: %v), want %s", key, word(have), printed, word(value))
		}
	}
	for key := range got.Cells {
		if _, ok := want.Cells[key]; !ok {
			t.Errorf("%s is not in the truth", key)
		}
	}
}

func word(n *json.Number) string {
	if n == nil {
		return "blank"
	}
	return n.String()
}

// show runs annual show --json on one file.
func show(t *testing.T, file string) (line, int) {
	t.Helper()
	var out, errs strings.Builder
	code := cli.Main(t.Context(), []string{"annual", "show", "--json", file}, cli.Shell{Out: &out, Err: &errs})
	var got line
	d := json.NewDecoder(strings.NewReader(out.String()))
	if err := d.Decode(&got); err != nil {
		t.Fatalf("%v: %s%s", err, out.String(), errs.String())
	}
	if strings.Count(out.String(), "\n") != 1 {
		t.Errorf("%d lines for one file", strings.Count(out.String(), "\n"))
	}
	return got, code
}

// docs/cli-json.schema.json describes every line that show and check print: of each report
// of the corpus, of the samples, and of files that cannot be read.
func TestLinesFollowThePublishedSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "cli-json.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	reports, samples := filepath.Join(corpus(t), "reports"), filepath.Join("..", "annual", "sample", "files")
	sample := func(name string) string { return filepath.Join(samples, name) }
	files := []string{filepath.Join(reports, "seed"), filepath.Join(reports, "full"), filepath.Join(reports, "derived", "*.docx"), samples, "none.docx"}
	for _, test := range []struct {
		args  []string
		least int // lines
	}{
		{append([]string{"show", "--json"}, files...), 25},
		{append([]string{"show", "--json", "--provenance"}, files...), 25},
		{append([]string{"check", "--json"}, files...), 25},
		{[]string{"merge", "--json", "--units", sample("报送单位名单2024年.csv"), "--as", "示范市人民政府", "--year", "2024", "--against", sample("示范市人民政府2024年.html"), samples}, 1},
		{[]string{"compare", "--json", sample("示范市科学技术局2023年.txt"), sample("示范市科学技术局2024年.html")}, 1},
		{[]string{"compare", "--json", "--rank", "all", sample("*2024年.*")}, 9},
		{[]string{"rules", "--json"}, 20},
	} {
		var out strings.Builder
		cli.Main(t.Context(), append([]string{"annual"}, test.args...), cli.Shell{Out: &out, Err: io.Discard})
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(lines) < test.least {
			t.Errorf("%v printed %d lines, want at least %d", test.args, len(lines), test.least)
		}
		for _, text := range lines {
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				t.Fatalf("%v: %s", err, text)
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("%v: %.120s…\n%v", test.args, text, err)
			}
		}
	}
}
