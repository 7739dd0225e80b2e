package cli_test

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"gongkai/internal/cli"
	"gongkai/internal/date"
)

// docs/clock.schema.json describes what is printed of cases with everything that can happen to
// one, in both languages.
func TestReckonFollowsThePublishedSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "clock.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir()) // no data folder
	for _, text := range []string{
		`{"received": "2026-01-28"}`,
		`{"received": "2026-12-28", "channel": "online"}`,
		`{"received": "2026-03-02", "correction": {"notified": "2026-03-11"}}`,
		`{"received": "2026-03-02", "correction": {"notified": "2026-03-11", "due": "2026-03-20"}}`,
		`{"received": "2026-03-02", "correction": {"notified": "2026-03-12", "corrected": "2026-03-20"}}`,
		`{"received": "2026-03-02", "correction": {"corrected": "2026-03-02"}, "consultations": [{"sent": "2026-03-05"}, {"sent": "2026-03-09", "received": "2026-03-10", "replied": "2026-06-01", "kind": "organ"}, {"sent": "2027-03-05"}]}`,
		`{"received": "2026-04-01", "extension": {"days": 20, "approved": "2026-04-20", "notified": "2026-04-21"}, "done": "2026-06-30"}`,
		`{"received": "2026-04-01", "extension": {"days": 30}}`,
		`{"received": "2026-04-01", "fee": {"notified": "2026-04-02", "paid": "2026-04-08"}}`,
		`{"received": "2026-04-01", "fee": {"notified": "2026-04-02"}}`,
		`{"received": "2026-11-20", "fee": {"notified": "2026-11-20"}, "today": "2026-11-20"}`,
		`{"received": "2018-04-01", "later": "2018-09-30"}`,
	} {
		for _, lang := range []string{"zh", "en"} {
			var out strings.Builder
			code := cli.Main(t.Context(), []string{"foi", "reckon", "-", "--json", "--lang", lang}, cli.Shell{
				In: strings.NewReader(text), Out: &out, Err: io.Discard, Today: date.Must(2026, 11, 23)})
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(out.String()))
			if err != nil || code != cli.ExitOK || strings.Count(out.String(), "\n") != 1 {
				t.Fatalf("%s: exit code %d, %v: %s", text, code, err, out.String())
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("%s: %v\n%s", text, err, out.String())
			}
			if strings.Contains(out.String(), "⟦") || strings.Contains(out.String(), "{}") {
				t.Errorf("%s: %s", text, out.String())
			}
		}
	}
}
