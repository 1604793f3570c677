import { useEffect, useRef } from 'preact/hooks';
import type { Message, MessageId, PeerId } from '../../protocol/index.ts';
import { ask, session } from '../ground/link.ts';

/** Messages in one call. */
const CALL_MAX = 100;

/**
 * Has the reactions and polls loaded anew of messages that come into sight, once in each connection: those who were away are not told of them.
 * @param list the messages that can be seen now
 */
export function useFresh(peer: PeerId, list: () => readonly Message[]): void {
  const asked = useRef(new Set<MessageId>());
  const { connection } = session.value;
  useEffect(() => asked.current.clear(), [peer, connection]);
  useEffect(() => {
    if (connection !== 'connected') return;
    const messages = list().filter(({ id, service }) => id > 0 && !service && !asked.current.has(id)).map(({ id }) => id).slice(0, CALL_MAX);
    if (messages.length === 0) return;
    for (const id of messages) asked.current.add(id);
    void ask('history.freshen', { peer, messages }).catch(() => undefined);
  });
}
