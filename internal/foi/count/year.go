package count

import (
	"gongkai/internal/db"
	"gongkai/internal/foi"
	"gongkai/internal/foi/dispute"
)

// Facts are what a report's text says of a period beyond the tables.
type Facts struct {
	Channels    map[string]int64 // of the new requests, by the groups of ChannelGroups
	Corrections int64            // asked for: art. 30
	Consulted   int64            // third parties and other organs: arts 32, 34
	Extended    int64            // notices of extension: art. 33 (2)
	Late        int64            // answered after the deadline
	Overdue     int64            // open and past the deadline at the end of the period
	FeeNotices  int64
	Charged     int64 // in yuan, by notices that arrived in the period
	Paid        int64 // in yuan
}

// Groups of channels, as reports name them.
const (
	ByNet    = "net"    // 网络
	ByLetter = "letter" // 信函
	ByVisit  = "visit"  // 当面
	ByMail   = "mail"   // 电子邮件
	ByFax    = "fax"    // 传真
)

// ChannelGroups lists the groups in the order texts name them.
var ChannelGroups = []string{ByNet, ByLetter, ByVisit, ByMail, ByFax}

var groups = map[foi.Channel]string{
	foi.Web: ByNet, foi.Post: ByLetter, foi.PlainPost: ByLetter, foi.Counter: ByVisit, foi.Email: ByMail, foi.Fax: ByFax,
}

// mostNamed is up to how many requests of a period the records behind cells are named.
const mostNamed = 20000

// Whole is everything counted of a body's year, for its annual report.
type Whole struct {
	Cells   map[string]int64
	Facts   Facts
	Records map[string][]string // the keys behind each cell; nil where they are too many
}

// Compile counts a body's year in the transaction of the act that compiles its report; nil for a
// body that keeps no requests here.
func Compile(tx *db.Tx, agency string, year int) (*Whole, error) {
	if here, err := kept(tx, agency); err != nil || !here {
		return nil, err
	}
	p := Year(year)
	t, err := Of(tx, agency, p)
	if err != nil {
		return nil, err
	}
	w := &Whole{Cells: t.Cells}
	if w.Facts, err = facts(tx, agency, p); err != nil {
		return nil, err
	}
	if t.Cells[Key(New, Total)]+t.Cells[Key(CarryIn, Total)] <= mostNamed {
		w.Records, err = records(tx, agency, p)
	}
	return w, err
}

func facts(tx *db.Tx, agency string, p Period) (f Facts, err error) {
	rows, err := byChannel(tx, agency, p)
	if err != nil {
		return f, err
	}
	f.Channels = map[string]int64{}
	for _, l := range rows {
		f.Channels[groups[foi.Channel(l.Text)]] += l.N
	}
	for _, one := range []struct {
		n     *int64
		codes []string
	}{{&f.Corrections, []string{"L02"}}, {&f.Consulted, []string{"L05", "L07"}}, {&f.Extended, []string{"L04"}}, {&f.FeeNotices, []string{"L09"}}} {
		n, err := lettersSent(tx, agency, p, one.codes...)
		if err != nil {
			return f, err
		}
		*one.n = int64(n)
	}
	done, err := doneByResult(tx, agency, p)
	if err != nil {
		return f, err
	}
	for _, l := range done {
		if l.Flag {
			f.Late += l.N
		}
	}
	end := p.To
	if today := tx.Today(); today.Before(end) {
		end = today
	}
	if f.Overdue, err = pastDue(tx, agency, end); err != nil {
		return f, err
	}
	f.Charged, f.Paid, err = fees(tx, agency, p)
	return f, err
}

// records names the requests and disputes behind every cell.
func records(tx *db.Tx, agency string, p Period) (map[string][]string, error) {
	all, err := touching(tx, agency, p)
	if err != nil {
		return nil, err
	}
	named, err := dispute.Behind(tx, agency, p.From, p.To)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		for _, row := range RowsOf(&one.r, p) {
			for _, at := range sums(row) {
				for _, col := range []string{string(one.r.Kind), Total} {
					named[Key(at, col)] = append(named[Key(at, col)], one.id)
				}
			}
		}
	}
	return named, nil
}

// sums are the rows a request in a row counts in: results are added up in a row of their own.
func sums(row string) []string {
	if row == New || row == CarryIn || row == CarryOut {
		return []string{row}
	}
	return []string{row, Done}
}
