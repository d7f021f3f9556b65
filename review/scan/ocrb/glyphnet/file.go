package glyphnet

import (
	"encoding/binary"
	"errors"
	"math"
)

const magic = "ocrbnet2"

// Encode writes the weights as half-precision floats.
func (n *Net) Encode() []byte {
	body := []byte(magic)
	for _, layer := range n.Layers() {
		for _, w := range layer {
			body = binary.LittleEndian.AppendUint16(body, toHalf(w))
		}
	}
	return body
}

// Decode reads what [Net.Encode] has written.
func Decode(body []byte) (*Net, error) {
	n := NewNet()
	count := 0
	for _, layer := range n.Layers() {
		count += len(layer)
	}
	if len(body) != len(magic)+2*count || string(body[:len(magic)]) != magic {
		return nil, errors.New("glyphnet: these are not the weights of this network")
	}
	body = body[len(magic):]
	for _, layer := range n.Layers() {
		for i := range layer {
			layer[i] = fromHalf(binary.LittleEndian.Uint16(body))
			body = body[2:]
		}
	}
	return n, nil
}

// toHalf rounds to IEEE 754 binary16; values beyond its range become the largest.
func toHalf(f float32) uint16 {
	bits := math.Float32bits(f)
	sign := uint16(bits >> 16 & 0x8000)
	switch size := math.Abs(float64(f)); {
	case size >= 65504:
		return sign | 0x7bff
	case size < 1.0/(1<<14):
		return sign | uint16(math.RoundToEven(size*(1<<24)))
	}
	bits += 0x0fff + bits>>13&1
	return sign | uint16(bits>>13-(127-15)<<10)&0x7fff
}

func fromHalf(h uint16) float32 {
	sign, exponent, mantissa := uint32(h&0x8000)<<16, uint32(h>>10&0x1f), uint32(h&0x3ff)
	if exponent == 0 {
		f := float32(mantissa) / (1 << 24)
		return math.Float32frombits(math.Float32bits(f) | sign)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | mantissa<<13)
}
