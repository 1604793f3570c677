import type { MessageId } from '../../protocol/index.ts';

/** What a link to a message says of threads: in which one it is a reply, or which comment on it is meant. @see https://core.telegram.org/api/links#message-links */
export type ThreadQuery = { kind: 'thread' | 'comment'; message: MessageId };

const ID = /^\d{1,9}$/;

/** Reads the query of a link to a message. Pure. @returns undefined if it says nothing of threads */
export function readThreadQuery(query: string): ThreadQuery | undefined {
  const said = new URLSearchParams(query);
  for (const kind of ['comment', 'thread'] as const) {
    const id = said.get(kind) ?? '';
    if (ID.test(id) && Number(id) > 0) return { kind, message: Number(id) };
  }
  return undefined;
}

/** Writes such a query. Pure. */
export const writeThreadQuery = ({ kind, message }: ThreadQuery): string => `${kind}=${message}`;
