import { describe, expect, test } from 'vitest';
import { MISSING, useLibraries } from './libraries.ts';
import { tellStory, type Cast, type Stage } from './story.ts';

/**
 * Every pair of libraries once, covering all transports of each library: mtcute: intermediate, padded, obfuscated, WebSocket, each with and
 * without PFS somewhere; GramJS: full, abridged, obfuscated, WebSocket; Telethon: full, abridged, intermediate, obfuscated, HTTP; TDLib has
 * only its own (obfuscated and padded, always with PFS).
 */
const PAIRS: [Cast, Cast][] = [
  [{ library: 'mtcute', transport: 'intermediate' }, { library: 'mtcute', transport: 'websocket', pfs: true }],
  [{ library: 'mtcute', transport: 'padded' }, { library: 'gramjs', transport: 'full' }],
  [{ library: 'gramjs', transport: 'abridged' }, { library: 'mtcute', transport: 'obfuscated', pfs: true }],
  [{ library: 'gramjs', transport: 'websocket' }, { library: 'gramjs', transport: 'obfuscated' }],
  [{ library: 'mtcute', transport: 'websocket' }, { library: 'telethon', transport: 'full' }],
  [{ library: 'telethon', transport: 'abridged' }, { library: 'mtcute', transport: 'intermediate', pfs: true }],
  [{ library: 'gramjs', transport: 'full' }, { library: 'telethon', transport: 'intermediate' }],
  [{ library: 'telethon', transport: 'obfuscated' }, { library: 'gramjs', transport: 'websocket' }],
  [{ library: 'telethon', transport: 'http' }, { library: 'telethon', transport: 'full' }],
  [{ library: 'tdlib', transport: 'obfuscated' }, { library: 'tdlib', transport: 'obfuscated' }],
  [{ library: 'tdlib', transport: 'obfuscated' }, { library: 'gramjs', transport: 'abridged' }],
  [{ library: 'mtcute', transport: 'padded' }, { library: 'tdlib', transport: 'obfuscated' }],
];

/**
 * TDLib repeats the send that was under way when the server was killed; the difference may bring the message before the send is answered.
 */
const BY_THE_KILL = /process old updateSentMessage/;

const libraries = useLibraries({}, ['mtcute', 'gramjs', 'telethon', 'tdlib']);

function stage(): Stage {
  const { server, world, drivers } = libraries;
  return { server, drivers: Object.fromEntries(drivers) as Stage['drivers'], freshPhone: () => world.freshPhone() };
}

function nameOf(cast: Cast): string {
  return `${cast.library} (${cast.transport}${cast.pfs ? ', PFS' : ''})`;
}

describe('the same story with every pair of clients', () => {
  for (const [alice, bob] of PAIRS) {
    const missing = [alice, bob].map(({ library }) => MISSING[library]).find((what) => what !== undefined);
    const isPlayable = missing === undefined;
    const note = isPlayable ? '' : ` (skipped: ${missing})`;
    test.runIf(isPlayable)(`${nameOf(alice)} with ${nameOf(bob)}${note}`, async () => {
      const { server, drivers } = libraries;
      await tellStory(stage(), alice, bob).catch((error: Error) => {
        error.message += `\n--- the server's last words ---\n${server.output.slice(-2000)}`;
        throw error;
      });
      expect(server.output).not.toMatch(/unhandled|uncaught/i);
      if (![alice.library, bob.library].includes('tdlib')) return;
      const complaints = await drivers.get('tdlib')!.client('log').complaints();
      expect(complaints.filter((complaint) => !BY_THE_KILL.test(complaint))).toEqual([]);
    });
  }
});
