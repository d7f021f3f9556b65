package layout_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"okno/static"
	"okno/views/i18n"
	"okno/views/layout"
	"okno/views/ui"
)

// html is a piece of the gallery's own text; pages never write markup this way.
func html(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	})
}

func within(outer templ.Component, inner ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, templ.Join(inner...)), w)
	})
}

func frame(lang string) layout.Page {
	return layout.Page{
		Lang: lang, Title: "Gallery", Demo: true, SignOut: "/sign-out", Settings: "/settings", ShortcutsPost: "/settings/shortcuts", CSRF: "token", User: "Иванова Е. П.",
		Languages: layout.Switch(i18n.ForApplicants(), lang, func(l string) string { return "/language?to=" + l + "&back=%2F" }),
		Help:      "/help", Accessibility: "/accessibility", Cookies: "/cookies", Privacy: "/privacy",
		SessionSeconds: 900, Renew: "/session", SignIn: "/sign-in",
	}
}

func applicantGallery(faulty bool) []templ.Component {
	e := func(s string) string {
		if faulty {
			return s
		}
		return ""
	}
	var faults []ui.Fault
	if faulty {
		faults = []ui.Fault{
			{Field: "surname", Text: "Введите фамилию латинскими буквами, как в паспорте"},
			{Field: "birth-month", Text: "В дате рождения укажите месяц"},
			{Field: "scan", Text: "Файл должен быть не больше 5 МБ"},
		}
	}
	return []templ.Component{
		ui.BackLink("/back"),
		ui.ErrorSummary(faults),
		ui.ProgressNote(3, 6),
		html("<h1>Ваши данные</h1>"),
		html(`<form method="post" action="/x" novalidate data-once>`),
		ui.HiddenCSRF("token"),
		ui.TextField(ui.Field{Name: "surname", Label: "Фамилия латинскими буквами", Hint: "Как в нижней строке паспорта", Value: "Гуломов", Error: e("Введите фамилию латинскими буквами, как в паспорте"), Autocomplete: "family-name"}),
		ui.DateField(ui.DateBoxes{Name: "birth", Legend: "Дата рождения", Hint: "Например, 27 3 1991", Day: "14", Year: "1991", Error: e("В дате рождения укажите месяц"), BadMonth: faulty, Birthday: true}),
		ui.TelField(ui.Field{Name: "phone", Label: "Мобильный телефон", Hint: "С кодом страны, например +7 900 123-45-67", Width: "20"}),
		ui.EmailField(ui.Field{Name: "email", Label: "Электронная почта", Value: "a@example.ru"}),
		ui.PasswordField(ui.Field{Name: "password", Label: "Пароль", Hint: "Не короче 8 знаков: заглавная и строчная буква, цифра, знак", Autocomplete: "new-password"}),
		ui.CodeField(ui.Field{Name: "code", Label: "Код из сообщения", Hint: "6 цифр"}),
		ui.TextField(ui.Field{Name: "number", Label: "Номер документа", Value: "FA0123456", Mono: true, Width: "10", Lang: "en"}),
		ui.Select(ui.Choices{Name: "citizenship", Legend: "Гражданство", Empty: "Выберите страну", Options: []ui.Option{{Value: "TJK", Label: "Таджикистан"}, {Value: "UZB", Label: "Узбекистан", Selected: true}}}),
		ui.Radios(ui.Choices{Name: "sex", Legend: "Пол", Inline: true, Options: []ui.Option{{Value: "f", Label: "Женский"}, {Value: "m", Label: "Мужской", Selected: true}}}),
		ui.Radios(ui.Choices{Name: "stay", Legend: "Чем подтвердите пребывание", Hint: "Выберите один документ", Error: e("Выберите документ"), Options: []ui.Option{{Value: "card", Label: "Миграционная карта", Hint: "Её выдают на границе"}, {Value: "visa", Label: "Виза"}}}),
		ui.Checkbox(ui.Tick{Name: "consent", Label: "Согласен на обработку персональных данных для проверки личности", Hint: "Версия 3 от 1 ноября 2026 г.", Error: e("Отметьте согласие, чтобы продолжить")}),
		ui.Checkbox(ui.Tick{Name: "news", Label: "Получать сообщения о ходе проверки в мессенджер", Checked: true}),
		ui.TextArea(ui.Field{Name: "note", Label: "Что исправили (если хотите)", Value: "Снял страницу целиком"}),
		ui.FileField(ui.Field{Name: "scan", Label: "Паспорт: страница с фото", Hint: "JPEG или PDF, до 5 МБ. Видны все 4 края, нет бликов, текст читается.", Error: e("Файл должен быть не больше 5 МБ"), MaxBytes: 5 << 20}),
		ui.UploadProgress(),
		within(ui.Actions(), ui.Button(ui.Action{Label: "Сохранить и продолжить"}), ui.TextLink(ui.Link{Label: "Вернуться к списку", URL: "/list"})),
		html("</form><h2>Сообщения</h2>"),
		ui.Notice(ui.Message{Title: "Нужны исправления: 2 — до 12 декабря", Kind: "warning", Text: "Откроются только отмеченные поля.", Link: ui.Link{Label: "Исправить", URL: "/fix"}}),
		ui.Notice(ui.Message{Text: "Мы отправили код на a***@example.ru. Он действует 15 минут."}),
		ui.Notice(ui.Message{Kind: "success", Title: "Файл сохранён"}),
		ui.Notice(ui.Message{Kind: "danger", Title: "Файл не загрузился", Text: "Остальные ответы сохранены. Загрузите файл ещё раз."}),
		within(ui.Details("Зачем нужны эти данные"), html("<p>По ним мы узнаём вас и не путаем с другими.</p>")),
		html("<h2>Проверьте ответы</h2>"),
		ui.SummaryList([]ui.Row{
			{Key: "Фамилия", Value: "GULOMOV", Lang: "en", Actions: []ui.Link{{Label: "Изменить", URL: "/a", Hidden: "фамилию"}}},
			{Key: "Имя", Was: "HUSEIN", Value: "HUSEYN", Lang: "en", Actions: []ui.Link{{Label: "Изменить", URL: "/b", Hidden: "имя"}}},
			{Key: "Отчество (если есть)", Actions: []ui.Link{{Label: "Изменить", URL: "/c", Hidden: "отчество"}}},
			{Key: "Номер документа", Value: "FA0123456", Mono: true, Note: "Таджикистан, до 03.02.2031", Mark: ui.CheckMark("ru", "pass")},
		}),
		html("<h2>Документы</h2>"),
		ui.TaskList([]ui.Task{
			{Label: "Паспорт: страница с фото", URL: "/p", Hint: "passport.jpg · 3,1 МБ", Mark: ui.Mark{Kind: "success", Text: "Загружено"}},
			{Label: "Миграционная карта", URL: "/m", Mark: ui.Mark{Text: "Не начато"}},
			{Label: "Проверить и отправить", Mark: ui.Mark{Text: "Пока недоступно", Icon: "lock"}},
		}),
		html("<h2>Ход проверки</h2>"),
		ui.Timeline([]ui.Event{
			{Time: "3 декабря, 14:02", Machine: "2026-12-03T11:02:00Z", Title: "Проверено", By: "сотрудник", Text: "Нужны исправления: 2", Kind: "warning", Icon: "triangle-alert"},
			{Time: "1 декабря, 9:40", Machine: "2026-12-01T06:40:00Z", Title: "Отправлено", Kind: "success", Icon: "circle-check"},
		}),
		ui.EmptyState(ui.Empty{Title: "Документы никто не открывал", Text: "Здесь появятся роль и время."}),
		html("<p>"), ui.StatusTag("draft"), html(" "), ui.StatusTag("queued"), html(" "), ui.StatusTag("correction-requested"), html(" "), ui.StatusTag("approved"), html(" "), ui.StatusTag("rejected"), html("</p>"),
		within(ui.Actions(), ui.LinkButton(ui.Link{Label: "Начать", URL: "/s", Icon: "arrow-right"}), ui.Button(ui.Action{Label: "Второе", Kind: "secondary"}), ui.Button(ui.Action{Label: "Удалить", Kind: "danger", Icon: "trash-2"}), ui.Button(ui.Action{Label: "Закрыто", Disabled: true})),
	}
}

