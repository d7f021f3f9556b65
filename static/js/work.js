// Work before a code is sent by SMS: find a number whose hash begins with zeros. Who
// cannot do it, without scripts, gets the code all the same, from a smaller share.
(function () {
  'use strict';
  var inputs = document.querySelectorAll('input[data-work]');
  if (!inputs.length || !window.TextEncoder || !window.crypto || !crypto.subtle) return;
  var task = inputs[0].dataset.work, bits = Number(inputs[0].dataset.bits), text = new TextEncoder();

  function enough(hash) {
    for (var n = 0; n < bits; n++) if (hash[n >> 3] & (128 >> (n & 7))) return false;
    return true;
  }
  function attempt(n) {
    crypto.subtle.digest('SHA-256', text.encode(task + ':' + n)).then(function (hash) {
      if (!enough(new Uint8Array(hash))) return attempt(n + 1);
      inputs.forEach(function (input) { input.value = n; });
    });
  }
  attempt(1);
})();
