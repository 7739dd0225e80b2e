package bundle

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"gongkai/internal/date"
)

// bookmark is a place of a volume, its page counted from 1.
type bookmark struct {
	title string
	page  int
}

var (
	kidsForm = regexp.MustCompile(`<</Count \d+/Kids\[([ 0-9R]*)\]/Type/Pages>>`)
	rootForm = regexp.MustCompile(`/Root (\d+) 0 R`)
	pageForm = regexp.MustCompile(`(\d+) 0 R`)
	sizeForm = regexp.MustCompile(`/Size (\d+)`)
	lastForm = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)
)

// errBuild says that PDFium writes files of another build than the one this was made for.
var errBuild = errors.New("the volume has another build than expected")

// finish writes a volume with what PDFium cannot: bookmarks, language, properties and an identity
// that equal volumes share. The addition is an incremental update (ISO 32000-1, 7.5.6).
func finish(w io.Writer, file []byte, marks []bookmark, title, author string, on date.Date) error {
	tail := file[max(0, len(file)-2048):]
	kids, root, size, last := kidsForm.FindSubmatch(file), rootForm.FindSubmatch(tail), sizeForm.FindSubmatch(tail), lastForm.FindSubmatch(tail)
	if kids == nil || root == nil || size == nil || last == nil {
		return errBuild
	}
	pages := pageForm.FindAllSubmatch(kids[1], -1)
	n, err := strconv.Atoi(string(size[1]))
	if err != nil {
		return errBuild
	}
	u := &update{start: len(file), next: n}
	outlines := u.bookmarks(marks, func(page int) string { return string(pages[min(page, len(pages))-1][1]) })
	u.object(string(root[1]), fmt.Sprintf("<</Type/Catalog/Pages 2 0 R/Lang(zh-CN)/ViewerPreferences<</DisplayDocTitle true>>/PageMode/UseOutlines/Outlines %d 0 R>>", outlines))
	info := u.add(fmt.Sprintf("<</Title %s/Author %s/Creator(gongkai)/CreationDate(D:%04d%02d%02d)>>", text(title), text(author), on.Year(), on.Month(), on.Day()))
	sum := sha256.Sum256(file)
	u.end(fmt.Sprintf("/Size %d/Root %s 0 R/Info %d 0 R/Prev %s/ID[<%X><%X>]", u.next, root[1], info, last[1], sum[:16], sum[:16]))
	for _, part := range [][]byte{file, u.out.Bytes()} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("write the volume: %w", err)
		}
	}
	return nil
}

// update is what is written behind a file.
type update struct {
	out   bytes.Buffer
	start int // length of the file before it
	next  int // number of the next new object
	table strings.Builder
}

func (u *update) object(number, body string) {
	fmt.Fprintf(&u.table, "%s 1\n%010d 00000 n \n", number, u.start+u.out.Len())
	fmt.Fprintf(&u.out, "%s 0 obj\n%s\nendobj\n", number, body)
}

// add writes a new object and returns its number.
func (u *update) add(body string) int {
	u.object(strconv.Itoa(u.next), body)
	u.next++
	return u.next - 1
}

// bookmarks writes the outline, one level, and returns its number.
func (u *update) bookmarks(marks []bookmark, page func(int) string) int {
	first, outline := u.next, u.next+len(marks)
	for i, m := range marks {
		links := ""
		if i > 0 {
			links += fmt.Sprintf("/Prev %d 0 R", first+i-1)
		}
		if i < len(marks)-1 {
			links += fmt.Sprintf("/Next %d 0 R", first+i+1)
		}
		u.add(fmt.Sprintf("<</Title %s/Parent %d 0 R/Dest[%s 0 R/Fit]%s>>", text(m.title), outline, page(m.page), links))
	}
	return u.add(fmt.Sprintf("<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>", first, outline-1, len(marks)))
}

func (u *update) end(trailer string) {
	at := u.start + u.out.Len()
	fmt.Fprintf(&u.out, "xref\n%strailer\n<<%s>>\nstartxref\n%d\n%%%%EOF\n", u.table.String(), trailer, at)
}

// text writes a string as PDF keeps those of any language.
func text(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String() + ">"
}
