// What the bench runs inside of pages, as text: the types of browsers are not known here.

/** Calls a function after the next frame was painted. */
const AFTER_PAINT = 'const afterPaint = (done) => requestAnimationFrame(() => setTimeout(done, 0));';
const NOW = 'performance.timeOrigin + performance.now()';

/** Notes when Enter was pressed, in milliseconds since 1970. */
export const NOTE_ENTER = `addEventListener('keydown', (event) => { if (event.key === 'Enter') window.benchEnterAt = ${NOW}; }, true)`;
export const READ_ENTER = 'window.benchEnterAt';

/** Waits until a text stands among the messages, and that was painted. @returns when, in milliseconds since 1970 */
export const whenPainted = (text: string): string => `new Promise((resolve, reject) => {
  ${AFTER_PAINT}
  setTimeout(() => reject(new Error('it was not painted')), 10_000);
  const log = document.querySelector('[role=log]');
  const look = () => {
    if (!log.textContent.includes(${JSON.stringify(text)})) return;
    observer.disconnect();
    afterPaint(() => resolve(${NOW}));
  };
  const observer = new MutationObserver(look);
  observer.observe(log, { childList: true, subtree: true, characterData: true });
  look();
})`;

/** Begins to note the length of each frame, and how long a key takes until it is painted. */
export const START_FRAMES = `(() => {
  ${AFTER_PAINT}
  const bench = { frames: [], keys: [] };
  window.bench = bench;
  let last = performance.now();
  const tick = (now) => { bench.frames.push(now - last); last = now; if (window.bench === bench) requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
  if (!window.benchHearsKeys) addEventListener('keydown', ({ timeStamp }) => afterPaint(() => window.bench?.keys.push(performance.now() - timeStamp)), true);
  window.benchHearsKeys = true;
})()`;

/** Ends it. @returns `{ frames, keys }` in milliseconds */
export const STOP_FRAMES = '(() => { const { bench } = window; window.bench = undefined; return bench; })()';

/** Chats in the list with what is unread in them: title to number. */
export const READ_UNREAD = `Object.fromEntries([...document.querySelectorAll('.chat-row')].map((row) => [row.querySelector('bdi').textContent, Number(row.querySelector('.badge')?.textContent ?? 0)]))`;

/** To run before a page: notes when it had painted a number of rows of the list of chats, in milliseconds since the page was asked for. */
export const noteRows = (count: number): string => `(() => {
  ${AFTER_PAINT}
  const isThere = () => [...document.querySelectorAll('.chat-row')].filter((row) => row.textContent !== '').length >= ${count};
  const observer = new MutationObserver(() => {
    if (!isThere()) return;
    observer.disconnect();
    afterPaint(() => { window.benchRows = { sinceStartMs: performance.now(), at: ${NOW} }; });
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true });
})()`;
export const HAS_ROWS = 'window.benchRows !== undefined';
export const READ_ROWS = 'window.benchRows';

export const COUNT_MESSAGES = "document.querySelectorAll('[role=log] article').length";

/** Goes near the top of what is loaded, and looks how far a message in sight moves while older ones come in. @returns pixels */
export const MOVE_OF_ANCHOR = `(async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const scroller = document.querySelector('[role=log]').parentElement;
  scroller.scrollTop = 600;
  await frame();
  await frame();
  const { top, bottom } = scroller.getBoundingClientRect();
  const anchor = [...document.querySelectorAll('[role=log] article')].find((article) => article.getBoundingClientRect().top > top + 100 && article.getBoundingClientRect().bottom < bottom);
  const text = anchor.textContent;
  const place = () => [...document.querySelectorAll('[role=log] article')].find((article) => article.textContent === text)?.getBoundingClientRect().top;
  const before = place();
  let most = 0;
  for (let count = 0; count < 90; count++) {
    await frame();
    const now = place();
    most = Math.max(most, now === undefined ? Infinity : Math.abs(now - before));
  }
  return most;
})()`;

/** What was seen on the way through a chat. */
export interface Walked {
  /** Different messages. */
  seen: number;
  /** Messages that stood twice in the list at the same moment. */
  doubled: number;
  /** By how many pixels a message in sight moved at most while others came in. */
  moved: number;
}

/** Scrolls a chat of different texts from its end to its beginning, each time by a part of what is in sight, until nothing new has come for three seconds. @returns {@link Walked} */
export const WALK_BACK = `(async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const scroller = document.querySelector('[role=log]').parentElement;
  const shown = () => [...document.querySelectorAll('[role=log] article .message-text')];
  const seen = new Set(shown().map((text) => text.textContent));
  let [doubled, moved, newsAt] = [0, 0, performance.now()];
  while (performance.now() - newsAt < 3000) {
    const [count, from] = [seen.size, scroller.scrollTop];
    scroller.scrollTop = from - scroller.clientHeight * 0.6;
    await frame();
    await frame();
    const { top, bottom } = scroller.getBoundingClientRect();
    const anchor = shown().find((text) => text.getBoundingClientRect().top > top + 100 && text.getBoundingClientRect().bottom < bottom)?.textContent;
    const place = () => shown().find((text) => text.textContent === anchor)?.getBoundingClientRect().top;
    const before = place();
    for (let turn = 0; turn < 4; turn++) {
      await frame();
      const now = place();
      if (anchor !== undefined) moved = Math.max(moved, now === undefined ? Infinity : Math.abs(now - before));
      const texts = shown().map((text) => text.textContent);
      doubled += texts.length - new Set(texts).size;
      for (const text of texts) seen.add(text);
    }
    if (seen.size > count || scroller.scrollTop > 1) newsAt = performance.now();
  }
  return { seen: seen.size, doubled, moved };
})()`;

/** How the panel opened. */
export interface OpenedPanel {
  /** Frames that passed until the first emoji was painted. */
  frames: number;
  /** The same in milliseconds. */
  ms: number;
}

/** Opens the panel of emoji, and closes it first if it is open. @returns {@link OpenedPanel} */
export const OPEN_PANEL = `(async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const button = document.querySelector('button[aria-label="Emoji"][aria-expanded]');
  if (button.ariaExpanded === 'true') button.click();
  while (document.querySelector('.emoji-panel')) await frame();
  await frame();
  const start = performance.now();
  button.click();
  let frames = 0;
  do {
    await frame();
    frames++;
  } while (!document.querySelector('.emoji-panel [data-emoji]'));
  // What was drawn before this frame is painted with it.
  await new Promise((resolve) => setTimeout(resolve, 0));
  return { frames, ms: performance.now() - start };
})()`;

export const COUNT_NODES = "document.querySelectorAll('.emoji-panel *').length";
