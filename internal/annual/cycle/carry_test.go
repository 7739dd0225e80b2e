package cycle

import (
	"bytes"
	"errors"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/annual/exchange"
	"gongkai/internal/dbtest"
)

// twin is an installation of a body without a connection, and that of the city.
func twin(t *testing.T) (body, city *world) {
	t.Helper()
	body, city = newWorld(t, dbtest.SQLite(t)), newWorld(t, dbtest.SQLite(t))
	return body, city
}

// register signs a report in one installation and registers its key in the other.
func register(t *testing.T, from, to *world) (*Version, []byte) {
	t.Helper()
	v := from.release(from.sign(from.civil))
	_, data, err := from.Carry(t.Context(), from.officer(from.civil), v.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := to.AddKey(t.Context(), to.supervisor(), to.city, to.civil, keyOf(t, from, from.civil).Public); err != nil {
		t.Fatal(err)
	}
	return v, data
}

func keyOf(t *testing.T, w *world, body string) *Key {
	t.Helper()
	all, _, err := w.KeyRing(t.Context(), w.who("k", actor.Supervisor, body), body)
	if err != nil || len(all) == 0 {
		t.Fatal(all, err)
	}
	return all[0]
}

func TestAReportCarriedByHandAndItsReceipt(t *testing.T) {
	from, to := twin(t)
	ctx, ok := t.Context(), must[*Version](t)
	v, data := register(t, from, to)
	got := ok(to.Unpack(ctx, to.supervisor(), to.city, data))
	if got.State != Submitted || !got.Offline || got.Digest != v.Digest || got.Figures["T3.new.total"].Value != v.Figures["T3.new.total"].Value {
		t.Errorf("took in %+v", got)
	}
	b := must[*Board](t)(to.Board(ctx, to.supervisor(), to.city, 2026))
	if b.Submitted != 1 {
		t.Errorf("the board counts %d", b.Submitted)
	}
	got = ok(to.Take(ctx, to.supervisor(), got.ID, got.Version))
	_, receipt, err := to.Receipt(ctx, to.supervisor(), got.ID)
	if err != nil {
		t.Fatal(err)
	}
	public := keyOf(t, to, to.city).Public
	if _, err := from.Answered(ctx, from.officer(from.civil), v.ID, v.Version, receipt, keyOf(t, from, from.civil).Public); !errors.Is(err, exchange.ErrOther) {
		t.Errorf("a receipt of an unknown key: %v", err)
	}
	v = ok(from.Answered(ctx, from.officer(from.civil), v.ID, v.Version, receipt, public))
	if v.State != Accepted {
		t.Errorf("after the receipt: %s", v.State)
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	from, to := twin(t)
	ctx := t.Context()
	v, data := register(t, from, to)
	altered := bytes.Replace(data, []byte(`\"T3.new.total\"`), []byte(`\"T3.new.other\"`), 1)
	if bytes.Equal(altered, data) {
		t.Fatal("nothing was altered")
	}
	for _, test := range []struct {
		name string
		data []byte
		by   actor.Actor
		want error
	}{
		{"altered", altered, to.supervisor(), exchange.ErrSignature},
		{"no such file", []byte("{}"), to.supervisor(), ErrFile},
		{"by who may not", data, to.officer(to.civil), actor.ErrForbidden},
		{"signed by another body's key", resigned(t, v, func(*exchange.Package) {}, nil), to.supervisor(), exchange.ErrOther},
		{"in another body's name", resigned(t, v, func(p *exchange.Package) { p.Agency = "示范市科学技术局" }, from), to.supervisor(), ErrForeign},
		{"with another year", resigned(t, v, func(p *exchange.Package) { p.Year = 2025 }, from), to.supervisor(), ErrYear},
	} {
		if _, err := to.Unpack(ctx, test.by, to.city, test.data); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	if _, err := to.Unpack(ctx, to.supervisor(), to.city, data); err != nil {
		t.Fatal(err)
	}
	if _, err := to.Unpack(ctx, to.supervisor(), to.city, data); !errors.Is(err, ErrReplayed) {
		t.Errorf("taken in twice: %v", err)
	}
	all, _, err := to.KeyRing(ctx, to.supervisor(), to.city)
	if err != nil {
		t.Fatal(err)
	}
	if err := to.RevokeKey(ctx, to.supervisor(), all[len(all)-1].ID, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := to.Unpack(ctx, to.supervisor(), to.city, resigned(t, v, func(p *exchange.Package) { p.No = 2 }, from)); !errors.Is(err, exchange.ErrOther) {
		t.Errorf("signed with a revoked key: %v", err)
	}
}

// resigned makes a file that says something else, signed with the world's key of the body, or
// with a new one.
func resigned(t *testing.T, v *Version, change func(*exchange.Package), from *world) []byte {
	t.Helper()
	key, err := exchange.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	if from != nil {
		if key, err = from.Keys.Open(sealed, keyOf(t, from, from.civil).secret); err != nil {
			t.Fatal(err)
		}
	}
	p := exchange.Package{Kind: exchange.Report, Agency: "示范市民政局", Year: 2026, No: 1, Report: v.signed}
	change(&p)
	data, err := exchange.Sign(p, key)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
