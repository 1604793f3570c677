import type { UpdateWatch } from '@aerogram/mtproto';
import type { Logger } from '@aerogram/runtime';

/**
 * Writes to the log which updates left for the client of a session, and which it has received. Each has a msg_id from then on.
 * @returns nothing unless the level of the log is debug when the session begins
 */
export function watchUpdates(log: Logger, sessionId: bigint): { watch?: UpdateWatch } {
  if (!log.isLevelEnabled('debug')) return {};
  const session = sessionId.toString(16);
  return {
    watch: {
      sent: (msgId, isAgain) => log.debug({ push: 'sent', session, msgId: String(msgId), again: isAgain }, 'an update was sent to the client'),
      acknowledged: (msgId) => log.debug({ push: 'acknowledged', session, msgId: String(msgId) }, 'the client has received an update'),
      toldToFetch: () => log.debug({ push: 'fetch', session }, 'the client is told to fetch the difference, because updates were dropped'),
    },
  };
}
