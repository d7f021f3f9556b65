package specimen

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"strings"
)

var (
	inkBlack = color.RGBA{26, 26, 32, 255}
	faded    = color.RGBA{96, 100, 114, 255}
	redInk   = color.RGBA{190, 36, 44, 255}
	blueInk  = color.RGBA{30, 48, 128, 255}
	greenInk = color.RGBA{50, 96, 62, 255}
)

// show turns YYYY-MM-DD into DD.MM.YYYY.
func show(d string) string {
	if len(d) != 10 {
		return d
	}
	return d[8:] + "." + d[5:7] + "." + d[:4]
}

func label(m *image.RGBA, x, y int, s string) { text(m, x, y, s, regular, 17, faded) }
func value(m *image.RGBA, x, y int, s string) { text(m, x, y+31, s, bold, 26, inkBlack) }

// draw paints the paper of a scan, before its flaw.
func (c Case) draw(s Scan) *sheet {
	p := with(c.truth, s.printed)
	p["surname"], p["given-name"], p["patronymic"] = strings.ToUpper(p["surname"]), strings.ToUpper(p["given-name"]), strings.ToUpper(p["patronymic"])
	switch {
	case s.Flaw == FlawWrongPage:
		return wrongPage(p, s)
	case s.Slot == "passport" && p["document-type"] == "rf-passport":
		return internalPassport(p, c.lines(s), c.face)
	case s.Slot == "passport":
		return passport(p, c.lines(s), c.face)
	case s.Slot == "insurance":
		return insurance(p, c.now.Format(day), c.face)
	case s.Slot == "residence-proof" && p["residence-proof-type"] == "lease":
		return lease(p, c.now.Format(day))
	case s.Slot == "residence-proof" && p["residence-proof-type"] == "embassy-certificate":
		return certificate(p, c.now.Format(day))
	case s.Slot == "residence-proof":
		return permitAbroad(p, c.face)
	case p["stay-proof-type"] == "migration-card":
		return migrationCard(p)
	}
	return permit(p, c.face)
}

// page is the common ground of all forms.
func page(r *rand.Rand, w, h int, tint [3]uint8, bundles int, mark color.RGBA) *image.RGBA {
	m := blank(w, h, color.RGBA{tint[0], tint[1], tint[2], 255})
	guilloche(m, r, color.RGBA{tint[0] - 60, tint[1] - 44, tint[2] - 24, 255}, 66, bundles)
	guilloche(m, r, color.RGBA{tint[2] - 10, tint[0] - 54, tint[1] - 34, 255}, 44, max(1, bundles/2))
	across(m, mark, 44)
	return m
}

const (
	mrzPitch = 29.0
	mrzSize  = 40 // mrzPitch / 0.723
)

func machineLines(m *image.RGBA, lines [2]string, y int) {
	x := (m.Rect.Dx() - int(44*mrzPitch)) / 2
	pitched(m, x, y, mrzPitch, lines[0], mrzSize, inkBlack)
	pitched(m, x, y+66, mrzPitch, lines[1], mrzSize, inkBlack)
}

func passport(p map[string]string, lines [2]string, face uint64) *sheet {
	n := nationOf(p["citizenship"])
	f := form("passport "+n.code, func(r *rand.Rand) *image.RGBA {
		m := page(r, 1408, 1008, n.tint, 3, color.RGBA{196, 40, 60, 255})
		text(m, 50, 66, n.en+" — PASSPORT / ПАСПОРТ — SPECIMEN", bold, 34, color.RGBA{40, 60, 110, 255})
		for _, l := range []struct {
			x, y int
			s    string
		}{{430, 124, "Type / Тип"}, {590, 124, "Code / Код"}, {830, 124, "Passport No. / Номер паспорта"},
			{430, 210, "Surname / Фамилия"}, {430, 296, "Given names / Имя"}, {430, 382, "Nationality / Гражданство"},
			{430, 468, "Date of birth / Дата рождения"}, {830, 468, "Personal No. / Личный номер"}, {430, 554, "Sex / Пол"},
			{590, 554, "Place of birth / Место рождения"}, {430, 640, "Date of issue / Дата выдачи"},
			{830, 640, "Date of expiry / Действителен до"}, {430, 726, "Authority / Орган, выдавший документ"}} {
			label(m, l.x, l.y, l.s)
		}
		frame(m, 58, 178, 382, 592, 2, faded)
		box(m, 0, 806, 1408, 1008, color.RGBA{247, 247, 242, 255}, 216)
		return m
	})
	m := f.RGBA
	draw.Draw(m, image.Rect(60, 180, 380, 590), portrait(p["sex"], face), image.Point{}, draw.Src)
	text(m, 96, 640, "ОБРАЗЕЦ / SPECIMEN", bold, 24, redInk)
	value(m, 430, 124, "P")
	value(m, 590, 124, p["citizenship"])
	value(m, 830, 124, p["document-number"])
	value(m, 430, 210, p["surname-latin"]+" / "+p["surname"])
	value(m, 430, 296, p["given-name-latin"]+" / "+p["given-name"])
	value(m, 430, 382, n.en+" / "+n.ru)
	value(m, 430, 468, show(p["birth-date"]))
	value(m, 830, 468, p["personal-number"])
	value(m, 430, 554, p["sex"])
	value(m, 590, 554, strings.ToUpper(p["birth-place"]))
	value(m, 430, 640, show(p["document-issue-date"]))
	value(m, 830, 640, show(p["document-expiry-date"]))
	value(m, 430, 726, strings.ToUpper(p["document-issuer"]))
	machineLines(m, lines, 876)
	return f
}