func queueGallery() []templ.Component {
	row := func(current, no, name, due, checks, who string) templ.Component {
		return html(`<tr` + current + `><td><a class="link" href="/case">` + no + `</a></td><td>` + name + `</td><td>ИГ</td>` + due + `<td>` + checks + `</td><td>` + who + `</td></tr>`)
	}
	return []templ.Component{
		within(ui.Strip(ui.Message{Kind: "success", Text: "Решение по 26 004 799 0 сохранено"}), ui.Button(ui.Action{Label: "Отменить (30 с)", Kind: "secondary"})),
		html(`<div class="head"><h1>Очередь</h1><div class="head-end">`), ui.LinkButton(ui.Link{Label: "Взять следующее", URL: "/n", Key: "N"}), html(`</div></div>`),
		html(`<nav class="views" aria-label="Виды"><a href="/q" aria-current="page">Очередь <span class="count">42</span></a><a href="/m">Мои <span class="count">3</span></a><a href="/r">Возвращённые <span class="count">5</span></a></nav>`),
		html(`<form class="filters" method="get" action="/q">`),
		ui.Select(ui.Choices{Name: "track", Legend: "Тип", Options: []ui.Option{{Label: "Все"}}}),
		ui.Select(ui.Choices{Name: "due", Legend: "Срок", Options: []ui.Option{{Label: "Сегодня"}}}),
		ui.TextField(ui.Field{Name: "q", Label: "Номер или имя"}),
		ui.Button(ui.Action{Label: "Показать", Kind: "secondary", Icon: "list-filter"}), html(`</form>`),
		ui.FilterChips([]ui.Chip{{Label: "Срок: сегодня", Remove: "/q"}, {Label: "Гражданство: Таджикистан", Remove: "/q"}}, "/q"),
		within(ui.Table(ui.Grid{Caption: "Дела в очереди", CaptionHidden: true, Rows: true, Columns: []ui.Column{{Label: "Дело"}, {Label: "Заявитель"}, {Label: "Тип"}, {Label: "Срок", SortURL: "/q?s", Sorted: "ascending", Num: true}, {Label: "Проверки"}, {Label: "У кого"}}}),
			row(` aria-current="true"`, "26 004 812 7", "GULOMOV H.", `<td data-num class="soon">1 ч 40 мин</td>`, "", "—"),
			row("", "26 004 799 0", "PETROVA A.", `<td data-num>5 ч</td>`, "все сходятся", "Иванов"),
			row(` data-late`, "26 004 801 3", "KARIMOV S.", `<td data-num class="late">−12 мин</td>`, "2 расхождения", "—"),
			row("", "26 004 815 1", "SIDOROV P.", `<td data-num>6 ч</td>`, "все сходятся", "—")),
		ui.Pagination(ui.Pager{Prev: "/p", Next: "/n", Text: "1–25 из 42"}),
		ui.LaneTag("green"), html(" "), ui.LaneTag("normal"), html(" "), ui.LaneTag("attention"), html(" "), ui.CheckTag("fail"), html(" "), ui.CheckTag("unknown"),
		html(`<h2>Отчёт: 1–30 ноября</h2>`),
		ui.Figures([]ui.Number{{Label: "Принято", Value: "1 204"}, {Label: "Решено", Value: "1 150", Note: "на 3 % больше"}, {Label: "В срок", Value: "94 %", Mark: ui.Mark{Kind: "success", Text: "норма"}}, {Label: "Медиана", Value: "3 ч 10 мин"}}),
		html(`<div class="cols"><div class="card"><h2>Решения по дням</h2><svg class="chart" viewBox="0 0 420 170" role="img" aria-labelledby="ct cd"><title id="ct">Решения по дням</title><desc id="cd">Одобрено и отказано</desc><path class="grid" d="M30 20H400M30 60H400M30 100H400"/><path class="axis" d="M30 10V140H400"/><path class="line c1" d="M30 120L100 90L170 95L240 50L310 60L380 30"/><text class="c1" x="340" y="24">одобрено</text><path class="line c4" d="M30 135L100 130L170 128L240 132L310 120L380 126"/><text class="c4" x="340" y="116">отказано</text><text x="30" y="158">1 нояб.</text><text x="355" y="158">30 нояб.</text></svg></div><div class="card"><h2>Причины</h2>`),
		ui.DataTable(ui.Data{Grid: ui.Grid{Caption: "Причины отказа", CaptionHidden: true, Columns: []ui.Column{{Label: "Причина"}, {Label: "Дел", Num: true}}}, Body: [][]ui.Cell{{{Text: "Края обрезаны", Head: true}, {Text: "112", Num: true}}, {{Text: "Имя отличается", Head: true}, {Text: "87", Num: true}}}, Foot: []ui.Cell{{Text: "Всего", Head: true}, {Text: "199", Num: true}}}),
		html(`</div><div class="card"><h2>История</h2>`),
		ui.Timeline([]ui.Event{{Time: "03.12.2026 14:02", Machine: "2026-12-03T11:02:00Z", Title: "Взято в работу", By: "Иванова Е. П.", Kind: "info", Icon: "eye"}, {Time: "01.12.2026 9:40", Machine: "2026-12-01T06:40:00Z", Title: "Отправлено"}}),
		html(`</div></div>`),
		ui.ErrorSummary([]ui.Fault{{Field: "q", Text: "Введите номер дела из 10 цифр"}}),
		html(`<form>`), ui.PasswordField(ui.Field{Name: "password", Label: "Пароль", Autocomplete: "current-password"}), html(`</form>`),
		ui.Radios(ui.Choices{Name: "reason", Legend: "Причина", Options: []ui.Option{{Value: "1", Label: "Края обрезаны", Selected: true}, {Value: "2", Label: "Блики"}}}),
		ui.Checkbox(ui.Tick{Name: "late", Label: "Только просроченные", Checked: true}),
		html(`<form>`), ui.FileField(ui.Field{Name: "scan", Label: "Файл"}), html(`</form>`),
	}
}

