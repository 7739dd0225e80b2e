package flow

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/fault"
	"gongkai/internal/statute"
)

type state string
type act string

// lamp is a table that everybody knows.
var lamp = Table[state, act]{
	Step[state, act]("off", "press", "on", statute.OGI2019.Art(33, 2)).By("R-XX-01"),
	Step[state, act]("on", "press", "off", statute.Ref{}),
	Step[state, act]("on", "break", "dark", statute.Ref{}),
}

func TestNext(t *testing.T) {
	if s, err := lamp.Next("off", "press"); s != "on" || err != nil {
		t.Errorf("off, press: %s, %v", s, err)
	}
	s, err := lamp.Next("off", "break")
	if s != "off" || !errors.Is(err, ErrMove) || fault.KindOf(err) != fault.Conflict {
		t.Errorf("off, break: %s, %v; want off and a conflict", s, err)
	}
	if !strings.Contains(err.Error(), "off") {
		t.Errorf("%q does not name the state", err)
	}
}

func TestWhatAStateKnows(t *testing.T) {
	if got := lamp.Acts("on"); !slices.Equal(got, []act{"press", "break"}) {
		t.Errorf("acts of on: %v", got)
	}
	if lamp.Final("on") || !lamp.Final("dark") || lamp.May("dark", "press") {
		t.Error("dark is final, on is not")
	}
	if got := lamp.States(); !slices.Equal(got, []state{"off", "on", "dark"}) {
		t.Errorf("states %v", got)
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name  string
		table Table[state, act]
		says  string
	}{
		{"a sound table", lamp, ""},
		{"an act that leads two ways", append(slices.Clone(lamp), Step[state, act]("off", "press", "dark", statute.Ref{})), "to on and to dark"},
		{"an island", append(slices.Clone(lamp), Step[state, act]("lost", "press", "on", statute.Ref{})), "lost cannot be reached"},
	}
	for _, tt := range tests {
		err := tt.table.Check("off")
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.says)
		}
	}
}

func TestDraw(t *testing.T) {
	got := lamp.Draw("灯", "off", strings.ToUpper)
	want := "# 灯\n\n```mermaid\nstateDiagram-v2\n    off: OFF\n    on: ON\n    dark: DARK\n    [*] --> off\n" +
		"    off --> on: PRESS\n    on --> off: PRESS\n    on --> dark: BREAK\n    dark --> [*]\n```\n\n" +
		"| 从 | 动作 | 到 | 依据 | 规则 |\n|---|---|---|---|---|\n" +
		"| OFF | PRESS `press` | ON | 条例第三十三条第二款 | R-XX-01 |\n| ON | PRESS `press` | OFF | – | – |\n| ON | BREAK `break` | DARK | – | – |\n"
	if got != want {
		t.Errorf("drawn:\n%s\nwant:\n%s", got, want)
	}
}
