package api

import "github.com/clickgate/clickgate/config"

// resources lists everything that is made, read, changed and deleted alike. A
// new kind is a file and a line here.
func resources() []*resource {
	return []*resource{
		integrations(), filterGroups(), fraudFilterGroups(), targetingGroups(), postbackManagers(),
		dictionaries(config.KindOfferDictionary, "OfferDictionary", "offer dictionary", "offer-dictionaries", "offer-dictionary"),
		dictionaries(config.KindPublisherDictionary, "PublisherDictionary", "publisher dictionary", "publisher-dictionaries", "publisher-dictionary"),
		advertisers(), offers(), offerEvents(), landingPages(), smartLinks(),
		publishers(), publisherSubIDs(), blockedSubIDs(), customPayouts(), customThrottles(),
		publisherPostbacks(), publisherPixels(),
		users(), publisherUsers(),
	}
}
