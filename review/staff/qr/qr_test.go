package qr

import "testing"

func TestDotsAreSquareWithAQuietZone(t *testing.T) {
	dots, err := Dots("otpauth://totp/Okno:anna@example.ru?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Okno")
	if err != nil {
		t.Fatal(err)
	}
	dark := 0
	for y, row := range dots {
		if len(row) != len(dots) {
			t.Fatalf("row %d has %d of %d dots", y, len(row), len(dots))
		}
		for x, d := range row {
			if d {
				dark++
				if x < 4 || y < 4 || x >= len(row)-4 || y >= len(dots)-4 {
					t.Fatalf("a dark dot at %d, %d in the quiet zone", x, y)
				}
			}
		}
	}
	if share := float64(dark) / float64(len(dots)*len(dots)); share < 0.2 || share > 0.6 {
		t.Fatalf("%.0f %% dark", share*100)
	}
}
