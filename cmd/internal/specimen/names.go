package specimen

import "strings"

// pair is a name in Cyrillic and as the passport prints it in Latin.
type pair struct{ cyr, lat string }

// nation is what people of one citizenship are made of. Surnames and given
// names are "Cyrillic/LATIN" lists; m and f hold the forms of the sexes.
type nation struct {
	code     string
	ru       string // for the visual zone
	en       string
	count    int // how many of the desk's 350
	surM     []pair
	surF     []pair
	givenM   []pair
	givenF   []pair
	patrM    []string
	patrF    []string
	places   []string
	series   []string // document series in front of the number
	digits   int      // digits of the number
	tint     [3]uint8
	language string // of the interface, where not Russian
}

func pairs(s string) []pair {
	var out []pair
	for _, w := range strings.Split(s, ", ") {
		c, l, _ := strings.Cut(w, "/")
		out = append(out, pair{c, l})
	}
	return out
}

func words(s string) []string { return strings.Split(s, ", ") }

var nations = []nation{
	{code: "UZB", ru: "УЗБЕКИСТАН", en: "UZBEKISTAN", count: 88,
		surM:   pairs("Намунаев/NAMUNAYEV, Синовов/SINOVOV, Мисолов/MISOLOV"),
		surF:   pairs("Намунаева/NAMUNAYEVA, Синовова/SINOVOVA, Мисолова/MISOLOVA"),
		givenM: pairs("Жасур/JASUR, Уктам/O'KTAM, Бахтиёр/BAXTIYOR, Шерзод/SHERZOD, Отабек/OTABEK, Улугбек/ULUG'BEK, Санжар/SANJAR, Дониёр/DONIYOR, Акмал/AKMAL, Равшан/RAVSHAN"),
		givenF: pairs("Дилноза/DILNOZA, Зарина/ZARINA, Гульнора/GULNORA, Нодира/NODIRA, Малика/MALIKA, Феруза/FERUZA"),
		patrM:  words("Бахтиёр угли, Рустам угли, Шухрат угли, Анварович, Каримович"), patrF: words("Бахтиёр кизи, Рустам кизи, Анваровна, Шухрат кизи"),
		places: words("Ташкент, Самарканд, Бухара, Наманган, Фергана, Андижан, Хорезм"), series: words("AA, FA, FB"), digits: 7, tint: [3]uint8{208, 228, 216}, language: "uz"},
	{code: "TJK", ru: "ТАДЖИКИСТАН", en: "TAJIKISTAN", count: 62,
		surM:   pairs("Намуназода/NAMUNAZODA, Озмоишов/OZMOISHOV, Мисолзода/MISOLZODA"),
		surF:   pairs("Намуназода/NAMUNAZODA, Озмоишова/OZMOISHOVA, Мисолзода/MISOLZODA"),
		givenM: pairs("Фаррух/FARRUKH, Далер/DALER, Рустам/RUSTAM, Сухроб/SUHROB, Бехруз/BEHRUZ, Джамшед/JAMSHED, Парвиз/PARVIZ, Фирдавс/FIRDAVS"),
		givenF: pairs("Нигора/NIGORA, Мадина/MADINA, Ситора/SITORA, Шахноза/SHAHNOZA, Зебо/ZEBO"),
		patrM:  words("Рустамович, Саидович, Икромович"), patrF: words("Рустамовна, Саидовна, Икромовна"),
		places: words("Душанбе, Худжанд, Куляб, Бохтар, Истаравшан, Пенджикент"), series: words("40"), digits: 7, tint: [3]uint8{218, 226, 206}, language: "tg"},
	{code: "KGZ", ru: "КЫРГЫЗСТАН", en: "KYRGYZSTAN", count: 39,
		surM:   pairs("Сыноо уулу/SYNOO UULU, Улгуев/ULGUEV"),
		surF:   pairs("Сыноо кызы/SYNOO KYZY, Улгуева/ULGUEVA"),
		givenM: pairs("Бакыт/BAKYT, Азамат/AZAMAT, Нурлан/NURLAN, Эркин/ERKIN, Данияр/DANIIAR, Талант/TALANT"),
		givenF: pairs("Айзада/AIZADA, Гулзат/GULZAT, Нургуль/NURGUL, Асель/ASEL"),
		places: words("Бишкек, Ош, Джалал-Абад, Каракол, Нарын, Талас"), series: words("AC, PE"), digits: 7, tint: [3]uint8{228, 214, 208}, language: "ky"},
	{code: "KAZ", ru: "КАЗАХСТАН", en: "KAZAKHSTAN", count: 24,
		surM:   pairs("Сынаков/SYNAKOV, Мысалов/MYSSALOV"),
		surF:   pairs("Сынакова/SYNAKOVA, Мысалова/MYSSALOVA"),
		givenM: pairs("Айдос/AIDOS, Ерлан/YERLAN, Нурсултан/NURSULTAN, Арман/ARMAN, Данияр/DANIYAR"),
		givenF: pairs("Айгерим/AIGERIM, Динара/DINARA, Жанар/ZHANAR, Асем/ASSEM"),
		patrM:  words("Ерланович, Маратович, Серикулы"), patrF: words("Ерлановна, Маратовна, Серикызы"),
		places: words("Алматы, Астана, Шымкент, Караганда, Актобе"), series: words("N"), digits: 8, tint: [3]uint8{206, 224, 234}, language: "kk"},
	{code: "BLR", ru: "БЕЛАРУСЬ", en: "BELARUS", count: 22,
		surM:   pairs("Прикладов/PRYKLADAU, Узоров/UZORAU"),
		surF:   pairs("Прикладова/PRYKLADAVA, Узорова/UZORAVA"),
		givenM: pairs("Игорь/IHAR, Андрей/ANDREI, Дмитрий/DZMITRY, Николай/MIKALAI"),
		givenF: pairs("Алёна/ALENA, Ольга/VOLHA, Наталья/NATALLIA"),
		patrM:  words("Петрович, Иванович, Сергеевич"), patrF: words("Петровна, Ивановна, Сергеевна"),
		places: words("Минск, Гомель, Брест, Гродно, Витебск"), series: words("MP, HB, AB"), digits: 7, tint: [3]uint8{222, 222, 234}},
	{code: "ARM", ru: "АРМЕНИЯ", en: "ARMENIA", count: 20,
		surM: pairs("Оринакян/ORINAKYAN, Нмушян/NMUSHYAN"), surF: pairs("Оринакян/ORINAKYAN, Нмушян/NMUSHYAN"),
		givenM: pairs("Армен/ARMEN, Тигран/TIGRAN, Карен/KAREN, Гагик/GAGIK, Ваган/VAHAN"),
		givenF: pairs("Ани/ANI, Анаит/ANAHIT, Мариам/MARIAM"),
		places: words("Ереван, Гюмри, Ванадзор"), series: words("AN, AT"), digits: 7, tint: [3]uint8{234, 222, 206}, language: "hy"},
	{code: "AZE", ru: "АЗЕРБАЙДЖАН", en: "AZERBAIJAN", count: 19,
		surM: pairs("Синагзаде/SINAGZADE, Мисаллы/MISALLI"), surF: pairs("Синагзаде/SINAGZADE, Мисаллы/MISALLI"),
		givenM: pairs("Эльнур/ELNUR, Рашад/RASHAD, Вугар/VUGAR, Турал/TURAL"),
		givenF: pairs("Лейла/LEYLA, Гюнель/GUNEL, Севиндж/SEVINJ"),
		patrM:  words("Рауф оглы, Вагиф оглы"), patrF: words("Рауф кызы, Вагиф кызы"),
		places: words("Баку, Гянджа, Сумгаит"), series: words("C"), digits: 8, tint: [3]uint8{206, 228, 228}, language: "az"},
	{code: "CHN", ru: "КИТАЙ", en: "CHINA", count: 16,
		surM: pairs("Янбэнь/YANGBEN, Шили/SHILI"), surF: pairs("Янбэнь/YANGBEN, Шили/SHILI"),
		givenM: pairs("Цэши/CESHI, Лин/LING, Вэй/WEI, Цзюнь/JUN"), givenF: pairs("Лин/LING, Мэй/MEI, Цзин/JING"),
		places: words("Пекин, Харбин, Шанхай, Далянь"), series: words("E, G"), digits: 8, tint: [3]uint8{234, 222, 212}, language: "zh"},
	{code: "UKR", ru: "УКРАИНА", en: "UKRAINE", count: 14,
		surM: pairs("Зразкенко/ZRAZKENKO"), surF: pairs("Зразкенко/ZRAZKENKO"),
		givenM: pairs("Олег/OLEH, Андрей/ANDRII, Сергей/SERHII, Виктор/VIKTOR"), givenF: pairs("Ирина/IRYNA, Оксана/OKSANA, Юлия/YULIIA"),
		patrM: words("Викторович, Николаевич"), patrF: words("Викторовна, Николаевна"),
		places: words("Харьков, Одесса, Запорожье, Полтава"), series: words("FA, FB"), digits: 6, tint: [3]uint8{216, 224, 236}},
	{code: "TKM", ru: "ТУРКМЕНИСТАН", en: "TURKMENISTAN", count: 11,
		surM: pairs("Нусгаев/NUSGAYEV"), surF: pairs("Нусгаева/NUSGAYEVA"),
		givenM: pairs("Мерет/MERET, Сердар/SERDAR, Аман/AMAN, Довлет/DOVLET"), givenF: pairs("Огульджан/OGULJAN, Айна/AYNA, Гозель/GOZEL"),
		places: words("Ашхабад, Мары, Туркменабад"), series: words("A"), digits: 7, tint: [3]uint8{208, 230, 210}},
	{code: "IND", ru: "ИНДИЯ", en: "INDIA", count: 9,
		surM: pairs("Удахаран/UDAHARAN, Намуна/NAMUNA"), surF: pairs("Удахаран/UDAHARAN, Намуна/NAMUNA"),
		givenM: pairs("Арун/ARUN, Радж/RAJ, Виджай/VIJAY"), givenF: pairs("Прия/PRIYA, Анита/ANITA"),
		places: words("Дели, Мумбаи, Кочи"), series: words("Z, U"), digits: 7, tint: [3]uint8{224, 218, 234}, language: "en"},
	{code: "MDA", ru: "МОЛДОВА", en: "MOLDOVA", count: 8,
		surM: pairs("Экземплару/EXEMPLARU, Пробеску/PROBESCU"), surF: pairs("Экземплару/EXEMPLARU, Пробеску/PROBESCU"),
		givenM: pairs("Ион/ION, Василе/VASILE, Андрей/ANDREI"), givenF: pairs("Мария/MARIA, Елена/ELENA"),
		places: words("Кишинёв, Бельцы, Комрат"), series: words("AB"), digits: 7, tint: [3]uint8{232, 214, 222}},
	{code: "VNM", ru: "ВЬЕТНАМ", en: "VIET NAM", count: 7,
		surM: pairs("Ви Зу/VI DU, Мау/MAU"), surF: pairs("Ви Зу/VI DU, Мау/MAU"),
		givenM: pairs("Нам/NAM, Хоанг/HOANG, Минь/MINH"), givenF: pairs("Тху/THU, Лан/LAN"),
		places: words("Ханой, Хайфон, Дананг"), series: words("C, B"), digits: 7, tint: [3]uint8{214, 230, 228}, language: "en"},
	{code: "TUR", ru: "ТУРЦИЯ", en: "TURKIYE", count: 5,
		surM: pairs("Орнекоглу/ORNEKOGLU"), surF: pairs("Орнекоглу/ORNEKOGLU"),
		givenM: pairs("Джан/CAN, Мурат/MURAT, Эмре/EMRE"), givenF: pairs("Айше/AYSE, Зейнеп/ZEYNEP"),
		places: words("Стамбул, Анкара, Анталья"), series: words("U"), digits: 8, tint: [3]uint8{236, 214, 214}, language: "en"},
	{code: "GEO", ru: "ГРУЗИЯ", en: "GEORGIA", count: 4,
		surM: pairs("Нимушидзе/NIMUSHIDZE, Магалиташвили/MAGALITASHVILI"), surF: pairs("Нимушидзе/NIMUSHIDZE, Магалиташвили/MAGALITASHVILI"),
		givenM: pairs("Гиорги/GIORGI, Леван/LEVAN"), givenF: pairs("Нино/NINO, Тамар/TAMAR"),
		places: words("Тбилиси, Батуми, Кутаиси"), series: words("00AA"), digits: 5, tint: [3]uint8{230, 218, 218}},
	{code: "XXA", ru: "ЛИЦО БЕЗ ГРАЖДАНСТВА", en: "STATELESS PERSON", count: 2,
		surM: pairs("Безродов/BEZRODOV"), surF: pairs("Безродова/BEZRODOVA"),
		givenM: pairs("Пример/PRIMER, Павел/PAVEL"), givenF: pairs("Проба/PROBA, Вера/VERA"),
		places: words("Примерск, Ташкент"), series: words("U"), digits: 8, tint: [3]uint8{224, 224, 224}},
}

