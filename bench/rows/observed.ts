import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BOUNDS } from '../bounds.ts';
import { cpuRatio, sendInTurns, WARM_UP } from '../in-turns.ts';
import type { BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const SENDERS = 64;
/** What both carry with ease: CPU time a message is compared. */
const PER_SECOND = 1000;

/** A collector of traces that reads what it gets and keeps nothing. */
async function startCollector(): Promise<{ url: string; requests: () => number } & AsyncDisposable> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume().once('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** The same sends to a server without log and traces, and to one with both as they are by default once a collector is set; measured in turns. */
export async function benchObserved(options: BenchOptions): Promise<Row[]> {
  const { profileDir, pairs } = options;
  await using collector = await startCollector();
  const withEnv = <T>(env: Record<string, string>, run: (bench: ServerBench) => Promise<T>): Promise<T> => withServer({ profileDir, env }, run);
  return await withEnv({ AEROGRAM_LOG_LEVEL: 'silent' }, (off) => withEnv({ AEROGRAM_LOG_LEVEL: 'info', AEROGRAM_OTLP_ENDPOINT: collector.url }, async (on) => {
    for (const { generator, server } of [off, on]) await generator.run({ do: 'sign-up', server: server.info, accounts: SENDERS * 2 });
    const ways = [{ name: 'neither log nor traces', bench: off }, { name: 'log, and traces of a tenth', bench: on }] as const;
    const rows = await sendInTurns(ways, { what: `64 → 64 at ${PER_SECOND}/s`, senders: SENDERS, pace: { perSecond: PER_SECOND }, warmUp: WARM_UP }, options);
    if (collector.requests() === 0) throw new Error('the collector got no traces');
    return [...rows, { name: `with log and traces / without, medians of ${pairs} pairs`, ratios: [{ ...BOUNDS.observedCpu, value: cpuRatio(rows) }] }];
  }));
}
