// The scan viewer: the strip of pages, the stage, a second stage to compare with, the tools, the
// keys, and a second window that shows the same page. See viewer-stage.js for what a stage does
// and viewer-box.js for drawing on it.
(function () {
  'use strict';
  var okno = window.okno;
  var step = 80; // pixels of the screen that an arrow key goes
  // Page -> how it was turned. It lives in this entry of the tab's history: a reload keeps it,
  // and nothing of it is stored.
  var turns = new Map(history.state && history.state.turns);

  function all(root, selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); }

  function start(viewer) {
    if (viewer.hasAttribute('data-ready')) return;
    viewer.setAttribute('data-ready', '');
    function part(selector) { return viewer.querySelector(selector); }
    var thumbs = all(viewer, '[data-page]');
    var firstBox = part('[data-stage]'), secondBox = part('[data-pinned]'), pick = part('[data-pick]');
    var wait = part('[data-wait]'), broken = part('[data-broken]'), zoomText = part('[data-zoom]');
    var at = Math.max(0, thumbs.findIndex(function (t) { return t.hasAttribute('aria-current'); }));
    var beside = -1; // the page on the second stage
    var locked = true;
    var pictures = [new Map(), new Map()]; // of both stages: address -> picture, shown again without asking again
    var line = 'BroadcastChannel' in window ? new BroadcastChannel('okno-' + viewer.dataset.case) : null;

    var main = okno.stage(firstBox, changed);
    var second = okno.stage(secondBox, changed);
    main.picture().setAttribute('data-scan', '');
    pictures[0].set(thumbs[at].dataset.src, main.picture());

    function changed(stage, what) {
      if (stage === main) zoomText.textContent = Math.round(main.view.scale * 100) + ' %';
      if (what === 'view' && second && beside >= 0 && locked) (stage === main ? second : main).follow(stage);
    }
    function indexOf(page) { return thumbs.findIndex(function (t) { return t.dataset.page === page; }); }
    function picture(i, which) {
      var t = thumbs[i], kept = pictures[which], img = kept.get(t.dataset.src);
      if (!img) {
        img = new Image();
        img.decoding = 'async';
        img.src = t.dataset.src;
        kept.set(t.dataset.src, img);
        if (kept.size > 20) kept.delete(kept.keys().next().value); // scans are large
      }
      img.alt = t.dataset.alt;
      return img;
    }
    function watch(img) {
      broken.hidden = true;
      wait.hidden = img.complete;
      if (img.complete && img.naturalWidth) return;
      img.onload = function () { if (main.picture() === img) wait.hidden = true; };
      img.onerror = function () {
        pictures[0].delete(img.getAttribute('src'));
        if (main.picture() === img) {
          wait.hidden = true;
          broken.hidden = false;
        }
      };
    }
    function turnOf(i) {
      var known = turns.get(thumbs[i].dataset.page);
      return known === undefined ? Number(thumbs[i].dataset.turn || 0) : known;
    }
    function remember() {
      turns.set(thumbs[at].dataset.page, main.view.turn);
      if (beside >= 0) turns.set(thumbs[beside].dataset.page, second.view.turn);
      history.replaceState(Object.assign({}, history.state, { turns: Array.from(turns) }), '');
    }
    // Shows a page; told is true when the other window asked for it.
    function show(i, told) {
      var t = thumbs[i];
      if (!t) return;
      at = i;
      thumbs.forEach(function (other) { other.removeAttribute('aria-current'); });
      t.setAttribute('aria-current', 'true');
      t.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      var img = picture(i, 0);
      main.picture().removeAttribute('data-scan');
      img.setAttribute('data-scan', '');
      main.unmark();
      watch(img);
      main.show(img, turnOf(i));
      part('[data-place]').textContent = (i + 1) + ' / ' + thumbs.length;
      part('[data-caption]').textContent = t.dataset.label;
      viewer.dispatchEvent(new CustomEvent('okno:page', { detail: t.dataset.page }));
      if (line && !told) line.postMessage({ page: t.dataset.page });
      if (thumbs[i + 1]) picture(i + 1, 0);
    }
    function wholeDocument(by) {
      var docs = all(viewer, '[data-doc]');
      var doc = docs[docs.indexOf(thumbs[at].closest('[data-doc]')) + by];
      var page = doc && doc.querySelector('[data-page]');
      if (page) show(thumbs.indexOf(page));
    }

    // Comparing: the second stage shows another page, and both move as one.
    function press(name, on) {
      all(viewer, '[data-view=' + name + ']').forEach(function (b) { b.setAttribute('aria-pressed', String(on)); });
    }
    function besides(i) {
      beside = i;
      secondBox.hidden = i < 0;
      press('compare', i >= 0);
      if (i < 0) return;
      pick.value = thumbs[i].dataset.page;
      second.show(picture(i, 1), turnOf(i));
      main.fit();
    }
    function earlier(page) {
      var doc = page && page.closest('[data-doc]');
      var before = doc && doc.dataset.before && part('[data-doc="' + CSS.escape(doc.dataset.before) + '"]');
      if (!before) return -1;
      var own = all(doc, '[data-page]').indexOf(page), pages = all(before, '[data-page]');
      return thumbs.indexOf(pages[Math.min(own, pages.length - 1)]);
    }
    // What to compare with, unless somebody chooses: the version before, else the first page of
    // another document.
    function partner() {
      var i = earlier(thumbs[at]);
      if (i < 0) i = thumbs.findIndex(function (t) { return t.closest('[data-doc]') !== thumbs[at].closest('[data-doc]'); });
      return i < 0 ? (at + 1) % thumbs.length : i;
    }
    function compare() { besides(beside < 0 ? partner() : -1); }
    function previous() {
      var row = document.querySelector('tr[data-page]:focus-within, tr[data-page][aria-current]');
      var own = row ? indexOf(row.dataset.page) : at;
      if (own < 0) own = at;
      var i = earlier(thumbs[own]);
      if (i < 0) return okno.say(viewer.dataset.noEarlier);
      if (beside === i && at === own) return besides(-1);
      if (at !== own) show(own);
      besides(i);
    }
    function wide() {
      var on = !viewer.hasAttribute('data-wide');
      viewer.toggleAttribute('data-wide', on);
      press('wide', on);
    }
    // Keys and buttons act on the stage that has the focus, the second one only when it has.
    function aim() { return beside >= 0 && secondBox.contains(document.activeElement) ? second : main; }

    var acts = {
      'zoom-out': function () { aim().zoom(0.8); }, 'zoom-in': function () { aim().zoom(1.25); },
      'fit': function () { aim().fit(); }, 'fit-width': function () { aim().fitWidth(); },
      'rotate-left': function () { aim().turn(-90); remember(); }, 'rotate-right': function () { aim().turn(90); remember(); },
      'darker': function () { aim().light(-10); }, 'brighter': function () { aim().light(10); },
      'flatter': function () { aim().contrast(-10); }, 'sharper': function () { aim().contrast(10); },
      'gray': function () { press('gray', aim().gray()); },
      'reset': function () { aim().reset(); press('gray', false); remember(); },
      // An arrow goes to that side of the page: what lies there comes into view.
      'left': function () { aim().move(step, 0); }, 'right': function () { aim().move(-step, 0); },
      'up': function () { aim().move(0, step); }, 'down': function () { aim().move(0, -step); },
      'previous': function () { show(at - 1); }, 'next': function () { show(at + 1); },
      'compare': compare, 'wide': wide, 'before': previous,
      'lock': function () {
        locked = !locked;
        press('lock', locked);
        if (locked && beside >= 0) second.follow(main);
      },
      'window': function () {
        var a = part('[data-view=window]');
        if (a) window.open(a.href, 'okno-' + viewer.dataset.case, 'popup,width=1100,height=1000');
      }
    };
    var keys = {
      '[': function () { wholeDocument(-1); }, ']': function () { wholeDocument(1); },
      'PageUp': acts.previous, 'PageDown': acts.next, '+': acts['zoom-in'], '-': acts['zoom-out'], '0': acts.fit, 'W': acts['fit-width'],
      'R': acts['rotate-right'], 'Shift+R': acts['rotate-left'], 'B': acts.brighter, 'Shift+B': acts.darker,
      'C': acts.sharper, 'Shift+C': acts.flatter, 'G': acts.gray, 'X': acts.reset, 'F': wide, 'P': compare, 'L': acts.lock, 'D': previous,
      'T': acts.window
    };
    var arrows = { ArrowLeft: acts.left, ArrowRight: acts.right, ArrowUp: acts.up, ArrowDown: acts.down };

    viewer.addEventListener('click', function (e) {
      var button = e.target.closest('[data-view]');
      if (button && acts[button.dataset.view]) {
        if (button.href && (e.ctrlKey || e.metaKey || e.shiftKey)) return;
        e.preventDefault();
        return acts[button.dataset.view]();
      }
      var thumb = e.target.closest('[data-page]');
      if (thumb && !e.ctrlKey && !e.metaKey && !e.shiftKey && e.button === 0) {
        e.preventDefault();
        show(thumbs.indexOf(thumb));
      }
    });
    pick.addEventListener('change', function () { besides(indexOf(pick.value)); });
    // A link to an earlier version elsewhere on the desk puts it beside the present one.
    document.addEventListener('click', function (e) {
      var a = e.target.closest && e.target.closest('a[data-row-key=D]');
      var i = a && viewer.isConnected ? indexOf(new URL(a.href).searchParams.get('show')) : -1;
      if (i < 0 || e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      var doc = thumbs[i].closest('[data-doc]').dataset.doc;
      var now = part('[data-before="' + CSS.escape(doc) + '"] [data-page]');
      if (now) show(thumbs.indexOf(now));
      besides(i);
    });

    // The place of a chosen field: rows name the page and the box on it.
    function choose(row) {
      var i = indexOf(row.dataset.page), n = (row.dataset.box || '').split(',').map(Number);
      if (i < 0) return;
      if (i !== at) show(i);
      if (n.length === 4 && n.every(isFinite)) spot({ x: n[0], y: n[1], w: n[2], h: n[3] });
    }
    function spot(box, told) {
      var img = main.picture();
      function mark() {
        if (main.picture() !== img) return;
        main.unmark('place');
        main.mark(box, 'place');
        main.reveal(box);
      }
      if (img.complete && img.naturalWidth) mark(); else img.addEventListener('load', mark, { once: true });
      if (line && !told) line.postMessage({ spot: box });
    }
    function choosing(e) {
      if (!viewer.isConnected || e.defaultPrevented) return;
      var row = e.target.closest && e.target.closest('tr[data-page]');
      // Going from button to button within a row chooses nothing new.
      if (!row || e.type === 'focusin' && e.relatedTarget && row.contains(e.relatedTarget)) return;
      choose(row);
    }
    document.addEventListener('focusin', choosing);
    document.addEventListener('click', choosing);

    if (line) {
      line.onmessage = function (e) {
        if (!viewer.isConnected) return line.close();
        var i = e.data.page ? indexOf(e.data.page) : -1;
        if (i >= 0 && i !== at) show(i, true);
        if (e.data.spot) spot(e.data.spot, true);
      };
    }
    document.addEventListener('keydown', function onKey(e) {
      if (!viewer.isConnected) return document.removeEventListener('keydown', onKey, true);
      if (viewer.querySelector('[data-drawing]')) return; // drawing has the keys
      var onStage = e.target.closest && e.target.closest('[data-stage],[data-pinned]');
      // Arrows belong to the focused stage even when single-key shortcuts are off.
      if (onStage && arrows[e.code] && e.target === onStage && !e.ctrlKey && !e.altKey && !e.metaKey) {
        arrows[e.code]();
        return e.preventDefault();
      }
      if (e.code === 'Escape' && viewer.hasAttribute('data-wide') && !document.querySelector('dialog[open]')) {
        wide();
        return e.preventDefault();
      }
      if (okno.silent(e)) return;
      var act = keys[okno.keyOf(e)];
      if (act) {
        act();
        e.preventDefault();
      }
    }, true);
    okno.viewers = okno.viewers || new Map();
    okno.viewers.set(viewer, {
      stage: main, page: function () { return thumbs[at].dataset.page; }, open: function (page) { show(indexOf(page)); }
    });
    show(at, true);
  }

  function startAll() { document.querySelectorAll('[data-viewer]').forEach(start); }
  startAll();
  document.addEventListener('htmx:afterSettle', startAll);
})();
