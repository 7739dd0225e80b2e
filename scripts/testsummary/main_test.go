package main

import (
	"strings"
	"testing"
)

func TestSummaryShowsFailuresWholeAndCounts(t *testing.T) {
	in := `{"Action":"start","Package":"p"}
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"quiet\n"}
{"Action":"pass","Package":"p","Test":"TestA","Elapsed":0.1}
{"Action":"output","Package":"p","Test":"TestB","Output":"b.go:1: 7, want 2\n"}
{"Action":"fail","Package":"p","Test":"TestB","Elapsed":0.1}
{"Action":"skip","Package":"p","Test":"TestC"}
{"Action":"fail","Package":"p","Elapsed":1}
{"Action":"pass","Package":"q","Elapsed":2.5}
{"ImportPath":"r","Action":"build-output","Output":"r.go:3: undefined: x\n"}
{"ImportPath":"r","Action":"build-fail"}
`
	want := `b.go:1: 7, want 2
skip	p TestC
ok  	q	2.5s
r.go:3: undefined: x
1 passed, 2 failed, 1 skipped
`
	var out strings.Builder
	failed, err := summarize(strings.NewReader(in), &out)
	if err != nil || !failed {
		t.Errorf("failed %v, error %v", failed, err)
	}
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestAllPassing(t *testing.T) {
	var out strings.Builder
	failed, err := summarize(strings.NewReader(`{"Action":"pass","Package":"p","Test":"TestA"}`+"\n"), &out)
	if err != nil || failed || out.String() != "1 passed, 0 failed, 0 skipped\n" {
		t.Errorf("%v %v %q", failed, err, out.String())
	}
}
