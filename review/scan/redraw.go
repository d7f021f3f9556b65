package scan

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"

	"okno/review/scan/quality"

	"golang.org/x/image/draw"
)

const (
	// LongSide is the long side of a page picture at most, in pixels.
	LongSide = 2400
	// ThumbSide is the long side of a thumbnail.
	ThumbSide = 320
	// DrawnSide is the long side at which pages without a photograph are drawn: 150 dots per inch on A4.
	DrawnSide = 1754

	pageQuality  = 88
	thumbQuality = 80
)

// redraw makes the page that people will see: bounded in size, upright, encoded by us; and has it looked at.
func (i Inspector) redraw(ctx context.Context, l *look, number int, img image.Image, orientation int, drawn bool) (Page, error) {
	b := img.Bounds()
	page := Page{Number: number, Drawn: drawn}
	small := i.look(ctx, l, &page, orient(fit(img, LongSide), orientation))
	page.Width, page.Height = small.Bounds().Dx(), small.Bounds().Dy()
	if !drawn {
		page.Quality = quality.Measure(small)
		page.Quality.Width, page.Quality.Height = b.Dx(), b.Dy()
		if (b.Dx() > b.Dy()) != (page.Width > page.Height) {
			page.Quality.Width, page.Quality.Height = b.Dy(), b.Dx()
		}
		if _, gray := img.(*image.Gray); gray {
			page.Quality.OneComponent = true
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: pageQuality}); err != nil {
		return Page{}, fmt.Errorf("encode page: %w", err)
	}
	page.JPEG = out.Bytes()
	thumb := fit(small, ThumbSide)
	var tiny bytes.Buffer
	if err := jpeg.Encode(&tiny, thumb, &jpeg.Options{Quality: thumbQuality}); err != nil {
		return Page{}, fmt.Errorf("encode thumbnail: %w", err)
	}
	page.Thumb = tiny.Bytes()
	page.DHash = dhash(thumb)
	return page, nil
}

// fit reduces a picture to a long side; it never enlarges. Averaging whole blocks first keeps small print
// readable and needs memory for the small picture only.
func fit(img image.Image, side int) image.Image {
	b := img.Bounds()
	long := max(b.Dx(), b.Dy())
	if _, cmyk := img.(*image.CMYK); long <= side && !cmyk {
		return img
	}
	if k := long / side; k >= 2 {
		img = average(img, k)
		b = img.Bounds()
		long = max(b.Dx(), b.Dy())
	}
	w, h := b.Dx(), b.Dy()
	if long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	if c, ok := img.(*image.CMYK); ok {
		img = rgb(c)
	}
	if w == b.Dx() && h == b.Dy() {
		return img
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(dst, dst.Rect, img, b, draw.Src, nil)
	return dst
}

func rgb(img image.Image) *image.RGBA {
	b := img.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(dst, dst.Rect, img, b.Min, draw.Src)
	return dst
}

// average reduces by a whole factor, plane by plane.
func average(img image.Image, k int) image.Image {
	b := img.Bounds()
	w, h := max(1, b.Dx()/k), max(1, b.Dy()/k)
	rect := image.Rect(0, 0, w, h)
	switch src := img.(type) {
	case *image.Gray:
		dst := image.NewGray(rect)
		boxes(dst.Pix, dst.Stride, w, h, src.Pix, src.Stride, b.Dx(), b.Dy(), 1, k)
		return dst
	case *image.RGBA:
		dst := image.NewRGBA(rect)
		boxes(dst.Pix, dst.Stride, w, h, src.Pix, src.Stride, b.Dx(), b.Dy(), 4, k)
		return dst
	case *image.CMYK:
		dst := image.NewCMYK(rect)
		boxes(dst.Pix, dst.Stride, w, h, src.Pix, src.Stride, b.Dx(), b.Dy(), 4, k)
		return dst
	case *image.YCbCr:
		dst := image.NewYCbCr(rect, src.SubsampleRatio)
		boxes(dst.Y, dst.YStride, w, h, src.Y, src.YStride, b.Dx(), b.Dy(), 1, k)
		cw, ch := chroma(w, h, src.SubsampleRatio)
		sw, sh := chroma(b.Dx(), b.Dy(), src.SubsampleRatio)
		boxes(dst.Cb, dst.CStride, cw, ch, src.Cb, src.CStride, sw, sh, 1, k)
		boxes(dst.Cr, dst.CStride, cw, ch, src.Cr, src.CStride, sw, sh, 1, k)
		return dst
	}
	return img
}

func chroma(w, h int, ratio image.YCbCrSubsampleRatio) (int, int) {
	r := image.NewYCbCr(image.Rect(0, 0, 4, 4), ratio)
	dx, dy := 4/r.CStride, 4/(len(r.Cb)/r.CStride)
	return (w + dx - 1) / dx, (h + dy - 1) / dy
}

// boxes averages k x k blocks of interleaved channels; blocks at the far edges may be smaller.
func boxes(dst []byte, dstStride, w, h int, src []byte, srcStride, sw, sh, channels, k int) {
	for y := range h {
		y0, y1 := min(y*k, sh-1), min(y*k+k, sh)
		for x := range w {
			x0, x1 := min(x*k, sw-1), min(x*k+k, sw)
			n := (y1 - y0) * (x1 - x0)
			for c := range channels {
				sum := n / 2
				for sy := y0; sy < y1; sy++ {
					row := src[sy*srcStride:]
					for sx := x0; sx < x1; sx++ {
						sum += int(row[sx*channels+c])
					}
				}
				dst[y*dstStride+x*channels+c] = byte(sum / n)
			}
		}
	}
}

// orient applies one of the eight EXIF orientations.
func orient(img image.Image, orientation int) image.Image {
	if orientation <= 1 || orientation > 8 {
		return img
	}
	src := rgb(img)
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dw, dh := w, h
	if orientation >= 5 {
		dw, dh = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, dw, dh))
	for y := range h {
		for x := range w {
			var dx, dy int
			switch orientation {
			case 2:
				dx, dy = w-1-x, y
			case 3:
				dx, dy = w-1-x, h-1-y
			case 4:
				dx, dy = x, h-1-y
			case 5:
				dx, dy = y, x
			case 6:
				dx, dy = h-1-y, x
			case 7:
				dx, dy = h-1-y, w-1-x
			case 8:
				dx, dy = y, w-1-x
			}
			copy(dst.Pix[dy*dst.Stride+4*dx:][:4], src.Pix[y*src.Stride+4*x:][:4])
		}
	}
	return dst
}

// orientationOf translates a clockwise turn into the EXIF orientation that has the same effect.
func orientationOf(turn int) int {
	switch turn {
	case 90:
		return 6
	case 180:
		return 3
	case 270:
		return 8
	}
	return 1
}

// dhash compares horizontal neighbours on a 17 x 16 luma grid.
func dhash(img image.Image) DHash {
	grid := image.NewGray(image.Rect(0, 0, 17, 16))
	draw.BiLinear.Scale(grid, grid.Rect, img, img.Bounds(), draw.Src, nil)
	var d DHash
	for y := range 16 {
		for x := range 16 {
			if grid.Pix[y*grid.Stride+x] < grid.Pix[y*grid.Stride+x+1] {
				d[y*2+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return d
}
