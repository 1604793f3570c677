import { type Bot as BotAccount, type Cloud, type Person, startCloud, type TestSet } from '@aerogram/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createBot } from './bot.ts';

let cloud: Cloud;
let set: TestSet;
let account: BotAccount;
let bot: ReturnType<typeof createBot>;
let ann: Person;

// One server for all tests of this file.
beforeAll(async () => {
  cloud = await startCloud();
}, 120_000);
afterAll(() => cloud.stop());

// People and a bot of its own for each test.
beforeEach(async () => {
  set = await cloud.set();
  account = await set.bot({ name: 'Coffee bar' });
  ann = await set.person('Ann');
  bot = createBot(account.token, cloud.apiRoot);
  void bot.start();
});
afterEach(async () => {
  await bot.stop();
  await set.end();
});

test('greets by name', async () => {
  await ann.send(account, '/start');
  const greeting = await ann.next(account);
  expect(greeting.text).toBe('Hello, Ann! Send /menu to order.');
});

test('shows the menu as buttons', async () => {
  await ann.send(account, '/menu');
  const menu = await ann.next(account, 'What would you like?');
  expect(menu.buttons).toEqual([['Espresso, 2 €'], ['Cappuccino, 3 €'], ['Tea, 2 €'], ['Pay']]);
});

test('adds drinks to an order and takes the money', async () => {
  await ann.send(account, '/menu');
  const menu = await ann.next(account, { buttons: true });
  expect(await ann.press(account, 'Tea, 2 €')).toMatchObject({ text: 'Added: Tea' });
  await ann.press(account, 'Espresso, 2 €');
  await ann.edited(menu, /Tea, Espresso\. 4 €/);
  await ann.press(account, 'Pay');
  const paid = await ann.edited(menu, 'You paid 4 €');
  expect(paid.buttons).toEqual([]);
});

test('does not take money for nothing', async () => {
  await ann.send(account, '/menu');
  await ann.next(account, { buttons: true });
  expect(await ann.press(account, 'Pay')).toMatchObject({ text: 'Your order is empty', alert: true });
});

test('each person has an order of their own', async () => {
  const bob = await set.person('Bob');
  for (const each of [ann, bob]) {
    await each.send(account, '/menu');
    await each.next(account, { buttons: true });
  }
  await ann.press(account, 'Tea, 2 €');
  expect(await bob.press(account, 'Pay')).toMatchObject({ text: 'Your order is empty' });
});

test('offers the menu inline in a group', async () => {
  const bob = await set.person('Bob');
  const group = await ann.createGroup('Office', bob);
  const query = ann.inline(account, 'cap');
  expect((await query).results.map(({ title }) => title)).toEqual(['Cappuccino']);
  await query.choose(0, group);
  const offer = await bob.next(group, { text: /anyone/ });
  expect(offer).toMatchObject({ text: 'Cappuccino for 3 €, anyone?', viaBot: account.id });
});

test('waits and tries again when the server is busy', async () => {
  await set.faults.error(account, { method: 'sendMessage', retryAfter: 1 });
  await ann.send(account, '/start');
  await ann.next(account, 'Hello, Ann!');
  expect(account.calls.filter(({ method }) => method === 'sendMessage').map(({ ok }) => ok)).toEqual([false, true]);
});