var russia = nation{code: "RUS", ru: "РОССИЯ", en: "RUSSIA",
	surM:   pairs("Примеров/PRIMEROV, Образцов/OBRAZTSOV, Макетов/MAKETOV, Шаблонов/SHABLONOV, Черновиков/CHERNOVIKOV, Эскизов/ESKIZOV"),
	surF:   pairs("Примерова/PRIMEROVA, Образцова/OBRAZTSOVA, Макетова/MAKETOVA, Шаблонова/SHABLONOVA, Черновикова/CHERNOVIKOVA, Эскизова/ESKIZOVA"),
	givenM: pairs("Александр/ALEKSANDR, Сергей/SERGEI, Дмитрий/DMITRII, Андрей/ANDREI, Алексей/ALEKSEI, Максим/MAKSIM, Иван/IVAN, Михаил/MIKHAIL, Никита/NIKITA, Артём/ARTEM"),
	givenF: pairs("Анна/ANNA, Мария/MARIIA, Елена/ELENA, Ольга/OLGA, Наталья/NATALIA, Юлия/IULIIA, Татьяна/TATIANA, Ксения/KSENIIA, Дарья/DARIA, Светлана/SVETLANA"),
	patrM:  words("Александрович, Сергеевич, Андреевич, Ильич, Юрьевич, Эдуардович"), patrF: words("Александровна, Сергеевна, Андреевна, Ильинична, Юрьевна, Эдуардовна"),
	places: words("гор. Москва, гор. Санкт-Петербург, гор. Казань, гор. Омск, гор. Пермь, гор. Самара, гор. Тула"),
	tint:   [3]uint8{236, 222, 214}}

