import { startCloud } from '@aerogram/testing';
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { createBot } from './bot.js';

let cloud, set, account, bot, ann, bob, group;

before(async () => {
  cloud = await startCloud();
});
after(() => cloud.stop());

// Each test has a group of its own, with the bot as an admin.
beforeEach(async () => {
  set = await cloud.set();
  account = await set.bot({ name: 'Doorkeeper' });
  bot = createBot(account.token, cloud.apiRoot);
  void bot.launch();
  ann = await set.person('Ann');
  bob = await set.person('Bob');
  group = await ann.createGroup('Neighbours', account);
  await ann.promote(group, account);
  await ann.invite(group, bob);
  await ann.next(group, 'Welcome, Bob!');
});
afterEach(async () => {
  bot.stop();
  await set.end();
});

test('greets a newcomer', async () => {
  const cleo = await set.person('Cleo');
  await ann.invite(group, cleo);
  const greeting = await cleo.next(group, 'Cleo');
  assert.equal(greeting.text, 'Welcome, Cleo! No links, please.');
});

test('removes a link and warns', async () => {
  const advert = await bob.send(group, 'Buy at https://shop.example today');
  const warning = await bob.next(group, /warning/);
  assert.equal(warning.text, 'Bob, this is warning 1 of 3.');
  const ids = (await ann.history(group)).map(({ id }) => id);
  assert.equal(ids.includes(advert.id), false);
});

test('lets admins post links', async () => {
  await ann.send(group, 'The plan: https://plan.example');
  // The bot reads in order: when it has warned Bob, it has seen the message of Ann.
  await bob.send(group, 'https://shop.example');
  await ann.next(group, 'Bob, this is warning 1');
  assert.equal((await bob.history(group)).some(({ text }) => text.includes('plan.example')), true);
});

test('bans after three warnings', async () => {
  await bob.send(group, 'I do not like your flowers');
  const rude = await ann.next(group, 'flowers');
  for (const count of [1, 2]) {
    await ann.reply(rude, '/warn');
    await ann.next(group, `warning ${count} of 3`);
  }
  await ann.reply(rude, '/warn');
  await ann.next(group, 'Bob is banned.');
  await assert.rejects(bob.send(group, 'Hello?'));
});

test('takes warnings from admins only', async () => {
  const hello = await ann.send(group, 'Hello, Bob');
  await bob.reply(hello, '/warn');
  await bob.next(group, 'Only admins may warn.');
});

test('goes on after the server failed', async () => {
  await set.faults.error(account, { method: 'getUpdates', code: 500 });
  await bob.send(group, 'https://shop.example');
  await bob.next(group, /warning 1/, { timeout: 20_000 });
});
