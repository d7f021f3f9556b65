package specimen

import (
	"slices"
	"strings"
	"testing"
	"time"

	"okno/review/field"
	"okno/review/mrz"
)

// TestAnswersPassTheRules runs every answer ever sent through the desk's own
// rules; none may be refused.
func TestAnswersPassTheRules(t *testing.T) {
	latin := []string{"surname-latin", "given-name-latin"}
	rules := map[string]func(string) (string, []field.Fault){
		"surname": field.NameCyrillic, "given-name": field.NameCyrillic, "patronymic": field.NameCyrillic,
		latin[0]: field.NameLatin, latin[1]: field.NameLatin, "birth-place": field.BirthPlace, "sex": field.Sex,
		"citizenship": field.Citizenship, "residence-country": field.Citizenship, "residence-address": field.Address, "address": field.Address,
		"postal-index": field.PostalIndex, "inn": field.INN, "snils": field.SNILS, "oms": field.OMS, "division-code": field.DivisionCode,
		"document-issuer": func(s string) (string, []field.Fault) { return field.FreeText(s, 2, 200) },
	}
	proofs := map[string]func(string) (string, []field.Fault){"migration-card": field.MigrationCard, "residence-permit": field.ResidencePermit,
		"patent": field.Patent, "visa": field.Visa}
	// Typed in error and asked about in a correction.
	mistyped := func(c Case, f string) bool {
		return slices.ContainsFunc(c.Steps, func(s Step) bool {
			return slices.ContainsFunc(s.Reasons, func(x Reason) bool { return x.Target == f })
		})
	}
	for _, seed := range []uint64{1, 2, 3} {
		for _, c := range Desk(seed, now) {
			if _, f := field.Email(c.Email); f != nil {
				t.Errorf("case %d: mail %s: %v", c.Number, c.Email, f)
			}
			if _, f := field.MobileRU(c.Phone); f != nil {
				t.Errorf("case %d: phone %s: %v", c.Number, c.Phone, f)
			}
			for _, s := range c.Steps {
				if s.Kind != Submitted && s.Kind != Resubmitted {
					continue
				}
				on, a := field.DateOf(s.At.In(Moscow)), s.Answers
				check := func(what, v string, faults []field.Fault) {
					if len(faults) > 0 {
						t.Errorf("seed %d case %d (%s): %s %q: %v", seed, c.Number, c.State, what, v, faults)
					}
				}
				for f, rule := range rules {
					if a[f] != "" {
						_, faults := rule(a[f])
						check(f, a[f], faults)
					}
				}
				for _, f := range []string{"surname", "given-name", "birth-date", "birth-place", "sex", "citizenship", "document-type", "document-number", "document-issue-date", "document-issuer"} {
					if a[f] == "" {
						t.Errorf("case %d lacks %s", c.Number, f)
					}
				}
				_, faults := field.BirthDate(a["birth-date"], on, 14)
				check("birth-date", a["birth-date"], faults)
				birth, _ := field.ParseDate(a["birth-date"])
				issue, faults := field.ParseDate(a["document-issue-date"])
				check("issue", a["document-issue-date"], append(faults, field.CheckIssue(issue, birth, on)...))
				if a["document-type"] == "rf-passport" {
					_, faults = field.RFPassport(a["document-number"])
					check("passport", a["document-number"], faults)
					if state := field.RFPassportState(birth, issue, on); state != "valid" {
						t.Errorf("case %d: internal passport of %s, born %s: %s", c.Number, issue, birth, state)
					}
				} else {
					expiry, faults := field.ParseDate(a["document-expiry-date"])
					check("expiry", a["document-expiry-date"], append(faults, field.CheckExpiry(expiry, issue, on)...))
					if a["document-type"] == "rf-travel-passport" {
						_, faults = field.TravelPassport(a["document-number"])
					} else if _, faults = field.ForeignPassport(a["citizenship"], a["document-number"]); !field.Blocking(faults) && mistyped(c, "citizenship") {
						faults = nil
					}
					check("passport", a["document-number"], faults)
				}
				if rule := proofs[a["stay-proof-type"]]; rule != nil {
					_, faults := rule(a["stay-proof-number"])
					check("stay proof", a["stay-proof-number"], faults)
				}
				if c.Track == "foreign-citizen" {
					if (a["stay-proof-type"] == "") != (c.truth["citizenship"] == "BLR") || a["stay-to"] != "" && a["stay-to"] < s.At.Format(day) {
						t.Errorf("case %d: stay proof %q until %s", c.Number, a["stay-proof-type"], a["stay-to"])
					}
				} else if a["residence-proof-type"] == "" || a["residence-address"] == "" || a["residence-country"] == "RUS" {
					t.Errorf("case %d: no residence abroad", c.Number)
				}
			}
		}
	}
}

