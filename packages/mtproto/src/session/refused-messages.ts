import type { DecryptedMessage } from './envelope.ts';
import { constructorOf, MSG_CONTAINER } from './constructors.ts';
import { type InnerMessage, readContainer } from './container.ts';

/** Calls name a message that was sent just before them. */
const KEPT = 128;

/**
 * The latest messages under one key that were refused: their clients send them again under other ids. They belong to no session, because a
 * wrong salt is refused before a session is looked for.
 */
export class RefusedMessages {
  /** Undefined while nothing was refused, as with nearly all keys. Oldest first. */
  #msgIds: bigint[] | undefined;

  add(msgIds: readonly bigint[]): void {
    if (msgIds.length > 0) this.#msgIds = [...(this.#msgIds ?? []), ...msgIds].slice(-KEPT);
  }

  has(msgId: bigint): boolean {
    return this.#msgIds?.includes(msgId) === true;
  }
}

/** The ids of the messages that are refused with a packet, those in its container among them. */
export function idsOfRefused({ msgId, body }: Pick<DecryptedMessage, 'msgId' | 'body'>): bigint[] {
  return constructorOf(body) === MSG_CONTAINER ? idsOfContent(readContainer(body) ?? []) : [msgId];
}

/** The ids of the content-related messages: all calls are. */
export function idsOfContent(messages: readonly InnerMessage[]): bigint[] {
  return messages.filter(({ seqNo }) => seqNo % 2 !== 0).map(({ msgId }) => msgId);
}
