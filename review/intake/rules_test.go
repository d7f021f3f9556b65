package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/review"
	"okno/review/field"
)

var today = field.Date{Year: 2026, Month: time.November, Day: 22}

func form(base Typed, pairs ...string) Typed {
	t := maps.Clone(base)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "-" {
			delete(t, pairs[i])
			continue
		}
		t[pairs[i]] = pairs[i+1]
	}
	return t
}

var (
	personA = Typed{
		"surname": "Намунаев", "given-name": "Жасур", "surname-latin": "NAMUNAYEV", "given-name-latin": "JASUR",
		"birth-date-day": "14", "birth-date-month": "марта", "birth-date-year": "1991", "birth-place": "Ташкент", "sex": "M", "citizenship": "UZB",
	}
	personB = Typed{
		"surname": "Примеров", "given-name": "Иван", "patronymic": "Петрович",
		"birth-date-day": "1", "birth-date-month": "2", "birth-date-year": "1990", "birth-place": "Москва", "sex": "M",
	}
	documentA = Typed{
		"document-type": "foreign-passport", "document-number": "FA 1234567", "document-issuer": "MIA 26201",
		"document-issue-date-day": "05", "document-issue-date-month": "05", "document-issue-date-year": "2020",
		"document-expiry-date-day": "04", "document-expiry-date-month": "05", "document-expiry-date-year": "2030",
	}
	documentB = Typed{
		"document-number": "06 11 000017", "document-issuer": "ГУ МВД", "division-code": "770001",
		"document-issue-date-day": "5", "document-issue-date-month": "3", "document-issue-date-year": "2010",
	}
	stay = Typed{
		"stay-proof-type": "migration-card", "stay-proof-number": "9900 0000017",
		"stay-from-day": "1", "stay-from-month": "11", "stay-from-year": "2026",
		"stay-to-day": "20", "stay-to-month": "1", "stay-to-year": "2027",
	}
	storedA = review.Answers{review.Citizenship: {Typed: "UZB", Value: "UZB"}, review.BirthDate: {Typed: "14.03.1991", Value: "1991-03-14"}}
	storedB = review.Answers{review.Citizenship: {Typed: "RUS", Value: "RUS"}, review.BirthDate: {Typed: "01.02.1990", Value: "1990-02-01"}}
)

