package cycle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/annual"
	"gongkai/internal/annual/datafile"
	"gongkai/internal/annual/exchange"
	"gongkai/internal/audit"
	"gongkai/internal/db"
)

// sealed is the purpose a body's private key is sealed for.
const sealed = "report.key"

// ownKey returns a body's own key, made when it is first needed, with its private part.
func (d *Desk) ownKey(tx *db.Tx, by actor.Actor, body string) (*Key, []byte, error) {
	all, err := keysAt(tx, body)
	if err != nil {
		return nil, nil, err
	}
	for _, k := range all {
		if k.Agency == body && k.secret != "" && k.RevokedAt.IsZero() {
			private, err := d.Keys.Open(sealed, k.secret)
			return k, private, err
		}
	}
	private, err := exchange.NewKey()
	if err != nil {
		return nil, nil, err
	}
	k := &Key{ID: db.ID(), Agency: body, Receiver: body, AddedAt: tx.Now, AddedBy: by.Name, Version: 1}
	if k.Public, err = exchange.PublicOf(private); err != nil {
		return nil, nil, err
	}
	if k.Fingerprint, err = exchange.Fingerprint(k.Public); err != nil {
		return nil, nil, err
	}
	if k.secret, err = d.Keys.Seal(sealed, private); err != nil {
		return nil, nil, err
	}
	return k, private, tx.Insert("report_key", k.columns())
}

// Carry writes a signed version as a file for a supervising body that is not connected. The body's
// key is made when it is first needed; its fingerprint is told to that body on another way.
func (d *Desk) Carry(ctx context.Context, by actor.Actor, id string) (name string, data []byte, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		w, err := d.open(tx, by, actor.ReportSubmit, id)
		if err != nil {
			return err
		}
		if w.v.signed == "" {
			_, err := Flow.Next(w.v.State, Submit)
			return err
		}
		k, private, err := d.ownKey(tx, by, w.v.Agency)
		if err != nil {
			return err
		}
		data, err = exchange.Sign(exchange.Package{Kind: exchange.Report, Agency: w.body.Name, Code: w.body.CreditCode, Year: int(w.v.Year),
			No: w.v.No, MadeAt: tx.Now, Signer: w.v.SignedBy, Report: w.v.signed}, private)
		if err != nil {
			return err
		}
		name = fmt.Sprintf("%s（第%d版）.gkr.json", w.v.Form().Title(w.body.Name, int(w.v.Year)), w.v.No)
		w.move.Act, w.move.From = Submit, w.v.State
		return w.log("", map[string]any{"key": k.Fingerprint, "digest": w.v.Digest})
	})
	return name, data, err
}

// AddKey registers the key that a body without a connection signs with. People of both bodies
// compare the fingerprint first.
func (d *Desk) AddKey(ctx context.Context, by actor.Actor, receiver, body, public string) (k *Key, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		into, err := d.receiver(tx, receiver)
		if err != nil {
			return err
		}
		if _, err := collect(tx, by, actor.ReportKey, into); err != nil {
			return err
		}
		a, err := agency.Load(tx, body)
		if err != nil {
			return err
		}
		k = &Key{ID: db.ID(), Agency: body, Receiver: into, Public: strings.TrimSpace(public) + "\n", AddedAt: tx.Now, AddedBy: by.Name, Version: 1}
		if k.Fingerprint, err = exchange.Fingerprint(k.Public); err != nil {
			return ErrKey.Because(err)
		}
		if err := tx.Insert("report_key", k.columns()); db.IsUnique(err, "report_key", "agency", "receiver", "fingerprint") {
			return ErrKeyTwice
		} else if err != nil {
			return err
		}
		return audit.Append(tx, by, audit.Entry{Act: actor.ReportKey, Agency: into, Subject: "report_key", ID: k.ID, Version: 1, Title: a.Name,
			Cite: oversight, Detail: map[string]any{"of": body, "fingerprint": k.Fingerprint}})
	})
	if err != nil {
		return nil, err
	}
	return k, nil
}

// RevokeKey ends a key: files it signed are refused from now on.
func (d *Desk) RevokeKey(ctx context.Context, by actor.Actor, id string, version int64) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		k, err := loadKey(tx, id)
		if err != nil {
			return err
		}
		if _, err := collect(tx, by, actor.ReportKey, k.Receiver); err != nil {
			return err
		}
		if k.Version != version || !k.RevokedAt.IsZero() {
			return ErrStale
		}
		k.RevokedAt, k.Version = tx.Now, version+1
		if ok, err := tx.Save("report_key", k.ID, version, k.columns()); err != nil || !ok {
			return errors.Join(err, ErrStale)
		}
		return audit.Append(tx, by, audit.Entry{Act: actor.ReportKey, Agency: k.Receiver, Subject: "report_key", ID: k.ID, Version: k.Version,
			Cite: oversight, Detail: map[string]any{"of": k.Agency, "fingerprint": k.Fingerprint, "revoked": true}})
	})
}

