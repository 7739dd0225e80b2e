package gate

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/check"
	"gongkai/internal/date"
	"gongkai/internal/extract"
)

// sample prints so many findings of each rule over the corpus, for reading by eye:
// go test ./internal/gate -run TestCorpus -v -sample 20
var sample = flag.Int("sample", 0, "findings of each rule to print")

// only restricts the sample to rules whose code holds it.
var only = flag.String("only", "", "print a sample of rules whose code holds this")

// corpus returns a file of the corpus of real documents, and fails the test when it is missing.
func corpus(t testing.TB, path ...string) string {
	dir := os.Getenv("GONGKAI_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	file := filepath.Join(append([]string{dir}, path...)...)
	if _, err := os.Stat(file); err != nil {
		t.Fatalf("the corpus of real documents is missing: set GONGKAI_CORPUS to its folder: %v", err)
	}
	return file
}

// documents reads titles, document numbers and dates of published documents.
func documents(t testing.TB) []*Subject {
	f, err := os.Open(corpus(t, "site", "documents.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	day := func(s string) date.Date {
		d, err := date.Parse(s)
		if err != nil {
			return date.Date{}
		}
		return d
	}
	var all []*Subject
	for _, r := range rows[1:] {
		all = append(all, &Subject{
			Stage: Inspection, Today: date.Must(2026, 11, 23), Publisher: Publisher{Name: r[0]},
			Metadata: Metadata{Title: r[1], DocNo: r[2], Formed: day(r[3]), Issued: day(r[4])},
		})
	}
	return all
}

// laws reads national laws and regulations, whole texts.
func laws(t testing.TB) []*Subject {
	f, err := os.Open(corpus(t, "site", "laws.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []*Subject
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		var law struct{ Title, Text string }
		if err := json.Unmarshal(sc.Bytes(), &law); err != nil {
			t.Fatal(err)
		}
		all = append(all, text(law.Title, law.Text))
	}
	return all
}

// policyDocuments is how many documents policies holds, by the account of the corpus.
const policyDocuments = 50

// policies reads policy documents and their interpretations. The file holds one after another
// with nothing between them, so that they are one text here.
func policies(t testing.TB) []*Subject {
	b, err := os.ReadFile(corpus(t, "site", "policy-50.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return []*Subject{text("", string(b))}
}

// articles reads single articles of national and local law, one a document.
func articles(t testing.TB) []*Subject {
	f, err := os.Open(corpus(t, "search", "corpus.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []*Subject
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		var article struct{ Name, Content string }
		if err := json.Unmarshal(sc.Bytes(), &article); err != nil {
			t.Fatal(err)
		}
		all = append(all, text(article.Name, article.Content))
	}
	return all
}

// reports reads whole annual reports of several formats as attachments.
func reports(t testing.TB) []*Subject {
	var all []*Subject
	for _, folder := range []string{"seed", "full", "derived"} {
		files, err := filepath.Glob(filepath.Join(corpus(t, "reports", folder), "*.*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if filepath.Ext(file) == ".doc" {
				continue // needs LibreOffice
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := extract.Inspect(t.Context(), filepath.Base(file), b)
			all = append(all, &Subject{Stage: Inspection, Today: today, Parts: []Part{Attachment("a", filepath.Base(file), doc, err)}})
		}
	}
	return all
}

// text makes a subject of a text found somewhere.
func text(title, words string) *Subject {
	return &Subject{Stage: Inspection, Today: date.Must(2026, 11, 23), Metadata: Metadata{Title: title}, Parts: []Part{Plain(BodyID, words)}}
}

// count runs the gate over subjects and counts findings by rule and severity.
func count(t testing.TB, name string, all []*Subject) map[string]int {
	found := map[string]int{}
	for _, s := range all {
		for _, f := range Run(Rules(), s) {
			key := f.Code + " " + string(f.Severity)
			found[key]++
			if found[key] <= *sample && strings.Contains(f.Code, *only) {
				t.Logf("%s %s: %s | %s | %s", name, key, f.Message.Key, f.Places[0].Text, s.Title)
			}
		}
	}
	return found
}

// The table of hits over the corpus in docs/gate.md is what the rules find today.
func TestCorpus(t *testing.T) {
	sets := []struct {
		name      string
		all       []*Subject
		documents int
	}{
		{"标题、文号、日期 Titles, numbers, dates", documents(t), 0}, {"法律法规全文 Laws", laws(t), 0},
		{"政策文件全文 Policies", policies(t), policyDocuments}, {"法条 Articles", articles(t), 0}, {"年报 Annual reports", reports(t), 0},
	}
	var b strings.Builder
	b.WriteString("| 规则 Rule | 程度 Severity |")
	line := "|---|---|"
	hits := make([]map[string]int, len(sets))
	keys := map[string]bool{}
	for i := range sets {
		if sets[i].documents == 0 {
			sets[i].documents = len(sets[i].all)
		}
		fmt.Fprintf(&b, " %s (%d) |", sets[i].name, sets[i].documents)
		line += "---:|"
		hits[i] = count(t, sets[i].name, sets[i].all)
		for key := range hits[i] {
			keys[key] = true
		}
	}
	b.WriteString("\n" + line + "\n")
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		code, severity, _ := strings.Cut(key, " ")
		fmt.Fprintf(&b, "| %s | %s |", code, severities[check.Severity(severity)])
		for i := range sets {
			if n := hits[i][key]; n > 0 {
				fmt.Fprintf(&b, " %d (%.2f‰) |", n, 1000*float64(n)/float64(sets[i].documents))
			} else {
				b.WriteString(" |")
			}
		}
		b.WriteString("\n")
	}
	fresh(t, "corpus", b.String())
}
