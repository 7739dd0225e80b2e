package letter

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"gongkai/internal/i18n"
)

// docs/letters-catalogue.md is drawn from the catalogue and its templates.
func TestThePageOfLettersIsFresh(t *testing.T) {
	const path = "../../../docs/letters-catalogue.md"
	var b bytes.Buffer
	page(&b)
	if os.Getenv("GONGKAI_TEST_WRITE") != "" {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, b.Bytes()) {
		t.Error("docs/letters-catalogue.md is out of date: run make docs")
	}
}

func page(b *bytes.Buffer) {
	zh := i18n.To(i18n.Chinese)
	to := map[To]string{ToApplicant: "applicant", ToThird: "third party", ToOrgan: "organ", ToFile: "file"}
	b.WriteString("# Letters: the catalogue\n\nMade by `make docs` from the catalogue and the templates in force; see [letters](letters.md). " +
		"Facts are those a letter always prints or rests on; an outcome may need more.\n\n" +
		"| code | 文书 | 标题 | to | law | remedies | facts it needs | may be edited | templates since |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, k := range Catalogue() {
		var law, facts, slots, since []string
		for _, r := range k.Law {
			law = append(law, r.String())
		}
		seen := map[string]bool{}
		for _, n := range k.Needs {
			if word := zh.T(factNames[n]); !seen[word] {
				seen[word] = true
				facts = append(facts, word)
			}
		}
		for _, s := range k.Slots {
			slots = append(slots, zh.T(slotNames[s]))
		}
		for _, v := range k.Versions {
			since = append(since, v.String())
		}
		remedy := ""
		if k.Decision || k.Remedy {
			remedy = "yes"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", k.Code, k.Name, k.Title, to[k.To],
			strings.Join(law, "、"), remedy, strings.Join(facts, "、"), strings.Join(slots, "、"), strings.Join(since, ", "))
	}
}
