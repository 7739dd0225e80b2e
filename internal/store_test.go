package internal

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// statement is text that begins as an SQL statement does.
var statement = regexp.MustCompile(`^\s*(SELECT\s|INSERT INTO\s|UPDATE\s\w+\sSET\s|DELETE FROM\s|WITH\s\w+.*\sAS\s*\(|CREATE (TABLE|INDEX|UNIQUE)|DROP |ALTER )`)

// TestStatementsStandInStores keeps SQL in the files named store*.go, where a reader looks
// for it and the next test holds it to both engines.
func TestStatementsStandInStores(t *testing.T) {
	eachFile(t, func(path string, text []byte) {
		if strings.HasSuffix(path, "_test.go") || isStore(path) || slices.Contains([]string{"db", "dbtest"}, packageOf(path)) {
			return
		}
		for _, word := range stringLiterals(t, path, text) {
			if statement.MatchString(word) {
				t.Errorf("%s holds SQL, which belongs into a store*.go: %.60q", path, word)
			}
		}
	}, ".go")
}

// TestStoresRunOnBothEngines wants of each package with a store a test that calls
// dbtest.Each, which gives it SQLite and PostgreSQL in turn, or that asks for an empty
// PostgreSQL database itself.
func TestStoresRunOnBothEngines(t *testing.T) {
	stores, tested := map[string]bool{}, map[string]bool{}
	eachFile(t, func(path string, text []byte) {
		switch {
		case isStore(path):
			stores[packageOf(path)] = true
		case strings.HasSuffix(path, "_test.go") && callsEach(text):
			tested[packageOf(path)] = true
		}
	}, ".go")
	for name := range stores {
		if !tested[name] {
			t.Errorf("%s has a store and no test that calls dbtest.Each", name)
		}
	}
	if len(stores) == 0 {
		t.Error("no store was found")
	}
}

func callsEach(text []byte) bool {
	return regexp.MustCompile(`\bdbtest\.(Each|EmptyPostgres)\(`).Match(text)
}

// oneEngine finds what only one of the engines understands, or both understand differently.
var oneEngine = regexp.MustCompile(`(?i)\b(ILIKE|INSERT OR|FOR UPDATE|SKIP LOCKED|AUTOINCREMENT|SERIAL|NOW\(\)|DATETIME\(|STRFTIME\(|JULIANDAY\(|ANY ?\(|DATE_TRUNC|TO_CHAR\(|GROUP_CONCAT|GLOB|IFNULL\(|ROWID)\b|->>|::\w`)

// mayDiffer are the packages that keep a statement for each engine, side by side.
var mayDiffer = []string{"search"}

// TestStoresKeepToTheCommonSubset refuses the traps of docs/ARCHITECTURE.md that neither
// engine reports by itself.
func TestStoresKeepToTheCommonSubset(t *testing.T) {
	eachFile(t, func(path string, text []byte) {
		if !isStore(path) || slices.Contains(mayDiffer, packageOf(path)) {
			return
		}
		for _, word := range stringLiterals(t, path, text) {
			if found := oneEngine.FindString(word); found != "" && strings.ContainsAny(word, " \n") {
				t.Errorf("%s: %q is not the same on both engines", path, found)
			}
		}
	}, ".go")
}

// changesRecord finds statements that change or remove audit entries (R-SEC-04: append only).
var changesRecord = regexp.MustCompile(`(?i)(UPDATE|DELETE\s+FROM|TRUNCATE|DROP\s+TABLE|ALTER\s+TABLE)\s+audit_entry`)

func TestNothingChangesAnAuditEntry(t *testing.T) {
	eachFile(t, func(path string, text []byte) {
		if !strings.HasSuffix(path, "_test.go") && changesRecord.Match(text) {
			t.Errorf("%s changes audit entries", path)
		}
	}, ".go", ".sql")
}

func isStore(path string) bool {
	name := filepath.Base(path)
	return strings.HasPrefix(name, "store") && strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
}

// packageOf returns a file's package as the floors name it.
func packageOf(path string) string {
	return strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), root+"/internal/")
}
