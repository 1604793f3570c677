/** What all names begin with under which this page keeps something. */
const PREFIX = 'aerogram-';

function dropAll(): void {
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of Object.keys(storage)) if (key.startsWith(PREFIX)) storage.removeItem(key);
  }
}

/** Forgets what this page keeps in the browser, also what it keeps at its very end, as a draft. The page must end after that. */
export function forgetEverything(): void {
  dropAll();
  addEventListener('pagehide', dropAll);
}
