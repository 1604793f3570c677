import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type Acceptance, createAcceptance } from './acceptance/index.ts';
import { BotInfos, OwnBots } from './bot-info/index.ts';
import { type BotStops, createBotStops } from './bot-events/index.ts';
import { findFatherInfo } from './bot-father/index.ts';
import { BotRows } from './bot-rows/index.ts';
import { CardKeeper, type Cards, type CardSender, ClaimAsker, createCards, NO_CARDS } from './cards/index.ts';
import { type Auth, type AuthParts, createAuth } from './auth/index.ts';
import { type Chats, createChats, findJoinedScopes, findScopes } from './chats/index.ts';
import { keepContactPhotos } from './contact-photos/index.ts';
import {
  type Blocks,
  Contacts,
  type ContactTokens,
  createBlockHandler,
  createBlocks,
  createContactHandler,
  createContactTokens,
  createPeerBars,
  createTopPeers,
  FindElsewhere,
  findFullUser,
  listBirthdays,
  type PeerBars,
  type TopPeers,
} from './contacts/index.ts';
import type { FrameApplier } from './effects/index.ts';
import type { SubjectDeps } from './events/index.ts';
import { isKept, KEPT_LISTS } from './collections/index.ts';
import { createReports, type Reports } from './moderation/index.ts';
import { Names } from './names/index.ts';
import { createNotifications, type Notifications } from './notifications/index.ts';
import { type AccessHashes, loadAccessHashes, type UserRow } from './peers/index.ts';
import { createPrivacy, type Privacy } from './privacy/index.ts';
import { createRelations } from './relations/index.ts';
import { createSignUpJob, type SignUpJob } from './service/index.ts';
import { type AccountSettings, type AppSettings, createAccountSettings, createAppSettings, createWebBrowser, type WebBrowser } from './settings/index.ts';
import { createProfile, createUsers, type Profile, seedServiceUsers, type Users } from './users/index.ts';

/** Users, their devices and their settings. Messaging is built on top of these. */
export interface Accounts extends AsyncDisposable {
  readonly accessHashes: AccessHashes;
  readonly privacy: Privacy;
  readonly users: Users;
  readonly profile: Profile;
  readonly chats: Chats;
  readonly botRows: BotRows;
  readonly botInfos: BotInfos;
  readonly ownBots: OwnBots;
  readonly botStops: BotStops;
  /** What data centres know of each other's people. */
  readonly cards: Cards;
  /** Asks whose the names in cards are, when that was not known as they came; undefined if there are no other data centres. */
  readonly claimAsker: Pick<ClaimAsker, 'doAsk'> | undefined;
  readonly contacts: Contacts;
  readonly blocks: Blocks;
  readonly peerBars: PeerBars;
  readonly acceptance: Acceptance;
  readonly contactTokens: ContactTokens;
  readonly topPeers: TopPeers;
  readonly reports: Reports;
  readonly notifications: Notifications;
  /** Settings that are one TL object each. */
  readonly accountSettings: AccountSettings;
  readonly appSettings: AppSettings;
  readonly webBrowser: WebBrowser;
  /** Returns everything about a user that this viewer may see. */
  findFullUser(viewerId: bigint, row: UserRow): Promise<tl.userFull>;
  /** Lists contacts whose birthday is near, as far as their privacy settings allow. */
  listBirthdays(ownerId: bigint): Promise<tl.contactBirthday[]>;
  /** The job that makes a new user a contact of everyone who has the phone number in their address book. */
  readonly signUpJob: SignUpJob;
  /** Created after the others, because it needs the service chat, which writes to boxes. */
  createAuth(parts: Pick<AuthParts, 'serviceChat' | 'stopScheduled' | 'noteEnding' | 'orderLeaving' | 'orderNewcomer'>): Auth;
}

interface AccountsDeps extends SubjectDeps {
  /** Present where there are other data centres. */
  cardSender: CardSender | undefined;
  frames: Pick<FrameApplier, 'register'>;
  orderLeaving(tx: Tx, ownerId: bigint, blamedIds: readonly bigint[]): Promise<void>;
  /** Orders that the copy of a photo of somebody elsewhere follows. */
  orderCardPhoto(tx: Tx, personId: bigint): Promise<void>;
}

