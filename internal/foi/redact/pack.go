package redact

import (
	"archive/zip"
	"bytes"
	"time"
)

// zipped is a packed file being written. Entries bear no owners or
// remarks, and all the same time.
type zipped struct {
	out bytes.Buffer
	z   *zip.Writer
	err error
}

// noTime is the first the format knows.
var noTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func newZip() *zipped {
	p := &zipped{}
	p.z = zip.NewWriter(&p.out)
	return p
}

func (p *zipped) add(name string, data []byte) {
	if p.err != nil {
		return
	}
	w, err := p.z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: noTime})
	if err == nil {
		_, err = w.Write(data)
	}
	p.err = err
}

func (p *zipped) finish() ([]byte, error) {
	if p.err != nil {
		return nil, p.err
	}
	err := p.z.Close()
	return p.out.Bytes(), err
}
