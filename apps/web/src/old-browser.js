// Says in words that a browser is too old. It comes before the scripts of the client, which such a browser may not even read, so it is written for the oldest ones: no modules, no
// `let`, no arrow functions.
(/** @param {Window & typeof globalThis} browser @param {Document} page */ function (browser, page) {
  /** Whether something is missing without which the client does not start, or fails later. @see docs/web-client.md, "Browsers" */
  function isTooOld() {
    return (
      // Chromium 89, Firefox 108, Safari 16.4.
      !(browser.HTMLScriptElement && browser.HTMLScriptElement.supports && browser.HTMLScriptElement.supports('importmap')) ||
      // Chromium 110, Firefox 115, Safari 16.
      !Array.prototype.toSorted ||
      !browser.Worker ||
      !browser.WebSocket ||
      !('indexedDB' in browser)
    );
  }

  /** @param {Element} parent @param {string} tag @param {string} text @returns {HTMLElement} */
  function add(parent, tag, text) {
    return (/** @param {HTMLElement} element */ function (element) {
      element.appendChild(page.createTextNode(text));
      parent.appendChild(element);
      return element;
    })(page.createElement(tag));
  }

  /** @param {HTMLElement} place */
  function say(place) {
    place.className = 'splash';
    place.setAttribute('role', 'alert');
    add(place, 'h1', 'This browser is too old');
    add(place, 'p', 'Aerogram needs Chrome, Edge or another browser with Chromium 110, Firefox 115, or Safari 16.4 (on an iPhone: iOS 16.4), or a newer one.');
    add(place, 'p', 'Update the browser or the system, or use a Telegram app.');
    add(place, 'a', 'About this server').setAttribute('href', '/about');
  }

  if (!isTooOld()) return;
  // The client does not start then.
  page.documentElement.setAttribute('data-old', '');
  say(add(page.getElementById('app'), 'main', ''));
})(window, document);
