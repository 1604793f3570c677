import { NO_CDN_NODES } from '@aerogram/cdn-origin';
import { isMarkedChannel } from '@aerogram/cluster';
import type { JobKind } from '@aerogram/storage';

import { createAccessPeers, NAMES_PEER } from './access/index.ts';
import { createAccounts } from './accounts.ts';
import { createAuth, orderBotDeletion } from './auth/index.ts';
import { createBotEffectsJob } from './bot-events/index.ts';
import { BotWebhooks } from './bot-webhooks/index.ts';
import { BotFiles } from './bot-files/index.ts';
import { BotGrants } from './bot-grants/index.ts';
import { BotFather } from './bot-father/index.ts';
import { ASK_FATHER, BotQuestions, ButtonPresses, InlineIds } from './bot-queries/index.ts';
import { BotUpdates } from './bot-updates/index.ts';
import { InlineMode } from './inline/index.ts';
import { CALL_NOTICES, Calls } from './calls/index.ts';
import { Cdn, createCdnRevocations } from './cdn/index.ts';
import { ORDER_ANSWERS } from './channel-posts/index.ts';
import { createChannels, createLeaveChats, createLeavePlaces, InviteLinks } from './channels/index.ts';
import { createThreadFiller } from './channel-state/index.ts';
import { createPostReactions, createReactionFiller, REACTION_NOTICES } from './post-reactions/index.ts';
import { createFrameSeals, FrameApplier, SEAL_BYTES } from './effects/index.ts';
import { channelIdOf, createBoxWriter } from './events/index.ts';
import { createFileLinks, createFileReferences, createMediaFiller, createMessageFiller, FILE_LINK_KEYS } from './documents/index.ts';
import { CardSender, ORDER_CARD_PHOTO } from './cards/index.ts';
import { LaterTeller, ORDER_LEAVING } from './contacts/index.ts';
import { createPagePhotos } from './uploads/index.ts';
import { BundledFiles, findSetPicture, StickerSets } from './sticker-sets/index.ts';
import { Files } from './files/index.ts';
import { createReadOrigin } from './read-origin.ts';
import { createForwards } from './forwards/index.ts';
import { createProximity } from './proximity/index.ts';
import { Groups } from './groups/index.ts';
import { createRequestNotices, mayAnswerRequest } from './invites/index.ts';
import { loadLanguages } from './languages/index.ts';
import { createMediaInputs, createSendNames, insertArrivals, ORDER_FATHER } from './messages/index.ts';
import { createSecretChats, SECRET_NOTICES } from './secret-chats/index.ts';
import { createLinkPages, NamesElsewhere } from './link-pages/index.ts';
import { createMessaging } from './messaging.ts';
import { SendLimits } from './moderation/index.ts';
import { createAccountLimits, createAdminEventJob, createNewcomers, createNoticeJob, createOperatorJob } from './operators/index.ts';
import { NameAnswers, Names, NameTeller } from './names/index.ts';
import { createNotices, type Notices } from './notices/index.ts';
import { createPeerProjector, loadSecretKeys } from './peers/index.ts';
import { createPollReaders } from './poll-readers.ts';
import { createPollFiller, FIND_READ_ID, Polls } from './polls/index.ts';
import { createPostCounts } from './post-counts/index.ts';
import { createChatThemes, createChatWallpapers } from './chat-wallpapers/index.ts';
import { createUrlUploads, createWebFiles, loadWebFileSigner } from './web-files/index.ts';
import { APPLY_PAGE, createWebPages } from './web-pages/index.ts';
import { Wallpapers } from './wallpapers/index.ts';
import { createContactPhotos } from './contact-photos/index.ts';
import { createCardPhotos, createFallbackPhotos, createProfilePhotos, createReadPeerPhoto } from './profile-photos/index.ts';
import { createPublicPosts, createSearch } from './search/index.ts';
import { createReplies } from './replies/index.ts';
import { createServiceChat } from './service/index.ts';
import { Support } from './support/index.ts';
import { createSharedFolders } from './shared-folders/index.ts';
import { createKeyedMac, type DomainDeps } from './shared/index.ts';
import { SubjectList } from './subject-list.ts';
import { createChannelLogs, createChannelUpdates } from './updates/index.ts';
import { createSeeAllJob } from './see-all.ts';
import { UnreadVotes } from './unread-votes.ts';

/** All of the domain, as handlers and nodes call it: a property for each subject, such as `groups` or `search`. */
export interface Domain extends AsyncDisposable, Subjects {
  /** The background jobs of all subjects. Processes with the role `jobs` run them. */
  readonly jobKinds: readonly JobKind[];
}

