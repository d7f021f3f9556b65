// Uploads: a form marked data-upload is sent with its progress in per cent and in words.
// A JPEG that is too large is made smaller first. Without this script the form is simply sent.
(function () {
  'use strict';
  var fill = window.okno.fill;
  var longEdge = 3000;

  function megabytes(n) {
    return (n / 1048576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
  }

  // A smaller copy of a photo, or null when the browser cannot make one.
  function shrink(file, max) {
    if (!window.createImageBitmap) return Promise.resolve(null);
    return createImageBitmap(file).then(function (image) {
      var ratio = Math.min(1, longEdge / Math.max(image.width, image.height));
      var canvas = document.createElement('canvas');
      canvas.width = Math.round(image.width * ratio);
      canvas.height = Math.round(image.height * ratio);
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      function attempt(quality) {
        return new Promise(function (done) { canvas.toBlob(done, 'image/jpeg', quality); }).then(function (blob) {
          if (!blob) return null;
          if (blob.size <= max) return blob;
          return quality > 0.7 ? attempt(quality - 0.1) : null;
        });
      }
      return attempt(0.9);
    }).catch(function () { return null; });
  }

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
    if (!file || !area || !window.FormData) return;
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

    if (file.size <= max) return send();
    if (!/jpe?g$/i.test(file.type)) return stop(area.dataset.tooLarge);
    words.textContent = area.dataset.shrinking;
    shrink(file, max).then(function (blob) {
      if (!blob) return stop(area.dataset.tooLarge);
      data.set(input.name, blob, file.name);
      note = fill(area.dataset.shrunk, { size: megabytes(blob.size) }) + ' ';
      words.textContent = note;
      send();
    });
  });
})();
