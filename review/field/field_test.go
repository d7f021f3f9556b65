package field

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/review/mrz"
)

func codesOf(faults []Fault) string {
	var codes []string
	for _, f := range faults {
		code := f.Code
		if f.Warning {
			code += "?"
		}
		codes = append(codes, code)
	}
	return strings.Join(codes, " ")
}

func TestCodesCoverSourceAndVectors(t *testing.T) {
	literal := regexp.MustCompile(`(?:fault|warning)\("([^"]+)"\)|\{"((?:too|no)-[a-z]+)"|\{"(charset)", !`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := []string{"part:day", "part:month", "part:year", "format:day", "format:month", "format:year"}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range literal.FindAllStringSubmatch(string(text), -1) {
			code := m[1] + m[2] + m[3]
			if code = strings.TrimSpace(code); !slices.Contains(Codes, code) && !strings.HasSuffix(code, ":") {
				t.Errorf("%s: code %q is not listed", name, code)
			}
			seen = append(seen, code)
		}
	}
	for _, code := range Codes {
		if !slices.Contains(seen, code) {
			t.Errorf("code %q is listed but never used", code)
		}
	}
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ ErrorCodes map[string]any }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for code := range file.ErrorCodes {
		if !slices.Contains(Codes, code) && !slices.Contains(mrz.Codes, code) {
			t.Errorf("code %q of the vectors is in no list", code)
		}
	}
}

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{
		"  a\u00a0 b\u202fc\t": "a b c",
		"1\u20132\u22123":      "1-2-3",
		"O\u02bbK`t\u2032":     "O'K't'",
		"И\u0306":              "Й",
		"a\u200b\ufeffb\u00ad": "ab",
	} {
		if got := Normalize(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"ИВАНОВ": "иванов", "Артём": "артем", "Сергей": "сергеи", "Müller": "muller",
		"Łukasz Yılmaz": "lukasz yilmaz", "Größe": "grosse", "SİNAQZADƏ": "sinaqzade",
		"NGUYỄN  VĂN": "nguyen van", "ﬁ": "fi", "": "",
	} {
		if got := Fold(in); got != want || Fold(got) != got {
			t.Errorf("%q folds to %q, want %q", in, got, want)
		}
	}
}

func TestNameKeysMeetAcrossScripts(t *testing.T) {
	if got := NameKeys("Щукин-О'Проба"); !slices.Equal(got, []string{"oproba", "shchukin", "опроба", "щукин"}) {
		t.Errorf("keys %q", got)
	}
	for _, pair := range [][2]string{{"Щукин", "SHCHUKIN"}, {"Ёлкин", "Elkin"}, {"сергеи", "Сергей"}} {
		if !intersect(NameKeys(pair[0]), NameKeys(pair[1])) {
			t.Errorf("%q and %q have no key in common: %q %q", pair[0], pair[1], NameKeys(pair[0]), NameKeys(pair[1]))
		}
	}
	if got := Prefixes("абвг", 2); !slices.Equal(got, []string{"аб", "абв", "абвг"}) {
		t.Errorf("prefixes %q", got)
	}
	if got := Prefixes("а", 2); !slices.Equal(got, []string{"а"}) {
		t.Errorf("short key %q", got)
	}
}

func TestLongInputIsCheap(t *testing.T) {
	began := time.Now()
	for name, rule := range stable {
		for _, long := range []string{strings.Repeat("9", 1<<16), "a@" + strings.Repeat("я", 1<<15) + ".рф", strings.Repeat("а-", 1<<15)} {
			if _, faults := rule(long); !Blocking(faults) {
				t.Errorf("%s accepts 64 kilobytes", name)
			}
		}
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("took %v", took)
	}
}

