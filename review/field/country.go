package field

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Country is one entry of the citizenship list. Code is ISO 3166-1 alpha-3 or one of
// the additions; Alpha2 is empty where ISO has none.
type Country struct {
	Code, Alpha2 string
	Ru, En       string
}

// otherNames are names people search by that are neither of the two in the table.
var otherNames = map[string]string{
	"ARE": "ОАЭ Эмираты UAE", "BLR": "Белоруссия Byelorussia", "CIV": "Берег Слоновой Кости Ivory Coast",
	"COD": "Демократическая Республика Конго ДРК DRC", "CZE": "Чешская Республика Czech Republic",
	"GBR": "Англия Соединённое Королевство England UK", "IRN": "Исламская Республика Persia",
	"KGZ": "Кыргызская Республика Kirghizia", "KOR": "Южная Корея Republic of Korea",
	"LAO": "Лаосская НДР", "MDA": "Moldavia", "MKD": "Македония Macedonia", "MMR": "Бирма Burma",
	"NLD": "Голландия Holland", "PRK": "Северная Корея Корейская Народно-Демократическая Республика DPRK",
	"PSE": "Государство Палестина", "RUS": "Российская Федерация РФ Russian Federation",
	"SWZ": "Свазиленд Swaziland", "SYR": "Сирийская Арабская Республика", "TJK": "Республика Таджикистан Tadjikistan",
	"TUR": "Turkey", "TWN": "Тайвань Китайская Республика", "USA": "США Америка USA",
	"UZB": "Республика Узбекистан", "VNM": "Социалистическая Республика Vietnam",
	"XXA": "апатрид ЛБГ", "CHN": "КНР PRC",
}

// Name is the name of the country in a language; anything but "en" is Russian.
func (c Country) Name(lang string) string {
	if lang == "en" {
		return c.En
	}
	return c.Ru
}

// CountryByCode finds an entry by its three-letter code in upper case.
func CountryByCode(code string) (Country, bool) {
	i, found := slices.BinarySearchFunc(countries, code, func(c Country, code string) int {
		return cmp.Compare(c.Code, code)
	})
	if !found {
		return Country{}, false
	}
	return countries[i], true
}

// Countries lists all entries in the order of their names in a language.
func Countries(lang string) []Country {
	if lang == "en" {
		return slices.Clone(byEnglish())
	}
	return slices.Clone(byRussian())
}

var (
	byRussian = sync.OnceValue(func() []Country { return sorted("ru") })
	byEnglish = sync.OnceValue(func() []Country { return sorted("en") })
)

func sorted(lang string) []Country {
	list := slices.Clone(countries)
	slices.SortFunc(list, func(a, b Country) int {
		return cmp.Compare(Fold(a.Name(lang)), Fold(b.Name(lang)))
	})
	return list
}

// searchNames are the folded names of each country, official and everyday, in both
// languages, with its code.
var searchNames = sync.OnceValue(func() map[string]string {
	names := make(map[string]string, len(countries))
	for _, c := range countries {
		names[c.Code] = Fold(strings.Join([]string{c.Code, c.Ru, c.En, otherNames[c.Code]}, " "))
	}
	return names
})

// FindCountries lists the entries whose code or any name contains the query, ordered by
// name in the language asked for.
func FindCountries(query, lang string) []Country {
	q := Fold(query)
	return slices.DeleteFunc(Countries(lang), func(c Country) bool {
		return !strings.Contains(searchNames()[c.Code], q)
	})
}
