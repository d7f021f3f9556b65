package i18n

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"unicode"
)

var placeholder = regexp.MustCompile(`\{[A-Za-z]\w*\}`)

// read gives the messages of one language by file prefix, and fails on a key written twice.
func read(t *testing.T, lang string) map[string]map[string]message {
	t.Helper()
	found, err := filepath.Glob(lang + "/*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]message{}
	for _, file := range found {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]message{}
		if err := json.Unmarshal(body, &m); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		dec := json.NewDecoder(bytes.NewReader(body))
		seen, depth, key := map[string]bool{}, 0, true
		for {
			tok, err := dec.Token()
			if err != nil {
				break
			}
			switch v := tok.(type) {
			case json.Delim:
				if v == '{' {
					depth++
					key = true
				} else {
					depth--
					key = true
				}
				continue
			case string:
				if depth == 1 && key {
					if seen[v] {
						t.Errorf("%s: key %s is written twice", file, v)
					}
					seen[v] = true
				}
			}
			key = !key
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = m
	}
	return all
}

// texts lists every form of a message.
func (m message) texts() []string {
	if m.forms == nil {
		return []string{m.plain}
	}
	all := make([]string, 0, len(m.forms))
	for _, text := range m.forms {
		all = append(all, text)
	}
	sort.Strings(all)
	return all
}

func (m message) placeholders() []string {
	set := map[string]bool{}
	for _, text := range m.texts() {
		for _, p := range placeholder.FindAllString(text, -1) {
			set[p] = true
		}
	}
	all := make([]string, 0, len(set))
	for p := range set {
		all = append(all, p)
	}
	sort.Strings(all)
	return all
}

func TestEveryLanguageSaysTheSameThings(t *testing.T) {
	ru, en := read(t, Russian), read(t, English)
	for _, side := range []struct {
		name       string
		from, into map[string]map[string]message
	}{{"English", ru, en}, {"Russian", en, ru}} {
		for prefix, file := range side.from {
			for key := range file {
				if _, ok := side.into[prefix][key]; !ok {
					t.Errorf("%s: %s is missing in %s.json", side.name, key, prefix)
				}
			}
		}
	}
	for prefix, file := range ru {
		for key, m := range file {
			other, ok := en[prefix][key]
			if ok && !slices.Equal(m.placeholders(), other.placeholders()) {
				t.Errorf("%s: placeholders %v in Russian, %v in English", key, m.placeholders(), other.placeholders())
			}
			if ok && (m.forms == nil) != (other.forms == nil) {
				t.Errorf("%s: plural forms in one language only", key)
			}
		}
	}
}

// Languages for applicants only may lack keys, which are then shown in Russian. What they
// have must fit the source, and they must say whether a native speaker has read them.
func TestLanguagesForApplicantsFitTheSource(t *testing.T) {
	ru := read(t, Russian)
	for _, l := range known() {
		if l.Complete {
			continue
		}
		if !l.Reviewed && l.Note != "translation not yet reviewed by a native speaker" {
			t.Errorf("%s: nobody has reviewed it, and languages.json does not say so", l.Code)
		}
		keys := 0
		for prefix, file := range read(t, l.Code) {
			for key, m := range file {
				keys++
				source, ok := ru[prefix][key]
				if !ok {
					t.Errorf("%s: %s is not a key of the source", l.Code, key)
					continue
				}
				if !slices.Equal(m.placeholders(), source.placeholders()) {
					t.Errorf("%s: %s has the placeholders %v, the source %v", l.Code, key, m.placeholders(), source.placeholders())
				}
				if m.forms != nil && source.forms == nil {
					t.Errorf("%s: %s has plural forms, the source has none", l.Code, key)
				}
			}
		}
		if keys == 0 {
			t.Errorf("%s: nothing is translated", l.Code)
		}
	}
}

// forStaff and forLaw are the keys that languages for applicants do not have: words
// of the desk's own pages, and texts that are binding in Russian.
var (
	forStaff = regexp.MustCompile(`^(appeal|audit|case|check|check-mark|check-verdict|clock|compare|demo|duplicate|history|lane|match|mentions|outcome|party|queue|report|role|scan-note|search|settings|staff|support|suspended|system|track-short|verdict)\.` +
		`|^kit\.(view|keys|bench|pages|prev|next|range|found|filter.*)(\.|$)|^nav\.(queue|search|decisions|report|audit|access|support|staff|system|mentions|suspended)$|^notice\.staff-` +
		`|^error\.(queue|claimed-by-other|not-claimed|decision-pending|undo-too-late|four-eyes|arbiter-needed|rounds-used-up|senior-needed|appeal-decider|already-open|free-pick|reserved|conflict-of-interest|reset-.*|reinstate-.*)(\.|$)`)
	forLaw = regexp.MustCompile(`^consent\..*\.v\d+$|^info\.privacy\.(lead|\d)`)
)

// A new text may wait for its translators for a while, and is shown in Russian.
func TestLanguagesForApplicantsKeepUp(t *testing.T) {
	const enough = 90 // per cent
	ru := read(t, Russian)
	for _, l := range known() {
		if l.Complete {
			continue
		}
		here := read(t, l.Code)
		all := 0
		var missing []string
		for prefix, file := range ru {
			for key := range file {
				_, written := here[prefix][key]
				switch {
				case forStaff.MatchString(key):
				case forLaw.MatchString(key):
					if written {
						t.Errorf("%s: %s is binding in Russian and must not be translated", l.Code, key)
					}
				default:
					if all++; !written {
						missing = append(missing, key)
					}
				}
			}
		}
		sort.Strings(missing)
		t.Logf("%s: %d of %d texts for applicants; missing: %v", l.Code, all-len(missing), all, missing)
		if (all-len(missing))*100 < all*enough {
			t.Errorf("%s: less than %d %% is translated", l.Code, enough)
		}
	}
}

func TestWhatIsNotTranslatedIsShownInRussian(t *testing.T) {
	if got, want := Text("uz", "queue.title"), Text(Russian, "queue.title"); got != want {
		t.Errorf("a page of staff says %q in Uzbek, not %q", got, want)
	}
	if got := Text("uz", "kit.continue"); got == Text(Russian, "kit.continue") {
		t.Error("a translated key is shown in Russian")
	}
}

func TestKeysLieInTheFileOfTheirPrefix(t *testing.T) {
	shape := regexp.MustCompile(`^[a-z][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)+$`)
	for _, lang := range ForApplicants() {
		for prefix, file := range read(t, lang) {
			for key, m := range file {
				if !strings.HasPrefix(key, prefix+".") {
					t.Errorf("%s/%s.json: key %s belongs elsewhere", lang, prefix, key)
				}
				if !shape.MatchString(key) {
					t.Errorf("%s/%s.json: key %q is not of the form page.thing", lang, prefix, key)
				}
				for _, text := range m.texts() {
					if strings.TrimSpace(text) == "" {
						t.Errorf("%s: %s says nothing", lang, key)
					}
				}
			}
		}
	}
}

func TestPluralFormsAreComplete(t *testing.T) {
	need := map[string][]string{
		Russian: {"few", "many", "one", "other"}, English: {"one", "other"},
		"uz": {"one", "other"}, "tg": {"one", "other"}, "ky": {"one", "other"},
	}
	for _, lang := range ForApplicants() {
		for _, file := range read(t, lang) {
			for key, m := range file {
				if m.forms == nil {
					continue
				}
				var have []string
				for form := range m.forms {
					have = append(have, form)
				}
				sort.Strings(have)
				if !slices.Equal(have, need[lang]) {
					t.Errorf("%s: %s has the forms %v, not %v", lang, key, have, need[lang])
				}
			}
		}
	}
}

func TestNoBannedWords(t *testing.T) {
	banned := map[string]*regexp.Regexp{
		Russian: regexp.MustCompile(`(?i)пожалуйста|некорректн|недопустим|обязательн(ое|ого|ом|ые|ых) пол|осуществл|в целях|ошибка ввода`),
		English: regexp.MustCompile(`(?i)\bplease\b|\binvalid\b|\billegal\b|required field|mandatory field`),
	}
	for _, lang := range Languages() {
		for _, file := range read(t, lang) {
			for key, m := range file {
				for _, text := range m.texts() {
					if bad := banned[lang].FindString(text); bad != "" {
						t.Errorf("%s: %s says %q: %s", lang, key, bad, text)
					}
				}
			}
		}
	}
}

// At 320 px a heading word of more than 15 letters breaks at any place; a soft hyphen says where.
func TestHeadingWordsFitANarrowScreen(t *testing.T) {
	for _, lang := range Languages() {
		for _, file := range read(t, lang) {
			for key, m := range file {
				if !strings.HasSuffix(key, ".title") && !strings.HasSuffix(key, ".heading") {
					continue
				}
				for _, text := range m.texts() {
					for _, word := range strings.FieldsFunc(placeholder.ReplaceAllString(text, ""), func(r rune) bool { return !unicode.IsLetter(r) }) {
						if len([]rune(word)) > 15 {
							t.Errorf("%s: %s has the long word %q", lang, key, word)
						}
					}
				}
			}
		}
	}
}

var (
	literal = regexp.MustCompile(`i18n\.(?:T|Text)\(\s*[^,"]+?,\s*"([^"]+)"\s*([,)+])`)
	remark  = regexp.MustCompile(`(?m)^\s*//.*$`)
	has     = regexp.MustCompile(`i18n\.Has\(\s*"([^"]+)"\s*([,)+])`)
)

// Every key written in a template or a handler must be in the catalogue. A key that is put
// together ("fault." + code) is checked by its beginning.
func TestEveryKeyInUseIsWritten(t *testing.T) {
	keys := words()[Russian]
	used := 0
	for _, root := range []string{"..", "../../handlers", "../../cmd"} {
		err := filepath.WalkDir(root, func(file string, d os.DirEntry, err error) error {
			if err != nil {
				if os.IsNotExist(err) {
					return filepath.SkipDir
				}
				return err
			}
			if d.IsDir() && d.Name() == "i18n" {
				return filepath.SkipDir
			}
			if d.IsDir() || strings.HasSuffix(file, "_templ.go") || (!strings.HasSuffix(file, ".templ") && !strings.HasSuffix(file, ".go")) {
				return nil
			}
			body, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			body = remark.ReplaceAll(body, nil)
			for _, m := range append(literal.FindAllSubmatch(body, -1), has.FindAllSubmatch(body, -1)...) {
				key, end := string(m[1]), string(m[2])
				used++
				if end != "+" {
					if _, ok := keys[key]; !ok {
						t.Errorf("%s: the key %s is written nowhere", file, key)
					}
					continue
				}
				if !slices.ContainsFunc(mapKeys(keys), func(k string) bool { return strings.HasPrefix(k, key) }) {
					t.Errorf("%s: no key begins with %s", file, key)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if used < 50 {
		t.Errorf("only %d keys found in use: the search is broken", used)
	}
}

func mapKeys(m map[string]message) []string {
	all := make([]string, 0, len(m))
	for key := range m {
		all = append(all, key)
	}
	return all
}