func TestMasks(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{MaskDocument("AA0000017"), "******017"},
		{MaskDocument("0219 000017"), "********017"},
		{MaskDocument("12"), "*2"},
		{MaskDocument(""), ""},
		{MaskSNILS("90123450752"), "***-***-507 **"},
		{MaskSNILS("901"), "***"},
		{MaskINN("960123456710"), "********6710"},
		{MaskOMS("9701234567890122"), "************0122"},
		{MaskPhone("+79070000017"), "+7 907 ***-**-17"},
		{MaskPhone("+998900000017"), "+998 *******17"},
		{MaskEmail("primer@example.org"), "p***@example.org"},
		{MaskEmail("nothing"), "*******"},
		{FormatSNILS("90123450752"), "901-234-507 52"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestNameRules(t *testing.T) {
	for _, c := range []struct{ in, latin, cyrillic string }{
		{"'t Hooft", "", "wrong-script"},
		{"St. John", "", "wrong-script"},
		{"Иванов Smith", "wrong-script", "wrong-script"},
		{"О'Brien", "mixed-script", "mixed-script"},
		{strings.Repeat("я", 101), "length", "length"},
		{strings.Repeat("я", 100), "wrong-script", ""},
		{"王", "wrong-script", "wrong-script"},
		{"А.", "wrong-script", ""},
		{"А..", "wrong-script", "separator"},
		{"А -Б", "wrong-script", "separator"},
	} {
		_, latin := NameLatin(c.in)
		_, cyrillic := NameCyrillic(c.in)
		if codesOf(latin) != c.latin || codesOf(cyrillic) != c.cyrillic {
			t.Errorf("%q: latin %q, cyrillic %q; want %q, %q", c.in, codesOf(latin), codesOf(cyrillic), c.latin, c.cyrillic)
		}
	}
}

func TestNameMatchCut(t *testing.T) {
	for _, c := range []struct {
		full, cut string
		want      Match
	}{
		{"Константинопольский", "KONSTANTINO", Exact},
		{"Алиевзаде", "ALIYEV", Equivalent},
		{"Петров", "IVANO", Different},
		{"Петров", "", Different},
	} {
		if got := NameMatchCut(c.full, c.cut, ""); got != c.want {
			t.Errorf("%s / %s: %s, want %s", c.full, c.cut, got, c.want)
		}
	}
	if Worst() != Exact || Worst(Close, Equivalent) != Close || NameMatch("", "", "") != Exact || NameMatch("А", "", "") != Different {
		t.Error("order of verdicts or empty names")
	}
}

func TestOtherFields(t *testing.T) {
	type rule func(string) (string, []Fault)
	for _, c := range []struct {
		name            string
		rule            rule
		in, want, codes string
	}{
		{"visa", Visa, "12 3456789", "12 3456789", ""},
		{"visa", Visa, "12 345", "12345", "length?"},
		{"visa", Visa, "", "", "empty"},
		{"card relaxed", MigrationCardRelaxed, "9900 000001", "9900 000001", "length?"},
		{"card relaxed", MigrationCardRelaxed, "9900 0000017", "9900 0000017", ""},
		{"card relaxed", MigrationCardRelaxed, "9900 00001", "990000001", "length"},
		{"sex", Sex, " f ", "F", ""},
		{"sex", Sex, "Q", "q", "unknown"},
		{"address", Address, "ул.  Образцовая, 1", "ул. Образцовая, 1", ""},
		{"address", Address, "дом", "дом", "length"},
		{"place", BirthPlace, "г. \x00", "г. \x00", "charset"},
		{"email", Email, strings.Repeat("a", 65) + "@example.org", strings.Repeat("a", 65) + "@example.org", "local-part"},
		{"email", Email, "a@example.123", "a@example.123", "domain"},
		{"email", Email, "a b@example.org", "a b@example.org", "local-part"},
		{"email", Email, strings.Repeat("a", 64) + "@" + strings.Repeat("example.", 24) + "org", strings.Repeat("a", 64) + "@" + strings.Repeat("example.", 24) + "org", "length"},
		{"email", Email, "a@example.org\x00", "a@example.org\x00", "format"},
		{"email", Email, "@example.org", "@example.org", "local-part"},
		{"email", Email, "a@example.org.", "a@example.org.", "domain"},
		{"phone", Phone, "89070000017", "+79070000017", ""},
		{"postal", PostalIndex, "101-000", "101-000", "charset"},
	} {
		got, faults := c.rule(c.in)
		if got != c.want || codesOf(faults) != c.codes {
			t.Errorf("%s %q: %q %q, want %q %q", c.name, c.in, got, codesOf(faults), c.want, c.codes)
		}
	}
	if Blocking(warning("series")) || !Blocking(append(warning("series"), fault("empty")...)) || Blocking(nil) {
		t.Error("Blocking")
	}
	if index, ok := IndexIn("101000, Москва, дом 5"); !ok || index != "101000" {
		t.Error("index in an address was not found")
	}
	if _, ok := IndexIn("101000 или 190000"); ok {
		t.Error("one of two indexes was chosen")
	}
	if !OrganisationINN("7700 000000") || OrganisationINN("960123456710") {
		t.Error("OrganisationINN")
	}
	if !PasswordHolds("Primer-2026", "ООО", "primer") || PasswordHolds("Primer-2026", "", "pr") {
		t.Error("PasswordHolds")
	}
	if CardBrand("2200000012345678") != "mir" || CardBrand("4111") != "visa" || CardBrand("5500") != "mastercard" || CardBrand("2") != "other" || CardLast4("2200000012345678") != "5678" {
		t.Error("card brand or last digits")
	}
}

func TestCountries(t *testing.T) {
	if !slices.IsSortedFunc(countries, func(a, b Country) int { return strings.Compare(a.Code, b.Code) }) || len(countries) != 249+6 {
		t.Fatalf("%d countries, or out of order", len(countries))
	}
	for _, c := range countries {
		if !threeLetters(c.Code) || c.Ru == "" || c.En == "" {
			t.Errorf("incomplete entry %+v", c)
		}
	}
	for code := range otherNames {
		if _, ok := CountryByCode(code); !ok {
			t.Errorf("other names for the unknown %s", code)
		}
	}
	for code := range passportPatterns {
		if _, ok := CountryByCode(code); !ok {
			t.Errorf("passport pattern for the unknown %s", code)
		}
	}
	for query, code := range map[string]string{"киргиз": "KGZ", "Кыргызстан": "KGZ", "Молдавия": "MDA", "белоруссия": "BLR", "turkey": "TUR", "южная корея": "KOR", "апатрид": "XXA", "uzb": "UZB"} {
		found := FindCountries(query, "ru")
		if !slices.ContainsFunc(found, func(c Country) bool { return c.Code == code }) {
			t.Errorf("%q does not find %s", query, code)
		}
	}
	if list := Countries("en"); list[0].En != "Abkhazia" && list[0].En != "Afghanistan" {
		t.Errorf("the English list begins with %s", list[0].En)
	}
	if !Stateless("XXA") || Stateless("UZB") || ProtectionStatus("XXB") != "refugee" || ProtectionStatus("XXA") != "" {
		t.Error("statuses without citizenship")
	}
}
