import { createInProcessBus } from '@aerogram/bus';
import type { Bus } from '@aerogram/bus';
import { createFakeClock, seededRandom, silentLogger } from '@aerogram/runtime';
import type { Clock, FakeClock, Random } from '@aerogram/runtime';
import { testDatabase, type WritableDatabase } from '@aerogram/storage/testing';
import type { tl } from '@aerogram/tl';

import type { ResolvedUser } from '../src/access/resolved-peer.ts';
import { type BoxWriter, createBoxWriter } from '../src/events/box-writer.ts';
import type { MessageRow } from '../src/events/message-row.ts';
import type { FormattedText } from '../src/messages/check-text.ts';
import { findForwardSource } from '../src/messages/find-forward-source.ts';
import { insertArrivals } from '../src/messages/message-store.ts';
import type { TextMessage } from '../src/messages/messages.ts';
import { prepareForward } from '../src/messages/prepare-forward.ts';
import { createMessaging } from '../src/messaging.ts';
import { SubjectList } from '../src/subject-list.ts';
import { APPLY_PAGE, createWebPages, type WebPages } from '../src/web-pages/index.ts';
import { createPeerProjector } from '../src/peers/project-peers.ts';
import type { UserRow } from '../src/peers/user-row.ts';
import { NO_RELATION } from '../src/relations/relation.ts';
import type { PagePhotos } from '../src/uploads/index.ts';
import type { PageFetcher } from '../src/shared/page-fetcher.ts';

/** Messaging on a fresh database. Users are created when they are first used. */
export interface MessagingFixture extends ReturnType<typeof createMessaging>, BoxWriter, AsyncDisposable {
  webPages: WebPages;
  db: WritableDatabase;
  bus: Bus;
  clock: FakeClock;
  random: Random;
  /** A peer as the access functions would resolve it. */
  peer(viewerId: bigint, userId: bigint): ResolvedUser;
  /** Sends a text message; options override its defaults. */
  send(from: bigint, to: bigint, text: string, options?: Partial<TextMessage>): Promise<MessageRow>;
  /** Forwards messages of the chat with one user to another user. */
  forward(owner: bigint, from: bigint, to: bigint, ids: { msgIds: number[]; randomIds: bigint[] }): Promise<MessageRow[]>;
  /** All messages in a user's box, by id. */
  box(owner: bigint): Promise<MessageRow[]>;
}

export const plainText = (text: string): FormattedText => ({ text, entities: [] });

function userRow(userId: bigint, deleted = false): UserRow {
  return {
    user_id: userId,
    phone: null,
    first_name: `User ${userId}`,
    last_name: '',
    username: null,
    about: '',
    bot: false,
    verified: false,
    scam: false,
    fake: false,
    restriction_reason: null,
    restriction_text: null,
    limited_until: 0,
    limit_reason: '',
    support: false,
    gives_support: false,
    deleted,
    created_date: 0,
    online_date: 0,
    birthday_day: null,
    birthday_month: null,
    birthday_year: null,
    color: null,
    profile_color: null, emoji_status_id: null, emoji_status_until: null, color_emoji_id: null, profile_color_emoji_id: null, personal_channel_id: null, photo_id: null, photo_stripped: null, photo_has_video: false, fallback_photo_id: null, fallback_photo_stripped: null, fallback_photo_has_video: false,
  };
}

const projectUsers = (_viewer: bigint, ids: Iterable<bigint>): Promise<tl.User[]> =>
  Promise.resolve([...ids].map((id) => ({ _: 'user', id, first_name: `User ${id}` })));

