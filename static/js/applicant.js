// Uploads: a form marked data-upload is sent with its progress in per cent and in words.
// A chosen photo is shown and can be turned; one that is too large, or that is no JPEG but a
// picture the browser can read, becomes a smaller JPEG first. Without this script the form is
// simply sent. Hints: what the server would say about letters and digits, while they are typed.
(function () {
  'use strict';
  var fill = window.okno.fill;
  var longEdge = 3000;

  function megabytes(n) {
    return (n / 1048576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
  }

  // What a file is by its first bytes: jpeg, pdf, heic, picture or nothing known.
  function kind(file) {
    return file.slice(0, 12).arrayBuffer().then(function (buffer) {
      var b = new Uint8Array(buffer);
      var text = String.fromCharCode.apply(null, b);
      if (b[0] === 0xff && b[1] === 0xd8) return 'jpeg';
      if (text.indexOf('%PDF') === 0) return 'pdf';
      if (text.slice(4, 8) === 'ftyp') return /heic|heix|hevc|mif1|msf1|avif/.test(text.slice(8)) ? 'heic' : '';
      return /^image\//.test(file.type) ? 'picture' : '';
    });
  }

  // Draws a picture upright and turned by quarters, its longer side at most edge pixels.
  function draw(canvas, image, turn, edge) {
    var ratio = Math.min(1, edge / Math.max(image.width, image.height));
    var w = Math.round(image.width * ratio), h = Math.round(image.height * ratio);
    canvas.width = turn % 2 ? h : w;
    canvas.height = turn % 2 ? w : h;
    var g = canvas.getContext('2d');
    g.translate(canvas.width / 2, canvas.height / 2);
    g.rotate(turn * Math.PI / 2);
    g.drawImage(image, -w / 2, -h / 2, w, h);
  }

  // A JPEG of the picture that is not larger than max, or null.
  function encode(image, turn, max) {
    var canvas = document.createElement('canvas');
    draw(canvas, image, turn, longEdge);
    function attempt(quality) {
      return new Promise(function (done) { canvas.toBlob(done, 'image/jpeg', quality); }).then(function (blob) {
        if (!blob) return null;
        if (blob.size <= max) return blob;
        return quality > 0.7 ? attempt(quality - 0.1) : null;
      });
    }
    return attempt(0.92);
  }

  // What is known about the file of a form: its kind, the picture if it is one, how it is turned.
  var chosen = new WeakMap();

  function choose(form) {
    var input = form.querySelector('input[type=file]');
    var area = form.querySelector('[data-upload-progress]');
    var box = form.querySelector('[data-picked]');
    var file = input.files && input.files[0];
    var state = { turn: 0, kind: '', image: null };
    chosen.set(form, state);
    if (!area || !box) return Promise.resolve(state);
    var words = area.querySelector('[role=status]');
    area.hidden = !file;
    area.querySelector('progress').hidden = true;
    box.hidden = true;
    words.textContent = '';
    if (!file) return Promise.resolve(state);
    state.ready = kind(file).then(function (k) {
      state.kind = k;
      if (k === 'pdf' || !window.createImageBitmap) return null;
      return createImageBitmap(file).catch(function () { return null; });
    }).then(function (image) {
      if (chosen.get(form) !== state) return state;
      state.image = image;
      var name = fill(area.dataset.chosen, { name: file.name, size: megabytes(file.size) });
      if (image) {
        draw(box.querySelector('canvas'), image, 0, 480);
        box.hidden = false;
      }
      if (state.kind === 'heic' && !image) name = area.dataset.heic;
      else if (!image && state.kind !== 'pdf' && state.kind !== 'jpeg') name = area.dataset.type;
      words.textContent = name;
      return state;
    });
    return state.ready;
  }

  document.addEventListener('change', function (e) {
    var form = e.target.form;
    if (e.target.type === 'file' && form && form.hasAttribute('data-upload')) choose(form);
  });
  document.addEventListener('click', function (e) {
    var button = e.target.closest && e.target.closest('[data-picked] button');
    if (!button) return;
    var form = button.form, state = chosen.get(form), box = form.querySelector('[data-picked]');
    if (!state || !state.image) return;
    if (button.dataset.turn) {
      state.turn = (state.turn + 4 + Number(button.dataset.turn)) % 4;
      draw(box.querySelector('canvas'), state.image, state.turn, 480);
      form.querySelector('[data-upload-progress] [role=status]').textContent = form.querySelector('[data-upload-progress]').dataset.turned;
      return;
    }
    form.querySelector('input[type=file]').value = '';
    choose(form);
    form.querySelector('input[type=file]').focus();
  });

  function scripts(page) {
    return Array.prototype.map.call(page.querySelectorAll('script[src]'), function (s) { return s.getAttribute('src'); }).join();
  }

  // Puts the page that came back in place of this one and moves the focus to where it begins.
  function swap(page, main) {
    document.title = page.title;
    document.querySelector('main').replaceWith(document.adoptNode(main));
    window.okno.passwords(document);
    if (window.htmx) window.htmx.process(main);
    window.scrollTo(0, 0);
    (document.getElementById('error-summary') || main).focus();
  }

  document.addEventListener('submit', function (e) {
    var form = e.target;
    if (!form.hasAttribute('data-upload') || e.defaultPrevented) return;
    var input = form.querySelector('input[type=file]');
    var area = form.querySelector('[data-upload-progress]');
    var file = input && input.files && input.files[0];
    if (!file || !area || !window.FormData || !file.arrayBuffer) return;
    e.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = '1';

    var bar = area.querySelector('progress');
    var words = area.querySelector('[role=status]');
    var note = ''; // what was done to the file, said along with the progress
    var max = Number(input.dataset.max) || Infinity;
    var data = new FormData(form);
    if (e.submitter && e.submitter.name) data.append(e.submitter.name, e.submitter.value);
    area.hidden = false;
    bar.hidden = false;

    function stop(text) {
      delete form.dataset.sending;
      delete form.dataset.sent; // it may be sent again at once
      bar.hidden = true;
      words.textContent = text;
      input.focus();
    }

    function send() {
      var xhr = new XMLHttpRequest();
      var said = -1;
      xhr.open('POST', form.getAttribute('action') || location.href);
      xhr.responseType = 'document';
      xhr.upload.onprogress = function (p) {
        if (!p.lengthComputable) return;
        var percent = Math.floor(p.loaded / p.total * 100);
        bar.value = percent;
        // Words change every ten per cent: often enough to trust, seldom enough to listen to.
        if (Math.floor(percent / 10) !== said) {
          said = Math.floor(percent / 10);
          words.textContent = note + fill(area.dataset.sending, { percent: percent });
        }
      };
      xhr.upload.onload = function () {
        bar.value = 100;
        words.textContent = note + area.dataset.checking;
      };
      xhr.onload = function () {
        var page = xhr.response;
        var main = page && page.querySelector('main');
        document.dispatchEvent(new Event('okno:active'));
        if (xhr.status >= 500 || (xhr.status >= 400 && !main)) return stop(area.dataset.failed);
        if (xhr.status >= 400) return swap(page, main);
        // The page after the upload has been fetched already; a second request would lose what
        // it tells only once. It is fetched again only when it needs other scripts.
        if (!main || scripts(page) !== scripts(document)) return location.assign(xhr.responseURL);
        history.pushState(null, '', xhr.responseURL);
        window.addEventListener('popstate', function () { location.reload(); });
        swap(page, main);
      };
      xhr.onerror = xhr.onabort = xhr.ontimeout = function () { stop(area.dataset.failed); };
      xhr.send(data);
    }

    var state = chosen.get(form);
    (state && state.ready || choose(form)).then(function (state) {
      if (state.kind === 'heic' && !state.image) return stop(area.dataset.heic);
      if (!state.image && state.kind !== 'pdf' && state.kind !== 'jpeg') return stop(area.dataset.type);
      if (state.kind === 'pdf' || !state.image) return file.size <= max ? send() : stop(area.dataset.tooLarge);
      if (state.kind === 'jpeg' && !state.turn && file.size <= max) return send();
      area.hidden = false;
      words.textContent = file.size > max ? area.dataset.shrinking : area.dataset.checking;
      return encode(state.image, state.turn, max).then(function (blob) {
        if (!blob) return stop(area.dataset.tooLarge);
        data.set(input.name, blob, state.kind === 'jpeg' ? file.name : file.name.replace(/\.\w+$/, '') + '.jpg');
        if (file.size > max) note = fill(area.dataset.shrunk, { size: megabytes(blob.size) }) + ' ';
        else if (state.kind !== 'jpeg') note = area.dataset.converted + ' ';
        send();
      });
    }).catch(function () { stop(area.dataset.failed); });
  });

  // Hints. They stop nobody: the server decides, with the same rules.
  var alike = { cyrillic: 'AaBCcEeHKkMOoPpTXxYy', latin: 'АаВСсЕеНКкМОоРрТХхУу' };
  var other = { cyrillic: /\p{Script=Latin}/u, latin: /\p{Script=Cyrillic}/u };
  var right = { cyrillic: /\p{Script=Cyrillic}/u, latin: /\p{Script=Latin}/u };

  function letters(value, script, words) {
    var parts = value.split(/[\s-]+/);
    for (var i = 0; i < parts.length; i++) {
      if (!other[script].test(parts[i]) || !right[script].test(parts[i])) continue;
      var wrong = Array.from(parts[i]).filter(function (c) { return other[script].test(c); }).join(', ');
      return fill(words.hintMixed, { word: parts[i], letters: wrong });
    }
    return other[script].test(value) ? words[script === 'latin' ? 'hintLatin' : 'hintCyrillic'] : '';
  }

  // What will be stored of a document number: look-alike letters become Latin ones.
  function number(value, words) {
    var plain = Array.from(value.toUpperCase()).map(function (c) {
      var i = alike.latin.indexOf(c);
      return i < 0 ? c : alike.cyrillic[i];
    }).join('').replace(/[\s\-‐-―−№]/g, '');
    return /[А-Я]/i.test(value) && !/[А-Я]/.test(plain) ? fill(words.hintRecord, { value: plain }) : '';
  }

  function digits(value, want, words) {
    var n = value.replace(/[\s\-‐-―−№]/g, '').length;
    return n && n !== want ? fill(words.hintDigits, { n: n, of: want }) : '';
  }

  document.addEventListener('input', function (e) {
    var input = e.target, form = input.form;
    if (!form || !form.dataset.hintMixed || !(input.dataset.script || input.hasAttribute('data-number') || input.dataset.digits)) return;
    var value = input.value.normalize('NFC').trim();
    var text = input.dataset.script ? letters(value, input.dataset.script, form.dataset)
      : input.dataset.digits ? digits(value, Number(input.dataset.digits), form.dataset) : number(value, form.dataset);
    var box = input.parentNode.querySelector('.live-hint');
    if (!box) {
      if (!text) return;
      box = document.createElement('p');
      box.className = 'hint live-hint';
      box.setAttribute('role', 'status');
      input.after(box);
    }
    clearTimeout(box.oknoTimer); // spoken when the typing pauses, not at every letter
    box.oknoTimer = setTimeout(function () { if (box.textContent !== text) box.textContent = text; }, 400);
  });

  // Off the air a form stays where it is, with everything in it.
  document.addEventListener('submit', function (e) {
    if (navigator.onLine || e.target.method !== 'post' || e.defaultPrevented || e.target.hasAttribute('data-upload')) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    var box = e.target.querySelector('.offline') || document.createElement('p');
    box.className = 'field-error offline';
    box.setAttribute('role', 'alert');
    box.textContent = document.body.dataset.offline || '';
    e.target.append(box);
  }, true);
})();
