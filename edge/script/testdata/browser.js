// A page's window as far as cg.js looks at it. What leaves the page goes to the
// object host, which the test provides; say collects what callbacks are given.
var window = this;
var said = [];
function say(answer) { said.push(answer); }

(function () {
  var listeners = {};
  function listen(kind, fn) { (listeners[kind] = listeners[kind] || []).push(fn); }
  window.fire = function (kind, event) { (listeners[kind] || []).forEach(function (fn) { fn(event || {}); }); };

  window.addEventListener = listen;
  window.console = { log: function () { host.log([].slice.call(arguments).join(' ')); } };
  window.location = { search: host.search, protocol: host.protocol };
  window.setTimeout = host.setTimeout;
  window.clearTimeout = host.clearTimeout;
  window.screen = { width: 1920, height: 1080 };
  window.devicePixelRatio = 2;
  window.Intl = { DateTimeFormat: function () { return { resolvedOptions: function () { return { timeZone: 'Europe/Berlin' }; } }; } };
  window.navigator = {
    languages: ['de-DE', 'de', 'en', 'fr', 'it', 'es'], webdriver: true, maxTouchPoints: 5,
    sendBeacon: function (url, blob) { return host.beacon(url, blob.text, blob.type); }
  };
  window.Blob = function (parts, options) { this.text = parts.join(''); this.type = options.type; };
  window.Request = function () {};
  Object.defineProperty(window.Request.prototype, 'keepalive', { get: function () { return false; } });
  window.fetch = function (url, init) {
    return new Promise(function (resolve, reject) {
      host.fetch(url, init, function (status, body) {
        resolve({ status: status, ok: status < 300, json: function () {
          return new Promise(function (done) { done(JSON.parse(body)); });
        } });
      }, function () { reject(new TypeError('Failed to fetch')); });
    });
  };
  window.Image = function () {
    var image = this;
    Object.defineProperty(image, 'src', { set: function (url) {
      host.image(url, function () { image.onload(); }, function () { image.onerror(); });
    } });
  };

  var stored = {};
  window.localStorage = {
    getItem: function (name) { return name in stored ? stored[name] : null; },
    setItem: function (name, value) { stored[name] = String(value); },
    removeItem: function (name) { delete stored[name]; }
  };

  var jar = {};
  window.document = {
    currentScript: { src: host.src },
    scripts: [],
    getElementsByTagName: function () { return this.scripts; },
    addEventListener: listen,
    // What was set last, with its attributes, and how often something was.
    given: '',
    writes: 0
  };
  Object.defineProperty(window.document, 'cookie', {
    configurable: true,
    get: function () { return Object.keys(jar).map(function (name) { return name + '=' + jar[name]; }).join('; '); },
    set: function (text) {
      window.document.given = text;
      window.document.writes++;
      var m = /^([^=]+)=([^;]*)/.exec(text);
      if (/Max-Age=0;/.test(text)) delete jar[m[1]];
      else jar[m[1]] = m[2];
    }
  });
})();
