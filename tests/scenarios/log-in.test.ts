import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkRules, logIn, settle, type Device } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

const SERVICE_CHAT = 777_000;
const PHONE = '15550001111';

let scenario: Scenario;
/** Codes that the server printed on its console, newest last. */
const delivered: { phone: string; code: string }[] = [];
const devices: Device[] = [];
beforeAll(async () => {
  scenario = await startScenario({
    codeDelivery: {
      ways: ['sms'],
      deliver: (message) => Promise.resolve(void delivered.push(message)),
      deliverEmail: () => Promise.resolve(),
    },
  });
});
afterAll(async () => {
  for (const device of devices) await device.goOffline();
  await scenario?.[Symbol.asyncDispose]();
});

async function enter(code: () => Promise<string>): Promise<Device> {
  const { device } = await logIn(() => scenario.server.info, { name: 'Nora', phone: PHONE, code });
  devices.push(device);
  return device;
}

/** Waits for the newest message of the service chat with a matching text, and returns the text. */
async function hearsService(device: Device, fits: RegExp): Promise<string> {
  const search = (): string | undefined => [...device.state.messages.values()].findLast((message) => message.peer === SERVICE_CHAT && fits.test(message.text))?.text;
  await device.waitUntil(`a message of ${SERVICE_CHAT} like ${fits}`, () => search() !== undefined);
  return search()!;
}

describe('log-in with a number that is not a test number', () => {
  test('the first code is printed on the console, a later one is sent to the service chat of the other devices', async () => {
    const first = await enter(() => Promise.resolve(delivered.at(-1)!.code));
    expect(delivered).toMatchObject([{ phone: PHONE, code: expect.stringMatching(/^\d{5}$/) as unknown }]);

    const second = await enter(async () => /\b(\d{5})\b/.exec(await hearsService(first, /Login code/))![1]!);
    expect(second.state.self).toBe(first.state.self);
  });

  test('rule P2: the service chat tells the other devices of the new one, and is in the answer with its messages', async () => {
    const [first, second] = devices as [Device, Device];
    await hearsService(first, /New login/);
    await settle(first);
    await settle(second);
    checkRules(first);
    checkRules(second);
    const fresh = await first.load();
    expect([...fresh.messages.values()].filter((message) => message.peer === SERVICE_CHAT).length).toBeGreaterThanOrEqual(2);
    expect(first.state.pts).toBe(fresh.pts);
  });

  test('a used code cannot be used again', async () => {
    const used = delivered.at(-1)!.code;
    await expect(enter(() => Promise.resolve(used))).rejects.toMatchObject({ code: 400, text: 'PHONE_CODE_INVALID' });
  });
});