func internalPassport(p map[string]string, lines [2]string, face uint64) *sheet {
	f := form("internal", func(r *rand.Rand) *image.RGBA {
		m := page(r, 1408, 1008, russia.tint, 3, color.RGBA{96, 60, 140, 255})
		text(m, 50, 62, "ПАСПОРТ — ОБРАЗЕЦ / INTERNAL PASSPORT — SPECIMEN", bold, 32, redInk)
		for _, l := range []struct {
			x, y int
			s    string
		}{{50, 100, "Паспорт выдан"}, {50, 180, "Дата выдачи"}, {430, 180, "Код подразделения"}, {830, 180, "Серия и номер"},
			{430, 296, "Фамилия"}, {430, 382, "Имя"}, {430, 468, "Отчество"}, {430, 554, "Пол"}, {590, 554, "Дата рождения"},
			{430, 640, "Место рождения"}} {
			label(m, l.x, l.y, l.s)
		}
		box(m, 40, 246, 1360, 249, faded, 160)
		box(m, 0, 806, 1408, 1008, color.RGBA{247, 243, 240, 255}, 216)
		return m
	})
	m := f.RGBA
	draw.Draw(m, image.Rect(60, 290, 380, 700), portrait(p["sex"], face), image.Point{}, draw.Src)
	value(m, 50, 100, p["document-issuer"])
	value(m, 50, 180, show(p["document-issue-date"]))
	value(m, 430, 180, p["division-code"])
	text(m, 830, 211, p["document-number"], bold, 30, redInk)
	value(m, 430, 296, p["surname"])
	value(m, 430, 382, p["given-name"])
	value(m, 430, 468, p["patronymic"])
	value(m, 430, 554, map[string]string{"M": "МУЖ.", "F": "ЖЕН."}[p["sex"]])
	value(m, 590, 554, show(p["birth-date"]))
	value(m, 430, 640, strings.ToUpper(p["birth-place"]))
	machineLines(m, lines, 876)
	return f
}

// cells writes a value by hand into a row of boxes.
func cells(m *image.RGBA, x, y int, s string, n int) {
	i := 0
	for _, r := range s {
		if i >= n {
			break
		}
		text(m, x+i*38+9, y+36, string(r), italic, 28, blueInk)
		i++
	}
}

func migrationCard(p map[string]string) *sheet {
	f := form("migration-card", func(r *rand.Rand) *image.RGBA {
		m := page(r, 1344, 1008, [3]uint8{230, 240, 232}, 3, redInk)
		text(m, 50, 56, "МИГРАЦИОННАЯ КАРТА / MIGRATION CARD — ОБРАЗЕЦ / SPECIMEN", bold, 28, inkBlack)
		text(m, 50, 92, "Часть А (въезд) / Part A (arrival). Не является документом", regular, 20, redInk)
		for i, s := range []string{"Фамилия / Surname", "Имя / Given names", "Отчество / Patronymic", "Дата рождения, пол / Date of birth, sex",
			"Гражданство / Nationality", "Документ / Passport No.", "Цель визита / Purpose of visit", "Срок пребывания с — до / Duration of stay from — to"} {
			y := 178 + i*98
			label(m, 50, y, s)
			for k := range 31 {
				frame(m, 50+k*38, y+8, 50+k*38+39, y+54, 1, faded)
			}
		}
		return m
	})
	m := f.RGBA
	text(m, 50, 140, "Серия / Serial, № "+p["stay-proof-number"], bold, 30, inkBlack)
	n := nationOf(p["citizenship"])
	for i, s := range []string{p["surname"] + " " + p["surname-latin"], p["given-name"] + " " + p["given-name-latin"], p["patronymic"],
		strings.ReplaceAll(show(p["birth-date"]), ".", " ") + "   " + p["sex"], n.ru, p["document-number"], "ЧАСТНАЯ",
		strings.ReplaceAll(show(p["stay-from"]), ".", " ") + " - " + strings.ReplaceAll(show(p["stay-to"]), ".", " ")} {
		cells(m, 50, 186+i*98, s, 31)
	}
	frame(m, 930, 90, 1250, 226, 4, greenInk)
	text(m, 950, 140, "ВЪЕЗД "+show(p["stay-from"]), bold, 28, greenInk)
	text(m, 950, 190, "ОБРАЗЕЦ 000", bold, 28, greenInk)
	return f
}

