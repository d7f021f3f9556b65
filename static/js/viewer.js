// The scan viewer. Panning and zooming act on a wrapper, rotation and light on the image in it,
// so that left stays left however the page lies. At 100 % the whole page is in view.
(function () {
  'use strict';
  var turned = new Map(); // case and page -> degrees, as long as this case is open
  var stepPixels = 80;

  function makeStage(stage, img, onChange) {
    var pan = img.parentNode;
    var state = { turn: 0, light: 100, contrast: 100 };
    var pz = window.Panzoom(pan, { maxScale: 10, minScale: 0.5, step: 0.25, canvas: true, cursor: 'grab', animate: false });
    pan.addEventListener('panzoomchange', function (e) { onChange(e.detail.scale); });
    stage.addEventListener('wheel', function (e) {
      if (e.ctrlKey || stage.contains(document.activeElement) || matchMedia('(min-width: 64rem)').matches) pz.zoomWithWheel(e);
    }, { passive: false });

    function draw() {
      var w = img.naturalWidth || 1, h = img.naturalHeight || 1;
      var lying = state.turn % 180 !== 0;
      var ratio = Math.min(pan.clientWidth / (lying ? h : w), pan.clientHeight / (lying ? w : h)) * 0.98;
      img.style.width = Math.round(w * ratio) + 'px';
      img.style.height = Math.round(h * ratio) + 'px';
      img.style.transform = state.turn ? 'rotate(' + state.turn + 'deg)' : '';
      img.style.filter = state.light === 100 && state.contrast === 100 ? '' :
        'brightness(' + state.light + '%) contrast(' + state.contrast + '%)';
    }
    function bounded(n) { return Math.max(30, Math.min(300, n)); }
    img.addEventListener('load', draw);
    new ResizeObserver(draw).observe(stage);
    if (img.complete) draw();

    return {
      state: state, draw: draw, pz: pz,
      zoom: function (out) { if (out) pz.zoomOut(); else pz.zoomIn(); },
      fit: function () { pz.reset({ animate: false }); },
      turn: function (by) { state.turn = (state.turn + by + 360) % 360; pz.reset({ animate: false }); draw(); },
      light: function (by) { state.light = bounded(state.light + by); draw(); },
      contrast: function (by) { state.contrast = bounded(state.contrast + by); draw(); },
      reset: function () { state.turn = 0; state.light = state.contrast = 100; pz.reset({ animate: false }); draw(); },
      // The translation is multiplied by the scale, so a step on the screen is divided by it.
      move: function (x, y) { var s = pz.getScale(); pz.pan(x * stepPixels / s, y * stepPixels / s, { relative: true }); }
    };
  }

  function start(viewer) {
    if (viewer.hasAttribute('data-ready') || !window.Panzoom) return;
    viewer.setAttribute('data-ready', '');
    var thumbs = Array.prototype.slice.call(viewer.querySelectorAll('[data-page]'));
    var stageBox = viewer.querySelector('[data-stage]');
    var pinnedBox = viewer.querySelector('[data-pinned]');
    var img = viewer.querySelector('[data-scan]');
    var zoomText = viewer.querySelector('[data-zoom]');
    var place = viewer.querySelector('[data-place]');
    var wait = viewer.querySelector('[data-wait]');
    var broken = viewer.querySelector('[data-broken]');
    var at = Math.max(0, thumbs.findIndex(function (t) { return t.hasAttribute('aria-current'); }));
    var main = makeStage(stageBox, img, function (scale) { zoomText.textContent = Math.round(scale * 100) + ' %'; });
    var pinned = null;

    function memory(i) { return viewer.dataset.case + '/' + thumbs[i].dataset.page; }
    function remember() { turned.set(memory(at), main.state.turn); }
    function preload(i) {
      if (thumbs[i]) new Image().src = thumbs[i].dataset.src;
    }
    function show(i) {
      if (!thumbs[i]) return;
      at = i;
      var t = thumbs[i];
      thumbs.forEach(function (other) { other.removeAttribute('aria-current'); });
      t.setAttribute('aria-current', 'true');
      t.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      main.state.turn = turned.get(memory(i)) || 0;
      main.fit();
      if (img.getAttribute('src') !== t.dataset.src) {
        broken.hidden = true;
        wait.hidden = false;
        img.src = t.dataset.src;
      } else {
        main.draw();
      }
      img.alt = t.dataset.alt;
      place.textContent = (i + 1) + ' / ' + thumbs.length;
      viewer.querySelector('[data-caption]').textContent = t.dataset.label;
      var original = viewer.querySelector('[data-original]');
      if (original && t.dataset.download) original.href = t.dataset.download;
      preload(i + 1);
      preload(i - 1);
    }
    img.addEventListener('load', function () { wait.hidden = true; broken.hidden = true; });
    img.addEventListener('error', function () { wait.hidden = true; broken.hidden = false; });

    function docStep(step) {
      var docs = Array.prototype.slice.call(viewer.querySelectorAll('[data-doc]'));
      var doc = docs[docs.indexOf(thumbs[at].closest('[data-doc]')) + step];
      var page = doc && doc.querySelector('[data-page]');
      if (page) show(thumbs.indexOf(page));
    }
    function compare() {
      var button = viewer.querySelector('[data-view=compare]');
      if (pinned) {
        pinned.pz.destroy();
        pinned = null;
        pinnedBox.hidden = true;
        pinnedBox.replaceChildren();
      } else {
        var wrap = document.createElement('div');
        var copy = document.createElement('img');
        wrap.className = 'stage-pan';
        copy.alt = img.alt;
        copy.draggable = false;
        copy.src = img.currentSrc || img.src;
        wrap.appendChild(copy);
        pinnedBox.replaceChildren(wrap);
        pinnedBox.hidden = false;
        pinned = makeStage(pinnedBox, copy, function () {});
        pinned.state.turn = main.state.turn;
        pinned.draw();
      }
      button.setAttribute('aria-pressed', String(pinned !== null));
    }
    function wide() {
      var on = !viewer.hasAttribute('data-wide');
      viewer.toggleAttribute('data-wide', on);
      viewer.querySelector('[data-view=wide]').setAttribute('aria-pressed', String(on));
    }
    // Keys and buttons act on the stage that has the focus; the pinned one only when it has.
    function aim() { return pinned && pinnedBox.contains(document.activeElement) ? pinned : main; }

    var acts = {
      'zoom-out': function () { aim().zoom(true); }, 'zoom-in': function () { aim().zoom(false); },
      'fit': function () { aim().fit(); },
      'rotate-left': function () { aim().turn(-90); remember(); }, 'rotate-right': function () { aim().turn(90); remember(); },
      'darker': function () { aim().light(-10); }, 'brighter': function () { aim().light(10); },
      'flatter': function () { aim().contrast(-10); }, 'sharper': function () { aim().contrast(10); },
      'reset': function () { aim().reset(); remember(); },
      'left': function () { aim().move(-1, 0); }, 'right': function () { aim().move(1, 0); },
      'up': function () { aim().move(0, -1); }, 'down': function () { aim().move(0, 1); },
      'previous': function () { show(at - 1); }, 'next': function () { show(at + 1); },
      'compare': compare, 'wide': wide
    };
    var keys = {
      '[': function () { docStep(-1); }, ']': function () { docStep(1); },
      'PageUp': acts.previous, 'PageDown': acts.next, '+': acts['zoom-in'], '-': acts['zoom-out'], '0': acts.fit,
      'R': acts['rotate-right'], 'Shift+R': acts['rotate-left'], 'B': acts.brighter, 'Shift+B': acts.darker,
      'C': acts.sharper, 'Shift+C': acts.flatter, 'X': acts.reset, 'F': wide
    };
    var arrows = { ArrowLeft: acts.left, ArrowRight: acts.right, ArrowUp: acts.up, ArrowDown: acts.down };

    viewer.addEventListener('click', function (e) {
      var button = e.target.closest('[data-view]');
      if (button) return acts[button.dataset.view]();
      var thumb = e.target.closest('[data-page]');
      if (thumb && !e.ctrlKey && !e.metaKey && !e.shiftKey && e.button === 0) {
        e.preventDefault();
        show(thumbs.indexOf(thumb));
      }
    });
    document.addEventListener('keydown', function onKey(e) {
      if (!viewer.isConnected) return document.removeEventListener('keydown', onKey);
      var onStage = e.target.closest && e.target.closest('[data-stage],[data-pinned]');
      // Arrows belong to the focused stage even when single-key shortcuts are off.
      if (onStage && arrows[e.code] && !e.ctrlKey && !e.altKey && !e.metaKey) {
        arrows[e.code]();
        return e.preventDefault();
      }
      if (e.code === 'Escape' && viewer.hasAttribute('data-wide') && !document.querySelector('dialog[open]')) {
        wide();
        return e.preventDefault();
      }
      if (window.okno.silent(e)) return;
      var act = keys[window.okno.keyOf(e)];
      if (act) {
        act();
        e.preventDefault();
      }
    }, true);
    show(at);
  }

  function startAll() { document.querySelectorAll('[data-viewer]').forEach(start); }
  startAll();
  document.addEventListener('htmx:afterSettle', startAll);
})();
