package portal

import (
	"net/http"
	"strings"

	"gongkai/internal/ledger"
	"gongkai/internal/ledger/proof"
	"gongkai/internal/web"
)

// ledgerArea is the public log: its page, what tools read of it, and each document's record and proof.
func (p *portal) ledgerArea() area {
	return area{
		pages: map[string]web.Handler{"GET /ledger": p.showLedger, "POST /ledger": p.checkRecord},
		raw: map[string]web.Handler{
			"GET /ledger/key":             p.sendLedgerKey,
			"GET /ledger/checkpoint":      p.sendCheckpoint,
			"GET /ledger/tile/{path...}":  p.sendTile,
			"GET /items/{id}/record.json": p.sendRecord,
			"GET /items/{id}/proof.json":  p.sendProof,
		},
	}
}

// What is read of the log anew each time, and what never changes.
const (
	fresh   = "no-cache"
	forEver = "public, max-age=31536000, immutable"
)

// sendPlain sends what tools of any site may read.
func sendPlain(w http.ResponseWriter, media, keep string, data []byte) error {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Cache-Control", keep)
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	_, err := w.Write(data)
	return err
}

func (p *portal) sendLedgerKey(w http.ResponseWriter, r *http.Request) error {
	keys, err := p.Ledger.PublicKeys(r.Context())
	if err != nil {
		return err
	}
	return sendPlain(w, "text/plain; charset=utf-8", fresh, []byte(strings.Join(keys, "\n")+"\n"))
}

func (p *portal) sendCheckpoint(w http.ResponseWriter, r *http.Request) error {
	signed, err := p.Ledger.Checkpoint(r.Context())
	if err != nil {
		return err
	}
	return sendPlain(w, "text/plain; charset=utf-8", fresh, []byte(signed))
}

func (p *portal) sendTile(w http.ResponseWriter, r *http.Request) error {
	t, ok := proof.ParseTile("tile/" + r.PathValue("path"))
	if !ok {
		return ledger.ErrNone
	}
	data, err := p.Ledger.Tile(r.Context(), t)
	if err != nil {
		return err
	}
	return sendPlain(w, "application/octet-stream", forEver, data)
}

// sendRecord sends what a public document says. It is gone when the document is.
func (p *portal) sendRecord(w http.ResponseWriter, r *http.Request) error {
	data, err := p.Ledger.Record(r.Context(), p.Reader, r.PathValue("id"))
	if err != nil {
		return err
	}
	return sendPlain(w, "application/json", fresh, data)
}

// sendProof sends the proof of the log's last word on a document, also of one that was taken down.
func (p *portal) sendProof(w http.ResponseWriter, r *http.Request) error {
	d, err := p.Ledger.Proof(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return sendPlain(w, "application/json", fresh, d.JSON())
}
