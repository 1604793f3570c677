import { countShownDevices, doForgetDevices, doTestDevices, listShownDevices, type ShownDevice, TokenType } from '@aerogram/domain';
import { pause, systemClock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, findDate, formatDate } from '../options.ts';
import type { Output } from '../output.ts';
import { requireLivingAccount } from './find-account.ts';

/** What types of tokens are called, as listed at https://core.telegram.org/api/push-updates */
const KINDS: Readonly<Record<number, string>> = { 1: 'APNs', 2: 'FCM', 3: 'MPNS', 4: 'simple push', 5: 'Ubuntu', 6: 'Blackberry', 7: 'session', 8: 'WNS', 9: 'APNs for calls', 10: 'Web Push', 11: 'MPNS for calls', 12: 'Tizen', 13: 'Huawei' };

/** How long a test may take until a server has sent it, in milliseconds, and how often that is looked at. Servers look for tests each 30 seconds. */
const [TEST_MS, LOOK_MS] = [60_000, 500];

const kindOf = (tokenType: number): string => KINDS[tokenType] ?? `type ${tokenType}`;

const valueOf = ({ auth_key_id, token_type, token, device, registered_date, failing_since, waiting }: ShownDevice) => ({
  session: auth_key_id, kind: kindOf(token_type), token, device, registered: formatDate(registered_date), failing_since: findDate(failing_since ?? 0), waiting,
});

/** `aerogram push list`: which devices of an account get notices. */
export function showDevices(options: CliOptions, who: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const devices = (await listShownDevices(db, (await requireLivingAccount(db, who)).user_id)).map(valueOf);
    const lines = devices.map(({ kind, token, device, registered, failing_since: since, waiting }) => `${kind}  ${token}  ${device === '' ? 'unknown device' : device}, registered ${registered}${since === null ? '' : `, failing since ${since}`}${waiting === 0 ? '' : `, ${waiting} waiting`}`);
    return { value: devices, lines: lines.length === 0 ? ['no device of this account gets notices'] : lines };
  });
}

/** `aerogram push stats`: how many devices get notices, and how many of them fail. */
export function showDeviceCounts(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) => {
    const counts = (await countShownDevices(db)).map(({ token_type, ...count }) => ({ kind: kindOf(token_type), ...count }));
    const lines = counts.map(({ kind, devices, failing, waiting }) => `${kind}  ${devices} devices, ${failing} failing, ${waiting} notices waiting`);
    return { value: counts, lines: lines.length === 0 ? ['no device gets notices'] : lines };
  });
}

/** `aerogram push forget`: the apps of an account are told of nothing until they register again. */
export function forgetDevices(options: CliOptions, who: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { user_id: userId } = await requireLivingAccount(db, who);
    const forgotten = await db.transact('forget-devices', (tx) => doForgetDevices(tx, userId));
    return { value: { forgotten }, lines: [forgotten === 1 ? 'forgot 1 token' : `forgot ${forgotten} tokens`] };
  });
}

/** `aerogram push test`: tries whether notices arrive. */
export function testDevices(options: CliOptions, who: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { user_id: userId } = await requireLivingAccount(db, who);
    const before = (await listShownDevices(db, userId)).filter(({ token_type }) => token_type !== TokenType.session);
    if (before.length === 0) return { value: [], lines: ['no device of this account can be sent a test'] };
    await db.transact('test-devices', (tx) => doTestDevices(tx, userId, systemClock.nowMs()));
    const after = await waitUntilSent(db, userId);
    const tested = before.map((device) => ({ ...valueOf(device), result: resultOf(after.find(({ auth_key_id, token_type }) => auth_key_id === device.auth_key_id && token_type === device.token_type)) }));
    const failed = tested.filter(({ result }) => result !== 'taken');
    return {
      value: tested,
      lines: tested.map(({ kind, token, device, result }) => `${kind}  ${token}  ${device}: ${RESULTS[result]}`),
      failure: failed.length === 0 ? undefined : `${failed.length} of ${tested.length} devices were not reached`,
    };
  });
}

const RESULTS = {
  taken: 'its push service took the test',
  failing: 'its push service refused the test or did not answer',
  gone: 'its push service does not know the token any more; it was deleted',
  waiting: 'no server has sent the test yet',
} as const;

async function waitUntilSent(db: Database, userId: bigint): Promise<ShownDevice[]> {
  const untilMs = systemClock.monotonicMs() + TEST_MS;
  for (;;) {
    const devices = await listShownDevices(db, userId);
    if (devices.every(({ waiting, failing_since: since }) => waiting === 0 || since !== null) || systemClock.monotonicMs() > untilMs) return devices;
    await pause(systemClock, LOOK_MS);
  }
}

function resultOf(device: ShownDevice | undefined): keyof typeof RESULTS {
  if (!device) return 'gone';
  if (device.failing_since !== null) return 'failing';
  return device.waiting === 0 ? 'taken' : 'waiting';
}
