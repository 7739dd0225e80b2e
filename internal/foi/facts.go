package foi

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gongkai/internal/agency"
	"gongkai/internal/date"
	"gongkai/internal/foi/fee"
	"gongkai/internal/foi/letter"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/i18n"
)

// print words values in the language of the law, which letters are written in.
var printer = i18n.To("zh-CN")

func say(word string) string { return printer.Text(Word(word)) }

var letterChannels = map[Channel]letter.Channel{
	Web: letter.Online, Email: letter.Mail, Fax: letter.Fax, Counter: letter.InPerson, Post: letter.Signed, PlainPost: letter.Ordinary,
}

// facts gathers what a letter may say.
func (w *work) facts(e Effect) (f letter.Facts, err error) {
	if f.Agency, err = w.agencyFacts(); err != nil {
		return f, err
	}
	f.Applicant = w.applicantFacts()
	f.Request = w.requestFacts()
	n := w.clock()
	f.Due = letter.Due{On: n.Due, Certain: n.Certain}
	w.stageFacts(&f, n)
	if one := w.c.consultation(e.Item); one != nil {
		f.Consultation = w.consultationFacts(*one)
	}
	for _, one := range w.c.Consulted {
		f.Consulted = append(f.Consulted, w.consultationFacts(one))
	}
	f.Remedy = letter.Remedy{Review: w.s.Authorities, Court: w.s.Courts, QueryFirst: w.s.QueryFirst, Online: w.s.ReviewOnline}
	f.Delivery.Online = w.c.Application.Way.Electronic()
	w.decisionFacts(&f)
	if d := w.c.Delivery; d != nil {
		f.Delivery = letter.Delivery{Way: printer.Text(WayWord(d.Way)), Tracking: d.Tracking, Sent: d.On, Receiver: d.Signer, On: d.Arrived, Online: f.Delivery.Online}
	}
	return f, nil
}

func (w *work) agencyFacts() (letter.Agency, error) {
	a, err := agency.Load(w.tx, w.r.Agency)
	if err != nil {
		return letter.Agency{}, err
	}
	c, err := agency.LoadContact(w.tx, w.r.Agency)
	if err != nil && !errors.Is(err, agency.ErrNone) {
		return letter.Agency{}, err
	}
	l := letter.Agency{Name: a.Name, Short: a.ShortName, Hours: w.s.Hours}
	if c != nil {
		l.Office, l.Address, l.Postcode, l.Phone, l.Fax, l.Email, l.Site = c.Office, c.Address, c.Postcode, c.Phone, c.Fax, c.Email, c.Online
		l.Hours = cmpOr(w.s.Hours, c.Hours)
	}
	return l, nil
}

func (w *work) applicantFacts() letter.Applicant {
	a := w.c.Application
	p := a.Applicant
	return letter.Applicant{
		Type: string(p.Kind), Name: p.Name, Honorific: p.Honorific, Guardian: p.Guardian, Organisation: p.Kind != Natural, Agent: a.Agent.Name, Help: a.Help,
		Identity: say(cmpOr(p.IDType, ChineseCard)), IdentityNumber: p.IDNumber, Workplace: p.Work, CreditCode: p.Credit,
		Representative: p.Representative, Contact: p.Contact, Address: p.Address, Postcode: p.Postcode, Phone: p.Phone, Fax: p.Fax, Email: p.Email,
	}
}

func (w *work) requestFacts() letter.Request {
	a := w.c.Application
	q := letter.Request{
		Number: w.r.No, Code: w.c.Code, URL: w.d.Address, Channel: letterChannels[w.r.Channel], Submitted: w.r.SubmittedOn, Received: w.r.Received,
		Oral: a.Oral, Text: phrase(cmpOr(a.Sought.Name, a.Sought.Features)), DocNo: a.Sought.DocNo, Features: a.Sought.Features, Purpose: a.Sought.Purpose,
		Form: say(string(a.Form)), Way: printer.Text(WayWord(a.Way)),
		Handler: strings.Join(w.c.Assignment.Names, "、"), Section: w.c.Assignment.Department,
	}
	if n := w.c.Correction; n != nil {
		q.Corrected = n.Corrected
		if n.Text != "" {
			// Who answers the question about one part still asks for the others.
			q.Text += "（补正内容：" + phrase(n.Text) + "）"
		}
	}
	for _, s := range w.c.Steps {
		q.Register = append(q.Register, letter.Entry{On: s.On, Act: printer.Text(StepWord(s.Act)), By: s.By})
	}
	return q
}

