package installation

import (
	"context"
	"strings"

	"gongkai/internal/date"
	"gongkai/internal/db"
	"gongkai/internal/disclosure/section"
	"gongkai/internal/i18n"
	"gongkai/internal/notify"
)

// reminders sends what section's watch has to tell a person by e-mail.
type reminders struct{ *Installation }

// Remind sends one person the day's list. Who has no address gets none: the office shows it.
func (r reminders) Remind(ctx context.Context, person string, day date.Date, lines []*section.Line) error {
	p := i18n.To(r.Config.Lang)
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(p.T("installation.mail.line", "section", l.Path, "why", l.Watch.Why) + "\n")
	}
	if r.Config.URL != "" {
		b.WriteString("\n" + r.Config.URL + r.Config.BasePath + "/office/\n")
	}
	return r.DB.Update(ctx, func(tx *db.Tx) error {
		to, err := r.People.Details(tx, person)
		if err != nil {
			return err
		}
		return r.Post.Send(tx, notify.Letter{
			Account: person, To: to.Email, About: "section", Subject: p.T("installation.mail.subject", "n", len(lines), "day", day.String()),
			Text: b.String(),
		})
	})
}
