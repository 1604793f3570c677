import { findSight, isSeen } from '../chats/index.ts';
import { isMarkedChannel, unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { listPostsAt, listTopics, projectHiddenPost, projectPost, withUnseen } from '../channel-state/index.ts';
import { type DialogRow, findDrafts } from '../dialogs/index.ts';
import { bytesOfRow, channelIdOf, type MessageRow } from '../events/index.ts';
import { ANSWER_BYTES, countUnread, findMessages, type MessagingDeps, projectMessage } from '../messages/index.ts';
import { listTopicSettings } from '../notifications/index.ts';
import { type NamedPeers, PeerSet } from '../peers/index.ts';

/** Maximum number of topics with settings of their own that the counts of the archive regard. */
const TOPIC_SETTINGS_MAX = 500;

/** Dialogs with their top messages and every peer that is mentioned. */
export interface DialogsWithPeers extends NamedPeers {
  dialogs: (tl.dialog | tl.dialogFolder)[];
  messages: tl.Message[];
}

/** How many messages of a dialog have something that its owner has not seen. */
interface Unseen {
  reactions: number;
  mentions: number;
  votes: number;
}

/** A dialog as its owner sees it. Pure. */
export function projectDialog(row: DialogRow, settings: tl.PeerNotifySettings, unseen: Unseen, draft: tl.draftMessage | undefined): tl.dialog {
  return {
    _: 'dialog',
    pinned: row.pinned_order > 0 ? true : undefined,
    unread_mark: row.unread_mark ? true : undefined,
    view_forum_as_messages: row.as_messages ? true : undefined,
    peer: unmarkPeer(row.peer_id),
    top_message: row.top_msg_id,
    read_inbox_max_id: row.read_inbox_max_id,
    read_outbox_max_id: row.read_outbox_max_id,
    unread_count: row.unread_count,
    unread_mentions_count: unseen.mentions,
    unread_reactions_count: unseen.reactions,
    unread_poll_votes_count: unseen.votes,
    notify_settings: settings,
    pts: row.channel_pts,
    draft,
    folder_id: row.folder_id === 0 ? undefined : row.folder_id,
    ttl_period: row.ttl_period === 0 ? undefined : row.ttl_period,
  };
}

/** What of the archive is muted. */
interface Muted {
  /** Marked ids of the dialogs that are muted as a whole. */
  peerIds: ReadonlySet<bigint>;
  /** How many unread messages are muted, by topic where topics have settings of their own. */
  messages: number;
}

/** Finds which dialogs of the archive are muted, and how many of their unread messages. Topics of forums may differ from their forum. */
async function findMuted({ db, clock }: Pick<MessagingDeps, 'db' | 'clock'>, ownerId: bigint, archive: readonly DialogRow[], settings: ReadonlyMap<bigint, tl.PeerNotifySettings>): Promise<Muted> {
  const isMuted = (until: number | null | undefined): boolean => (until ?? 0) > clock.now();
  const unread = archive.filter((row) => row.unread_count > 0);
  const peerIds = new Set(archive.filter((row) => isMuted(settings.get(row.peer_id)?.mute_until)).map((row) => row.peer_id));
  let messages = unread.filter((row) => peerIds.has(row.peer_id)).reduce((sum, row) => sum + row.unread_count, 0);
  if (!unread.some((row) => isMarkedChannel(row.peer_id))) return { peerIds, messages };
  const own = (await listTopicSettings(db, ownerId, TOPIC_SETTINGS_MAX)).filter((row) => row.mute_until !== null && isMuted(row.mute_until) !== peerIds.has(row.peer_id));
  for (const { peer_id: peerId } of unread) {
    const topicIds = own.filter((row) => row.peer_id === peerId).map((row) => row.top_id);
    if (topicIds.length === 0) continue;
    const topics = await listTopics(db, { channelId: channelIdOf(peerId), viewerId: ownerId, topicIds, limit: topicIds.length });
    const differing = topics.reduce((sum, topic) => sum + topic.unread, 0);
    messages += peerIds.has(peerId) ? -differing : differing;
  }
  return { peerIds, messages };
}

/** The archive as a single entry in the chat list. Pure. */
function projectArchive(archive: readonly DialogRow[], top: MessageRow, { peerIds, messages: mutedMessages }: Muted): tl.dialogFolder {
  const unread = archive.filter((row) => row.unread_count > 0 || row.unread_mark);
  const muted = unread.filter((row) => peerIds.has(row.peer_id));
  return {
    _: 'dialogFolder',
    pinned: true,
    folder: { _: 'folder', id: 1, title: 'Archived Chats' },
    peer: unmarkPeer(top.peer_id),
    top_message: top.msg_id,
    unread_muted_peers_count: muted.length,
    unread_unmuted_peers_count: unread.length - muted.length,
    unread_muted_messages_count: mutedMessages,
    unread_unmuted_messages_count: unread.reduce((sum, row) => sum + row.unread_count, 0) - mutedMessages,
  };
}

/**
 * Projects dialogs for an answer, each with its top message (rule P19, complete dialogs). Content that does not fit into one answer is left out: the last
 * dialogs of a page, or with `keepEmpty` the drafts of the last dialogs.
 * @param keepEmpty include dialogs without messages, for clients that asked for exactly these peers
 * @param archive dialogs to show as one entry at the top
 */
export async function projectDialogs(
  deps: MessagingDeps,
  ownerId: bigint,
  rows: readonly DialogRow[],
  { keepEmpty, archive = [] }: { keepEmpty: boolean; archive?: readonly DialogRow[] | undefined },
): Promise<DialogsWithPeers> {
  const peerIds = rows.map((row) => row.peer_id);
  const [tops, drafts, settings, reactions, mentions, votes] = await Promise.all([
    findTops(deps, ownerId, [...archive.slice(0, 1), ...rows]),
    findDrafts(deps.db, ownerId, rows.filter((row) => row.has_draft).map((row) => row.peer_id)),
    deps.notifications.findPeerSettings(ownerId, [...archive, ...rows].map((row) => row.peer_id)),
    countUnread(deps.db.q, 'unread_reactions', ownerId, peerIds),
    countUnread(deps.db.q, 'unread_mentions', ownerId, peerIds),
    countUnread(deps.db.q, 'unread_poll_votes', ownerId, peerIds),
  ]);
  const peers = new PeerSet();
  const dialogs: (tl.dialog | tl.dialogFolder)[] = [];
  const messages: tl.Message[] = [];
  const addTop = ({ row: top, message }: Top): void => {
    messages.push(message);
    peers.addMessage(top);
    if (top.extra !== null) peers.addObject(message);
  };
  const archiveTop = archive[0] && tops.get(archive[0].peer_id);
  if (archiveTop) {
    dialogs.push(projectArchive(archive, archiveTop.row, await findMuted(deps, ownerId, archive, settings)));
    addTop(archiveTop);
  }
  let bytes = 0;
  for (const row of rows) {
    const top = tops.get(row.peer_id);
    // The message was deleted after the dialogs were read; the push of the deletion follows.
    if (top === undefined && !keepEmpty) continue;
    const draft = drafts.get(row.peer_id);
    bytes += (top === undefined ? 0 : bytesOfRow(top.row)) + (draft?.bytes ?? 0);
    const isOver = bytes > ANSWER_BYTES && dialogs.length > 0;
    if (isOver && !keepEmpty) break;
    const dialog = projectDialog(
      top === undefined ? { ...row, top_msg_id: 0 } : row,
      settings.get(row.peer_id) ?? { _: 'peerNotifySettings' },
      { reactions: reactions.get(row.peer_id) ?? 0, mentions: mentions.get(row.peer_id) ?? 0, votes: votes.get(row.peer_id) ?? 0 },
      isOver ? undefined : draft?.draft,
    );
    dialogs.push(dialog);
    peers.add(row.peer_id);
    peers.addObject(dialog.draft);
    if (top !== undefined) addTop(top);
  }
  await deps.messageFiller.fill(messages, ownerId, peers);
  return { dialogs, messages, ...(await deps.projectPeers(ownerId, peers)) };
}

/** The top message of a dialog. */
interface Top {
  row: MessageRow;
  message: tl.Message;
}

/** Reads the top messages of dialogs, by peer. Those of channels are stored with the channel. */
async function findTops({ db, chats, clock }: Pick<MessagingDeps, 'db' | 'chats' | 'clock'>, ownerId: bigint, dialogs: readonly DialogRow[]): Promise<Map<bigint, Top>> {
  const inChannels = dialogs.filter((dialog) => dialog.channel_pts !== undefined);
  const inBox = dialogs.filter((dialog) => dialog.channel_pts === undefined && !isMarkedChannel(dialog.peer_id));
  const [messages, posts] = await Promise.all([
    findMessages(db.q, ownerId, inBox.map((dialog) => dialog.top_msg_id).filter((id) => id > 0)),
    listPostsAt(db, inChannels.map(({ peer_id: peerId, top_msg_id: msgId }) => ({ peerId, msgId }))),
  ]);
  const tops = new Map<bigint, Top>();
  for (const row of await withUnseen(db.q, ownerId, posts, clock.now())) {
    const isHidden = !isSeen(await findSight(chats, row.peer_id, ownerId), row);
    // The author of a hidden message does not travel along either.
    const top = isHidden ? { row: { ...row, from_id: row.peer_id, text: '', extra: null }, message: projectHiddenPost(row) } : { row, message: projectPost(row, ownerId) };
    tops.set(row.peer_id, top);
  }
  for (const { peer_id: peerId, top_msg_id: id } of inBox) {
    const row = messages.get(id);
    if (row !== undefined) tops.set(peerId, { row, message: projectMessage(row) });
  }
  return tops;
}
