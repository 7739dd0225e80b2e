package redact

import (
	"context"
	"strings"

	"gongkai/internal/extract"
)

// openText opens a plain text. Web pages are none: what of them is hidden cannot be told.
func openText(ctx context.Context, f *File) error {
	doc, err := extract.Bytes(ctx, f.Name, f.data)
	switch {
	case err != nil:
		return err
	case doc.Format != extract.Text:
		return ErrFormat.At(f.Name)
	}
	f.Format, f.maker = Text, textPaper{}
	for _, b := range doc.Blocks {
		f.Passages = append(f.Passages, Passage{Part: Body, Text: b.Text})
	}
	return nil
}

// textPaper makes plain texts, in UTF-8.
type textPaper struct{}

func (textPaper) suffix() string { return "txt" }

func (textPaper) picture(context.Context, *File, int) ([]byte, error) { return nil, ErrPlace }

func (textPaper) place(f *File, m Mark) ([]string, bool) { return f.taken(m) }

func (textPaper) build(_ context.Context, f *File, marks []Mark) ([]byte, error) {
	var b strings.Builder
	for i := range f.Passages {
		b.WriteString(f.left(i+1, marks))
		b.WriteString("\n")
	}
	return []byte(b.String()), nil
}

// taken returns the words of a passage that a mark takes.
func (f *File) taken(m Mark) ([]string, bool) {
	if m.Passage < 1 || m.Passage > len(f.Passages) || m.Start < 0 || m.Start >= m.End {
		return nil, false
	}
	text := []rune(f.Passages[m.Passage-1].Text)
	if m.End > len(text) {
		return nil, false
	}
	return []string{string(text[m.Start:m.End])}, true
}

// left returns what is left of a passage, a label where something was withheld.
func (f *File) left(passage int, marks []Mark) string {
	text := []rune(f.Passages[passage-1].Text)
	why := reasons(len(text), passage, marks)
	var b strings.Builder
	for i, r := range text {
		switch {
		case why[i] == "":
			b.WriteRune(r)
		case i == 0 || why[i-1] == "":
			b.WriteString(why[i].label())
		}
	}
	return b.String()
}

// reasons returns for each rune of a passage why it is withheld, "" if it is not. Of marks that
// overlap the first counts.
func reasons(size, passage int, marks []Mark) []Ground {
	why := make([]Ground, size)
	for _, m := range marks {
		if m.Passage != passage {
			continue
		}
		for i := m.Start; i < m.End && i < size; i++ {
			if why[i] == "" {
				why[i] = m.Ground
			}
		}
	}
	return why
}
