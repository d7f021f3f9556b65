package field_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/review/field"
	"okno/review/mrz"
)

// shippedRules and shippedCases are the contents of testdata/vectors.json. Another file
// can be run by setting OKNO_VECTORS to its name.
const (
	shippedRules = 34
	shippedCases = 398
)

type object = map[string]any

// outcome is everything a rule says about a case, by the names the vectors use.
type outcome = object

// rule runs one algorithm. Inputs are the keys of a case that are given to the rule; all
// others except note are expectations. Primary is the outcome that "expected" and the
// "wrong…" keys speak about.
type rule struct {
	inputs  []string
	primary string
	run     func(c, settings object) outcome
}

func TestVectors(t *testing.T) {
	name := os.Getenv("OKNO_VECTORS")
	shipped := name == ""
	if shipped {
		name = "testdata/vectors.json"
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Algorithms map[string]object }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	total := 0
	for algorithm, settings := range file.Algorithms {
		total += runRule(t, algorithm, settings)
	}
	t.Logf("%d rules, %d cases", len(file.Algorithms), total)
	if total == 0 {
		t.Fatal("no case was run")
	}
	if shipped && (len(file.Algorithms) != shippedRules || total != shippedCases || len(rules) != shippedRules) {
		t.Errorf("ran %d rules and %d cases with %d runners, want %d and %d",
			len(file.Algorithms), total, len(rules), shippedRules, shippedCases)
	}
}

func runRule(t *testing.T, algorithm string, settings object) (cases int) {
	r, known := rules[algorithm]
	if !known {
		t.Errorf("unknown rule %q", algorithm)
		return 0
	}
	for _, group := range []string{"valid", "invalid"} {
		list, _ := settings[group].([]any)
		for i, c := range list {
			cases++
			t.Run(fmt.Sprintf("%s/%s/%d", algorithm, group, i), func(t *testing.T) {
				verify(t, r, c.(object), settings, group == "valid")
			})
		}
	}
	if cases == 0 {
		t.Errorf("rule %q has no case", algorithm)
	}
	return cases
}

func verify(t *testing.T, r rule, c, settings object, valid bool) {
	got := plain(r.run(c, settings))
	if faults, found := got["errors"]; found && valid && len(faults.([]any)) > 0 {
		t.Errorf("%v: refused with %v", c, faults)
	}
	expectations := 0
	for key, want := range c {
		switch {
		case key == "note" || slices.Contains(r.inputs, key):
			continue
		case strings.HasPrefix(key, "wrong"), key == "digit" && c["expected"] != nil:
			if reflect.DeepEqual(got[r.primary], want) {
				t.Errorf("%v: gives the wrong %v", c, want)
			}
		case key == "expected":
			expect(t, c, r.primary, got, want)
		default:
			expect(t, c, key, got, want)
		}
		expectations++
	}
	if _, faults := got["errors"]; expectations == 0 && !(valid && faults) {
		t.Errorf("%v: nothing is expected of this case", c)
	}
	if c["error"] != nil && c["level"] == nil && got["level"] != "error" {
		t.Errorf("%v: level %v, want error", c, got["level"])
	}
}

func expect(t *testing.T, c object, key string, got outcome, want any) {
	t.Helper()
	value, known := got[key]
	if !known {
		t.Errorf("%v: the rule says nothing about %q", c, key)
	} else if !reflect.DeepEqual(value, want) {
		t.Errorf("%v: %s is %v, want %v", c, key, value, want)
	}
}

// plain turns an outcome into what JSON would have held.
func plain(o outcome) object {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	var out object
	if err := json.Unmarshal(text, &out); err != nil {
		panic(err)
	}
	return out
}

// judged is the outcome of a rule with a normal form and faults.
func judged(normal string, faults []field.Fault) outcome {
	o := refused(faults)
	o["normalized"] = normal
	return o
}

func refused(faults []field.Fault) outcome {
	codes := []string{}
	for _, f := range faults {
		codes = append(codes, f.Code)
	}
	o := coded(codes)
	if len(faults) > 0 && faults[0].Warning {
		o["level"] = "warning"
	}
	return o
}

func coded(codes []string) outcome {
	o := outcome{"errors": append([]string{}, codes...), "level": "error"}
	if len(codes) > 0 {
		o["error"] = codes[0]
	}
	return o
}

func str(o object, key string) string { s, _ := o[key].(string); return s }

func day(s string) field.Date {
	if s == "" {
		return field.Date{}
	}
	d, faults := field.ParseDate(s)
	if faults != nil {
		panic("bad date in vectors: " + s)
	}
	return d
}

func moment(s string) time.Time {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return at
}

// typed makes the runner of a rule over one text.
func typed(check func(string) (string, []field.Fault)) rule {
	return rule{inputs: []string{"input"}, run: func(c, _ object) outcome {
		return judged(check(str(c, "input")))
	}}
}