func benchGallery(pages []ui.ScanPage) []templ.Component {
	return []templ.Component{
		html(`<div class="case-line"><h1>26 004 812 7</h1>`), ui.StatusTag("in-review"), html(`<span>Иностранный гражданин</span><span class="soon">срок 1 ч 40 мин</span><span class="lease">ваше до 14:17</span></div>`),
		html(`<div class="bench" data-bench><div class="bench-tabs" role="group" aria-label="Части дела"></div><div class="bench-scan" id="bench-scan" data-label="Скан">`),
		ui.Viewer(ui.Scans{Label: "Документы дела", Case: "c1", Documents: []ui.ScanDocument{
			{ID: "d1", Label: "Паспорт", Pages: pages[:2]},
			{ID: "d2", Label: "Миграционная карта", Mark: ui.Mark{Kind: "success", Text: "верно"}, Pages: pages[2:]},
		}}),
		html(`</div><div class="bench-side"><section class="bench-data" id="bench-data" data-label="Данные" tabindex="0" aria-labelledby="bd"><h2 id="bd">Данные</h2><table class="pairs" data-rows><thead><tr><th scope="col">Поле</th><th scope="col">заявил</th><th scope="col">в документе</th><th scope="col"><span class="vh">Сверка</span></th></tr></thead><tbody>`),
		html(`<tr><th scope="row">Фамилия</th><td lang="en" data-mono>GULOMOV</td><td lang="en" data-mono>GULOMOV</td><td>`), ui.CheckTag("pass"), html(`</td></tr>`),
		html(`<tr data-mark="differs"><th scope="row">Имя</th><td lang="en" data-mono>HUSE<mark>I</mark>N</td><td lang="en" data-mono>HUSE<mark>Y</mark>N</td><td>`), ui.CheckTag("fail"), html(`</td></tr>`),
		html(`<tr><th scope="row">Рождение</th><td>14.03.1991</td><td>14.03.1991</td><td>`), ui.CheckTag("pass"), html(`</td></tr>`),
		html(`<tr><th scope="row">Номер</th><td data-mono>FA0123456</td><td data-mono>FA0123456</td><td>`), ui.CheckTag("pass"), html(`</td></tr>`),
		html(`</tbody></table></section><section class="bench-checks" id="bench-checks" data-label="Проверки" aria-labelledby="bc"><h2 id="bc">Проверки</h2><ul class="checks"><li>`), ui.CheckTag("fail"), html(`<span>Имя: 1 знак отличается</span></li><li>`), ui.CheckTag("pass"), html(`<span>Контрольные цифры машиночитаемой строки</span></li><li>`), ui.CheckTag("unknown"), html(`<span>Резкость 61 из 100</span></li></ul></section></div></div>`),
		html(`<div class="decision">`),
		ui.Button(ui.Action{Type: "button", Label: "Одобрить", Key: "1"}), ui.Button(ui.Action{Type: "button", Label: "Исправления (1)", Key: "2", Kind: "secondary"}), ui.Button(ui.Action{Type: "button", Label: "Отказать", Key: "3", Kind: "secondary"}),
		html(`<div class="decision-end">`), ui.Button(ui.Action{Type: "button", Label: "Заметка", Key: "O", Kind: "quiet"}), ui.Button(ui.Action{Type: "button", Label: "Вернуть", Key: "S", Kind: "quiet"}), html(`</div></div>`),
	}
}

