import type { tl } from '@mtcute/core';
import type { ChatView, MessageId, PeerId, Snippet, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { HistoryLoader } from '../load-history.ts';
import { snippetOf } from '../models/message.ts';
import type { Changes } from '../store/changes.ts';
import { type Said, Values, type View } from './view.ts';

/** What stands around the messages of an open chat. */
export class OpenChatView implements View<'chat'> {
  readonly #account: Account;
  readonly #history: HistoryLoader;
  readonly #peer: PeerId;
  #values = new Values<ChatView>();
  #pinned: Snippet[] = [];
  #loading: Promise<void> | undefined;
  #isStale = false;

  constructor({ account, history, say }: { account: Account; history: HistoryLoader; say: Said<'chat'> }) {
    this.#account = account;
    this.#history = history;
    this.#peer = say.peer;
  }

  async start(): Promise<void> {
    const { store, typing } = this.#account;
    this.#values.set({ chat: store.chats.get(this.#peer), typing: typing.list(this.#peer) });
    await this.#loadOnce();
  }

  notice(changes: Changes): void {
    const { store, typing } = this.#account;
    if (changes.chats.has(this.#peer)) this.#values.set({ chat: store.chats.get(this.#peer) });
    if (changes.typing.has(this.#peer)) this.#values.set({ typing: typing.list(this.#peer) });
    this.#noticePinned(changes.messages.get(this.#peer));
    if (changes.details.has(this.#peer)) void this.#loadOnce().catch(() => undefined);
  }

  /** Loads the details. What changes meanwhile is loaded once more. */
  async #loadOnce(): Promise<void> {
    this.#isStale = true;
    this.#loading ??= this.#loadUntilFresh().finally(() => (this.#loading = undefined));
    await this.#loading;
  }

  async #loadUntilFresh(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      await this.#load();
    }
  }

  async #load(): Promise<void> {
    const input = await this.#account.inputPeer(this.#peer);
    const [full, pinned] = await Promise.all([this.#loadFull(input), this.#history.pinned(this.#peer)]);
    this.#pinned = pinned.map(snippetOf);
    this.#values.set({ ...full, pinned: this.#pinned });
    this.#account.store.noteGathered();
  }

  /** Pinned messages that were edited. Which ones are pinned is loaded anew. */
  #noticePinned(ids: ReadonlySet<MessageId> | undefined): void {
    if (!ids || !this.#pinned.some(({ id }) => ids.has(id))) return;
    this.#pinned = this.#pinned.map((snippet) => {
      const row = ids.has(snippet.id) ? this.#account.store.message(this.#peer, snippet.id) : undefined;
      return row ? snippetOf(row) : snippet;
    });
    this.#values.set({ pinned: this.#pinned });
  }

  async #loadFull(input: tl.TypeInputPeer): Promise<Partial<ChatView>> {
    switch (input._) {
      case 'inputPeerUser':
      case 'inputPeerUserFromMessage':
      case 'inputPeerSelf': {
        const { fullUser } = await this.#account.call({ _: 'users.getFullUser', id: userOf(input) });
        const { settings } = fullUser;
        const hasBar = settings.addContact || settings.blockContact || settings.reportSpam;
        return {
          about: fullUser.about,
          isBlocked: fullUser.blocked,
          actionBar: hasBar ? { canAdd: settings.addContact === true, canBlock: settings.blockContact === true, canReport: settings.reportSpam === true } : undefined,
        };
      }
      case 'inputPeerChat': {
        const { fullChat } = await this.#account.call({ _: 'messages.getFullChat', chatId: input.chatId });
        return { about: fullChat.about };
      }
      case 'inputPeerChannel': {
        const { channelId, accessHash } = input;
        const { fullChat } = await this.#account.call({ _: 'channels.getFullChannel', channel: { _: 'inputChannel', channelId, accessHash } });
        return { about: fullChat.about, online: fullChat._ === 'channelFull' ? fullChat.onlineCount : undefined };
      }
      default:
        return {};
    }
  }

  takePatch(): ViewPatches['chat'] | undefined {
    return this.#values.take();
  }

  *peersOf({ typing, pinned }: ViewPatches['chat']): Iterable<PeerId> {
    yield this.#peer;
    for (const { user } of typing ?? []) yield user;
    for (const { from } of pinned ?? []) yield from;
  }

  close(): void {}
}

function userOf(input: tl.RawInputPeerUser | tl.RawInputPeerUserFromMessage | tl.RawInputPeerSelf): tl.TypeInputUser {
  switch (input._) {
    case 'inputPeerUser':
      return { _: 'inputUser', userId: input.userId, accessHash: input.accessHash };
    case 'inputPeerUserFromMessage':
      return { _: 'inputUserFromMessage', peer: input.peer, msgId: input.msgId, userId: input.userId };
    case 'inputPeerSelf':
      return { _: 'inputUserSelf' };
  }
}
