/** How long the tab that works may take to answer, in milliseconds. */
const ANSWER_MS = 300;

type Word = 'whoWorks' | 'iWork' | 'stop' | 'stopped';

/** What a tab does in its turn. */
export interface TabWork {
  /** This tab works now. */
  start(): void;
  /** Another tab works: this one stops, if it had begun. */
  stop(): void;
}

let takeOverWork: () => void = () => {};

/**
 * Where the browser shares no worker between tabs, one tab at a time works: two connections of one account would each hear half. A new tab asks
 * whether another one works; that one goes on until somebody takes over.
 */
export function workInOneTab({ start, stop }: TabWork): void {
  const channel = new BroadcastChannel('aerogram-tabs');
  const say = (word: Word): void => channel.postMessage(word);
  let isWorking = false;
  let isTakingOver = false;
  const timer = setTimeout(() => {
    isWorking = true;
    start();
  }, ANSWER_MS);
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data === 'whoWorks' && isWorking) say('iWork');
    else if (data === 'iWork' && !isWorking) {
      clearTimeout(timer);
      stop();
    } else if (data === 'stop' && isWorking) {
      isWorking = false;
      stop();
      say('stopped');
    } else if (data === 'stopped' && isTakingOver) location.reload();
  };
  takeOverWork = () => {
    isTakingOver = true;
    say('stop');
    // A tab that was closed answers nothing.
    setTimeout(() => location.reload(), ANSWER_MS);
  };
  say('whoWorks');
}

/** Lets this tab work, and the other one stop. */
export const takeOver = (): void => takeOverWork();
