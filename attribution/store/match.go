package store

import (
	"encoding/binary"
	"strconv"

	"github.com/cockroachdb/pebble/v2"
	"github.com/dchest/siphash"

	"github.com/clickgate/clickgate/attribution"
	"github.com/clickgate/clickgate/events"
)

// evidence is one thing that tells a visitor from others.
type evidence struct {
	by           string // as in Answer.MatchedBy
	first, other string
}

// strongest first
func allEvidence(device, uuid, ip, userAgent string) [3]evidence {
	return [...]evidence{
		{attribution.ByDeviceID, device, ""},
		{attribution.ByUUID, uuid, ""},
		{attribution.ByIPUserAgent, ip, userAgent},
	}
}

func (l *clickLine) evidence() [3]evidence {
	return allEvidence(l.deviceID, l.uuid, l.ip, l.userAgent)
}

func matchEvidence(m *attribution.Match) [3]evidence {
	ip := ""
	if m.IP.IsValid() {
		ip = m.IP.WithZone("").String()
	}
	return allEvidence(m.DeviceID, m.UUID, ip, m.UserAgent)
}

// empty evidence fits nobody; an address without an agent fits a whole
// building.
func (e evidence) empty() bool {
	return e.first == "" || e.by == attribution.ByIPUserAgent && e.other == ""
}

// hash stands for the evidence in keys. Its key is no secret and it is short:
// whoever made two alike would find that rows are compared as well.
func (e evidence) hash(integration string) uint64 {
	var room [512]byte
	b := room[:0]
	for _, text := range [...]string{e.by, integration, e.first, e.other} {
		b = append(strconv.AppendInt(b, int64(len(text)), 10), ':')
		b = append(b, text...)
	}
	return siphash.Hash(0x636c69636b676174, 0x652d6d6174636800, b)
}

// maxCandidates bounds the clicks looked at for one evidence: one visitor may
// click many offers, and a device id may be many visitors.
const maxCandidates = 64

// match answers by the newest click with the strongest evidence.
func (l *lookup) match(m *attribution.Match) error {
	for i, e := range matchEvidence(m) {
		if e.empty() {
			continue
		}
		found, err := l.matchBy(m, e, i)
		if found || err != nil {
			return err
		}
	}
	return nil
}

func (l *lookup) matchBy(m *attribution.Match, e evidence, which int) (bool, error) {
	hash, left := e.hash(m.IntegrationID), maxCandidates
	since := max(m.SinceMS, l.now-days(l.store.opt.Settings.MatchDays).Milliseconds(), 0)
	for day := int(dayOf(m.UntilMS)); day >= int(dayOf(since)) && left > 0; day-- {
		low, high := matchKey(uint16(day), hash, idAt(since)), matchKey(uint16(day), hash, idAt(m.UntilMS+1))
		found, err := l.matchDay(low, high, &left, func(c *clickLine) bool {
			return c.evidence()[which] == e && c.integrationID == m.IntegrationID && (m.OfferID == "" || c.offerID == m.OfferID)
		})
		if err != nil {
			return false, err
		}
		if found {
			l.answer.MatchedBy = e.by
			return true, nil
		}
	}
	return false, nil
}

// matchDay looks at the clicks between two keys, newest first.
func (l *lookup) matchDay(low, high []byte, left *int, fits func(*clickLine) bool) (bool, error) {
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: low, UpperBound: high})
	if err != nil {
		return false, err
	}
	defer it.Close()
	for ok := it.Last(); ok && *left > 0; ok = it.Prev() {
		*left--
		key := it.Key()
		if len(key) != 1+2+8+len(id{}) || binary.BigEndian.Uint64(key[3:]) != binary.BigEndian.Uint64(low[3:]) {
			continue
		}
		d := id(key[11:])
		row, err := l.row(events.Click, d)
		if err != nil || row == nil {
			return false, err
		}
		if c, err := parseClick(row); err == nil && fits(&c) {
			l.found(events.Click, d, row)
			return true, nil
		}
	}
	return false, it.Error()
}
