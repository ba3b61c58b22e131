package script

import (
	"regexp"
	"strings"
	"testing"

	"github.com/dop251/goja"
)

// TestSize holds the script to what was promised to pages: below 4 KB.
func TestSize(t *testing.T) {
	for _, c := range codings() {
		t.Logf("%q: %d bytes", c.name, len(c.body))
		if c.name != "" && len(c.body) >= 4000 {
			t.Errorf("%s makes %d bytes of the script, want less than 4000", c.name, len(c.body))
		}
	}
}

// TestLean: what is left out is comment and indentation.
func TestLean(t *testing.T) {
	const js = "// about\n(function () {\n\n  // why\n  var a = 'http://b'; \n\tc(/x\\/\\//);\n})();\n"
	const want = "(function () {\nvar a = 'http://b';\nc(/x\\/\\//);\n})();\n"
	if got := string(lean([]byte(js))); got != want {
		t.Errorf("lean(%q) = %q, want %q", js, got, want)
	}
	if served := string(lean(source)); strings.Contains(served, "\n//") || strings.Contains(served, "\n ") {
		t.Error("the served script has comments or indentation")
	}
}

// TestES5: old browsers stop at the first word they do not know.
func TestES5(t *testing.T) {
	if m := regexp.MustCompile("(?m)=>|`|^\\s*(let|const|class|async)\\s|\\?\\.|\\?\\?|\\.\\.\\.").Find(lean(source)); m != nil {
		t.Errorf("%q is not ES5", m)
	}
	if _, err := goja.Compile("cg.js", string(source), true); err != nil {
		t.Error(err)
	}
}

// TestOnlyOneName: the page's names are the page's.
func TestOnlyOneName(t *testing.T) {
	p := newPage(t, setting{})
	before := p.run("Object.getOwnPropertyNames(this).sort().join()").String()
	p.load()
	after := p.run("Object.getOwnPropertyNames(this).filter(function (n) { return n !== 'cg'; }).sort().join()").String()
	if before != after {
		t.Errorf("global names before: %s, after: %s", before, after)
	}
}

// TestQueue: calls from before the script came are done in their order, also
// through the stub that somebody kept.
func TestQueue(t *testing.T) {
	p := newPage(t, setting{})
	p.run(stub + `var kept = cg; cg('click', {offer_id: 1}, say); cg('conversion', {}, say)`)
	p.load()
	p.run(`kept('get', say)`)
	p.wantWay("fetch /click, fetch /conversion")
	p.wantSaid(`[{"status":"approved","transaction_id":"` + idA + `"},{"status":"approved","transaction_id":"` + idB + `"},"` + idA + `"]`)
}

// TestLoadedTwice: each call is done once.
func TestLoadedTwice(t *testing.T) {
	p := newPage(t, on)
	p.run(stub + `cg('conversion', {})`)
	p.load()
	p.run(`var first = cg`)
	p.load()
	p.run(`cg('conversion', {}); fire('pagehide')`)
	p.wantWay("fetch /conversion, fetch /conversion")
	if !p.run("cg === first").ToBoolean() {
		t.Error("the second script replaced the first")
	}
}

