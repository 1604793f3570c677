import { seededRandom } from '@aerogram/runtime';
import { describe, expect, it } from 'vitest';

import type { StoredUpdate } from '../src/updates/inbox.ts';
import { readAnswerMethod } from '../src/webhooks/answer-method.ts';
import { SendSlots } from '../src/webhooks/send-slots.ts';
import { UpdateQueues } from '../src/webhooks/update-queues.ts';
import { WebhookAddresses, type WebhookPlaces } from '../src/webhooks/webhook-address.ts';
import { checkCertificateSize, readCertificates } from '../src/webhooks/webhook-certificate.ts';
import { failureOf, mostTelling, PostFailure, readRetryAfter } from '@aerogram/web-fetch';
import { isGoneForGood, retryDelayMs } from '../src/webhooks/webhook-schedule.ts';
import { checkIpAddress, checkSecret, parseWebhookUrl } from '../src/webhooks/webhook-url.ts';
import { SELF_SIGNED } from './self-signed.ts';

const messageOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
};

describe('the URL of a webhook', () => {
  it('may leave out the scheme, which then is https, and the port', () => {
    expect(parseWebhookUrl('Bot.example/path?a=1')).toMatchObject({ isSecure: true, host: 'bot.example', port: 443, authority: 'bot.example', path: '/path?a=1', authorization: undefined });
    expect(parseWebhookUrl('http://[::1]:8080')).toMatchObject({ isSecure: false, host: '::1', port: 8080, authority: '[::1]:8080', path: '/' });
    expect(parseWebhookUrl('https://bot.example:8443/').port).toBe(8443);
  });

  it('may name a user, who goes into a header', () => {
    expect(parseWebhookUrl('https://me:p%40ss@bot.example/').authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  });

  it('is refused if it is no URL of the web, or too long', async () => {
    for (const url of ['https://', 'ftp://bot.example/', 'https://bot.example:99999/', 'https://a b/', `https://bot.example/${'x'.repeat(3000)}`]) {
      expect([url, await messageOf(() => parseWebhookUrl(url))]).toEqual([url, 'Bad Request: invalid webhook URL specified']);
    }
  });

  it('comes with a secret of at most 256 letters, digits, _ and -', async () => {
    checkSecret('');
    checkSecret('aZ0_-'.repeat(51));
    expect(await messageOf(() => checkSecret('x'.repeat(257)))).toBe('Bad Request: secret token is too long');
    expect(await messageOf(() => checkSecret('a b'))).toBe('Bad Request: secret token contains unallowed characters');
    expect(await messageOf(() => checkSecret('a\r\nhost: b'))).toBe('Bad Request: secret token contains unallowed characters');
    expect(await messageOf(() => checkIpAddress('bot.example'))).toBe('Bad Request: bad webhook: Invalid IP address specified');
  });

  it('comes with certificates of which nothing else of the file is kept', async () => {
    const { key, cert } = SELF_SIGNED;
    expect(readCertificates(`${key}\n${cert}`).trim()).toBe(cert.trim());
    expect(await messageOf(() => readCertificates(key))).toBe('Bad Request: bad webhook: the certificate is no PEM file');
    expect(await messageOf(() => readCertificates('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'))).toBe('Bad Request: bad webhook: the certificate is no PEM file');
    expect(await messageOf(() => checkCertificateSize(70_000))).toBe('Bad Request: certificate size is too big (70000 bytes)');
  });
});

describe('the address of a webhook', () => {
  const names: Readonly<Record<string, string[]>> = { 'bot.example': ['8.8.8.8', '2a00:1450:4001::1'], 'inside.example': ['10.1.2.3'], 'half.example': ['8.8.8.8', '169.254.169.254'], bot: ['10.1.2.3'] };
  const find = (url: string, places: Partial<WebhookPlaces> = {}, fixed = ''): Promise<string> => {
    const addresses = new WebhookAddresses({ isLocalOnly: false, botApiLocal: false, webhookNetworks: [], ...places }, (name) => Promise.resolve(names[name] ?? []));
    return messageOf(async () => {
      throw new Error((await addresses.find(parseWebhookUrl(url), fixed)).join(' '));
    });
  };

  it('is one of the public internet, over https and at some ports', async () => {
    expect(await find('https://bot.example/')).toBe('8.8.8.8 2a00:1450:4001::1');
    for (const port of [80, 88, 443, 8443]) expect(await find(`https://bot.example:${port}/`)).toBe('8.8.8.8 2a00:1450:4001::1');
    expect(await find('http://bot.example/')).toBe('Bad Request: bad webhook: An HTTPS URL must be provided for webhook');
    expect(await find('https://bot.example:8080/')).toBe('Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
    expect(await find('https://nobody.example/')).toBe('Bad Request: bad webhook: Failed to resolve host: Name or service not known');
    expect(await find('https://127.0.0.1/')).toBe('Bad Request: bad webhook: IP address 127.0.0.1 is reserved');
    expect(await find('https://[::ffff:10.0.0.1]/')).toBe('Bad Request: bad webhook: IP address ::ffff:a00:1 is reserved');
    expect(await find('https://localhost/')).toBe('Bad Request: bad webhook: IP address localhost is reserved');
    expect(await find('https://2130706433/')).toBe('Bad Request: bad webhook: IP address 127.0.0.1 is reserved');
  });

  it('does not show how names of a private network resolve, and one closed address is enough', async () => {
    expect(await find('https://inside.example/')).toBe('Bad Request: bad webhook: IP address inside.example is reserved');
    expect(await find('https://half.example/')).toBe('Bad Request: bad webhook: IP address half.example is reserved');
  });

  it('is the one that the bot gives, which is checked like any other', async () => {
    expect(await find('https://nobody.example/', {}, '8.8.4.4')).toBe('8.8.4.4');
    expect(await find('https://bot.example/', {}, '10.0.0.1')).toBe('Bad Request: bad webhook: IP address 10.0.0.1 is reserved');
  });

  it('may be this machine if only this machine can reach the server', async () => {
    expect(await find('http://localhost:8000/', { isLocalOnly: true })).toBe('127.0.0.1 ::1');
    expect(await find('http://127.0.0.1:8000/', { isLocalOnly: true })).toBe('127.0.0.1');
    expect(await find('https://10.0.0.1/', { isLocalOnly: true })).toBe('Bad Request: bad webhook: IP address 10.0.0.1 is reserved');
  });

  it('may be in a network that the operator names, at any port and over http', async () => {
    const webhookNetworks = [{ address: '10.1.0.0', prefix: 16 }];
    expect(await find('http://bot:8080/', { webhookNetworks })).toBe('10.1.2.3');
    expect(await find('http://10.2.0.1:8080/', { webhookNetworks })).toBe('Bad Request: bad webhook: An HTTPS URL must be provided for webhook');
  });

  it('may be private in local mode, but not the one at which clouds keep secrets', async () => {
    expect(await find('http://bot:8080/', { botApiLocal: true })).toBe('10.1.2.3');
    expect(await find('http://bot.example:8080/', { botApiLocal: true })).toBe('8.8.8.8 2a00:1450:4001::1');
    expect(await find('http://169.254.169.254/', { botApiLocal: true })).toBe('Bad Request: bad webhook: IP address 169.254.169.254 is reserved');
  });
});

describe('the schedule of a webhook', () => {
  it('tries again at once, then after 2, 4, … seconds, in the end after one to two minutes', () => {
    const random = seededRandom('schedule');
    expect([1, 2, 3, 4, 5, 6].map((failures) => retryDelayMs(failures, random))).toEqual([0, 2000, 4000, 8000, 16_000, 32_000]);
    const late = Array.from({ length: 200 }, (_, n) => retryDelayMs(7 + n * 10, random));
    expect(Math.min(...late)).toBeGreaterThanOrEqual(60_000);
    expect(Math.max(...late)).toBeLessThanOrEqual(120_000);
    expect(new Set(late).size).toBeGreaterThan(100);
  });

  it('honours a wait of at most an hour that an overloaded webhook asks for', () => {
    expect(readRetryAfter(429, '3600')).toBe(3600);
    expect(readRetryAfter(503, ' 7 ')).toBe(7);
    for (const [status, header] of [[429, '3601'], [500, '7'], [429, 'Wed, 21 Oct 2026 07:28:00 GMT'], [429, undefined], [429, '-1']] as const) expect(readRetryAfter(status, header)).toBe(0);
  });

  it('ends after 23 hours of being gone', () => {
    expect(isGoneForGood(0, 1_000_000)).toBe(false);
    expect(isGoneForGood(1000, 1000 + 23 * 3600 - 1)).toBe(false);
    expect(isGoneForGood(1000, 1000 + 23 * 3600)).toBe(true);
  });
});

describe('the queues of a webhook', () => {
  const update = (id: number, queue: bigint, json = '{}'): StoredUpdate => ({ id, queue, json, name: 'message', expires: 2_000_000_000 });

  it('hand out one update of each queue at a time, in order', () => {
    const queues = new UpdateQueues();
    for (const [id, queue] of [[1, 7n], [2, 7n], [3, 8n]] as const) queues.add(update(id, queue));
    const first = queues.take()!;
    expect([first.id, queues.take()?.id, queues.take()]).toEqual([1, 3, undefined]);
    queues.done(first);
    expect([queues.take()?.id, queues.size]).toEqual([2, 2]);
  });

  it('rest after a failure, each for itself', () => {
    const queues = new UpdateQueues();
    queues.add(update(1, 7n));
    queues.add(update(2, 8n));
    queues.failed(queues.take()!, 0, (failures) => failures * 1000);
    expect([queues.take()?.id, queues.isReady, queues.wake(999), queues.isReady]).toEqual([2, false, 1000, false]);
    expect([queues.wake(1000), queues.take()?.id]).toEqual([undefined, 1]);
  });

  it('keep long updates in memory only up to a bound', () => {
    const queues = new UpdateQueues();
    const json = 'x'.repeat(100_000);
    for (let id = 1; id <= 4; id++) queues.add(update(id, BigInt(id), json));
    const held = [1, 2, 3, 4].map(() => queues.take()!);
    expect(held.map((one) => one.json === undefined)).toEqual([false, false, true, true]);
    for (const one of held) queues.done(one);
    queues.add(update(5, 5n, json));
    expect(queues.take()?.json).toBe(json);
  });
});

describe('the room for sending', () => {
  it('goes to the bot that uses least of it', () => {
    const slots = new SendSlots(3);
    const order: string[] = [];
    const ask = (botId: bigint, name: string): void => slots.ask(botId, () => void order.push(name));
    ask(1n, 'a1');
    ask(1n, 'a2');
    ask(1n, 'a3');
    ask(1n, 'a4');
    ask(2n, 'b1');
    expect(order).toEqual(['a1', 'a2', 'a3']);
    slots.leave(1n);
    expect(order).toEqual(['a1', 'a2', 'a3', 'b1']);
    slots.leave(1n);
    expect(order.at(-1)).toBe('a4');
  });
});

describe('the failure of a webhook', () => {
  const textOf = (code: string, message = ''): string => failureOf(Object.assign(new Error(message), { code })).message;

  it('is told to the bot in the words of the official server', () => {
    expect(textOf('ECONNREFUSED')).toBe('Connection refused');
    expect(textOf('DEPTH_ZERO_SELF_SIGNED_CERT')).toBe('SSL error {error:0A000086:SSL routines::certificate verify failed}');
    expect(textOf('ERR_TLS_CERT_ALTNAME_INVALID')).toBe('SSL error {error:0A000086:SSL routines::certificate verify failed}');
    expect(textOf('EPROTO', 'write EPROTO 40:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/a.c:354:\n')).toBe('SSL error {error:0A00010B:SSL routines:ssl3_get_record:wrong version number}');
    expect(textOf('HPE_INVALID_CONSTANT')).toBe("Can't parse the response from the webhook");
    expect(textOf('', 'connect to 10.0.0.1 with token 1:AA')).toBe('Connection closed');
  });
});


describe('the method in the answer of a webhook', () => {
  const noFiles = (): Promise<never> => Promise.reject(new Error('there is no file'));
  const read = async (type: string, body: string): Promise<unknown> => {
    const asked = await readAnswerMethod(type, Buffer.from(body), noFiles);
    return asked && [asked.name, Object.fromEntries(asked.raw)];
  };

  it('is read from JSON and from forms of both kinds', async () => {
    expect(await read('application/json; charset=utf-8', '{"method":"sendMessage","chat_id":5,"text":"hi"}')).toEqual(['sendmessage', { method: 'sendMessage', chat_id: 5, text: 'hi' }]);
    expect(await read('application/x-www-form-urlencoded', 'method=sendMessage&chat_id=5&text=a%20b')).toEqual(['sendmessage', { method: 'sendMessage', chat_id: '5', text: 'a b' }]);
    const form = ['--b', 'Content-Disposition: form-data; name="method"', '', 'sendDocument', '--b', 'Content-Disposition: form-data; name="document"; filename="a.txt"', 'Content-Type: text/plain', '', 'content', '--b--', ''].join('\r\n');
    const saved: string[] = [];
    const asked = await readAnswerMethod('multipart/form-data; boundary=b', Buffer.from(form), async ({ name, mimeType, bytes }) => {
      for await (const chunk of bytes) saved.push(String(chunk));
      return { name, mimeType, size: 7, file: { _: 'inputFileBig', id: 1n, parts: 1, name } };
    });
    expect([asked?.name, [...asked!.files.keys()], saved]).toEqual(['senddocument', ['document'], ['content']]);
  });

  it('is none in an answer without one, and none that would be of no use', async () => {
    expect(await read('application/json', '{"ok":true}')).toBeUndefined();
    expect(await read('text/html', '<p>sendMessage</p>')).toBeUndefined();
    for (const method of ['getMe', 'setWebhook', 'DELETEWEBHOOK', 'close', 'logOut', 'getUpdates']) expect(await read('application/json', JSON.stringify({ method }))).toBeUndefined();
    expect(await read('application/json', '{"method":"setWebhookless"}')).toBeDefined();
    await expect(read('application/json', '{"method":')).rejects.toThrow("Bad Request: can't parse JSON object");
    await expect(readAnswerMethod('multipart/form-data; boundary=b', Buffer.from('--b\r\nrubbish'), noFiles)).rejects.toThrow();
  });
});

describe('of several addresses of a webhook', () => {
  const errorOf = (code: string) => Object.assign(new Error(code), { code });
  it.each([
    ['the first error counts', ['ECONNREFUSED', 'ECONNRESET'], 'Connection refused'],
    ['an address to which this machine has no way says nothing', ['ECONNREFUSED', 'ENETUNREACH'], 'Connection refused'],
    ['wherever it stands', ['ENETUNREACH', 'EHOSTUNREACH', 'DEPTH_ZERO_SELF_SIGNED_CERT'], 'SSL error {error:0A000086:SSL routines::certificate verify failed}'],
    ['unless there is no way to any', ['ENETUNREACH', 'EADDRNOTAVAIL'], 'Network is unreachable'],
  ])('%s', (_, codes, text) => {
    expect(failureOf(mostTelling(codes.map(errorOf))).message).toBe(text);
  });

  it('a connection that takes too long is an error like others', () => {
    const late = new PostFailure('unreachable', 'Connection timed out');
    expect(mostTelling([errorOf('ENETUNREACH'), late])).toBe(late);
    expect(mostTelling([])).toBeUndefined();
  });
});
