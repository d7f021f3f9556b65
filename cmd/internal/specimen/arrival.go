package specimen

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// hourShare is the share of a day's arrivals in per mille, by Moscow hour.
var hourShare = [24]float64{12, 8, 6, 5, 7, 12, 22, 36, 50, 66, 76, 78, 70, 64, 62, 60, 56, 52, 54, 58, 52, 42, 32, 20}

// weekdayFactor starts with Sunday.
var weekdayFactor = [7]float64{0.85, 1.15, 1.10, 1.05, 1.00, 0.95, 0.90}

// arrivals draws n moments of the last thirty days up to three hours ago, in
// the proportions of hours and weekdays.
func arrivals(r *rand.Rand, n int, now time.Time) []time.Time {
	first := now.AddDate(0, 0, -30).Truncate(time.Hour).Add(time.Hour)
	last := now.Add(-3 * time.Hour)
	var hours []time.Time
	var upTo []float64
	total := 0.0
	for h := first; h.Add(time.Hour).Before(last); h = h.Add(time.Hour) {
		m := h.In(Moscow)
		total += hourShare[m.Hour()] * weekdayFactor[m.Weekday()]
		hours, upTo = append(hours, h), append(upTo, total)
	}
	out := make([]time.Time, 0, n)
	for i := range n {
		x := (float64(i) + r.Float64()) / float64(n) * total
		k, _ := slices.BinarySearch(upTo, x)
		k = min(k, len(hours)-1)
		out = append(out, hours[k].Add(time.Duration(r.IntN(3600_000))*time.Millisecond))
	}
	return out
}

// normalQuantile inverts the standard normal distribution (rough, but the tails
// are good to three digits).
func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// deskMinutes gives n desk times: log-normal with σ 0.75 around 29 minutes, not
// under four; the night factor brings the median to about 31.
func deskMinutes(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = max(4, 29*math.Exp(0.75*normalQuantile((float64(i)+0.5)/float64(n))))
	}
	return out
}

// answerTimes gives n times between a request and its answer: median five
// hours, a tenth after three days, none after the deadline of seven.
func answerTimes(n int) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		h := 5 * math.Exp(2.08*normalQuantile((float64(i)+0.5)/float64(n)))
		h = min(max(h, 0.15), 150+float64(i%17))
		out[i] = time.Duration(h * float64(time.Hour))
	}
	return out
}

func night(at time.Time) bool {
	h := at.In(Moscow).Hour()
	return h >= 23 || h < 6
}

// schedule decides when every plan arrives: pinned moments for what is still
// open at the desk, drawn arrivals for the rest, long stories first so that
// everything lies in the past.
func schedule(r *rand.Rand, plans []*plan, now time.Time) {
	pool := arrivals(r, 456, now)
	mix(r, pool)
	var rest []*plan
	for _, p := range plans {
		if p.pinned == 0 {
			rest = append(rest, p)
		}
	}
	weight := func(p *plan) time.Duration {
		switch p.state {
		case StateCorrection:
			return 1000 * 24 * time.Hour
		case StateExpired:
			return 500 * 24 * time.Hour
		}
		return p.longest()
	}
	slices.SortStableFunc(rest, func(a, b *plan) int { return cmp.Compare(weight(b), weight(a)) })
	for _, p := range rest {
		earliest, latest := time.Time{}, now.Add(-30*time.Minute-p.longest())
		if p.state == StateCorrection {
			earliest, latest = now.Add(-p.shortest()-162*time.Hour), now.Add(-2*time.Hour-p.longest())
		}
		at := slices.IndexFunc(pool, func(t time.Time) bool { return t.After(earliest) && t.Before(latest) })
		if at < 0 {
			at = slices.Index(pool, slices.MinFunc(pool, time.Time.Compare))
		}
		p.start = pool[at]
		pool = slices.Delete(pool, at, at+1)
	}
	for _, p := range plans {
		if p.pinned > 0 {
			p.start = now.Add(-p.pinned)
		}
	}
}
