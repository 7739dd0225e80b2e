package internal

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/config"
)

func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// docs/dependencies.md has a line for every module the project imports itself, and for no
// other.
func TestDependenciesPageIsComplete(t *testing.T) {
	listed := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| ([a-z0-9.]+\.[a-z]+/[^ ]+) \|`).FindAllStringSubmatch(page(t, "dependencies.md"), -1) {
		listed[m[1]] = true
	}
	used := map[string]bool{}
	for _, imp := range foreignImports(t) {
		used[moduleOf(t, imp)] = true
	}
	for m := range used {
		if !listed[m] {
			t.Errorf("docs/dependencies.md has no line for %s", m)
		}
	}
	for m := range listed {
		if !used[m] {
			t.Errorf("docs/dependencies.md has a line for %s, which nothing imports", m)
		}
	}
}

// foreignImports returns the packages of other modules that ours import, tests included.
func foreignImports(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{range .Imports}}{{.}} {{end}}{{range .TestImports}}{{.}} {{end}}{{range .XTestImports}}{{.}} {{end}}`, "gongkai/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var foreign []string
	for _, imp := range strings.Fields(string(out)) {
		if first, _, _ := strings.Cut(imp, "/"); strings.Contains(first, ".") {
			foreign = append(foreign, imp)
		}
	}
	slices.Sort(foreign)
	return slices.Compact(foreign)
}

// modules are the paths go.mod requires, longest first.
func modules(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "mod", "edit", "-json", filepath.Join(root, "go.mod")).Output()
	if err != nil {
		t.Fatal(err)
	}
	var mod struct{ Require []struct{ Path string } }
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, r := range mod.Require {
		paths = append(paths, r.Path)
	}
	slices.SortFunc(paths, func(a, b string) int { return len(b) - len(a) })
	return paths
}

func moduleOf(t *testing.T, pkg string) string {
	t.Helper()
	for _, m := range modules(t) {
		if pkg == m || strings.HasPrefix(pkg, m+"/") {
			return m
		}
	}
	t.Errorf("no module of go.mod holds %s", pkg)
	return pkg
}

// docs/operation.md lists every setting with its environment variable and flag.
func TestOperationPageListsEverySetting(t *testing.T) {
	text := page(t, "operation.md")
	for _, s := range config.Settings() {
		if line := "| `" + s.Key + "` | `" + s.Env() + "` | `--" + s.Flag() + "` |"; !strings.Contains(text, line) {
			t.Errorf("docs/operation.md has no line that begins %s", line)
		}
	}
}

// Links between the pages lead somewhere.
func TestLinksOfThePagesLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)\)`)
	eachFile(t, func(path string, text []byte) {
		for _, m := range link.FindAllSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), string(m[1]))); err != nil {
				t.Errorf("%s links to %s, which is not there", path, m[1])
			}
		}
	}, ".md")
}

// docs/ARCHITECTURE.md names every package on its floor.
func TestArchitecturePageNamesEveryPackage(t *testing.T) {
	text := page(t, "ARCHITECTURE.md")
	for _, floor := range floors {
		for _, name := range floor {
			if !strings.Contains(text, "`"+name+"`") {
				t.Errorf("docs/ARCHITECTURE.md does not name %s", name)
			}
		}
	}
}
