import type { BotHttp } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SELF_SIGNED } from '../../packages/bot-api/test/self-signed.ts';
import { HookServer } from '../../packages/bot-api/test/webhook-world.ts';
import { type MadeBot, makeBot, operate } from './bot-stage.ts';
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

describe('a webhook', () => {
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