// spelled makes the runner of a transliteration.
func spelled(primary string, spell func(string) string) rule {
	return rule{inputs: []string{"input"}, primary: primary, run: func(c, _ object) outcome {
		return outcome{primary: spell(str(c, "input"))}
	}}
}

var rules = map[string]rule{
	"snils":                     typed(field.SNILS),
	"inn12":                     typed(field.INN),
	"oms-enp":                   typed(field.OMS),
	"payment-card-number":       typed(field.Card),
	"person-name-cyrillic":      typed(field.NameCyrillic),
	"person-name-latin":         typed(field.NameLatin),
	"citizenship-code":          typed(field.Citizenship),
	"mrz-nationality":           typed(field.Nationality),
	"rf-passport-number":        typed(field.RFPassport),
	"rf-travel-passport-number": typed(field.TravelPassport),
	"migration-card-number":     typed(field.MigrationCard),
	"residence-permit-number":   typed(field.ResidencePermit),
	"patent-number":             typed(field.Patent),
	"division-code":             typed(field.DivisionCode),
	"phone-ru-mobile":           typed(field.MobileRU),
	"phone-e164":                typed(field.Phone),
	"postal-index":              typed(field.PostalIndex),
	"email":                     typed(field.Email),
	"icao-transliteration":      spelled("output", field.Transliterate),
	"pnrus-transliteration": spelled("encoded", func(s string) string {
		code, err := mrz.EncodeRussian(s)
		if err != nil {
			return err.Error()
		}
		return code
	}),
	"password-composition": {inputs: []string{"input"}, run: func(c, _ object) outcome {
		return refused(field.Password(str(c, "input")))
	}},
	"foreign-passport-number": {inputs: []string{"input", "country"}, run: func(c, _ object) outcome {
		return judged(field.ForeignPassport(str(c, "country"), str(c, "input")))
	}},
	"birth-date": {inputs: []string{"input"}, run: func(c, settings object) outcome {
		return judged(field.BirthDate(str(c, "input"), day(str(settings, "asOf")), int(settings["minAge"].(float64))))
	}},
	"mrz-check-digit": {inputs: []string{"input"}, primary: "digit", run: func(c, _ object) outcome {
		return outcome{"digit": mrz.CheckDigit(str(c, "input"))}
	}},
	"mrz-td3":             {inputs: []string{"lines"}, run: runTD3},
	"mrz-pnrus":           {inputs: []string{"lines"}, run: runPNRUS},
	"mrz-two-digit-year":  {inputs: []string{"input", "kind"}, primary: "year", run: runYear},
	"name-match":          {inputs: []string{"cyrillic", "latin", "issuingState"}, run: runNameMatch},
	"rf-passport-state":   {inputs: []string{"birthDate", "issueDate", "asOf"}, run: runPassportState},
	"document-file":       {inputs: []string{"fileName", "headHex", "sizeBytes"}, run: runDocumentFile},
	"visa-free-stay-2025": {inputs: []string{"entries", "asOf"}, run: runStay},
	"review-clock":        {inputs: []string{"events", "asOf", "calendar"}, run: runClock},
	"totp":                {inputs: []string{"secretBase32", "unixTime", "code", "lastAcceptedStep"}, run: runTOTP},
	"duplicate-verdict":   {inputs: []string{"a", "b"}, run: runDuplicate},
}

func lines(c object) (string, string) {
	list := c["lines"].([]any)
	return list[0].(string), list[1].(string)
}

func runTD3(c, _ object) outcome {
	d, faults := mrz.TD3(lines(c))
	o := coded(faults)
	o["parsed"] = object{
		"issuingState": d.Issuer, "surname": d.Surname, "givenNames": d.GivenNames, "documentNumber": d.Number,
		"nationality": d.Nationality, "birthDate": d.BirthDate, "sex": d.Sex, "expiryDate": d.ExpiryDate,
		"optionalData": d.OptionalData,
	}
	return o
}

func runPNRUS(c, _ object) outcome {
	d, faults := mrz.PNRUS(lines(c))
	o := coded(faults)
	o["parsed"] = object{
		"surname": d.Surname, "givenName": d.GivenName, "patronymic": d.Patronymic, "series": d.Series,
		"number": d.Number, "birthDate": d.BirthDate, "sex": d.Sex, "issueDate": d.IssueDate,
		"divisionCode": d.DivisionCode,
	}
	return o
}

func runYear(c, settings object) outcome {
	century := map[string]func(string, int) (int, bool){"birth": mrz.BirthYear, "expiry": mrz.ExpiryYear}[str(c, "kind")]
	year, ok := century(str(c, "input"), day(str(settings, "asOf")).Year)
	if !ok {
		return coded([]string{"format"})
	}
	return outcome{"year": year}
}