// phrase is a text in one line without its closing punctuation.
func phrase(s string) string {
	return strings.TrimRight(strings.Join(strings.Fields(s), " "), "。．.；;，,！!？? ")
}

// stageFacts are what the notices on the way say.
func (w *work) stageFacts(f *letter.Facts, n reckon.Count) {
	cal := w.d.Calendar()
	if c := w.c.Correction; c != nil {
		due := c.Due
		if due.IsZero() {
			due = cal.Add(w.today, c.Days).Date
		}
		f.Correction = letter.Correction{Matters: lines(c.What), Guidance: c.Guidance, Notified: c.Notified, Deadline: due}
	}
	if r := w.c.Reasons; r != nil {
		due := r.Due
		if due.IsZero() {
			due = cal.Add(w.today, r.Days).Date
		}
		f.Reasons = letter.Reasons{Excess: r.Facts, Asked: r.Notified, Deadline: due, Given: r.Text, Answered: r.Given}
		f.Deferral = letter.Deferral{Due: r.LaterTo, Reason: r.Text}
	}
	if e := w.c.Extension; e != nil {
		from, due := n.Due, cal.Add(n.Due, e.Days).Date
		if !e.Notified.IsZero() { // the count has it
			from, due = date.Date{}, n.Due
		}
		f.Extension = letter.Extension{Days: e.Days, From: from, Due: due, Reason: e.Reason, Approved: e.Approved, Approver: e.Head}
	}
	if c := w.c.Fee; c != nil {
		f.Fee = w.feeFacts(c)
	}
}

func (w *work) feeFacts(c *Fee) letter.Fee {
	l := letter.Fee{Mode: letter.PerPage, Count: c.Pages, Amount: int(c.Yuan), How: w.s.HowToPay, Notified: c.Notified, Received: c.Arrived, Deadline: c.Due}
	if c.Mode == ByPiece {
		l.Mode, l.Count, l.Month = letter.PerPiece, c.Pieces, c.Month
		n := c.Before + 1
		l.Tiers = []letter.Tier{{From: n, To: n, Count: 1, Price: int(c.Yuan), Sum: int(c.Yuan)}}
		return l
	}
	for _, t := range tariff(w.r.Received).Page {
		last := t.To
		if last == 0 || last > c.Pages {
			last = c.Pages
		}
		if n := last - t.From + 1; n > 0 {
			l.Tiers = append(l.Tiers, letter.Tier{From: t.From, To: last, Count: n, Price: t.Yuan, Sum: n * t.Yuan})
		}
	}
	return l
}

func (w *work) consultationFacts(c Consultation) letter.Consultation {
	l := letter.Consultation{Kind: letter.ThirdParty, Name: c.Name, Content: c.Content, Concern: c.Concern, Sent: c.Sent, Received: c.Received, Replied: c.Replied, Reasons: c.Opinion, Person: c.Person, Override: c.Overrides}
	if c.Party == Organ {
		l.Kind = letter.CoMaker
	}
	if !c.Received.IsZero() {
		l.Deadline = w.d.Calendar().Add(c.Received, reckon.OpinionDays).Date
	}
	switch {
	case c.Replied.IsZero() && !l.Deadline.IsZero() && w.today.After(l.Deadline):
		l.Stand = letter.Silent
	case c.Replied.IsZero():
	case c.Consents:
		l.Stand = letter.Agrees
	default:
		l.Stand = letter.Objects
	}
	return l
}

