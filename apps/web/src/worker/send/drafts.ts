import type { Draft, MessageId, PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { Turns } from '../files/turns.ts';
import { setDraft } from '../reduce/index.ts';
import { inputEntities, inputReply } from './input-entities.ts';

/**
 * Stores drafts. A text that is sent deletes the draft of its chat or topic, so both go one after the other: calls that wait for a connection are repeated in
 * no order, and the beginning of a text must not be stored after the text was sent. Each topic of a forum has a draft of its own; that of General is that of
 * the group.
 */
export class Drafts {
  readonly #account: Account;
  #turns = new Map<string, Turns>();
  /** How many texts of a chat or topic were sent. */
  #sent = new Map<string, number>();
  /** Chats and topics whose draft was stored after the last text was written, which may still wait to be sent. */
  #newer = new Set<string>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Runs a call that changes the draft of a chat or topic, after those that were begun before. */
  inTurn<Result>(peer: PeerId, act: () => Promise<Result>, topic?: MessageId): Promise<Result> {
    const key = keyOf(peer, topic);
    const turns = this.#turns.get(key) ?? new Turns(1);
    this.#turns.set(key, turns);
    return turns.take(act);
  }

  /** A text is to be sent: what was written before is a draft no more, here at once, and at the server with the text. */
  noteText(peer: PeerId, topic?: MessageId): void {
    const key = keyOf(peer, topic);
    this.#sent.set(key, this.#sentOf(key) + 1);
    this.#newer.delete(key);
    setDraft(this.#account.store, { peer, topic }, undefined);
  }

  /** Whether the draft of a chat or topic is newer than the texts that wait to be sent, which must not delete it. */
  isNewer(peer: PeerId, topic?: MessageId): boolean {
    return this.#newer.has(keyOf(peer, topic));
  }

  #sentOf(key: string): number {
    return this.#sent.get(key) ?? 0;
  }

  /** Stores what was written and not sent; an empty text without a reply deletes the draft. */
  async save(peer: PeerId, draft: Omit<Draft, 'date'>, topic?: MessageId): Promise<void> {
    const key = keyOf(peer, topic);
    const sent = this.#sentOf(key);
    const isSent = (): boolean => this.#sentOf(key) !== sent;
    const { text, entities, ...reply } = draft;
    await this.inTurn(
      peer,
      async () => {
        if (isSent()) return;
        const stored = { message: text, entities: await inputEntities(this.#account, entities), replyTo: await inputReply(this.#account, { ...reply, thread: topic }) };
        await this.#account.call({ _: 'messages.saveDraft', peer: await this.#account.inputPeer(peer), ...stored });
        if (!isSent()) this.#newer.add(key);
      },
      topic,
    );
    if (isSent()) return;
    const isEmpty = text === '' && reply.replyTo === undefined;
    setDraft(this.#account.store, { peer, topic }, isEmpty ? undefined : { ...draft, date: this.#account.context.now() });
  }
}

const keyOf = (peer: PeerId, topic: MessageId | undefined): string => `${peer}:${topic ?? ''}`;
