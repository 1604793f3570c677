// Tests that `npm test` leaves to `.ci/run`: those that take ten seconds or more, and those of a subject whose main story
// another one shows. Each is played there once, on one version of PostgreSQL. A new test that takes as long belongs here too.
import { paths } from './paths.mjs';

/** Tests without a database that start processes, move megabytes, or look at very many inputs. */
export const LONGER_UNIT = paths({
  'packages/blob/test': ['copy-blobs', 's3-store', 'uploads', 'uploads-memory', 'uploads-processes'],
  'packages/bus/test/nats': ['nats-bus', 'nats-interest'],
  'packages/cdn-origin/test': ['origin-nodes'],
  'packages/cluster/test': ['owners'],
  'packages/gateway/test': ['attacks', 'hostile-parts', 'parts-both-ways', 'transports'],
  'packages/kit/test': ['control'],
  'packages/link/test': ['frames', 'link-http'],
  'packages/media/test': ['hostile-animations', 'make-photo', 'media-facts', 'media-lane', 'photo-lane'],
  'packages/mtproto/test': ['transport'],
  'packages/tl-compat/test': ['properties'],
  'packages/web-fetch/test': ['fetch-page'],
});

/** Tests with a database, and scenarios. */
export const LONGER_TESTS = paths({
  'apps/cli/test/db': ['backup', 'program'],
  'packages/domain/test/db': ['acts-elsewhere', 'acts-returned', 'admins', 'bot-files', 'bots-elsewhere', 'call-races', 'card-races', 'channel-count', 'clean-up', 'commenters', 'company', 'content-gate', 'discussions', 'document-facts', 'file-collection', 'foreign-rows', 'group-polls', 'homes-differential', 'hostile-cards', 'invitations', 'invite-races', 'join-decisions', 'keys-elsewhere', 'leaving-places', 'log-in-elsewhere', 'made-sets', 'names-authority', 'passkeys-elsewhere', 'public-index-races', 'qts', 'races', 'restored-messages', 'rights-races', 'scheduled-races', 'search-everywhere', 'security', 'sends-elsewhere', 'stranger-places', 'told-bots', 'told-later', 'updates'],
  'packages/node/test/db': ['home-directory', 'open-server-keys', 'shared-leases'],
  'packages/relay/test/db': ['links', 'stolen-certificate', 'streams'],
  'packages/rpc-handlers/test/db': ['cdn', 'comment-rights', 'elsewhere', 'elsewhere-people', 'field-limits', 'foreign-messages', 'foreign-peers', 'hidden-from-bots', 'keys-elsewhere', 'limits', 'rights', 'stranger-ids'],
  'packages/storage/test/db': ['disk-full', 'embedded', 'failover', 'home-frames', 'jobs', 'known-database', 'leases', 'node-fence', 'nodes', 'retention', 'transact'],
  'tests/scenarios': ['bot-api-hostile', 'bot-api-stickers', 'bot-hostile', 'bot-privacy', 'cdn-node', 'channel-outsiders', 'channel-secrecy', 'chat-themes', 'cluster-limits', 'connections', 'dcs', 'file-rights', 'group-errors', 'installed-stickers', 'invitation-links', 'kit-clock', 'kit-people', 'layer-152', 'link-previews', 'long-packets', 'made-stickers', 'migration', 'missing-master-key', 'photo-errors', 'polls-of-others', 'polls-secrecy', 'protected-chats', 'proximity', 'push-log', 'push-notices', 'push-phones', 'repeats', 'scheduled', 'secret-crashes', 'secrets-in-logs', 'send-limits', 'sticker-laws', 'temporary-keys', 'testing-cloud', 'threads', 'webhooks'],
  'tests/scenarios/client-forms': ['client-forms'],
});
