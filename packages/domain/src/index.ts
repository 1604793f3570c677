import type { JobKind } from '@aerogram/storage';

import { type Accounts, createAccounts } from './accounts.ts';
import type { Auth } from './auth/auth.ts';
import type { DomainDeps } from './deps.ts';
import { createFiles, type Files } from './files/files.ts';
import { type Languages, loadLanguages } from './languages/languages.ts';
import { insertArrivals } from './messages/message-store.ts';
import { createMessaging, type Messaging } from './messaging.ts';
import { type AccessUser, createAccessUser } from './peers/access-user.ts';
import type { AccessInputPeer } from './peers/resolved-peer.ts';
import { createSearch, type Search } from './search/search.ts';
import { createSendLimits } from './moderation/send-limits.ts';
import { createServiceChat } from './service/service-chat.ts';
import { createBoxWriter } from './updates/box-writer.ts';

/** The messenger itself, one object a subject. */
export interface Domain extends AsyncDisposable, Omit<Accounts, 'createAuth' | 'signUpJob' | typeof Symbol.asyncDispose> {
  readonly config: DomainDeps['config'];
  readonly auth: Auth;
  readonly peers: AccessUser & { accessInputPeer: AccessInputPeer };
  readonly messages: Messaging['messages'];
  readonly dialogs: Messaging['dialogs'];
  readonly filters: Messaging['filters'];
  readonly scheduled: Messaging['scheduled'];
  readonly saved: Messaging['saved'];
  readonly reactions: Messaging['reactions'];
  readonly protection: Messaging['protection'];
  readonly ttl: Messaging['ttl'];
  readonly typing: Messaging['typing'];
  readonly updates: Messaging['updates'];
  readonly positions: Messaging['positions'];
  readonly search: Search;
  readonly webPages: Messaging['webPages'];
  readonly files: Files;
  readonly languages: Languages;
  /** What is done later, by whichever node has the role `jobs`; each subject adds its own. */
  readonly jobKinds: readonly JobKind[];
}

/**
 * Builds all subjects over one database and bus. Reads the language packs and the DC's secrets, and seeds service users.
 * @throws ConfigError when the operator's language packs cannot be used
 */
export async function createDomain(means: DomainDeps): Promise<Domain> {
  const languages = await loadLanguages(means.config.langDir);
  const { search, bus } = createSearch(means);
  const deps = { ...means, bus, ...createBoxWriter({ ...means, bus, insertArrivals }) };
  const accounts = await createAccounts(deps);
  const accessUser = createAccessUser({
    ...accounts,
    async namesUser(viewerId, peer, msgId, userId) {
      const { peerId } = await messaging.accessInputPeer(viewerId, peer);
      return messaging.messages.namesUser(viewerId, peerId, msgId, userId);
    },
  });
  const serviceChat = createServiceChat(deps);
  const messaging = createMessaging({ ...deps, ...accounts, accessUser, serviceChat, sendLimits: createSendLimits(deps, accounts) });
  const { messages, dialogs, filters, scheduled, saved, reactions, protection, ttl, typing, updates, positions } = messaging;
  const auth = accounts.createAuth(serviceChat);
  return {
    ...accounts,
    config: deps.config,
    auth,
    peers: { ...accessUser, accessInputPeer: messaging.accessInputPeer },
    messages,
    dialogs,
    filters,
    scheduled,
    saved,
    reactions,
    protection,
    ttl,
    typing,
    updates,
    positions,
    search,
    webPages: messaging.webPages,
    files: createFiles(deps, accounts.accessHashes),
    languages,
    jobKinds: [...messaging.jobKinds, ...auth.jobKinds, ...search.jobKinds, accounts.signUpJob, serviceChat.jobKind],
    async [Symbol.asyncDispose]() {
      await auth[Symbol.asyncDispose]();
      await messaging[Symbol.asyncDispose]();
      await search[Symbol.asyncDispose]();
      await accounts[Symbol.asyncDispose]();
    },
  };
}

export { newPasswordAlgo, passwordAlgo } from './auth/check-new-password.ts';
export { doBanPhone } from './auth/ban-phone.ts';
export type { ConnectionInit, KeyState } from './auth/key-state.ts';
export { EMAIL_CODE_LENGTH } from './auth/email-code-store.ts';
export { emailPattern } from './auth/email-address.ts';
export type { LoginDevice } from './auth/log-in.ts';
export type { UserKey } from './user-key.ts';
export type { Prover } from './auth/password-proof.ts';
export type { SentCode } from './auth/code-sender.ts';
export { CODE_LENGTH } from './auth/code-sender.ts';
export { findNormalPhone, normalizePhone } from './auth/phone-number.ts';
export { loadLanguages, type OfferedLanguage } from './languages/languages.ts';
export { projectLangText } from './languages/lang-text.ts';
export type { PresenceSign } from './users/presence.ts';
export type { AutoSaveScope } from './settings/app-settings.ts';
export type { BoxEvent, BoxHint, BoxPosition, LoggedUpdateEvent, Origin, TransientHint, UserHint } from './updates/box-event.ts';
export type { BoxReach, KnownPositions } from './updates/list-events.ts';
export type { Contacts } from './contacts/contacts.ts';
export { searchUsers } from './contacts/search-users.ts';
export type { CodeDelivery, CodeWay, DomainConfig, DomainDeps, OutgoingCode, OutgoingEmail } from './deps.ts';
export type { Notifications, NotifyScope } from './notifications/notify-settings.ts';
export { hasFlag, MessageFlag, type MessageRow } from './messages/message-row.ts';
export { entitiesOf, unpackMessageExtra } from './messages/message-extra.ts';
export { accessReaction } from './messages/reactions.ts';
export { DEFAULT_REACTION, KNOWN_REACTIONS } from './messages/known-reactions.ts';
export { projectTtl } from './messages/arrival-terms.ts';
export type { OutgoingReply } from './messages/outgoing.ts';
export { prepareText } from './messages/messages.ts';
export { projectMessage, projectMissing } from './messages/project-message.ts';
export { placeOfPeer } from './peers/place-of-peer.ts';
export { accessDialogPeer, type ResolvedPeer } from './peers/resolved-peer.ts';
export type { SavedDialog } from './saved/saved.ts';
export { projectScheduled, UNTIL_ONLINE_DATE } from './scheduled/project-scheduled.ts';
export type { Schedule } from './scheduled/scheduled.ts';
export type { ScheduledRow } from './scheduled/scheduled-store.ts';
export type { Users } from './users/users.ts';
export { indexAllBehind, rebuildSearch } from './search/index-messages.ts';
export type { MessageKind } from './search/message-terms.ts';
export type { MatchQuery, MessageMatches, MessageQuery, PeerKind } from './search/search-messages.ts';
export type { UserRow } from './users/user-row.ts';
export { findFirstUrl, showsUrl } from './web-pages/first-url.ts';
export { normalizeUrl } from './normalize-url.ts';
export type { FetchedPage } from './page-fetcher.ts';
export type { PageFetcher } from './page-fetcher.ts';
export type { PreviewStyle } from './web-pages/web-pages.ts';
export type { MediaEdit } from './messages/edit-media.ts';
export { MESSAGE_LENGTH_MAX, type FormattedText } from './messages/check-text.ts';
export { LANGUAGE_MAX, URL_MAX } from './messages/rebuild-entities.ts';
export type { TextMessage } from './messages/messages.ts';
export { DICE } from './messages/dice.ts';
export { isLive } from './messages/live-location.ts';
export { isVisibleText } from './visible-text.ts';
export { cutToBytes } from './messages/cut-to-bytes.ts';
