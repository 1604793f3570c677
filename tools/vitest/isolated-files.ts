// Test files that need a process of their own. All others of their project share processes, in which the modules of the server are loaded once.

/** By project of vitest.config.ts: each file, with the reason. */
export const ISOLATED_FILES: Record<string, Record<string, string>> = {
  unit: {
    'apps/web/test/manage.test.ts': 'loads parts of the page that look at the document from time to time, which is there in this file only',
    'apps/web/test/poll-file.test.ts': 'replaces the link to the worker, which other files have loaded already',
    'apps/web/test/worker.test.ts': 'replaces the module that connects, and `fetch`',
    'packages/crypto/test/rsa-pad-time.test.ts': 'replaces the module of hashes, which other files have loaded already',
    'packages/domain/test/detect-entities.test.ts': 'replaces the library of phone numbers, which other files have loaded already',
    'tools/pictures/test/pictures.test.ts': 'draws SVG pictures, which the server forbids to sharp in the whole process',
  },
};
