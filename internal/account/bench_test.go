package account

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gongkai/internal/actor"
	"gongkai/internal/agency"
	"gongkai/internal/db"
	"gongkai/internal/dbtest"
)

// engines runs a benchmark on each database.
func engines(b *testing.B, run func(b *testing.B, d *db.DB)) {
	b.Run("sqlite", func(b *testing.B) { run(b, dbtest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { run(b, dbtest.Postgres(b)) })
}

// supervisor is somebody in charge of five hundred bodies.
func supervisor(b *testing.B, d *db.DB) (*office, string) {
	o := newOffice(b, d)
	var rows strings.Builder
	rows.WriteString("单位名称,类别,层级,上级单位\n")
	for i := range 500 {
		fmt.Fprintf(&rows, "虚构第%d局,部门,市级,虚构市人民政府\n", i)
	}
	bodies := &agency.Registry{DB: d}
	if im, err := bodies.Import(context.Background(), o.sys, []byte(rows.String()), agency.Write); err != nil || !im.Done {
		b.Fatal(err)
	}
	i := o.person("li.x")
	o.give(i.Account.ID, actor.Supervisor, o.city)
	return o, i.Password
}

// Somebody who supervises 501 bodies.
func BenchmarkLoadActor(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		o, _ := supervisor(b, d)
		a := o.accountOf(b, "li.x")
		for b.Loop() {
			if who := o.actor(a); len(who.Supervises) != 501 {
				b.Fatal(len(who.Supervises))
			}
		}
	})
}

func (o *office) accountOf(b *testing.B, login string) (id string) {
	if err := o.db.View(context.Background(), func(tx *db.Tx) error {
		a, err := ByLogin(tx, login)
		if err == nil {
			id = a.ID
		}
		return err
	}); err != nil {
		b.Fatal(err)
	}
	return id
}

// What every request of a clerk pays, eight at a time.
func BenchmarkVisit(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		o := newOffice(b, d)
		i := o.person("li.x")
		o.give(i.Account.ID, actor.Editor, o.city)
		step, err := o.SignIn(context.Background(), "li.x", i.Password, here)
		if err != nil {
			b.Fatal(err)
		}
		if step, err = o.Choose(context.Background(), step.Secret, good, here); err != nil {
			b.Fatal(err)
		}
		b.SetParallelism(8)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := o.Visit(context.Background(), step.Secret, "192.0.2.1"); err != nil {
					b.Error(err)
					return
				}
			}
		})
	})
}
