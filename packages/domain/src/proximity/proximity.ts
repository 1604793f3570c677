import { RpcError } from '@aerogram/errors';
import type { Clock, Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import type { BoxPeer, ResolvedPeer } from '../access/index.ts';
import type { Channels } from '../channels/index.ts';
import type { Chats } from '../chats/index.ts';
import { MessageFlag, type MessageRow, type PostRow, unpackMessageExtra } from '../events/index.ts';
import { findCopies, isLive, type Messages } from '../messages/index.ts';
import type { Search } from '../search/index.ts';
import { type DomainDeps, ExactQuota } from '../shared/index.ts';
import { findAlert, type SharedLocation, sharedLocationOf } from './find-alerts.ts';

/** Number of live locations of a chat that are compared; those shared earlier are not found. */
const LOOK_AT = 100;

/** A move of somebody's live location. */
export interface Move {
  userId: bigint;
  /** The message with the location, before and after the move. */
  before: MessageRow;
  after: MessageRow;
}

/** Live locations of people in one chat who come close to each other. */
export interface Proximity {
  /** Lists the messages of a chat with live locations that are shared now, as the viewer sees them: the latest of each author, newest first. */
  listLive(viewerId: bigint, peer: ResolvedPeer): Promise<MessageRow[]>;
  /**
   * Adds a service message to the chat for each pair of people of whom one comes, by this move, within the radius that the other has chosen. Both are there,
   * share their live locations, and can see that of the other. One pair causes at most one such message in some minutes (`proximityAlerts`), and the locations
   * of one person none, also if the person writes in the name of several channels. In broadcast channels there are none.
   */
  doAlert(peer: ResolvedPeer, move: Move): Promise<void>;
}

/** The dependencies of {@link createProximity}. */
export interface ProximityDeps {
  db: Database;
  clock: Clock;
  owners?: DomainDeps['owners'];
  random: Random;
  messages: Pick<Messages, 'find' | 'doSendOutgoing'>;
  channels: Pick<Channels, 'at'>;
  chats: Pick<Chats, 'findMember'>;
  search: Pick<Search, 'searchMessages'>;
}

/** Creates the operations on live locations. */
export function createProximity({ db, clock, owners, random, messages, channels, chats, search }: ProximityDeps): Proximity {
  const alerts = new ExactQuota({ clock, owners }, 'proximityAlerts');
  const listLive = async (viewerId: bigint, peer: ResolvedPeer): Promise<MessageRow[]> => {
    const isChannel = peer.kind === 'channel';
    const { msgIds } = await search.searchMessages(isChannel ? peer.peerId : viewerId, {
      text: '', peerId: isChannel ? undefined : peer.peerId, kinds: ['live_geo'], minDate: 0, maxDate: 0, minId: 0, maxId: 0, offsetId: 0, addOffset: 0, limit: LOOK_AT,
    });
    const found: ReadonlyMap<number, MessageRow> = isChannel ? await channels.at(peer.channelId).posts.find(viewerId, msgIds) : await messages.find(viewerId, msgIds);
    const authors = new Set<bigint>();
    return msgIds.flatMap((msgId) => {
      const row = found.get(msgId);
      const media = row && unpackMessageExtra(row.extra).media;
      if (row === undefined || media?._ !== 'messageMediaGeoLive' || !isLive(media, row.date, clock.now()) || authors.has(row.from_id)) return [];
      authors.add(row.from_id);
      return [row];
    });
  };
  /** Whether somebody is in a chat and has a message in their own box. */
  const isSeenBy = async (peer: BoxPeer, userId: bigint, { global_id }: MessageRow): Promise<boolean> => {
    if (peer.kind === 'chat' && (await chats.findMember(peer.peerId, userId))?.status !== 'member') return false;
    return (await findCopies(db.q, [userId], [global_id])).length > 0;
  };
  return {
    listLive,
    async doAlert(peer, { userId, before, after }) {
      if (peer.kind === 'channel' && peer.row.kind === 'broadcast') return;
      const [was, is] = [locationIn(before), locationIn(after)];
      if (was === undefined || is === undefined) return;
      for (const other of await listLive(userId, peer)) {
        const location = locationIn(other);
        const action = location && findAlert(was, is, location);
        const isOfSame = other.from_id === after.from_id || accountOf(other) === userId;
        if (action === undefined || isOfSame || (await alerts.take(pairIn(peer, userId, accountOf(other)), 1)) > 0) continue;
        try {
          if (peer.kind === 'channel') await channels.at(peer.channelId).posts.doAlert({ actorId: userId, origin: undefined, movedId: after.msg_id, otherId: other.msg_id, action });
          else if (await isSeenBy(peer, other.from_id, after)) await messages.doSendOutgoing(peer, { senderId: userId, parts: [{ randomId: random.int63(), text: '', flags: MessageFlag.service, extra: { action } }], origin: undefined });
        } catch (error) {
          // Who may not write there any more, or not yet again, has moved all the same.
          if (error instanceof RpcError) return;
          throw error;
        }
      }
    },
  };
}

/** Who wrote a message, also in the name of a channel or as an anonymous admin. */
function accountOf(row: MessageRow | PostRow): bigint {
  return 'poster_id' in row ? row.poster_id : row.from_id;
}

/** The name of two people in a chat, whoever of them asks. */
function pairIn({ kind, peerId }: ResolvedPeer, one: bigint, other: bigint): string {
  const [low, high] = one < other ? [one, other] : [other, one];
  return `${kind === 'user' ? 0n : peerId}:${low}:${high}`;
}

function locationIn({ from_id: authorId, extra }: MessageRow): SharedLocation | undefined {
  return sharedLocationOf(authorId, unpackMessageExtra(extra).media);
}