/**
 * Loads this data centre's secret keys, creates the service users on the first start, and creates all parts.
 * @param deps.orderLeaving orders that a user leaves the groups and channels to which somebody has added the user
 */
export async function createAccounts(deps: AccountsDeps): Promise<Accounts> {
  const { db, clock } = deps;
  const accessHashes = await loadAccessHashes(deps);
  await seedServiceUsers(db, clock.now());
  const relations = createRelations(deps);
  const accountSettings = createAccountSettings(deps);
  const findMemberships: Chats['findMemberships'] = (userIds, markedIds) => chats.findMemberships(userIds, markedIds);
  const privacy = createPrivacy(deps, { relations, findMemberships });
  const botRows = new BotRows(deps);
  const botStops = createBotStops(deps);
  const users = createUsers(deps, { accessHashes, privacy, relations, botRows, findMemberships });
  const names = new Names(deps);
  const keeper = new CardKeeper(deps, { privacy, relations, users, names, namesDc: () => deps.homes?.ofNames, orderPhoto: deps.orderCardPhoto });
  deps.frames.register(keeper);
  const cards = deps.homes && deps.cardSender ? createCards(deps, { homes: deps.homes, cardSender: deps.cardSender, keeper, privacy }) : NO_CARDS;
  const claimAsker = deps.homes && new ClaimAsker(deps, { names, users });
  const chats = createChats(deps, { accessHashes, isBot: async (userId) => (await users.findRow(userId))?.bot === true });
  const botInfos = new BotInfos(deps, { users, botRows, chats, findBuiltIn: findFatherInfo });
  const peerBars = createPeerBars(deps, { users, privacy });
  const notifications = createNotifications(deps, privacy, {
    findScopes: (peerIds) => findScopes(chats, peerIds),
    isRingtone: (q, ownerId, documentId) => isKept(q, { ownerId, list: KEPT_LISTS.ringtones.number }, documentId),
  });
  const parts = { users, privacy, peerBars, notifications, accountSettings, countCommonChats: chats.countCommon };
  const acceptance = createAcceptance(deps);
  const elsewhere = deps.homes && new FindElsewhere({ db, homes: deps.homes, cards, users, names });
  const contacts = new Contacts(deps, { users, relations, privacy, peerBars, keepPhotos: keepContactPhotos, elsewhere, noteKnown: acceptance.doAcceptFrom });
  deps.frames.register(createContactHandler({ ...deps, relations }));
  deps.frames.register(createBlockHandler({ ...deps, relations, botStops }));
  const signUpJob = createSignUpJob(deps, { users, privacy, relations });
  return {
    accessHashes,
    privacy,
    users,
    botRows,
    botInfos,
    ownBots: new OwnBots(deps, users),
    botStops,
    profile: createProfile(deps, users, privacy),
    chats,
    cards,
    claimAsker,
    contacts,
    signUpJob,
    blocks: createBlocks(deps, { relations, botStops, orderConsequences: deps.orderLeaving }),
    peerBars,
    acceptance,
    contactTokens: createContactTokens(deps, users),
    topPeers: createTopPeers(deps, { users, findJoined: (userId, peerIds) => findJoinedScopes(chats, userId, peerIds) }),
    reports: createReports(deps),
    notifications,
    accountSettings,
    appSettings: createAppSettings(deps, accountSettings),
    webBrowser: createWebBrowser(accountSettings),
    findFullUser: (viewerId, row) => findFullUser(parts, viewerId, row),
    listBirthdays: (ownerId) => listBirthdays({ db, privacy }, ownerId, clock.now()),
    createAuth: (rest) => createAuth(deps, { users, signUpJob, ...rest }),
    async [Symbol.asyncDispose]() {
      await claimAsker?.[Symbol.asyncDispose]();
      relations[Symbol.dispose]();
      botRows[Symbol.dispose]();
      botInfos[Symbol.dispose]();
      acceptance[Symbol.dispose]();
      accountSettings[Symbol.dispose]();
      chats[Symbol.dispose]();
      privacy[Symbol.dispose]();
      await users[Symbol.asyncDispose]();
    },
  };
}
