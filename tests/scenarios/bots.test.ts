import { BotClient } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeBot, operate, readBot, startBot, write } from './bot-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const logInWith = (botAuthToken: string): tl.auth.RawImportBotAuthorizationRequest => ({
  _: 'auth.importBotAuthorization', flags: 0, apiId: 1, apiHash: '0123456789abcdef0123456789abcdef', botAuthToken,
});

describe('a bot that logs in by its token', () => {
  test('gets what people write to it, and answers them', async () => {
    const owner = await scenario.world.user('Owner');
    const person = await scenario.world.user('Person');
    await using bot = await startBot(scenario, 'Echo_bot', owner);
    const shown = await write(person, bot.made, '/start');
    expect(shown).toMatchObject({ bot: true, botInfoVersion: 1, firstName: 'Echo_bot', username: 'Echo_bot' });
    expect(shown.botCanEdit).toBeFalsy();
    expect(shown.status).toBeUndefined();
    expect((await bot.sees('/start')).peerId).toEqual({ _: 'peerUser', userId: person.id });

    await bot.send(person, 'welcome');
    expect(await person.sees('welcome')).toMatchObject({ from: bot.id, peer: bot.id });
    // Its owner sees that it can be edited.
    const { users } = await owner.main.call({ _: 'contacts.resolveUsername', username: 'Echo_bot' });
    expect(users[0]).toMatchObject({ bot: true, botCanEdit: true });
  });

  test('has any number of devices, and nobody is told of them', async () => {
    const person = await scenario.world.user('Person');
    await using first = await startBot(scenario, 'Many_bot');
    await using second = await BotClient.logIn(scenario.server, first.made.token);
    await write(person, first.made, 'to both');
    await Promise.all([first.sees('to both'), second.sees('to both')]);
    expect(first.updates.map((update) => update._)).not.toContain('updateNewAuthorization');
  });

  test('calls only what bots may call', async () => {
    const person = await scenario.world.user('Person');
    await using bot = await startBot(scenario, 'Rights_bot');
    expect(await bot.refusal({ _: 'messages.getDialogFilters' })).toBe('BOT_METHOD_INVALID');
    expect(await bot.refusal({ _: 'messages.createChat', users: [], title: 'mine' })).toBe('BOT_METHOD_INVALID');
    expect(await bot.call({ _: 'help.setBotUpdatesStatus', pendingUpdatesCount: 3, message: 'late' })).toBe(true);
    expect(await person.main.fails({ _: 'help.setBotUpdatesStatus', pendingUpdatesCount: 3, message: 'late' })).toMatchObject({ text: 'USER_BOT_REQUIRED' });
  });
});

describe('whom a bot may write to', () => {
  test('only people who wrote to it, and no bots', async () => {
    const [known, stranger] = [await scenario.world.user('Known'), await scenario.world.user('Stranger')];
    await using bot = await startBot(scenario, 'Polite_bot');
    await using other = await startBot(scenario, 'Other_bot');
    await write(known, bot.made, 'any message starts it');
    await bot.send(known, 'hello');
    const send = (peer: tl.TypeInputPeer): tl.RpcMethod => ({ _: 'messages.sendMessage', peer, message: 'buy this', randomId: randomLong() });
    expect(await bot.refusal(send(bot.peerOf(stranger)))).toBe('PEER_ID_INVALID');

    // Also with a valid access hash, which the bot gets from a username.
    await stranger.main.call({ _: 'account.updateUsername', username: 'stranger_person' });
    const resolve = async (username: string): Promise<tl.RawInputPeerUser> => {
      const { users } = await bot.call({ _: 'contacts.resolveUsername', username });
      const { id, accessHash } = users[0] as tl.RawUser;
      return { _: 'inputPeerUser', userId: id, accessHash: accessHash! };
    };
    expect(await bot.refusal(send(await resolve('stranger_person')))).toBe('PEER_ID_INVALID');
    expect(await bot.refusal(send(await resolve(other.made.username)))).toBe('USER_IS_BOT');
  });

  test('nobody who has blocked it', async () => {
    const person = await scenario.world.user('Person');
    await using bot = await startBot(scenario, 'Blocked_bot');
    await write(person, bot.made, 'hi');
    await person.main.call({ _: 'contacts.block', id: person.main.inputPeer(bot.id) });
    expect(await bot.refusal({ _: 'messages.sendMessage', peer: bot.peerOf(person), message: 'come back', randomId: randomLong() })).toBe('USER_IS_BLOCKED');
    await person.main.call({ _: 'contacts.unblock', id: person.main.inputPeer(bot.id) });
    await bot.send(person, 'welcome back');
    await person.sees('welcome back');
  });

  test('not without end: a bot that floods somebody is told to wait on all its devices, and no other bot is', async () => {
    const person = await scenario.world.user('Person');
    await using flooding = await startBot(scenario, 'Flooding_bot');
    await using second = await BotClient.logIn(scenario.server, flooding.made.token);
    await using other = await startBot(scenario, 'Calm_bot');
    for (const bot of [flooding, other]) await write(person, bot.made, '/start');
    const peer = flooding.peerOf(person);
    const { id: first } = (await flooding.send(person, 'buy this')) as tl.RawUpdateShortSentMessage;
    const forwardFirst = (count: number): tl.messages.RawForwardMessagesRequest =>
      ({ _: 'messages.forwardMessages', fromPeer: peer, toPeer: peer, id: Array.from({ length: count }, (_, n) => first + n), randomId: Array.from({ length: count }, () => randomLong()) });
    for (let count = 1; count < 100; count *= 2) await flooding.call(forwardFirst(count));
    // From now on the flood writes nothing. What is refused because of the block counts, too.
    await person.main.call({ _: 'contacts.block', id: person.main.inputPeer(flooding.id) });
    const forwardHundred = async (bot: BotClient): Promise<string> => {
      const refusal = await bot.client.call(forwardFirst(100), { floodSleepThreshold: 0 }).then(() => undefined, (error: unknown) => error);
      return (refusal as tl.RpcError).text;
    };
    const refusals: string[] = [];
    while (refusals.at(-1)?.startsWith('FLOOD_WAIT') !== true && refusals.length < 20) refusals.push(await forwardHundred(flooding));
    expect(new Set(refusals.slice(0, -1))).toEqual(new Set(['USER_IS_BLOCKED']));
    expect(refusals.at(-1)).toMatch(/^FLOOD_WAIT/);
    expect(await forwardHundred(second)).toMatch(/^FLOOD_WAIT/);
    await other.send(person, 'nobody made me wait');
    await person.sees('nobody made me wait');
  });
});

