import type { NewJob } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Acceptance } from '../acceptance/index.ts';
import type { AccessUser } from '../access/index.ts';
import type { Cards } from '../cards/index.ts';
import type { Chats } from '../chats/index.ts';
import type { BoxWriter, MessageRow } from '../events/index.ts';
import type { SendLimits } from '../moderation/index.ts';
import type { Notifications } from '../notifications/index.ts';
import type { PeerProjector, UserRow } from '../peers/index.ts';
import type { MessageFiller } from '../documents/index.ts';
import type { Polls } from '../polls/index.ts';
import type { PagePhotos } from '../uploads/index.ts';
import type { Relation } from '../relations/index.ts';
import { definePort, type DomainConfig, type DomainDeps } from '../shared/index.ts';
import type { SendNames } from './send-names.ts';

/** Makes the job in which BotFather answers a message to it. */
export const ORDER_FATHER = definePort<(row: MessageRow) => NewJob>('messages.orderFather');

/** The dependencies of messages, dialogs and updates. */
export interface MessagingDeps extends Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'random' | 'log' | 'pageFetcher' | 'homes'>, BoxWriter, PeerProjector {
  config: Pick<DomainConfig, 'workers' | 'homeDcId'>;
  users: {
    /** Projects each of `ids` once, as `viewerId` sees it. */
    projectUsers(viewerId: bigint, ids: Iterable<bigint>): Promise<tl.User[]>;
    findRows(ids: Iterable<bigint>): Promise<Map<bigint, UserRow>>;
    /** The relation between two users: contacts and blocks, in both directions. */
    findRelation(viewerId: bigint, targetId: bigint): Promise<Relation>;
    /** Same as `findRelation`, but synchronous and from the cache only: undefined if it is not cached. */
    peekRelation(viewerId: bigint, targetId: bigint): Relation | undefined;
    isOnlineShown(viewerId: bigint, userId: bigint): Promise<boolean>;
  };
  privacy: {
    /** Whether a message of `ownerId` that `viewerId` forwards may link to its author. */
    mayLinkForward(ownerId: bigint, viewerId: bigint): Promise<boolean>;
    /** The setting that hides read dates from others; a user who hides them cannot see those of others either. */
    findSettings(userId: bigint): Promise<{ hide_read_marks: boolean }>;
    showsReadDates(a: bigint, b: bigint): Promise<boolean>;
  };
  /** What names the messages that people here send to people elsewhere; absent when the server is alone. */
  sendNames?: SendNames | undefined;
  /** What is known of people elsewhere; absent when the server is alone. */
  cards?: Pick<Cards, 'introduce' | 'fetch'> | undefined;
  /** See {@link ORDER_FATHER}. */
  orderFather(row: MessageRow): NewJob;
  messageFiller: MessageFiller;
  pagePhotos: Pick<PagePhotos, 'doCreate'>;
  polls: Pick<Polls, 'doStart' | 'closeIn' | 'changeAnswersIn' | 'copyIn'>;
  accessUser: Pick<AccessUser, 'accessInputUser'>;
  chats: Pick<Chats, 'findRow' | 'findMember'>;
  sendLimits: Pick<SendLimits, 'check' | 'checkChange' | 'checkChat' | 'checkHeld' | 'checkNotice' | 'checkTyping' | 'checkLiveDraft' | 'checkLiveDraftBytes' | 'noteArriving'>;
  acceptance: Pick<Acceptance, 'doAccept' | 'doNoteRead' | 'doNoteUnarchived'>;
  notifications: Pick<Notifications, 'findPeerSettings'>;
}
