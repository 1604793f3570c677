import { test } from 'vitest';
import { startScenario } from './scenario.ts';

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
