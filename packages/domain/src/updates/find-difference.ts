import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { listDeviceDifference } from '../device-log/index.ts';
import { type ChangedChannel, listChangedChannels } from '../dialogs/index.ts';
import { askedDate, type BoxEvent, channelIdOf, type DevicePosition, FIRST_QTS } from '../events/index.ts';
import { type MessagingDeps, projectTtl } from '../messages/index.ts';
import { PeerSet } from '../peers/index.ts';
import { findDeviceState } from './box-state.ts';
import { LOST_FOR_S } from './event-pages.ts';
import { type DeviceEventSlice, listEvents, listQtsEvents } from './list-events.ts';
import { addEventPeers, hideEndedLists, projectEvent, projectSavedRead } from './project-updates.ts';

/** Maximum number of events in one slice. */
const SLICE = 500;
/** Maximum number of events with a qts in one slice. Each names a few peers at most. */
const QTS_SLICE = 200;

export interface DifferenceRequest {
  pts: number;
  /** `pts_limit`: maximum number of events that the client wants in one slice. */
  ptsLimit: number | undefined;
  /** `pts_total_limit`: if the client is further behind than this, it wants `differenceTooLong` instead of slices. */
  ptsTotalLimit: number | undefined;
  date: number;
  /** The qts that the client has reached; absent or negative if it leaves that to the server. */
  qts?: number | undefined;
  /** `qts_limit`: maximum number of events with a qts that the client wants in one slice. */
  qtsLimit?: number | undefined;
  /** The permanent auth key of the device that asks; without it, what one device alone may see is left out. */
  authKeyId?: bigint | undefined;
}

/** The answer, and the position that the client reaches with it. `looseSeq` is undefined while further slices remain. */
export interface DifferenceOutcome {
  difference: tl.updates.Difference;
  pts: number;
  looseSeq: number | undefined;
  /** Up to where in the log of the device the answer brings everything; undefined while further slices remain, or if it has no log. */
  deviceSeq: number | undefined;
  /** The qts up to which the device needs no message of its log any more; undefined if that is known already. */
  delivered: number | undefined;
  /** Where the channels are that the answer names; of those that it does not name, nothing has changed. */
  channels: readonly Pick<ChangedChannel, 'peerId' | 'pts'>[];
  /** Up to where the client needs nothing from the log any more, which it confirms by asking. */
  confirmed: DevicePosition;
}

type DifferenceDeps = Pick<MessagingDeps, 'db' | 'projectPeers' | 'messageFiller'>;

/**
 * Returns what the owner missed since `request.pts`, in slices of any total length. `differenceTooLong` is answered only to a client that
 * sends `pts_total_limit`: other clients would lose messages (rule P15, long lags). A future date counts as now, and a date before 1970 as 1970.
 * @throws RpcError 400 PERSISTENT_TIMESTAMP_EMPTY for a pts below 1
 */
export async function findDifference(
  deps: DifferenceDeps & { nowDate: number },
  owner: bigint,
  request: DifferenceRequest,
): Promise<DifferenceOutcome> {
  const { db, nowDate } = deps;
  const { authKeyId = 0n } = request;
  if (request.pts < 1) throw rpcError('PERSISTENT_TIMESTAMP_EMPTY');
  if (request.ptsTotalLimit !== undefined) {
    const { pts, qts, looseSeq } = await findDeviceState(db, owner, authKeyId);
    if (pts - request.pts > request.ptsTotalLimit) {
      const confirmed = { pts: request.pts, qts: Math.min(askedQts(request, qts), qts) };
      return { difference: { _: 'updates.differenceTooLong', pts }, pts, looseSeq, deviceSeq: undefined, delivered: undefined, channels: [], confirmed };
    }
  }
  const sinceDate = askedDate(request.date, nowDate);
  const limit = Math.min(Math.max(request.ptsLimit ?? SLICE, 1), SLICE);
  const slice = await listEvents(db, owner, { after: request.pts, limit, sinceDate, authKeyId });
  const sinceQts = askedQts(request, slice.qts);
  const byQts = await listByQts(db, { owner, authKeyId }, slice, { after: sinceQts, limit: Math.min(Math.max(request.qtsLimit ?? QTS_SLICE, 1), QTS_SLICE), sinceDate });
  const more = slice.more || byQts.more;
  const channels = more ? [] : await listChangedChannels(db, owner, sinceDate - DATE_MARGIN_S);
  const confirmed = { pts: Math.min(request.pts, slice.pts), qts: Math.min(sinceQts, slice.qts) };
  const outcome = {
    pts: slice.pts,
    looseSeq: more ? undefined : slice.looseSeq,
    deviceSeq: more || slice.deviceSeq === 0 ? undefined : slice.deviceSeq,
    delivered: slice.deviceSeq > 0 && confirmed.qts > slice.deviceConfirmed ? confirmed.qts : undefined,
    channels,
    confirmed,
  };
  if (slice.events.length === 0 && byQts.updates.length === 0 && !more && request.pts === slice.boxPts && sinceQts === slice.qts && channels.length === 0) {
    return { ...outcome, difference: { _: 'updates.differenceEmpty', date: nowDate, seq: 0 }, pts: slice.boxPts };
  }
  const content = await projectSlice(deps, owner, { events: [...slice.events, ...byQts.events], pts: slice.pts }, [...byQts.updates, ...channels.flatMap(projectChangedChannel)]);
  // The client sends this date with its next request, so it must not be later than any update without pts that is still to come.
  const state = projectState({ pts: slice.pts, qts: byQts.qts }, more ? Math.max(slice.restDate ?? sinceDate, 1) : nowDate, 0);
  const all = { ...content, new_encrypted_messages: byQts.messages };
  const difference: tl.updates.Difference = more ? { _: 'updates.differenceSlice', ...all, intermediate_state: state } : { _: 'updates.difference', ...all, state };
  return { ...outcome, difference };
}

