package field

import (
	"testing"
	"time"
)

func TestDateBoxes(t *testing.T) {
	for _, c := range []struct{ day, month, year, want, codes string }{
		{"15", "1", "1990", "1990-01-15", ""},
		{" 05 ", "мая", "1990", "1990-05-05", ""},
		{"5", "Май", "1990 г.", "1990-05-05", ""},
		{"1st", "September", "2000", "2000-09-01", ""},
		{"1", "сент.", "2000", "2000-09-01", ""},
		{"31", "Dec", "2000", "2000-12-31", ""},
		{"9", "ИЮНЬ", "2000", "2000-06-09", ""},
		{"9", "июля", "2000", "2000-07-09", ""},
		{"14", "", "1991", "", "part:month"},
		{"", "5", "1991", "", "part:day"},
		{"", "5", "", "", "part:day part:year"},
		{"", "", "", "", "empty"},
		{"32", "5", "1991", "", "format:day"},
		{"0", "5", "1991", "", "format:day"},
		{"1", "13", "1991", "", "format:month"},
		{"1", "мухобря", "1991", "", "format:month"},
		{"1", "5", "91", "", "format:year"},
		{"30", "2", "1991", "", "not-a-date"},
		{"29", "февраля", "1991", "", "not-a-date"},
		{"29", "февраля", "1992", "1992-02-29", ""},
	} {
		d, faults := DateBoxes(c.day, c.month, c.year)
		if d.String() != c.want || codesOf(faults) != c.codes {
			t.Errorf("%q %q %q: %q %q, want %q %q", c.day, c.month, c.year, d, codesOf(faults), c.want, c.codes)
		}
	}
}

func TestPartialDateBoxes(t *testing.T) {
	for _, c := range []struct{ day, month, year, want, codes string }{
		{"", "", "1990", "1990", ""},
		{"", "май", "1990", "1990-05", ""},
		{"5", "май", "1990", "1990-05-05", ""},
		{"5", "", "1990", "", "part:month"},
		{"", "май", "", "", "part:year"},
		{"", "", "", "", "empty"},
	} {
		d, faults := PartialDateBoxes(c.day, c.month, c.year)
		if d.String() != c.want || codesOf(faults) != c.codes {
			t.Errorf("%q %q %q: %q %q, want %q %q", c.day, c.month, c.year, d, codesOf(faults), c.want, c.codes)
		}
	}
}

func TestPartialDates(t *testing.T) {
	for in, want := range map[string]string{
		"1990": "year", "1990-05": "month", "1990-05-31": "day", "1990-13": "", "1990-00": "", "1990-05-00": "", "1990-5": "", "0000": "",
	} {
		d, faults := ParsePartialDate(in)
		if want == "" {
			if faults == nil {
				t.Errorf("%q was read as %q", in, d)
			}
			continue
		}
		if faults != nil || d.Precision() != want || d.String() != in {
			t.Errorf("%q: %q %s %v", in, d, d.Precision(), faults)
		}
	}
	if _, faults := ParseDate("1990-05"); codesOf(faults) != "format" {
		t.Errorf("a partial date passed as full: %v", faults)
	}
	if got := (Date{1990, 5, 1}).Dotted() + (Date{1990, 5, 0}).Dotted() + (Date{Year: 1990}).Dotted(); got != "01.05.199005.19901990" {
		t.Error(got)
	}
}