// TestMistakesStayInside: whatever a page does wrong, nothing is thrown at it and
// what it does right is done.
func TestMistakesStayInside(t *testing.T) {
	for _, mistake := range []string{
		`cg()`, `cg('nonsense')`, `cg('constructor')`, `cg('hasOwnProperty', 'x')`, `cg(null, null)`,
		`cg('click', null, 7)`, `cg('conversion', 'text', {})`, `cg('get')`, `cg('get', {})`, `cg('config')`,
		`cg('config', {url: 7})`,
		`cg('get', function () { throw new Error('mine'); })`,
		`cg('conversion', {}, function () { throw new Error('mine'); })`,
		`cg('click', function () { throw new Error('mine'); })`,
		`cg('conversion', {get value() { throw new Error('mine'); }})`,
		`var loop = {}; loop.loop = loop; cg('conversion', {loop: loop})`,
		`cg('conversion', {text: {toJSON: function () { throw new Error('mine'); }}})`,
		`cg.q.push(null)`, `fire('securitypolicyviolation', {effectiveDirective: 'connect-src'})`,
	} {
		for name, early := range map[string]bool{"before": true, "after": false} {
			t.Run(name+" "+mistake, func(t *testing.T) {
				if early && strings.HasPrefix(mistake, "cg.q") {
					mistake = "cg.q = [null]"
				}
				p := newPage(t, on)
				rejected := 0
				p.vm.SetPromiseRejectionTracker(func(_ *goja.Promise, operation goja.PromiseRejectionOperation) {
					if operation == goja.PromiseRejectionReject {
						rejected++
					} else {
						rejected--
					}
				})
				p.run(stub)
				if early {
					p.run(mistake)
				}
				p.load()
				if !early {
					p.run(mistake)
				}
				p.run(`cg('get', say)`)
				p.wantSaid(`["` + idA + `"]`)
				if rejected != 0 {
					t.Errorf("the page sees %d unhandled rejections", rejected)
				}
			})
		}
	}
}

// TestDebug: the console is told on request only.
func TestDebug(t *testing.T) {
	const mistake = `cg('nonsense')`
	p := newPage(t, setting{})
	p.load()
	p.run(mistake)
	if len(p.logs) != 0 {
		t.Errorf("the console shows %q unasked", p.logs)
	}
	p.run(`cg.debug = true; cg('constructor');` + mistake)
	if len(p.logs) != 2 || !strings.Contains(p.logs[0], "no such command: constructor") || !strings.Contains(p.logs[1], "no such command: nonsense") {
		t.Errorf("the console shows %q", p.logs)
	}
	p = newPage(t, setting{})
	p.run(stub + `cg.debug = true;` + mistake)
	p.load()
	if len(p.logs) != 1 {
		t.Errorf("with debug set before the script came, the console shows %q", p.logs)
	}
}

// TestBrokenConsole: a page may have replaced it.
func TestBrokenConsole(t *testing.T) {
	p := newPage(t, on)
	p.run(`console.log = function () { throw new Error('mine'); }; cg = undefined;`)
	p.load()
	p.run(`cg.debug = true; cg('nonsense'); cg('conversion', {}, function () { throw new Error('mine'); }); console = undefined; cg('get', say)`)
	p.wantWay("fetch /conversion")
	p.wantSaid(`["` + idA + `"]`)
}

// TestPrerendered: a page that is made ahead has no visitor until it is shown.
func TestPrerendered(t *testing.T) {
	p := newPage(t, setting{})
	p.run(stub + `document.prerendering = true; cg('click', {})`)
	p.load()
	p.run(`cg('conversion', {})`)
	p.wantWay("")
	p.run(`fire('prerenderingchange')`)
	p.wantWay("fetch /click, fetch /conversion")
}

// TestWhereFrom: old browsers do not say which script runs, and a copy of the
// file is told where to call.
func TestWhereFrom(t *testing.T) {
	for name, tt := range map[string]struct{ before, after, base string }{
		"no currentScript": {`document.scripts = [{src: 'https://cdn.example/a.js'}, {src: 'https://old.example/cg.js'}]; document.currentScript = null;`, "", "https://old.example"},
		"option":           {"", `cg('config', {url: 'https://own.example/i/x/'});`, "https://own.example/i/x"},
		"bundled":          {`document.currentScript = {src: 'https://shop.example/app.js'};`, `cg('config', {url: 'https://own.example'});`, "https://own.example"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPage(t, on)
			p.run(tt.before)
			p.load()
			p.run(tt.after + `cg('conversion', {})`)
			if got := p.sent[0].base; got != tt.base {
				t.Errorf("the conversion goes to %q, want %q", got, tt.base)
			}
		})
	}
}
