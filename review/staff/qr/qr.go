// Package qr draws the square of dots from which a code generator reads its
// secret.
//
//	dots, err := qr.Dots("otpauth://totp/…")
package qr

import "github.com/skip2/go-qrcode"

// Dots returns the rows of a QR code, true for dark, with the quiet zone around it.
func Dots(text string) ([][]bool, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, err
	}
	return code.Bitmap(), nil
}
