import type { Bus } from '@aerogram/bus';
import type { Database } from '@aerogram/storage';

import type { ChannelMemberRow, ChannelRow, ChannelView, Chats } from '../chats/index.ts';
import type { BoxWriter, Origin } from '../events/index.ts';
import type { RequestNotices } from '../invites/index.ts';
import type { ChargeNotice, SendLimits } from '../moderation/index.ts';
import type { DomainConfig } from '../shared/index.ts';
import type { CommentOrders } from './comment-orders.ts';
import type { PlaceChecks } from './place-checks.ts';

/** The dependencies of changes of channels. */
export interface ChannelChangeDeps extends Pick<BoxWriter, 'withBoxes'> {
  db: Database;
  bus: Bus;
  chats: Pick<Chats, 'chatChanged'>;
  requestNotices: Pick<RequestNotices, 'changed'>;
  sendLimits: Pick<SendLimits, 'openNotices' | 'checkPublic'>;
  placeChecks: Pick<PlaceChecks, 'order'>;
  comments: CommentOrders;
  config: Pick<DomainConfig, 'adminLogEvents' | 'adminLogBytes'>;
}

/** The person who changes a channel. */
export interface Acting {
  actorId: bigint;
  /** The session of the call, if its answer contains the events; otherwise that session gets them pushed, too. */
  origin: Origin | undefined;
}

/** The rows of a channel, read under the lock of its counter, and what service messages in it cost. */
export interface FoundChannel {
  row: ChannelRow;
  view: ChannelView;
  members: Map<bigint, ChannelMemberRow>;
  /** Undefined for a change that adds no service message. */
  chargeNotice: ChargeNotice | undefined;
  /** See `ChangeScope`. */
  readId: bigint | undefined;
}
