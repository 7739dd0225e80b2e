package api

import (
	"bytes"
	"mime"
	"net/http"

	"gongkai/internal/account/token"
	"gongkai/internal/date"
	"gongkai/internal/foi"
	"gongkai/internal/foi/letter"
	"gongkai/internal/paper"
	"gongkai/internal/web"
)

// RequestLetter is a letter with its parts as they stand.
type RequestLetter struct {
	RequestLetterLine
	Dated date.Date     `json:"dated,omitzero"`
	Slots []RequestSlot `json:"slots"`
	Gaps  []RequestGap  `json:"gaps,omitempty"`
}

// RequestSlot is a part of a letter.
type RequestSlot struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Text     string   `json:"text"`
	Editable bool     `json:"editable"`
	Most     int      `json:"most,omitempty"`
	Keep     []string `json:"keep,omitempty"`
}

// RequestGap is something a letter needs and lacks.
type RequestGap struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

// letterAt loads a letter to a token that may see whom it names. Each time is on record.
func (c *call) letterAt() (*foi.Letter, error) {
	if err := c.full(); err != nil {
		return nil, err
	}
	_, l, err := c.Requests.Letter(c.ctx, c.by, c.id, c.r.PathValue("letter"))
	return l, err
}

func (c *call) showLetter() (any, error) {
	l, err := c.letterAt()
	if err != nil {
		return nil, err
	}
	p := c.printer()
	out := RequestLetter{RequestLetterLine: letterLine(l), Dated: l.Text.On, Slots: []RequestSlot{}}
	for _, s := range l.Text.Slots {
		out.Slots = append(out.Slots, RequestSlot{s.Name, p.Text(s.Label()), s.Text, s.Editable, s.Most, s.Keep})
	}
	if l.State == foi.Drafted {
		for _, g := range l.Text.Missing() {
			out.Gaps = append(out.Gaps, RequestGap{g.Field, p.Text(g.Message)})
		}
	}
	c.tag(l.Version)
	return out, nil
}

// letterFile sends a letter as it is printed.
func letterFile(kind, media string) func(a *api) web.Handler {
	return func(a *api) web.Handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			c, err := a.admit(w, r, token.Requests)
			if err != nil {
				return err
			}
			l, err := c.letterAt()
			if err != nil {
				return err
			}
			b, err := printedAs(l.Text.Document(), kind)
			if err != nil {
				return err
			}
			return c.file(l.ID+kind, media, b)
		}
	}
}

func printedAs(d *paper.Document, kind string) ([]byte, error) {
	var b bytes.Buffer
	if kind == ".docx" {
		err := paper.WriteDOCX(&b, d)
		return b.Bytes(), err
	}
	_, err := paper.WritePDF(&b, d)
	return b.Bytes(), err
}

// file sends a file that no program opens by itself.
func (c *call) file(name, media string, b []byte) error {
	h := c.w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = c.w.Write(b) // the caller may leave at any time
	return nil
}

// sendRequestFile sends a file of a request as it was handed in.
func (a *api) sendRequestFile(w http.ResponseWriter, r *http.Request) error {
	c, err := a.admit(w, r, token.Requests)
	if err != nil {
		return err
	}
	if err := c.full(); err != nil {
		return err
	}
	f, b, err := c.Requests.OpenFile(c.ctx, c.by, c.id, r.PathValue("file"))
	if err != nil {
		return err
	}
	return c.file(f.Name, "application/octet-stream", b)
}

// RequestAdd is a file for a request.
type RequestAdd struct {
	RequestUpload
	Report string `json:"report,omitempty"`
}

var addAct = act[RequestAdd]{token.Requests, http.StatusCreated, true, func(c *call, in *RequestAdd) (made, error) {
	id, err := c.Requests.AddFile(c.ctx, c.by, c.id, foi.Upload{Kind: in.Kind, Name: in.Name, Data: in.Data, Report: in.Report})
	return made{c.id, id}, err
}, func(c *call, m made) (any, error) {
	w, err := c.whole(m.id, false)
	if err != nil {
		return nil, err
	}
	c.tag(w.Version)
	return RequestDone{Request: w, File: m.said}, nil
}}

// RequestDraftLetter drafts a letter or form that no act drafts by itself.
type RequestDraftLetter struct {
	seen
	Code letter.Code `json:"code"`
}

// RequestSlots are parts of a draft as they are to be, by their names.
type RequestSlots struct {
	seen
	Slots map[string]string `json:"slots"`
}

// RequestFinish gives a letter its number.
type RequestFinish struct {
	seen
	No string `json:"no,omitempty"`
}

// RequestSend is how a letter left.
type RequestSend struct {
	seen
	Way      foi.Way `json:"way"`
	On       day     `json:"on"`
	Tracking string  `json:"tracking,omitempty"`
	Signer   string  `json:"signer,omitempty"`
}

// RequestArrived is when a posted letter arrived, or why it came back.
type RequestArrived struct {
	seen
	On     day    `json:"on,omitzero"`
	Failed string `json:"failed,omitempty"`
}

func (c *call) letterKey() string { return c.r.PathValue("letter") }

func (c *call) sendLetter(in *RequestSend) (*foi.Request, error) {
	return c.Requests.SendLetter(c.ctx, c.by, c.id, c.letterKey(), c.version, foi.Sending{Way: in.Way, On: in.On.Date, Tracking: in.Tracking, Signer: in.Signer})
}
