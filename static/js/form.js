// Forms on every page: show a password, send a form once, warn before the session ends.
// Nothing here is needed to finish a form; the server checks everything again.
(function () {
  'use strict';

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (all, name) {
      return name in values ? String(values[name]) : all;
    });
  }

  // Show and hide a password. The button is hidden in the page until it can work.
  function passwords(root) {
    root.querySelectorAll('[data-password]').forEach(function (box) {
      var button = box.querySelector('button');
      if (!button || !button.hidden) return;
      button.hidden = false;
      button.setAttribute('aria-label', box.dataset.showLong);
    });
  }
  document.addEventListener('click', function (e) {
    var button = e.target.closest && e.target.closest('[data-password] button');
    if (!button) return;
    var box = button.closest('[data-password]');
    var input = box.querySelector('input');
    var shown = input.type === 'password';
    input.type = shown ? 'text' : 'password';
    button.textContent = shown ? box.dataset.hide : box.dataset.show;
    button.setAttribute('aria-label', shown ? box.dataset.hideLong : box.dataset.showLong);
    box.querySelector('[role=status]').textContent = shown ? box.dataset.shown : box.dataset.hidden;
  });
  // A shown password goes back to dots before it is sent, so that no browser stores it as text.
  document.addEventListener('submit', function (e) {
    e.target.querySelectorAll('[data-password] input').forEach(function (input) {
      input.type = 'password';
    });
  }, true);

  // A form marked data-once is sent once: a second press within 20 seconds does nothing.
  document.addEventListener('submit', function (e) {
    var form = e.target;
    if (!form.hasAttribute('data-once') || e.defaultPrevented) return;
    if (form.dataset.sent) {
      e.preventDefault();
      return;
    }
    form.dataset.sent = '1';
    say(document.body.dataset.busy || '');
    setTimeout(function () { delete form.dataset.sent; }, 20000);
  });
  window.addEventListener('pageshow', function () {
    document.querySelectorAll('form[data-sent]').forEach(function (form) { delete form.dataset.sent; });
  });

  function say(text) {
    var live = document.getElementById('live');
    if (live) live.textContent = text;
  }

  // The session: every tab of this person shares the moment of the last request.
  function session() {
    var box = document.getElementById('session');
    if (!box || !box.showModal) return;
    var life = Number(box.dataset.seconds) * 1000;
    var clock = box.querySelector('[data-clock]');
    var spoken = box.querySelector('[data-spoken]');
    var stay = box.querySelector('[data-stay]');
    var ends = Date.now() + life;
    var lastSpoken = Infinity;
    var channel = 'BroadcastChannel' in window ? new BroadcastChannel('okno-session') : null;

    function renewed(tell) {
      ends = Date.now() + life;
      lastSpoken = Infinity;
      if (box.open && stay.hidden === false) box.close();
      if (tell && channel) channel.postMessage('renewed');
    }
    if (channel) channel.onmessage = function () { renewed(false); };
    if (channel) channel.postMessage('renewed');
    document.addEventListener('okno:active', function () { renewed(true); });

    stay.addEventListener('click', function () {
      fetch(box.dataset.renew, { credentials: 'same-origin', cache: 'no-store' }).then(function (answer) {
        if (answer.ok && !answer.redirected) renewed(true);
        else over();
      }).catch(over);
    });
    function over() {
      clock.textContent = box.dataset.over;
      spoken.textContent = box.dataset.over;
      stay.hidden = true;
      clearInterval(timer);
      if (!box.open) box.showModal();
    }
    var timer = setInterval(function () {
      var left = Math.ceil((ends - Date.now()) / 1000);
      if (left > 120) return;
      if (left <= 0) return over();
      var unit = left > 60 ? fill(box.dataset.min, { n: Math.ceil(left / 60) }) : fill(box.dataset.sec, { n: left });
      var text = fill(box.dataset.left, { time: unit });
      clock.textContent = text;
      if (!box.open) box.showModal();
      if (lastSpoken - left >= 30) {
        lastSpoken = left;
        spoken.textContent = text;
      }
    }, 1000);
  }

  // htmx notes the current address in the session storage for a page cache we do not use.
  // Nothing of a session stays in the browser, so it goes.
  function forget() {
    try { sessionStorage.clear(); } catch (refused) { /* no storage: nothing to forget */ }
  }
  ['htmx:load', 'htmx:pushedIntoHistory', 'htmx:replacedInHistory', 'htmx:afterSettle'].forEach(function (name) {
    document.addEventListener(name, forget);
  });
  window.addEventListener('pagehide', forget);

  passwords(document);
  session();
  forget();
  document.addEventListener('htmx:load', function (e) { passwords(e.target.parentNode || document); });
  window.okno = { fill: fill, say: say, passwords: passwords };
})();
