import { useEffect, useRef } from 'preact/hooks';
import type { Message, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { useWhileWatched } from '../parts/use-while-watched.ts';

/** No update tells how many comments a post has, so it is asked for so often while somebody looks at posts, in milliseconds. */
const RECOUNT_MS = 10_000;
/** Messages in one call. */
const CALL_MAX = 100;

/** Keeps the counts of comments right that can be seen. @param list the messages that can be seen now */
export function useRecount(peer: PeerId, list: () => readonly Message[]): void {
  const latest = useRef(list);
  latest.current = list;
  const recount = (): void => {
    const messages = latest.current().filter(({ id, replies }) => id > 0 && replies?.group !== undefined).map(({ id }) => id).slice(0, CALL_MAX);
    if (messages.length > 0) void ask('history.countReplies', { peer, messages }).catch(() => undefined);
  };
  useWhileWatched(recount, RECOUNT_MS);
  // Who comes back to a post from its comments sees what was written there.
  const isShown = list().length > 0;
  useEffect(() => {
    if (isShown) recount();
  }, [peer, isShown]);
}
