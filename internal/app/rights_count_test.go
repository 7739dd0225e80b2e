package app

import (
	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/foi/dispute"
)

func init() { probes = append(probes, countProbes...) }

// countProbes are the pages of counts: numbers for whoever works for a body or supervises it, what
// is behind them for who may see it; and those of reconsideration and suits.
var countProbes = []probe{
	{"GET /office/requests/tables?body={body}", record, "", "", staff + "HLDVW", false},
	{"GET /office/requests/tables?body={body}&format=csv", record, "", "", "OVW", false},
	{"GET /office/requests/cell?cell=T3.new.total&year=2026&body={body}", record, "", "", "SOLD", false},
	{"GET /office/requests/cell?cell=T4.review.total&year=2026&body={body}", record, "", "", "O", false},
	{"GET /office/requests/statistics?body={body}", record, "", "", staff + "HLDVW", false},
	{"GET /office/requests/statistics/bodies", oneself, "", "", "SOLDV", false},

	{"GET /office/disputes", working, "", "", "O", false},
	{"GET /office/disputes/new", working, "", "", "O", false},
	{"POST /office/disputes/new", working, "", "kind=review&authority=&filed=2026-11-02&party=某人", "O", false},
	{"GET /office/disputes/columns", working, "", "", "O", false},
	{"POST /office/disputes/columns", working, "", "version=999", "O", false},
	{"GET /office/disputes/{id}", record, "dispute", "", "O", false},
	{"POST /office/disputes/{id}", record, "dispute", "do=decide&result=revoked&on=2026-11-20&version=999", "O", false},
	{"POST /office/disputes/{id}/file", record, "dispute", "x=1", "O", false},
	{"GET /office/disputes/{id}/files/{paper}", record, "dispute", "", "O", false},
}

// quarrel enters a reconsideration of a body, with a paper.
func (w *world) quarrel(b *body, officer actor.Actor) {
	d := must[*dispute.Dispute](w.t)(w.n.Disputes.Enter(w.t.Context(), officer, dispute.Entering{Agency: b.id, Kind: dispute.Review,
		Authority: "某机关" + b.mark, Filed: date.Must(2026, 11, 2), Details: dispute.Details{Party: "某人"}}))
	b.ids["dispute"] = d.ID
	b.ids["paper"] = must[string](w.t)(w.n.Disputes.AddFile(w.t.Context(), officer, d.ID, "申请书.pdf", []byte("%PDF-1.4")))
}