func TestRules(t *testing.T) {
	a, b := review.ForeignCitizen, review.FromAbroad
	for _, c := range []struct {
		name    string
		track   review.Track
		section string
		typed   Typed
		stored  review.Answers
		want    string // field:code, warnings with a question mark
	}{
		{"person A", a, Person, personA, nil, ""},
		{"nothing typed A", a, Person, Typed{}, nil,
			"surname:empty given-name:empty surname-latin:empty given-name-latin:empty birth-date:empty birth-place:empty sex:empty citizenship:empty"},
		{"latin letters in Cyrillic", a, Person, form(personA, "surname", "Namunaev"), nil, "surname:wrong-script"},
		{"mixed script", a, Person, form(personA, "given-name", "Жасyр"), nil, "given-name:mixed-script"},
		{"latin differs", a, Person, form(personA, "surname-latin", "PETROV"), nil, "surname-latin:latin-differs?"},
		{"latin differs, confirmed", a, Person, form(personA, "surname-latin", "PETROV", "confirm-surname-latin", "latin-differs"), nil, ""},
		{"confirmed another warning", a, Person, form(personA, "surname-latin", "PETROV", "confirm-surname-latin", "series"), nil, "surname-latin:latin-differs?"},
		{"mononym", a, Person, form(personA, "surname", "", "surname-latin", "", "surname-absent", "yes"), nil, ""},
		{"mononym and surname", a, Person, form(personA, "surname-absent", "yes"), nil, "surname-absent:absent-but-given"},
		{"no name at all", a, Person, form(personA, "surname", "", "surname-latin", "", "surname-absent", "yes", "given-name", "", "given-name-latin", "", "given-name-absent", "yes"), nil,
			"given-name-absent:both-absent"},
		{"year only", a, Person, form(personA, "birth-date-day", "", "birth-date-month", ""), nil, "birth-date:partial-year?"},
		{"year only, confirmed", a, Person, form(personA, "birth-date-day", "", "birth-date-month", "", "confirm-birth-date", "partial-year"), nil, ""},
		{"month and year", a, Person, form(personA, "birth-date-day", ""), nil, "birth-date:partial-month?"},
		{"month missing", a, Person, form(personA, "birth-date-month", ""), nil, "birth-date:part:month"},
		{"no such day", a, Person, form(personA, "birth-date-day", "30", "birth-date-month", "2"), nil, "birth-date:not-a-date"},
		{"thirteen", a, Person, form(personA, "birth-date-year", "2013"), nil, "birth-date:too-young"},
		{"exactly fourteen", a, Person, form(personA, "birth-date-day", "22", "birth-date-month", "11", "birth-date-year", "2012"), nil, ""},
		{"future birth", a, Person, form(personA, "birth-date-year", "2027"), nil, "birth-date:future"},
		{"Russian citizen in A", a, Person, form(personA, "citizenship", "RUS"), nil, "citizenship:russian-citizen"},
		{"historic state", a, Person, form(personA, "citizenship", "SUN"), nil, "citizenship:historic"},
		{"stateless", a, Person, form(personA, "citizenship", "XXA"), nil, ""},
		{"sex made up", a, Person, form(personA, "sex", "Q"), nil, "sex:unknown"},
		{"person B", b, Person, personB, storedB, ""},
		{"nothing typed B", b, Person, Typed{}, storedB, "surname:empty given-name:empty birth-date:empty birth-place:empty sex:empty"},
		{"B with Latin", b, Person, form(personB, "surname-latin", "PRIMEROV"), storedB, ""},

		{"document A", a, Document, documentA, storedA, ""},
		{"document A empty", a, Document, Typed{}, storedA,
			"document-type:empty document-number:empty document-issue-date:empty document-expiry-date:empty document-issuer:empty"},
		{"look-alike letters", a, Document, form(documentA, "document-number", "РА1234567"), storedA, ""},
		{"country pattern", a, Document, form(documentA, "document-number", "123456789"), storedA, "document-number:country-pattern?"},
		{"no pattern for cards", a, Document, form(documentA, "document-number", "123456789", "document-type", "foreign-id-card"), storedA, ""},
		{"free number of a refugee", a, Document, form(documentA, "document-number", "ВУ № 12/7", "document-type", "refugee-certificate"), storedA, ""},
		{"zeros", a, Document, form(documentA, "document-number", "0000000"), storedA, "document-number:reserved"},
		{"issued before birth", a, Document, form(documentA, "document-issue-date-year", "1990"), storedA, "document-issue-date:before-birth"},
		{"issued tomorrow", a, Document, form(documentA, "document-issue-date-day", "23", "document-issue-date-month", "11", "document-issue-date-year", "2026"), storedA, "document-issue-date:future"},
		{"expired", a, Document, form(documentA, "document-expiry-date-year", "2026"), storedA, "document-expiry-date:expired"},
		{"expires before issue", a, Document, form(documentA, "document-expiry-date-year", "2019"), storedA, "document-expiry-date:before-issue"},
		{"expires soon", a, Document, form(documentA, "document-expiry-date-day", "1", "document-expiry-date-month", "12", "document-expiry-date-year", "2026"), storedA, "document-expiry-date:expires-soon?"},
		{"no expiry printed", a, Document, form(documentA, "document-no-expiry", "yes", "document-expiry-date-day", "", "document-expiry-date-month", "", "document-expiry-date-year", ""), storedA, ""},
		{"no expiry and a date", a, Document, form(documentA, "document-no-expiry", "yes"), storedA, "document-no-expiry:absent-but-given"},
		{"document B", b, Document, documentB, storedB, ""},
		{"document B short", b, Document, form(documentB, "document-number", "1234"), storedB, "document-number:length"},
		{"passport to be replaced at 20", b, Document, documentB, review.Answers{review.BirthDate: {Value: "1995-02-01"}}, "document-issue-date:passport-expired?"},
		{"passport issued to a child", b, Document, documentB, review.Answers{review.BirthDate: {Value: "1998-02-01"}}, "document-issue-date:passport-issued-before-14?"},
		{"passport in its days of grace", b, Document, form(documentB, "document-issue-date-year", "2000"), review.Answers{review.BirthDate: {Value: "1981-10-10"}}, "document-issue-date:passport-expired?"},
		{"passport of the old form", b, Document, form(documentB, "document-issue-date-year", "1996"), review.Answers{review.BirthDate: {Value: "1970-02-01"}}, "document-issue-date:passport-issued-before-form?"},
		{"division code", b, Document, form(documentB, "division-code", "77-01"), storedB, "division-code:length"},

		{"stay", a, Stay, stay, storedA, ""},
		{"stay empty", a, Stay, Typed{}, storedA, "stay-proof-type:empty stay-proof-number:empty"},
		{"stay empty, citizen of Belarus", a, Stay, Typed{}, review.Answers{review.Citizenship: {Value: "BLR"}}, ""},
		{"half a stay, citizen of Belarus", a, Stay, Typed{"stay-proof-number": "1"}, review.Answers{review.Citizenship: {Value: "BLR"}}, "stay-proof-type:empty"},
		{"card without dates", a, Stay, Typed{"stay-proof-type": "migration-card", "stay-proof-number": "99000000017"}, storedA, "stay-from:empty stay-to:empty"},
		{"unusual card", a, Stay, form(stay, "stay-proof-number", "9900 000017"), storedA, "stay-proof-number:length?"},
		{"wrong card", a, Stay, form(stay, "stay-proof-number", "17"), storedA, "stay-proof-number:length"},
		{"permit without dates", a, Stay, Typed{"stay-proof-type": "residence-permit", "stay-proof-number": "82 0000017"}, storedA, ""},
		{"permit of another series", a, Stay, Typed{"stay-proof-type": "residence-permit", "stay-proof-number": "90 0000017"}, storedA, "stay-proof-number:series?"},
		{"patent", a, Stay, form(stay, "stay-proof-type", "patent", "stay-proof-number", "77 0000000017"), storedA, ""},
		{"visa, odd", a, Stay, form(stay, "stay-proof-type", "visa", "stay-proof-number", "AB 17"), storedA, "stay-proof-number:charset?"},
		{"asylum paper", a, Stay, Typed{"stay-proof-type": "temporary-asylum", "stay-proof-number": "ВУ 17"}, storedA, ""},
		{"leaves before coming", a, Stay, form(stay, "stay-to-year", "2025"), storedA, "stay-to:before-stay"},
		{"stay over", a, Stay, form(stay, "stay-from-year", "2025", "stay-to-year", "2026"), storedA, "stay-to:stay-over?"},
		{"proof made up", a, Stay, form(stay, "stay-proof-type", "ticket"), storedA, "stay-proof-type:unknown"},

		{"residence", b, Residence, Typed{"residence-country": "SRB", "residence-proof-type": "lease"}, storedB, ""},
		{"residence in Russia", b, Residence, Typed{"residence-country": "RUS", "residence-proof-type": "lease"}, storedB, "residence-country:in-russia"},
		{"residence nowhere", b, Residence, Typed{"residence-country": "XXA", "residence-proof-type": "lease"}, storedB, "residence-country:unknown"},
		{"address A", a, Address, Typed{"address": "Москва, ул. Примерная, 1"}, storedA, ""},
		{"address A short", a, Address, Typed{"address": "дом"}, storedA, "address:length"},
		{"index", a, Address, Typed{"address": "Москва, ул. Примерная, 1", "postal-index": "901000"}, storedA, "postal-index:range"},
		{"address B", b, Address, Typed{"residence-address": "Beograd, Primerna 1"}, storedB, ""},
		{"address B empty", b, Address, Typed{}, storedB, "residence-address:empty"},
		{"identifiers empty", a, Identifiers, Typed{}, storedA, ""},
		{"identifiers wrong", a, Identifiers, Typed{"inn": "7707083893", "snils": "901-234-507 53", "oms": "1"}, storedA, "inn:length snils:checksum oms:length"},
		{"account type", a, AccountType, Typed{"account-type": "partner"}, storedA, ""},
		{"account type made up", a, AccountType, Typed{"account-type": "admin"}, storedA, "account-type:unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sec, ok := SectionByCode(c.track, c.section)
			if !ok {
				t.Fatal("no such section")
			}
			answers, faults := judge(sec, c.track, today, c.stored, c.typed, everything)
			var got []string
			for _, f := range faults {
				mark := ""
				if f.Warning {
					mark = "?"
				}
				got = append(got, f.Field+":"+f.Code+mark)
			}
			if text := strings.Join(got, " "); text != c.want {
				t.Errorf("faults %q, want %q", text, c.want)
			}
			if len(faults) > 0 {
				return
			}
			// What was stored passes the same rules again, shown from storage.
			stored := c.stored.Clone()
			if stored == nil {
				stored = review.Answers{}
			}
			for f, a := range answers {
				if a.Value != "" {
					stored[f] = a
				}
			}
			if _, again := judge(sec, c.track, today, stored, Retype(sec, stored), everything); len(again) > 0 {
				t.Errorf("stored answers have faults: %v", again)
			}
		})
	}
}

