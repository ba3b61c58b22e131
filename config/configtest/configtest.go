// Package configtest makes documents for tests: a good one of every kind, and
// any number of broken ones, each with one mistake and the place at which it
// must be told.
package configtest

import (
	_ "embed"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/clickgate/clickgate/config"
)

//go:embed good.yaml
var good []byte

// Good returns a valid set of documents with one of every kind at least, all
// of the organization "every".
func Good() []config.Document {
	documents, problems := config.Decode("good.yaml", good)
	if problems != nil {
		panic("BUG: " + problems.Error())
	}
	return documents
}

// Mistake is a document with one mistake.
type Mistake struct {
	// Name says what is wrong: "offer/boots: name removed".
	Name string
	// Key is the good document's; its broken copy may have another id.
	Key config.Key
	// Path is what the path of a problem about it contains; empty where the
	// text cannot be read as a document at all.
	Path string
	// JSON is the broken document as an API would get it, without its kind;
	// nil where only a file can have the mistake.
	JSON []byte
	// File and Text are a file that holds the document.
	File string
	Text []byte
}

// Broken returns n mistakes in copies of good documents, which are a valid set
// together, the same ones for a seed. Every sort of mistake is among the first
// few hundred.
func Broken(documents []config.Document, seed uint64, n int) []Mistake {
	random := rand.New(rand.NewPCG(seed, 0))
	mistakes := make([]Mistake, 0, n)
	for i := 0; len(mistakes) < n; i++ {
		c := newCopy(documents[random.IntN(len(documents))], random)
		m, ok := sorts[i%len(sorts)](c)
		if !ok {
			continue
		}
		m.Name, m.Key = c.key.String()+": "+m.Name, c.key
		mistakes = append(mistakes, m)
	}
	return mistakes
}

// sorts are the sorts of mistakes. Each is false for a document in which it
// cannot be made.
var sorts = slices.Concat(shapeSorts, valueSorts, relationSorts, textSorts)

// copied is a document that a mistake is made in.
type copied struct {
	*rand.Rand
	key  config.Key
	root map[string]any
	// spots are all values in it.
	spots []spot
}

func newCopy(d config.Document, random *rand.Rand) *copied {
	c := &copied{Rand: random, key: d.Key(), root: map[string]any{}}
	text, err := config.Encode(d)
	if err == nil {
		err = unmarshal(text, &c.root)
	}
	if err != nil {
		panic("BUG: a good document cannot be encoded: " + err.Error())
	}
	c.spots = spotsOf(d, c.root)
	return c
}

// pick chooses one of the spots that are fit.
func (c *copied) pick(fit func(spot) bool) (spot, bool) {
	var fitting []spot
	for _, s := range c.spots {
		if fit(s) {
			fitting = append(fitting, s)
		}
	}
	if len(fitting) == 0 {
		return spot{}, false
	}
	return fitting[c.IntN(len(fitting))], true
}

// mistake is the document as it is now, wrong at path.
func (c *copied) mistake(name, path string) (Mistake, bool) {
	body, err := json.Marshal(c.root)
	if err != nil {
		panic("BUG: a broken document cannot be written: " + err.Error())
	}
	m := Mistake{Name: name, Path: path, JSON: body}
	m.File, m.Text = c.file(withKind(string(c.key.Kind), body))
	return m, true
}

// file puts a JSON text into a file of either format, of which YAML holds all
// of JSON.
func (c *copied) file(text []byte) (string, []byte) {
	return [...]string{"broken.yaml", "broken.json"}[c.IntN(2)], text
}

func withKind(kind string, object []byte) []byte {
	return slices.Concat([]byte(`{"kind":"`), []byte(kind), []byte(`",`), object[1:])
}

// ToldBy tells whether one of the problems is about the mistake and says
// something.
func (m Mistake) ToldBy(problems config.Problems) bool {
	return slices.ContainsFunc(problems, func(p config.Problem) bool {
		_, path, inside := strings.Cut(p.Path, ": ")
		if !inside {
			path = p.Path
		}
		rest, about := strings.CutPrefix(path, m.Path)
		return about && p.Message != "" && (m.Path == "" || rest == "" || strings.ContainsAny(rest[:1]+m.Path[len(m.Path)-1:], ".["))
	})
}
