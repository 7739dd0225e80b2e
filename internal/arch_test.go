package internal

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// floors lists the packages from the ground up. A package imports only packages of lower
// floors, and of its own where beside says so.
var floors = [][]string{
	{"place", "date", "decimal"},
	{"i18n"},
	{"statute"},
	{"fault", "check", "quantity"},
	{"workday", "flow", "actor"},
	{"extract", "paper", "paper/chart", "secret", "ledger/proof", "foi/reckon", "foi/reckon/ical", "foi/fee", "foi/outcome"},
	{"db", "richtext"},
	{"change"},
	{"dbtest", "audit", "job", "blob", "search"},
	{"notify", "sms", "webhook", "identity"},
	{"mailbox"},
	{"agency", "holiday", "foi/letter"},
	{"account", "site", "gate", "disclosure/index", "disclosure/docno", "disclosure/class"},
	{"disclosure/section", "gate/wordlist", "search/synonym", "foi/redact"},
	{"disclosure", "account/token"},
	{"disclosure/normative", "disclosure/credit", "disclosure/guide", "disclosure/legacy", "ledger", "subscription"},
	{"foi"},
	{"foi/dispute", "foi/count", "foi/bundle", "foi/register"},
	{"annual/form", "annual/exchange"},
	{"annual"},
	{"annual/datafile"},
	{"annual/read", "annual/narrative"},
	{"annual/rule"},
	{"annual/print"},
	{"annual/sample", "annual/compile", "annual/shelf"},
	{"annual/cycle"},
	{"config"},
	{"storage"},
	{"installation", "ledger/verifier"},
	{"showcase", "benchmark"},
	{"web", "web/monitor", "web/office/editor", "web/feed"},
	{"mirror"},
	{"web/desk", "web/office", "web/portal", "web/api", "web/cache", "cli"},
	{"app"},
}

// beside lists the imports allowed within a floor.
var beside = map[string][]string{
	"check":     {"fault"},
	"paper":     {"paper/chart"},
	"job":       {"audit"},
	"foi/count": {"foi/dispute"},
	"gate":      {"disclosure/index", "disclosure/docno", "disclosure/class"},
}

// only lists the packages that may import what the rest must not.
var only = map[string][]string{
	"database/sql":  {"db", "dbtest"},
	"net/http":      {"web", "web/monitor", "web/desk", "web/office", "web/portal", "web/api", "web/cache", "mirror", "notify", "sms", "webhook", "identity", "disclosure/legacy", "ledger/verifier", "app"},
	"html/template": {"web", "web/desk", "web/office", "web/portal", "notify"},
}

func TestFloors(t *testing.T) {
	floor := map[string]int{}
	for n, names := range floors {
		for _, name := range names {
			floor[name] = n
		}
	}
	for path, imports := range packages(t) {
		name, inside := strings.CutPrefix(path, "gongkai/internal/")
		if !inside {
			continue
		}
		mine, known := floor[name]
		if !known {
			t.Errorf("%s stands on no floor: add it to the list", name)
			continue
		}
		for _, imp := range imports {
			if allowed, guarded := only[imp]; guarded && !contains(allowed, name) {
				t.Errorf("%s imports %s, which only %v may", name, imp, allowed)
			}
			other, ours := strings.CutPrefix(imp, "gongkai/internal/")
			if !ours {
				continue
			}
			if theirs := floor[other]; theirs > mine || theirs == mine && !contains(beside[name], other) {
				t.Errorf("%s imports %s, which is not below it", name, other)
			}
		}
	}
}

// packages returns the module's packages with what they import, tests left out.
func packages(t *testing.T) map[string][]string {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,GoFiles", "gongkai/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
			GoFiles    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 {
			all[p.ImportPath] = p.Imports
		}
	}
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}
