import { RpcError } from '@aerogram/errors';
import type { Clock, Random } from '@aerogram/runtime';

import type { ResolvedPeer } from '../access/index.ts';
import type { Channels } from '../channels/index.ts';
import { MessageFlag, type MessageRow, unpackMessageExtra } from '../events/index.ts';
import { isLive, type Messages } from '../messages/index.ts';
import type { Search } from '../search/index.ts';
import { findAlerts, type SharedLocation, sharedLocationOf } from './find-alerts.ts';

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
   * Adds a service message to the chat for each pair of people of whom one comes, by this move, within the radius that the other has chosen. Both share their
   * live locations there. In broadcast channels there are none.
   */
  doAlert(peer: ResolvedPeer, move: Move): Promise<void>;
}

/** The dependencies of {@link createProximity}. */
export interface ProximityDeps {
  clock: Clock;
  random: Random;
  messages: Pick<Messages, 'find' | 'doSendOutgoing'>;
  channels: Pick<Channels, 'at'>;
  search: Pick<Search, 'searchMessages'>;
}

/** Creates the operations on live locations. */
export function createProximity({ clock, random, messages, channels, search }: ProximityDeps): Proximity {
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
  return {
    listLive,
    async doAlert(peer, { userId, before, after }) {
      if (peer.kind === 'channel' && peer.row.kind === 'broadcast') return;
      const [was, is] = [locationIn(before), locationIn(after)];
      if (was === undefined || is === undefined) return;
      const others = (await listLive(userId, peer)).filter((row) => row.from_id !== after.from_id).flatMap((row) => locationIn(row) ?? []);
      for (const action of findAlerts(was, is, others)) {
        try {
          if (peer.kind === 'channel') await channels.at(peer.channelId).posts.doAlert({ actorId: userId, origin: undefined, movedId: after.msg_id, action });
          else await messages.doSendOutgoing(peer, { senderId: userId, parts: [{ randomId: random.int63(), text: '', flags: MessageFlag.service, extra: { action } }], origin: undefined }, true);
        } catch (error) {
          // Who may not write there any more has moved all the same.
          if (!(error instanceof RpcError)) throw error;
        }
      }
    },
  };
}

function locationIn({ from_id: authorId, extra }: MessageRow): SharedLocation | undefined {
  return sharedLocationOf(authorId, unpackMessageExtra(extra).media);
}
