import { readFile } from 'node:fs/promises';
import { BotHttp } from '@aerogram/dev-env';
import { expect, test } from 'vitest';
import { makeBot } from './bot-stage.ts';
import { startScenario } from './scenario.ts';

/** Of which the server of a test consists. */
const NODES = Number(process.env['AEROGRAM_TEST_NODES'] ?? '1');

/** Connections that a port of this machine has accepted. Not from the metrics, which also count those that other nodes relay. */
async function countAccepted(port: number): Promise<number> {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((line) => line.trim().split(/ +/));
  return sockets.filter(([, address, , state]) => address?.endsWith(local) === true && state === '01').length;
}

test('devices that are online while the test server restarts reconnect by themselves', async () => {
  await using scenario = await startScenario();
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await scenario.server.restart();
  // The first call of a connection makes its session receive updates again.
  await bob.main.call({ _: 'updates.getState' });
  await alice.send(bob, 'you are still there');
  await bob.sees('you are still there');
});

test('each device, and each request of a bot, goes to the next of the nodes that the test server consists of', async () => {
  await using scenario = await startScenario();
  const nodes = Array.from({ length: NODES }, () => scenario.server.info);
  expect(new Set(nodes.map(({ mtproto }) => mtproto.port)).size).toBe(NODES);
  for (let n = 0; n < 2 * NODES; n++) await scenario.world.user(`Person ${n}`);
  for (const node of nodes) expect(await countAccepted(node.mtproto.port)).toBe(2);
  const bot = new BotHttp(scenario.server, (await makeBot(scenario, 'Turning_bot')).token);
  expect(new Set(nodes.map(() => bot.url())).size).toBe(NODES);
});
