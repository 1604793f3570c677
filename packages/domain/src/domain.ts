import { type CdnNodes, type CdnRevocations, NO_CDN_NODES } from '@aerogram/cdn-origin';
import { isMarkedChannel } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { JobKind } from '@aerogram/storage';

import { type AccessPeers, createAccessPeers } from './access/index.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { type Auth, orderBotDeletion } from './auth/index.ts';
import { createBotEffectsJob } from './bot-events/index.ts';
import { BotWebhooks } from './bot-webhooks/index.ts';
import { BotFiles } from './bot-files/index.ts';
import { BotGrants } from './bot-grants/index.ts';
import { BotFather } from './bot-father/index.ts';
import { BotQuestions, ButtonPresses, InlineIds } from './bot-queries/index.ts';
import { BotUpdates } from './bot-updates/index.ts';
import { InlineMode } from './inline/index.ts';
import { Cdn, createCdnRevocations } from './cdn/index.ts';
import { type Channels, createChannels, createLeaveChats, createLeavePlaces, InviteLinks } from './channels/index.ts';
import { createThreadFiller } from './channel-state/index.ts';
import { createPostReactions, createReactionFiller, type PostReactions } from './post-reactions/index.ts';
import { createFrameSeals, FrameApplier, SEAL_BYTES } from './effects/index.ts';
import { channelIdOf, createBoxWriter } from './events/index.ts';
import { createFileLinks, createFileReferences, createMediaFiller, createMessageFiller, FILE_LINK_KEYS, type MessageFiller } from './documents/index.ts';
import { CardSender } from './cards/index.ts';
import { LaterTeller } from './contacts/index.ts';
import { createPagePhotos } from './uploads/index.ts';
import { Files } from './files/index.ts';
import { createReadOrigin } from './read-origin.ts';
import { createForwards, type Forwards } from './forwards/index.ts';
import { createProximity, type Proximity } from './proximity/index.ts';
import { Groups } from './groups/index.ts';
import { createRequestNotices, mayAnswerRequest } from './invites/index.ts';
import { type Languages, loadLanguages } from './languages/index.ts';
import { createSendNames, insertArrivals } from './messages/index.ts';
import { createLinkPages, type LinkPages, NamesElsewhere } from './link-pages/index.ts';
import { createMessaging, type Messaging } from './messaging.ts';
import { SendLimits } from './moderation/index.ts';
import { createAccountLimits, createAdminEventJob, createNewcomers, createNoticeJob, createOperatorJob } from './operators/index.ts';
import { NameAnswers, Names, NameTeller } from './names/index.ts';
import { createPeerProjector, loadSecretKeys, type PeerProjector } from './peers/index.ts';
import { createPollReaders } from './poll-readers.ts';
import { createPollFiller, Polls } from './polls/index.ts';
import { createPostCounts, type PostCounts } from './post-counts/index.ts';
import { type ChatWallpapers, createChatWallpapers } from './chat-wallpapers/index.ts';
import { createUrlUploads, createWebFiles, loadWebFileSigner, type UrlUploads, type WebFiles } from './web-files/index.ts';
import { Wallpapers } from './wallpapers/index.ts';
import { type ContactPhotos, createContactPhotos } from './contact-photos/index.ts';
import { createCardPhotos, createFallbackPhotos, createProfilePhotos, createReadPeerPhoto, type FallbackPhotos, type ProfilePhotos } from './profile-photos/index.ts';
import { createPublicPosts, createSearch, type PublicPosts, type Search } from './search/index.ts';
import { createReplies, type Replies } from './replies/index.ts';
import { createServiceChat } from './service/index.ts';
import { Support } from './support/index.ts';
import { createSharedFolders, type SharedFolders } from './shared-folders/index.ts';
import { createKeyedMac, type DcAddresses, type DomainDeps } from './shared/index.ts';
import { type ChannelLogs, type ChannelUpdates, createChannelLogs, createChannelUpdates } from './updates/index.ts';
import { createSeeAllJob } from './see-all.ts';
import { UnreadVotes } from './unread-votes.ts';

