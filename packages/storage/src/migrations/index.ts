import { migration as foundation } from './0001-foundation.ts';
import { migration as accounts } from './0002-accounts.ts';
import { migration as messages } from './0003-messages.ts';
import { migration as security } from './0004-security.ts';
import { migration as people } from './0005-people.ts';
import { migration as search } from './0006-search.ts';
import { migration as contactWords } from './0007-contact-words.ts';
import { migration as chats } from './0008-chats.ts';
import { migration as awaitedNumbers } from './0009-awaited-numbers.ts';
import { migration as reactionNotices } from './0010-reaction-notices.ts';
import { migration as looseUpdates } from './0011-loose-updates.ts';
import { migration as chatTime } from './0012-chat-time.ts';
import { migration as accountSettings } from './0013-account-settings.ts';
import { migration as webPages } from './0014-web-pages.ts';
import { migration as chatExtras } from './0015-chat-extras.ts';
import { migration as savedTags } from './0016-saved-tags.ts';
import { migration as chatProtection } from './0017-chat-protection.ts';
import { migration as confirmedPositions } from './0018-confirmed-positions.ts';
import { migration as guestKeys } from './0019-guest-keys.ts';
import { migration as statistics } from './0020-statistics.ts';
import { migration as userWordsTogether } from './0021-user-words-together.ts';
import { migration as birthdays } from './0022-birthdays.ts';
import { migration as namesByOwner } from './0023-names-by-owner.ts';
import { migration as boundSecrets } from './0024-bound-secrets.ts';
import { migration as savedRead } from './0025-saved-read.ts';
import { migration as blockedNotMutual } from './0026-blocked-not-mutual.ts';
import { migration as servingNode } from './0027-serving-node.ts';
import { migration as randomUserIds } from './0028-random-user-ids.ts';
import { migration as loginOrder } from './0029-login-order.ts';
import { migration as noOutbox } from './0030-no-outbox.ts';
import { migration as refusedScheduled } from './0031-refused-scheduled.ts';
import { migration as groups } from './0032-groups.ts';
import { migration as mentions } from './0033-mentions.ts';
import { migration as channelMessages } from './0034-channel-messages.ts';
import { migration as channelGaps } from './0035-channel-gaps.ts';
import { migration as pinnedPosts } from './0036-pinned-posts.ts';
import { migration as channelSearch } from './0037-channel-search.ts';
import { migration as channelLogs } from './0038-channel-logs.ts';
import { migration as lifetimeDates } from './0039-lifetime-dates.ts';
import { migration as messageCounts } from './0040-message-counts.ts';
import { migration as sendAs } from './0041-send-as.ts';
import { migration as hiddenHistory } from './0042-hidden-history.ts';
import { migration as publicChannels } from './0043-public-channels.ts';
import { migration as channelReads } from './0044-channel-reads.ts';
import { migration as scheduledSendAs } from './0045-scheduled-send-as.ts';
import { migration as channelLooks } from './0046-channel-looks.ts';
import { migration as adminLog } from './0047-admin-log.ts';
import { migration as channelWords } from './0048-channel-words.ts';
import { migration as publicPosts } from './0049-public-posts.ts';
import { migration as sharedFolders } from './0050-shared-folders.ts';
import { migration as personalChannels } from './0051-personal-channels.ts';
import { migration as similarChannels } from './0052-similar-channels.ts';
import { migration as invites } from './0053-invites.ts';
import { migration as operators } from './0054-operators.ts';
import { migration as roleCounts } from './0055-role-counts.ts';
import { migration as reportQueue } from './0056-report-queue.ts';
import { migration as noMigratedMaxId } from './0057-no-migrated-max-id.ts';
import { migration as logParts } from './0058-log-parts.ts';
import { migration as linksOfBanned } from './0059-links-of-banned.ts';
import { migration as files } from './0060-files.ts';
import { migration as blobChecks } from './0061-blob-checks.ts';
import { migration as blobsByMasterKey } from './0062-blobs-by-master-key.ts';
import { migration as strayClaims } from './0063-stray-claims.ts';
import { migration as unsentFiles } from './0064-unsent-files.ts';
import { migration as documentHashes } from './0065-document-hashes.ts';
import { migration as knownStrays } from './0066-known-strays.ts';
import { migration as uploadShapes } from './0067-upload-shapes.ts';
import { migration as blobAttempts } from './0068-blob-attempts.ts';
import { migration as keptDocuments } from './0069-kept-documents.ts';
import { migration as heardPosts } from './0070-heard-posts.ts';
import { migration as blobModeration } from './0071-blob-moderation.ts';
import { migration as profilePhotos } from './0072-profile-photos.ts';
import { migration as fileHook } from './0073-file-hook.ts';
import { migration as chatPhotos } from './0074-chat-photos.ts';
import { migration as fallbackPhotos } from './0075-fallback-photos.ts';
import { migration as contactPhotos } from './0076-contact-photos.ts';
import { migration as wallpapers } from './0077-wallpapers.ts';
import { migration as pagePhotos } from './0078-page-photos.ts';
import { migration as videoAvatars } from './0079-video-avatars.ts';
import { migration as keptDates } from './0080-kept-dates.ts';
import { migration as cdnNodes } from './0081-cdn-nodes.ts';
import { migration as cdnFiles } from './0082-cdn-files.ts';
import { migration as unacceptedPlaces } from './0083-unaccepted-places.ts';
import { migration as seenPosts } from './0084-seen-posts.ts';
import { migration as availableReactions } from './0085-available-reactions.ts';
import { migration as leftByChoice } from './0086-left-by-choice.ts';
import { migration as shownAdders } from './0087-shown-adders.ts';
import { migration as bannedOwners } from './0088-banned-owners.ts';
import { migration as bots } from './0089-bots.ts';
import { migration as botQueries } from './0090-bot-queries.ts';
import { migration as botFather } from './0091-bot-father.ts';
import { migration as inline } from './0092-inline.ts';
import { migration as botInfo } from './0093-bot-info.ts';
import { migration as botPrivacy } from './0094-bot-privacy.ts';
import { migration as qts } from './0095-qts.ts';
import { migration as confirmedQts } from './0096-confirmed-qts.ts';
import { migration as botFiles } from './0097-bot-files.ts';
import { migration as botUpdates } from './0098-bot-updates.ts';
import { migration as botWebhooks } from './0099-bot-webhooks.ts';
import { migration as threads } from './0100-threads.ts';
import { migration as topics } from './0101-topics.ts';
import { migration as linkedChats } from './0102-linked-chats.ts';
import { migration as generalTopic } from './0103-general-topic.ts';
import { migration as topicsInUse } from './0104-topics-in-use.ts';
import type { Migration } from './migration.ts';

