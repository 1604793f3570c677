import { userTopic } from '@aerogram/bus';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createAccountSettings } from '../../src/settings/index.ts';
import { createWorld, type World } from './accounts-world.ts';
import { proverOf } from './password-client.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const useSystemBrowser = (before: tl.account.webBrowserSettings): { after: tl.account.webBrowserSettings; updates: tl.Update[] } => ({
  after: { ...before, open_external_browser: true },
  updates: [{ _: 'updateWebBrowserSettings', open_external_browser: true }],
});

test('a setting has its default until it is changed; a change is told once, and is seen by caches of other processes', async () => {
  const { accountSettings: settings } = world.domain;
  const { userId } = await world.signUp('9996630101', 'Ann');
  let told = 0;
  world.bus.subscribe(userTopic(userId), () => (told += 1));
  const neverWrites = { db: world.db, bus: world.bus, writeBoxes: () => Promise.reject(new Error('only reads')) };
  using elsewhere = createAccountSettings(neverWrites);
  const before = await elsewhere.find(userId);
  expect(before.web_browser).toMatchObject({ external_exceptions: [], inapp_exceptions: [] });
  expect(before.auto_download_high.photo_size_max).toBe(1024 * 1024);
  // The second read comes from the cache.
  expect(await elsewhere.find(userId)).toBe(before);

  const change = { ownerId: userId, name: 'web_browser', apply: useSystemBrowser, origin: undefined } as const;
  expect(await settings.doChange(change)).toMatchObject({ open_external_browser: true });
  expect(told).toBe(1);
  await settings.doChange(change);
  expect(told).toBe(1);
  expect(await elsewhere.find(userId)).toMatchObject({ web_browser: { open_external_browser: true }, auto_download_high: before.auto_download_high });
  await world.restart();
  expect((await world.domain.accountSettings.find(userId)).web_browser.open_external_browser).toBe(true);
});

test('a change that is refused leaves the setting as it was', async () => {
  const { accountSettings: settings } = world.domain;
  const { userId } = await world.signUp('9996630102', 'Bo');
  const refused = settings.doChange({
    ownerId: userId,
    name: 'web_browser',
    apply: () => {
      throw new Error('refused');
    },
    origin: undefined,
  });
  await expect(refused).rejects.toThrow('refused');
  expect((await settings.find(userId)).web_browser.open_external_browser).toBeUndefined();
});

test('a deleted account has no settings, also for processes that have them in memory', async () => {
  const { accountSettings: settings, auth } = world.domain;
  const { key, userId } = await world.signUp('9996630103', 'Cy');
  using elsewhere = createAccountSettings({ db: world.db, bus: world.bus, writeBoxes: () => Promise.reject(new Error('only reads')) });
  await settings.doChange({ ownerId: userId, name: 'web_browser', apply: useSystemBrowser, origin: undefined });
  expect((await elsewhere.find(userId)).web_browser.open_external_browser).toBe(true);
  await auth.doDeleteAccount(proverOf(key), undefined);
  for (const one of [settings, elsewhere]) expect((await one.find(userId)).web_browser.open_external_browser).toBeUndefined();
});
