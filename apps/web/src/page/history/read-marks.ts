import type { Chat, MessageId, PeerId } from '../../protocol/index.ts';
import { ask } from '../app/link.ts';

/** Marks are sent at most this often, in milliseconds. */
const PAUSE_MS = 500;

/** Tells the server what was read: what could be seen in a window that has the focus. Marks only move up. */
export class ReadMarks {
  readonly #peer: PeerId;
  #seen: MessageId = 0;
  #told: MessageId = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(peer: PeerId) {
    this.#peer = peer;
    addEventListener('focus', this.#tell);
  }

  /** Notes the newest message that can be seen. @param chat says what was read before */
  see(id: MessageId, chat: Chat | undefined): void {
    const before = Math.max(this.#told, chat?.unread === 0 ? chat.readInboxId : 0);
    if (id <= this.#seen || id <= before) return;
    this.#seen = id;
    this.#tell();
  }

  readonly #tell = (): void => {
    if (this.#timer !== undefined || this.#seen <= this.#told || !document.hasFocus()) return;
    this.#told = this.#seen;
    void ask('history.read', { peer: this.#peer, upTo: this.#told }).catch(() => undefined);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, PAUSE_MS);
  };

  close(): void {
    removeEventListener('focus', this.#tell);
    clearTimeout(this.#timer);
  }
}
