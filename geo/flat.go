package geo

import (
	"strconv"
	"strings"

	"github.com/oschwald/maxminddb-golang/v2"
)

// flat is the layout of IPinfo: every value a string at the top.
type flat struct {
	CountryCode string `maxminddb:"country_code"`
	Country     string `maxminddb:"country"`
	Region      string `maxminddb:"region"`
	City        string `maxminddb:"city"`
	Postal      string `maxminddb:"postal_code"`
	Timezone    string `maxminddb:"timezone"`
	Latitude    string `maxminddb:"lat"`
	Longitude   string `maxminddb:"lng"`
	ASN         string `maxminddb:"asn"`
	ASName      string `maxminddb:"as_name"`
}

// decodeFlat decodes a record of the flat layout.
func decodeFlat(result maxminddb.Result) (record, error) {
	var f flat
	if err := result.Decode(&f); err != nil {
		return record{}, err
	}
	r := record{
		city:     f.City,
		state:    f.Region,
		postal:   f.Postal,
		timezone: f.Timezone,
		org:      f.ASName,
	}
	// Where there is a country_code, country is the name in words.
	if country := either(f.CountryCode, f.Country); len(country) == 2 {
		r.country = country
	}
	if number, err := strconv.ParseUint(strings.TrimPrefix(f.ASN, "AS"), 10, 32); err == nil {
		r.asn = uint32(number)
	}
	lat, errLat := strconv.ParseFloat(f.Latitude, 64)
	long, errLong := strconv.ParseFloat(f.Longitude, 64)
	if errLat == nil && errLong == nil {
		r.lat, r.long, r.located = lat, long, true
	}
	return r, nil
}
