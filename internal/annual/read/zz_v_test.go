package read

import (
	"context"
	"fmt"
	"gongkai/internal/extract"
	"os"
	"strings"
	"testing"
)

func TestZZV(t *testing.T) {
	for _, p := range strings.Fields(os.Getenv("VF")) {
		doc, err := extract.File(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		rs := rows(doc)
		f := version(rs, doc)
		b := books()[f]
		hs := headings(rs, b)
		ts := gatherTables(b, rs, hs)
		if os.Getenv("VB") != "" {
			for i, bl := range doc.Blocks {
				if bl.Table != nil {
					fmt.Println(i, "TABLE", bl.Table.Columns, len(bl.Table.Rows))
					for _, r := range bl.Table.Rows {
						s := ""
						for _, c := range r {
							s += fmt.Sprintf("[%d:%d %dx%d %q]", c.Row, c.Col, c.RowSpan, c.ColSpan, c.Text)
						}
						fmt.Println("   ", s)
					}
				} else {
					fmt.Printf("%d %q\n", i, bl.Text)
				}
			}
		}
		for _, h := range hs {
			fmt.Println("H", h.key, h.text)
		}
		for id, g := range ts {
			fmt.Println(p, id, "mixed", g.mixed, "strays", len(g.strays), "recs", len(g.records), "alone", len(g.alone))
			for _, r := range g.records {
				l := "?"
				if r.row != nil {
					l = r.row.Key
				}
				s := ""
				for _, v := range r.values {
					s += v.text + ","
				}
				fmt.Println("   ", l, len(r.values), s, "sure", r.sure, "cut", r.cut)
			}
		}
	}
}
