import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

test('an author can see when a message was read, unless one of both hides it', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const sent = [await alice.send(bob, 'one'), await alice.send(bob, 'two')];
  const ask = { _: 'messages.getOutboxReadDate' as const, peer: alice.main.inputPeer(bob.id), msgId: sent[0]!.id };
  expect(await alice.main.fails(ask)).toEqual({ code: 400, text: 'MESSAGE_NOT_READ_YET' });
  const before = Math.floor(Date.now() / 1000);
  await bob.read(await bob.sees('one'));
  const { date } = await alice.main.call(ask);
  expect(date).toBeGreaterThanOrEqual(before);
  expect(await alice.main.fails({ ...ask, msgId: sent[1]!.id })).toEqual({ code: 400, text: 'MESSAGE_NOT_READ_YET' });
  const peer = bob.main.inputPeer(alice.id);
  expect(await bob.main.fails({ _: 'messages.getOutboxReadDate', peer, msgId: (await bob.sees('one')).id })).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });

  await bob.main.call({ _: 'account.setGlobalPrivacySettings', settings: { _: 'globalPrivacySettings', hideReadMarks: true } });
  expect(await alice.main.fails(ask)).toEqual({ code: 403, text: 'USER_PRIVACY_RESTRICTED' });
  await alice.main.call({ _: 'account.setGlobalPrivacySettings', settings: { _: 'globalPrivacySettings', hideReadMarks: true } });
  expect(await alice.main.fails(ask)).toEqual({ code: 403, text: 'YOUR_PRIVACY_RESTRICTED' });
  // Messages in Saved Messages are read as soon as they are there, whatever is hidden.
  const noted = await alice.send(alice, 'a note');
  expect(await alice.main.call({ ...ask, peer: { _: 'inputPeerSelf' }, msgId: noted.id })).toMatchObject({ date: noted.date });
  expect(await alice.main.fails({ ...ask, peer: { _: 'inputPeerSelf' } })).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
});
