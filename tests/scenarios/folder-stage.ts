import type { Actor } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';

/** A folder with only the given fields. */
export function folderOf(id: number, title: string, rest: Partial<tl.RawDialogFilter> = {}): tl.RawDialogFilter {
  return { _: 'dialogFilter', id, title: { _: 'textWithEntities', text: title, entities: [] }, pinnedPeers: [], includePeers: [], excludePeers: [], ...rest };
}

/** How clients name a folder that is shared. */
export const listOf = (filterId: number): tl.RawInputChatlistDialogFilter => ({ _: 'inputChatlistDialogFilter', filterId });

/** The marked ids of channels. */
export const idsOf = (peers: readonly tl.TypePeer[]): number[] => peers.map((peer) => (peer._ === 'peerChannel' ? -1_000_000_000_000 - peer.channelId : 0));

/** Creates a folder of these chats. */
export async function makeFolder(owner: Actor, id: number, chats: readonly number[], title = 'Hobbies'): Promise<void> {
  await owner.main.call({ _: 'messages.updateDialogFilter', id, filter: folderOf(id, title, { includePeers: chats.map((chat) => owner.main.inputPeer(chat)) }) });
}

/** Makes a link that shares these chats of a folder. @returns the last part of the link */
export async function shareFolder(owner: Actor, id: number, chats: readonly number[], title = ''): Promise<string> {
  const peers = chats.map((chat) => owner.main.inputPeer(chat));
  const { invite } = await owner.main.call({ _: 'chatlists.exportChatlistInvite', chatlist: listOf(id), title, peers });
  return slugOf(invite);
}

/** The last part of a link. */
export function slugOf({ url }: tl.RawExportedChatlistInvite): string {
  const [, slug] = /^https:\/\/t\.me\/addlist\/([\w-]{20,})$/.exec(url) ?? [];
  if (slug === undefined) throw new Error(url);
  return slug;
}

/** What a link shows to somebody. */
export function look(viewer: Actor, slug: string): Promise<tl.chatlists.TypeChatlistInvite> {
  return viewer.main.call({ _: 'chatlists.checkChatlistInvite', slug });
}

/** The chats of an answer, as whoever got it names them. @returns by marked id */
export function inputsOf({ chats }: { chats: tl.TypeChat[] }): Map<number, tl.RawInputPeerChannel> {
  return new Map(
    chats.flatMap((chat) => (chat._ === 'channel' ? [[-1_000_000_000_000 - chat.id, { _: 'inputPeerChannel' as const, channelId: chat.id, accessHash: chat.accessHash! }]] : [])),
  );
}

/** Adds the folder of a link to the viewer's folders, with these of its chats; by default with all. @returns the folder */
export async function joinFolder(viewer: Actor, slug: string, chats?: readonly number[], device = viewer.main): Promise<tl.RawDialogFilterChatlist> {
  const inputs = inputsOf(await look(viewer, slug));
  const peers = [...inputs].filter(([id]) => chats === undefined || chats.includes(id)).map(([, input]) => input);
  return folderIn(await device.change({ _: 'chatlists.joinChatlistInvite', slug, peers }));
}

/** The folder that an answer is about. */
export function folderIn(answer: tl.TypeUpdates): tl.RawDialogFilterChatlist {
  if (answer._ !== 'updates') throw new Error(answer._);
  const update = answer.updates.find((one) => one._ === 'updateDialogFilter');
  if (update?.filter?._ !== 'dialogFilterChatlist') throw new Error(JSON.stringify(answer.updates));
  return update.filter;
}

/** A user's folders, without the list of all chats. */
export async function foldersOf(owner: Actor): Promise<(tl.RawDialogFilter | tl.RawDialogFilterChatlist)[]> {
  const { filters } = await owner.main.call({ _: 'messages.getDialogFilters' });
  return filters.flatMap((filter) => (filter._ === 'dialogFilterDefault' ? [] : [filter]));
}

/** The marked ids of the channels that a folder includes. */
export const chatsIn = ({ pinnedPeers, includePeers }: tl.RawDialogFilter | tl.RawDialogFilterChatlist): number[] =>
  [...pinnedPeers, ...includePeers].map((peer) => (peer._ === 'inputPeerChannel' ? -1_000_000_000_000 - peer.channelId : 0));
