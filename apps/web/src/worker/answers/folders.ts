import type { tl } from '@mtcute/core';
import type { Chat, FolderContents, FolderExclusion, FolderKind, FolderQuestions, OwnFolder, PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { changeFolder, storeFolders } from '../change-folder.ts';
import { peerOfInput } from '../models/ids.ts';
import { FOREVER } from '../models/member-rights.ts';
import { muteChat } from '../mute-chat.ts';
import { readUpTo } from '../read-history.ts';
import { Refused } from '../refusal.ts';
import { listedChats } from '../store/listed-chats.ts';
import { belongs } from '../views/chats-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Ids of folders begin here: 0 and 1 are the list of all chats and the archive. */
const FIRST_ID = 2;

/** Chats that are muted at once. */
const MUTED_MAX = 500;

const KINDS: Record<FolderKind, 'contacts' | 'nonContacts' | 'groups' | 'broadcasts' | 'bots'> = { contacts: 'contacts', nonContacts: 'nonContacts', groups: 'groups', channels: 'broadcasts', bots: 'bots' };
const EXCLUSIONS: Record<FolderExclusion, 'excludeMuted' | 'excludeRead' | 'excludeArchived'> = { muted: 'excludeMuted', read: 'excludeRead', archived: 'excludeArchived' };

const keysOf = <Key extends string>(of: Record<Key, unknown>): Key[] => Object.keys(of) as Key[];

function readContents(filter: tl.RawDialogFilter | tl.RawDialogFilterChatlist, self: PeerId): FolderContents {
  const peers = (inputs: readonly tl.TypeInputPeer[]): PeerId[] => inputs.flatMap((input) => peerOfInput(input, self) ?? []);
  const contents = { title: filter.title.text, included: [...new Set(peers([...filter.pinnedPeers, ...filter.includePeers]))] };
  if (filter._ === 'dialogFilterChatlist') return { ...contents, excluded: [], has: [], without: [] };
  return {
    ...contents,
    excluded: peers(filter.excludePeers),
    has: keysOf(KINDS).filter((kind) => filter[KINDS[kind]]),
    without: keysOf(EXCLUSIONS).filter((kind) => filter[EXCLUSIONS[kind]]),
  };
}

/** Writes a folder, over what it was: pins, colour and picture stay. */
async function writeFolder(account: Account, known: tl.RawDialogFilter | tl.RawDialogFilterChatlist, { title, included, excluded, has, without }: FolderContents): Promise<tl.RawDialogFilter | tl.RawDialogFilterChatlist> {
  const inputs = async (peers: readonly PeerId[]): Promise<tl.TypeInputPeer[]> => await Promise.all(peers.map((peer) => account.inputPeer(peer)));
  const isIn = (input: tl.TypeInputPeer): boolean => included.includes(peerOfInput(input, account.me) ?? 0);
  const pinnedPeers = known.pinnedPeers.filter(isIn);
  const pinned = pinnedPeers.map((input) => peerOfInput(input, account.me));
  const includePeers = await inputs(included.filter((peer) => !pinned.includes(peer)));
  const written = { ...known, title: { _: 'textWithEntities' as const, text: title, entities: known.title.text === title ? known.title.entities : [] }, pinnedPeers, includePeers };
  if (written._ === 'dialogFilterChatlist') return written;
  const kinds = Object.fromEntries(keysOf(KINDS).map((kind) => [KINDS[kind], has.includes(kind)]));
  const exclusions = Object.fromEntries(keysOf(EXCLUSIONS).map((kind) => [EXCLUSIONS[kind], without.includes(kind)]));
  return { ...written, ...kinds, ...exclusions, excludePeers: await inputs(excluded) };
}

const NEW: Omit<tl.RawDialogFilter, 'id'> = { _: 'dialogFilter', title: { _: 'textWithEntities', text: '', entities: [] }, pinnedPeers: [], includePeers: [], excludePeers: [] };

/** Making, changing and sharing folders. The server tells only other devices of a change, so what was sent is stored here after each. */
export function answerFolders({ account, chats }: AnswerDeps): AnswersTo<FolderQuestions> {
  const load = async (): Promise<tl.TypeDialogFilter[]> => (await account.call({ _: 'messages.getDialogFilters' })).filters;
  const own = (filters: readonly tl.TypeDialogFilter[]): (tl.RawDialogFilter | tl.RawDialogFilterChatlist)[] => filters.filter((filter) => filter._ !== 'dialogFilterDefault');

  const chatsOf = async (id: number): Promise<Chat[]> => {
    await chats.all();
    const { store } = account;
    const rule = store.facts.folders.find((each) => each.id === id);
    if (!rule) throw new Refused({ code: 'FILTER_ID_INVALID' });
    return listedChats(store).filter((chat) => belongs(store, rule, chat));
  };

  return {
    'folders.list': async (_, page) => {
      const folders = own(await load()).map((filter): OwnFolder => ({ id: filter.id, isShared: filter._ === 'dialogFilterChatlist', ...readContents(filter, account.me) }));
      page.introduce(folders.flatMap(({ included, excluded }) => [...included, ...excluded]));
      return folders;
    },
    'folders.suggested': async () => {
      const suggested = await account.call({ _: 'messages.getSuggestedDialogFilters' });
      return suggested.flatMap(({ filter, description }) => (filter._ === 'dialogFilterDefault' ? [] : [{ ...readContents(filter, account.me), text: description }]));
    },
    'folders.save': async ({ id, contents }) => {
      if (id !== undefined) {
        await changeFolder(account, id, (filter) => writeFolder(account, filter, contents));
        return id;
      }
      const filters = await load();
      const taken = own(filters).map((filter) => filter.id);
      const free = Array.from({ length: taken.length + 1 }, (_, index) => FIRST_ID + index).find((each) => !taken.includes(each))!;
      const filter = await writeFolder(account, { ...NEW, id: free }, contents);
      await account.call({ _: 'messages.updateDialogFilter', id: free, filter });
      storeFolders(account, [...filters, filter]);
      return free;
    },
    'folders.setChat': async ({ id, peer, isIn }) => {
      await changeFolder(account, id, async (filter) => {
        const contents = readContents(filter, account.me);
        const included = contents.included.filter((each) => each !== peer);
        const excluded = contents.excluded.filter((each) => each !== peer);
        return await writeFolder(account, filter, { ...contents, included: isIn ? [...included, peer] : included, excluded: isIn ? excluded : [...excluded, peer] });
      });
    },
    'folders.delete': async ({ id }) => {
      const filters = await load();
      await account.call({ _: 'messages.updateDialogFilter', id });
      storeFolders(account, filters.filter((filter) => filter._ === 'dialogFilterDefault' || filter.id !== id));
    },
    'folders.order': async ({ ids }) => {
      const filters = await load();
      const placeOf = (filter: tl.TypeDialogFilter): number => (filter._ === 'dialogFilterDefault' ? -1 : ids.indexOf(filter.id));
      await account.call({ _: 'messages.updateDialogFiltersOrder', order: [0, ...ids] });
      storeFolders(account, filters.toSorted((first, second) => placeOf(first) - placeOf(second)));
    },
    'folders.read': async ({ id }) => {
      for (const { peer, topId } of (await chatsOf(id)).filter(({ unread }) => unread > 0)) await readUpTo(account, peer, topId);
    },
    'folders.mute': async ({ id, isMuted }) => {
      const { store, me } = account;
      const now = Date.now() / 1000;
      const isOther = ({ peer }: Chat): boolean => peer !== me && (store.shownChat(peer)?.mutedUntil ?? 0) > now !== isMuted;
      // One after the other, so that what else the account does is not kept waiting.
      for (const { peer } of (await chatsOf(id)).filter(isOther).slice(0, MUTED_MAX)) await muteChat(account, peer, isMuted ? FOREVER : 0);
    },
    'folders.share': async ({ id }) => {
      const chatlist = { _: 'inputChatlistDialogFilter', filterId: id } as const;
      const { invites } = await account.call({ _: 'chatlists.getExportedInvites', chatlist });
      if (invites[0]) return invites[0].url;
      const filter = own(await load()).find((each) => each.id === id);
      const shared = (filter ? readContents(filter, account.me).included : []).filter((peer) => {
        const { kind, rights, usernames = [] } = account.store.peers.get(peer) ?? {};
        return (kind === 'supergroup' || kind === 'channel' || kind === 'group') && (usernames.length > 0 || rights?.invite === true);
      });
      if (shared.length === 0) throw new Refused({ code: 'PEERS_LIST_EMPTY' });
      const answer = await account.change({ _: 'chatlists.exportChatlistInvite', chatlist, title: '', peers: await Promise.all(shared.map((peer) => account.inputPeer(peer))) });
      return answer.invite.url;
    },
  };
}