func TestNormalForms(t *testing.T) {
	for _, c := range []struct {
		section string
		track   review.Track
		typed   Typed
		field   review.Field
		want    string
	}{
		{Document, review.ForeignCitizen, form(documentA, "document-number", "ра 1234567"), review.DocumentNumber, "PA1234567"},
		{Person, review.ForeignCitizen, personA, review.BirthDate, "1991-03-14"},
		{Person, review.ForeignCitizen, form(personA, "birth-date-day", "", "confirm-birth-date", "partial-month"), review.BirthDate, "1991-03"},
		{Address, review.ForeignCitizen, Typed{"address": "101000, Москва, ул. Примерная, 1"}, review.PostalIndex, "101000"},
		{Identifiers, review.ForeignCitizen, Typed{"snils": "901-234-507 52"}, review.SNILS, "90123450752"},
		{Document, review.FromAbroad, documentB, review.DivisionCode, "770-001"},
	} {
		sec, _ := SectionByCode(c.track, c.section)
		stored := storedA
		if c.track == review.FromAbroad {
			stored = storedB
		}
		answers, faults := judge(sec, c.track, today, stored, c.typed, everything)
		if got := answers.Value(c.field); got != c.want || len(faults) > 0 {
			t.Errorf("%s: %q, want %q (faults %v)", c.field, got, c.want, faults)
		}
	}
}