/** What a slice brings besides the events of the box. */
interface QtsPart {
  /** Of a bot: the updates with a qts. */
  events: BoxEvent[];
  /** Of the log of the device. */
  messages: tl.EncryptedMessage[];
  updates: tl.Update[];
  qts: number;
  more: boolean;
}

/** Reads what is counted by qts: in the log of the device, if it has one, otherwise in the box, as bots have it. */
async function listByQts(db: Database, device: { owner: bigint; authKeyId: bigint }, { qts, deviceSeq }: DeviceEventSlice, { after, limit, sinceDate }: { after: number; limit: number; sinceDate: number }): Promise<QtsPart> {
  if (deviceSeq === 0) return { ...(await listQtsEvents(db, device.owner, { after, upTo: qts, limit })), messages: [], updates: [] };
  return { ...(await listDeviceDifference(db, device, { qts, seq: deviceSeq }, { qts: after, sinceDate: sinceDate - LOST_FOR_S, limit })), events: [] };
}

/** The qts from which the client wants events, for a box at `qts`. Pure. */
function askedQts(request: DifferenceRequest, qts: number): number {
  return request.qts === undefined || request.qts < 0 ? qts : Math.max(request.qts, FIRST_QTS);
}

/** Builds `updates.state`; `seq` is always 0 (rule P14, pts kinds). Pure. */
export function projectState(box: { pts: number; qts: number }, date: number, unreadCount: number): tl.updates.state {
  return { _: 'updates.state', pts: box.pts, qts: box.qts, date, seq: 0, unread_count: unreadCount };
}

async function projectSlice(
  { db, projectPeers, messageFiller }: DifferenceDeps,
  owner: bigint,
  { events, pts }: { events: readonly BoxEvent[]; pts: number },
  others: readonly tl.Update[],
): Promise<Omit<tl.updates.difference, '_' | 'state' | 'new_encrypted_messages'>> {
  const peers = new PeerSet();
  const newMessages: tl.updateNewMessage[] = [];
  const otherUpdates: tl.Update[] = [];
  for (const event of events) {
    const update = projectEvent(event);
    addEventPeers(peers, event, update);
    if (update._ === 'updateNewMessage') newMessages.push(update);
    else otherUpdates.push(update);
  }
  // A message to oneself marks the chat as read up to that message. If the message was deleted since, no slice of the difference contains it. So after deletions
  // the read mark is taken from the dialog.
  const hasDeletion = otherUpdates.some(({ _ }) => _ === 'updateDeleteMessages');
  const savedRead = hasDeletion ? await findSavedRead(db, owner, pts) : projectSavedRead(owner, newMessages);
  if (savedRead !== undefined) {
    otherUpdates.push(savedRead);
    peers.add(owner);
  }
  for (const update of others) {
    otherUpdates.push(update);
    peers.addObject(update);
  }
  await Promise.all([messageFiller.fill(newMessages.map(({ message }) => message), owner, peers), messageFiller.fillUpdates(otherUpdates, { viewerId: owner, named: peers })]);
  const named = await projectPeers(owner, peers);
  return {
    new_messages: newMessages.map(({ message }) => message),
    other_updates: hideEndedLists(otherUpdates, named.chats),
    ...named,
  };
}

async function findSavedRead(db: Database, owner: bigint, pts: number): Promise<tl.updateReadHistoryOutbox | undefined> {
  const dialog = await db.q
    .selectFrom('dialogs')
    .select('read_outbox_max_id')
    .where('owner_id', '=', owner)
    .where('peer_id', '=', owner)
    .where('read_outbox_max_id', '>', 0)
    .executeTakeFirst();
  return dialog && { _: 'updateReadHistoryOutbox', peer: { _: 'peerUser', user_id: owner }, max_id: dialog.read_outbox_max_id, pts, pts_count: 0 };
}

/** Seconds before the client's date from which changes of channels count, because that date is not exact. */
const DATE_MARGIN_S = 60;

/**
 * Names a channel of the owner that has changed or was read (rule P16, channels behind). A post writes nothing to the boxes of the members, so this is derived. Naming more
 * channels than necessary does no harm. Pure.
 */
function projectChangedChannel({ peerId, pts, isMoved, isRead, maxId, unread, folderId, lifetime }: ChangedChannel): tl.Update[] {
  const channel_id = channelIdOf(peerId);
  const read: tl.Update = { _: 'updateReadChannelInbox', folder_id: folderId || undefined, channel_id, max_id: maxId, still_unread_count: unread, pts };
  const moved: tl.Update = { _: 'updateChannelTooLong', channel_id, pts };
  return [...(isRead ? [read] : []), ...(lifetime === undefined ? [] : [projectTtl(peerId, lifetime)]), ...(isMoved ? [moved] : [])];
}
