// The desk: where the focus goes after a partial update, keys by their place on the keyboard,
// the parts of the workbench on narrow screens, and the sheet of shortcuts.
(function () {
  'use strict';
  var say = window.okno.say;
  var body = document.body;

  // Partial updates. A fragment marks its heading data-focus; polled regions carry data-poll
  // and never take the focus, are not asked for while the tab is hidden, and tell the server
  // that nobody acted.
  document.addEventListener('htmx:afterSettle', function (e) {
    var elt = e.detail.elt;
    var by = e.detail.requestConfig && e.detail.requestConfig.elt;
    parts();
    if (!elt || (by && by.hasAttribute && by.hasAttribute('data-poll'))) return;
    var goal = elt.matches('[data-focus]') ? elt : elt.querySelector('.error-summary') || elt.querySelector('[data-focus]');
    if (!goal) return;
    if (!goal.hasAttribute('tabindex') && !goal.matches('a[href],button,input,select,textarea')) goal.tabIndex = -1;
    goal.focus();
  });
  document.addEventListener('htmx:beforeRequest', function (e) {
    if (e.detail.elt.hasAttribute('data-poll') && document.hidden) e.preventDefault();
  });
  document.addEventListener('htmx:configRequest', function (e) {
    if (e.detail.elt.hasAttribute('data-poll')) e.detail.headers['X-Okno-Background'] = '1';
  });
  document.addEventListener('htmx:afterRequest', function (e) {
    if (!e.detail.elt.hasAttribute('data-poll')) document.dispatchEvent(new Event('okno:active'));
  });
  ['htmx:sendError', 'htmx:timeout', 'htmx:responseError'].forEach(function (name) {
    document.addEventListener(name, function (e) {
      if (!e.detail.elt.hasAttribute('data-poll')) say(body.dataset.netFailed);
    });
  });

  // The key as printed on a Latin keyboard, whatever layout is on: «к» and «R» are both R.
  var named = {
    Slash: '/', BracketLeft: '[', BracketRight: ']', Equal: '+', NumpadAdd: '+', Minus: '-', NumpadSubtract: '-',
    NumpadEnter: 'Enter', Semicolon: ';', Quote: "'", Comma: ',', Period: '.', Backslash: '\\', Backquote: '`'
  };
  // Keys that somebody has moved: "R=Q" means that Q does what R does on the desk as it comes,
  // and that R does nothing unless something else was moved to it.
  var moved = {}, instead = {};
  (body.dataset.keys || '').split(' ').forEach(function (pair) {
    if (pair.length !== 3) return;
    moved[pair[0]] = pair[2];
    instead[pair[2]] = pair[0];
  });
  function standard(key) { return instead[key] || (moved[key] ? '' : key); }
  // Buttons name the key that is pressed.
  function relabel(root) {
    if (!Object.keys(moved).length) return;
    root.querySelectorAll('[aria-keyshortcuts]:not([data-keyed])').forEach(function (el) {
      var was = el.getAttribute('aria-keyshortcuts'), bare = was.replace('Shift+', '');
      el.dataset.keyed = '';
      if (!moved[bare]) return;
      el.setAttribute('aria-keyshortcuts', was.replace(bare, moved[bare]));
      if (el.title) el.title = el.title.replace(/ · (Shift )?[^·]+$/, ' · $1' + moved[bare]);
      var cap = el.querySelector('kbd');
      if (cap) cap.textContent = moved[bare];
    });
  }
  relabel(document);
  document.addEventListener('htmx:afterSettle', function () { relabel(document); });
  function keyOf(e) {
    var code = e.code || '';
    var key = named[code] || code.replace(/^(Key|Digit)/, '').replace(/^Numpad(\d)$/, '$1');
    if (e.key === '?' && !/^Digit/.test(code)) return '?';
    if (key === '/' && e.shiftKey) return '?';
    if (e.key === '?') return '?';
    if (!e.ctrlKey && key.length === 1 && !(key = standard(key))) return '';
    if (key === '+') return '+';
    return (e.ctrlKey ? 'Control+' : '') + (e.shiftKey ? 'Shift+' : '') + key;
  }
  function typing(e) {
    var at = e.target;
    return at.isContentEditable || /^(TEXTAREA|SELECT)$/.test(at.tagName) ||
      (at.tagName === 'INPUT' && !/^(checkbox|radio|button|submit|range)$/.test(at.type));
  }
  // Shortcuts are silent when switched off, in fields, in dialogs and with Alt or Meta.
  function silent(e) {
    return e.defaultPrevented || body.dataset.shortcuts === 'off' || e.altKey || e.metaKey ||
      (e.ctrlKey && e.shiftKey) || document.querySelector('dialog[open]') !== null;
  }
  function visible(el) { return el.getClientRects().length > 0 && !el.disabled; }
  function first(selector, root) {
    return Array.prototype.find.call((root || document).querySelectorAll(selector), visible);
  }
  function press(el) {
    if (el.matches('input:not([type=checkbox]):not([type=radio]),select,textarea')) {
      el.focus();
      if (el.select) el.select();
    } else {
      el.click();
    }
  }

  // Rows: J and K go through the first table that asks for it.
  function rowTable() {
    var near = document.activeElement && document.activeElement.closest('table[data-rows]');
    return near || first('table[data-rows]');
  }
  function currentRow(table) {
    return table.querySelector('tbody tr:focus-within') || table.querySelector('tbody tr[aria-current]');
  }
  function goRow(step) {
    var table = rowTable();
    if (!table) return false;
    var rows = Array.prototype.slice.call(table.tBodies[0] ? table.tBodies[0].rows : []);
    if (!rows.length) return false;
    var at = rows.indexOf(currentRow(table));
    var row = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))];
    rows.forEach(function (other) { other.removeAttribute('aria-current'); });
    row.setAttribute('aria-current', 'true');
    var goal = row.querySelector('a[href]');
    if (!goal) {
      row.tabIndex = -1;
      goal = row;
    }
    goal.focus();
    row.scrollIntoView({ block: 'nearest' });
    return true;
  }

  document.addEventListener('keydown', function (e) {
    if (silent(e)) return;
    var key = keyOf(e);
    if (!key) return; // a keyboard on the screen may not say which key it was
    var free = key === 'Control+Enter' || key === 'Escape';
    if (typing(e) && !free) return;
    if (e.ctrlKey && key !== 'Control+Enter') return;
    var done = false;
    if (key === '?') {
      done = sheet();
    } else if (key === 'J' || key === 'K') {
      done = goRow(key === 'J' ? 1 : -1);
    } else if ((key === 'ArrowDown' || key === 'ArrowUp') && !e.target.closest('[data-stage],[data-pinned],[role=toolbar]')) {
      if (e.target.closest('table[data-rows]') || !document.querySelector('[data-viewer]')) done = goRow(key === 'ArrowDown' ? 1 : -1);
    } else {
      // A row's own action first (data-row-key), then the page's (data-key).
      var table = rowTable();
      var row = table && currentRow(table);
      var quoted = CSS.escape(key);
      var inRow = row && first('[data-row-key=' + quoted + ']', row);
      var el = inRow || first('[data-key=' + quoted + ']');
      if (el) {
        press(el);
        if (inRow && el.hasAttribute('data-row-next')) goRow(1);
        done = true;
      }
    }
    if (done) e.preventDefault();
  });

  // The sheet of shortcuts.
  function sheet() {
    var box = document.getElementById('key-sheet');
    if (!box || !box.showModal) return false;
    box.showModal();
    return true;
  }
  document.querySelectorAll('[data-open-keys]').forEach(function (button) {
    button.hidden = false;
    button.addEventListener('click', sheet);
  });

  // The parts of the workbench become switchable where they do not fit side by side.
  function parts() {
    document.querySelectorAll('[data-bench]').forEach(function (bench) {
      var bar = bench.querySelector('.bench-tabs');
      if (!bar || bar.childElementCount) return;
      var names = ['scan', 'data', 'checks'];
      names.forEach(function (name) {
        var part = bench.querySelector('.bench-' + name);
        if (!part) return;
        var button = document.createElement('button');
        button.type = 'button';
        button.textContent = part.dataset.label;
        button.addEventListener('click', function () {
          show(name);
          // On a telephone all parts stand below each other, and the bar leads to them.
          if (matchMedia('(max-width: 37.49rem)').matches) part.scrollIntoView();
        });
        button.dataset.part = name;
        bar.appendChild(button);
      });
      function show(name) {
        bench.dataset.tab = name;
        bar.querySelectorAll('button').forEach(function (b) {
          b.setAttribute('aria-pressed', String(b.dataset.part === name));
        });
      }
      show('scan');
    });
  }
  parts();

  window.okno.keyOf = keyOf;
  window.okno.silent = function (e) { return silent(e) || typing(e) || e.ctrlKey; };
})();
