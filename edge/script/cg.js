// cg.js records clicks without a redirect and conversions, from pages on any
// site. What it offers is described in the package comment of edge/script.
//
// It is ES5. A comment has lines of its own and no string goes over two lines:
// the server leaves out comments and indentation, and nothing else.
(function (w, d) {
  'use strict';

  var old = w.cg;
  if (old && old.version) return;

  var NAME = 'cg_tx';
  var FORM = 'application/x-www-form-urlencoded';
  var AGAIN = 1000;

  var options = { max_age: 2592000, wait: 3000, param: 'transaction_id' };
  var base = origin();
  // What the page called before this file came; then nothing.
  var queue = [].slice.call(old && old.q || []);
  // The id in the address is newer than any that was kept.
  var landed = fromAddress();
  var id = landed || stored();
  // Clicks under way, and the conversions that wait for them.
  var clicking = 0;
  var waiting = [];
  // What will be done some time, or at once when the page goes.
  var tasks = [];
  var leaving = false;
  // A content security policy forbids fetch and beacon, though maybe not images.
  var blocked = false;

  function log(what) {
    try {
      if (cg.debug) w.console.log('cg:', what);
    } catch (e) {
      // There is nobody left to tell.
    }
  }

  // Nothing of ours may throw into the page, nor any callback of the page's
  // into us.
  function safe(fn) {
    return function (x) {
      try {
        return fn(x);
      } catch (e) {
        log(e);
      }
    };
  }

  function origin() {
    var all = d.currentScript ? [d.currentScript] : d.getElementsByTagName('script');
    for (var i = 0; i < all.length; i++) {
      var m = /^(.+)\/cg\.js(?:[?#]|$)/.exec(all[i].src);
      if (m) return m[1];
    }
    return '';
  }

  function fromAddress() {
    var m = /[?&](?:click_id|tx_id|transaction_id)=([0-9a-f]{32})(?:&|$)/i.exec(w.location.search);
    return m ? m[1].toLowerCase() : '';
  }

  // Reading a store that the visitor has blocked throws.
  function stored() {
    var m = safe(function () {
      return /(?:^|; )cg_tx=([0-9a-f]{32})(?:;|$)/.exec(d.cookie);
    })() || safe(function () {
      var m = /^([0-9a-f]{32}) (\d+)$/.exec(w.localStorage.getItem(NAME));
      return m && m[2] > +new Date() && m;
    })();
    return m ? m[1] : '';
  }

  // With the option store off, what was kept is forgotten.
  function save() {
    var age = options.store === false ? 0 : options.max_age;
    if (!id) return;
    safe(function () {
      d.cookie = NAME + '=' + id + '; Max-Age=' + age + '; Path=/; SameSite=Lax' +
        (options.domain ? '; Domain=' + options.domain : '') +
        (w.location.protocol === 'https:' ? '; Secure' : '');
    })();
    safe(function () {
      if (age > 0) w.localStorage.setItem(NAME, id + ' ' + (+new Date() + age * 1000));
      else w.localStorage.removeItem(NAME);
    })();
  }

  function encode(text) {
    try {
      return encodeURIComponent(text);
    } catch (e) {
      // Half a character: an emoji that somebody cut in two.
      return encodeURIComponent(String(text).replace(/[\ud800-\udfff]/g, '\ufffd'));
    }
  }

  function form(values) {
    var pairs = [];
    for (var name in values) {
      var v = values[name];
      if (v === undefined || v === null || v === '') continue;
      pairs.push(encode(name) + '=' + encode(typeof v === 'object' ? JSON.stringify(v) : v));
    }
    return pairs.join('&');
  }

  // What tells a person's browser from a program. It is no fingerprint: nothing
  // is drawn, played or listed.
  function check() {
    var n = w.navigator;
    return JSON.stringify({
      timezone: safe(function () { return w.Intl.DateTimeFormat().resolvedOptions().timeZone; })(),
      languages: safe(function () { return n.languages.slice(0, 5).join(','); })(),
      webdriver: safe(function () { return !!n.webdriver; })(),
      screen: safe(function () { return w.screen.width + 'x' + w.screen.height + '@' + (w.devicePixelRatio || 1); })(),
      touch: safe(function () { return n.maxTouchPoints || 0; })()
    });
  }

  // The name by which the edge knows a conversion that comes twice.
  function reference() {
    var part = function () { return Math.random().toString(36).slice(2, 12); };
    var random = safe(function () {
      return [].map.call(w.crypto.getRandomValues(new Uint32Array(3)), function (n) { return n.toString(36); }).join('');
    })() || part() + part();
    return 'cg-' + (+new Date()).toString(36) + '-' + random;
  }

  function later(fn, ms) {
    function task() {
      var i = tasks.indexOf(task);
      w.clearTimeout(timer);
      if (i < 0) return;
      tasks.splice(i, 1);
      safe(fn)();
    }
    tasks.push(task);
    var timer = w.setTimeout(task, ms);
    return task;
  }

  function flush() {
    while (tasks[0]) tasks[0]();
  }

  // ready calls fn when no click is under way, and not much later if one is.
  function ready(fn) {
    if (clicking && !leaving) waiting.push(later(fn, options.wait));
    else fn();
  }

  function ended() {
    if (--clicking) return;
    while (waiting[0]) waiting.shift()();
  }

  // ask calls yes with what the edge answers, or no when nothing came back or
  // the edge is unwell.
  function ask(path, init, yes, no) {
    try {
      w.fetch(base + path, init).then(function (r) {
        if (r.status === 429 || r.status > 499) throw Error('HTTP ' + r.status);
        return r.json().then(null, function () {}).then(function (answer) {
          var data = answer && answer.data || {};
          data.status = data.status || (r.ok ? 'sent' : 'failed');
          return data;
        });
      }).then(yes, no);
    } catch (e) {
      no(e);
    }
  }

  function twice(path, init, yes, no) {
    function again() {
      if (leaving || blocked) no();
      else ask(path, init, yes, no);
    }
    init.keepalive = true;
    ask(path, init, yes, function (why) {
      log(why);
      if (leaving || blocked) no();
      else later(again, AGAIN);
    });
  }

  // image tells done whether an image came, or null when none can be asked for.
  function image(path, done) {
    var i = safe(function () { return new w.Image(); })();
    if (!i) return done(null);
    i.onload = safe(function () { done(true); });
    i.onerror = safe(function () { done(false); });
    i.src = base + path;
  }

  // beacon tells whether the browser took it, not whether it will arrive.
  function beacon(path, body) {
    return !blocked && safe(function () {
      return w.navigator.sendBeacon(base + path, new w.Blob([body], { type: FORM }));
    })();
  }

  // An image tells whether it arrived, a beacon outlives the page.
  function fallback(body, beaconFirst, done) {
    function say(status) {
      done({ status: status, transaction_id: id });
    }
    if (beaconFirst && beacon('/conversion', body)) return say('sent');
    image('/pixel.gif?' + body, function (arrived) {
      say(arrived || !beaconFirst && beacon('/conversion', body) ? 'sent' : 'failed');
    });
  }

  var commands = {
    config: function (values) {
      for (var name in values) options[name] = values[name];
      if (options.url) base = options.url.replace(/\/+$/, '');
      if (!queue) save();
    },

    click: function (values, done) {
      if (landed) return done({ status: 'known', transaction_id: landed });
      values.json = values.no_redirect = 1;
      values.js_check_data = check();
      var path = '/click?' + form(values);
      function settle(answer) {
        if (/^[0-9a-f]{32}$/.test(answer.transaction_id)) {
          id = answer.transaction_id;
          save();
        }
        done(answer);
        ended();
      }
      // No image tells an id, but the edge has seen the visitor.
      function unseen() {
        image(path, function (arrived) { settle({ status: arrived === null ? 'failed' : 'sent' }); });
      }
      clicking++;
      if (!w.fetch || blocked) unseen();
      else twice(path, { credentials: 'include' }, settle, unseen);
    },

    conversion: function (values, done) {
      values.external_transaction_id = values.external_transaction_id || reference();
      values.js_check_data = check();
      ready(function () {
        var name = options.param;
        var known = values[name] = values[name] || id;
        var body = form(values);
        // Without keepalive a request ends with its page.
        var lasting = w.fetch && w.Request && 'keepalive' in w.Request.prototype;
        // Without an id only the edge's own cookie may find the click. It goes
        // with images, whose answer no page can read.
        if (!known || !lasting || leaving || blocked) return fallback(body, leaving || !lasting, done);
        twice('/conversion', {
          method: 'POST', body: body, credentials: 'omit',
          headers: { 'Content-Type': FORM, Accept: 'application/json' }
        }, done, function () { fallback(body, leaving, done); });
      });
    },

    get: function (values, done) {
      ready(function () { done(id); });
    }
  };

  var run = safe(function (args) {
    var given = args[1], done = args[2], values = {};
    if (typeof given === 'function') {
      done = given;
      given = {};
    }
    if (!commands.hasOwnProperty(args[0])) return log('no such command: ' + args[0]);
    for (var name in given) values[name] = given[name];
    commands[args[0]](values, safe(function (answer) {
      log(answer);
      if (done) done(answer);
    }));
  });

  function take(args) {
    if (queue) queue.push(args);
    else run(args);
  }

  function cg() {
    take(arguments);
  }
  cg.version = 1;
  cg.debug = old && old.debug;
  cg.q = { push: take };
  w.cg = cg;

  // Options first, wherever the page gave them: they say how the id is kept.
  function start() {
    var calls = queue;
    function each(config) {
      for (var i = 0; i < calls.length; i++) {
        if ((calls[i] && calls[i][0] === 'config') === config) run(calls[i]);
      }
    }
    each(true);
    queue = null;
    if (landed) save();
    each(false);
  }

  w.addEventListener('pagehide', function () {
    leaving = true;
    flush();
  });
  // A page may come back from the browser's cache.
  w.addEventListener('pageshow', function () { leaving = false; });
  d.addEventListener('securitypolicyviolation', safe(function (e) {
    if (e.disposition === 'report' || !/^connect-src/.test(e.effectiveDirective)) return;
    if (e.blockedURI.indexOf(base.split('/').slice(0, 3).join('/'))) return;
    blocked = true;
    flush();
  }));

  // A page that is made ahead has no visitor yet.
  if (d.prerendering) d.addEventListener('prerenderingchange', start, { once: true });
  else start();
})(window, document);
