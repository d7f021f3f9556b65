package argon

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/review"
	"okno/review/signin"
)

var pepper = bytes.Repeat([]byte{7}, 32)

func TestStoredForm(t *testing.T) {
	h := New(pepper, Standard)
	stored, err := h.Hash(t.Context(), "Вечер-7-stakan")
	if err != nil {
		t.Fatal(err)
	}
	p, salt, key, err := parse(stored)
	if err != nil {
		t.Fatal(err)
	}
	if p.Memory < Floor.Memory || p.Time < Floor.Time || len(salt) != 16 || len(key) != 32 || !strings.HasPrefix(stored, "$argon2id$v=19$m=32768,t=3,p=1$") {
		t.Fatalf("stored as %s", stored)
	}
	match, again, err := h.Verify(t.Context(), stored, "Вечер-7-stakan")
	if !match || again || err != nil {
		t.Fatal("does not match itself:", err)
	}
	other, err := h.Hash(t.Context(), "Вечер-7-stakan")
	if err != nil || other == stored {
		t.Fatal("no salt")
	}
}

var quick = Params{Memory: 64, Time: 1, Threads: 1}

func TestWholePasswordCounts(t *testing.T) {
	h := New(pepper, quick)
	same72 := strings.Repeat("a", 72)
	cases := []struct {
		name, set, typed string
		match            bool
	}{
		{"differs after 72 bytes", same72 + "x", same72 + "y", false},
		{"1,024 bytes", strings.Repeat("я", 512), strings.Repeat("я", 512), true},
		{"spaces count", "a b", "a  b", false},
		{"composed or not", "Caf\u00e9", "Cafe\u0301", true},
		{"full width", "Ａ1", "A1", true},
		{"case counts", "Aa", "aa", false},
		{"NUL counts", "a\x00b", "a\x00c", false},
	}
	for _, c := range cases {
		stored, err := h.Hash(t.Context(), c.set)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if match, _, err := h.Verify(t.Context(), stored, c.typed); match != c.match || err != nil {
			t.Errorf("%s: match %v, %v", c.name, match, err)
		}
	}
	runs := h.Runs()
	if _, err := h.Hash(t.Context(), strings.Repeat("a", 1025)); review.KindOf(err) != review.Invalid || h.Runs() != runs {
		t.Errorf("1,025 bytes: %v after %d hashes", err, h.Runs()-runs)
	}
}

func TestPepperCounts(t *testing.T) {
	stored, err := New(pepper, quick).Hash(t.Context(), "Aa1!")
	if err != nil {
		t.Fatal(err)
	}
	if match, _, _ := New(bytes.Repeat([]byte{8}, 32), quick).Verify(t.Context(), stored, "Aa1!"); match {
		t.Fatal("matches under another pepper")
	}
}

func TestNobodyCostsOneHash(t *testing.T) {
	h := New(pepper, quick)
	for _, password := range []string{"", "Aa1!", strings.Repeat("a", 5000)} {
		before := h.Runs()
		match, again, err := h.Verify(t.Context(), "", password)
		if match || again || err != nil || h.Runs() != before+1 {
			t.Errorf("%d bytes: %v %v %v after %d hashes", len(password), match, again, err, h.Runs()-before)
		}
	}
}

func TestOldCosts(t *testing.T) {
	old, err := New(pepper, quick).Hash(t.Context(), "Aa1!")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		now   Params
		again bool
	}{{quick, false}, {Params{128, 1, 1}, true}, {Params{64, 2, 1}, true}, {Params{32, 1, 1}, false}} {
		match, again, err := New(pepper, c.now).Verify(t.Context(), old, "Aa1!")
		if !match || again != c.again || err != nil {
			t.Errorf("%+v: match %v, again %v, %v", c.now, match, again, err)
		}
	}
}

func TestDamagedForms(t *testing.T) {
	h := New(pepper, quick)
	for _, stored := range []string{"x", "$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=0,t=0,p=0$AAAA$AAAA",
		"$argon2id$v=19$m=99999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", "$2a$10$abcdefghijklmnopqrstuv"} {
		if match, _, err := h.Verify(t.Context(), stored, "Aa1!"); match || err == nil {
			t.Errorf("%s: match %v, %v", stored, match, err)
		}
	}
}

func TestABoundedNumberWaits(t *testing.T) {
	h := New(pepper, quick)
	for range cap(h.slots) {
		h.slots <- struct{}{} // every processor is taken
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	var wg sync.WaitGroup
	busy := make(chan time.Duration, waiting+10)
	start := time.Now()
	for range waiting + 10 {
		wg.Go(func() {
			if _, err := h.Hash(ctx, "Aa1!"); errors.Is(err, signin.ErrBusy) {
				busy <- time.Since(start)
			}
		})
	}
	wg.Wait()
	close(busy)
	atOnce, n := 0, 0
	for d := range busy {
		n++
		if d < 150*time.Millisecond {
			atOnce++
		}
	}
	if n != waiting+10 || atOnce != 10 {
		t.Fatalf("%d of %d were told at once that the desk is busy, %d in all", atOnce, waiting+10, n)
	}
	for range cap(h.slots) {
		<-h.slots
	}
	if _, err := h.Hash(t.Context(), "Aa1!"); err != nil {
		t.Fatal("still busy:", err)
	}
}
