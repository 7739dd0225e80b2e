package cli

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongkai/internal/date"
)

// East Asian Width (Unicode annex 11): wide and full-width characters take two columns.
func TestWidth(t *testing.T) {
	for text, want := range map[string]int{
		"":          0,
		"abc 1":     5,
		"自然人":       6,
		"（一）":       6,
		"“三安全”":     8, // curly quotes are ambiguous, which terminals draw narrow
		"ｱ":         1,
		"Ａ":         2,
		"e\u0301":   1,
		"\u200b字":   2,
		"○":         1,
		"表三第1行":     9,
		"\x1b[31m红": 6,
	} {
		if got := width(text); got != want {
			t.Errorf("width(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	tests := []struct {
		text string
		n    int
		want []string
	}{
		{"一二三四五六", 6, []string{"一二三", "四五六"}},
		{"一二三。四五六", 6, []string{"一二", "三。四", "五六"}},       // no line begins with 。
		{"一二（三）四", 6, []string{"一二", "（三）", "四"}},         // no line ends with （
		{"收到申请12345件", 8, []string{"收到申", "请12345", "件"}}, // figures stay whole
		{"one two three", 8, []string{"one two", "three"}},
		{"", 8, []string{""}},
	}
	for _, test := range tests {
		if got := wrap(test.text, test.n); !slices.Equal(got, test.want) {
			t.Errorf("wrap(%q, %d) = %q, want %q", test.text, test.n, got, test.want)
		}
	}
}

func TestWrapLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("一二三（）。，“”abc 12"))).Draw(t, "text")
		lines := wrap(text, rapid.IntRange(2, 20).Draw(t, "n"))
		if a, b := strings.ReplaceAll(strings.Join(lines, ""), " ", ""), strings.ReplaceAll(text, " ", ""); a != b {
			t.Fatalf("%q became %q", text, lines)
		}
	})
}

func TestCleanTakesTheTerminalsCommandsOut(t *testing.T) {
	if got := clean("标题\x1b]0;x\a\n第二行\t\u009b31m"); got != "标题�]0;x� 第二行 �31m" {
		t.Errorf("got %q", got)
	}
}

// Reading is answered in the order asked, whichever file is ready first.
func TestAnswersComeInOrder(t *testing.T) {
	s := &session{ctx: t.Context(), err: newPainter(nil, nil)}
	var srcs []source
	for i := range 200 {
		srcs = append(srcs, source{name: strings.Repeat("x", i), err: errNoSuchFile})
	}
	next := 0
	err := s.each(srcs, func(o outcome) error {
		if len(o.name) != next {
			t.Fatalf("got number %d, want %d", len(o.name), next)
		}
		next++
		return nil
	})
	if err != nil || next != 200 {
		t.Errorf("%d answered, error %v", next, err)
	}
}

func TestACallThatIsStoppedSaysSo(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out, errs strings.Builder
	code := Main(ctx, []string{"annual", "show", "x.txt"}, Shell{Out: &out, Err: &errs})
	if code != ExitInterrupted || !strings.Contains(errs.String(), "已中断") {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
}

// A panic is a fault of the program (3), not an exit code of its own.
func TestAPanicIsAnInternalError(t *testing.T) {
	var out, errs strings.Builder
	code := Main(t.Context(), []string{"serve"}, Shell{Out: &out, Err: &errs, Serve: nil})
	if code != ExitInternal || !strings.Contains(errs.String(), "程序内部错误") {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
}

// The bar shows only on a terminal; elsewhere nothing is ever written.
func TestNoBarWithoutATerminal(t *testing.T) {
	var errs strings.Builder
	s := &session{Shell: Shell{Err: &errs}, err: newPainter(&errs, nil)}
	b := s.progress(10)
	time.Sleep(barEvery)
	b.stop()
	if errs.Len() > 0 {
		t.Errorf("wrote %q", errs.String())
	}
}

func TestLanguageIsKnownBeforeFlagsAre(t *testing.T) {
	tests := []struct {
		args, env string
		want      string
	}{
		{"", "", "zh-CN"},
		{"", "LANG=C", "zh-CN"},
		{"", "LANG=en_US.UTF-8", "en"},
		{"", "LANG=en_US.UTF-8 LC_ALL=zh_CN.UTF-8", "zh-CN"},
		{"", "LANG=zh_CN GONGKAI_LANG=en", "en"},
		{"annual --lang zh", "LANG=en_US", "zh-CN"},
		{"annual --lang=en", "", "en"},
		{"annual -- --lang=en", "", "zh-CN"},
	}
	for _, test := range tests {
		if got := chooseLang(strings.Fields(test.args), strings.Fields(test.env)); string(got) != test.want {
			t.Errorf("%q %q: got %s, want %s", test.args, test.env, got, test.want)
		}
	}
}

func TestToday(t *testing.T) {
	s := &session{Shell: Shell{Today: date.Must(2025, 2, 10)}}
	c, err := s.checkContext(checking{})
	if err != nil || c.Today != date.Must(2025, 2, 10) {
		t.Errorf("%v %v", c.Today, err)
	}
	if c, err = s.checkContext(checking{today: "2025-01-31"}); err != nil || c.Today != date.Must(2025, 1, 31) {
		t.Errorf("%v %v", c.Today, err)
	}
}
