package annual

import (
	"os"
	"strings"
	"testing"
)

// docs/units.md names every column a list of units may have, under every heading for it.
func TestUnitsPageNamesEveryColumn(t *testing.T) {
	text, err := os.ReadFile("../../docs/units.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if cells := strings.Split(line, "|"); len(cells) > 3 {
			rows[strings.TrimSpace(cells[1])] = cells[2]
		}
	}
	for _, name := range columnNames {
		if _, ok := rows[name]; !ok {
			t.Errorf("docs/units.md does not name %s", name)
		}
	}
	for alias, name := range columnAliases {
		if !strings.Contains(rows[name], alias) {
			t.Errorf("docs/units.md does not name %s for %s", alias, name)
		}
	}
}