func runNameMatch(c, _ object) outcome {
	return outcome{"verdict": field.NameMatch(str(c, "cyrillic"), str(c, "latin"), str(c, "issuingState"))}
}

func runPassportState(c, _ object) outcome {
	return outcome{"state": field.RFPassportState(day(str(c, "birthDate")), day(str(c, "issueDate")), day(str(c, "asOf")))}
}

func runDocumentFile(c, settings object) outcome {
	head, err := hex.DecodeString(str(c, "headHex"))
	if err != nil {
		panic(err)
	}
	if settings["maxBytes"] != float64(field.MaxFileBytes) {
		panic("another size limit")
	}
	kind, faults := field.DocumentFile(str(c, "fileName"), head, int64(c["sizeBytes"].(float64)))
	o := refused(faults)
	o["kind"] = kind
	return o
}

func runStay(c, settings object) outcome {
	if settings["limitDays"] != float64(field.StayLimitDays) {
		panic("another limit of days")
	}
	var stays []field.Stay
	for _, e := range c["entries"].([]any) {
		e := e.(object)
		stays = append(stays, field.Stay{Entry: day(str(e, "entry")), Exit: day(str(e, "exit"))})
	}
	r := field.VisaFreeStay(stays, day(str(c, "asOf")))
	return outcome{"usedThisYear": r.UsedThisYear, "continuous": r.Continuous, "remaining": r.Remaining, "state": r.State}
}

func runClock(c, settings object) outcome {
	if settings["budgetMinutes"] != field.ReviewBudget.Minutes() ||
		settings["resubmissionFloorMinutes"] != field.ResubmissionFloor.Minutes() {
		panic("another budget")
	}
	var events []field.ClockEvent
	for _, e := range c["events"].([]any) {
		e := e.(object)
		events = append(events, field.ClockEvent{Kind: str(e, "type"), At: moment(str(e, "at"))})
	}
	r := field.ReadClock(events, deskCalendar(c["calendar"]), moment(str(c, "asOf")))
	return outcome{"deskMinutes": r.DeskMinutes(), "remaining": r.RemainingMinutes(), "breached": r.Breached, "clock": r.State}
}

func deskCalendar(v any) field.Calendar {
	if v == nil || v == "24x7" {
		return field.Calendar{}
	}
	o := v.(object)
	open, shut, err := field.ParseHours(str(o, "hours"))
	if err != nil {
		panic(err)
	}
	calendar := field.Calendar{Open: open, Close: shut}
	days, _ := o["days"].([]any)
	for _, d := range days {
		calendar.Days = append(calendar.Days, time.Weekday(int(d.(float64))%7))
	}
	if offset, ok := o["utcOffset"].(float64); ok {
		calendar.Offset = time.Duration(offset * float64(time.Hour))
	}
	holidays, _ := o["holidays"].([]any)
	for _, h := range holidays {
		calendar.Holidays = append(calendar.Holidays, day(h.(string)))
	}
	for key := range maps.Keys(o) {
		if !slices.Contains([]string{"hours", "days", "utcOffset", "holidays"}, key) {
			panic("unknown part of a calendar: " + key)
		}
	}
	return calendar
}

func runTOTP(c, settings object) outcome {
	if settings["stepSeconds"] != field.TOTPStep.Seconds() || settings["digits"] != float64(field.TOTPDigits) ||
		settings["windowSteps"] != float64(field.TOTPWindow) {
		panic("other parameters")
	}
	secret, err := field.TOTPSecret(str(c, "secretBase32"))
	if err != nil {
		panic(err)
	}
	last, _ := c["lastAcceptedStep"].(float64)
	at := time.Unix(int64(c["unixTime"].(float64)), 0)
	_, result := field.VerifyTOTP(secret, str(c, "code"), at, int64(last))
	return outcome{"result": result}
}

func runDuplicate(c, _ object) outcome {
	return outcome{"verdict": field.CompareDuplicate(person(c["a"]), person(c["b"]))}
}

func person(v any) field.Person {
	o := v.(object)
	known := []string{"surname", "given", "birthDate", "docCountry", "docNumber", "snils", "inn", "oms", "phone", "email"}
	for key := range maps.Keys(o) {
		if !slices.Contains(known, key) {
			panic("unknown part of a person: " + key)
		}
	}
	return field.Person{
		Surname: str(o, "surname"), Given: str(o, "given"), BirthDate: str(o, "birthDate"),
		DocCountry: str(o, "docCountry"), DocNumber: str(o, "docNumber"), SNILS: str(o, "snils"),
		INN: str(o, "inn"), OMS: str(o, "oms"), Phone: str(o, "phone"), Email: str(o, "email"),
	}
}
