import { startCloud } from '@aerogram/testing';
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { HelpDesk } from './bot.js';

let cloud, set, account, desk, owner, ann;

before(async () => {
  cloud = await startCloud();
});
after(() => cloud.stop());

beforeEach(async () => {
  set = await cloud.set();
  account = await set.bot({ name: 'Help desk' });
  owner = await set.person('Olga');
  ann = await set.person('Ann');
  desk = new HelpDesk({ token: account.token, ownerId: owner.id, apiRoot: cloud.apiRoot });
  await desk.start();
  // A bot may only write to who has written to it.
  for (const each of [owner, ann]) await each.send(account, '/start');
  await ann.next(account, 'What can we do for you?');
  await owner.next(account, 'Reply to a message');
});
afterEach(async () => {
  await desk.stop();
  await set.end();
});

const sent = (method) => account.calls.filter((call) => call.method === method);

test('brings a question to the owner and the reply back', async () => {
  await ann.send(account, 'When do you open?');
  const question = await owner.next(account, 'When do you open?');
  await owner.reply(question, 'At nine.');
  await ann.next(account, 'At nine.');
});

test('keeps two askers apart', async () => {
  const bob = await set.person('Bob');
  await ann.send(account, 'I am Ann');
  const first = await owner.next(account, 'I am Ann');
  await bob.send(account, 'I am Bob');
  await owner.next(account, 'I am Bob');
  await owner.reply(first, 'Hello, Ann');
  await ann.next(account, 'Hello, Ann');
  assert.deepEqual(sent('copyMessage').map(({ params }) => String(params.chat_id)), [ann.id]);
});

test('forwards an update once that came twice', async () => {
  await set.faults.webhookTwice(account);
  await ann.send(account, 'Just once');
  await owner.next(account, 'Just once');
  // The second copy of the first update comes before the next one.
  await ann.send(account, 'And another');
  await owner.next(account, 'And another');
  assert.equal(sent('forwardMessage').length, 2);
});

test('tries again when the server fails', async () => {
  await set.faults.error(account, { method: 'forwardMessage', code: 500, times: 2 });
  await ann.send(account, 'Is anybody there?');
  await owner.next(account, 'Is anybody there?');
  assert.deepEqual(sent('forwardMessage').map(({ ok }) => ok), [false, false, true]);
});

test('says when the asker has blocked the bot', async () => {
  await ann.send(account, 'Never write to me again');
  const question = await owner.next(account, 'Never write');
  await ann.block(account);
  await owner.reply(question, 'As you like');
  await owner.next(account, 'They have blocked me.');
});
