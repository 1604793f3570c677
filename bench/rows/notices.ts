import { randomBytes } from 'node:crypto';
import { Vapid } from '@aerogram/push';
import { systemClock } from '@aerogram/runtime';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { cpuRatio, sendInTurns, WARM_UP } from '../in-turns.ts';
import type { BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const SENDERS = 64;
const WINDOW = 4;
/** Accounts with a device; those beyond the senders and receivers only make the server look at more. */
const OWNERS = 1000;
const PER_SECOND = 1000;
/** Services for which a token is signed. */
const SIGNED = 300;

/** Sends to people who have devices for notices and are online, so that nothing is told, and to people who have none; and what signing for a push service costs. */
export async function benchNotices(options: BenchOptions): Promise<Row[]> {
  const { profileDir, pairs } = options;
  const start = <T>(run: (bench: ServerBench) => Promise<T>): Promise<T> => withServer({ profileDir }, run);
  const rows = await start((none) => start(async (owners) => {
    await none.generator.run({ do: 'sign-up', server: none.server.info, accounts: SENDERS * 2 });
    await owners.generator.run({ do: 'sign-up', server: owners.server.info, accounts: OWNERS });
    await owners.generator.run({ do: 'register-devices', accounts: OWNERS });
    const ways = [{ name: 'nobody has a device', bench: none }, { name: 'all have one, and have the message already', bench: owners }] as const;
    const eased = await sendInTurns(ways, { what: `64 → 64 at ${PER_SECOND}/s`, senders: SENDERS, pace: { perSecond: PER_SECOND }, warmUp: WARM_UP }, options);
    const most = await sendInTurns(ways, { what: `64 → 64, ${WINDOW} on the way each`, senders: SENDERS, pace: { window: WINDOW }, warmUp: 1 }, options);
    const name = `with devices / without, medians of ${pairs} pairs`;
    return [...eased, ...most, { name, figures: { 'CPU / without devices': cpuRatio(eased) }, ratios: [ratioTo(BOUNDS.noticesRate, most[1].rate ?? 0, most[0].rate ?? 1)] }];
  }));
  return [...rows, ...measureSigning()];
}

/** Signs for one service again and again, and for another one each time. */
function measureSigning(): Row[] {
  const vapid = new Vapid({ secret: randomBytes(32), subject: 'mailto:bench@example.org', clock: systemClock });
  const usOf = (originOf: (n: number) => string): number => {
    const started = process.cpuUsage();
    for (let n = 0; n < SIGNED; n++) vapid.tokenFor(originOf(n));
    const { user, system } = process.cpuUsage(started);
    return (user + system) / SIGNED;
  };
  const [each, kept] = [usOf((n) => `https://push-${n}.example`), usOf(() => 'https://push.example')];
  return [{ name: 'the token for a push service', figures: { 'µs signed each time': each, 'µs kept': kept }, ratios: [ratioTo(BOUNDS.noticesSigned, kept, each)] }];
}
