import { type Actor, BotClient, BotHttp } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkObject } from '../../packages/bot-api/test/object-types.ts';
import { SELF_SIGNED } from '../../packages/bot-api/test/self-signed.ts';
import { type Hit, HookServer } from '../../packages/bot-api/test/webhook-world.ts';
import { type MadeBot, makeBot, operate, write } from './bot-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let made: MadeBot;
let bot: BotHttp;
let hook: HookServer;
beforeAll(async () => {
  scenario = await startScenario();
  made = await makeBot(scenario, 'Hooked_bot');
  bot = new CheckedBot(scenario.server, made.token);
  hook = await HookServer.open();
});
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  await hook?.[Symbol.asyncDispose]();
});

const described = async (method: string, params: Record<string, unknown> = {}): Promise<string | undefined> => (await bot.ask(method, params)).description;

/** An update as the tests look at it. */
interface Update {
  update_id: number;
  message?: { text?: string; chat: { id: number } };
}

const textOf = (update: Update): string | undefined => update.message?.text;

/** A bot over HTTP, and a person who has started it. */
class Hooked implements AsyncDisposable {
  readonly made: MadeBot;
  readonly person: Actor;
  readonly hook: HookServer;
  http: BotHttp;
  /** Updates that the webhook has accepted. */
  readonly accepted: Update[] = [];
  /** Texts that the webhook refuses. */
  readonly refused = new Set<string>();

  private constructor(made: MadeBot, person: Actor, hook: HookServer) {
    this.made = made;
    this.person = person;
    this.hook = hook;
    this.http = new BotHttp(scenario.server, made.token);
    hook.reply = (hit) => this.take(hit);
  }

  static async meet(username: string, owner?: Actor): Promise<Hooked> {
    const person = owner ?? (await scenario.world.user('Person'));
    const made = await makeBot(scenario, username, owner);
    await write(person, made, '/start');
    return new Hooked(made, person, await HookServer.open());
  }

  /** Meets a bot whose webhook is set and has got the first message. */
  static async meetSet(username: string, owner?: Actor): Promise<Hooked> {
    const bot = await Hooked.meet(username, owner);
    await bot.set();
    await bot.accepts('/start');
    return bot;
  }

  async set(params: Record<string, unknown> = {}): Promise<void> {
    await this.http.call('setWebhook', { url: this.hook.url, ...params });
  }

  take(hit: Hit): void {
    const update = hit.update as unknown as Update;
    if (this.refused.has(textOf(update) ?? '')) return hit.answer(500);
    this.accepted.push(update);
    hit.answer();
  }

  get texts(): (string | undefined)[] {
    return this.accepted.map(textOf);
  }

  /** What the webhook was sent, whether it has accepted that or not. */
  get sent(): (string | undefined)[] {
    return this.hook.hits.map(({ update }) => textOf(update as unknown as Update));
  }

  /** Waits until the webhook has accepted a message with this text. */
  accepts(text: string): Promise<void> {
    return this.hook.until(() => this.texts.includes(text));
  }

  /** Waits until the webhook was sent a text so often. */
  isSent(text: string, times: number): Promise<void> {
    return this.hook.until(() => this.sent.filter((one) => one === text).length >= times);
  }

  /** How many updates wait for the bot. */
  async countWaiting(): Promise<number> {
    return (await this.http.call<{ pending_update_count: number }>('getWebhookInfo')).pending_update_count;
  }

  async says(text: string, person = this.person): Promise<number> {
    await person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(this.made.id), message: text, randomId: randomLong() });
    return (await person.sees(text)).id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hook[Symbol.asyncDispose]();
  }
}

