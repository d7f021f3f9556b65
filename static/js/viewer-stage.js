// One stage of the scan viewer: a page that can be moved, enlarged, turned and lit.
//
// The wrapper is moved and enlarged, the picture in it turned and lit, so that left stays left
// however the page lies. Distances are pixels of the screen, places on the page are fractions of
// the picture as it is stored: a box keeps its place however the page is turned.
(function () {
  'use strict';
  var most = 12, least = 0.25;

  function bounded(n, low, high) { return Math.max(low, Math.min(high, n)); }

  // stage makes a box a stage. changed is called after every change of the view with the reason:
  // 'view' for place and size, 'light' for turning and light.
  function stage(box, changed) {
    var pan = box.querySelector('[data-pan]');
    var img = pan.querySelector('img');
    var view = { x: 0, y: 0, scale: 1, turn: 0, light: 100, contrast: 100, gray: false };
    var marks = []; // boxes shown on the page: {box, element}
    var self = { box: box, view: view };

    function natural() { return { w: img.naturalWidth || 1, h: img.naturalHeight || 1 }; }
    function lying() { return view.turn % 180 !== 0; }
    function area() { return { w: pan.offsetWidth || 1, h: pan.offsetHeight || 1, x: pan.offsetLeft, y: pan.offsetTop }; }
    // The size of the picture at scale 1, before turning: all of it is in view.
    function fitted() {
      var n = natural(), a = area();
      var ratio = Math.min(a.w / (lying() ? n.h : n.w), a.h / (lying() ? n.w : n.h)) * 0.98;
      return { w: n.w * ratio, h: n.h * ratio };
    }
    // A vector of the unturned page as it lies now, and back.
    function turned(v) {
      switch (view.turn) {
        case 90: return { x: -v.y, y: v.x };
        case 180: return { x: -v.x, y: -v.y };
        case 270: return { x: v.y, y: -v.x };
        default: return v;
      }
    }
    function unturned(v) {
      switch (view.turn) {
        case 90: return { x: v.y, y: -v.x };
        case 180: return { x: -v.x, y: -v.y };
        case 270: return { x: -v.y, y: v.x };
        default: return v;
      }
    }
    function centre() {
      var a = area();
      return { x: a.x + a.w / 2 + view.x, y: a.y + a.h / 2 + view.y };
    }
    // Where a place of the page lies on the stage, and which place lies under a point of it.
    self.where = function (fx, fy) {
      var f = fitted(), c = centre(), v = turned({ x: (fx - 0.5) * f.w * view.scale, y: (fy - 0.5) * f.h * view.scale });
      return { x: c.x + v.x, y: c.y + v.y };
    };
    self.under = function (x, y) {
      var f = fitted(), c = centre(), v = unturned({ x: (x - c.x) / view.scale, y: (y - c.y) / view.scale });
      return { x: bounded(v.x / f.w + 0.5, 0, 1), y: bounded(v.y / f.h + 0.5, 0, 1) };
    };
    // The rectangle of a box on the stage, and the box of a rectangle on it.
    self.rectangle = function (b) {
      var p = self.where(b.x, b.y), q = self.where(b.x + b.w, b.y + b.h);
      return { x: Math.min(p.x, q.x), y: Math.min(p.y, q.y), w: Math.abs(p.x - q.x), h: Math.abs(p.y - q.y) };
    };
    self.boxOf = function (r) {
      var p = self.under(r.x, r.y), q = self.under(r.x + r.w, r.y + r.h);
      return { x: Math.min(p.x, q.x), y: Math.min(p.y, q.y), w: Math.abs(p.x - q.x), h: Math.abs(p.y - q.y) };
    };

    function draw(what) {
      var f = fitted(), filter = [];
      img.style.width = Math.round(f.w) + 'px';
      img.style.height = Math.round(f.h) + 'px';
      img.style.transform = view.turn ? 'rotate(' + view.turn + 'deg)' : '';
      if (view.light !== 100) filter.push('brightness(' + view.light + '%)');
      if (view.contrast !== 100) filter.push('contrast(' + view.contrast + '%)');
      if (view.gray) filter.push('grayscale(1)');
      img.style.filter = filter.join(' ');
      pan.style.transform = 'translate(' + view.x + 'px,' + view.y + 'px) scale(' + view.scale + ')';
      // At full view a finger scrolls the page of a telephone; enlarged, it moves the scan.
      box.style.touchAction = view.scale > 1 ? 'none' : 'pan-y';
      marks.forEach(place);
      if (changed) changed(self, what || 'view');
    }
    // The page cannot be lost: a part of it stays on the stage.
    function keep() {
      var f = fitted(), a = area();
      var w = (lying() ? f.h : f.w) * view.scale, h = (lying() ? f.w : f.h) * view.scale;
      var roomX = Math.max(0, (w + a.w) / 2 - 60), roomY = Math.max(0, (h + a.h) / 2 - 60);
      view.x = bounded(view.x, -roomX, roomX);
      view.y = bounded(view.y, -roomY, roomY);
    }

    self.draw = draw;
    self.move = function (dx, dy) {
      view.x += dx;
      view.y += dy;
      keep();
      draw();
    };
    // The place under the point stays under it. Without a point that is the middle.
    self.zoom = function (factor, x, y) {
      var c = centre(), a = area(), to = bounded(view.scale * factor, least, most);
      var px = x === undefined ? a.x + a.w / 2 : x, py = y === undefined ? a.y + a.h / 2 : y;
      view.x += (px - c.x) * (1 - to / view.scale);
      view.y += (py - c.y) * (1 - to / view.scale);
      view.scale = to;
      keep();
      draw();
    };
    self.fit = function () {
      view.x = view.y = 0;
      view.scale = 1;
      draw();
    };
    // The page takes the width of the stage and starts at its top.
    self.fitWidth = function () {
      var f = fitted(), a = area();
      view.scale = bounded(a.w * 0.98 / (lying() ? f.h : f.w), least, most);
      view.x = 0;
      view.y = Math.max(0, ((lying() ? f.w : f.h) * view.scale - a.h) / 2);
      draw();
    };
    self.turn = function (by) {
      view.turn = (view.turn + by + 360) % 360;
      view.x = view.y = 0;
      view.scale = 1;
      draw('light');
    };
    self.light = function (by) { view.light = bounded(view.light + by, 30, 300); draw('light'); };
    self.contrast = function (by) { view.contrast = bounded(view.contrast + by, 30, 300); draw('light'); };
    self.gray = function () { view.gray = !view.gray; draw('light'); return view.gray; };
    self.reset = function () {
      view.turn = 0;
      view.light = view.contrast = 100;
      view.gray = false;
      self.fit();
      draw('light');
    };
    // Another stage of the same size shows the same part of its page.
    self.follow = function (other) {
      view.x = other.view.x;
      view.y = other.view.y;
      view.scale = other.view.scale;
      draw('followed');
    };
    // Another picture, loaded or still loading, at its own turn.
    self.show = function (picture, turn) {
      picture.draggable = false;
      if (picture !== img) {
        img.replaceWith(picture);
        img = picture;
      }
      view.turn = turn;
      if (!picture.complete) picture.addEventListener('load', function () { if (img === picture) draw('light'); }, { once: true });
      self.fit();
      draw('light');
    };
    self.picture = function () { return img; };

    // Boxes on the page.
    function place(m) {
      var r = self.rectangle(m.box);
      m.element.style.transform = 'translate(' + r.x + 'px,' + r.y + 'px)';
      m.element.style.width = r.w + 'px';
      m.element.style.height = r.h + 'px';
    }
    self.mark = function (b, kind) {
      var e = document.createElement('div');
      e.className = 'spot';
      e.dataset.kind = kind;
      box.appendChild(e);
      var m = { box: b, element: e };
      marks.push(m);
      place(m);
      return m;
    };
    self.unmark = function (kind) {
      marks = marks.filter(function (m) {
        if (kind && m.element.dataset.kind !== kind) return true;
        m.element.remove();
        return false;
      });
    };
    self.replace = place;
    // Brings a box into view, as large as it needs to be read and no larger.
    self.reveal = function (b) {
      var a = area(), r = self.rectangle(b);
      var inside = r.x >= a.x && r.y >= a.y && r.x + r.w <= a.x + a.w && r.y + r.h <= a.y + a.h;
      var readable = Math.min(r.w, r.h) >= 22 || r.w >= a.w / 3;
      if (!inside || !readable) {
        var wanted = view.scale * Math.min(a.w * 0.7 / Math.max(r.w, 1), a.h * 0.5 / Math.max(r.h, 1));
        view.scale = bounded(readable && wanted >= view.scale ? view.scale : Math.min(wanted, 3.5), least, most);
        view.x = view.y = 0;
        r = self.rectangle(b);
        view.x = a.x + a.w / 2 - (r.x + r.w / 2);
        view.y = a.y + a.h / 2 - (r.y + r.h / 2);
        keep();
      }
      draw();
    };

    // The mouse and fingers: one moves, two enlarge, the wheel enlarges where it points.
    var fingers = new Map();
    function at(e) {
      var r = box.getBoundingClientRect();
      return { x: e.clientX - r.left - box.clientLeft, y: e.clientY - r.top - box.clientTop };
    }
    self.at = at;
    box.addEventListener('pointerdown', function (e) {
      if (e.target.closest('a,button,select,label,input') || e.button !== 0 || box.dataset.drawing !== undefined) return;
      fingers.set(e.pointerId, at(e));
      box.setPointerCapture(e.pointerId);
    });
    box.addEventListener('pointermove', function (e) {
      var was = fingers.get(e.pointerId);
      if (!was) return;
      var now = at(e);
      if (fingers.size === 1) {
        self.move(now.x - was.x, now.y - was.y);
      } else {
        fingers.forEach(function (other, id) {
          if (id === e.pointerId) return;
          var before = Math.hypot(was.x - other.x, was.y - other.y), after = Math.hypot(now.x - other.x, now.y - other.y);
          if (before > 10 && after > 10) self.zoom(after / before, (now.x + other.x) / 2, (now.y + other.y) / 2);
        });
      }
      fingers.set(e.pointerId, now);
    });
    ['pointerup', 'pointercancel', 'lostpointercapture'].forEach(function (name) {
      box.addEventListener(name, function (e) { fingers.delete(e.pointerId); });
    });
    box.addEventListener('wheel', function (e) {
      if (!e.ctrlKey && !box.contains(document.activeElement) && !matchMedia('(min-width: 64rem)').matches) return;
      e.preventDefault();
      var p = at(e), unit = e.deltaMode === 1 ? 18 : e.deltaMode === 2 ? 400 : 1;
      self.zoom(Math.exp(-bounded(e.deltaY * unit, -400, 400) / 500), p.x, p.y);
    }, { passive: false });
    box.addEventListener('dblclick', function (e) {
      if (e.target.closest('a,button,select,label') || box.dataset.drawing !== undefined) return;
      var p = at(e);
      if (view.scale > 1.01) self.fit(); else self.zoom(2.5, p.x, p.y);
    });
    img.addEventListener('load', function () { draw('light'); });
    new ResizeObserver(function () {
      keep();
      draw('size');
    }).observe(box);
    draw();
    return self;
  }

  window.okno.stage = stage;
})();
