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
