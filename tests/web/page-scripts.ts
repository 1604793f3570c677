// What tests run inside of a page, as text: the types of browsers are not known here.

/** Counts the rows of the database that hold people, groups and channels. */
export const COUNT_PEERS = `(async () => {
  const [{ name }] = await indexedDB.databases();
  const settle = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = reject; });
  const db = await settle(indexedDB.open(name));
  const count = await settle(db.transaction('peers').objectStore('peers').count());
  db.close();
  return count;
})()`;

/** Object stores of what the server can tell again. */
const CACHE_STORES = ['peers', 'chats', 'messages', 'ranges', 'files', 'mtPeers', 'references', 'facts'];

/** Empties them. */
export const DROP_CACHE = `(async () => {
  const [{ name }] = await indexedDB.databases();
  const settle = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = reject; });
  const db = await settle(indexedDB.open(name));
  const transaction = db.transaction(${JSON.stringify(CACHE_STORES)}, 'readwrite');
  for (const store of transaction.objectStoreNames) transaction.objectStore(store).clear();
  await new Promise((resolve) => { transaction.oncomplete = resolve; });
  db.close();
})()`;

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
    if ((overflowX === 'auto' || overflowX === 'scroll') && element.scrollWidth > element.clientWidth + 1 && !element.matches('${MOVED_SIDEWAYS}')) found.push(name(element) + ' moves sideways: ' + element.scrollWidth + ' in ' + element.clientWidth);
  }
  return found;
})()`;
