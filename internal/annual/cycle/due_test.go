package cycle

import (
	"testing"

	"gongkai/internal/agency"
)

// Article 49 with what a locality arranges: an earlier day stands before the statute's, a later one
// changes nothing, and bodies below the county have no statutory day.
func TestDaysOfArticle49(t *testing.T) {
	department := &agency.Agency{Facts: agency.Facts{Kind: agency.Department, Level: agency.County}}
	government := &agency.Agency{Facts: agency.Facts{Kind: agency.Government, Level: agency.County}}
	township := &agency.Agency{Facts: agency.Facts{Kind: agency.Government, Level: agency.TownshipLevel}}
	for _, test := range []struct {
		name                   string
		body                   *agency.Agency
		department, government string
		want                   []string
	}{
		{"a department", department, "", "", []string{"2027-01-31"}},
		{"a government", government, "", "", []string{"2027-03-31"}},
		{"a township", township, "01-10", "01-10", nil},
		{"a department asked earlier", department, "01-20", "", []string{"2027-01-20", "2027-01-31"}},
		{"a department asked on the day", department, "01-31", "", []string{"2027-01-31"}},
		{"a department asked later", department, "02-15", "", []string{"2027-01-31"}},
		{"a government asked earlier", government, "01-20", "03-01", []string{"2027-03-01", "2027-03-31"}},
	} {
		var got []string
		for _, d := range Local(test.department, test.government).DueOf(test.body, 2026) {
			got = append(got, d.Day.String())
		}
		if len(got) != len(test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
			continue
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%s: %v, want %v", test.name, got, test.want)
			}
		}
	}
}
