package theme

import "math"

// contrastRatio is the contrast of two colours by WCAG 2.2, from 1 to 21.
func contrastRatio(a, b RGB) float64 {
	la, lb := luminance(a)+0.05, luminance(b)+0.05
	return max(la, lb) / min(la, lb)
}

// luminance is the relative luminance of a colour, 0 to 1 (WCAG 2.2).
func luminance(c RGB) float64 {
	v := linearRGB(c)
	return 0.2126*v[0] + 0.7152*v[1] + 0.0722*v[2]
}

// linearRGB returns a colour's red, green and blue in linear light, 0 to 1
// (IEC 61966-2-1).
func linearRGB(c RGB) (v [3]float64) {
	for i, b := range [3]uint8{c.r(), c.g(), c.b()} {
		x := float64(b) / 255
		if x <= 0.04045 {
			v[i] = x / 12.92
		} else {
			v[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return v
}
