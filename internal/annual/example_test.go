package annual_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"gongkai/internal/annual"
	"gongkai/internal/annual/print"
	"gongkai/internal/annual/read"
	"gongkai/internal/annual/rule"
)

// Example reads a report, checks it, prints it and adds it up with another.
func Example() {
	ctx := context.Background()
	report, err := read.File(ctx, "sample/files/示范市司法局2024年.txt") // any format in
	if err != nil {
		panic(err)
	}
	if report.Refused != nil { // no report, and why
		panic(report.Refused.Reasons)
	}
	fmt.Println(report.Agency.Text, report.Year)

	n, ok := report.Value("T3.new.total") // a figure; !ok: blank, lost or unsettled
	fmt.Println("新收", n, ok)
	fmt.Println("待确定", len(report.Questions)) // what a person must decide

	audit := rule.Check(report, rule.Context{}) // findings with their places
	fmt.Println(audit.Findings[0].Code, audit.Findings[0].Severity)

	out, err := os.Create(filepath.Join(os.TempDir(), "gongkai-example.docx"))
	if err != nil {
		panic(err)
	}
	defer os.Remove(out.Name())
	defer out.Close()
	if err := print.Write(out, report, print.DOCX, print.Options{}); err != nil { // any format out
		panic(err)
	}

	spec := annual.MergeSpec{Agency: "示范市人民政府", Year: 2024}
	whole, err := annual.Merge(spec, report) // own + children, provenance kept
	if err != nil {
		panic(err)
	}
	fmt.Println("计入", len(whole.Of(annual.Included)))
	// Output:
	// 示范市司法局 2024
	// 新收 0 true
	// 待确定 0
	// R-AR-14 warning
	// 计入 1
}
