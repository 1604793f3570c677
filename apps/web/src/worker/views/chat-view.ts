import type { tl } from '@mtcute/core';
import type { BotCommand, ChatView, MessageId, PeerId, Snippet, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { loadChatThemes } from '../chat-themes.ts';
import { knownFormer, readFormer } from '../former-chat.ts';
import type { HistoryLoader } from '../load-history.ts';
import { channelPeer, peerIdOf, userPeer } from '../models/ids.ts';
import { readGroupSettings, readSettings } from '../models/group-settings.ts';
import { type MessageRow, snippetOf } from '../models/message.ts';
import { withTerms } from '../models/peer.ts';
import { readAllowed } from '../models/reactions.ts';
import { readBar, readStranger } from '../models/stranger.ts';
import type { Changes } from '../store/changes.ts';
import { type Said, Values, type View } from './view.ts';

/** What stands around the messages of an open chat. */
export class OpenChatView implements View<'chat'> {
  readonly #account: Account;
  readonly #history: HistoryLoader;
  readonly peer: PeerId;
  readonly #topic: MessageId | undefined;
  #values = new Values<ChatView>();
  #pinned: Snippet[] = [];
  #loading: Promise<void> | undefined;
  #isStale = false;

  constructor({ account, history, say }: { account: Account; history: HistoryLoader; say: Said<'chat'> }) {
    this.#account = account;
    this.#history = history;
    this.peer = say.peer;
    this.#topic = say.topic;
  }

  async start(): Promise<void> {
    const { store, typing } = this.#account;
    this.#values.set({ chat: store.shownChat(this.peer), typing: typing.list(this.peer), draft: typing.draftOf(this.peer) });
    await this.#loadOnce();
  }

  notice(changes: Changes): void {
    const { store, typing } = this.#account;
    if (changes.chats.has(this.peer) || changes.folders) this.#values.set({ chat: store.shownChat(this.peer) });
    if (changes.typing.has(this.peer)) this.#values.set({ typing: typing.list(this.peer), draft: typing.draftOf(this.peer) });
    this.#noticePinned(changes.messages.get(this.peer));
    const isThemed = [...(changes.messages.get(this.peer) ?? [])].some((id) => store.message(this.peer, id)?.service?.kind === 'themeChanged');
    if (isThemed || changes.details.has(this.peer)) void this.#loadOnce().catch(() => undefined);
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
    const input = await this.#account.inputPeer(this.peer).catch((error: unknown) => {
      this.#values.set({ isUnknown: true });
      this.#account.store.noteGathered();
      throw error;
    });
    const [full, pinned] = await Promise.all([this.#loadFull(input), this.#history.pinned(this.peer, this.#topic)]);
    this.#pinned = [...pinned, ...(await this.#pinnedBefore())].map(snippetOf);
    this.#values.set({ ...full, pinned: this.#pinned, isLoaded: true, isUnknown: false });
    this.#account.store.noteGathered();
  }

  /** Pinned messages of the basic group from which the supergroup was made. */
  async #pinnedBefore(): Promise<MessageRow[]> {
    const former = this.#topic === undefined ? knownFormer(this.#account, this.peer) : undefined;
    return former ? await this.#history.pinned(former.peer).catch(() => []) : [];
  }

  /** Pinned messages that were edited. Which ones are pinned is loaded anew. */
  #noticePinned(ids: ReadonlySet<MessageId> | undefined): void {
    const isChanged = ({ peer, id }: Snippet): boolean => peer === this.peer && ids?.has(id) === true;
    if (!this.#pinned.some(isChanged)) return;
    this.#pinned = this.#pinned.map((snippet) => {
      const row = isChanged(snippet) ? this.#account.store.message(this.peer, snippet.id) : undefined;
      return row ? snippetOf(row) : snippet;
    });
    this.#values.set({ pinned: this.#pinned });
  }

  async #loadFull(input: tl.TypeInputPeer): Promise<Partial<ChatView>> {
    const { store } = this.#account;
    switch (input._) {
      case 'inputPeerUser':
      case 'inputPeerUserFromMessage':
      case 'inputPeerSelf': {
        const { fullUser } = await this.#account.call({ _: 'users.getFullUser', id: await this.#account.inputUser(this.peer) });
        const person = store.peers.get(this.peer);
        if (person) store.setPeer(withTerms(person, fullUser));
        const emoji = fullUser.theme?._ === 'chatTheme' ? fullUser.theme.emoticon : undefined;
        // A chat can do without.
        const theme = emoji === undefined ? undefined : (await loadChatThemes(this.#account).catch(() => [])).find((one) => one.emoji === emoji);
        return { about: fullUser.about, theme, isBlocked: fullUser.blocked === true, common: fullUser.commonChatsCount, ttl: fullUser.ttlPeriod, calls: readCalls(fullUser), actionBar: readBar(fullUser.settings), stranger: readStranger(fullUser.settings), ...readBot(fullUser.botInfo) };
      }
      case 'inputPeerChat': {
        const { fullChat } = await this.#account.call({ _: 'messages.getFullChat', chatId: input.chatId });
        this.#noteReactions(fullChat);
        const canSeeMembers = fullChat._ === 'chatFull' && fullChat.participants._ === 'chatParticipants';
        return { about: fullChat.about, canSeeMembers, settings: readGroupSettings(fullChat), ...readEntry(fullChat), commands: readCommands(fullChat.botInfo), ...(await this.#loadAround(input)) };
      }
      case 'inputPeerChannel': {
        const { channelId, accessHash } = input;
        const { fullChat } = await this.#account.call({ _: 'channels.getFullChannel', channel: { _: 'inputChannel', channelId, accessHash } });
        if (fullChat._ !== 'channelFull') return {};
        this.#noteReactions(fullChat);
        const known = store.peers.get(this.peer);
        if (known) store.setPeer({ ...known, members: fullChat.participantsCount ?? known.members, former: readFormer(fullChat) });
        const canSeeMembers = fullChat.canViewParticipants === true && (!fullChat.participantsHidden || known?.isAdmin === true);
        const linked = fullChat.linkedChatId === undefined ? undefined : channelPeer(fullChat.linkedChatId);
        const sendAs = fullChat.defaultSendAs && peerIdOf(fullChat.defaultSendAs);
        return { about: fullChat.about, canSeeMembers, settings: readSettings(fullChat), linked, sendAs, ...readEntry(fullChat), commands: readCommands(fullChat.botInfo), ...(await this.#loadAround(input)) };
      }
      default:
        return {};
    }
  }

  /** Only the details of a group or channel say which reactions are allowed in it. */
  #noteReactions(full: tl.TypeChatFull): void {
    const { store } = this.#account;
    const known = store.peers.get(this.peer);
    if (known) store.setPeer({ ...known, reactions: readAllowed(full) });
  }

  /** What one can do about a group or channel into which one was brought, and how many of its members are online. */
  async #loadAround(peer: tl.TypeInputPeer): Promise<Pick<ChatView, 'actionBar' | 'online'>> {
    const known = this.#account.store.peers.get(this.peer);
    const countsOnline = known?.isMember === true && known.kind !== 'channel';
    const [{ settings }, online] = await Promise.all([
      this.#account.call({ _: 'messages.getPeerSettings', peer }),
      // The header can do without the number.
      countsOnline ? this.#account.call({ _: 'messages.getOnlines', peer }).then(({ onlines }) => onlines, () => undefined) : undefined,
    ]);
    return { actionBar: readBar(settings), online };
  }

  takePatch(): ViewPatches['chat'] | undefined {
    return this.#values.take();
  }

  *peersOf({ typing, pinned, commands, linked, sendAs }: ViewPatches['chat']): Iterable<PeerId> {
    yield this.peer;
    const { migratedTo } = this.#account.store.peers.get(this.peer) ?? {};
    if (migratedTo !== undefined) yield migratedTo;
    for (const one of [linked, sendAs]) if (one !== undefined) yield one;
    for (const { user } of typing ?? []) yield user;
    for (const { peer, from } of pinned ?? []) yield* [peer, from];
    for (const { bot } of commands ?? []) yield bot;
  }

  close(): void {}
}

/** What calls to a person are possible: the server says nothing of them to those who may not call. */
const readCalls = ({ phoneCallsAvailable, phoneCallsPrivate, videoCallsAvailable }: tl.RawUserFull): ChatView['calls'] =>
  phoneCallsAvailable === true && phoneCallsPrivate !== true ? { hasVideo: videoCallsAvailable === true } : undefined;

/** What bots can be told. */
function readCommands(bots: readonly tl.TypeBotInfo[] | undefined): BotCommand[] {
  return (bots ?? []).flatMap(({ userId, commands }) => (userId === undefined ? [] : (commands ?? []).map(({ command, description }) => ({ bot: userPeer(userId), command, description }))));
}

function readBot(info: tl.TypeBotInfo | undefined): Partial<ChatView> {
  const description = info?.description;
  return { commands: readCommands(info === undefined ? undefined : [info]), description: description === '' ? undefined : description, hasMenuButton: info?.menuButton?._ === 'botMenuButtonCommands' };
}

/** How people come into a group or channel. */
function readEntry({ exportedInvite, requestsPending, ttlPeriod }: tl.TypeChatFull): Partial<ChatView> {
  const invite = exportedInvite?._ === 'chatInviteExported' && !exportedInvite.revoked ? exportedInvite.link : undefined;
  return { invite, requests: requestsPending ?? 0, ttl: ttlPeriod };
}
