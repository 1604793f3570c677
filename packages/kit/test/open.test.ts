import { createFakeClock, seededRandom, type ServerFile } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { type Kit, type OperationCall, WebLinks } from '../src/index.ts';
import { CLIENT_CONFIG_OPERATIONS } from '../src/operations/client-config.ts';
import { OPEN_OPERATIONS } from '../src/operations/open.ts';

const SERVER: ServerFile = {
  pid: 1,
  dc_id: 2,
  mtproto: { host: '127.0.0.1', port: 4430 },
  http: { host: '127.0.0.1', port: 8080 },
  public_keys: [{ pem: '-----BEGIN RSA PUBLIC KEY-----\nABC\n-----END RSA PUBLIC KEY-----\n', fingerprint: '5' }],
  layer: 228,
  test_mode: true,
};
const clock = createFakeClock();
const webLinks = new WebLinks({ random: seededRandom('links'), clock });
const call = {
  kit: { webLinks, server: SERVER } as Partial<Kit> as Kit,
  set: { person: (id: string) => ({ id: BigInt(id) }) },
  signal: new AbortController().signal,
} as OperationCall;

/** Runs an operation as the control API does: what goes in and what comes out have their declared forms. */
async function run(name: string, params: object): Promise<unknown> {
  const operation = [...OPEN_OPERATIONS, ...CLIENT_CONFIG_OPERATIONS].find((one) => one.name === name)!;
  return operation.result.parse(await operation.run(call, operation.params.parse(params)));
}

test('each link has a token of its own, in the part of the address that browsers keep to themselves, and a host of the person', async () => {
  const [first, second] = [(await run('people.open', { person: '7' })) as { url: string }, (await run('people.open', { person: '7' })) as { url: string }];
  expect(first.url).toMatch(/^http:\/\/7\.localhost:8080\/#tgWebAuthToken=[\w-]{43}&tgWebAuthUserId=7&tgWebAuthDcId=2$/);
  expect(second.url).not.toBe(first.url);
});

test('the newest thousand links are remembered', () => {
  const tokenOf = (url: string): string => /Token=([\w-]+)/.exec(url)![1]!;
  const guest = { address: '127.0.0.1', userId: undefined, pendingUserId: undefined };
  const made = Array.from({ length: 1001 }, () => tokenOf(webLinks.create(7n, SERVER)));
  expect(webLinks.take(made[0]!, guest)).toBeUndefined();
  expect(webLinks.take(made[1]!, guest)).toBe(7n);
  expect(webLinks.take(made[1000]!, guest)).toBe(7n);
});

test('clients get address, key and app as data, and as text for each library', async () => {
  const { settings, ...data } = (await run('server.clientConfig', {})) as { settings: Record<string, string> };
  expect(data).toEqual({
    dcId: 2,
    host: '127.0.0.1',
    port: 4430,
    layer: 228,
    testMode: true,
    publicKeys: SERVER.public_keys,
    apiId: 1,
    apiHash: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
  });
  expect(Object.keys(settings)).toEqual(['mtcute', 'gramjs', 'telethon', 'tdlib', 'tdesktop']);
  for (const text of Object.values(settings)) expect(text.includes('4430') && text.includes('ABC')).toBe(true);
});
