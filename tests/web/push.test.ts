import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PushService, Subscription } from '../scenarios/push-service.ts';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';

/** Subscribes in the place of the browser, whose own push service cannot be reached here. */
const subscribeAs = (token: string): string => `
  {
    let current = null;
    PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
      if (!userVisibleOnly || applicationServerKey.length !== 87) throw new Error('the key is ' + applicationServerKey);
      localStorage.setItem('test-subscribed', '1');
      return (current = { toJSON: () => (${token}), unsubscribe: async () => { localStorage.removeItem('test-subscribed'); return true; } });
    };
    PushManager.prototype.getSubscription = async () => current ?? (localStorage.getItem('test-subscribed') ? PushManager.prototype.subscribe({ userVisibleOnly: true, applicationServerKey: 'x'.repeat(87) }) : null);
  }
`;

/** The notifications that the browser shows of the page. */
const LIST_SHOWN = `(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title, body, tag }) => ({ title, body, tag })))()`;

describe.skipIf(!hasChromium)('notices while the web client is closed', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('somebody turns them on, closes the page, and is told of a message by its chat', async () => {
    await using service = await PushService.start();
    const subscription = new Subscription(`${service.origin}/ann`);
    const [ann, bob] = [await stage.person('Ann'), await stage.world.user('Bob')];
    const { page, context } = ann;
    await bob.send(ann.actor, 'hello');
    await context.grantPermissions(['notifications']);
    await context.addInitScript(subscribeAs(subscription.token));
    await page.reload();
    await ann.go('settings/notifications');
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByRole('switch', { name: 'When this page is closed' }).waitFor();
    await page.reload();
    await page.getByRole('switch', { name: 'When this page is closed' }).waitFor();

    const cdp = await context.newCDPSession(page);
    const registered = new Promise<{ registrationId: string; scopeURL: string }>((resolve) => {
      cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations[0] && resolve(registrations[0]));
    });
    await cdp.send('ServiceWorker.enable');
    const { registrationId, scopeURL } = await registered;
    await ann.actor.main.call({ _: 'account.updateStatus', offline: true });
    await ann.actor.main.goOffline();
    await page.goto('about:blank');
    await bob.send(ann.actor, 'are you there?');
    await expect.poll(() => service.got.length, { timeout: 30_000 }).toBe(1);
    const notice = subscription.read(service.got[0]!);
    expect(notice).toMatchObject({ title: 'Bob', description: 'are you there?', badge: '2' });

    // What the browser's own push service would do now.
    await page.goto(`${new URL(scopeURL).origin}/about`);
    await cdp.send('ServiceWorker.deliverPushMessage', { origin: new URL(scopeURL).origin, registrationId, data: JSON.stringify(notice) });
    await expect.poll(() => page.evaluate(LIST_SHOWN)).toEqual([{ title: 'Bob', body: 'are you there?', tag: `1/${bob.id}` }]);

    await ann.go('settings/notifications');
    await page.getByRole('switch', { name: 'When this page is closed' }).click();
    await page.getByRole('button', { name: 'Turn on' }).waitFor();
    await expect.poll(() => stage.server.db.q.selectFrom('notice_devices').select('token_type').where('user_id', '=', BigInt(ann.actor.id)).execute()).toEqual([]);
  });
});
