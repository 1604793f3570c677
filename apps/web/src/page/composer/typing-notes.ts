import type { MessageId, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';

/** Others are told that somebody is typing at most this often, in milliseconds. */
const PAUSE_MS = 4000;
/** How long others show it, in milliseconds. */
const SHOWN_MS = 6000;

/** A chat, or a thread in it. */
export interface TypingPlace {
  peer: PeerId;
  thread?: MessageId | undefined;
}

/** Tells others that somebody is typing in a chat. */
export class TypingNotes {
  readonly #place: TypingPlace;
  #told = 0;

  constructor({ peer, thread }: TypingPlace) {
    this.#place = { peer, thread };
  }

  /** @param isTyping false if what was written was taken away */
  note(isTyping: boolean): void {
    const now = Date.now();
    const isShown = now - this.#told < SHOWN_MS;
    if (isTyping ? now - this.#told < PAUSE_MS : !isShown) return;
    this.#told = isTyping ? now : 0;
    void ask('messages.setTyping', { ...this.#place, isTyping }).catch(() => undefined);
  }

  /** The message was sent: that ends it for all. */
  forget(): void {
    this.#told = 0;
  }
}
