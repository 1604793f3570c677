import { GeneratorProcess } from '../load/generator-process.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { createDhGroup, rsaDecryptBlock, SERVER_SECRET_BYTES } from '@aerogram/crypto';
import { generateServerKey } from '@aerogram/mtproto';
import { systemRandom } from '@aerogram/runtime';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { cpuUsOf, quantiles, type Row } from '../row.ts';
import { withServer } from '../server-bench.ts';

const SENDERS = 16;
/** Messages per second while keys are created: the load of some hundred thousand users in a busy hour. */
const SENDS = 300;

/** Microseconds of the unavoidable arithmetic: one RSA decryption and two Diffie-Hellman exponentiations. */
async function measureArithmetic(): Promise<number> {
  const key = await generateServerKey();
  const group = createDhGroup(SERVER_SECRET_BYTES);
  const block = systemRandom.bytes(256);
  // So that the number is below the modulus.
  block[0] = 0;
  const { shown: gB } = group.generate(systemRandom);
  return cpuUsOf(() => {
    rsaDecryptBlock(key, block);
    group.agree(group.generate(systemRandom).secret, gB);
  });
}

/** New authorization keys over sockets, each on a separate connection: alone, and while messages are sent. */
export async function benchKeys({ seconds, profileDir }: BenchOptions): Promise<Row[]> {
  const bareUs = await measureArithmetic();
  return withServer({ profileDir }, async (bench) => {
    const ms = seconds * 1000;
    const server = bench.server.info;
    const makeKeys = { do: 'make-keys', server, ms, parallel: 8 } as const;
    const { row: alone } = await measure(bench, 'new keys over sockets, 8 at once', 'keys', makeKeys);
    alone.ratios = [ratioTo(BOUNDS.keyCpu, alone.cpuUs?.server ?? 0, bareUs)];

    await using sender = new GeneratorProcess();
    await sender.run({ do: 'sign-up', server, accounts: SENDERS * 2 });
    const command = { do: 'send', ms, senders: SENDERS, pace: { perSecond: SENDS } } as const;
    await sender.run({ ...command, ms: 1000 });
    const { deliveredMs: undisturbedMs = [] } = await sender.run(command);
    const sends = sender.run(command);
    const { row: mixed } = await measure(bench, `the same while ${SENDS} messages a second are sent`, 'keys', makeKeys);
    const { deliveredMs = [], elapsedMs } = await sends;
    const messages: Row = { name: '  those messages: send → delivered', unit: 'deliveries', rate: (deliveredMs.length * 1000) / elapsedMs, ...quantiles(deliveredMs) };
    messages.ratios = [ratioTo(BOUNDS.keysBeside, messages.p99Ms ?? 0, quantiles(undisturbedMs).p99Ms)];
    const bare: Row = { name: 'RSA and Diffie-Hellman of a key, in this process', cpuUs: { generator: bareUs } };
    return [bare, alone, mixed, messages];
  });
}
