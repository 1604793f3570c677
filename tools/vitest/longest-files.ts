/** The files that take longest, the longest first, as the test commands print them. A rough order is enough. */
export const LONGEST_FILES: readonly string[] = [
  'tests/scenarios/media-crashes.test.ts',
  'tests/scenarios/faults.test.ts',
  'tests/scenarios/repeat-after-kill.test.ts',
  'tests/scenarios/one-server.test.ts',
  'packages/storage/test/db/embedded.test.ts',
  'tests/scenarios/cluster-crashes.test.ts',
  'tests/scenarios/client-boot/client-boot.test.ts',
  'tests/scenarios/file-crashes.test.ts',
  'tests/scenarios/cdn-nodes.test.ts',
  'tests/scenarios/far-behind.test.ts',
  'tests/scenarios/restore.test.ts',
  'packages/storage/test/db/membership.test.ts',
  'apps/cli/test/db/backup.test.ts',
];
