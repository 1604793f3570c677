import type { FormattedText, MessageId, PeerId, Refusal, WaitingChange } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { Turns } from '../files/turns.ts';
import { channelIdOf, isChannel } from '../models/ids.ts';
import { portions } from '../portions.ts';
import { removeMessages } from '../reduce/index.ts';
import { isRefusal, refusalOf } from '../refusal.ts';
import { inputEntities } from './input-entities.ts';

/** What the account does with messages that were sent before. */
export type MessageChange =
  | ({ kind: 'edit'; peer: PeerId; messages: [MessageId] } & FormattedText)
  | { kind: 'delete'; peer: PeerId; messages: MessageId[]; forBoth: boolean };

/** Key in the store `session`, whose rows are dropped only by log-out. */
const KEY = 'messageChanges';

/**
 * Edits and deletes messages, one change after the other in each chat. A change is stored until the server has answered, and its messages say that they
 * wait for it: so it is not lost when the page is left before there is a connection.
 */
export class MessageChanges {
  readonly #account: Account;
  #turns = new Map<PeerId, Turns>();
  #waiting: Promise<MessageChange[]> | undefined;
  #running = new Set<MessageChange>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Makes a change. @throws the refusal of the server */
  async make(change: MessageChange): Promise<void> {
    const list = await this.#list();
    list.push(change);
    this.#mark(change, change.kind);
    // It takes its turn at once: those that are stored together may be stored in any order.
    await this.#run(change, this.#store());
  }

  /** Goes on with what was left from before. @param onRefused is told of what the server refuses: nobody waits for an answer any more */
  async resume(onRefused: (kind: WaitingChange, refusal: Refusal) => void): Promise<void> {
    const left = (await this.#list()).filter((change) => !this.#running.has(change));
    await Promise.all(left.map((change) => this.#run(change).catch((error: unknown) => onRefused(change.kind, refusalOf(error)))));
  }

  #list(): Promise<MessageChange[]> {
    return (this.#waiting ??= this.#account.database.get<MessageChange[]>('session', KEY).then((left) => left ?? []));
  }

  async #store(): Promise<void> {
    const { database } = this.#account;
    database.put('session', KEY, [...(await this.#list())]);
    await database.flush();
  }

  /** Lets messages say what they wait for. */
  #mark({ peer, messages }: MessageChange, waitsFor: WaitingChange | undefined): void {
    for (const id of messages) this.#account.store.changeMessage(peer, id, (row) => ({ ...row, waitsFor }));
  }

  /** @param stored resolves when the change is in the database */
  async #run(change: MessageChange, stored?: Promise<void>): Promise<void> {
    const turns = this.#turns.get(change.peer) ?? new Turns(1);
    this.#turns.set(change.peer, turns);
    this.#running.add(change);
    try {
      await turns.take(async () => {
        await stored;
        await (change.kind === 'edit' ? this.#edit(change) : this.#delete(change));
      });
    } finally {
      const list = await this.#list();
      list.splice(list.indexOf(change), 1);
      this.#running.delete(change);
      // Another change of the same messages may wait still.
      this.#mark(change, undefined);
      for (const other of list) if (other.peer === change.peer) this.#mark(other, other.kind);
      await this.#store();
    }
  }

  async #edit({ peer, messages: [id], text, entities }: Extract<MessageChange, { kind: 'edit' }>): Promise<void> {
    const edit = { peer: await this.#account.inputPeer(peer), id, message: text, entities: await inputEntities(this.#account, entities) };
    await this.#account.change({ _: 'messages.editMessage', ...edit }).catch((error: unknown) => {
      if (!isRefusal(error, 'MESSAGE_NOT_MODIFIED')) throw error;
    });
  }

  async #delete({ peer, messages, forBoth }: Extract<MessageChange, { kind: 'delete' }>): Promise<void> {
    for (const id of portions(messages)) {
      if (isChannel(peer)) {
        const { pts, ptsCount } = await this.#account.call({ _: 'channels.deleteMessages', channel: await this.#account.inputChannel(peer), id });
        this.#account.stepChannel(channelIdOf(peer), pts, ptsCount);
      } else {
        const { pts, ptsCount } = await this.#account.call({ _: 'messages.deleteMessages', id, revoke: forBoth });
        this.#account.stepBox(pts, ptsCount);
      }
      removeMessages(this.#account.context, peer, id);
    }
  }
}