// permitTitles are the headings of the other stay proofs.
var permitTitles = map[string]string{
	"patent":                     "ПАТЕНТ / WORK PATENT",
	"residence-permit":           "ВИД НА ЖИТЕЛЬСТВО / RESIDENCE PERMIT",
	"temporary-residence-permit": "РАЗРЕШЕНИЕ НА ВРЕМЕННОЕ ПРОЖИВАНИЕ",
	"visa":                       "ВИЗА / VISA",
	"temporary-asylum":           "СВИДЕТЕЛЬСТВО О ВРЕМЕННОМ УБЕЖИЩЕ",
}

func permit(p map[string]string, face uint64) *sheet {
	kind := p["stay-proof-type"]
	tints := map[string][3]uint8{"patent": {226, 216, 236}, "residence-permit": {214, 228, 238}, "temporary-residence-permit": {234, 228, 210}, "visa": {220, 232, 222}}
	tint, ok := tints[kind]
	if !ok {
		tint = [3]uint8{230, 230, 222}
	}
	rows := [][2]string{{"Фамилия / Surname", p["surname"] + " / " + p["surname-latin"]}, {"Имя / Given names", p["given-name"] + " / " + p["given-name-latin"]},
		{"Дата рождения / Date of birth", show(p["birth-date"])}, {"Гражданство / Nationality", nationOf(p["citizenship"]).ru},
		{"Документ / Passport No.", p["document-number"]}, {"Выдан / Issued", show(p["stay-from"])}, {"Действителен до / Valid until", show(p["stay-to"])},
		{"Адрес / Address", strings.ToUpper(p["address"])}}
	return card("permit "+kind, permitTitles[kind], tint, p["stay-proof-number"], rows, p["sex"], face)
}

func permitAbroad(p map[string]string, face uint64) *sheet {
	c := stayOf(p["residence-country"])
	title := c.en + " — RESIDENCE PERMIT"
	if p["residence-proof-type"] == "visa" {
		title = c.en + " — VISA"
	}
	issued := shiftDate(p["document-issue-date"], 60)
	if issued < "2026" {
		issued = "2026-02-1" + string(rune('0'+face%9))
	}
	rows := [][2]string{{"Surname", p["surname-latin"]}, {"Given names", p["given-name-latin"]}, {"Date of birth", show(p["birth-date"])},
		{"Nationality", "RUSSIA"}, {"Passport No.", p["document-number"]}, {"Date of issue", show(issued)}, {"Valid until", show(shiftDate(issued, 729))},
		{"Address", strings.ToUpper(p["residence-address"])}}
	return card("abroad "+title, title, [3]uint8{222, 226, 236}, "SP 0000"+pad3(int(face%1000)), rows, p["sex"], face)
}

// card is a form with a portrait at the left and rows at the right.
func card(key, title string, tint [3]uint8, number string, rows [][2]string, sex string, face uint64) *sheet {
	f := form(key, func(r *rand.Rand) *image.RGBA {
		m := page(r, 1408, 960, tint, 3, redInk)
		text(m, 50, 70, title+" — ОБРАЗЕЦ / SPECIMEN", bold, 32, greenInk)
		for i, row := range rows {
			label(m, 430, 190+i*90, row[0])
		}
		return m
	})
	m := f.RGBA
	draw.Draw(m, image.Rect(60, 200, 380, 610), portrait(sex, face), image.Point{}, draw.Src)
	text(m, 430, 136, "№ "+number, bold, 32, redInk)
	for i, row := range rows {
		value(m, 430, 190+i*90, row[1])
	}
	text(m, 96, 664, "ОБРАЗЕЦ / SPECIMEN", bold, 24, redInk)
	return f
}