func TestAge(t *testing.T) {
	leap := Date{2008, 2, 29}
	for _, c := range []struct {
		birth, on Date
		want      int
	}{
		{leap, Date{2022, 2, 28}, 13}, {leap, Date{2022, 3, 1}, 14}, {leap, Date{2024, 2, 29}, 16},
		{Date{2012, 3, 2}, Date{2026, 3, 1}, 13}, {Date{2012, 3, 1}, Date{2026, 3, 1}, 14},
		{Date{2026, 3, 2}, Date{2026, 3, 1}, -1},
	} {
		if got := Age(c.birth, c.on); got != c.want {
			t.Errorf("born %s, on %s: %d, want %d", c.birth, c.on, got, c.want)
		}
	}
	today := Date{2026, 3, 1}
	for _, c := range []struct {
		birth Date
		codes string
	}{
		{Date{Year: 2012}, ""}, {Date{Year: 2013}, "too-young"}, {Date{Year: 1905}, ""}, {Date{Year: 1904}, "too-old"}, {Date{Year: 2027}, "future"},
		{Date{2012, 3, 0}, ""}, {Date{2012, 4, 0}, "too-young"},
	} {
		if got := codesOf(CheckBirth(c.birth, today, DefaultMinAge)); got != c.codes {
			t.Errorf("born %s: %q, want %q", c.birth, got, c.codes)
		}
	}
}

func TestDocumentDates(t *testing.T) {
	today := Date{2026, 3, 1}
	for _, c := range []struct {
		faults []Fault
		want   string
	}{
		{CheckIssue(Date{2026, 3, 1}, Date{1990, 1, 1}, today), ""},
		{CheckIssue(Date{2026, 3, 2}, Date{1990, 1, 1}, today), "future"},
		{CheckIssue(Date{1989, 3, 2}, Date{1990, 1, 1}, today), "before-birth"},
		{CheckIssue(Date{1989, 3, 2}, Date{}, today), ""},
		{CheckExpiry(today, Date{2016, 3, 1}, today), "expires-soon?"},
		{CheckExpiry(Date{2026, 3, 31}, Date{2016, 3, 1}, today), ""},
		{CheckExpiry(Date{2026, 2, 28}, Date{}, today), "expired"},
		{CheckExpiry(Date{2026, 4, 28}, Date{2026, 4, 28}, today), "before-issue"},
	} {
		if got := codesOf(c.faults); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestStayWithoutKnowledge(t *testing.T) {
	today := Date{2026, 3, 1}
	for _, stays := range [][]Stay{nil, {{Entry: Date{2026, 3, 2}}}, {{Entry: Date{2026, 2, 2}, Exit: Date{2026, 2, 1}}}} {
		if got := VisaFreeStay(stays, today); got.State != StayUnknown {
			t.Errorf("%v: %+v", stays, got)
		}
	}
	got := VisaFreeStay([]Stay{{Entry: Date{2026, 1, 1}, Exit: Date{2026, 1, 31}}, {Entry: Date{2026, 1, 5}, Exit: Date{2026, 1, 10}}}, today)
	if got.UsedThisYear != 31 {
		t.Errorf("a stay within another: %+v", got)
	}
}

func TestClockLifeAfterBreachAndOutage(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 3, 2, 10, minute, 0, 0, time.UTC) }
	late := ReadClock([]ClockEvent{{ClockSubmitted, at(0)}, {ClockCorrectionRequested, at(130)}, {ClockResubmitted, at(200)}}, Calendar{}, at(201))
	if !late.Breached || late.RemainingMinutes() != 29 || late.State != ClockRunning || !late.Due.Equal(at(230)) {
		t.Errorf("late once: %+v", late)
	}
	outage := ReadClock([]ClockEvent{{ClockSubmitted, at(0)}, {ClockPaused, at(10)}, {ClockResumed, at(100)}, {"claimed", at(101)}}, Calendar{}, at(110))
	if outage.DeskMinutes() != 20 || outage.RemainingMinutes() != 100 {
		t.Errorf("outage: %+v", outage)
	}
	if early := ReadClock([]ClockEvent{{ClockSubmitted, at(5)}}, Calendar{}, at(0)); early.Desk != 0 || early.State != ClockOnPause {
		t.Errorf("an event of the future counted: %+v", early)
	}
	half := ReadClock([]ClockEvent{{ClockSubmitted, at(0)}, {ClockDecided, at(120).Add(time.Second)}}, Calendar{}, at(130))
	if !half.Breached || half.RemainingMinutes() != -1 {
		t.Errorf("one second late: %+v", half)
	}
}

