import { rpcError } from '@aerogram/errors';
import type { JobKind } from '@aerogram/storage';

import { type AccessPeers, createAccessPeers, refuseChannelsYet } from './access/index.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import type { Auth } from './auth/index.ts';
import { type Channels, createChannels } from './channels/index.ts';
import { createBoxWriter } from './events/index.ts';
import { createFiles, type Files } from './files/index.ts';
import { createGroups, type Groups } from './groups/index.ts';
import { type Languages, loadLanguages } from './languages/index.ts';
import { insertArrivals } from './messages/index.ts';
import { createMessaging, type Messaging } from './messaging.ts';
import { createSendLimits } from './moderation/index.ts';
import { createPeerProjector, type PeerProjector } from './peers/index.ts';
import { createSearch, type Search } from './search/index.ts';
import { createServiceChat } from './service/index.ts';
import type { DomainDeps } from './shared/index.ts';
import { type ChannelUpdates, createChannelUpdates } from './updates/index.ts';

/** The messenger: one property for each part of the domain. */
export interface Domain extends AsyncDisposable, Pick<PeerProjector, 'projectPeers'>, Omit<Accounts, 'createAuth' | 'signUpJob' | typeof Symbol.asyncDispose> {
  readonly config: DomainDeps['config'];
  readonly auth: Auth;
  readonly peers: AccessPeers;
  readonly messages: Messaging['messages'];
  readonly groups: Groups;
  readonly channels: Channels;
  readonly dialogs: Messaging['dialogs'];
  readonly filters: Messaging['filters'];
  readonly scheduled: Messaging['scheduled'];
  readonly saved: Messaging['saved'];
  readonly reactions: Messaging['reactions'];
  readonly protection: Messaging['protection'];
  readonly ttl: Messaging['ttl'];
  readonly typing: Messaging['typing'];
  readonly updates: Messaging['updates'];
  readonly channelUpdates: ChannelUpdates;
  readonly positions: Messaging['positions'];
  readonly search: Search;
  readonly webPages: Messaging['webPages'];
  readonly files: Files;
  readonly languages: Languages;
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
  const deps = { ...means, bus, ...createBoxWriter({ ...means, bus, insertArrivals }) };
  const accounts = await createAccounts(deps);
  const peers = createAccessPeers({
    ...accounts,
    clock: deps.clock,
    async namesPeer(viewerId, peer, msgId, namedId) {
      // No client nests these, and each level would cost a query.
      if (peer._.endsWith('FromMessage')) throw rpcError('PEER_ID_INVALID');
      const { peerId } = refuseChannelsYet(await peers.accessInputPeer(viewerId, peer));
      return messaging.messages.namesPeer({ viewerId, peerId, msgId, namedId });
    },
  });
  const serviceChat = createServiceChat(deps);
  const projector = createPeerProjector({ users: accounts.users, chats: accounts.chats });
  const messaging = createMessaging({ ...deps, ...accounts, ...projector, accessUser: peers, serviceChat, sendLimits: createSendLimits(deps, accounts) });
  const { messages, dialogs, filters, scheduled, saved, reactions, protection, ttl, typing, updates, positions } = messaging;
  const groups = createGroups({ ...deps, ...accounts });
  const channels = createChannels({ ...deps, ...accounts, projectPeers: projector.projectPeers });
  const channelUpdates = createChannelUpdates({ ...deps, ...accounts, projectPeers: projector.projectPeers, projectDialog: dialogs.projectOfChannel });
  const auth = accounts.createAuth({ serviceChat, stopScheduled: scheduled.doStop, orderHandOver: groups.orderHandOver });
  return {
    ...accounts,
    projectPeers: projector.projectPeers,
    config: deps.config,
    auth,
    peers,
    messages,
    groups,
    channels,
    dialogs,
    filters,
    scheduled,
    saved,
    reactions,
    protection,
    ttl,
    typing,
    updates,
    channelUpdates,
    positions,
    search,
    webPages: messaging.webPages,
    files: createFiles(deps, accounts.accessHashes),
    languages,
    jobKinds: [...messaging.jobKinds, ...groups.jobKinds, ...auth.jobKinds, ...search.jobKinds, accounts.signUpJob, serviceChat.jobKind],
    async [Symbol.asyncDispose]() {
      await auth[Symbol.asyncDispose]();
      await messaging[Symbol.asyncDispose]();
      await search[Symbol.asyncDispose]();
      await accounts[Symbol.asyncDispose]();
    },
  };
}

