import { once } from 'node:events';
import { hasNats } from '@aerogram/bus/testing';
import { type Actor, type ServerInfo, startTestCluster, type TestCluster, World } from '@aerogram/dev-env';
import { RawAccount } from '@aerogram/dev-env/load';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operate } from './bot-stage.ts';
import { asGuest, type Scenario, startScenario } from './scenario.ts';

/** Within this many milliseconds of the end of a command the connections of the devices that it ended are closed. */
const CLOSED_MS = 2000;

/** A logged-in client that records when the server closes its connection. */
interface ListeningDevice {
  account: RawAccount;
  closed: Promise<unknown>;
}

/** Logs in a device without any library, which would connect again by itself. It only listens. */
async function listen({ info }: { info: ServerInfo }, { name, phone, code }: Actor): Promise<ListeningDevice> {
  const account = await RawAccount.signUp(info, { name, phone, code });
  const events = new EventTarget();
  account.onClosed = () => events.dispatchEvent(new Event('closed'));
  return { account, closed: once(events, 'closed') };
}

/** Waits until the connections of devices are closed. @returns after how many milliseconds */
async function timeClosing(devices: readonly ListeningDevice[]): Promise<number> {
  const startMs = performance.now();
  await Promise.all(devices.map(({ closed }) => closed));
  return performance.now() - startMs;
}

/** What the next call of a device that connects again is answered. */
const refusalOf = (server: { info: ServerInfo }, { account }: ListeningDevice): Promise<unknown> => account.connect(server.info).catch((error: unknown) => error);

const signedOut = { code: 401, message: 'SESSION_REVOKED' };

const GET_STATE = { _: 'updates.getState' } as const;

