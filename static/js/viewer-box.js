// Drawing a box on the scan and giving it to a reason of the decision panel.
//
// A ticked reason (input name=item) gets a button. While drawing, the mouse pulls the box up, or
// sets two corners with two clicks; without a mouse the arrows move it and, with Shift, change its
// size; Enter takes it, Escape leaves it. The box goes into the hidden field "box-<item>" as
// "<page>:x,y,w,h" in fractions of the page's picture, with the turn of the page behind if it is
// turned.
(function () {
  'use strict';
  var okno = window.okno;

  function viewerOf() {
    var viewer = document.querySelector('[data-viewer][data-ready]');
    var it = viewer && okno.viewers && okno.viewers.get(viewer);
    return it ? { element: viewer, stage: it.stage, page: it.page, open: it.open } : null;
  }
  function bounded(n, low, high) { return Math.max(low, Math.min(high, n)); }
  function parse(value) {
    var m = /^(.+):([\d.]+),([\d.]+),([\d.]+),([\d.]+)(,\d+)?$/.exec(value || '');
    return m && { page: m[1], box: { x: +m[2], y: +m[3], w: +m[4], h: +m[5] } };
  }
  function write(page, b, turn) {
    return page + ':' + [b.x, b.y, b.w, b.h].map(function (n) { return n.toFixed(4); }).join(',') + (turn ? ',' + turn : '');
  }

  var drawing = null; // {viewer, mark, field, finish}

  // All boxes of the panel that lie on the page in view.
  function showAll() {
    var v = viewerOf();
    if (!v) return;
    v.stage.unmark('drawn');
    document.querySelectorAll('input[name^="box-"]').forEach(function (field) {
      var p = parse(field.value);
      if (p && p.page === v.page()) v.stage.mark(p.box, 'drawn');
    });
  }

  // The buttons beside a ticked reason.
  function words(name) {
    var v = document.querySelector('[data-viewer]');
    return v ? v.dataset[name] || '' : '';
  }
  function fieldOf(item) {
    return Array.prototype.find.call(document.querySelectorAll('input[name^="box-"]'), function (f) { return f.name === 'box-' + item.value; });
  }
  function offer(item) {
    var field = fieldOf(item), row = field && field.parentNode;
    if (!item.checked) {
      if (row) row.remove();
      return showAll();
    }
    if (row || !viewerOf()) return;
    row = document.createElement('div');
    row.className = 'box-row';
    field = document.createElement('input');
    field.type = 'hidden';
    field.name = 'box-' + item.value;
    field.value = item.dataset.box || '';
    var draw = document.createElement('button'), drop = document.createElement('button');
    draw.type = drop.type = 'button';
    draw.className = drop.className = 'button';
    draw.dataset.kind = drop.dataset.kind = 'quiet';
    draw.dataset.draw = item.value;
    drop.textContent = words('boxDrop');
    var name = item.labels && item.labels[0] ? item.labels[0].firstChild.textContent.trim() : '';
    function label() {
      draw.textContent = field.value ? words('boxAgain') : words('boxDraw');
      draw.setAttribute('aria-label', draw.textContent + (name ? ': ' + name : ''));
      drop.setAttribute('aria-label', drop.textContent + (name ? ': ' + name : ''));
      drop.hidden = !field.value;
    }
    draw.addEventListener('click', function () { begin(field, draw, label); });
    drop.addEventListener('click', function () {
      field.value = '';
      label();
      showAll();
      tell(field);
      draw.focus();
    });
    label();
    row.append(field, draw, drop);
    item.closest('.choice').after(row);
    showAll();
  }
  function offerAll() {
    document.querySelectorAll('#verdict-form input[name=item]').forEach(function (item) {
      if (item.checked || fieldOf(item)) offer(item);
    });
    showAll();
  }
  // The draft of the decision is kept by the page; a change of the field is a change of the form.
  function tell(field) { field.dispatchEvent(new Event('change', { bubbles: true })); }

  function begin(field, back, done) {
    var v = viewerOf();
    if (!v) return;
    if (drawing) end(false);
    var old = parse(field.value);
    if (old && old.page !== v.page()) v.open(old.page);
    var bar = v.element.querySelector('[data-draw-bar]');
    bar.hidden = false;
    v.stage.box.dataset.drawing = '';
    v.stage.unmark('drawn');
    var at = old ? old.box : middle(v);
    drawing = { v: v, mark: v.stage.mark(at, 'drawing'), field: field, back: back, done: done, corner: null };
    v.element.scrollIntoView({ block: 'nearest' });
    v.stage.box.focus({ preventScroll: true });
    okno.say(bar.querySelector('[data-draw-help]').textContent);
  }
  // A box to begin with when there is no mouse: a part of what is in view.
  function middle(v) {
    var pan = v.stage.box.querySelector('[data-pan]');
    var w = pan.offsetWidth * 0.4, h = pan.offsetHeight * 0.12;
    return v.stage.boxOf({ x: pan.offsetLeft + (pan.offsetWidth - w) / 2, y: pan.offsetTop + (pan.offsetHeight - h) / 2, w: w, h: h });
  }
  function put(box) {
    drawing.mark.box = box;
    drawing.v.stage.replace(drawing.mark);
  }
  function end(take) {
    var d = drawing;
    if (!d) return;
    drawing = null;
    delete d.v.stage.box.dataset.drawing;
    d.v.element.querySelector('[data-draw-bar]').hidden = true;
    d.v.stage.unmark('drawing');
    if (take && d.mark.box.w >= 0.005 && d.mark.box.h >= 0.005) {
      d.field.value = write(d.v.page(), d.mark.box, d.v.stage.view.turn);
      tell(d.field);
      okno.say(words('boxTaken'));
    }
    d.done();
    showAll();
    if (d.back.isConnected) d.back.focus();
  }

  function rectangle(p, q) {
    return drawing.v.stage.boxOf({ x: Math.min(p.x, q.x), y: Math.min(p.y, q.y), w: Math.abs(p.x - q.x), h: Math.abs(p.y - q.y) });
  }
  function onDrawingStage(e) {
    return drawing && e.target.closest && e.target.closest('[data-stage]') === drawing.v.stage.box && !e.target.closest('button');
  }
  document.addEventListener('pointerdown', function (e) {
    if (!onDrawingStage(e) || e.button !== 0) return;
    e.preventDefault();
    var p = drawing.v.stage.at(e);
    if (drawing.corner) { // the second click of two
      put(rectangle(drawing.corner, p));
      return end(true);
    }
    drawing.from = p;
    drawing.v.stage.box.setPointerCapture(e.pointerId);
  });
  document.addEventListener('pointermove', function (e) {
    if (!drawing || !(drawing.from || drawing.corner) || !onDrawingStage(e)) return;
    put(rectangle(drawing.from || drawing.corner, drawing.v.stage.at(e)));
  });
  document.addEventListener('pointerup', function (e) {
    if (!drawing || !drawing.from) return;
    var p = drawing.v.stage.at(e), from = drawing.from;
    drawing.from = null;
    if (Math.hypot(p.x - from.x, p.y - from.y) < 6) {
      drawing.corner = from;
      return;
    }
    put(rectangle(from, p));
    end(true);
  });
  document.addEventListener('pointercancel', function () { if (drawing) drawing.from = null; });

  var sides = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  document.addEventListener('keydown', function (e) {
    if (!drawing || e.altKey || e.ctrlKey || e.metaKey || e.target.closest('button')) return;
    var side = sides[e.code];
    if (side) {
      // The arrows go by the screen, whichever way the page is turned.
      var r = drawing.v.stage.rectangle(drawing.mark.box), pixels = 12;
      if (e.shiftKey) {
        r.w = bounded(r.w + side[0] * pixels, 10, 4000);
        r.h = bounded(r.h + side[1] * pixels, 10, 4000);
      } else {
        var page = drawing.v.stage.rectangle({ x: 0, y: 0, w: 1, h: 1 });
        r.x = bounded(r.x + side[0] * pixels, page.x, page.x + page.w - r.w);
        r.y = bounded(r.y + side[1] * pixels, page.y, page.y + page.h - r.h);
      }
      var b = drawing.v.stage.boxOf(r);
      if (b.w >= 0.005 && b.h >= 0.005) put(b);
    } else if (e.code === 'Enter' || e.code === 'NumpadEnter') {
      end(true);
    } else if (e.code === 'Escape') {
      end(false);
    } else {
      return;
    }
    e.preventDefault();
    e.stopImmediatePropagation();
  }, true);

  document.addEventListener('click', function (e) {
    var button = e.target.closest && e.target.closest('[data-draw-end]');
    if (button && drawing) end(button.dataset.drawEnd === 'take');
  });
  document.addEventListener('change', function (e) {
    if (e.target.matches && e.target.matches('#verdict-form input[name=item]')) offer(e.target);
  });
  document.addEventListener('keydown', function (e) {
    if (drawing || okno.silent(e) || okno.keyOf(e) !== 'A') return;
    var near = document.activeElement && document.activeElement.closest('.choice');
    var item = near && near.querySelector('input[name=item]:checked');
    var buttons = document.querySelectorAll('[data-draw]');
    var button = item ? near.nextElementSibling.querySelector('[data-draw]') : buttons[buttons.length - 1];
    if (!button) return;
    e.preventDefault();
    button.click();
  });
  // Another page has other boxes. A drawing that was begun does not move to another page.
  document.addEventListener('okno:page', function () {
    if (drawing) end(false);
    showAll();
  }, true);
  document.addEventListener('htmx:afterSettle', function () {
    if (drawing && !drawing.field.isConnected) end(false);
    offerAll();
  });
  offerAll();
})();
