package ocrb

import (
	"strings"

	"okno/review/scan/ocrb/glyphnet"
)

// states lists the codes that may stand for an issuer or a nationality: ISO 3166-1, what
// ICAO Doc 9303 part 3 adds, former states whose documents are still shown, and two
// states that Russia recognises.
const states = `ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM
BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE D
DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD
GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR
KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ
MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT
REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA
TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
GBD GBN GBO GBP GBS RKS KOS XKX EUE UNO UNA UNK UNM XXA XXB XXC XXX XAA XBA XIM XCC XCE XCO XEC XES XMP XOM XPO XCT XDC IAO UTO
ANT SUN YUG SCG DDR CSK ROM TMP BUR ZAR NTZ BAH ABH OST`

// codes are the states as classes; a code of one letter is followed by fillers.
var codes = func() (list [][3]int) {
	for _, s := range strings.Fields(states) {
		s = (s + "<<")[:3]
		list = append(list, [3]int{classOf(s[0]), classOf(s[1]), classOf(s[2])})
	}
	return list
}()

func classOf(c byte) int { return strings.IndexByte(glyphnet.Alphabet, c) }

func validCode(c [3]int) bool {
	for _, code := range codes {
		if code == c {
			return true
		}
	}
	return false
}
