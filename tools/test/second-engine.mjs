// Scenarios that `.ci/run` also runs on Debian's PostgreSQL 15, the oldest version that the server supports. The tests of the database itself all run
// on both versions; from the scenarios come those in which the database is stopped, killed, restored or upgraded, and those that compare states.

/** A scenario whose text matches this depends on how the database ends and begins, so it must be in the list. */
export const DEPENDS_ON_ENGINE = /\bserver\.(restart|kill|killDatabase|killWorker)\(|\brun(Bot|File|Media)?Crashes\(|'(backup|restore)'/;

/** Paths of the files. */
export const SECOND_ENGINE_SCENARIOS = [
  'account-repeats',
  'bot-crashes',
  'bot-events',
  'bot-updates',
  'cdn-nodes',
  'channel-behind',
  'channel-scheduled',
  'crash',
  'far-behind',
  'faults',
  'file-crashes',
  'full-disk',
  'language-packs',
  'link-races',
  'lost-hints',
  'media-crashes',
  'message-ttl',
  'multi-device',
  'offline',
  'one-server',
  'operator',
  'operator-jobs-after-kill',
  'races',
  'repeat-after-kill',
  'repeats',
  'restore',
  'search',
  'secrets-in-logs',
  'sync-property',
  'test-server',
  'topic-marks',
  'webhooks',
  'workers',
].map((name) => `tests/scenarios/${name}.test.ts`);