// decisionFacts are the answers with what the record adds to them: the search, the consultation.
func (w *work) decisionFacts(f *letter.Facts) {
	n := w.c.Decision
	if n == nil {
		return
	}
	for _, a := range n.Answers {
		if len(w.c.Searches) > 0 && (a.Outcome == string(outcome.NotHeld)) {
			a.Search = w.searchFacts()
		}
		a.Third = w.thirdFacts(a.Third)
		a.Withheld = slices.Clone(a.Withheld)
		for i := range a.Withheld {
			if a.Withheld[i].Outcome == string(outcome.Third) {
				a.Withheld[i].Third = w.thirdFacts(a.Withheld[i].Third)
			}
		}
		f.Answers = append(f.Answers, a)
	}
	if w.r.Nature == OwnRecord && len(n.Answers) > 0 {
		f.Rectify = letter.Rectification{Variant: n.Answers[0].Variant, Record: phrase(w.c.Application.Sought.Features), Result: n.Answers[0].Reason, Organ: n.Answers[0].Organ}
	}
	f.Review = letter.Review{Record: w.r.No, Drafted: n.Opinion}
	for _, v := range w.c.Reviews {
		f.Review.Opinions = append(f.Review.Opinions, letter.Opinion{Role: say("review_" + string(v.Kind)), Name: v.Name, Text: cmpOr(v.Note, say(map[bool]string{true: "agreed", false: "refused"}[v.OK])), On: date.Of(v.At)})
	}
	for _, key := range n.Files {
		if one, err := loadFile(w.tx, w.r.ID, key); err == nil && w.d.openName(one) == nil {
			f.Enclosures = append(f.Enclosures, one.Name)
		}
	}
}

// thirdFacts adds what came of asking the third party, unless the decision says why none was asked.
func (w *work) thirdFacts(t letter.Third) letter.Third {
	if t.Consulted || strings.TrimSpace(t.WhyNot) != "" {
		return t
	}
	for _, one := range w.c.Consulted {
		if one.Party == ThirdParty && !one.Sent.IsZero() {
			t.Consulted, t.Objected, t.Reasons = true, t.Objected || !one.Replied.IsZero() && !one.Consents, cmpOr(one.Opinion, t.Reasons)
		}
	}
	return t
}

func (w *work) searchFacts() letter.Search {
	var s letter.Search
	for i, one := range w.c.Searches {
		s.Systems, s.Archives = append(s.Systems, lines(one.Systems)...), append(s.Archives, lines(one.Archives)...)
		s.Keywords, s.Persons = append(s.Keywords, lines(one.Words)...), append(s.Persons, lines(one.People)...)
		if i == 0 || one.From.Before(s.From) {
			s.From = one.From
		}
		if one.To.After(s.To) {
			s.To = one.To
		}
		s.Result = one.Result
	}
	return s
}

// lines splits what a clerk listed by lines, commas or semicolons.
func lines(s string) (all []string) {
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '；' || r == ';' || r == '、' }) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// finish makes the letter anew with its number and day, keeping what was edited.
func (l *Letter) finish(facts letter.Facts, on date.Date) error {
	facts.Number = l.No
	next, err := letter.Draft(l.Code, facts, on)
	if err != nil {
		return err
	}
	for _, s := range l.Text.Slots {
		if !s.Editable || s.Text == s.Proposed {
			continue
		}
		if err := next.Edit(s.Name, s.Text); err != nil {
			return fmt.Errorf("keep the text of %s: %w", s.Name, err)
		}
	}
	l.Text = next
	return nil
}

// refill words the drafts anew that lacked what has come on record since, such as the day a party
// was asked, and keeps what somebody wrote in them.
func (w *work) refill(sent *Letter) error {
	all, err := w.d.letters(w.tx, w.r.ID)
	if err != nil {
		return err
	}
	for _, l := range all {
		if l.State != Drafted || l.ID == sent.ID || len(l.Text.Missing()) == 0 {
			continue
		}
		facts, err := w.facts(l.effect)
		if err != nil {
			return err
		}
		if err := l.finish(facts, w.today); err != nil {
			return err
		}
		if err := w.saveLetter(l); err != nil {
			return err
		}
	}
	return nil
}

// tariff is the one in force when a request was received, or the first there was.
func tariff(on date.Date) fee.Tariff {
	if t, ok := fee.On(on); ok {
		return t
	}
	return fee.Tariffs[0]
}