func insurance(p map[string]string, today string, face uint64) *sheet {
	rows := [][2]string{{"Страхователь / Policyholder", p["surname"] + " " + p["given-name"]}, {"Застрахованный / Insured", p["surname-latin"] + " " + p["given-name-latin"]},
		{"Дата рождения / Date of birth", show(p["birth-date"])}, {"Документ / Document", p["document-number"]},
		{"Срок действия / Period", show(shiftDate(today, -40)) + " — " + show(shiftDate(today, 324))}, {"Страховая сумма / Sum insured", "100 000 RUB"},
		{"Территория / Territory", "Российская Федерация"}}
	f := form("insurance", func(r *rand.Rand) *image.RGBA {
		m := page(r, 1408, 1008, [3]uint8{246, 247, 244}, 3, redInk)
		box(m, 0, 0, 1408, 92, color.RGBA{36, 90, 140, 255}, 255)
		text(m, 40, 60, "СТРАХОВАЯ КОМПАНИЯ «ОБРАЗЕЦ» — SPECIMEN INSURANCE", bold, 32, color.RGBA{255, 255, 255, 255})
		text(m, 240, 152, "ПОЛИС МЕДИЦИНСКОГО СТРАХОВАНИЯ / MEDICAL INSURANCE", bold, 28, inkBlack)
		for i, row := range rows {
			text(m, 60, 280+i*76, row[0], regular, 22, faded)
			box(m, 60, 294+i*76, 1340, 295+i*76, faded, 140)
		}
		ellipse(m, 1180, 860, 96, 96, 0, color.RGBA{40, 70, 170, 255}, 46)
		text(m, 1112, 856, "ОБРАЗЕЦ", bold, 26, blueInk)
		text(m, 1110, 890, "SPECIMEN", bold, 24, blueInk)
		return m
	})
	m := f.RGBA
	text(m, 480, 204, "№ ОБР 000-"+pad3(int(face%1000))+"-00", bold, 30, redInk)
	for i, row := range rows {
		text(m, 520, 280+i*76, row[1], bold, 26, inkBlack)
	}
	return f
}

// letterPage is a sheet of running text.
func letterPage(key, title string, lines []string) *sheet {
	f := form(key, func(r *rand.Rand) *image.RGBA {
		m := page(r, 1008, 1408, [3]uint8{248, 248, 244}, 2, redInk)
		text(m, 90, 130, title, bold, 30, inkBlack)
		text(m, 90, 1320, "ОБРАЗЕЦ / SPECIMEN — no legal force", bold, 22, redInk)
		return m
	})
	m := f.RGBA
	for i, l := range lines {
		text(m, 90, 220+i*46, l, regular, 23, inkBlack)
	}
	return f
}

func lease(p map[string]string, today string) *sheet {
	c := stayOf(p["residence-country"])
	return letterPage("lease", "LEASE AGREEMENT — SPECIMEN / ОБРАЗЕЦ", []string{
		"Place: " + c.city + ", " + c.en, "Date: " + show(shiftDate(today, -95)), "",
		"Landlord: SPECIMEN HOUSING LTD", "Tenant: " + p["surname-latin"] + " " + p["given-name-latin"],
		"born " + show(p["birth-date"]) + ", document No. " + p["document-number"], "citizen of Russia", "",
		"1. The landlord lets the dwelling at:", "    " + p["residence-address"] + ", " + c.en + ".",
		"2. Term: " + show(shiftDate(today, -95)) + " — " + show(shiftDate(today, 270)) + ".", "3. Rent: 10 000 a month, paid in advance.",
		"4. This text was made by a program for demonstration.", "", "Наниматель: " + p["surname"] + " " + p["given-name"] + " " + p["patronymic"], "",
		"Signatures: ______________      ______________"})
}

func certificate(p map[string]string, today string) *sheet {
	c := stayOf(p["residence-country"])
	return letterPage("certificate", "КОНСУЛЬСТВО (ОБРАЗЕЦ) / CONSULATE (SPECIMEN)", []string{
		"г. " + c.city + ", " + c.en, "Дата: " + show(shiftDate(today, -50)), "", "СПРАВКА", "",
		"Настоящий образец подтверждает, что", p["surname"] + " " + p["given-name"] + " " + p["patronymic"],
		"дата рождения " + show(p["birth-date"]) + ",", "паспорт № " + p["document-number"] + ",", "состоит на консульском учёте и проживает по адресу:",
		p["residence-address"] + ".", "", "This specimen confirms that the person named above lives", "at the address given.", "", "Консул ____________________"})
}

// wrongPage is a page that shows nothing of what was asked for.
func wrongPage(p map[string]string, s Scan) *sheet {
	f := form("wrong "+s.Slot, func(r *rand.Rand) *image.RGBA {
		m := page(r, 1408, 1008, [3]uint8{232, 230, 222}, 3, redInk)
		text(m, 560, 90, "ВИЗЫ / VISAS — 17", bold, 30, faded)
		for i := range 3 {
			frame(m, 130+i*390, 220, 450+i*390, 420, 4, color.RGBA{120, 110, 150, 255})
			text(m, 160+i*390, 300, "ОБРАЗЕЦ 000", bold, 28, color.RGBA{120, 110, 150, 255})
			text(m, 160+i*390, 350, "SPECIMEN", bold, 28, color.RGBA{120, 110, 150, 255})
		}
		return m
	})
	m := f.RGBA
	text(m, 560, 930, p["document-number"], bold, 26, color.RGBA{150, 146, 140, 255})
	return f
}
