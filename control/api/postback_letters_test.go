package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/clickgate/clickgate/internal/outgoing"
)

// letterID is the id of the nth letter.
func letterID(n int) string { return fmt.Sprintf("%048x", n) }

// someLetters are one of each source: 7 down to 1.
func someLetters(w world, d outgoingDocuments) *fakePostbacks {
	letter := func(n int, source, owner, organization string) outgoing.DeadLetter {
		return outgoing.DeadLetter{ID: letterID(n), Node: "w1", Source: source, Owner: owner, OrganizationID: organization, URL: "https://example.com/"}
	}
	return &fakePostbacks{missing: []string{"w2"}, letters: []outgoing.DeadLetter{
		letter(7, "postback_manager", d.manager, "demo"), letter(6, "publisher_postback", d.postback, "demo"),
		letter(5, "publisher_postback", d.foreign, "demo"), letter(4, "third_party_sync", w.integration, "demo"),
		letter(3, "parallel_tracking", w.offer, "demo"), letter(2, "impression_forwarding", w.offer, "demo"),
		letter(1, "postback_manager", "gone", "demo"),
	}}
}

// ids are the numbers of the letters in an answer.
func (r reply) letters(t *testing.T) (numbers []int) {
	t.Helper()
	for _, l := range r.body["data"].([]any) {
		var n int
		if _, err := fmt.Sscanf(l.(map[string]any)["id"].(string), "%x", &n); err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, n)
	}
	return numbers
}

func (r reply) meta() map[string]any { m, _ := r.body["meta"].(map[string]any); return m }

// TestLifeOfDeadLetters: they are listed in pages, read, fired and discarded.
func TestLifeOfDeadLetters(t *testing.T) {
	b := newBench(t)
	w := b.world()
	b.ask("GET", lettersPath, "").want(t, "without workers", http.StatusServiceUnavailable)
	b.ask("POST", lettersPath+"/"+letterID(1)+"/fire", "").want(t, "without workers", http.StatusServiceUnavailable)
	f := someLetters(w, b.outgoingDocuments(w))
	b.api.Postbacks = f
	var seen []int
	for next := ""; ; {
		query := "?page[size]=3"
		if next != "" {
			query += "&page[before]=" + next
		}
		page := b.ask("GET", lettersPath+query, "").want(t, "list", http.StatusOK)
		seen = append(seen, page.letters(t)...)
		if fmt.Sprint(page.meta()["missing"]) != "[w2]" {
			t.Errorf("meta is %v", page.meta())
		}
		if next, _ = page.meta()["next"].(string); next == "" {
			break
		}
	}
	if !slices.Equal(seen, []int{7, 6, 5, 4, 3, 2, 1}) {
		t.Errorf("listed are %v", seen)
	}
	one := lettersPath + "/" + letterID(6)
	if got := b.ask("GET", one, "").want(t, "read", http.StatusOK).data(); got["id"] != letterID(6) || got["node"] != "w1" || got["url"] != "https://example.com/" {
		t.Errorf("read is %v", got)
	}
	b.ask("POST", one+"/fire", "").want(t, "fire", http.StatusOK)
	b.ask("POST", one+"/fire", "").want(t, "fire again", http.StatusNotFound)
	b.ask("DELETE", lettersPath+"/"+letterID(5), "").want(t, "discard", http.StatusOK)
	b.ask("GET", lettersPath+"/"+letterID(5), "").want(t, "read what is gone", http.StatusNotFound)
	b.ask("DELETE", lettersPath+"/"+letterID(1), "").want(t, "discard that of a document that is gone", http.StatusOK)
	if !slices.Equal(f.fired, []string{letterID(6)}) {
		t.Errorf("fired were %v", f.fired)
	}
	f.err = errors.New("broken")
	b.ask("GET", lettersPath, "").want(t, "broken workers", http.StatusBadGateway)
}

func TestLetterRefusals(t *testing.T) {
	b := newBench(t)
	w := b.world()
	f := someLetters(w, b.outgoingDocuments(w))
	b.api.Postbacks = f
	for _, query := range []string{
		"page[size]=0", "page[size]=101", "page[size]=x", "page[size]=", "page[before]=", "page[before]=" + strings.Repeat("A", 48), "page[number]=1", "sort=id",
		"page[size]=1&page[size]=2",
	} {
		got := b.ask("GET", lettersPath+"?"+query, "").want(t, query, http.StatusBadRequest)
		if name, _, _ := strings.Cut(query, "="); len(got.locations()) != 1 || got.locations()[0] != "query."+name {
			t.Errorf("%s: mistakes at %v", query, got.locations())
		}
	}
	for method, path := range map[string]string{"GET": letterID(7), "DELETE": letterID(7), "POST": letterID(7) + "/fire"} {
		b.ask(method, lettersPath+"/"+path+"?a=1", "").want(t, method+" with a parameter", http.StatusBadRequest)
		b.askNode(b.api, method, lettersPath+"/"+path, "").want(t, method+" without a key", http.StatusUnauthorized)
		got := b.ask(method, lettersPath+"/"+strings.Replace(path, letterID(7), letterID(9), 1), "").want(t, method+" of nothing", http.StatusNotFound)
		if l := got.locations(); len(l) != 1 || l[0] != "path.letterID" {
			t.Errorf("%s of nothing is located at %v", method, l)
		}
		b.ask(method, lettersPath+"/"+strings.Replace(path, letterID(7), "x", 1), "").want(t, method+" of nonsense", http.StatusNotFound)
	}
	b.ask("PATCH", lettersPath+"/"+letterID(7), "{}").want(t, "PATCH", http.StatusMethodNotAllowed)
	if len(f.fired) != 0 || len(f.letters) != 7 {
		t.Errorf("refused requests fired %v and left %d", f.fired, len(f.letters))
	}
}