export { newPasswordAlgo, passwordAlgo } from './auth/index.ts';
export { doBanPhone } from './auth/index.ts';
export type { ConnectionInit, KeyState } from './auth/index.ts';
export { EMAIL_CODE_LENGTH } from './auth/index.ts';
export { emailPattern } from './auth/index.ts';
export type { LoginDevice } from './auth/index.ts';
export type { UserKey } from './shared/index.ts';
export type { Prover } from './auth/index.ts';
export type { SentCode } from './auth/index.ts';
export { CODE_LENGTH } from './auth/index.ts';
export { cleanLine, findNormalPhone, normalizePhone } from './peers/index.ts';
export { loadLanguages, type OfferedLanguage } from './languages/index.ts';
export { projectLangText } from './languages/index.ts';
export type { PresenceSign } from './users/index.ts';
export type { AutoSaveScope } from './settings/index.ts';
export type { BoxEvent, BoxHint, BoxPosition, LoggedUpdateEvent, Origin, TransientHint, UserHint } from './events/index.ts';
export { onUserHint } from './events/index.ts';
export type { BoxReach, KnownPositions } from './updates/index.ts';
export type { Contacts } from './contacts/index.ts';
export { searchUsers } from './contacts/index.ts';
export { type PeriodQuota, QUOTA_CHANNEL, type QuotaName, QUOTAS, type RefillQuota } from './shared/index.ts';
export type { CodeDelivery, CodeWay, DomainConfig, DomainDeps, OutgoingCode, OutgoingEmail } from './shared/index.ts';
export type { Notifications, NotifyScope } from './notifications/index.ts';
export { hasFlag, MessageFlag, type MessageRow } from './events/index.ts';
export { entitiesOf, unpackMessageExtra } from './events/index.ts';
export { accessReaction } from './reactions/index.ts';
export { DEFAULT_REACTION, KNOWN_REACTIONS } from './files/index.ts';
export { projectTtl } from './messages/index.ts';
export type { OutgoingReply } from './messages/index.ts';
export { prepareText } from './messages/index.ts';
export { projectMessage, projectMissing } from './messages/index.ts';
export { markedOffsetPeer, PeerSet } from './peers/index.ts';
export { accessDialogPeer, inputPeerOf, refuseChannelsYet, refuseGroupsYet } from './access/index.ts';
export type { BoxPeer, ResolvedChannel, ResolvedChat, ResolvedPeer, ResolvedUser } from './access/index.ts';
export type { SavedDialog } from './saved/index.ts';
export { projectScheduled, UNTIL_ONLINE_DATE } from './messages/index.ts';
export type { Schedule } from './scheduled/index.ts';
export type { ScheduledRow } from './messages/index.ts';
export type { Users } from './users/index.ts';
export { indexAllBehind, rebuildSearch } from './search/index.ts';
export type { MessageKind } from './search/index.ts';
export type { MatchQuery, MessageMatches, MessageQuery, PeerKind } from './search/index.ts';
export type { UserRow } from './peers/index.ts';
export { findFirstUrl, showsUrl } from './web-pages/index.ts';
export { normalizeUrl } from './shared/index.ts';
export type { FetchedPage } from './shared/index.ts';
export type { PageFetcher } from './shared/index.ts';
export type { PreviewStyle } from './web-pages/index.ts';
export type { MediaEdit } from './messages/index.ts';
export { MESSAGE_LENGTH_MAX, type FormattedText } from './messages/index.ts';
export { LANGUAGE_MAX, READ_DATES_KEPT_S, READERS_MEMBERS_MAX, URL_MAX } from './messages/index.ts';
export type { TextMessage } from './messages/index.ts';
export { DICE } from './files/index.ts';
export { isLive } from './messages/index.ts';
export { isVisibleText } from './shared/index.ts';
export { cutToBytes } from './messages/index.ts';
export type { GroupOutcome, Invitation } from './groups/index.ts';
export type { GroupActing } from './groups/index.ts';
export { type ChannelActing, type ChannelInvitation, type ChannelOutcome, newPostUpdate, type ParticipantFilter, projectPost } from './channels/index.ts';
export type { ChannelUpdates } from './updates/index.ts';
export { onChannelHint, type PostRow } from './events/index.ts';