describe('beside a running server', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await startScenario();
  }, 60_000);
  afterAll(() => scenario?.[Symbol.asyncDispose]());

  test('one device is logged out by its number, then all of them', async () => {
    const { server, world } = scenario;
    const alice = await world.user('Alice');
    const [phone, tablet] = [await listen(server, alice), await listen(server, alice)];
    const listed = JSON.parse(await operate(scenario, 'user', 'show', String(alice.id), '--json')) as { devices: { number: string }[] };
    const numbers = listed.devices.map(({ number }) => Number(number)).toSorted((a, b) => a - b);
    expect(numbers).toHaveLength(3);
    expect(await operate(scenario, 'user', 'logout', `+${alice.phone}`, '--device', String(numbers[1]))).toMatch(/logged out on 1 device$/);
    expect(await timeClosing([phone])).toBeLessThan(CLOSED_MS);
    expect(await refusalOf(server, phone)).toMatchObject(signedOut);
    await alice.main.call(GET_STATE);
    await expect(operate(scenario, 'user', 'logout', String(alice.id), '--device', String(numbers[1]))).rejects.toThrow('it has no device with this number');
    expect(await operate(scenario, 'user', 'logout', String(alice.id))).toMatch(/logged out on 2 devices$/);
    expect(await timeClosing([tablet])).toBeLessThan(CLOSED_MS);
    expect(await refusalOf(server, tablet)).toMatchObject(signedOut);
    expect(await alice.main.fails(GET_STATE)).toEqual({ code: 401, text: 'SESSION_REVOKED' });
    // Logging in is not forbidden.
    await (await alice.device()).call(GET_STATE);
  });

  test('a ban ends all sessions, and nobody logs in until it is lifted', async () => {
    const { server, world } = scenario;
    const bob = await world.user('Bob');
    const phone = await listen(server, bob);
    await operate(scenario, 'user', 'ban', String(bob.id), '--keep-sessions');
    await bob.main.call(GET_STATE);
    await operate(scenario, 'user', 'ban', String(bob.id));
    expect(await timeClosing([phone])).toBeLessThan(CLOSED_MS);
    expect(await refusalOf(server, phone)).toMatchObject(signedOut);
    expect(await bob.main.fails(GET_STATE)).toEqual({ code: 401, text: 'SESSION_REVOKED' });
    await expect(bob.device()).rejects.toThrow('PHONE_NUMBER_BANNED');
    await operate(scenario, 'user', 'unban', `+${bob.phone}`);
    await (await bob.device()).call(GET_STATE);
  });

  test('a deleted account is gone for its devices and for others', async () => {
    const { server, world } = scenario;
    const [carol, dave] = [await world.user('Carol'), await world.user('Dave')];
    await carol.send(dave, 'bye');
    await dave.sees('bye');
    const phone = await listen(server, carol);
    expect(await operate(scenario, 'user', 'delete', String(carol.id), '--yes')).toMatch(/\ndeleted; /);
    expect(await timeClosing([phone])).toBeLessThan(CLOSED_MS);
    expect(await refusalOf(server, phone)).toMatchObject({ code: 401, message: 'USER_DEACTIVATED' });
    expect(await carol.main.fails(GET_STATE)).toEqual({ code: 401, text: 'USER_DEACTIVATED' });
    expect((await dave.main.call({ _: 'users.getUsers', id: [dave.main.inputUser(carol.id)] }))[0]).toMatchObject({ deleted: true });
    await expect(operate(scenario, 'user', 'show', `+${carol.phone}`)).rejects.toThrow('no account');
    expect(await operate(scenario, 'chats', 'log', '--limit', '1')).toMatch(new RegExp(`delete account ${carol.id}: deleted`));
  });

  test('devices are told of another number, and log-ins go by it', async () => {
    const { world } = scenario;
    const [erin, frank] = [await world.user('Erin'), await world.user('Frank')];
    const former = erin.phone;
    const phone = `${former.slice(0, -4)}${String((Number(former.slice(-4)) + 5000) % 10_000).padStart(4, '0')}`;
    expect(await operate(scenario, 'user', 'change-phone', String(erin.id), `+${phone}`)).toMatch(/its number is changed, and the owner is told$/);
    expect(await erin.main.seesUpdate('updateUserPhone')).toMatchObject({ userId: erin.id, phone });
    await erin.main.call(GET_STATE);
    await expect(operate(scenario, 'user', 'change-phone', String(erin.id), `+${frank.phone}`)).rejects.toThrow('refused: the number has an account');
    expect(JSON.parse(await operate(scenario, 'user', 'search', phone.slice(0, -1), '--json'))).toMatchObject([{ id: String(erin.id), phone }]);
    await asGuest(scenario, async (guest) => {
      const sent = await guest.call({ _: 'auth.sendCode', phoneNumber: former, apiId: 1, apiHash: '0123456789abcdef0123456789abcdef', settings: { _: 'codeSettings' } });
      expect(sent._).toBe('auth.sentCode');
    });
  });

  test('whoever is online is listed', async () => {
    const gina = await scenario.world.user('Gina');
    await gina.main.call({ _: 'account.updateStatus', offline: false });
    const online = async (): Promise<unknown> => (JSON.parse(await operate(scenario, 'user', 'online', '--json')) as { accounts: { id: string }[] }).accounts.map(({ id }) => id);
    await expect.poll(online, { timeout: 15_000 }).toContain(String(gina.id));
    await gina.main.call({ _: 'account.updateStatus', offline: true });
    await expect.poll(online, { timeout: 15_000 }).not.toContain(String(gina.id));
  });
});

describe.runIf(hasNats)(`beside several nodes${hasNats ? '' : ' (skipped: nats-server)'}`, () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startTestCluster(2);
  }, 60_000);
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  test('a ban ends the sessions on all of them', async () => {
    const [first, second] = cluster.nodes as [TestCluster['nodes'][number], TestCluster['nodes'][number]];
    await using world = new World(first);
    const alice = await world.user('Alice');
    const devices = [await listen(first, alice), await listen(second, alice)];
    await operate(cluster, 'user', 'ban', String(alice.id));
    expect(await timeClosing(devices)).toBeLessThan(CLOSED_MS);
    expect(await refusalOf(first, devices[0]!)).toMatchObject(signedOut);
    expect(await refusalOf(second, devices[1]!)).toMatchObject(signedOut);
    expect(await alice.main.fails(GET_STATE)).toEqual({ code: 401, text: 'SESSION_REVOKED' });
  });
});