func TestConfirmedWarningsAreKept(t *testing.T) {
	sec, _ := SectionByCode(review.ForeignCitizen, Document)
	answers, _ := judge(sec, review.ForeignCitizen, today, storedA, form(documentA, "document-number", "123456789", "confirm-document-number", "country-pattern"), everything)
	if got := answers[review.DocumentNumber].Confirmed; !slices.Equal(got, []string{"country-pattern"}) {
		t.Errorf("confirmed %v", got)
	}
	answers, _ = judge(sec, review.ForeignCitizen, today, storedA, form(documentA, "confirm-document-number", "country-pattern"), everything)
	if got := answers[review.DocumentNumber].Confirmed; got != nil {
		t.Errorf("confirmed a warning that was not given: %v", got)
	}
}

func TestMissing(t *testing.T) {
	by := review.Actor{Account: "a"}
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for track, forms := range map[review.Track]map[string]Typed{
		review.ForeignCitizen: {Person: personA, Document: documentA, Stay: stay, Address: {"address": "Москва, ул. Примерная, 1"}},
		review.FromAbroad: {Person: personB, Document: documentB, Residence: {"residence-country": "SRB", "residence-proof-type": "lease"},
			Address: {"residence-address": "Beograd, Primerna 1"}},
	} {
		t.Run(string(track), func(t *testing.T) {
			s, _ := review.NewSubmission(by, "id", "2600481275", track, "ru", at)
			before := len(Missing(s, today))
			for _, sec := range Sections(track) {
				if typed, ok := forms[sec.Code]; ok {
					if state := SectionState(s, sec, today); state != ToDo {
						t.Errorf("%s is %s before it is filled", sec.Code, state)
					}
					answers, faults := judge(sec, track, today, s.Answers, typed, everything)
					if len(faults) > 0 {
						t.Fatalf("%s: %v", sec.Code, faults)
					}
					if _, err := s.Save(by, sec.Code, answers, at); err != nil {
						t.Fatal(err)
					}
					if state := SectionState(s, sec, today); state != Done {
						t.Errorf("%s is %s after it was filled", sec.Code, state)
					}
				}
			}
			s.Consents = []review.Consent{{Purpose: "processing", Version: "v1"}, {Purpose: "documents", Version: "v1"}}
			slots := review.Slots(track)[:2]
			if got := fmt.Sprint(Missing(s, today)); got != fmt.Sprintf("[{ {  false} %s} { {  false} %s}]", slots[0], slots[1]) {
				t.Errorf("left before the documents: %s (%d before)", got, before)
			}
			for _, slot := range slots {
				if _, err := s.PutDocument(by, review.Document{ID: review.DocumentID(slot), Slot: slot}, at); err != nil {
					t.Fatal(err)
				}
			}
			if left := Missing(s, today); len(left) != 0 {
				t.Errorf("still missing: %v", left)
			}
			s.Consents[0].Version = "v0"
			if left := Missing(s, today); len(left) != 1 || left[0].Section != Consents {
				t.Errorf("with consent to an older text: %v", left)
			}
		})
	}
}

func TestBelarusNeedsNoStayProof(t *testing.T) {
	s := &review.Submission{Track: review.ForeignCitizen, Answers: review.Answers{review.Citizenship: {Value: "BLR"}}}
	sec, _ := SectionByCode(s.Track, Stay)
	if state := SectionState(s, sec, today); state != Optional {
		t.Errorf("stay is %s", state)
	}
	if state := SlotState(s, review.SlotStayProof, today); state != Optional {
		t.Errorf("the document is %s", state)
	}
	if StayExempt("BLR", field.Date{Year: 1990, Month: 1, Day: 1}) || StayExempt("UZB", today) {
		t.Error("exempt outside its time or country")
	}
}

func TestTypedIsRedacted(t *testing.T) {
	if got := fmt.Sprintf("%v %+v %#v %s", personA, personA, personA, personA); strings.Contains(got, "Намунаев") {
		t.Error(got)
	}
}
