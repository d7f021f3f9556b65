package signin_test

import (
	"crypto/rand"
	"errors"
	"math/big"
	"strings"
	"testing"
	"unicode"

	"okno/review"
	"okno/review/field"
	"okno/review/signin"
)

func faultsOf(err error) []string {
	e, ok := errors.AsType[*review.Error](err)
	if !ok {
		return nil
	}
	var codes []string
	for _, f := range e.Fields {
		codes = append(codes, f.Code)
	}
	return codes
}

func TestCommonPasswordsInDisguise(t *testing.T) {
	own := []string{"petr.lavrov@example.ru", "+79161234567"}
	refused := []string{
		"Password1!", "P@ssw0rd", "P@$$w0rd1", "Qwerty123!", "Пароль123!", "Gfhjkm123!", "Ivanov1985!", "Zaq1@wsx", "1qaz@WSX",
		"Iloveyou1!", "Welcome2026!", "Dragon#77", "Football1!", "Sunshine99$", "Monkey!123", "Letmein#1", "Abc12345!", "Abcd1234!",
		"Qwe123!@#", "Asdfgh1!", "Zxcvbnm1!", "Qwertyuiop1!", "!QAZ2wsx", "Adm1n!123", "Admin2026!", "Administrator1!", "Superman1!",
		"Йцукен123!", "Любовь2026!", "Солнышко1!", "Наташа1990!", "Александр1!", "Москва2026!", "Спартак1922!", "Россия2026!",
		"Котёнок123!", "Иванов1985!", "Зенит2024!!", "Ghbdtn123!", "K.,jdm2026!", "Cjkywt123!", "Vfhbyf1990!", "Fktrcfylh1!", "Hjccbz2026!",
		"Parol123!", "Privet123!", "Natasha1990!", "Marina2005!", "Aleksandr1!", "Moskva2026!", "Lyubov123!", "Rossiya2024!",
		"Зфыыцщкв1!", "Summer2026!", "Winter-2025", "Charlie#12", "Michael1!", "Jessica1990!", "Liverpool1!", "PasswordPassword1!",
		"Passw0rd!!", "123Qwerty!", "!!!Qwerty111", "Aaaaaa1!", "A1!a1!A1!", "Gosuslugi1!", "Passport2026!", "Okno-2026!", "Love_You1",
		"Ivan.Ivanov1", "Mama-Papa1", "Мама+Папа1", "Petr.Lavrov1!", "Lavrov1985!", "Pa1234567!", "Elephant1!", "Baseball#1", "Trustno1!",
		"Ｐａｓｓｗｏｒｄ１！", "pAsSwOrD123!", "Pässwörd1!", "Dr4g0n!!", "M0nk3y!1", "L0v3ly!1", "Qwerty!1a", "Rewq4321!", "Fyfcnfcbz1!",
	}
	for _, p := range refused {
		codes := faultsOf(signin.ApplicantPassword(p, own...))
		if len(codes) == 0 {
			t.Errorf("%s is accepted", p)
			continue
		}
		if c := codes[0]; c != "common" && c != "own-words" {
			t.Errorf("%s is refused as %v, not as common", p, codes)
		}
	}
	accepted := []string{
		goodPassword, otherPassword, "Purple-Tractor-81", "Correct-Horse-9!", "Синий-Трактор-81", "Test-Passphrase-2026!",
		"Tri tolstyh kota, 1 sup", "Зелёный слон ест 7 груш.", "Correct horse 4 battery!", "Утром 3 чашки без сахара!", "Blue kettle sings at 6:30",
		"Wet socks, 2 umbrellas", "Бабушка купила 12 яблок!", "My bike lost 1 pedal.", "Fog over the river #9", "Пятый поезд ушёл в 5:05!",
		"Seven cups + 1 spoon", "Дождь шёл 40 дней, но мы?", "Yellow door, 3rd floor", "Кот спит на 2 подушках.", "Paper boats sink 8 times!",
		"Nobody reads page 214?", "Снег скрипит: минус 27!", "Grass grows under 1 tent.", "x7#Kq9!mZr2$", "bV4&tY8(nW1)", "Gт7!щQ2_яЖ9", "8Hf-pL3_xR6+",
	}
	for _, p := range accepted {
		if err := signin.ApplicantPassword(p, own...); err != nil {
			t.Errorf("%s is refused: %v", p, faultsOf(err))
		}
	}
}

func TestRandomPasswordsAreAccepted(t *testing.T) {
	const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!@#$%^&*()-_=+[]{};:,.?/"
	draw := func(n int) string {
		for {
			var b strings.Builder
			for range n {
				i, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
				if err != nil {
					t.Fatal(err)
				}
				b.WriteByte(alphabet[i.Int64()])
			}
			if field.Password(b.String()) == nil {
				return b.String()
			}
		}
	}
	for _, length := range []int{8, 12} {
		refused := 0
		const n = 2500
		for range n {
			if p := draw(length); signin.Common(p) {
				refused++
				t.Logf("refused by chance: %s", p)
			}
		}
		if allowed := map[int]int{8: 13, 12: 1}[length]; refused > allowed {
			t.Errorf("%d of %d random passwords of %d characters refused", refused, n, length)
		}
	}
}

func TestPasswordRule(t *testing.T) {
	cases := []struct {
		password string
		staff    bool
		want     string
	}{
		{"short", false, "too-short no-upper no-digit no-special"},
		{"", false, "too-short no-upper no-lower no-digit no-special"},
		{"vechernij-stakan7", false, "no-upper"},
		{goodPassword, false, ""},
		{"x7#Kq9!mZ", true, "too-short-staff"},
		{"x7#Kq9!mZr2$", true, ""},
		{"Кошка Ы7#" + strings.Repeat("ы", 119), false, ""},
		{"Кошка Ы7#" + strings.Repeat("ы", 120), false, "too-long"},
		{strings.Repeat("Aa1!", 257), false, "too-long"},
		{"My-79161234567-Uw", false, "own-words"},
		{"Uw#1234567zzQ", false, "own-words"},
	}
	for _, c := range cases {
		check := signin.ApplicantPassword
		if c.staff {
			check = signin.StaffPassword
		}
		if got := strings.Join(faultsOf(check(c.password, "+79161234567")), " "); got != c.want {
			t.Errorf("%.20q: %q, want %q", c.password, got, c.want)
		}
	}
}

func TestLongInputCostsLittle(t *testing.T) {
	long := strings.Repeat("Aа1!ъ€", 200)
	result := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			signin.Common(long)
		}
	})
	if per := result.NsPerOp(); per > 500_000_000 {
		t.Errorf("%d ns for a long password", per)
	}
}

func TestRootsAreMany(t *testing.T) {
	latin, cyrillic := signin.Roots()
	if latin < 40_000 || cyrillic < 1_000 {
		t.Fatalf("%d Latin and %d Cyrillic roots", latin, cyrillic)
	}
	for _, r := range latinWords(t) {
		if unicode.IsUpper(r) {
			t.Fatal("a root with a capital letter")
		}
	}
}

func latinWords(t *testing.T) string {
	t.Helper()
	return signin.RootText(t)
}
