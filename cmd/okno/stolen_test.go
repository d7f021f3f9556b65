package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/signin"
	"okno/views/link"
)

// canaries are texts that occur nowhere but in the data of the invented person.
var canaries = map[review.Field]string{
	review.Surname: "КАНАРЕЕЧНИКОВ", review.GivenName: "ЖЕЛТОПЕР", review.SurnameLatin: "KANAREECHNIKOV", review.GivenNameLatin: "ZHELTOPER",
	review.BirthPlace: "ГОРОД ПЕРНАТОГОРСК", review.DocumentNumber: "QX7391846", review.DocumentIssuer: "ВОЛЬЕРНЫЙ ОТДЕЛ КАНАРЕЙГРАДА",
	review.StayProofNumber: "7391 8460257", review.Address: "г. Канарейград, ул. Певчая, д. 739",
	review.INN: "739184602573", review.SNILS: "73918460257", review.OMS: "7391846025739184",
}

const (
	canaryMail    = "kanareechnikov.zheltoper@example.org"
	canaryPhone   = "+79997391846"
	canaryNote    = "Замечание: у канареечного дела жёлтое перо"
	canaryFile    = "КАНАРЕЙКА-SPECIMEN"
	canaryDetails = "в клетке канарейки другой номер"
)

// canaryWords lists every text that must not be found. Names and addresses of the
// staff are work data and lie open: the log of a case names who decided.
func canaryWords() []string {
	list := []string{canaryMail, canaryPhone, canaryPhone[1:], canaryNote, canaryFile, canaryDetails, "739-184-602 57"}
	for _, v := range canaries {
		list = append(list, v)
	}
	return list
}

// shapes are the forms in which a text may lie about.
func shapes(text string) [][]byte {
	units := utf16.Encode([]rune(text))
	little, big := make([]byte, 0, 2*len(units)), make([]byte, 0, 2*len(units))
	for _, u := range units {
		little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
	}
	all := [][]byte{[]byte(text), little, big, []byte(url.QueryEscape(text)), []byte(url.PathEscape(text)), []byte(strings.ToLower(url.QueryEscape(text))),
		[]byte(strings.ToLower(text)), []byte(hex.EncodeToString([]byte(text)))}
	if escaped := fmt.Sprintf("%+q", text); escaped != `"`+text+`"` {
		all = append(all, []byte(strings.Trim(escaped, `"`)))
	}
	for _, form := range []string{text, string(little)} {
		for shift := range 3 { // base64 of a text that begins anywhere in a group
			coded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + form))
			all = append(all, []byte(coded[4*((shift+2)/3):len(coded)-4]))
		}
	}
	return all
}

// finder looks for canaries, for stretches of files and for the first bytes of
// pictures and PDF.
type finder struct {
	names  []string
	needle [][]byte
}

func newFinder(files ...[]byte) *finder {
	f := &finder{}
	add := func(name string, b []byte) {
		if len(b) >= 4 {
			f.names, f.needle = append(f.names, name), append(f.needle, b)
		}
	}
	for _, text := range canaryWords() {
		for i, b := range shapes(text) {
			add(fmt.Sprintf("%q in form %d", text, i), b)
		}
	}
	for i, file := range files {
		for _, at := range []int{16, len(file) / 3, len(file) / 2, len(file) - 64} {
			add(fmt.Sprintf("bytes of file %d", i), file[at:at+24])
		}
	}
	for _, magic := range []string{"\xff\xd8\xff\xe0\x00\x10JFIF", "\xff\xd8\xff\xdb\x00", "Exif\x00\x00", "%PDF-"} {
		add(fmt.Sprintf("magic %q", magic), []byte(magic))
	}
	return f
}

func (f *finder) in(data []byte) (found []string) {
	for i, n := range f.needle {
		if bytes.Contains(data, n) {
			found = append(found, f.names[i])
		}
	}
	return found
}

