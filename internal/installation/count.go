package installation

import (
	"gongkai/internal/annual/cycle"
	"gongkai/internal/db"
	"gongkai/internal/decimal"
	"gongkai/internal/foi/count"
	"gongkai/internal/foi/dispute"
	"gongkai/internal/i18n"
)

// counting makes the desks of counts and disputes, lets the annual report be compiled from the
// records, and the records refuse what would change a signed report.
func (n *Installation) counting() {
	calendar := n.Holidays.Calendar
	n.Counts = &count.Desk{DB: n.DB, Calendar: calendar}
	guard := count.Guard{Settled: cycle.Settled}
	n.Disputes = &dispute.Desk{DB: n.DB, Keys: n.Keys, Calendar: calendar, Blobs: n.Blobs, Guard: guard.Dispute}
	n.Requests.Guard = guard.Request
	n.Reports.Source = counted
}

var channelWords = map[string]i18n.Message{
	count.ByNet: i18n.M("count.channel.net"), count.ByLetter: i18n.M("count.channel.letter"), count.ByVisit: i18n.M("count.channel.visit"),
	count.ByMail: i18n.M("count.channel.mail"), count.ByFax: i18n.M("count.channel.fax"),
}

// counted is a body's year as its report takes it. Reports are written in Chinese.
func counted(tx *db.Tx, agency string, year int) (c cycle.Counted, err error) {
	w, err := count.Compile(tx, agency, year)
	if err != nil || w == nil {
		return c, err
	}
	f := w.Facts
	c = cycle.Counted{Cells: w.Cells, Records: w.Records, Facts: cycle.Requests{
		Extended: f.Extended, Completed: f.Corrections, Consulted: f.Consulted, Overdue: f.Late + f.Overdue,
		FeeNotices: f.FeeNotices, Fees: decimal.Int(f.Paid),
	}}
	for _, g := range count.ChannelGroups {
		if n := f.Channels[g]; n > 0 {
			c.Facts.Channels = append(c.Facts.Channels, cycle.Channel{Name: i18n.To(i18n.Chinese).Text(channelWords[g]), N: n})
		}
	}
	return c, nil
}
