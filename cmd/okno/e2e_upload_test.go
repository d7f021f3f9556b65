package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"okno/handlers/web"
	"okno/review"
	"okno/views/i18n"
	"okno/views/link"
)

// TestPhotosBeforeTheyAreSent: a chosen photo is shown, turned, taken out, made
// smaller; what no browser reads is explained before a byte is sent. A link that
// breaks in the middle takes nothing with it.
func TestPhotosBeforeTheyAreSent(t *testing.T) {
	t.Parallel()
	g, c := exhibit(t), launch(t)
	p := c.open(t, g.site, "photographer", "ru", 360, true)
	p.unlooked = true
	g.signIn(p, newcomer)
	p.visit(link.Apply())
	slot := string(review.SlotPassport)
	p.visit(link.Upload(slot))
	status := `document.querySelector('[data-upload-progress] [role=status]').textContent`
	says := func(key string) {
		t.Helper()
		p.until(status + " === " + quote(i18n.Text("ru", key)))
	}
	write := func(name string, body []byte) string {
		t.Helper()
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	submit := form(link.Upload(slot)) + " button[type=submit]"
	document := func() (review.Document, bool) {
		t.Helper()
		s, err := g.submissions.ForAccount(t.Context(), g.account(newcomer))
		g.must(err)
		return s.Document(review.SlotPassport)
	}

	p.choosePath("input[type=file]", write("IMG_0001.HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")))
	says("kit.uploadHEIC")
	p.click(submit)
	says("kit.uploadHEIC")
	p.choosePath("input[type=file]", write("letter.docx", []byte("PK\x03\x04 SPECIMEN")))
	says("kit.uploadType")
	if _, ok := document(); ok {
		t.Fatal("something was stored")
	}

	// A photo that lies on its side: turned once, it arrives upright.
	wide := write("SPECIMEN.jpg", picture())
	p.choosePath("input[type=file]", wide)
	p.until("!document.querySelector('[data-picked]').hidden && " + status + ".includes('SPECIMEN.jpg')")
	p.withstands("upload with a chosen photo")
	shape := `(c => c.width > c.height)(document.querySelector('[data-picked] canvas'))`
	if !eval[bool](p, shape) {
		t.Error("the photo is not shown as it lies")
	}
	p.click("[data-clear]")
	p.until("document.querySelector('[data-picked]').hidden && document.querySelector('input[type=file]').files.length === 0")
	p.choosePath("input[type=file]", wide)
	p.until("!document.querySelector('[data-picked]').hidden")
	p.click("[data-turn='1']")
	says("kit.uploadTurned")
	if eval[bool](p, shape) {
		t.Error("the photo is not turned")
	}
	p.click(submit)
	p.until("location.search === '?stored=yes' && !!document.querySelector('.preview img')")
	d, ok := document()
	if !ok || d.Pages[0].Width >= d.Pages[0].Height {
		t.Errorf("stored %v: %d by %d", ok, d.Pages[0].Width, d.Pages[0].Height)
	}

	// The main button leads to the next document that is missing.
	if next := eval[string](p, "document.querySelector('main .button').getAttribute('href')"); next != link.Upload(string(review.SlotStayProof)) {
		t.Errorf("the main button leads to %s", next)
	}
	p.follow("main .button")
	p.at(link.Upload(string(review.SlotStayProof)))

	// More than 5 MB become less, and the page says so.
	large := append(picture(), make([]byte, web.MaxFile)...)
	p.visit(link.Upload(slot))
	p.choosePath("input[type=file]", write("LARGE.jpg", large))
	p.until("!document.querySelector('[data-picked]').hidden")
	eval[bool](p, `(() => { window.oknoSeen = []; new MutationObserver(() => window.oknoSeen.push(`+status+`)).observe(document.querySelector('[data-upload-progress] [role=status]'), {childList: true, subtree: true, characterData: true}); return true })()`)
	p.click(submit)
	p.until("location.search === '?stored=yes'")
	shrunk := strings.SplitN(i18n.Text("ru", "kit.uploadShrunk"), "{", 2)[0]
	if seen := strings.Join(eval[[]string](p, "window.oknoSeen"), " | "); !strings.Contains(seen, shrunk) {
		t.Errorf("it is not said that the photo was made smaller: %s", seen)
	}
	if after, _ := document(); after.Bytes >= web.MaxFile || after.ID == d.ID {
		t.Errorf("stored: %d bytes", after.Bytes)
	}

	// The desk is out of reach: the file stays chosen and everything else stays too.
	kept, _ := document()
	p.visit(link.Upload(slot))
	p.choosePath("input[type=file]", wide)
	p.until("!document.querySelector('[data-picked]').hidden")
	p.cut(true)
	p.click(submit)
	says("kit.uploadFailed")
	p.forgive("net::ERR_INTERNET_DISCONNECTED")
	if n := eval[float64](p, "document.querySelector('input[type=file]').files.length"); n != 1 {
		t.Error("the file has to be chosen again")
	}
	p.cut(false)
	if now, ok := document(); !ok || now.ID != kept.ID {
		t.Error("the document that was there is gone")
	}
	p.click(submit)
	p.until("location.search === '?stored=yes'")
	if now, ok := document(); !ok || now.ID == kept.ID {
		t.Error("the file did not arrive when the link was back")
	}

	// A form off the air stays where it is.
	p.visit(link.Section("address"))
	p.fill("address", heldAddress)
	p.cut(true)
	p.click(form(link.Section("address")) + " button[type=submit]:not([hidden])")
	p.until("document.querySelector('.offline')")
	if got := eval[string](p, "document.querySelector('[name=address]').value"); got != heldAddress {
		t.Errorf("the form holds %q", got)
	}
	p.cut(false)
	p.send(link.Section("address"))
}
