package store

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/clickgate/clickgate/config"
)

// handle is what names a document without its id: a field that people choose,
// among the documents of its kind and owner.
type handle struct {
	kind                      config.Kind
	organization, integration string
	parent                    config.Key
	field, value              string
	// external tells, in the index of live documents, the name of one that has
	// an external id besides.
	external bool
}

// externalID is the field that names a document before its name does.
const externalID = "external_id"

// String is the handle for messages: name "Running shoes".
func (h handle) String() string { return fmt.Sprintf("%s %q", h.field, h.value) }

// handlesOf returns the handles of a document, the best first. A document
// without a name has none.
func handlesOf(doc config.Document) []handle {
	var all []handle
	add := func(field, value string) {
		if strings.TrimSpace(value) == "" {
			return
		}
		h := handle{kind: doc.Key().Kind, organization: config.MetaOf(doc).Organization, field: field, value: value}
		// An integration is its own.
		if h.kind != config.KindIntegration {
			h.integration, h.parent = config.OwnerOf(doc)
		}
		all = append(all, h)
	}
	add(externalID, config.ExternalIDOf(doc))
	if field, value := nameOfNameless(doc); field != "" {
		add(field, value)
		return all
	}
	add("name", config.NameOf(doc))
	return all
}

// nameOfNameless is what stands for the name of documents whose kind has none.
func nameOfNameless(doc config.Document) (field, value string) {
	switch d := doc.(type) {
	case *config.OfferDictionary:
		return "source_id", d.SourceID
	case *config.PublisherDictionary:
		return "source_id", d.SourceID
	case *config.BlockedSubID:
		return "publisher, offer and sub_id", joined(d.PublisherIncrementalID, d.OfferIncrementalID) + "/" + d.SubID
	case *config.CustomPayout:
		return "publisher, offer and event", joined(d.PublisherIncrementalID, d.OfferIncrementalID, d.EventIncrementalID)
	case *config.CustomThrottle:
		return "publisher and offer", joined(d.PublisherIncrementalID, d.OfferIncrementalID)
	}
	return "", ""
}

func joined(numbers ...int64) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(texts, "/")
}

// longestSlug leaves room for what makes an id unique: a DNS label has 63
// characters.
const longestSlug = 50

// latin spells the letters of western Europe in those of an id.
var latin = strings.NewReplacer(
	"ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "æ", "ae", "ø", "o", "å", "a", "œ", "oe",
	"à", "a", "á", "a", "â", "a", "ã", "a", "ç", "c", "è", "e", "é", "e", "ê", "e", "ë", "e",
	"ì", "i", "í", "i", "î", "i", "ï", "i", "ñ", "n", "ò", "o", "ó", "o", "ô", "o", "õ", "o",
	"ù", "u", "ú", "u", "û", "u", "ý", "y", "ÿ", "y",
)

// slug makes a readable id from a document's name: a DNS label.
func slug(doc config.Document) string {
	name := config.NameOf(doc)
	if _, value := nameOfNameless(doc); value != "" {
		name = value
	}
	if name == "" {
		name = config.ExternalIDOf(doc)
	}
	words := strings.FieldsFunc(latin.Replace(strings.ToLower(name)), func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9')
	})
	if len(words) == 0 || words[0][0] <= '9' {
		// An id of digits alone would look like the number of a link.
		words = append([]string{strings.ReplaceAll(string(doc.Key().Kind), "_", "-")}, words...)
	}
	id := strings.Join(words, "-")
	return strings.Trim(id[:min(len(id), longestSlug)], "-")
}

// free is the id, or the first of id-2, id-3 and so on, that no document has.
func (r *resolver) free(kind config.Kind, id string) string {
	first := config.Key{Kind: kind, ID: id}
	for key := first; ; {
		if _, live := r.base.Set.Get(key); !live && !r.taken[key] {
			return key.ID
		}
		r.suffixes[first] = max(r.suffixes[first], 1) + 1
		key.ID = id + "-" + strconv.Itoa(r.suffixes[first])
	}
}