// abroad is a country where people of track B live.
type abroad struct {
	code, en, city string
	count          int
	proofs         []string
}

var countriesOfStay = []abroad{
	{"KAZ", "KAZAKHSTAN", "Almaty", 22, []string{"lease", "residence-permit"}},
	{"SRB", "SERBIA", "Belgrade", 17, []string{"residence-permit", "lease"}},
	{"GEO", "GEORGIA", "Tbilisi", 16, []string{"lease", "residence-permit"}},
	{"DEU", "GERMANY", "Berlin", 15, []string{"residence-permit", "visa"}},
	{"TUR", "TURKIYE", "Antalya", 15, []string{"residence-permit", "lease"}},
	{"ISR", "ISRAEL", "Haifa", 13, []string{"embassy-certificate", "lease"}},
	{"ARM", "ARMENIA", "Yerevan", 12, []string{"lease", "residence-permit"}},
	{"THA", "THAILAND", "Phuket", 9, []string{"visa", "lease"}},
	{"ARE", "UNITED ARAB EMIRATES", "Dubai", 9, []string{"residence-permit", "visa"}},
	{"CYP", "CYPRUS", "Limassol", 7, []string{"residence-permit", "lease"}},
	{"ESP", "SPAIN", "Valencia", 6, []string{"residence-permit", "visa"}},
	{"USA", "UNITED STATES", "Chicago", 5, []string{"visa", "embassy-certificate"}},
	{"FRA", "FRANCE", "Lyon", 1, []string{"visa"}},
	{"KOR", "REPUBLIC OF KOREA", "Busan", 1, []string{"visa"}},
	{"MNE", "MONTENEGRO", "Budva", 1, []string{"lease"}},
	{"ARG", "ARGENTINA", "Rosario", 1, []string{"embassy-certificate"}},
}

func nationOf(code string) *nation {
	for i := range nations {
		if nations[i].code == code {
			return &nations[i]
		}
	}
	return &russia
}

func stayOf(code string) *abroad {
	for i := range countriesOfStay {
		if countriesOfStay[i].code == code {
			return &countriesOfStay[i]
		}
	}
	return &countriesOfStay[0]
}

// respellings turn a Latin name into another usual romanisation of the same
// name, which the desk's comparison calls equivalent.
var respellings = [][2]string{{"KH", "H"}, {"YEV", "EV"}, {"SHCH", "SCH"}, {"IIA", "IYA"}, {"IU", "YU"}, {"IA", "YA"},
	{"X", "KH"}, {"J", "DJ"}, {"AI", "AY"}, {"Y", "I"}, {"V", "W"}, {"Z", "ZZ"}, {"F", "PH"}, {"N", "NN"}, {"R", "RR"}}

func respell(s string) string {
	for _, r := range respellings {
		if i := strings.Index(s, r[0]); i > 0 && !strings.Contains(s, r[1]) {
			return s[:i] + r[1] + s[i+len(r[0]):]
		}
	}
	return s + s[len(s)-1:]
}
