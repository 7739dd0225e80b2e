package installation

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gongkai/internal/actor"
	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/foi"
	"gongkai/internal/i18n"
	"gongkai/internal/notify"
)

// alarmJob reminds people by mail of requests that are due: each working day, before offices open.
const alarmJob = "foi.alarm"

// mostLines is how many requests one mail names; it says how many more there are.
const mostLines = 100

// alarm mails each officer, and each handler whose they are, the requests of which they are reminded
// today. However often it runs, nobody gets two such mails a day. R-DL-15.
func (n *Installation) alarm(ctx context.Context) error {
	today := date.Of(n.DB.Clock())
	if !n.Post.On() || !n.Holidays.Calendar().IsWorkday(today) {
		return nil
	}
	by := actor.System(alarmJob)
	bodies, err := n.Requests.Owing(ctx, by)
	if err != nil {
		return err
	}
	told := map[string][]foi.Alarm{}
	for _, body := range bodies {
		if err := n.alarmed(ctx, by, body, told); err != nil {
			return err
		}
	}
	var failed error
	for person, all := range told {
		failed = errors.Join(failed, n.mailAlarms(ctx, person, today, all))
	}
	return failed
}

// alarmed adds what the people of one body are told: its officers everything, its handlers what is
// theirs.
func (n *Installation) alarmed(ctx context.Context, by actor.Actor, body string, told map[string][]foi.Alarm) error {
	all, err := n.Requests.DueList(ctx, by, body)
	if err != nil || len(all) == 0 {
		return err
	}
	officers, err := n.People.Staff(ctx, by, actor.FoiCount, body, actor.Officer)
	if err != nil {
		return err
	}
	handlers, err := n.People.Staff(ctx, by, actor.FoiCount, body, actor.Handler)
	if err != nil {
		return err
	}
	for _, a := range all {
		for _, one := range officers {
			told[one.ID] = append(told[one.ID], a)
		}
		for _, one := range handlers {
			mine := told[one.ID]
			already := slices.ContainsFunc(mine, func(o foi.Alarm) bool { return o.Request.ID == a.Request.ID })
			if a.Request.Handled(one.ID) && !already {
				told[one.ID] = append(mine, a)
			}
		}
	}
	return nil
}

// mailAlarms sends one person the day's list: numbers, titles and days, nothing of who asked.
func (n *Installation) mailAlarms(ctx context.Context, person string, day date.Date, all []foi.Alarm) error {
	p := i18n.To(n.Config.Lang)
	var b strings.Builder
	for _, a := range all[:min(len(all), mostLines)] {
		b.WriteString(alarmLine(p, a) + "\n")
	}
	if more := len(all) - mostLines; more > 0 {
		b.WriteString(p.T("installation.alarm.more", "n", more) + "\n")
	}
	if n.Config.URL != "" {
		b.WriteString("\n" + n.Config.URL + n.Config.BasePath + "/office/requests\n")
	}
	return n.DB.Update(ctx, func(tx *db.Tx) error {
		if asked, err := notify.Asked(tx, person, alarmJob, day.String()); err != nil || asked {
			return err
		}
		to, err := n.People.Details(tx, person)
		if err != nil {
			return err
		}
		return n.Post.Send(tx, notify.Letter{Account: person, To: to.Email, About: alarmJob, AboutID: day.String(),
			Subject: p.T("installation.alarm.subject", "n", len(all), "day", day.String()), Text: b.String()})
	})
}

// alarmLine says why somebody is reminded of a request.
func alarmLine(p i18n.Printer, a foi.Alarm) string {
	r := a.Request
	name := strings.TrimSpace(r.No + " " + r.Title)
	switch {
	case a.What == foi.AlarmConfirm:
		return p.T("installation.alarm.confirm", "name", name, "day", r.SubmittedOn.String())
	case a.What == foi.AlarmReview:
		return p.T("installation.alarm.review", "name", name, "due", r.Due.String())
	case a.What == foi.AlarmOver:
		return p.T("installation.alarm.over", "name", name, "due", r.Due.String(), "n", a.Left)
	case a.Left == 0:
		return p.T("installation.alarm.today", "name", name)
	}
	return p.T("installation.alarm.due", "name", name, "due", r.Due.String(), "n", a.Left)
}
