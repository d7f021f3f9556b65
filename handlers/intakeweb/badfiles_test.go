package intakeweb_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okno/review"
	"okno/views/i18n"
	"okno/views/link"
)

// Every file of the collection is answered with a page: taken in, or refused
// with words. What the slot held before stays.
func TestEveryBadFileGetsAnAnswer(t *testing.T) {
	var manifest struct {
		Items []struct {
			File, Verdict, Reason string
		}
	}
	if err := json.Unmarshal(testdata(t, filepath.Join("badfiles", "manifest.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	d.upload("passport", "s001_passport.jpg", testdata(t, "specimens/s001_passport.jpg"))
	other := i18n.Text("ru", "scan-refused.other")
	for _, item := range manifest.Items {
		d.now = d.now.Add(10 * time.Minute) // twenty files in an hour are allowed
		p := d.upload("passport", item.File, testdata(t, filepath.Join("badfiles", item.File)))
		text := strings.TrimSpace(p.Find(".error-summary li").Text())
		switch {
		case p.status == http.StatusSeeOther:
			if item.Verdict == "reject" {
				t.Errorf("%s was taken in", item.File)
			}
		case p.status != http.StatusUnprocessableEntity:
			t.Errorf("%s: status %d", item.File, p.status)
		case text == "" || text == other:
			t.Errorf("%s (%s): refused with the words %q", item.File, item.Reason, text)
		case item.Verdict != "reject" && text != i18n.Text("ru", "scan-refused.no-rasterizer"):
			t.Errorf("%s (%s) was refused: %s", item.File, item.Verdict, text)
		case p.Find(".preview img").Length() == 0:
			t.Errorf("%s: the document that was there is gone", item.File)
		}
	}
	if len(manifest.Items) < 50 {
		t.Errorf("only %d files", len(manifest.Items))
	}
}