func render(t *testing.T, lang string, outer templ.Component, inner ...templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := within(outer, inner...).Render(i18n.With(context.Background(), lang), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// gallery renders every component in every frame. With GALLERY set to a folder the pages and
// the static files are written there, so that they can be looked at in a browser.
func gallery(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	scans := make([]ui.ScanPage, 3)
	for i := range scans {
		n := string(rune('1' + i))
		scans[i] = ui.ScanPage{ID: "p" + n, URL: "/scan" + n + ".svg", Href: "/case?page=p" + n, Label: "стр. " + n, Alt: "SPECIMEN, страница " + n}
	}
	for _, lang := range i18n.Languages() {
		p := frame(lang)
		p.User = ""
		all["applicant."+lang] = render(t, lang, layout.Applicant(p), applicantGallery(false)...)
		p.ErrorPrefix = true
		all["faulty."+lang] = render(t, lang, layout.Applicant(p), applicantGallery(true)...)
		p.HTMX = true
		all["confirm."+lang] = render(t, lang, layout.Applicant(p), ui.ConfirmPage(ui.Confirm{Title: "Отозвать заявление", Text: "Заявление 26 004 812 7", Consequences: []string{"Проверка прекратится", "Сканы удалим через 30 дней"}, PostURL: "/withdraw", CSRF: "t", Act: ui.Action{Label: "Отозвать", Kind: "danger"}, Cancel: ui.Link{Label: "Оставить", URL: "/"}}))
		all["bare."+lang] = render(t, lang, layout.Bare(p), html("<h1>Страница не найдена</h1><p>Проверьте адрес.</p>"))
		for _, theme := range []string{"light", "dark"} {
			s := frame(lang)
			s.Theme = theme
			s.Nav = []layout.NavItem{{Label: "Очередь", URL: "/q", Current: true, Count: "42", Key: "G"}, {Label: "Мои решения", URL: "/mine"}, {Label: "Поиск", URL: "/search"}, {Label: "Отчёты", URL: "/reports"}}
			all["queue."+theme+"."+lang] = render(t, lang, layout.Staff(s), queueGallery()...)
			s.Scripts = layout.ViewerScripts
			all["bench."+theme+"."+lang] = render(t, lang, layout.Staff(s), benchGallery(scans)...)
		}
	}
	if dir := os.Getenv("GALLERY"); dir != "" {
		write := func(name string, body []byte) {
			file := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, body, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for name, page := range all {
			write(name+".html", []byte(page))
		}
		for _, name := range static.Names() {
			a, _ := static.Lookup(static.URL(name))
			write(a.Path, a.Body)
		}
	}
	return all
}

var inline = regexp.MustCompile(`(?i)\sstyle=|\son[a-z]+=|<style|javascript:|hx-on|<script(?:[^>]*)>[^<]`)

func TestEveryComponentIsFreeOfInlineCode(t *testing.T) {
	for name, page := range gallery(t) {
		if m := inline.FindString(page); m != "" {
			t.Errorf("%s: inline code %q", name, m)
		}
	}
}

func TestEveryPageIsSound(t *testing.T) {
	for name, page := range gallery(t) {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		if n := doc.Find("h1").Length(); n != 1 {
			t.Errorf("%s: %d h1", name, n)
		}
		lang := name[strings.LastIndex(name, ".")+1:]
		if got := doc.Find("html").AttrOr("lang", ""); got != lang {
			t.Errorf("%s: lang %q", name, got)
		}
		seen := map[string]bool{}
		doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if seen[id] {
				t.Errorf("%s: id %q twice", name, id)
			}
			seen[id] = true
		})
		doc.Find("[aria-describedby],[aria-labelledby],label[for]").Each(func(_ int, s *goquery.Selection) {
			for _, attr := range []string{"aria-describedby", "aria-labelledby", "for"} {
				for _, id := range strings.Fields(s.AttrOr(attr, "")) {
					if !seen[id] {
						t.Errorf("%s: %s refers to %q, which is not on the page", name, attr, id)
					}
				}
			}
		})
		doc.Find(".error-summary a").Each(func(_ int, s *goquery.Selection) {
			if id := strings.TrimPrefix(s.AttrOr("href", ""), "#"); !seen[id] {
				t.Errorf("%s: the summary links to %q, which is not on the page", name, id)
			}
		})
		doc.Find("input:not([type=hidden]),select,textarea").Each(func(_ int, s *goquery.Selection) {
			if id := s.AttrOr("id", ""); doc.Find(`label[for="`+id+`"]`).Length() != 1 {
				t.Errorf("%s: field %q has no label of its own", name, id)
			}
		})
		doc.Find("link[href],script[src],use").Each(func(_ int, s *goquery.Selection) {
			url := s.AttrOr("href", s.AttrOr("src", ""))
			file, _, _ := strings.Cut(url, "#")
			if _, ok := static.Lookup(file); !ok {
				t.Errorf("%s: %s is not an asset", name, url)
			}
		})
		icons, _ := static.Lookup(static.URL("img/icons.svg"))
		doc.Find("use").Each(func(_ int, s *goquery.Selection) {
			_, id, _ := strings.Cut(s.AttrOr("href", ""), "#")
			if !bytes.Contains(icons.Body, []byte(`id="`+id+`"`)) {
				t.Errorf("%s: no icon %q", name, id)
			}
		})
	}
}

func TestErrorsAreTiedToTheirFields(t *testing.T) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(gallery(t)["faulty.ru"]))
	if err != nil {
		t.Fatal(err)
	}
	if got := doc.Find("title").Text(); !strings.HasPrefix(got, "Ошибка: ") {
		t.Errorf("title %q", got)
	}
	surname := doc.Find("#surname")
	if surname.AttrOr("aria-invalid", "") != "true" || surname.AttrOr("aria-describedby", "") != "surname-hint surname-error" || surname.AttrOr("value", "") != "Гуломов" {
		t.Error("the surname does not carry its error, its hint and its value")
	}
	if _, bad := doc.Find("#birth-day").Attr("aria-invalid"); bad {
		t.Error("the day is marked though only the month is wrong")
	}
	if doc.Find("#birth-month").AttrOr("aria-invalid", "") != "true" {
		t.Error("the month is not marked")
	}
	summary := doc.Find("#error-summary")
	if _, ok := summary.Attr("autofocus"); !ok || summary.AttrOr("tabindex", "") != "-1" {
		t.Error("the summary does not take the focus")
	}
	if doc.Find("main .error-summary ~ h1").Length() != 1 {
		t.Error("the summary does not stand above the h1")
	}
	if doc.Find("form[novalidate]").Length() != 1 || doc.Find("[required]").Length() != 0 {
		t.Error("the browser's own validation is in the way")
	}
}
