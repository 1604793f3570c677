import type { tl } from '@mtcute/core';
import Long from 'long';
import type { ChatView, PeerId, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { readMessage, snippetOf } from '../models/message.ts';
import type { Changes } from '../store/changes.ts';
import { type Said, Values, type View } from './view.ts';

/** What stands around the messages of an open chat. */
export class OpenChatView implements View<'chat'> {
  readonly #account: Account;
  readonly #peer: PeerId;
  #values = new Values<ChatView>();
  #loading: Promise<void> | undefined;

  constructor({ account, say }: { account: Account; say: Said<'chat'> }) {
    this.#account = account;
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
    if (changes.details.has(this.#peer)) void this.#loadOnce().catch(() => undefined);
  }

  /** Loads the details; calls meanwhile share it. */
  async #loadOnce(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
    await this.#loading;
  }

  async #load(): Promise<void> {
    const input = await this.#account.inputPeer(this.#peer);
    const [full, pinned] = await Promise.all([this.#loadFull(input), this.#loadPinned(input)]);
    this.#values.set({ ...full, pinned });
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

  async #loadPinned(peer: tl.TypeInputPeer): Promise<ChatView['pinned']> {
    const answer = await this.#account.call({
      _: 'messages.search',
      peer,
      q: '',
      filter: { _: 'inputMessagesFilterPinned' },
      minDate: 0,
      maxDate: 0,
      offsetId: 0,
      addOffset: 0,
      limit: 1,
      maxId: 0,
      minId: 0,
      hash: Long.ZERO,
    });
    const [message] = answer._ === 'messages.messagesNotModified' ? [] : answer.messages;
    const row = message && readMessage(message, this.#account.me);
    return row && snippetOf(row);
  }

  takePatch(): ViewPatches['chat'] | undefined {
    return this.#values.take();
  }

  *peersOf({ typing, pinned }: ViewPatches['chat']): Iterable<PeerId> {
    yield this.#peer;
    for (const { user } of typing ?? []) yield user;
    if (pinned) yield pinned.from;
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
