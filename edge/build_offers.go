package edge

import (
	"runtime"
	"sync"

	"github.com/clickgate/clickgate/config"
)

// changeOffers compiles the affected offers anew.
func (b *builder) changeOffers() {
	var documents []offerDocuments
	for id := range b.affected {
		key := config.Key{Kind: config.KindOffer, ID: id}
		if doc, ok := b.before.Get(key); ok {
			b.removeOffer(doc.(*config.Offer))
		}
		if doc, ok := b.after.Get(key); ok {
			documents = append(documents, documentsOf(b.after, doc.(*config.Offer)))
		}
	}
	b.compileOffers(documents)
}

func (b *builder) removeOffer(doc *config.Offer) {
	in := b.opened(doc.Integration)
	if in == nil {
		return
	}
	if o, ok := in.offers.ByID(doc.ID); ok {
		in.countHosts(-1, o.fallbackTo)
		in.offers.Remove(idsOf(doc))
	}
}

// compileOffers compiles offers, on all processors where there are many, and
// files them.
func (b *builder) compileOffers(documents []offerDocuments) {
	workers := 1
	if len(documents) > 256 {
		workers = runtime.GOMAXPROCS(0)
	}
	compiled := make([]*offer, len(documents))
	parts := make([]compiler, workers)
	in := make([]*openIntegration, len(documents))
	for i, d := range documents {
		in[i] = b.opened(d.offer.Integration)
	}
	var wg sync.WaitGroup
	for w := range workers {
		parts[w] = compiler{state: b.state}
		wg.Go(func() {
			for i := w; i < len(documents); i += workers {
				if in[i] != nil {
					compiled[i] = parts[w].newOffer(&b.parts, documents[i], in[i].inheritance)
				}
			}
		})
	}
	wg.Wait()
	for w := range parts {
		b.problems = append(b.problems, parts[w].problems...)
	}
	for i, o := range compiled {
		if o != nil {
			in[i].offers.Add(idsOf(o.doc), o)
			in[i].countHosts(1, o.fallbackTo)
		}
	}
}
