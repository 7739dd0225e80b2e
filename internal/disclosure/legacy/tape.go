package legacy

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// errRowLong ends the reading of a file in which a row has no end.
var errRowLong = errors.New("a row without an end")

// tape bounds what is read of a file between two cuts, and keeps it, so that a row which
// cannot be read may be looked at again and none fills the memory.
type tape struct {
	r    io.Reader
	kept []byte
	from int64 // where kept begins in the file
	most int
}

// Read reads until most bytes are kept.
func (t *tape) Read(p []byte) (int, error) {
	if len(t.kept) >= t.most {
		return 0, errRowLong
	}
	n, err := t.r.Read(p)
	t.kept = append(t.kept, p[:n]...)
	return n, err
}

// upTo returns what was read up to a place in the file and not cut off.
func (t *tape) upTo(place int64) []byte { return t.kept[:place-t.from] }

// cut forgets what stands before a place in the file.
func (t *tape) cut(place int64) {
	t.kept = append(t.kept[:0], t.kept[place-t.from:]...)
	t.from = place
}

// probe is how much of a file tells its encoding.
const probe = 64 << 10

// The marks that begin a file and tell its encoding.
var (
	markUTF8    = []byte("\ufeff")
	markUTF16LE = []byte{0xff, 0xfe}
	markUTF16BE = []byte{0xfe, 0xff}
	markGB18030 = []byte{0x84, 0x31, 0x95, 0x33}
)

// decoded reads UTF-8 with or without its mark, UTF-16 with its mark, as spreadsheets save
// "Unicode text", and everything else as GB18030, which holds GB 2312 and GBK. A file that
// bears the mark of UTF-8 and is none is told by its content.
func decoded(f io.Reader) *bufio.Reader {
	b := bufio.NewReaderSize(f, probe)
	head, _ := b.Peek(probe)
	switch {
	case bytes.HasPrefix(head, markUTF16LE), bytes.HasPrefix(head, markUTF16BE):
		return bufio.NewReaderSize(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(b), probe)
	case bytes.HasPrefix(head, markUTF8):
		_, _ = b.Discard(len(markUTF8))
		head = head[len(markUTF8):]
	case bytes.HasPrefix(head, markGB18030):
		_, _ = b.Discard(len(markGB18030))
		head = []byte{0x81}
	}
	if valid(head) {
		return b
	}
	return bufio.NewReaderSize(simplifiedchinese.GB18030.NewDecoder().Reader(b), probe)
}

// valid reports whether head is UTF-8, a character cut off at its end allowed.
func valid(head []byte) bool {
	for cut := 0; cut < utf8.UTFMax && cut <= len(head); cut++ {
		if utf8.Valid(head[:len(head)-cut]) {
			return cut < len(head) || len(head) == 0
		}
	}
	return false
}