// KeyRing lists the keys a receiver knows, with the names of their bodies.
func (d *Desk) KeyRing(ctx context.Context, by actor.Actor, receiver string) (all []*Key, names map[string]string, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		into, err := d.receiver(tx, receiver)
		if err != nil {
			return err
		}
		if _, err := collect(tx, by, actor.ReportKey, into); err != nil {
			return err
		}
		if all, err = keysAt(tx, into); err != nil {
			return err
		}
		var ids []string
		for _, k := range all {
			ids = append(ids, k.Agency)
		}
		names, err = agency.Names(tx, ids)
		return err
	})
	return all, names, err
}

// Unpack takes in the file of a body without a connection. It is refused if it was altered, is
// another body's or another year's than it says, was signed with a key that is not registered or
// no longer, or is no newer than what was received.
func (d *Desk) Unpack(ctx context.Context, by actor.Actor, receiver string, data []byte) (v *Version, err error) {
	f, err := exchange.Read(data)
	if err != nil {
		return nil, ErrFile.Because(err)
	}
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		into, err := d.receiver(tx, receiver)
		if err != nil {
			return err
		}
		g, err := collect(tx, by, actor.ReportCollect, into)
		if err != nil {
			return err
		}
		k, p, err := opened(tx, into, f)
		if err != nil {
			return err
		}
		w := &work{desk: d, tx: tx, by: by, act: actor.ReportCollect, behalf: g.Behalf}
		if w.body, err = agency.Load(tx, k.Agency); err != nil {
			return err
		}
		if w.v, err = w.unpacked(p, into); err != nil {
			return err
		}
		v = w.v
		w.move.Act, w.move.Cite = Submit, deadline
		if err := w.say(Submit, ""); err != nil {
			return err
		}
		return w.log("", map[string]any{"receiver": into, "key": k.Fingerprint, "digest": v.Digest})
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// opened finds the registered key that signed a file, and opens it.
func opened(tx *db.Tx, receiver string, f *exchange.File) (*Key, *exchange.Package, error) {
	all, err := keysAt(tx, receiver)
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(all, func(k *Key) bool {
		return k.Fingerprint == f.Key && k.Agency != receiver && k.RevokedAt.IsZero()
	})
	if i < 0 {
		return nil, nil, exchange.ErrOther.With("key", f.Key)
	}
	p, err := f.Open(all[i].Public)
	if err == nil && p.Kind != exchange.Report {
		err = ErrFile
	}
	return all[i], p, err
}

// unpacked makes the version a file holds.
func (w *work) unpacked(p *exchange.Package, receiver string) (*Version, error) {
	r, err := datafile.Read(strings.NewReader(p.Report))
	if err != nil {
		return nil, ErrFile.Because(err)
	}
	switch {
	case p.Agency != w.body.Name || p.Code != "" && w.body.CreditCode != "" && p.Code != w.body.CreditCode || r.Agency.Text != w.body.Name:
		return nil, ErrForeign.With("want", w.body.Name)
	case r.Form == nil || r.Year != p.Year || p.Year < first || p.Year >= w.tx.Today().Year() || r.Signed.Date.IsZero() || p.No < 1:
		return nil, ErrYear.At("file").With("first", first)
	}
	old, err := versionsOf(w.tx, w.body.ID, int64(p.Year))
	if err != nil {
		return nil, err
	}
	if len(old) > 0 && p.No <= old[0].No {
		return nil, ErrReplayed.With("had", old[0].No).With("no", p.No)
	}
	if err := w.passOver(old); err != nil {
		return nil, err
	}
	v := &Version{ID: db.ID(), Agency: w.body.ID, Year: int64(p.Year), No: p.No, Head: true, State: Submitted, Offline: true,
		Figures: figuresOf(r), Body: narrativeOf(r), SignedOn: r.Signed.Date, SignedBy: p.Signer, signed: p.Report, Digest: p.Digest,
		Receiver: receiver, SubmittedAt: w.tx.Now, StepAt: w.tx.Now, CreatedAt: w.tx.Now, CreatedBy: w.by.ID}
	if err := v.seal(); err != nil {
		return nil, err
	}
	return v, v.insert(w.tx)
}

// passOver lets the newest of older versions be the newest no more.
func (w *work) passOver(old []*Version) error {
	if len(old) == 0 {
		return nil
	}
	v, err := load(w.tx, old[0].ID)
	if err != nil {
		return err
	}
	v.Head = false
	return v.save(w.tx)
}

// figuresOf are the cells of a report that have a value.
func figuresOf(r *annual.Report) Figures {
	all := Figures{}
	for _, c := range r.Form.Cells() {
		if n, ok := r.Value(c.Key); ok {
			all[c.Key] = Figure{Value: n, Origin: Entered}
		}
	}
	return all
}

func narrativeOf(r *annual.Report) Narrative {
	n := Narrative{Sections: map[string][]Paragraph{}}
	add := func(part string, all []annual.Text) {
		for _, t := range all {
			n.Sections[part] = append(n.Sections[part], Paragraph{Text: t.Text, Edited: true})
		}
	}
	add("preface", r.Preface)
	for _, s := range r.Sections {
		add(s.Key, s.Paragraphs)
	}
	return n
}

// Receipt writes the answer to a report that came as a file, signed by the supervising body.
func (d *Desk) Receipt(ctx context.Context, by actor.Actor, id string) (name string, data []byte, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		v, err := load(tx, id)
		if err != nil {
			return err
		}
		if !v.Offline {
			return ErrNone
		}
		if _, err := collect(tx, by, actor.ReportCollect, v.Receiver); err != nil {
			return err
		}
		a, err := agency.Load(tx, v.Agency)
		if err != nil {
			return err
		}
		into, err := agency.Load(tx, v.Receiver)
		if err != nil {
			return err
		}
		k, private, err := d.ownKey(tx, by, v.Receiver)
		if err != nil {
			return err
		}
		data, err = exchange.Sign(exchange.Package{Kind: exchange.Receipt, Agency: a.Name, Code: a.CreditCode, Receiver: into.Name, Year: int(v.Year),
			No: v.No, MadeAt: tx.Now, Signer: by.Name, Digest: v.Digest, Decision: string(v.State), Remark: v.Remark}, private)
		if err != nil {
			return err
		}
		name = fmt.Sprintf("%s回执（第%d版）.gkr.json", v.Form().Title(a.Name, int(v.Year)), v.No)
		return audit.Append(tx, by, audit.Entry{Act: actor.ReportCollect, Agency: v.Agency, Subject: "report", ID: v.ID, Version: v.Version, Title: a.Name,
			Cite: oversight, Detail: map[string]any{"step": "receipt", "state": v.State, "key": k.Fingerprint}})
	})
	return name, data, err
}

