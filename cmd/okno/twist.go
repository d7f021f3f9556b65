package main

import (
	"context"
	"maps"
	"slices"
	"time"

	"okno/cmd/internal/specimen"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/scan"
)

// twist makes some of the waiting applications worth a second look: a slip in a field
// that the passport shows otherwise, a number that belongs to somebody else, a file
// that was sent before. The checks find all of it by themselves.
func (f *filler) twist() {
	var waiting, done []*story
	for _, s := range f.stories {
		switch {
		case s.Track != string(review.ForeignCitizen) || len(s.Steps) == 0 || s.Steps[0].Kind != specimen.Submitted:
		case s.State == specimen.StateQueued || s.State == specimen.StateInReview:
			if len(s.Steps[0].Scans) > 0 && s.Steps[0].Scans[0].Flaw == specimen.FlawNone && s.Rounds == 0 && s.NameVerdict == "exact" {
				waiting = append(waiting, s)
			}
		case s.State == specimen.StateActivated && s.Answers["snils"] != "" && s.Rounds == 0:
			done = append(done, s)
		}
	}
	slips := []func(map[string]string){
		func(a map[string]string) { a["document-number"] = nextDigit(a["document-number"]) },
		func(a map[string]string) { a["birth-date"] = anotherYear(a["birth-date"]) },
		func(a map[string]string) {
			a["surname-latin"], a["given-name-latin"] = a["given-name-latin"], a["surname-latin"]
		},
		func(a map[string]string) { a["surname-latin"] += "A" },
	}
	for i, s := range waiting {
		switch {
		case i < len(slips):
			s.slip(slips[i])
			s.mistaken = i == 1 || s.State == specimen.StateInReview
		case i == len(slips) && len(done) > 0:
			s.slip(func(a map[string]string) { a["snils"] = done[0].Answers["snils"] })
		case i == len(slips)+1 && len(done) > 1:
			s.borrowed = done[1]
		}
	}
}

// slip changes what is typed at the first sending.
func (s *story) slip(change func(map[string]string)) {
	answers := maps.Clone(s.Steps[0].Answers)
	change(answers)
	s.Steps = slices.Clone(s.Steps)
	s.Steps[0].Answers = answers
}

// nextDigit changes the last digit.
func nextDigit(number string) string {
	if number == "" {
		return number
	}
	last := number[len(number)-1]
	return number[:len(number)-1] + string('0'+(last-'0'+1)%10)
}

// anotherYear moves a date of birth by one year.
func anotherYear(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.AddDate(-1, 0, 0).Format(time.DateOnly)
}

// alarm has the colleague at work call the first hold of the case a false alarm.
func (f *filler) alarm(s *story, by review.Actor, at time.Time) {
	if !s.mistaken {
		return
	}
	at = at.UTC().Truncate(time.Millisecond)
	f.tasks = append(f.tasks, task{at: at, alone: true, do: func(*sqlite.Tx) error {
		sub, err := f.store.Submission(f.ctx, s.submission)
		if err != nil {
			return err
		}
		holds := sub.Holds()
		if len(holds) == 0 || holds[0].Print == "" || !sub.HeldBy(f.holder(sub, by).Staff, at) {
			return nil
		}
		_, err = f.store.Update(f.ctx, s.submission, 0, func(sub *review.Submission) (review.Change, error) {
			return sub.FalseAlarm(f.holder(sub, by), holds[0].Print, "На странице паспорта виден именно этот номер, строка смазана.", at)
		})
		return err
	}})
}

// looked says whether a paper goes through the whole inspection, which costs far more
// than drawing it: the present passports of the cases that somebody may open now.
func (f *filler) looked(s *story, sc specimen.Scan) bool {
	if f.inspect == nil || sc.Slot != string(review.SlotPassport) || s.State != specimen.StateQueued && s.State != specimen.StateInReview {
		return false
	}
	return !slices.ContainsFunc(s.Scans, func(later specimen.Scan) bool { return later.Slot == sc.Slot && later.Revision > sc.Revision })
}

// inspected is the paper as the desk sees it: its pages, what was noticed and read.
func (f *filler) inspected(ctx context.Context, doc review.Document, file specimen.Filing) (review.Document, []scan.Page, error) {
	report, err := f.inspect(ctx, file.Name, file.Original)
	if err != nil || !report.Verdict.Stored() {
		return doc, nil, err
	}
	doc.Verdict, doc.Notes = string(report.Verdict), nil
	for _, n := range report.Notes {
		if !slices.Contains(doc.Notes, string(n.Code)) {
			doc.Notes = append(doc.Notes, string(n.Code))
		}
	}
	for _, p := range report.Pages {
		doc.Pages = append(doc.Pages, review.Page{Number: p.Number, Width: p.Width, Height: p.Height, Report: p.Keep(report.Notes)})
	}
	return doc, report.Pages, nil
}
