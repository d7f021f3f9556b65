package mrz

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// random fields for the round trips.
type inventor struct{ *rand.Rand }

func (r inventor) word(alphabet string, least, most int) string {
	var b strings.Builder
	for range least + r.IntN(most-least+1) {
		b.WriteByte(alphabet[r.IntN(len(alphabet))])
	}
	return b.String()
}

const latin, digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"

func (r inventor) date() string {
	return fmt.Sprintf("%02d%02d%02d", r.IntN(100), 1+r.IntN(12), 1+r.IntN(28))
}

func (r inventor) document(code string) Document {
	return Document{
		Code: code, Issuer: r.word(latin, 3, 3), Nationality: r.word(latin, 3, 3), Surname: r.word(latin, 1, 9), GivenNames: r.word(latin, 1, 6) + " " + r.word(latin, 1, 4),
		Number: r.word(latin+digits, 9, 9), BirthDate: r.date(), ExpiryDate: r.date(), Sex: []string{"M", "F", "X", ""}[r.IntN(4)],
	}
}

func (d Document) same(o Document) bool {
	d.Checks, o.Checks = nil, nil
	return fmt.Sprintf("%+v", d) == fmt.Sprintf("%+v", o)
}

func nameField(d Document, n int) string {
	return pad(d.Surname+"<<"+strings.ReplaceAll(d.GivenNames, " ", "<"), n)
}

// Whatever is written into the lines of a kind is read back, without faults, and one
// changed digit of a date is found.
func TestRoundTrips(t *testing.T) {
	r := inventor{rand.New(rand.NewPCG(2, 9))}
	for range 3000 {
		d := r.document("P<")
		d.OptionalData = r.word(latin+digits, 1, 14)
		lines, err := BuildTD3(d)
		if err != nil {
			t.Fatal(err)
		}
		got, faults := TD3(lines[0], lines[1])
		check(t, "TD3", d, got, faults)

		d = r.document("I<")
		d.OptionalData = r.word(latin+digits, 1, 7)
		b := withCheck(d.Number) + d.Nationality + withCheck(d.BirthDate) + pad(d.Sex, 1) + withCheck(d.ExpiryDate) + pad(d.OptionalData, 7)
		b += string(rune('0' + CheckDigit(b[:10]+b[13:20]+b[21:35])))
		got, faults = TD2(d.Code+d.Issuer+nameField(d, 31), b)
		check(t, "TD2", d, got, faults)

		a := "I<" + d.Issuer + withCheck(d.Number) + pad("", 15)
		b = withCheck(d.BirthDate) + pad(d.Sex, 1) + withCheck(d.ExpiryDate) + d.Nationality + pad(d.OptionalData, 11)
		b += string(rune('0' + CheckDigit(a[5:]+b[:7]+b[8:15]+b[18:29])))
		got, faults = TD1(a, b, nameField(d, 30))
		check(t, "TD1", d, got, faults)

		d = r.document("V<")
		d.OptionalData = r.word(latin+digits, 1, 8)
		b = withCheck(d.Number) + d.Nationality + withCheck(d.BirthDate) + pad(d.Sex, 1) + withCheck(d.ExpiryDate)
		got, faults = MRVA(d.Code+d.Issuer+nameField(d, 39), b+pad(d.OptionalData, 16))
		check(t, "MRV-A", d, got, faults)
		got, faults = MRVB(d.Code+d.Issuer+nameField(d, 31), b+pad(d.OptionalData, 8))
		check(t, "MRV-B", d, got, faults)
		wrong := b[:14] + string('0'+(b[14]-'0'+1)%10) + b[15:]
		if _, faults = MRVB(d.Code+d.Issuer+nameField(d, 31), wrong+pad(d.OptionalData, 8)); len(faults) == 0 {
			t.Fatalf("a changed digit was not found in %s", wrong)
		}
	}
}

func check(t *testing.T, kind string, want, got Document, faults []string) {
	t.Helper()
	if len(faults) > 0 || !want.same(got) {
		t.Fatalf("%s: %v\nread  %+v\nwrote %+v", kind, faults, got, want)
	}
}

func TestTD2LongNumber(t *testing.T) {
	second := "D23145890<UTO7408122F1204159" + "7349<<<"
	second += string(rune('0' + CheckDigit(second[:10]+second[13:20]+second[21:35])))
	d, faults := TD2("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", second)
	if faults != nil || d.Number != "D23145890734" {
		t.Errorf("number %q, faults %v", d.Number, faults)
	}
}

// FuzzParse feeds any text to every reader: none may panic, and what is read without
// faults consists of the characters that lines have.
func FuzzParse(f *testing.F) {
	f.Add("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10")
	f.Add("I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<")
	f.Add("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6")
	f.Add("V<UTO\nL8")
	f.Add("PNRUS\n\n<")
	f.Fuzz(func(t *testing.T, text string) {
		kind, lines := Split(text)
		lines = Repair(kind, lines)
		for len(lines) < 3 {
			lines = append(lines, "")
		}
		for name, read := range map[string]func() (Document, []string){
			"td3": func() (Document, []string) { return TD3(lines[0], lines[1]) }, "td2": func() (Document, []string) { return TD2(lines[0], lines[1]) },
			"mrv-a": func() (Document, []string) { return MRVA(lines[0], lines[1]) }, "mrv-b": func() (Document, []string) { return MRVB(lines[0], lines[1]) },
			"td1": func() (Document, []string) { return TD1(lines[0], lines[1], lines[2]) },
		} {
			d, faults := read()
			if len(faults) == 0 && strings.Trim(d.Surname+d.Number+d.Nationality, alphabet+" ") != "" {
				t.Errorf("%s read %+v", name, d)
			}
		}
		PNRUS(lines[0], lines[1])
	})
}
