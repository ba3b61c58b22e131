package main

// place is where a network is; only the country is always set.
type place struct {
	country, city, state, postal, timezone string
	lat, long                              float64
}

var (
	ashburn = place{"US", "Ashburn", "Virginia", "20147", "America/New_York", 39.04, -77.49}
	berlin  = place{"DE", "Berlin", "Land Berlin", "10115", "Europe/Berlin", 52.52, 13.4}
	london  = place{"GB", "London", "England", "", "Europe/London", 51.51, -0.13}
	newYork = place{"US", "New York", "New York", "10001", "America/New_York", 40.71, -74.01}
	paris   = place{"FR", "Paris", "Île-de-France", "75001", "Europe/Paris", 48.86, 2.35}
	vienna  = place{"AT", "Vienna", "Vienna", "1010", "Europe/Vienna", 48.21, 16.37}
	zurich  = place{"CH", "Zurich", "Zurich", "8001", "Europe/Zurich", 47.37, 8.54}

	australia     = place{country: "AU"}
	finland       = place{country: "FI"}
	france        = place{country: "FR"}
	germany       = place{country: "DE"}
	india         = place{country: "IN"}
	italy         = place{country: "IT"}
	spain         = place{country: "ES"}
	sweden        = place{country: "SE"}
	unitedKingdom = place{country: "GB"}
	unitedStates  = place{country: "US"}
)
