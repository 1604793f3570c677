// Tests that `npm test` leaves to `.ci/run`: those that take ten seconds or more, as far as a shorter one shows the main story of their subject. Each is
// played there once, on one version of PostgreSQL. A new test that takes as long belongs here too.

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
  'packages/domain/test/db': ['blob-jobs', 'card-races', 'cards', 'chat-photos', 'clean-up', 'content-gate', 'file-collection', 'homes-differential', 'invitation-links', 'invite-races', 'keys', 'leaving-places', 'log-retention', 'long-rows', 'names-authority', 'names', 'operated-accounts', 'operators', 'people', 'photo-uploads', 'poll-media', 'polls', 'profile-photos', 'reports', 'restored-messages', 'rights-races', 'scheduled-races', 'scheduled-unsent', 'security', 'send-limits', 'sends-elsewhere', 'server-figures', 'stranger-places', 'told-bots', 'told-later', 'topic-marks', 'unsent-files', 'updates', 'video-avatars', 'web-pages'],
  'packages/node/test/db': ['home-directory', 'open-cdn'],
  'packages/relay/test/db': ['frame-receiver', 'links', 'revoked-certificate'],
  'packages/rpc-handlers/test/db': ['cdn', 'comment-rights', 'field-limits', 'foreign-peers', 'hidden-from-bots', 'rights', 'stranger-ids'],
  'packages/storage/test/db': ['disk-full', 'embedded', 'failover', 'jobs', 'membership', 'node-fence', 'nodes', 'retention', 'transact'],
  'tests/scenarios': ['account-repeats', 'admin-log', 'admin-page', 'albums', 'app-settings', 'archive', 'bad-days', 'bot-api-chats', 'bot-api-equal', 'bot-api-front', 'bot-api-hostile', 'bot-api-local', 'bot-father', 'bot-hostile', 'channel-chores', 'channel-forwards', 'channel-lifetime', 'channel-mentions', 'channel-names', 'channel-outsiders', 'channel-participants', 'channel-send-as', 'checklists', 'file-limit', 'file-origins', 'group-creator', 'group-settings', 'kept-documents', 'operators-guide', 'played-media', 'repeats', 'send-limits', 'stickers', 'testing-cloud', 'wallpapers', 'webhooks'],
  'tests/scenarios/client-boot': ['client-boot'],
});