describe('the setting of a webhook', () => {
  test('is set, described and deleted, and the answers say what has changed', async () => {
    expect(await bot.call('getWebhookInfo')).toEqual({ url: '', has_custom_certificate: false, pending_update_count: 0 });
    expect(await described('deleteWebhook')).toBe('Webhook is already deleted');
    expect(await bot.ask('setWebhook', { url: hook.url })).toEqual({ ok: true, result: true, description: 'Webhook was set' });
    expect(await described('setWebhook', { url: hook.url })).toBe('Webhook is already set');
    expect(await bot.call('getWebhookInfo')).toEqual({ url: hook.url, has_custom_certificate: false, pending_update_count: 0, max_connections: 40, ip_address: '127.0.0.1' });
    expect(await described('setWebhook', { url: hook.url, max_connections: '500', secret_token: 'abc' })).toBe('Webhook was set');
    expect(await bot.call('getWebhookInfo')).toMatchObject({ max_connections: 100 });
    expect(await described('setWebhook', { url: '' })).toBe('Webhook was deleted');
    expect(await described('setWebhook')).toBe('Webhook is already deleted');
  });

  test('is refused where the server does not send to', async () => {
    expect(await bot.refusal('setWebhook', { url: 'https://' })).toBe('400 Bad Request: invalid webhook URL specified');
    expect(await bot.refusal('setWebhook', { url: 'http://8.8.8.8/' })).toBe('400 Bad Request: bad webhook: An HTTPS URL must be provided for webhook');
    expect(await bot.refusal('setWebhook', { url: 'https://8.8.8.8:8080/' })).toBe('400 Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
    expect(await bot.refusal('setWebhook', { url: 'https://169.254.169.254/latest/meta-data/' })).toBe('400 Bad Request: bad webhook: IP address 169.254.169.254 is reserved');
    expect(await bot.refusal('setWebhook', { url: 'https://bot.example/', ip_address: '10.0.0.1' })).toBe('400 Bad Request: bad webhook: IP address 10.0.0.1 is reserved');
    expect(await bot.refusal('setWebhook', { url: hook.url, secret_token: 'a b' })).toBe('400 Bad Request: secret token contains unallowed characters');
    expect(await bot.refusal('setWebhook', { url: hook.url, secret_token: 'a'.repeat(257) })).toBe('400 Bad Request: secret token is too long');
    expect(await bot.call('getWebhookInfo')).toMatchObject({ url: '' });
  });

  test('may come with a certificate of its own', async () => {
    const url = `https://127.0.0.1:${hook.port}/`;
    const certificate = (content: string): File => new File([content], 'cert.pem', { type: 'application/x-pem-file' });
    expect(await bot.refusal('setWebhook', { url, certificate: certificate('no certificate') })).toBe('400 Bad Request: bad webhook: the certificate is no PEM file');
    expect(await bot.refusal('setWebhook', { url, certificate: certificate('x'.repeat(70_000)) })).toBe('400 Bad Request: certificate size is too big (70000 bytes)');
    expect(await described('setWebhook', { url, certificate: certificate(SELF_SIGNED.cert) })).toBe('Webhook was set');
    expect(await bot.call('getWebhookInfo')).toMatchObject({ url, has_custom_certificate: true });
  });

  test('is shown to the operator without what may be the token, and ends with the token', async () => {
    await bot.call('setWebhook', { url: `${hook.url}&token=${made.token}` });
    const listed = await operate(scenario, 'bot', 'list');
    expect(listed).toContain(`webhook at 127.0.0.1:${hook.port}`);
    expect(listed).not.toContain(made.token);
    await operate(scenario, 'bot', 'revoke', `@${made.username}`);
    expect(await operate(scenario, 'bot', 'list')).not.toContain('webhook');
    // The server may not know yet that the token is old, but it sets no webhook for it.
    expect(await bot.refusal('setWebhook', { url: hook.url })).toBe('401 Unauthorized');
  });
});

describe('updates for a webhook', () => {
  test('gets what people write, and the methods in its answers are run', async () => {
    await using bot = await Hooked.meet('Answering_bot');
    await bot.set({ secret_token: 'knock-knock' });
    await bot.accepts('/start');
    const chat_id = bot.person.id;
    const form = new URLSearchParams({ method: 'sendMessage', chat_id: String(chat_id), text: 'as a form' }).toString();
    const answers: Record<string, [body: string, type: string]> = {
      'one': [JSON.stringify({ method: 'sendMessage', chat_id, text: 'as JSON' }), 'application/json'],
      'two': [form, 'application/x-www-form-urlencoded'],
      'three': [JSON.stringify({ method: 'deleteWebhook' }), 'application/json'],
    };
    bot.hook.reply = (hit) => {
      const update = hit.update as unknown as Update;
      const [body, type] = answers[textOf(update)!] ?? ['', 'text/plain'];
      bot.accepted.push(update);
      hit.answer(200, body, { 'content-type': type });
    };
    await bot.says('one');
    await bot.person.sees('as JSON');
    await bot.says('two');
    await bot.person.sees('as a form');
    // What would end the webhook is not run.
    await bot.says('three');
    await bot.says('four');
    await bot.accepts('four');
    expect(bot.texts).toEqual(['/start', 'one', 'two', 'three', 'four']);
    expect(bot.accepted.flatMap((update) => checkObject('Update', update))).toEqual([]);
    const first = bot.accepted[0]!.update_id;
    expect(bot.hook.ids).toEqual(bot.texts.map((_, at) => first + at));
    for (const { headers } of bot.hook.hits) expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': 'knock-knock' });
    await expect.poll(() => bot.countWaiting()).toBe(0);
  });

  test('gets the updates of a chat in order, and a chat whose update it refuses does not stop the others', async () => {
    await using bot = await Hooked.meetSet('Ordered_bot');
    const other = await scenario.world.user('Other');
    await write(other, bot.made, '/start');
    await bot.hook.until(() => bot.accepted.length === 2);
    bot.refused.add('a1');
    for (const text of ['a1', 'a2', 'a3']) await bot.says(text);
    await bot.says('b1', other);
    await bot.accepts('b1');
    await bot.isSent('a1', 2);
    await expect.poll(() => bot.countWaiting()).toBe(3);
    expect(await bot.http.call('getWebhookInfo')).toMatchObject({ last_error_message: 'Wrong response from the webhook: 500 Internal Server Error', last_error_date: expect.any(Number) as number });
    expect(bot.sent).not.toContain('a2');
    bot.refused.clear();
    await bot.accepts('a3');
    expect(bot.texts.filter((text) => text?.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    // Each has the same id in each attempt.
    expect(new Set(bot.hook.ids).size).toBe(bot.accepted.length);
    await expect.poll(() => bot.countWaiting()).toBe(0);
  });

  test('gets nothing of what was dropped', async () => {
    await using bot = await Hooked.meet('Dropping_bot');
    await bot.says('old');
    await bot.set({ drop_pending_updates: true });
    await bot.says('new');
    await bot.accepts('new');
    expect(bot.sent).toEqual(['new']);
    bot.refused.add('unwanted');
    await bot.says('unwanted');
    await bot.isSent('unwanted', 2);
    await bot.http.call('deleteWebhook', { drop_pending_updates: true });
    expect(await bot.http.call('getUpdates')).toEqual([]);
  });

  test('gets only the kinds of updates that the bot wants', async () => {
    await using bot = await Hooked.meet('Choosy_bot');
    await bot.set({ drop_pending_updates: true, allowed_updates: ['edited_message'] });
    expect(await bot.http.call('getWebhookInfo')).toMatchObject({ allowed_updates: ['edited_message'] });
    const id = await bot.says('unwanted');
    await bot.person.main.change({ _: 'messages.editMessage', peer: bot.person.main.inputPeer(bot.made.id), id, message: 'edited' });
    await bot.hook.sees(1);
    expect(bot.hook.hits.map(({ update }) => update)).toMatchObject([{ edited_message: { text: 'edited' } }]);
    // The choice outlives the webhook, until there is another one.
    await bot.set({ drop_pending_updates: true });
    expect(await bot.http.call('getWebhookInfo')).toMatchObject({ allowed_updates: ['edited_message'] });
    await bot.set({ allowed_updates: [] });
    await bot.says('wanted');
    await bot.accepts('wanted');
    expect(bot.texts).toEqual([undefined, 'wanted']);
  });

  test('takes the place of pollers until it is deleted, without loss or doubles', async () => {
    await using bot = await Hooked.meet('Changing_bot');
    const [start] = await bot.http.call<Update[]>('getUpdates');
    const first = start!.update_id;
    const poll = bot.http.ask('getUpdates', { offset: first + 1, timeout: 50 });
    // It has to wait before the webhook is set.
    await bot.http.call('getMe');
    await bot.set();
    expect(await poll).toEqual({ ok: false, error_code: 409, description: 'Conflict: terminated by setWebhook request' });
    expect(await bot.http.refusal('getUpdates')).toBe("409 Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
    await bot.says('to the webhook');
    await bot.accepts('to the webhook');
    await expect.poll(() => bot.countWaiting()).toBe(0);
    bot.refused.add('refused');
    await bot.says('refused');
    await bot.isSent('refused', 1);
    await bot.http.call('deleteWebhook');
    await bot.says('to the poller');
    const fetch = (): Promise<Update[]> => bot.http.call('getUpdates', { offset: first + 2, timeout: 20 });
    await expect.poll(async () => (await fetch()).map(textOf)).toEqual(['refused', 'to the poller']);
    expect((await fetch()).map(({ update_id: id }) => id)).toEqual([first + 2, first + 3]);
    expect(bot.texts).toEqual(['to the webhook']);
  });

  test('gets after a restart of the server what it has refused before', async () => {
    await using bot = await Hooked.meetSet('Restarted_hook_bot');
    for (const text of ['one', 'two']) {
      bot.refused.add(text);
      await bot.says(text);
    }
    await bot.isSent('one', 2);
    const { id } = bot.hook.hits.at(-1)!;
    await scenario.server.restart();
    bot.refused.clear();
    await bot.says('three');
    await bot.accepts('three');
    expect(bot.texts).toEqual(['/start', 'one', 'two', 'three']);
    expect(bot.accepted.slice(1).map((update) => update.update_id)).toEqual([id, id + 1, id + 2]);
    await expect.poll(() => bot.countWaiting()).toBe(0);
  });

  test('gets nothing while the bot is closed, and never again after the bot has logged out', async () => {
    await using bot = await Hooked.meetSet('Moving_bot');
    expect(await bot.http.call('close')).toBe(true);
    await bot.says('while it is closed');
    expect(bot.texts).toEqual(['/start']);
    await bot.http.call('getMe');
    await bot.accepts('while it is closed');
    expect(await bot.http.call('logOut')).toBe(true);
    await bot.says('after it is gone');
    for (const method of ['getMe', 'getUpdates', 'setWebhook', 'logOut']) expect(await bot.http.refusal(method)).toBe('400 Logged out');
    expect(await bot.http.refusal('noSuchMethod')).toBe('404 Not Found: method not found');
    expect(bot.texts).toEqual(['/start', 'while it is closed']);
    // Another server of the Bot API, which is a client of this one, goes on.
    await using client = await BotClient.logIn(scenario.server, bot.made.token);
    expect(await client.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] })).toMatchObject([{ id: bot.made.id }]);
  });

  test('gets nothing any more when the token is replaced', async () => {
    const owner = await scenario.world.user('Owner');
    await using bot = await Hooked.meetSet('Replaced_hook_bot', owner);
    await using other = await HookServer.open();
    const { users } = await owner.main.call({ _: 'contacts.resolveUsername', username: bot.made.username });
    const { id: userId, accessHash } = users[0] as tl.RawUser;
    const { token } = await owner.main.call({ _: 'bots.exportBotToken', bot: { _: 'inputUser', userId, accessHash: accessHash! }, revoke: true });
    await bot.says('for the new token');
    bot.http = new BotHttp(scenario.server, token);
    await bot.set({ url: other.url });
    await other.sees(1);
    expect(other.hits.map(({ update }) => textOf(update as unknown as Update))).toEqual(['for the new token']);
    expect(bot.sent).toEqual(['/start']);
  });

  test('gets nothing any more when the bot is deleted', async () => {
    await using bot = await Hooked.meetSet('Deleted_hook_bot');
    await using control = await Hooked.meetSet('Staying_hook_bot');
    for (const one of [bot, control]) {
      one.refused.add('refused');
      await one.says('refused');
      await one.isSent('refused', 2);
    }
    await operate(scenario, 'bot', 'delete', `@${bot.made.username}`);
    await expect.poll(() => bot.http.ask('getMe')).toMatchObject({ error_code: 401 });
    const before = bot.sent.length;
    // The pauses of both grow alike, and those of the deleted bot began earlier.
    await control.isSent('refused', before);
    expect(bot.sent).toHaveLength(before);
  });
});