func TestCalendarAddIsTheInverseOfBetween(t *testing.T) {
	open, shut, err := ParseHours("09:00-18:00")
	if err != nil {
		t.Fatal(err)
	}
	weekdays := []time.Weekday{1, 2, 3, 4, 5}
	holiday := Date{2026, 3, 9}
	for name, c := range map[string]Calendar{
		"round the clock": {},
		"weekdays":        {Open: open, Close: shut, Days: weekdays, Offset: 3 * time.Hour, Holidays: []Date{holiday}},
		"night desk":      {Open: shut, Close: open, Offset: -5 * time.Hour},
		"all but holiday": {Holidays: []Date{holiday}},
	} {
		from := time.Date(2026, 3, 6, 13, 37, 0, 0, time.UTC)
		for minutes := 1; minutes < 4000; minutes += 61 {
			desk := time.Duration(minutes) * time.Minute
			to := c.Add(from, desk)
			if got := c.Between(from, to); got != desk {
				t.Fatalf("%s: %v after %v is %v, which is %v of desk time", name, desk, from, to, got)
			}
			if c.Between(from, to.Add(-time.Second)) >= desk {
				t.Fatalf("%s: %v is not the first moment after %v", name, to, desk)
			}
		}
	}
	closed := Calendar{Open: open, Close: shut, Days: []time.Weekday{9}}
	from := time.Date(2026, 3, 6, 13, 37, 0, 0, time.UTC)
	if closed.Between(from, from.AddDate(0, 1, 0)) != 0 || closed.Add(from, time.Hour).Before(from.AddDate(1, 0, 0)) {
		t.Error("a desk that never opens works")
	}
	for _, bad := range []string{"", "9-18", "09:00-25:00", "24:00-25:00", "09:60-18:00"} {
		if _, _, err := ParseHours(bad); err == nil {
			t.Errorf("%q passed as desk hours", bad)
		}
	}
}

func TestTOTPMatchesRFC6238(t *testing.T) {
	secret := []byte("12345678901234567890")
	for unix, want := range map[int64]string{59: "287082", 1111111109: "081804", 20000000000: "353130"} {
		if got := TOTP(secret, time.Unix(unix, 0)); got != want {
			t.Errorf("%d: %s, want %s", unix, got, want)
		}
	}
	at := time.Unix(1772323200, 0)
	step, result := VerifyTOTP(secret, " "+TOTP(secret, at)[:3]+" "+TOTP(secret, at)[3:], at, 0)
	if result != TOTPAccepted || step != at.Unix()/30 {
		t.Errorf("%d %s", step, result)
	}
	if _, again := VerifyTOTP(secret, TOTP(secret, at), at.Add(10*time.Second), step); again != TOTPReplayed {
		t.Errorf("the same code again: %s", again)
	}
	for _, late := range []time.Duration{-31 * time.Second, 60 * time.Second} {
		if _, result := VerifyTOTP(secret, TOTP(secret, at), at.Add(late), 0); result != TOTPWrong {
			t.Errorf("%v away: %s", late, result)
		}
	}
	back, err := TOTPSecret(" " + FormatTOTPSecret(secret)[:8] + " " + FormatTOTPSecret(secret)[8:] + "==")
	if err != nil || string(back) != string(secret) {
		t.Errorf("secret %q, %v", back, err)
	}
}

func TestPassportStateOnTheBirthday(t *testing.T) {
	birth, issue := Date{2006, 3, 1}, Date{2020, 4, 1}
	for day, want := range map[Date]string{
		{2026, 2, 28}: PassportValid, {2026, 3, 1}: PassportGrace, {2026, 5, 30}: PassportGrace, {2026, 5, 31}: PassportExpired,
	} {
		if got := RFPassportState(birth, issue, day); got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
}
