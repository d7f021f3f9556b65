package intakeweb

import (
	"context"
	"testing"

	"okno/review"
	"okno/views/i18n"
)

// A fault is read in a list away from its input, so its words name the input or say
// what to type there.
func TestFaultsNameTheirInput(t *testing.T) {
	ctx := i18n.With(context.Background(), "ru")
	for _, c := range []struct{ field, code, want string }{
		{"snils", "checksum", "СНИЛС: опечатка в номере, контрольные цифры не сходятся. Сверьте его с документом."},
		{"surname", "mixed-script", "Фамилия: в одном слове русские и латинские буквы. Наберите слово заново в одной раскладке."},
		{"oms", "charset", "Номер полиса состоит из 16 цифр. Старый полис можно не указывать"},
		{"surname", "empty", "Введите фамилию. Если её нет в документе, отметьте это"},
		{"birth-date", "format:month", "Дата рождения: месяц должен быть числом от 1 до 12 или названием"},
	} {
		if got := faultText(ctx, review.ForeignCitizen, review.FieldFault{Field: c.field, Code: c.code}); got != c.want {
			t.Errorf("%s %s = %q, want %q", c.field, c.code, got, c.want)
		}
	}
}