// Answered takes in the receipt of a supervising body without a connection, whose public key
// the person has from elsewhere: the version was submitted, and accepted or sent back.
func (d *Desk) Answered(ctx context.Context, by actor.Actor, id string, version int64, data []byte, public string) (*Version, error) {
	f, err := exchange.Read(data)
	if err != nil {
		return nil, ErrFile.Because(err)
	}
	p, err := f.Open(public)
	if err != nil {
		return nil, err
	}
	return d.update(ctx, by, actor.ReportSubmit, id, version, func(w *work) error {
		if p.Kind != exchange.Receipt || !equal(p.Digest, w.v.Digest) || p.Year != int(w.v.Year) || p.No != w.v.No || p.Agency != w.body.Name {
			return ErrForeign.With("want", w.body.Name)
		}
		steps := map[State][]Step{Submitted: {Submit}, Accepted: {Submit, Accept}, Locked: {Submit, Accept, Lock}, Returned: {Submit, Return}}[State(p.Decision)]
		if len(steps) == 0 {
			return ErrFile
		}
		for _, s := range steps {
			if s == Submit && w.v.State == Submitted {
				continue
			}
			if err := w.take(s); err != nil {
				return err
			}
		}
		w.v.SubmittedAt, w.v.DecidedAt, w.v.DecidedBy, w.v.Remark = w.tx.Now, p.MadeAt, p.Signer, p.Remark
		if err := w.say(steps[len(steps)-1], p.Remark); err != nil {
			return err
		}
		if State(p.Decision) == Returned {
			if err := w.next(p.Remark); err != nil {
				return err
			}
		}
		return w.finish(p.Remark, map[string]any{"receiver": p.Receiver, "key": f.Key})
	})
}