/** All migrations, in order. */
export const MIGRATIONS: readonly Migration[] = [
  foundation, accounts, messages, security, people, search, contactWords, chats, awaitedNumbers, reactionNotices, looseUpdates, chatTime, accountSettings, webPages,
  chatExtras, savedTags, chatProtection, confirmedPositions, guestKeys, statistics, userWordsTogether, birthdays, namesByOwner, boundSecrets, savedRead, blockedNotMutual, servingNode, randomUserIds, loginOrder, noOutbox,
  refusedScheduled, groups, mentions, channelMessages, channelGaps, pinnedPosts, channelSearch, channelLogs, lifetimeDates, messageCounts, sendAs, hiddenHistory, publicChannels, channelReads, scheduledSendAs, channelLooks,
  adminLog, channelWords, publicPosts, sharedFolders, personalChannels, similarChannels, invites, operators, roleCounts, reportQueue, noMigratedMaxId,
  logParts, linksOfBanned, files, blobChecks, blobsByMasterKey, strayClaims, unsentFiles, documentHashes, knownStrays, uploadShapes, blobAttempts, keptDocuments,
  heardPosts, blobModeration, profilePhotos, fileHook, chatPhotos, fallbackPhotos, contactPhotos, wallpapers, pagePhotos, videoAvatars, keptDates, cdnNodes, cdnFiles, unacceptedPlaces, seenPosts, availableReactions, leftByChoice, shownAdders, bannedOwners, bots, botQueries, botFather, inline, botInfo, botPrivacy, qts, confirmedQts, botFiles, botUpdates, botWebhooks, threads, topics, linkedChats, generalTopic, topicsInUse,
];

/** The version of a database to which all migrations were applied. */
export const SCHEMA_VERSION = MIGRATIONS.length;
