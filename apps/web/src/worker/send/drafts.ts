import type { Draft, PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { Turns } from '../files/turns.ts';
import { inputEntities, inputReply } from './input-entities.ts';

/**
 * Stores drafts. A text that is sent deletes the draft of its chat, so both go one after the other: calls that wait for a connection are repeated in no
 * order, and the beginning of a text must not be stored after the text was sent.
 */
export class Drafts {
  readonly #account: Account;
  #turns = new Map<PeerId, Turns>();
  /** How many texts of a chat were sent. */
  #sent = new Map<PeerId, number>();
  /** Chats whose draft was stored after the last text was written, which may still wait to be sent. */
  #newer = new Set<PeerId>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Runs a call that changes the draft of a chat, after those that were begun before. */
  inTurn<Result>(peer: PeerId, act: () => Promise<Result>): Promise<Result> {
    const turns = this.#turns.get(peer) ?? new Turns(1);
    this.#turns.set(peer, turns);
    return turns.take(act);
  }

  /** A text is to be sent: what was written before is a draft no more, here at once, and at the server with the text. */
  noteText(peer: PeerId): void {
    const { store } = this.#account;
    this.#sent.set(peer, this.#sentOf(peer) + 1);
    this.#newer.delete(peer);
    store.changeChat(peer, ({ draft, topId, date }) => (draft ? { draft: undefined, date: store.message(peer, topId)?.date ?? date } : {}));
  }

  /** Whether the draft of a chat is newer than the texts that wait to be sent, which must not delete it. */
  isNewer(peer: PeerId): boolean {
    return this.#newer.has(peer);
  }

  #sentOf(peer: PeerId): number {
    return this.#sent.get(peer) ?? 0;
  }

  /** Stores what was written and not sent; an empty text without a reply deletes the draft. */
  async save(peer: PeerId, draft: Omit<Draft, 'date'>): Promise<void> {
    const sent = this.#sentOf(peer);
    const isSent = (): boolean => this.#sentOf(peer) !== sent;
    const { text, entities, replyTo } = draft;
    await this.inTurn(peer, async () => {
      if (isSent()) return;
      const stored = { message: text, entities: await inputEntities(this.#account, entities), replyTo: await inputReply(this.#account, draft) };
      await this.#account.call({ _: 'messages.saveDraft', peer: await this.#account.inputPeer(peer), ...stored });
      if (!isSent()) this.#newer.add(peer);
    });
    if (isSent()) return;
    const isEmpty = text === '' && replyTo === undefined;
    const { store } = this.#account;
    const now = this.#account.context.now();
    store.changeChat(peer, ({ topId, date }) => ({ draft: isEmpty ? undefined : { ...draft, date: now }, date: isEmpty ? (store.message(peer, topId)?.date ?? date) : now }));
  }
}
