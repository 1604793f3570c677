import { createAcceptance } from './acceptance/index.ts';
import { BotInfos, OwnBots } from './bot-info/index.ts';
import { createBotStops } from './bot-events/index.ts';
import { findFatherInfo } from './bot-father/index.ts';
import { BotRows } from './bot-rows/index.ts';
import { CardKeeper, type CardSender, ClaimAsker, createCards, NO_CARDS, ORDER_CARD_PHOTO } from './cards/index.ts';
import { createChats, findJoinedScopes, findScopes, IS_BOT } from './chats/index.ts';
import { keepContactPhotos } from './contact-photos/index.ts';
import {
  Contacts,
  createBlockHandler,
  createBlocks,
  createContactHandler,
  createContactTokens,
  createPeerBars,
  createTopPeers,
  FindElsewhere,
  findFullUser,
  listBirthdays,
  ORDER_LEAVING,
} from './contacts/index.ts';
import type { SubjectDeps } from './events/index.ts';
import { isKept, KEPT_LISTS } from './collections/index.ts';
import { createReports } from './moderation/index.ts';
import { Names } from './names/index.ts';
import { createNotifications } from './notifications/index.ts';
import { loadAccessHashes, type UserRow } from './peers/index.ts';
import { createPrivacy } from './privacy/index.ts';
import { createRelations } from './relations/index.ts';
import { createSignUpJob } from './service/index.ts';
import { createAccountSettings, createAppSettings, createWebBrowser } from './settings/index.ts';
import type { SubjectList } from './subject-list.ts';
import { createProfile, createUsers, seedServiceUsers } from './users/index.ts';

/**
 * Creates users and their settings; messaging is built on top of these. It loads this data centre's secret keys, and creates the service users on the first start.
 * @param deps.cardSender present where there are other data centres
 */
export async function createAccounts(subjects: SubjectList, deps: SubjectDeps & { cardSender: CardSender | undefined }) {
  const { ports } = subjects;
  const { db, clock } = deps;
  const accessHashes = await loadAccessHashes(deps);
  await seedServiceUsers(db, clock.now());
  const accountSettings = subjects.add(createAccountSettings(deps));
  const chats = subjects.add(createChats(deps, { accessHashes, isBot: ports.open(IS_BOT) }));
  const relations = subjects.add(createRelations(deps));
  const privacy = subjects.add(createPrivacy(deps, { relations, findMemberships: chats.findMemberships }));
  const notifications = subjects.add(
    createNotifications(deps, privacy, {
      findScopes: (peerIds) => findScopes(chats, peerIds),
      isRingtone: (q, ownerId, documentId) => isKept(q, { ownerId, list: KEPT_LISTS.ringtones.number }, documentId),
    }),
  );
  const names = new Names(deps);
  const botRows = subjects.add(new BotRows(deps));
  const botStops = subjects.add(createBotStops(deps));
  const users = subjects.add(createUsers(deps, { accessHashes, privacy, relations, botRows, findMemberships: chats.findMemberships }));
  ports.bind(IS_BOT, async (userId) => (await users.findRow(userId))?.bot === true);

  const keeper = new CardKeeper(deps, { privacy, relations, users, names, namesDc: () => deps.homes?.ofNames, orderPhoto: ports.open(ORDER_CARD_PHOTO) });
  subjects.register(keeper);
  const cards = deps.homes && deps.cardSender ? createCards(deps, { homes: deps.homes, cardSender: deps.cardSender, keeper, privacy }) : NO_CARDS;
  const claimAsker = deps.homes && subjects.add(new ClaimAsker(deps, { names, users }));

  const acceptance = subjects.add(createAcceptance(deps));
  const peerBars = subjects.add(createPeerBars(deps, { users, privacy }));
  const elsewhere = deps.homes && new FindElsewhere({ db, homes: deps.homes, cards, users, names });
  const orderLeaving = ports.open(ORDER_LEAVING);
  subjects.register(createContactHandler({ ...deps, relations }));
  subjects.register(createBlockHandler({ ...deps, relations, botStops }));
  const signUpJob = createSignUpJob(deps, { users, privacy, relations });
  subjects.addJobs(signUpJob);
  const parts = { users, privacy, peerBars, notifications, accountSettings, areCallsOn: deps.config.calls !== 'off', countCommonChats: chats.countCommon };
  return {
    accessHashes,
    privacy,
    users,
    profile: subjects.add(createProfile(deps, users, privacy)),
    chats,
    botRows,
    botInfos: subjects.add(new BotInfos(deps, { users, botRows, chats, findBuiltIn: findFatherInfo })),
    ownBots: subjects.add(new OwnBots(deps, users)),
    botStops,
    relations,
    /** What data centres know of each other's people. */
    cards,
    /** Asks whose the names in cards are, when that was not known as they came; undefined if there are no other data centres. */
    claimAsker,
    contacts: subjects.add(new Contacts(deps, { users, relations, privacy, peerBars, keepPhotos: keepContactPhotos, elsewhere, noteKnown: acceptance.doAcceptFrom })),
    blocks: subjects.add(createBlocks(deps, { relations, botStops, orderConsequences: orderLeaving })),
    peerBars,
    acceptance,
    contactTokens: subjects.add(createContactTokens(deps, users)),
    topPeers: subjects.add(createTopPeers(deps, { users, findJoined: (userId, peerIds) => findJoinedScopes(chats, userId, peerIds) })),
    reports: subjects.add(createReports({ ...deps, orderLeaving })),
    notifications,
    /** Settings that are one TL object each. */
    accountSettings,
    appSettings: subjects.add(createAppSettings(deps, accountSettings)),
    webBrowser: subjects.add(createWebBrowser(accountSettings)),
    /** The job that makes a new user a contact of everyone who has the phone number in their address book. */
    signUpJob,
    /** Returns everything about a user that this viewer may see. */
    findFullUser: (viewerId: bigint, row: UserRow) => findFullUser(parts, viewerId, row),
    /** Lists contacts whose birthday is near, as far as their privacy settings allow. */
    listBirthdays: (ownerId: bigint) => listBirthdays({ db, privacy }, ownerId, clock.now()),
  };
}