describe('tokens', () => {
  test('wrong ones open nothing, and the right one works meanwhile', async () => {
    const { id, token } = await makeBot(scenario, 'Guarded_bot');
    await using guest = await startBot(scenario, 'Guessing_bot');
    const guess = (secret: string): Promise<string> => guest.refusal(logInWith(`${id}:${secret}`));
    expect(await guess('A'.repeat(35))).toBe('ACCESS_TOKEN_INVALID');
    expect(await guess('short')).toBe('ACCESS_TOKEN_INVALID');
    expect(await guest.refusal(logInWith('7:'.padEnd(37, 'A')))).toBe('ACCESS_TOKEN_INVALID');
    const refusals = new Set<string>();
    for (let tries = 0; tries < 30; tries++) refusals.add(await guess(String(tries).padStart(35, 'B')));
    expect([...refusals].some((text) => text.startsWith('FLOOD_WAIT'))).toBe(true);
    await using owner = await BotClient.logIn(scenario.server, token);
    expect(owner.id).toBe(id);
  });

  test('a revoked token opens nothing, and its sessions end', async () => {
    const owner = await scenario.world.user('Owner');
    await using bot = await startBot(scenario, 'Revoked_bot', owner);
    await owner.main.call({ _: 'contacts.resolveUsername', username: 'Revoked_bot' });
    const input = owner.main.inputUser(bot.id);
    expect(await owner.main.call({ _: 'bots.exportBotToken', bot: input, revoke: false })).toMatchObject({ token: bot.made.token });
    const { token } = await owner.main.call({ _: 'bots.exportBotToken', bot: input, revoke: true });
    expect(token).not.toBe(bot.made.token);
    expect(await bot.refusal({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] })).toMatch(/AUTH_KEY_UNREGISTERED|SESSION_REVOKED/);
    await using next = await BotClient.logIn(scenario.server, token);
    expect(await next.refusal(logInWith(bot.made.token))).toBe('ACCESS_TOKEN_EXPIRED');
    // Nobody else gets it.
    const other = await scenario.world.user('Other');
    await other.main.call({ _: 'contacts.resolveUsername', username: 'Revoked_bot' });
    expect(await other.main.fails({ _: 'bots.exportBotToken', bot: other.main.inputUser(bot.id), revoke: false })).toMatchObject({ text: 'BOT_INVALID' });
  });

  test('the operator lists, revokes, imports and deletes bots beside the running server', async () => {
    await using bot = await startBot(scenario, 'Operated_bot');
    const list = await operate(scenario, 'bot', 'list', '--json');
    expect(JSON.parse(list)).toContainEqual(expect.objectContaining({ id: String(bot.id), username: 'Operated_bot' }));
    expect(list).not.toContain(bot.made.token.split(':')[1]);

    const { token } = JSON.parse(await operate(scenario, 'bot', 'revoke', '@Operated_bot', '--json')) as { token: string };
    await expect.poll(() => bot.refusal({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] })).toMatch(/AUTH_KEY_UNREGISTERED|SESSION_REVOKED/);
    await using again = await BotClient.logIn(scenario.server, token);
    await operate(scenario, 'bot', 'delete', '@Operated_bot');
    await expect.poll(() => again.refusal({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] })).toMatch(/USER_DEACTIVATED/);

    const foreign = `8765432:${'f'.repeat(35)}`;
    const imported = readBot(await operate(scenario, 'bot', 'import', foreign, '--name', 'From afar', '--username', 'Afar_bot', '--json'));
    expect(imported).toEqual({ id: 8_765_432, username: 'Afar_bot', token: foreign });
    await using afar = await BotClient.logIn(scenario.server, foreign);
    expect(afar.id).toBe(8_765_432);
    await expect(operate(scenario, 'bot', 'import', foreign, '--name', 'Twice', '--username', 'Twice_bot')).rejects.toThrow('taken');
    await expect(makeBot(scenario, 'Not_a_robot1')).rejects.toThrow('ends in "bot"');
  });
});
