import type { MessageId, PeerId } from '../protocol/index.ts';
import type { MessageRow } from './models/message.ts';

/** Messages whose age is remembered. */
const NOTED_MAX = 5000;

/** When the server told last what others think of messages. */
export class Freshness {
  /** Milliseconds since 1970, by chat and message. */
  readonly #told = new Map<string, number>();

  note(peer: PeerId, ids: Iterable<MessageId>): void {
    if (this.#told.size >= NOTED_MAX) this.#told.clear();
    for (const id of ids) this.#told.set(`${peer}:${id}`, Date.now());
  }

  /** Whether it was told, or written, since a moment. @param since milliseconds since 1970 */
  isTold({ peer, id, date }: MessageRow, since: number): boolean {
    return date * 1000 >= since || (this.#told.get(`${peer}:${id}`) ?? 0) >= since;
  }
}
