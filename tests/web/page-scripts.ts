// What tests run inside of a page, as text: the types of browsers are not known here.

/** Object stores of what the server can tell again. */
const CACHE_STORES = ['peers', 'chats', 'messages', 'ranges', 'files', 'mtPeers', 'references', 'facts'];

/** Makes a page believe that its browser plays Opus in these containers only. What the page then gives the browser to play or show is noted in `offered`. */
export const playOnly = (...types: string[]): string => `(() => {
  window.offered = [];
  const { createObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    window.offered.push(blob.type);
    return createObjectURL.call(URL, blob);
  };
  HTMLMediaElement.prototype.canPlayType = (type) => (${JSON.stringify(types)}.some((each) => type.startsWith(each)) ? 'probably' : '');
})()`;

/** Shows a page as an iPhone does while its keyboard lies over all but the upper part. @param height of that part, in CSS pixels */
export const showKeyboard = (height: number): string => `(() => {
  Object.defineProperty(visualViewport, 'height', { value: ${height}, configurable: true });
  visualViewport.dispatchEvent(new Event('resize'));
})()`;

/** Hides that keyboard. */
export const HIDE_KEYBOARD = `(() => {
  delete visualViewport.height;
  visualViewport.dispatchEvent(new Event('resize'));
})()`;

/** Gives a page a camera that sees a code. @param rows its squares, true where they are dark */
export const seeCode = (rows: boolean[][]): string => `(() => {
  const [rows, side] = [${JSON.stringify(rows)}, 8];
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = (rows.length + 8) * side;
  const context = canvas.getContext('2d');
  const draw = () => {
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = '#000000';
    rows.forEach((row, y) => row.forEach((isDark, x) => isDark && context.fillRect((x + 4) * side, (y + 4) * side, side, side)));
  };
  draw();
  setInterval(draw, 100);
  navigator.mediaDevices.getUserMedia = () => Promise.resolve(canvas.captureStream(10));
})()`;

/** Counts the rows of the database that say something about an account. */
export const COUNT_ROWS = `(async () => {
  const [{ name }] = await indexedDB.databases();
  const settle = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = reject; });
  const db = await settle(indexedDB.open(name));
  const stores = ${JSON.stringify([...CACHE_STORES, 'outbox'])};
  const transaction = db.transaction(stores);
  const counts = await Promise.all(stores.map((store) => settle(transaction.objectStore(store).count())));
  db.close();
  return counts.reduce((sum, count) => sum + count, 0);
})()`;

/** Empties the object stores of what the server can tell again. */
export const DROP_CACHE = `(async () => {
  const [{ name }] = await indexedDB.databases();
  const settle = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = reject; });
  const db = await settle(indexedDB.open(name));
  const transaction = db.transaction(${JSON.stringify(CACHE_STORES)}, 'readwrite');
  for (const store of transaction.objectStoreNames) transaction.objectStore(store).clear();
  await new Promise((resolve) => { transaction.oncomplete = resolve; });
  db.close();
})()`;

/** How often the page has asked the server for the font with emoji, and whether the system has one of its own. */
export const EMOJI_FONT = `(async () => ({
  asked: performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.woff2')).length,
  isLocal: await new FontFace('local', "local('Apple Color Emoji'), local('Segoe UI Emoji'), local('Noto Color Emoji'), local('Twemoji Mozilla')").load().then(() => true, () => false),
}))()`;

/** Parts of the page that may be wider than what surrounds them, because they can be moved sideways. */
const MOVED_SIDEWAYS = 'pre, [role=tablist], [role=toolbar]';

/** Elements that reach out of the window, or that can be moved sideways although they should not. */
export const FIND_OVERFLOW = `(() => {
  const name = (element) => element.tagName.toLowerCase() + (element.className ? '.' + String(element.className).split(' ').join('.') : '') + ': ' + element.textContent.slice(0, 30);
  const isCut = (element) => { for (let above = element.parentElement; above; above = above.parentElement) if (above.matches('${MOVED_SIDEWAYS}') || getComputedStyle(above).overflowX !== 'visible') return true; return false; };
  const found = [];
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push('the page is ' + scrollWidth + ' wide');
  for (const element of document.body.querySelectorAll('*:not(svg *)')) {
    if (!element.checkVisibility()) continue;
    const { left, right, width } = element.getBoundingClientRect();
    const { overflowX } = getComputedStyle(element);
    if (width > 0 && (left < -1 || right > clientWidth + 1) && !isCut(element)) found.push(name(element) + ' from ' + Math.round(left) + ' to ' + Math.round(right));
    if ((overflowX === 'auto' || overflowX === 'scroll') && element.scrollWidth > element.clientWidth + 1 && !element.matches('${MOVED_SIDEWAYS}')) {
      const widest = [...element.querySelectorAll('*')].filter((inner) => inner.getBoundingClientRect().right > right + 1).at(-1);
      found.push(name(element) + ' moves sideways: ' + element.scrollWidth + ' in ' + element.clientWidth + (widest ? ', because of ' + name(widest) : ''));
    }
  }
  return found;
})()`;

/** Messages that wait to be sent, as the database has them. */
export const READ_OUTBOX = `(async () => {
  const [{ name }] = await indexedDB.databases();
  const settle = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = reject; });
  const db = await settle(indexedDB.open(name));
  const rows = await settle(db.transaction('outbox').objectStore('outbox').getAll());
  db.close();
  return rows.map(({ text, randomId }) => ({ text, randomId }));
})()`;