/** The messenger: one property for each part of the domain. */
export interface Domain extends AsyncDisposable, Pick<PeerProjector, 'projectPeers'>, Omit<Accounts, 'createAuth' | 'signUpJob' | typeof Symbol.asyncDispose> {
  readonly config: DomainDeps['config'];
  /** The other data centres of the cluster; undefined if there are none. */
  readonly homes: DomainDeps['homes'];
  readonly auth: Auth;
  readonly peers: AccessPeers;
  readonly messages: Messaging['messages'];
  readonly groups: Groups;
  readonly channels: Channels;
  readonly replies: Replies;
  readonly invites: InviteLinks;
  readonly forwards: Forwards;
  readonly proximity: Proximity;
  readonly dialogs: Messaging['dialogs'];
  readonly filters: Messaging['filters'];
  readonly sharedFolders: SharedFolders;
  readonly linkPages: LinkPages;
  readonly scheduled: Messaging['scheduled'];
  readonly saved: Messaging['saved'];
  readonly reactions: Messaging['reactions'];
  readonly protection: Messaging['protection'];
  readonly ttl: Messaging['ttl'];
  readonly typing: Messaging['typing'];
  readonly buttonPresses: ButtonPresses;
  readonly botFiles: BotFiles;
  readonly botQuestions: BotQuestions;
  readonly botUpdates: BotUpdates;
  readonly botGrants: BotGrants;
  readonly botWebhooks: BotWebhooks;
  readonly inline: InlineMode;
  readonly updates: Messaging['updates'];
  readonly channelUpdates: ChannelUpdates;
  readonly channelLogs: ChannelLogs;
  readonly postCounts: PostCounts;
  readonly postReactions: Pick<PostReactions, 'openGroup' | 'doSeeInGroups' | 'flush'>;
  readonly positions: Messaging['positions'];
  readonly search: Search;
  readonly publicPosts: PublicPosts;
  readonly webPages: Messaging['webPages'];
  readonly files: Files;
  readonly webFiles: WebFiles;
  readonly urlUploads: UrlUploads;
  readonly profilePhotos: ProfilePhotos;
  readonly fallbackPhotos: FallbackPhotos;
  readonly contactPhotos: ContactPhotos;
  readonly support: Support;
  readonly wallpapers: Wallpapers;
  readonly chatWallpapers: ChatWallpapers;
  readonly messageFiller: MessageFiller;
  readonly polls: Polls;
  readonly unreadVotes: UnreadVotes;
  readonly languages: Languages;
  /** Who has phone numbers and usernames, here and in other data centres. */
  readonly names: Pick<Names, 'find' | 'findOne' | 'dcOf'>;
  /** Tells the data centre that decides about names those of this one again, when that is due. */
  readonly nameTeller: Pick<NameTeller, 'doTell'>;
  /** Tells other data centres what was put off while they were behind; undefined if there are none. */
  readonly laterTeller: Pick<LaterTeller, 'doTell'> | undefined;
  /** Applies what other data centres send. */
  readonly frames: Pick<FrameApplier, 'applyFrames' | 'restoreFrames'>;
  readonly cdn: Cdn;
  readonly cdnNodes: CdnNodes;
  /** See `DomainDeps.dcAddresses`; there are none if the server is alone. */
  readonly dcAddresses: DcAddresses;
  /** What CDN nodes must forget. */
  readonly cdnRevocations: CdnRevocations;
  /** The background jobs of all parts. Processes with the role `jobs` run them. */
  readonly jobKinds: readonly JobKind[];
}

/**
 * Creates all parts of the domain on one database and bus. It loads the language packs and secret keys and creates the service users.
 * @throws ConfigError when the operator's language packs are invalid
 */