// folder searches every file below a folder and returns how many bytes it read.
func (f *finder) folder(t *testing.T, dir string) (read int, found []string) {
	t.Helper()
	if err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		read += len(data)
		for _, what := range f.in(append(data, path[len(dir):]...)) {
			found = append(found, path[len(dir):]+": "+what)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return read, found
}

// stolenDesk brings the canary person through the desk and returns the files that
// were sent.
func stolenDesk(t *testing.T, h *house) (files [][]byte) {
	t.Helper()
	account := review.AccountID(h.ids.NewID())
	stored, err := h.hasher.Hash(t.Context(), "Vechernij-Stakan7-Oduvan")
	h.must(err)
	h.write(func(tx *sqlite.Tx) error {
		return h.accounts.Create(tx, signin.NewAccount{ID: account, Language: "ru", Track: review.ForeignCitizen, Email: canaryMail, Phone: canaryPhone, Password: stored, At: h.clock.Now()})
	})
	by := review.Actor{Account: account, Roles: []review.Role{review.RoleApplicant}}
	s := h.draft(by, review.ForeignCitizen, func(s *review.Submission) (review.Change, error) {
		given := review.Answers{}
		for f, v := range canaries {
			given[f] = review.Answer{Typed: v, Value: v}
		}
		return s.Save(by, "person", given, h.clock.Now())
	})
	paper, err := os.ReadFile(filepath.Join(specimens, "s055_passport.pdf"))
	h.must(err)
	b := h.browse("http://"+h.listening(), h.accountToken(account))
	for slot, file := range map[review.Slot][]byte{review.SlotPassport: picture(), review.SlotStayProof: paper} {
		files = append(files, file)
		name := canaryFile + ".jpg"
		if slot == review.SlotStayProof {
			name = canaryFile + ".pdf"
		}
		a, err := b.upload(t.Context(), link.Upload(string(slot)), name, file)
		if err != nil || a.status != 303 {
			t.Fatalf("upload to %s: %d, %v", slot, a.status, err)
		}
	}
	if a, err := b.send(t.Context(), link.Section("address"), "address", canaries[review.Address], "postal-index", "739184"); err != nil || a.status/100 >= 5 {
		t.Errorf("saving: %d, %v", a.status, err)
	}
	for range 2 { // signing in fails and succeeds
		a, err := b.send(t.Context(), link.SignIn(), "login", canaryMail, "password", "Vechernij-Stakan7-Oduvan")
		if err != nil || a.status != 303 {
			t.Errorf("signing in: %d, %v", a.status, err)
		}
		_, _ = b.send(t.Context(), link.SignIn(), "login", canaryPhone, "password", canaryMail)
	}
	// The desk's side: a remark, a correction with words of its own.
	inv, err := h.desk.staff.Invite(t.Context(), review.System(), "colleague@example.org", "Коллега", []review.Role{review.RoleReviewer})
	h.must(err)
	reviewer := review.Actor{Staff: inv.Staff, Name: "Коллега", Roles: []review.Role{review.RoleReviewer}}
	now := h.clock.Now()
	for _, do := range []step{
		func(s *review.Submission) (review.Change, error) { return s.Send(by, now) },
		func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, now) },
		func(s *review.Submission) (review.Change, error) { return s.Take(reviewer, now) },
	} {
		_, err := h.submissions.Update(t.Context(), s.ID, 0, do)
		h.must(err)
	}
	_, err = h.verdict.AddNote(t.Context(), reviewer, s.ID, canaryNote)
	h.must(err)
	_, err = h.submissions.Update(t.Context(), s.ID, 0, h.decided(reviewer, review.Decision{Outcome: review.RequestCorrection, Note: canaryNote, Items: []review.Item{
		{Reason: "documents-inconsistent", Target: review.Target{Slot: review.SlotPassport}, Details: canaryDetails},
	}}))
	h.must(err)
	if _, err := h.notices.Tick(t.Context()); err != nil {
		t.Error(err)
	}
	support := h.appoint(review.RoleSupportAgent)
	_ = h.ask(visitor{h.staffToken(support.Staff, false), true}, "GET", link.Support()+"?number="+url.QueryEscape(canaries[review.DocumentNumber]), nil)
	_ = h.ask(visitor{}, "GET", "/"+url.PathEscape(canaries[review.Surname]), nil)
	return files
}

// TestAStolenFolderTellsNothing copies the folder of a running and of a stopped
// desk without the key and looks for everything personal in it.
func TestAStolenFolderTellsNothing(t *testing.T) {
	root, temp := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	dir := filepath.Join(root, "data")
	var log output
	var files [][]byte
	t.Run("live", func(t *testing.T) {
		h := houseIn(t, dir, &log)
		files = stolenDesk(t, h)
		s, err := h.submissions.ForAccount(t.Context(), review.AccountID(""))
		if err == nil {
			t.Errorf("a submission of nobody: %v", s.Number)
		}
		if err := os.CopyFS(filepath.Join(root, "copy"), os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		if h.data.db.WALSize() == 0 {
			t.Error("nothing is in the write-ahead log")
		}
	})
	if t.Failed() {
		return
	}
	find := newFinder(files...)
	for _, folder := range []string{filepath.Join(root, "copy"), dir, temp} {
		read, found := find.folder(t, folder)
		for _, what := range found {
			t.Errorf("%s%s", filepath.Base(folder), what)
		}
		if folder != temp && read < 200<<10 {
			t.Errorf("%s holds %d bytes only", folder, read)
		}
	}
	for _, what := range find.in([]byte(log.String())) {
		t.Errorf("log: %s", what)
	}
	if !strings.Contains(log.String(), link.SignIn()) {
		t.Error("the log is empty")
	}
}

// TestTheSearchFinds keeps the test above honest.
func TestTheSearchFinds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := [][]byte{picture()}
	find := newFinder(files...)
	for _, text := range canaryWords() {
		for i, form := range shapes(text)[:8] {
			body := slices.Concat([]byte("before "), form, []byte(" after"))
			if len(find.in(body)) == 0 {
				t.Errorf("%q in form %d is not found", text, i)
			}
		}
		for shift := range 3 {
			body := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 30+shift) + text + "xxxx"))
			if len(find.in([]byte(body))) == 0 {
				t.Errorf("%q in base64 at %d is not found", text, shift)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "blob"), slices.Concat([]byte("xxx"), picture()), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, found := find.folder(t, dir); len(found) < 5 {
		t.Errorf("an open picture: %v", found)
	}
}