// TestLetterRights: everybody sees and changes those of his own documents.
func TestLetterRights(t *testing.T) {
	b := newBench(t)
	w := b.world()
	d := b.outgoingDocuments(w)
	id, _ := b.person("jane", "admin", "")
	reader, _ := b.ask("POST", "/api/v2/users/"+id+"/api-keys", `{"read_only":true}`).want(t, "make a read-only key", http.StatusCreated).body["key"].(string)
	_, keeper := b.person("kim", "accountManager", `{"is_publisher_manager":true}`)
	other := b.admin("other")
	users := "/api/v2/publishers/" + w.publisher + "/users"
	user := b.create(users, `{"email":"pub@example.com"}`)
	publisher, _ := b.ask("POST", users+"/"+user+"/api-keys", `{}`).want(t, "make a key", http.StatusCreated).body["key"].(string)
	enabled := func(on bool) {
		b.ask("PATCH", "/api/v2/publishers/"+w.publisher, fmt.Sprintf(`{"name":"Blog","postback_manager_enabled":%t}`, on)).want(t, "switch", http.StatusOK)
	}
	for _, tt := range []struct {
		who, key string
		sees     []int
		changes  []int
	}{
		{"the super admin", b.key, []int{7, 6, 5, 4, 3, 2, 1}, []int{7, 6, 5, 4, 3, 2, 1}},
		{"a read-only admin", reader, []int{7, 6, 5, 4, 3, 2, 1}, nil},
		{"an account manager of publishers", keeper, []int{6, 5}, []int{6, 5}},
		{"a foreign admin", other, nil, nil},
		{"a publisher that may not change", publisher, []int{6}, nil},
		{"a publisher that may", publisher, []int{6}, []int{6}},
	} {
		enabled(strings.HasSuffix(tt.who, "may"))
		f := someLetters(w, d)
		b.api.Postbacks = f
		list := b.askNode(b.api, "GET", lettersPath, "", "API-KEY", tt.key).want(t, tt.who+" lists", http.StatusOK)
		if got := list.letters(t); !slices.Equal(got, tt.sees) {
			t.Errorf("%s sees %v, want %v", tt.who, got, tt.sees)
		}
		if tt.key == publisher && (strings.Contains(list.text, "w1") || strings.Contains(list.text, "w2")) {
			t.Errorf("%s is told of workers: %s", tt.who, list.text)
		}
		for n := 7; n >= 1; n-- {
			path := lettersPath + "/" + letterID(n)
			sees, changes := slices.Contains(tt.sees, n), slices.Contains(tt.changes, n)
			if got := b.askNode(b.api, "GET", path, "", "API-KEY", tt.key); sees != (got.status == http.StatusOK) || !sees && got.status != http.StatusNotFound {
				t.Errorf("%s reads %d: %d", tt.who, n, got.status)
			}
			for method, at := range map[string]string{"POST": path + "/fire", "DELETE": path} {
				b.api.Postbacks = someLetters(w, d)
				got := b.askNode(b.api, method, at, "", "API-KEY", tt.key).status
				refused := got == http.StatusForbidden || !sees && got == http.StatusNotFound
				if changes && got != http.StatusOK || !changes && !refused {
					t.Errorf("%s: %s of %d is answered %d", tt.who, method, n, got)
				}
				if left := len(b.api.Postbacks.(*fakePostbacks).letters); changes != (left == 6) {
					t.Errorf("%s: %s of %d leaves %d", tt.who, method, n, left)
				}
			}
			b.api.Postbacks = f
		}
	}
}

// One's own letters are found among thousands of others'.
func TestOwnLettersAmongMany(t *testing.T) {
	b := newBench(t)
	w := b.world()
	d := b.outgoingDocuments(w)
	ask, _ := b.publisherUser(w)
	f := &fakePostbacks{}
	for n := (letterRounds + 5) * outgoing.MaxLetters; n > 0; n-- {
		l := outgoing.DeadLetter{ID: letterID(n), Source: "publisher_postback", Owner: d.foreign}
		if n == 7 {
			l.Owner = d.postback
		}
		f.letters = append(f.letters, l)
	}
	b.api.Postbacks = f
	first := ask("GET", lettersPath, "").want(t, "list", http.StatusOK)
	next, _ := first.meta()["next"].(string)
	if len(first.letters(t)) != 0 || next == "" {
		t.Fatalf("the first page is %s", first.text)
	}
	last := ask("GET", lettersPath+"?page[before]="+next, "").want(t, "list on", http.StatusOK)
	if got := last.letters(t); !slices.Equal(got, []int{7}) || last.meta()["next"] != "" {
		t.Errorf("the last page is %s", last.text)
	}
}

// FuzzLetterPage: a query is understood and within its bounds, or every mistake
// is located in it.
func FuzzLetterPage(f *testing.F) {
	for _, query := range []string{"", "page[size]=100", "page[size]=0&page[before]=x", "page[before]=" + letterID(3), "a=b&a=c", "page[size]=%00"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		query, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		before, size, mistakes := letterPage(query)
		if list := mistakes.Details(); len(list) > 0 {
			for _, m := range list {
				if !strings.HasPrefix(m.Location, "query.") {
					t.Errorf("%q: a mistake at %s", raw, m.Location)
				}
			}
			return
		}
		if size < 1 || size > outgoing.MaxLetters || before != "" && !outgoing.IsLetterID(before) {
			t.Errorf("%q is read as %d before %q", raw, size, before)
		}
	})
}
