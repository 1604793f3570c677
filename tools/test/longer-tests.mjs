// Tests that `npm test` leaves to `.ci/run`: those that take ten seconds or more, and those of a subject whose main story
// another one shows. Each is played there once, on one version of PostgreSQL. A new test that takes as long belongs here too.
import { paths } from './paths.mjs';

/** Tests without a database that start processes, move megabytes, or look at very many inputs. */
export const LONGER_UNIT = paths({
  'packages/blob/test': ['uploads-memory', 'uploads-processes', 'uploads'],
  'packages/bus/test/nats': ['nats-interest'],
  'packages/gateway/test': ['attacks', 'hostile-parts', 'transports'],
  'packages/kit/test': ['control'],
  'packages/link/test': ['frames'],
  'packages/media/test': ['make-photo', 'media-facts', 'media-lane', 'photo-lane'],
  'packages/mtproto/test': ['transport'],
  'packages/web-fetch/test': ['fetch-page'],
});

/** Tests with a database, and scenarios. */
export const LONGER_TESTS = paths({
  'apps/cli/test/db': ['backup', 'program'],
  'packages/domain/test/db': ['acts-elsewhere', 'acts-returned', 'bots-elsewhere', 'card-races', 'clean-up', 'company', 'content-gate', 'file-collection', 'foreign-rows', 'group-polls', 'homes-differential', 'invitations', 'invite-races', 'join-decisions', 'keys-elsewhere', 'leaving-places', 'log-in-elsewhere', 'made-sets', 'names-authority', 'passkeys-elsewhere', 'public-index-races', 'races', 'restored-messages', 'rights-races', 'scheduled-races', 'search-everywhere', 'security', 'sends-elsewhere', 'stranger-places', 'told-bots', 'told-later', 'updates'],
  'packages/node/test/db': ['home-directory'],
  'packages/relay/test/db': ['frame-receiver', 'links', 'revoked-certificate', 'streams'],
  'packages/rpc-handlers/test/db': ['cdn', 'comment-rights', 'elsewhere', 'elsewhere-people', 'field-limits', 'foreign-messages', 'foreign-peers', 'hidden-from-bots', 'keys-elsewhere', 'limits', 'rights', 'stranger-ids'],
  'packages/storage/test/db': ['disk-full', 'embedded', 'failover', 'jobs', 'node-fence', 'nodes', 'retention', 'transact'],
  'tests/scenarios': ['admin-page', 'attached-stickers', 'bad-days', 'bot-api-front', 'bot-api-hostile', 'bot-hostile', 'bot-limits', 'bundled-stickers', 'call-crashes', 'channel-named-peers', 'channel-outsiders', 'channel-powers', 'channel-secrecy', 'cluster-limits', 'custom-emoji-uses', 'dcs', 'emoji-photos', 'emoji-statuses', 'file-rights', 'hostile-stickers', 'installed-stickers', 'kit-clock', 'layer-152', 'missing-master-key', 'polls-of-others', 'polls-secrecy', 'proximity', 'push-notices', 'repeats', 'reply-elsewhere', 'secret-crashes', 'secrets-in-logs', 'send-limits', 'sent-bundled-stickers', 'temporary-keys', 'testing-cloud', 'webhooks'],
  'tests/scenarios/client-boot': ['client-boot'],
});