export async function createDomain(means: DomainDeps): Promise<Domain> {
  const languages = await loadLanguages(means.config.langDir);
  const { search, bus } = createSearch(means);
  const requestNotices = createRequestNotices({ ...means, bus });
  const cardSender = means.homes && new CardSender({ ...means, homes: means.homes });
  const sentMacs = means.homes && createKeyedMac(await loadSecretKeys(means, 'sent_message'), SEAL_BYTES);
  const frameSeals = sentMacs && createFrameSeals(sentMacs);
  const deps = { ...means, bus, requestNotices, cardTeller: cardSender, ...createBoxWriter({ ...means, bus, insertArrivals, frameSeals }) };
  const frames = new FrameApplier({ ...deps, frameSeals, homes: deps.homes ?? { dcOf: () => undefined } });
  new NameAnswers(deps).listen(frames);
  const nameTeller = new NameTeller(deps);
  const laterTeller = deps.homes && cardSender && new LaterTeller({ ...deps, homes: deps.homes, cardSender });
  const accounts = await createAccounts({ ...deps, cardSender, frames, orderCardPhoto: (tx, personId) => cardPhotos.order(tx, personId), orderLeaving: (tx, ownerId, blamedIds) => leavePlaces.order(tx, ownerId, blamedIds) });
  const peers = createAccessPeers({
    ...accounts,
    clock: deps.clock,
    async namesPeer(viewerId, peer, msgId, namedId) {
      // No client nests these, and each level would cost a query.
      if (peer._.endsWith('FromMessage')) throw rpcError('PEER_ID_INVALID');
      const { kind, peerId } = await peers.accessInputPeerOrFormer(viewerId, peer);
      return kind === 'channel'
        ? channels.namesPeer(viewerId, { peerId, msgId, namedId })
        : messaging.messages.namesPeer({ ownerId: viewerId, peerId, msgId, namedId });
    },
  });
  const postCounts = await createPostCounts(deps);
  const references = createFileReferences(deps.clock, await loadSecretKeys(deps, 'file_reference'));
  const links = createFileLinks(deps.clock, await loadSecretKeys(deps, FILE_LINK_KEYS));
  const filler = createMediaFiller(references, accounts.accessHashes);
  const messageFiller = createMessageFiller({ postCounts, threads: createThreadFiller(deps.db), media: filler, reactions: createReactionFiller({ ...accounts, db: deps.db }), polls: createPollFiller({ ...deps, chats: accounts.chats }) });
  const pollReaders = createPollReaders(deps);
  const findBots = async (userIds: Iterable<bigint>): Promise<bigint[]> => [...(await accounts.users.findRows(userIds)).values()].filter(({ bot }) => bot).map(({ user_id }) => user_id);
  const polls = new Polls({
    ...deps,
    chats: accounts.chats,
    readers: pollReaders,
    findReadId: async ({ viewerId, peerId }) => (isMarkedChannel(peerId) ? channels.findReadId(viewerId, channelIdOf(peerId)) : undefined),
    findBots,
  });
  const unreadVotes = new UnreadVotes({ db: deps.db, readers: pollReaders, polls, findBots });
  const serviceChat = createServiceChat(deps);
  const projector = createPeerProjector({ users: accounts.users, chats: accounts.chats });
  const sendLimits = new SendLimits(deps, {
    users: accounts.users,
    chats: accounts.chats,
    botRows: accounts.botRows,
    noteWriting: (userId, peerId) => accounts.acceptance.doAcceptFrom(userId, [peerId]),
    mayAnswerRequest: (botId, userId) => mayAnswerRequest(deps.db, { botId, userId, nowDate: deps.clock.now() }),
  });
  const pagePhotos = createPagePhotos(deps);
  const messaging = createMessaging({ ...deps, sendNames: sentMacs && createSendNames(sentMacs), ...accounts, ...projector, messageFiller, polls, pagePhotos, accessUser: peers, serviceChat, sendLimits, orderFather: (row) => botFather.hear(row), channels: { at: (id) => channels.at(id) } });
  messaging.registerEffects(frames);
  const { messages, dialogs, filters, scheduled, saved, reactions, protection, ttl, typing, updates, positions } = messaging;
  const postReactions = createPostReactions({ ...deps, ...accounts, sendLimits });
  const groups = new Groups({ ...deps, ...accounts, sendLimits });
  const channelLogs = createChannelLogs(deps);
  const channels = createChannels({ ...deps, ...accounts, listPostsOf: search.listPostsOf, messageFiller, polls, media: filler, postReactions, sendLimits, projectPeers: projector.projectPeers, webPages: messaging.webPages, orderAnswers: (answers) => replies.order(answers) });
  const replies = createReplies({ ...deps, ...accounts, postsOf: (groupId) => channels.at(groupId).posts });
  const channelUpdates = createChannelUpdates({ ...deps, ...accounts, messageFiller, projectPeers: projector.projectPeers, projectDialog: (viewerId, channel) => dialogs.projectOfChannel(viewerId, channel) });
  const leaveChats = createLeaveChats({ groups, channels });
  const leavePlaces = createLeavePlaces({ groups, channels });
  const invites = new InviteLinks({ ...deps, ...accounts, groups, channels, sendLimits });
  const newcomers = createNewcomers({ channels });
  const accountLimits = createAccountLimits({ ...deps, ...accounts, serviceChat, numberMacs: createKeyedMac(await loadSecretKeys(deps, 'kept_limit'), 16) });
  const auth = accounts.createAuth({
    serviceChat,
    stopScheduled: (userId) => scheduled.doStop(userId),
    async orderLeaving(tx, userId) {
      await leaveChats.order(tx, userId);
      await postReactions.orderEnd(tx, userId);
    },
    noteEnding: accountLimits.keep,
    async orderNewcomer(tx, userId) {
      await newcomers.order(tx, userId);
      await accountLimits.takeOver(tx, userId);
    },
  });
  const operatorJob = createOperatorJob({
    ...deps,
    ...accounts,
    accountLimits,
    channels,
    groups,
    accounts: {
      doEndDevices: (userId, number) => auth.devices.doEndDevices(userId, 'by the operator', number),
      doEndAccount: auth.doEndAccount,
      doRemovePassword: auth.doRemovePassword,
      doMovePhone: auth.doMovePhone,
    },
  });
  const files = new Files(deps, { accessHashes: accounts.accessHashes, references, links, filler, readOrigin: createReadOrigin({ ...accounts, db: deps.db, clock: deps.clock, channels, invites }), readPeerPhoto: createReadPeerPhoto({ ...accounts, db: deps.db, peers }) });
  const botFiles = new BotFiles(deps, { accessHashes: accounts.accessHashes, references, links, files });
  const cdn = new Cdn(deps, files, await loadSecretKeys(deps, 'cdn'));
  const cardPhotos = createCardPhotos({ ...deps, cardSender }, { users: accounts.users, photos: files.photos, pagePhotos });
  const profilePhotos = createProfilePhotos(deps, { ...accounts, photos: files.photos });
  const webFiles = createWebFiles(deps, await loadWebFileSigner(deps));
  const urlUploads = createUrlUploads(deps, files);
  const wallpapers = new Wallpapers(deps, { ...accounts, files, filler });
  const chatWallpapers = createChatWallpapers({ ...deps, sendLimits }, { filler, wallpapers });
  const botQuestions = new BotQuestions(deps);
  const inlineIds = new InlineIds(await loadSecretKeys(deps, 'inline_message'), deps.config.homeDcId);
  const buttonPresses = new ButtonPresses({ ...deps, questions: botQuestions, inlineIds, users: accounts.users, channels, instanceKeys: await loadSecretKeys(deps, 'chat_instance'), askFather: (press) => botFather.doPress(press) });
  const inline = new InlineMode({ ...deps, ...accounts, questions: botQuestions, inlineIds, channels, messages, files, webFiles, urlUploads, filler });
  const botFather = new BotFather({
    ...deps,
    maker: { ...deps, keys: deps.fileStorage.keys },
    hands: {
      exportToken: (ownerId, botId, isRevoked) => auth.bots.doExportToken(ownerId, botId, isRevoked),
      changeIn: (tx, editor, change) => accounts.botInfos.changeIn(tx, editor, change),
      orderDeletion: orderBotDeletion,
      opensCommands: async (botId) => (await accounts.botInfos.findMenuButton(botId, 0n))._ === 'botMenuButtonCommands',
      setPicture: (actorId, userId, photo) => profilePhotos.doTakeFromMessage({ userId, actorId, origin: undefined }, photo),
      dropPictures: async (actorId, userId) => void (await profilePhotos.doDelete({ userId, actorId, origin: undefined }, undefined)),
      findRow: (botId) => accounts.botRows.findRow(botId),
      botChanged: (botId) => accounts.users.userChanged(botId),
    },
  });
  const sharedFolders = createSharedFolders({ ...deps, ...accounts, channels, groups, sendLimits });
  return {
    ...accounts,
    projectPeers: projector.projectPeers,
    config: deps.config,
    homes: deps.homes,
    auth,
    peers,
    messages,
    groups,
    channels,
    replies,
    invites,
    forwards: createForwards({ ...deps, ...accounts, channels, postCounts }),
    proximity: createProximity({ ...deps, ...accounts, messages, channels, search }),
    dialogs,
    filters,
    sharedFolders,
    linkPages: createLinkPages({ ...accounts, namesElsewhere: new NamesElsewhere({ names: new Names(deps), users: accounts.users, clock: deps.clock }), sharedFolders, invites }),
    scheduled,
    saved,
    reactions,
    protection,
    ttl,
    typing,
    buttonPresses,
    botWebhooks: new BotWebhooks(deps),
    botFiles,
    botQuestions,
    botUpdates: new BotUpdates(deps),
    botGrants: new BotGrants({ ...deps, ...accounts, messages, photos: files.photos }),
    inline,
    updates,
    channelUpdates,
    channelLogs,
    postCounts,
    postReactions,
    positions,
    search,
    publicPosts: createPublicPosts(deps),
    webPages: messaging.webPages,
    files,
    webFiles,
    urlUploads,
    profilePhotos,
    contactPhotos: createContactPhotos({ ...deps, sendLimits }, { ...accounts, photos: files.photos }),
    fallbackPhotos: createFallbackPhotos(deps, { ...accounts, photos: files.photos }),
    support: new Support({ ...deps, users: accounts.users }),
    wallpapers,
    chatWallpapers,
    messageFiller,
    polls,
    unreadVotes,
    languages,
    names: new Names(deps),
    nameTeller,
    laterTeller,
    frames,
    cdnNodes: deps.cdnNodes ?? NO_CDN_NODES,
    dcAddresses: deps.dcAddresses ?? { list: () => [] },
    cdn,
    cdnRevocations: createCdnRevocations(deps.db, deps.clock),
    jobKinds: [...messaging.jobKinds, ...channels.jobKinds, ...postReactions.jobKinds, ...replies.jobKinds, ...channelLogs.jobKinds, ...groups.jobKinds, leaveChats.jobKind, leavePlaces.jobKind, ...invites.jobKinds, newcomers.jobKind, operatorJob, createAdminEventJob(deps.log), accountLimits.jobKind, createNoticeJob({ ...deps, serviceChat }), ...auth.jobKinds, cardPhotos.jobKind, ...search.jobKinds, accounts.signUpJob, accounts.botStops.jobKind, createBotEffectsJob(deps), accounts.reports.jobKind, serviceChat.jobKind, botFather.jobKind, postCounts.jobKind, ...polls.jobKinds, ...unreadVotes.jobKinds, createSeeAllJob({ messages: messaging.messages, postReactions, unreadVotes }), ...files.jobKinds, botFiles.jobKind, ...wallpapers.jobKinds],
    async [Symbol.asyncDispose]() {
      await nameTeller[Symbol.asyncDispose]();
      await laterTeller?.[Symbol.asyncDispose]();
      botQuestions[Symbol.dispose]();
      await cdn[Symbol.asyncDispose]();
      await auth[Symbol.asyncDispose]();
      await messaging[Symbol.asyncDispose]();
      await polls[Symbol.asyncDispose]();
      await postCounts[Symbol.asyncDispose]();
      await postReactions[Symbol.asyncDispose]();
      await search[Symbol.asyncDispose]();
      channelUpdates[Symbol.dispose]();
      webFiles[Symbol.dispose]();
      urlUploads[Symbol.dispose]();
      files[Symbol.dispose]();
      requestNotices[Symbol.dispose]();
      await accounts[Symbol.asyncDispose]();
    },
  };
}
