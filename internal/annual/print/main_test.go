package print

import (
	"flag"
	"os"
	"testing"
)

// TestMain draws the same random reports in every run, so that a test run says the same
// twice; -rapid.seed draws others.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.seed" })
	if !given {
		if err := flag.Set("rapid.seed", "20260101"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
