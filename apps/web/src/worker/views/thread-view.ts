import type { MessageId, PeerId, ThreadView, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { peerIdOf } from '../models/ids.ts';
import { isStranger } from '../is-stranger.ts';
import type { ThreadLoader } from '../load-threads.ts';
import { refusalOf } from '../refusal.ts';
import type { Changes } from '../store/changes.ts';
import type { Thread } from '../store/thread-list.ts';
import { type Said, Values, type View } from './view.ts';

/** Refusals that say that there is no thread, or that the account may not see it. */
const NOT_THERE = new Set(['MSG_ID_INVALID', 'MESSAGE_ID_INVALID', 'PEER_ID_INVALID', 'CHANNEL_INVALID', 'CHANNEL_PRIVATE', 'CHAT_ID_INVALID']);
/** A post gets its copy in the discussion group a moment after it was published, so it is asked for again: how often, and after how long, in milliseconds. */
const TRIES = 4;

const RETRY_MS = 700;

/** An open thread: where it is, and what was read of it. */
export class OpenThreadView implements View<'thread'> {
  readonly #account: Account;
  readonly #loader: ThreadLoader;
  readonly peer: PeerId;
  readonly #message: MessageId;
  #values = new Values<ThreadView>();
  #thread: Pick<Thread, 'peer' | 'top'> | undefined;
  #opening: Promise<void> | undefined;

  constructor({ account, loader, say }: { account: Account; loader: ThreadLoader; say: Said<'thread'> }) {
    this.#account = account;
    this.#loader = loader;
    this.peer = say.peer;
    this.#message = say.message;
  }

  async start(): Promise<void> {
    const { store } = this.#account;
    const known = store.threads.find(this.peer, this.#message);
    // What is known of a group that the account is not in may be out of date; it is better than nothing.
    if (known && (!isStranger(store, known.peer) || store.session.connection !== 'connected')) this.#show(known);
    await this.refresh();
  }

  /** Asks the server what there is now. Calls at the same time ask once. */
  async refresh(): Promise<void> {
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
    await this.#opening;
  }

  async #open(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        const thread = await this.#loader.open(this.peer, this.#message);
        if (thread) this.#show(thread);
        else this.#values.set({ isGone: true });
        break;
      } catch (error) {
        if (!NOT_THERE.has(refusalOf(error).code)) throw error;
        if (this.#thread === undefined && tries < TRIES && this.#account.store.peers.get(this.peer)?.kind === 'channel') await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        else {
          this.#values.set({ isGone: true });
          break;
        }
      }
    }
    await this.#loadSendAs().catch(() => undefined);
    this.#account.store.noteGathered();
  }

  /** Asks in whose name the account writes in the group. */
  async #loadSendAs(): Promise<void> {
    if (this.#thread === undefined) return;
    const { fullChat } = await this.#account.call({ _: 'channels.getFullChannel', channel: await this.#account.inputChannel(this.#thread.peer) });
    if (fullChat._ === 'channelFull') this.#values.set({ sendAs: fullChat.defaultSendAs && peerIdOf(fullChat.defaultSendAs) });
  }

  #show({ peer, top, count, unread, readInboxId, readOutboxId }: Thread): void {
    this.#thread = { peer, top };
    this.#values.set({ group: peer, top, count, unread, readInboxId, readOutboxId, isGone: false });
    this.#showTyping();
  }

  #showTyping(): void {
    const { peer, top } = this.#thread!;
    this.#values.set({ typing: this.#account.typing.list(peer).filter(({ thread }) => thread === top) });
  }

  notice(changes: Changes): void {
    if (!this.#thread) return;
    const { store } = this.#account;
    const { peer, top } = this.#thread;
    if (changes.threads.has(peer)) {
      const thread = store.threads.get(peer, top);
      if (thread) this.#show(thread);
      else this.#values.set({ isGone: true });
    }
    if (changes.typing.has(peer)) this.#showTyping();
    if (changes.details.has(peer)) void this.#loadSendAs().then(() => store.noteGathered()).catch(() => undefined);
    // How many replies are left when one is deleted, or there are after updates were missed, only the server knows.
    const isUncounted = changes.voided.has(peer) || [...(changes.messages.get(peer) ?? [])].some((id) => id > top && !store.message(peer, id));
    if (isUncounted && store.threads.get(peer, top)) void this.refresh().catch(() => undefined);
  }

  takePatch(): ViewPatches['thread'] | undefined {
    return this.#values.take();
  }

  *peersOf({ group, typing, sendAs }: ViewPatches['thread']): Iterable<PeerId> {
    yield this.peer;
    for (const one of [group, sendAs]) if (one !== undefined) yield one;
    for (const { user } of typing ?? []) yield user;
  }

  close(): void {}
}
