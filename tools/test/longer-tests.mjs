// Tests that `npm test` leaves to `.ci/run`: those that take ten seconds or more, and those of a subject whose main story
// another one shows. Each is played there once, on one version of PostgreSQL. A new test that takes as long belongs here too.

/** @param {Record<string, string[]>} folders names of files without `.test.ts`, by folder */
const paths = (folders) => Object.entries(folders).flatMap(([folder, names]) => names.map((name) => `${folder}/${name}.test.ts`));

/** Tests without a database that start processes, move megabytes, or look at very many inputs. */
export const LONGER_UNIT = paths({
  'packages/blob/test': ['uploads-memory', 'uploads-processes', 'uploads'],
  'packages/bus/test/nats': ['nats-away', 'nats-interest'],
  'packages/gateway/test': ['attacks', 'hostile-parts', 'transports'],
  'packages/kit/test': ['control'],
  'packages/link/test': ['frames'],
  'packages/media/test': ['make-avatar', 'make-photo', 'media-extras', 'media-facts', 'media-lane', 'photo-lane'],
  'packages/mtproto/test': ['transport'],
  'packages/web-fetch/test': ['fetch-page'],
  'tools/pictures/test': ['pictures'],
});

/** Tests with a database, and scenarios. */
export const LONGER_TESTS = paths({
  'apps/cli/test/db': ['homes', 'json', 'program'],
  'packages/domain/test/db': ['acts-elsewhere', 'acts-returned', 'admin-log', 'auth-log', 'blob-jobs', 'blob-moderation', 'bots-elsewhere', 'card-photos', 'card-races', 'cards', 'chat-photos', 'clean-up', 'comment-answers', 'company', 'content-gate', 'file-collection', 'foreign-rows', 'group-polls', 'homes-differential', 'invitation-links', 'invite-races', 'join-decisions', 'kept-documents', 'keys', 'keys-elsewhere', 'leaving-places', 'log-in-elsewhere', 'log-retention', 'long-rows', 'named-pages', 'names', 'names-authority', 'operated-accounts', 'operators', 'passkeys-elsewhere', 'people', 'photo-uploads', 'poll-media', 'polls', 'post-counts', 'posts-of', 'profile-photos', 'public-index-races', 'public-posts', 'races', 'reports', 'restored-messages', 'rights-races', 'scheduled-races', 'scheduled-unsent', 'search-everywhere', 'security', 'send-limits', 'sends-elsewhere', 'server-figures', 'stranger-places', 'told-bots', 'told-later', 'topic-marks', 'unsent-files', 'updates', 'video-avatars', 'wallpapers', 'web-files', 'web-pages'],
  'packages/node/test/db': ['home-directory', 'open-cdn'],
  'packages/relay/test/db': ['frame-receiver', 'links', 'revoked-certificate', 'streams'],
  'packages/rpc-handlers/test/db': ['cdn', 'comment-rights', 'elsewhere', 'elsewhere-people', 'field-limits', 'foreign-messages', 'foreign-peers', 'hidden-from-bots', 'keys-elsewhere', 'rights', 'stranger-ids'],
  'packages/storage/test/db': ['disk-full', 'embedded', 'failover', 'jobs', 'membership', 'node-fence', 'nodes', 'retention', 'transact'],
  'tests/scenarios': ['account-repeats', 'admin-log', 'admin-page', 'albums', 'app-settings', 'archive', 'bad-days', 'bot-api-chats', 'bot-api-equal', 'bot-api-front', 'bot-api-hostile', 'bot-api-local', 'bot-api-threads', 'bot-father', 'bot-hostile', 'bot-info', 'bot-inline', 'bot-keyboards', 'bot-limits', 'bot-reactions', 'bot-requested-peer', 'cdn-reader', 'channel-chores', 'channel-clearing', 'channel-forwards', 'channel-history', 'channel-lifetime', 'channel-mentions', 'channel-named-peers', 'channel-names', 'channel-outsiders', 'channel-owner', 'channel-participants', 'channel-pins', 'channel-powers', 'channel-previews', 'channel-readers', 'channel-search', 'channel-secrecy', 'channel-send-as', 'channel-toggles', 'channel-views', 'chat-wallpapers', 'checklists', 'cluster-bots', 'cluster-limits', 'commenters', 'company', 'contact-photos', 'dcs', 'exported-account', 'failover', 'file-limit', 'file-links', 'file-origins', 'file-rights', 'find-chats', 'group-creator', 'group-mentions', 'group-settings', 'invite-errors', 'invite-makers', 'kept-documents', 'kit-clock', 'language-packs', 'layer-152', 'link-pages', 'message-ttl', 'missing-master-key', 'operator-marks', 'operators-guide', 'personal-channel', 'played-media', 'polls-of-others', 'polls-secrecy', 'proximity', 'recommendations', 'repeats', 'reply-elsewhere', 'secrets-in-logs', 'send-limits', 'shown-media', 'stickers', 'support-accounts', 'temporary-keys', 'testing-cloud', 'thumbnails', 'topics-in-use', 'wallpapers', 'web-files', 'webhooks'],
  'tests/scenarios/client-boot': ['client-boot'],
});