// TestNamesCompareAsPlanned holds typed and printed names against the desk's
// own comparison.
func TestNamesCompareAsPlanned(t *testing.T) {
	for _, c := range Desk(1, now) {
		typed := c.Steps[0].Answers
		if c.DuplicateOf != 0 || c.Track == "from-abroad" && c.NameVerdict == "exact" {
			continue
		}
		verdict := field.Worst(field.NameMatch(typed["surname"], c.truth["surname"], ""), field.NameMatch(typed["given-name"], c.truth["given-name"], ""))
		if typed["surname-latin"] != "" {
			verdict = field.Worst(field.NameMatch(typed["surname-latin"], c.truth["surname-latin"], c.truth["citizenship"]),
				field.NameMatch(typed["given-name-latin"], c.truth["given-name-latin"], c.truth["citizenship"]))
		}
		asked := slices.ContainsFunc(c.Steps, func(s Step) bool {
			return slices.ContainsFunc(s.Reasons, func(x Reason) bool { return x.Code == "name-mismatch" })
		})
		ok := verdict == field.Exact
		switch {
		case c.NameVerdict == "mismatch":
			ok = verdict == field.Different
		case c.NameVerdict == "variant":
			ok = verdict == field.Equivalent || verdict == field.Close
		case asked:
			ok = verdict != field.Exact
		}
		if !ok {
			t.Errorf("case %d: planned %s, compares %s: %s %s / %s %s", c.Number, c.NameVerdict, verdict,
				typed["surname-latin"], typed["given-name-latin"], c.truth["surname-latin"], c.truth["given-name-latin"])
		}
	}
}

// TestMachineReadableLines reads back what the passports print.
func TestMachineReadableLines(t *testing.T) {
	for _, c := range append(Desk(1, now), RandomCase(5, now), RandomCase(6, now)) {
		for _, s := range c.Scans {
			if s.Slot != "passport" {
				continue
			}
			lines, p := c.lines(s), with(c.truth, s.printed)
			var faults []string
			var number, born string
			if p["document-type"] == "rf-passport" {
				var d mrz.Internal
				d, faults = mrz.PNRUS(lines[0], lines[1])
				number, born = d.Series+" "+d.Number, d.BirthDate
			} else {
				var d mrz.Document
				d, faults = mrz.TD3(lines[0], lines[1])
				number, born = d.Number, d.BirthDate
			}
			if s.Flaw == FlawMRZ {
				if len(faults) == 0 {
					t.Errorf("case %d: the wrong check digit is right", c.Number)
				}
				continue
			}
			if len(faults) > 0 || strings.ReplaceAll(number, " ", "") != strings.ReplaceAll(p["document-number"], " ", "") || born != shortDate(p["birth-date"]) {
				t.Errorf("case %d: %v: %v", c.Number, lines, faults)
			}
		}
	}
}

// TestManySeeds makes sure that no seed and no time of day breaks the quotas.
func TestManySeeds(t *testing.T) {
	for seed := range uint64(60) {
		cases := Desk(seed, now.Add(time.Duration(seed)*time.Hour))
		twins := 0
		for _, c := range cases {
			if c.DuplicateOf > 0 {
				twins++
			}
		}
		if twins != 15 {
			t.Errorf("seed %d: %d duplicates", seed, twins)
		}
	}
}
