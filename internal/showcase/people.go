package showcase

import (
	"fmt"
	"sync"

	"gongkai/internal/account"
	"gongkai/internal/actor"
	"gongkai/internal/db"
)

// cast is who works where. Reviewers and publisher of the city also serve the bodies that
// have none of their own, as a city's disclosure office does for small bodies.
var cast = []struct {
	login, name, body, unit string
	roles                   []actor.Role
	also                    []string // bodies in which the same roles are held
}{
	{"chenxin", "陈示新", "civil", "社会救助科", []actor.Role{actor.Editor, actor.Handler}, nil},
	{"lishi", "李示初", "civil", "社会救助科", []actor.Role{actor.Reviewer1}, nil},
	{"wangfu", "王示复", "civil", "办公室", []actor.Role{actor.Reviewer2, actor.Legal}, nil},
	{"zhaozhong", "赵示终", "civil", "办公室", []actor.Role{actor.Reviewer3, actor.Head}, nil},
	{"zhoumi", "周示密", "civil", "办公室", []actor.Role{actor.Secrecy}, nil},
	{"wufa", "吴示发", "civil", "办公室", []actor.Role{actor.Publisher}, nil},
	{"zhenggong", "郑示公", "civil", "办公室", []actor.Role{actor.Officer}, nil},
	{"sunbian", "孙示编", "city", "政务公开科", []actor.Role{actor.Editor}, nil},
	{"qianyi", "钱示一", "city", "综合科", []actor.Role{actor.Reviewer1}, []string{"justice", "science", "district"}},
	{"fenger", "冯示二", "city", "综合科", []actor.Role{actor.Reviewer2, actor.Legal}, []string{"justice", "science", "district"}},
	{"chusan", "褚示三", "city", "综合科", []actor.Role{actor.Reviewer3, actor.Head}, []string{"justice", "science", "district"}},
	{"weimi", "卫示密", "city", "综合科", []actor.Role{actor.Secrecy}, []string{"justice", "science", "district"}},
	{"jiangfa", "蒋示发", "city", "政务公开科", []actor.Role{actor.Publisher}, []string{"justice", "science", "district"}},
	{"shengong", "沈示管", "city", "政务公开科", []actor.Role{actor.Officer, actor.Supervisor}, nil},
	{"hansi", "韩示司", "justice", "办公室", []actor.Role{actor.Editor, actor.Handler}, nil},
	{"yangsi", "杨示司", "justice", "办公室", []actor.Role{actor.Officer}, nil},
	{"zhuke", "朱示科", "science", "办公室", []actor.Role{actor.Editor}, nil},
	{"qinke", "秦示科", "science", "办公室", []actor.Role{actor.Officer}, nil},
	{"xuqu", "许示区", "district", "政务公开科", []actor.Role{actor.Editor}, nil},
	{"hequ", "何示区", "district", "政务公开科", []actor.Role{actor.Officer}, nil},
}

// admins are the three of the installation.
var admins = account.First{
	SysAdmin: account.Person{Login: "sysadmin", Name: "吕示系", Department: "信息科"},
	SecAdmin: account.Person{Login: "secadmin", Name: "施示安", Department: "信息科"},
	Auditor:  account.Person{Login: "auditor", Name: "张示审", Department: "督查科"},
}

// makePeople sets the installation up, records everybody, grants the roles and gives
// everybody the demonstration's password.
func (b *builder) makePeople() error {
	b.at(b.ago(start), 10, 0)
	code, err := b.People.SetupCode(b.ctx)
	if err != nil {
		return err
	}
	issued, err := b.People.SetUp(b.ctx, code, admins, account.From{})
	if err != nil {
		return err
	}
	roles := []actor.Role{actor.SysAdmin, actor.SecAdmin, actor.Auditor}
	for i, p := range issued {
		b.people = append(b.people, Person{p.Account.Login, p.Account.Name, b.password, "", roles[i : i+1]})
	}
	if b.sysadmin, err = b.actor(issued[0].Account.ID); err != nil {
		return err
	}
	if b.secadmin, err = b.actor(issued[1].Account.ID); err != nil {
		return err
	}
	if err := b.relax(); err != nil {
		return err
	}
	for _, c := range cast {
		p, err := b.People.Create(b.ctx, b.sysadmin, account.Person{
			Login: c.login, Name: c.name, Agency: b.bodies[c.body].agency.ID, Department: c.unit,
		})
		if err != nil {
			return fmt.Errorf("account %s: %w", c.login, err)
		}
		issued = append(issued, p)
		b.people = append(b.people, Person{c.login, c.name, b.password, b.bodies[c.body].Short, c.roles})
		for _, body := range append([]string{c.body}, c.also...) {
			if err := b.grant(p.Account.ID, b.bodies[body], c.roles); err != nil {
				return fmt.Errorf("roles of %s: %w", c.login, err)
			}
		}
	}
	return b.setPasswords(issued)
}

// relax lets the demonstration be tried without an authenticator app. The page of sign-in
// security shows it.
func (b *builder) relax() error {
	s, err := b.People.Security(b.ctx, b.secadmin)
	if err != nil {
		return err
	}
	s.SecondFactor = account.NeedNobody
	return b.People.SetSecurity(b.ctx, b.secadmin, s)
}

func (b *builder) grant(id string, t *town, roles []actor.Role) error {
	for _, r := range roles {
		if _, err := b.People.Grant(b.ctx, b.secadmin, id, account.Grant{Role: r, Agency: t.agency.ID}); err != nil {
			return err
		}
	}
	who, err := b.actor(id)
	for _, r := range roles {
		t.act[r] = who
	}
	return err
}

func (b *builder) actor(id string) (who actor.Actor, err error) {
	err = b.DB.View(b.ctx, func(tx *db.Tx) error {
		who, err = account.LoadActor(tx, id)
		return err
	})
	return who, err
}

// setPasswords has everybody sign in once and choose the password. Most of the time goes
// into digests made slow on purpose, so it is done for several at a time.
func (b *builder) setPasswords(all []*account.Issued) error {
	var group sync.WaitGroup
	failed := make([]error, len(all))
	for i, p := range all {
		group.Go(func() { failed[i] = b.setPassword(p) })
	}
	group.Wait()
	for i, err := range failed {
		if err != nil {
			return fmt.Errorf("password of %s: %w", all[i].Account.Login, err)
		}
	}
	return nil
}

func (b *builder) setPassword(p *account.Issued) error {
	step, err := b.People.SignIn(b.ctx, p.Account.Login, p.Password, account.From{})
	if err != nil {
		return err
	}
	if step, err = b.People.Choose(b.ctx, step.Secret, b.password, account.From{}); err != nil {
		return err
	}
	return b.People.SignOut(b.ctx, step.Secret, "")
}
