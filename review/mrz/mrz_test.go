package mrz

import (
	"slices"
	"strings"
	"testing"
)

func TestTD1(t *testing.T) {
	lines := []string{"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"}
	d, faults := TD1(lines[0], lines[1], lines[2])
	if faults != nil {
		t.Fatal(faults)
	}
	if d.Surname != "ERIKSSON" || d.GivenNames != "ANNA MARIA" || d.Number != "D23145890" || d.Nationality != "UTO" || d.Sex != "F" || d.NamesCut {
		t.Errorf("read %+v", d)
	}
	_, faults = TD1(lines[0], strings.Replace(lines[1], "740812", "740813", 1), lines[2])
	if want := []string{"check:birth-date", "check:composite"}; !slices.Equal(faults, want) {
		t.Errorf("changed birth date: %v, want %v", faults, want)
	}
	_, faults = TD1(lines[0], lines[1], lines[2]+"<")
	if !slices.Equal(faults, []string{"length"}) {
		t.Errorf("long third line: %v", faults)
	}
}

func TestTD1LongNumber(t *testing.T) {
	// ICAO Doc 9303 part 5: the check digit place holds a filler, the number goes on in
	// the optional data and ends with its check digit.
	first := "I<UTOD23145890<7349<<<<<<<<<<<"
	second := "7408122F1204159UTO<<<<<<<<<<<"
	second += string(rune('0' + CheckDigit(first[5:]+second[:7]+second[8:15]+second[18:29])))
	d, faults := TD1(first, second, "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
	if faults != nil || d.Number != "D23145890734" {
		t.Errorf("number %q, faults %v", d.Number, faults)
	}
}

func TestMRVA(t *testing.T) {
	d, faults := MRVA("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4UZB4009078F96121096ZE184226B<<<<<<")
	if faults != nil || d.Number != "L8988901C" || d.Nationality != "UZB" || d.OptionalData != "6ZE184226B" {
		t.Errorf("read %+v, faults %v", d, faults)
	}
	_, faults = MRVA("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4UZB4009078F96121096ZE184226B<<<<<<")
	if !slices.Equal(faults, []string{"document-code"}) {
		t.Errorf("passport as visa: %v", faults)
	}
}

func TestBuildTD3ReadsBack(t *testing.T) {
	for _, d := range []Document{
		{Issuer: "UZB", Surname: "SINOVOVA", GivenNames: "OʻKTAM", Number: "AA0000017", Nationality: "UZB", BirthDate: "900115", Sex: "M", ExpiryDate: "321114", OptionalData: "39015090000017"},
		{Issuer: "KGZ", Surname: "Synoo Uulu", GivenNames: "", Number: "PE0000035", Nationality: "KGZ", BirthDate: "88<<<<", Sex: "", ExpiryDate: "310703"},
		{Issuer: "D", Surname: "Müller-Größe", GivenNames: "Åsa", Number: "C0Y0000X1", Nationality: "D", BirthDate: "830624", Sex: "F", ExpiryDate: "300623"},
		{Issuer: "LKA", Surname: strings.Repeat("SPECIMEN", 6), GivenNames: "TESTA", Number: "N1234567", Nationality: "LKA", BirthDate: "010101", Sex: "X", ExpiryDate: "300623"},
	} {
		lines, err := BuildTD3(d)
		if err != nil {
			t.Errorf("%+v: %v", d, err)
			continue
		}
		back, faults := TD3(strings.ToLower(lines[0][:20])+" "+lines[0][20:], lines[1])
		if faults != nil || back.Number != d.Number || back.BirthDate != d.BirthDate || back.OptionalData != d.OptionalData || back.Sex != d.Sex {
			t.Errorf("%v read back as %+v, %v", lines, back, faults)
		}
		if (back.GivenNames == "") != (d.GivenNames == "") {
			t.Errorf("%v: given names %q from %q", lines, back.GivenNames, d.GivenNames)
		}
		if long := len(d.Surname) > 36; back.NamesCut != long {
			t.Errorf("%v: cut %v, want %v", lines, back.NamesCut, long)
		}
	}
}

func TestBuildTD3Refuses(t *testing.T) {
	good := Document{Issuer: "UZB", Surname: "A", Number: "AA0000017", Nationality: "UZB", BirthDate: "900115", ExpiryDate: "321114"}
	for name, spoil := range map[string]func(*Document){
		"cyrillic name":   func(d *Document) { d.Surname = "Примеров" },
		"long number":     func(d *Document) { d.Number = "AA00000170" },
		"short date":      func(d *Document) { d.BirthDate = "9001" + "1" },
		"sex":             func(d *Document) { d.Sex = "Q" },
		"long optional":   func(d *Document) { d.OptionalData = "123456789012345" },
		"bad character":   func(d *Document) { d.Number = "AA-000017" },
		"visa code":       func(d *Document) { d.Code = "V<" },
		"long issuer":     func(d *Document) { d.Issuer = "UZBE" },
		"two-letter code": func(d *Document) { d.Nationality = "UZBE" },
	} {
		d := good
		spoil(&d)
		if lines, err := BuildTD3(d); err == nil {
			t.Errorf("%s: built %v", name, lines)
		}
	}
	if _, err := BuildTD3(good); err != nil {
		t.Error(err)
	}
}

func TestBuildPNRUSReadsBack(t *testing.T) {
	for _, d := range []Internal{
		{Surname: "Щукина-Тестова", GivenName: "Юлия", Patronymic: "Эскизовна", Series: "0620", Number: "000028", BirthDate: "920731", Sex: "F", IssueDate: "200915", DivisionCode: "000-002"},
		{Surname: "Образец", GivenName: "Рауф", Patronymic: "Эльнур оглы", Series: "2118", Number: "000051", BirthDate: "960229", Sex: "M", IssueDate: "181011", DivisionCode: "000-005"},
		{Surname: "Йодова", GivenName: "Яна", Series: "1622", Number: "000040", BirthDate: "040518", Sex: "F", IssueDate: "220601", DivisionCode: "000-004"},
	} {
		lines, err := BuildPNRUS(d)
		if err != nil {
			t.Errorf("%+v: %v", d, err)
			continue
		}
		back, faults := PNRUS(lines[0], lines[1])
		back.Checks = nil
		d.Surname = strings.ToUpper(strings.ReplaceAll(d.Surname, "-", " "))
		d.GivenName, d.Patronymic = strings.ToUpper(d.GivenName), strings.ToUpper(d.Patronymic)
		if faults != nil || back.Surname != d.Surname || back.GivenName != d.GivenName || back.Patronymic != d.Patronymic ||
			back.Series != d.Series || back.Number != d.Number || back.IssueDate != d.IssueDate || back.DivisionCode != d.DivisionCode {
			t.Errorf("%v read back as %+v, %v; want %+v", lines, back, faults, d)
		}
	}
	if _, err := BuildPNRUS(Internal{Surname: "PRIMEROV", Series: "0620", Number: "000028"}); err == nil {
		t.Error("a Latin name was encoded")
	}
}

func TestPNRUSMatchesVectorWhenBuilt(t *testing.T) {
	lines, err := BuildPNRUS(Internal{Surname: "ПРИМЕРОВ", GivenName: "МАКЕТ", Patronymic: "ОБРАЗЦОВИЧ", Series: "0219", Number: "000017",
		BirthDate: "850312", Sex: "M", IssueDate: "190405", DivisionCode: "000-001"})
	want := [2]string{"PNRUSPRIMEROV<<MAKET<OBRAZCOVI3<<<<<<<<<<<<<", "0210000177RUS8503127M<<<<<<<9190405000001<98"}
	if err != nil || lines != want {
		t.Errorf("%v %v, want %v", lines, err, want)
	}
}

func TestChecksTellUnreadableFromWrong(t *testing.T) {
	d, _ := TD3("P<UZBNAMUNAEV<<SINOVBEK<<<<<<<<<<<<<<<<<<<<<", "AA0000017OUZB9001158M32111423901509000001715")
	want := []Check{{"document-number", Unreadable}, {"birth-date", Match}, {"expiry-date", Match}, {"optional-data", Match}, {"composite", Mismatch}}
	if !slices.Equal(d.Checks, want) {
		t.Errorf("checks %v, want %v", d.Checks, want)
	}
}

func TestRepairTouchesOnlyDigitPlaces(t *testing.T) {
	kind, lines := Split(" p<uzbnamunaev<<sinovbek<<<<<<<<<<<<<<<<<<<<<\r\n\nAA00000I7OUZB9OO1158M3Z111423901509000001714\n")
	if kind != KindTD3 || len(lines) != 2 {
		t.Fatalf("split into %v %v", kind, lines)
	}
	got := Repair(kind, lines)
	if got[0] != lines[0] || got[1] != "AA00000I70UZB9001158M32111423901509000001714" {
		t.Errorf("repaired to %v", got)
	}
	if _, faults := TD3(got[0], got[1]); !slices.Equal(faults, []string{"check:document-number", "check:composite"}) {
		t.Errorf("a letter in the number was hidden: %v", faults)
	}
}

func TestSplitKinds(t *testing.T) {
	for text, want := range map[string]Kind{
		"PNRUSA<<\n02": KindPNRUS, "V<UTO\nL8": KindMRVA, "I<UTO\n74\nA<<B": KindTD1, "P<UTO\nAA": KindTD3, "": KindUnknown, "Q\nQ": KindUnknown,
	} {
		if got, _ := Split(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	for _, c := range []struct {
		read          func(string, int) (string, bool)
		printed, want string
		ok            bool
	}{
		{BirthDate, "900115", "1990-01-15", true},
		{BirthDate, "26<<<<", "2026", true},
		{BirthDate, "2705<<", "1927-05", true},
		{BirthDate, "900230", "", false},
		{BirthDate, "9013<<", "", false},
		{BirthDate, "<<<<<<", "", false},
		{BirthDate, "90<<15", "", false},
		{BirthDate, "9O0115", "", false},
		{BirthDate, "000229", "2000-02-29", true},
		{ExpiryDate, "760301", "2076-03-01", true},
		{ExpiryDate, "770301", "1977-03-01", true},
	} {
		got, ok := c.read(c.printed, 2026)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%s: %q %v, want %q %v", c.printed, got, ok, c.want, c.ok)
		}
	}
	if year, _ := ExpiryYear("10", 1995); year != 2010 {
		t.Errorf("expiry 10 seen in 1995 is %d", year)
	}
}

func TestRussianCodeIsReversible(t *testing.T) {
	code, err := EncodeRussian(russianLetters)
	if err != nil || code != russianCode || DecodeRussian(code) != russianLetters {
		t.Errorf("%q, %v", code, err)
	}
}

func TestEveryCodeIsListed(t *testing.T) {
	passport := strings.Repeat("0", 44)
	card := strings.Repeat("0", 30)
	_, a := TD3("<"+passport[1:], strings.Repeat("A", 44))
	_, b := PNRUS(passport, strings.Repeat("A", 44))
	_, c := TD1(card, strings.Repeat("A", 30), card)
	_, d := MRVA("", "")
	_, e := TD3(passport[1:]+"?", passport)
	seen := slices.Concat(a, b, c, d, e)
	for _, code := range seen {
		if !slices.Contains(Codes, code) {
			t.Errorf("code %q is not listed", code)
		}
	}
	for _, code := range Codes {
		if !slices.Contains(seen, code) {
			t.Errorf("code %q was never seen", code)
		}
	}
}

func FuzzTD3(f *testing.F) {
	f.Add("P<UZBNAMUNAEV<<SINOVBEK<<<<<<<<<<<<<<<<<<<<<", "AA00000170UZB9001158M32111423901509000001714")
	f.Add("P<D<<MUSTERPROBE<<TESTA<LIESE<<<<<<<<<<<<<<<", "C0Y0000X18D<<8306247F3006232<<<<<<<<<<<<<<<4")
	f.Add("", "Щ")
	f.Fuzz(func(t *testing.T, line1, line2 string) {
		d, faults := TD3(line1, line2)
		for _, code := range faults {
			if !slices.Contains(Codes, code) {
				t.Errorf("unlisted code %q", code)
			}
		}
		BirthDate(d.BirthDate, 2026)
		ExpiryDate(d.ExpiryDate, 2026)
		if len(faults) > 0 || strings.Trim(d.GivenNames+d.Surname, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ") != "" || d.NamesCut {
			return
		}
		if strings.ContainsAny(d.Number+d.OptionalData+d.Issuer+d.Nationality, " ") {
			return
		}
		lines, err := BuildTD3(d)
		if err != nil {
			t.Fatalf("cannot build %+v: %v", d, err)
		}
		back, _ := TD3(lines[0], lines[1])
		if back.Surname != d.Surname || back.GivenNames != d.GivenNames && d.Surname != "" || back.Number != d.Number {
			t.Errorf("%+v became %+v", d, back)
		}
	})
}

func FuzzPNRUS(f *testing.F) {
	f.Add("PNRUSPRIMEROV<<MAKET<OBRAZCOVI3<<<<<<<<<<<<<", "0210000177RUS8503127M<<<<<<<9190405000001<98")
	f.Add("PNRUSQODOVA<<8NA<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "1620000409RUS0405188F<<<<<<<2220601000004<52")
	f.Fuzz(func(t *testing.T, line1, line2 string) {
		_, faults := PNRUS(line1, line2)
		for _, code := range faults {
			if !slices.Contains(Codes, code) {
				t.Errorf("unlisted code %q", code)
			}
		}
	})
}

func FuzzText(f *testing.F) {
	f.Add("I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<")
	f.Add("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4UZB4009078F96121096ZE184226B<<<<<<")
	f.Fuzz(func(t *testing.T, text string) {
		kind, lines := Split(text)
		again, repaired := kind, Repair(kind, lines)
		if again == KindTD1 {
			TD1(repaired[0], repaired[1], repaired[2])
		}
		if again == KindMRVA {
			MRVA(repaired[0], repaired[1])
		}
		for i := range lines {
			if len(repaired[i]) != len(lines[i]) {
				t.Errorf("repair changed the length of %q", lines[i])
			}
		}
		if code, err := Letters(text); err == nil && strings.Trim(code, alphabet) != "" {
			t.Errorf("%q became %q", text, code)
		}
	})
}