/** Creates the fixture; dispose it at the end. */
export async function openMessaging(options: { bus?: Bus; seed?: string; clock?: Clock; pageFetcher?: PageFetcher; pagePhotos?: Pick<PagePhotos, 'doCreate'> } = {}): Promise<MessagingFixture> {
  const clock = createFakeClock();
  const random = seededRandom(options.seed ?? 'messaging');
  const bus = options.bus ?? createInProcessBus();
  const db = await testDatabase();
  const row = (userId: bigint): Promise<UserRow> => Promise.resolve(userRow(userId));
  const boxes = createBoxWriter({ db, bus, clock, insertArrivals });
  const subjects = new SubjectList();
  const deps = {
    ...boxes,
    config: { workers: 1, homeDcId: 2 },
    db,
    bus,
    clock,
    random,
    log: silentLogger,
    pageFetcher: options.pageFetcher,
    pagePhotos: options.pagePhotos ?? { doCreate: () => Promise.resolve(undefined) },
    messageFiller: { fill: () => undefined, fillScheduled: () => undefined, fillLogged: () => undefined, fillUpdates: () => undefined, fillPage: <P>(page: P): P => page },
  };
  const webPages = subjects.add(createWebPages({ ...deps, applyPage: subjects.ports.open(APPLY_PAGE) }));
  const messaging = createMessaging(subjects, {
    ...deps,
    webPages,
    ...createPeerProjector({ users: { projectUsers, projectKnownUsers: () => undefined }, chats: { projectChats: () => Promise.resolve([]) } }),
    users: { projectUsers, findRows: () => Promise.resolve(new Map()), findRelation: () => Promise.resolve(NO_RELATION), peekRelation: () => undefined, isOnlineShown: () => Promise.resolve(true) },
    privacy: { mayLinkForward: () => Promise.resolve(true), findSettings: () => Promise.resolve({ hide_read_marks: false }), showsReadDates: () => Promise.resolve(true) },
    accessUser: { accessInputUser: (viewerId, input) => row(input._ === 'inputUser' ? input.user_id : viewerId) },
    polls: { doStart: (media) => Promise.resolve(media), closeIn: () => Promise.resolve(), changeAnswersIn: () => Promise.resolve(undefined), copyIn: (_, media) => Promise.resolve(media) },
    sendLimits: { check: () => undefined, checkChange: () => undefined, checkHeld: () => Promise.resolve(), checkChat: () => Promise.resolve(), checkNotice: () => Promise.resolve(), checkTyping: () => undefined, checkLiveDraft: () => Promise.resolve(), checkLiveDraftBytes: () => undefined, noteArriving: () => Promise.resolve() },
    acceptance: { doAccept: () => undefined, doNoteRead: () => undefined, doNoteUnarchived: () => undefined },
    serviceChat: { order: () => Promise.resolve() },
    orderFather() {
      throw new Error('BotFather is not here');
    },
    notifications: { findPeerSettings: () => Promise.resolve(new Map()) },
    channels: {
      at() {
        throw new Error('there are no channels here');
      },
    },
    chats: { findRow: () => Promise.resolve(undefined), findMember: () => Promise.resolve(undefined) },
  });
  const peer = (viewerId: bigint, userId: bigint): ResolvedUser => ({
    kind: 'user',
    userId,
    peerId: userId,
    isSelf: viewerId === userId,
    row: userRow(userId),
  });
  return {
    ...messaging,
    webPages,
    ...boxes,
    db,
    bus,
    clock,
    random,
    peer,
    send: (from, to, text, more = {}) =>
      messaging.messages.doSendText(peer(from, to), {
        senderId: from,
        randomId: random.int63(),
        text: plainText(text),
        silent: false,
        noforwards: false,
        noWebpage: false,
        invertMedia: false,
        origin: undefined,
        ...more,
      }),
    async forward(owner, from, to, ids) {
      const forwarding = { ...ids, ownerId: owner, toPeerId: to, silent: false, noforwards: false, dropAuthor: false, dropCaptions: false };
      const source = await findForwardSource(db, { ownerId: owner, peerId: from }, ids.msgIds);
      const parts = await prepareForward(source, forwarding, { findHidden: () => Promise.resolve(new Map<bigint, string>()), newGroupedId: () => 1n });
      return messaging.messages.doSendOutgoing(peer(owner, to), { senderId: owner, parts, origin: undefined });
    },
    box: (owner) => db.q.selectFrom('messages').selectAll().where('owner_id', '=', owner).orderBy('msg_id').execute(),
    async [Symbol.asyncDispose]() {
      await subjects[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}
