package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/annual/sample"
	"gongkai/internal/cli"
	"gongkai/internal/date"
)

// TestReadmeShowsWhatTheProgramPrints runs the commands of the README's console blocks in a
// folder with the sample reports. A line "…" stands for any lines left out.
func TestReadmeShowsWhatTheProgramPrints(t *testing.T) {
	for _, name := range []string{"README.md", "README.en.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		calls := consoleCalls(string(text))
		if len(calls) == 0 {
			t.Errorf("%s shows no command", name)
		}
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for _, f := range sample.Files() {
				if err := os.WriteFile(f.Name, f.Data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for _, c := range calls {
				if got := printed(t, c.args); !matches(c.want, got) {
					t.Errorf("gongkai %s printed\n%s\nthe page shows\n%s", strings.Join(c.args, " "), got, strings.Join(c.want, "\n"))
				}
			}
		})
	}
}

// call is a command of a page and what the page says it prints.
type call struct{ args, want []string }

// consoleCalls finds the calls of gongkai in ```console blocks.
func consoleCalls(page string) []call {
	var calls []call
	inside := false
	for line := range strings.Lines(page) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```console"
		case !inside:
		case strings.HasPrefix(line, "$ gongkai "):
			calls = append(calls, call{args: strings.Fields(line)[2:]})
		case len(calls) > 0:
			calls[len(calls)-1].want = append(calls[len(calls)-1].want, line)
		}
	}
	return calls
}

func printed(t *testing.T, args []string) string {
	var both strings.Builder
	code := cli.Main(t.Context(), args, cli.Shell{Out: &both, Err: &both, Today: date.Must(2025, 2, 10)})
	if code == cli.ExitInternal {
		t.Errorf("gongkai %s: internal error", strings.Join(args, " "))
	}
	return both.String()
}

// matches reports whether got is the wanted lines, with any lines in place of "…".
func matches(want []string, got string) bool {
	lines := strings.Split(strings.TrimRight(got, "\n"), "\n")
	var match func(w, l []string) bool
	match = func(w, l []string) bool {
		switch {
		case len(w) == 0:
			return len(l) == 0
		case w[0] == "…":
			return match(w[1:], l) || len(l) > 0 && match(w, l[1:])
		case len(l) == 0 || strings.TrimRight(l[0], " ") != w[0]:
			return false
		}
		return match(w[1:], l[1:])
	}
	return match(want, lines)
}
