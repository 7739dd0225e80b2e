package gate

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/date"
)

// sample prints so many findings of each rule over the corpus, for reading by eye:
// go test ./internal/gate -run TestCorpus -v -sample 20
var sample = flag.Int("sample", 0, "findings of each rule to print")

// only restricts the sample to rules whose code holds it.
var only = flag.String("only", "", "print a sample of rules whose code holds this")

// corpus returns the folder of real documents, and fails the test when it is missing.
func corpus(t testing.TB) string {
	dir := os.Getenv("GONGKAI_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	dir = filepath.Join(dir, "site")
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("the corpus of real documents is missing: set GONGKAI_CORPUS to its folder: %v", err)
	}
	return dir
}

// documents reads titles, document numbers and dates of published documents.
func documents(t testing.TB) []*Subject {
	f, err := os.Open(filepath.Join(corpus(t), "documents.csv"))
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
	f, err := os.Open(filepath.Join(corpus(t), "laws.jsonl"))
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
	b, err := os.ReadFile(filepath.Join(corpus(t), "policy-50.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return []*Subject{text("", string(b))}
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

func TestCorpus(t *testing.T) {
	for name, all := range map[string][]*Subject{"documents": documents(t), "laws": laws(t), "policies": policies(t)} {
		found := count(t, name, all)
		for _, key := range slices.Sorted(maps.Keys(found)) {
			t.Logf("%s\t%s\t%d", name, key, found[key])
		}
	}
}