type Subjects = Awaited<ReturnType<typeof createSubjects>>;

/**
 * Creates all subjects of the domain on one database and bus. It loads the language packs and secret keys and creates the service users.
 * @throws ConfigError when the operator's language packs are invalid
 */
export async function createDomain(means: DomainDeps): Promise<Domain> {
  const subjects = new SubjectList();
  const created = await createSubjects(subjects, means);
  subjects.complete(created.frames);
  return { ...created, jobKinds: subjects.jobKinds, [Symbol.asyncDispose]: () => subjects[Symbol.asyncDispose]() };
}

/**
 * Creates the subjects, lower ones first, so that each uses only those before it. A subject that has to call one after it declares a port, a function that is bound to its answer
 * where the other one is created. The list runs the jobs of what is added to it, and disposes of it at the end.
 */
async function createSubjects(subjects: SubjectList, means: DomainDeps) {
  const { ports } = subjects;
  const languages = await loadLanguages(means.config.langDir);
  // The search comes first because it watches the bus to see which boxes change.
  let touchNotices: Notices['touch'] = () => {};
  const { search, bus } = createSearch({ ...means, onBox: (owner, hint) => touchNotices(owner, hint) });
  subjects.add(search);
  const requestNotices = subjects.add(createRequestNotices({ ...means, bus }));
  const cardSender = means.homes && new CardSender({ ...means, homes: means.homes });
  const sentMacs = means.homes && createKeyedMac(await loadSecretKeys(means, 'sent_message'), SEAL_BYTES);
  const frameSeals = sentMacs && createFrameSeals(sentMacs);
  const deps = { ...means, bus, requestNotices, cardTeller: cardSender, ...createBoxWriter({ ...means, bus, insertArrivals, frameSeals }) };

  // Other data centres.
  const frames = new FrameApplier({ ...deps, frameSeals, homes: deps.homes ?? { dcOf: () => undefined } });
  const names = new Names(deps);
  new NameAnswers(deps).listen(subjects);
  const nameTeller = subjects.add(new NameTeller(deps));
  const laterTeller = deps.homes && cardSender && subjects.add(new LaterTeller({ ...deps, homes: deps.homes, cardSender }));

  // People, and the right to name peers.
  const postCounts = subjects.add(await createPostCounts(deps));
  const { signUpJob, ...accounts } = await createAccounts(subjects, { ...deps, cardSender });
  const peers = createAccessPeers({ ...accounts, clock: deps.clock, namesPeer: ports.open(NAMES_PEER) });
  const projector = createPeerProjector({ users: accounts.users, chats: accounts.chats });
  const findBots = async (userIds: Iterable<bigint>): Promise<bigint[]> => [...(await accounts.users.findRows(userIds)).values()].filter(({ bot }) => bot).map(({ user_id }) => user_id);
  const sendLimits = new SendLimits(deps, {
    users: accounts.users,
    chats: accounts.chats,
    botRows: accounts.botRows,
    noteWriting: (userId, peerId) => accounts.acceptance.doAcceptFrom(userId, [peerId]),
    mayAnswerRequest: (botId, userId) => mayAnswerRequest(deps.db, { botId, userId, nowDate: deps.clock.now() }),
  });

  // Contents of messages.
  const references = createFileReferences(deps.clock, await loadSecretKeys(deps, 'file_reference'));
  const links = createFileLinks(deps.clock, await loadSecretKeys(deps, FILE_LINK_KEYS));
  const bundled = new BundledFiles(accounts.accessHashes, deps.config);
  const filler = createMediaFiller(references, accounts.accessHashes);
  const messageFiller = createMessageFiller({ postCounts, threads: createThreadFiller(deps.db), media: filler, reactions: createReactionFiller({ ...accounts, db: deps.db }), polls: createPollFiller({ ...deps, chats: accounts.chats }) });
  const pollReaders = createPollReaders(deps);
  const polls = subjects.add(new Polls({ ...deps, chats: accounts.chats, readers: pollReaders, findReadId: ports.open(FIND_READ_ID), findBots }));
  const unreadVotes = subjects.add(new UnreadVotes({ db: deps.db, readers: pollReaders, polls, findBots }));
  const pagePhotos = createPagePhotos(deps);
  const webPages = subjects.add(createWebPages({ ...deps, messageFiller, pagePhotos, applyPage: ports.open(APPLY_PAGE) }));

  // Groups, channels and messages.
  const serviceChat = subjects.add(createServiceChat(deps));
  const groups = subjects.add(new Groups({ ...deps, ...accounts, sendLimits }));
  const postReactions = subjects.add(createPostReactions({ ...deps, ...accounts, sendLimits, noteReaction: ports.open(REACTION_NOTICES) }));
  const channels = subjects.add(createChannels({ ...deps, ...accounts, listPostsOf: search.listPostsOf, messageFiller, polls, media: filler, postReactions, sendLimits, projectPeers: projector.projectPeers, webPages, orderAnswers: ports.open(ORDER_ANSWERS) }));
  ports.bind(FIND_READ_ID, async ({ viewerId, peerId }) => (isMarkedChannel(peerId) ? channels.findReadId(viewerId, channelIdOf(peerId)) : undefined));
  const invites = subjects.add(new InviteLinks({ ...deps, ...accounts, groups, channels, sendLimits }));
  const leaveChats = subjects.add(createLeaveChats({ groups, channels }));
  const leavePlaces = subjects.add(createLeavePlaces({ groups, channels }));
  ports.bind(ORDER_LEAVING, leavePlaces.order);
  const replies = subjects.add(createReplies({ ...deps, ...accounts, postsOf: (groupId) => channels.at(groupId).posts }));
  ports.bind(ORDER_ANSWERS, replies.order);
  const messaging = createMessaging(subjects, { ...deps, sendNames: sentMacs && createSendNames(sentMacs), ...accounts, ...projector, messageFiller, polls, pagePhotos, webPages, accessUser: peers, serviceChat, sendLimits, orderFather: ports.open(ORDER_FATHER), channels });
  const { messages, dialogs, scheduled } = messaging;
  ports.bind(NAMES_PEER, ({ kind, viewerId, ...naming }) => (kind === 'channel' ? channels.namesPeer(viewerId, naming) : messages.namesPeer({ ownerId: viewerId, ...naming })));
  subjects.addJobs(createSeeAllJob({ messages, postReactions, unreadVotes }));
  const channelLogs = subjects.add(createChannelLogs(deps));
  const channelUpdates = subjects.add(createChannelUpdates({ ...deps, ...accounts, messageFiller, projectPeers: projector.projectPeers, projectDialog: (viewerId, channel) => dialogs.projectOfChannel(viewerId, channel) }));
  const sharedFolders = subjects.add(createSharedFolders({ ...deps, ...accounts, channels, groups, sendLimits }));

  // Files and photos.
  const files = subjects.add(new Files(deps, { accessHashes: accounts.accessHashes, references, links, filler, bundled, readOrigin: createReadOrigin({ ...accounts, db: deps.db, clock: deps.clock, channels, invites }), readPeerPhoto: createReadPeerPhoto({ ...accounts, db: deps.db, peers }), findSetPicture: (input) => findSetPicture({ ...accounts, db: deps.db }, input) }));
  const { photos } = files;
  const stickerSets = subjects.add(new StickerSets(deps, { ...accounts, bundled, filler, documents: files.setDocuments }));
  const profilePhotos = subjects.add(createProfilePhotos(deps, { ...accounts, photos }));
  const cardPhotos = subjects.add(createCardPhotos({ ...deps, cardSender }, { users: accounts.users, photos, pagePhotos }));
  ports.bind(ORDER_CARD_PHOTO, cardPhotos.order);
  const wallpapers = subjects.add(new Wallpapers(deps, { ...accounts, files, filler }));
  const secretChats = subjects.add(createSecretChats({ ...deps, orderNotices: ports.open(SECRET_NOTICES) }, { ...accounts, sendLimits, deviceLogs: messaging.deviceLogs, files: files.secret }));
  const webFiles = subjects.add(createWebFiles(deps, await loadWebFileSigner(deps)));
  const urlUploads = subjects.add(createUrlUploads(deps, files));
  const mediaInputs = subjects.add(createMediaInputs({ ...deps, messages: messaging.messages, files, urlUploads, polls }));

  // Log-in, and what operators do.
  const newcomers = subjects.add(createNewcomers({ channels }));
  const accountLimits = subjects.add(createAccountLimits({ ...deps, ...accounts, serviceChat, numberMacs: createKeyedMac(await loadSecretKeys(deps, 'kept_limit'), 16) }));
  const auth = subjects.add(
    createAuth(deps, {
      users: accounts.users,
      signUpJob,
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
    }),
  );
  subjects.addJobs(
    createOperatorJob({
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
    }),
    createAdminEventJob(deps.log),
    createNoticeJob({ ...deps, serviceChat }),
  );

  const calls = subjects.add(new Calls({ ...deps, ...accounts, sendLimits, orderNotices: ports.open(CALL_NOTICES) }));

  // Devices whose app is closed.
  const notices = subjects.add(await createNotices({ ...deps, ...accounts, pushSender: deps.pushSender?.(await loadSecretKeys(deps, 'vapid')), collapseOf: createKeyedMac(await loadSecretKeys(deps, 'notice_collapse'), 24) }));
  touchNotices = notices.touch;
  ports.bind(REACTION_NOTICES, notices.noteReaction);
  ports.bind(CALL_NOTICES, notices.orderCall);
  ports.bind(SECRET_NOTICES, notices.orderSecret);

  // Bots.
  const botQuestions = subjects.add(new BotQuestions(deps));
  const inlineIds = new InlineIds(await loadSecretKeys(deps, 'inline_message'), deps.config.homeDcId);
  const buttonPresses = subjects.add(new ButtonPresses({ ...deps, questions: botQuestions, inlineIds, users: accounts.users, channels, instanceKeys: await loadSecretKeys(deps, 'chat_instance'), askFather: ports.open(ASK_FATHER) }));
  subjects.addJobs(createBotEffectsJob(deps));
  const botFather = subjects.add(
    new BotFather({
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
    }),
  );
  ports.bind(ORDER_FATHER, (row) => botFather.hear(row));
  ports.bind(ASK_FATHER, (press) => botFather.doPress(press));

  return {
    ...accounts,
    ...messaging,
    projectPeers: projector.projectPeers,
    config: deps.config,
    /** The other data centres of the cluster; undefined if there are none. */
    homes: deps.homes,
    auth,
    calls,
    /** Notices for devices whose app is closed. */
    notices,
    peers,
    groups,
    channels,
    replies,
    invites,
    forwards: subjects.add(createForwards({ ...deps, ...accounts, channels, postCounts })),
    proximity: subjects.add(createProximity({ ...deps, ...accounts, messages, channels, search })),
    sharedFolders,
    linkPages: subjects.add(createLinkPages({ ...accounts, namesElsewhere: new NamesElsewhere({ names, users: accounts.users, clock: deps.clock }), sharedFolders, invites, stickerSets })),
    buttonPresses,
    botWebhooks: subjects.add(new BotWebhooks(deps)),
    botFiles: subjects.add(new BotFiles(deps, { accessHashes: accounts.accessHashes, references, links, files })),
    botQuestions,
    botUpdates: subjects.add(new BotUpdates(deps)),
    botGrants: subjects.add(new BotGrants({ ...deps, ...accounts, messages, photos })),
    inline: subjects.add(new InlineMode({ ...deps, ...accounts, questions: botQuestions, inlineIds, channels, messages, mediaInputs, files, webFiles, urlUploads, filler })),
    channelUpdates,
    channelLogs,
    postCounts,
    postReactions,
    search,
    publicPosts: subjects.add(createPublicPosts(deps)),
    webPages,
    files,
    stickerSets,
    secretChats,
    webFiles,
    urlUploads,
    mediaInputs,
    profilePhotos,
    contactPhotos: subjects.add(createContactPhotos({ ...deps, sendLimits }, { ...accounts, photos })),
    fallbackPhotos: subjects.add(createFallbackPhotos(deps, { ...accounts, photos })),
    support: subjects.add(new Support({ ...deps, users: accounts.users })),
    wallpapers,
    chatThemes: subjects.add(createChatThemes({ ...deps, sendLimits })),
    chatWallpapers: subjects.add(createChatWallpapers({ ...deps, sendLimits }, { filler, wallpapers })),
    messageFiller,
    polls,
    unreadVotes,
    languages,
    /** Who has phone numbers and usernames, here and in other data centres. */
    names,
    /** Tells the data centre that decides about names those of this one again, when that is due. */
    nameTeller,
    /** Tells other data centres what was put off while they were behind; undefined if there are none. */
    laterTeller,
    /** Applies what other data centres send. */
    frames,
    cdnNodes: deps.cdnNodes ?? NO_CDN_NODES,
    /** See `DomainDeps.dcAddresses`; there are none if the server is alone. */
    dcAddresses: deps.dcAddresses ?? { list: () => [] },
    cdn: subjects.add(new Cdn(deps, files, await loadSecretKeys(deps, 'cdn'))),
    /** What CDN nodes must forget. */
    cdnRevocations: createCdnRevocations(deps.db, deps.clock),
  };
}
