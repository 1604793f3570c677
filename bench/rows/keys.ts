import { GeneratorProcess } from '../load/generator-process.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { quantiles, type Row } from '../row.ts';
import { withServer } from '../server-bench.ts';

const SENDERS = 16;
/** Messages a second while keys are made: what a busy hour of some hundred thousand people comes to. */
const SENDS = 300;

/** New authorization keys over sockets, each on a connection of its own: alone, and while messages are sent. */
export async function benchKeys({ seconds, profileDir }: BenchOptions): Promise<Row[]> {
  return withServer({ profileDir }, async (bench) => {
    const ms = seconds * 1000;
    const server = bench.server.info;
    const makeKeys = { do: 'make-keys', server, ms, parallel: 8 } as const;
    const { row: alone } = await measure(bench, 'new keys over sockets, 8 at once', 'keys', makeKeys);
    alone.target = { of: 'rate', value: 200 };

    await using sender = new GeneratorProcess();
    await sender.run({ do: 'sign-up', server, accounts: SENDERS * 2 });
    const sends = sender.run({ do: 'send', ms, senders: SENDERS, pace: { perSecond: SENDS } });
    const { row: mixed } = await measure(bench, `the same while ${SENDS} messages a second are sent`, 'keys', makeKeys);
    const { deliveredMs = [], elapsedMs } = await sends;
    const messages: Row = { name: '  those messages: send → delivered', unit: 'deliveries', rate: (deliveredMs.length * 1000) / elapsedMs, ...quantiles(deliveredMs) };
    messages.target = { of: 'p99Ms', value: 100 };
    return [alone, mixed, messages];
  });
}
