import { performance } from 'node:perf_hooks';
import { describe, expect, test } from 'vitest';
import { MISSING, useLibraries } from './libraries.ts';
import { closeAll, enterPair } from './people-of-libraries.ts';

const libraries = useLibraries({}, ['mtcute', 'gramjs', 'telethon', 'tdlib']);

/** A call that waits for one that cannot come used to wait so long, in milliseconds. */
const IN_VAIN_MS = 10_000;

describe('texts that come one after another while the server begins anew, with other salts and without its sessions', () => {
  for (const library of ['mtcute', 'gramjs', 'telethon', 'tdlib'] as const) {
    const missing = MISSING[library];
    test.runIf(missing === undefined)(`are all sent once, and nobody sees an error: ${library}${missing === undefined ? '' : ` (skipped: ${missing})`}`, async () => {
      const [alice, bob] = await enterPair(libraries, library, library);
      const sent: string[] = [];
      const sendAll = async (when: string): Promise<void> => {
        const texts = Array.from({ length: 4 }, (_, at) => `${when} ${at}`);
        sent.push(...texts);
        await alice.client.sendAll({ peer: bob.id, texts });
      };
      await sendAll('before');
      await libraries.server.kill('SIGKILL');
      const waiting = sendAll('meanwhile');
      await libraries.server.start(libraries.db.url);
      const sinceMs = performance.now();
      await waiting;
      await sendAll('after');
      await sendAll('at last');
      expect(performance.now() - sinceMs).toBeLessThan(IN_VAIN_MS);
      const history = await alice.client.history({ peer: bob.id, limit: 50 });
      expect(history.map(({ text }) => text).sort()).toEqual(sent.sort());
      await closeAll(alice, bob);
    });
  }
});
