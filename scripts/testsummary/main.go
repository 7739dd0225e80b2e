// Command testsummary reads the events of "go test -json" on standard input, prints one
// line a package and the whole output of every failing test, and ends with the counts. It
// exits with 1 if anything failed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// event is one line of go test -json (go doc test2json).
type event struct {
	Action, Package, Test, Output string
	ImportPath                    string // of build output
	Elapsed                       float64
}

func main() {
	failed, err := summarize(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsummary:", err)
		os.Exit(2)
	}
	if failed {
		os.Exit(1)
	}
}

// summarize copies what matters from in to out and reports whether anything failed.
func summarize(in io.Reader, out io.Writer) (failed bool, err error) {
	output := map[string]*strings.Builder{} // of tests and packages that still run
	passed, failures, skipped := 0, 0, 0
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			fmt.Fprintf(out, "%d passed, %d failed, %d skipped\n", passed, failures, skipped)
			return failed, nil
		}
		if err != nil {
			return failed, err
		}
		var e event
		if json.Unmarshal(line, &e) != nil {
			fmt.Fprint(out, string(line))
			continue
		}
		key := e.Package + e.ImportPath + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			if output[key] == nil {
				output[key] = &strings.Builder{}
			}
			output[key].WriteString(e.Output)
			continue
		case "fail", "build-fail":
			failed = true
			if b := output[key]; b != nil {
				fmt.Fprint(out, b.String())
			}
			if e.Test != "" || e.Action == "build-fail" {
				failures++
			}
		case "pass":
			if e.Test != "" {
				passed++
			} else {
				fmt.Fprintf(out, "ok  \t%s\t%.1fs\n", e.Package, e.Elapsed)
			}
		case "skip":
			if e.Test != "" {
				skipped++
				fmt.Fprintf(out, "skip\t%s %s\n", e.Package, e.Test)
			}
		}
		if e.Action != "start" && e.Action != "run" && e.Action != "pause" && e.Action != "cont" {
			delete(output, key)
		}
	}
}
