import { readMetrics } from '@aerogram/dev-env/load';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { quantiles, type Row } from '../row.ts';
import { seededChannels, type ServerBench, withServer } from '../server-bench.ts';

/** Members of a channel who are online. */
const ONLINE = 10_000;
/** The first account that is online. Accounts 1 and 2 are left out: they are in more channels than the server pushes to one user. */
const FIRST = 3;
/** Sessions that follow the larger and the smaller supergroup, and people who write there. */
const IN_CROWD = 2000;
const IN_ROOM = 1000;
const SENDERS = 50;
/** Posts per second. */
const TO_MANY = { perSecond: 1 };
const LIVELY = { perSecond: 10 };
const env = { AEROGRAM_IDLE_TIMEOUT_MS: '600000' };

/** What the server has counted since its start. */
interface Counted {
  encodings: number;
  classes: number;
}

async function readCounted({ server: { info } }: ServerBench): Promise<Counted> {
  const page = await readMetrics(info);
  const valueOf = (name: string): number => Number(new RegExp(`^aerogram_push_${name}_total(?:\\{[^}]*\\})? (\\d+)`, 'm').exec(page)?.[1]);
  return { encodings: valueOf('encodings'), classes: valueOf('classes') };
}

interface Posting {
  name: string;
  channel: string;
  senders: number;
  pace: { perSecond: number };
}

/** Posts to the members who are connected. @returns a row for the answers, and one for the deliveries */
async function measureFanOut(bench: ServerBench, ms: number, { name, channel, senders, pace }: Posting): Promise<[Row, Row]> {
  const command = { do: 'fan-out', server: bench.server.info, channel, senders, pace } as const;
  // The first posts are not measured: what they need is read and kept.
  await bench.generator.run({ ...command, ms: 1500 });
  const before = await readCounted(bench);
  const { row, outcome } = await measure(bench, `${name}: post → ack`, 'posts', { ...command, ms });
  const after = await readCounted(bench);
  const { deliveredMs = [], deliveries = 0, elapsedMs } = outcome;
  const { server = 0, postgres = 0, generator = 0 } = row.cpuUs ?? {};
  const perDelivery = (us: number): number => (us * outcome.operations) / Math.max(1, deliveries);
  const delivered: Row = {
    name: `  ${name}: post → delivered`,
    unit: 'deliveries',
    rate: (deliveries * 1000) / elapsedMs,
    ...quantiles(deliveredMs),
    cpuUs: { server: perDelivery(server), postgres: perDelivery(postgres), generator: perDelivery(generator) },
    figures: { 'encodings a post': (after.encodings - before.encodings) / outcome.operations, 'classes a post': (after.classes - before.classes) / outcome.operations },
  };
  return [row, delivered];
}

/** Deliveries of posts to 10,000 members of a channel and of a supergroup who are online, beside the floor. */
export async function benchDeliveries(options: BenchOptions): Promise<Row[]> {
  const { dataDir, plan } = await seededChannels(options);
  const floor = await options.floor();
  const count = Math.min(ONLINE, plan.devices - FIRST, options.channels.members - FIRST);
  return withServer({ profileDir: options.profileDir, dataDir, env }, async (bench) => {
    await bench.generator.run({ do: 'open-sessions', server: bench.server.info, from: FIRST, count });
    const rows: Row[] = [];
    for (const [kind, channel] of [['broadcast', 'channel_audience'], ['supergroup', 'channel_crowd']] as const) {
      const name = `1 → ${kind} with ${count.toLocaleString('en-US')} online, ${TO_MANY.perSecond}/s`;
      const [acks, delivered] = await measureFanOut(bench, Math.max(3, options.seconds) * 1000, { name, channel, senders: 0, pace: TO_MANY });
      const { 'encodings a post': encodings = NaN, 'classes a post': classes = NaN } = delivered.figures!;
      // All clients of the generator have the same layer.
      delivered.ratios = [ratioTo(BOUNDS.deliveryCpu, delivered.cpuUs!.server!, floor.callUs[1]), ratioTo(BOUNDS.encodings, encodings, classes)];
      rows.push(acks, delivered);
    }
    return rows;
  });
}

/** A supergroup of many members, of whom few are online, beside one whose members are all online. */
export async function benchCrowd(options: BenchOptions): Promise<Row[]> {
  const { dataDir, plan } = await seededChannels(options);
  const most = Math.min(plan.devices, options.channels.members) - FIRST;
  return withServer({ profileDir: options.profileDir, dataDir, env }, async (bench) => {
    const { info } = bench.server;
    const ms = options.seconds * 1000;
    const inRoom = Math.min(IN_ROOM - FIRST, most);
    const senders = Math.min(SENDERS, inRoom - 1);
    await bench.generator.run({ do: 'open-sessions', server: info, from: FIRST, count: inRoom });
    const room = await measureFanOut(bench, ms, { name: `${senders} → room of ${IN_ROOM}, all online, ${LIVELY.perSecond}/s`, channel: 'channel_room', senders, pace: LIVELY });
    const inCrowd = Math.max(inRoom, Math.min(IN_CROWD, most));
    await bench.generator.run({ do: 'open-sessions', server: info, from: FIRST + inRoom, count: inCrowd - inRoom });
    const members = Math.min(200_000, options.channels.members).toLocaleString('en-US');
    const name = `${senders} → supergroup of ${members}, ${inCrowd} online, ${LIVELY.perSecond}/s`;
    const crowd = await measureFanOut(bench, ms, { name, channel: 'channel_crowd', senders, pace: LIVELY });
    crowd[1].ratios = [ratioTo(BOUNDS.crowdP99, crowd[1].p99Ms!, room[1].p99Ms!)];
    const counted = await bench.generator.run({ do: 'recount-unread', channel: 'channel_crowd', members: 20 });
    return [...room, ...crowd, { name: '  unread counts of members that equal a recount', figures: { members: counted.operations } }];
  });
}
