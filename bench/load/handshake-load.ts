import { makeKeyWith, type ServerInfo } from '@aerogram/dev-env/load';
import { type Outcome, sourceAddress } from './outcome.ts';

/** Creates new authorization keys, each over a separate connection, `parallel` at once. */
export async function makeKeys(server: ServerInfo, ms: number, parallel: number): Promise<Outcome> {
  const ackMs: number[] = [];
  const started = performance.now();
  await Promise.all(Array.from({ length: parallel }, async (_, lane) => {
    while (performance.now() - started < ms) {
      const at = performance.now();
      await makeKeyWith(server, sourceAddress(lane));
      ackMs.push(performance.now() - at);
    }
  }));
  return { operations: ackMs.length, elapsedMs: performance.now() - started, ackMs };
}
