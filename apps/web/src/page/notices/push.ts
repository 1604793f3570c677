import { signal } from '@preact/signals';
import { isOpenAddress } from '../../protocol/index.ts';
import { ask, session } from '../ground/link.ts';
import { go } from '../ground/route.ts';
import { startServiceWorker } from '../ground/service-worker.ts';
import { askForNotifications, notificationState } from './alerts.ts';

/** Whether this browser is told of messages while the page is closed. unknown: that was not looked up yet; impossible: it cannot be, such as where there is no push service. */
export type PushState = 'unknown' | 'impossible' | 'off' | 'on';

/** Remembers that somebody has switched it on, so that it is renewed. */
const KEY = 'aerogram-push';
/** How often a subscription is registered anew, in milliseconds. */
const RENEW_MS = 24 * 3600 * 1000;

export const pushState = signal<PushState>('unknown');

async function findManager(): Promise<PushManager | undefined> {
  if (!isSecureContext || !('PushManager' in window)) return undefined;
  return (await startServiceWorker())?.pushManager;
}

const findSubscription = async (): Promise<PushSubscription | null | undefined> => (await findManager())?.getSubscription();

const write = (subscription: PushSubscription): string => JSON.stringify(subscription.toJSON());

/** Tells the server of a subscription, and remembers when. */
async function register(subscription: PushSubscription): Promise<void> {
  await ask('push.register', { subscription: write(subscription) });
  localStorage.setItem(KEY, String(Date.now()));
}

/** Looks up whether this browser is told of messages. What cannot be looked up now, such as without the server, stays unknown. */
export async function lookUpPush(): Promise<void> {
  const manager = await findManager().catch(() => undefined);
  if (!manager) {
    pushState.value = 'impossible';
    return;
  }
  const isOn = localStorage.getItem(KEY) !== null && (await manager.getSubscription().catch(() => null)) !== null;
  if (isOn) pushState.value = 'on';
  else pushState.value = (await ask('push.key', undefined)) === undefined ? 'impossible' : 'off';
}

/** Asks the person and the browser, and registers this browser. @throws Refusal, and what the browser's push service says */
export async function switchPushOn(): Promise<void> {
  await askForNotifications();
  if (notificationState.value !== 'granted') return;
  const [manager, key] = [await findManager(), await ask('push.key', undefined)];
  if (!manager || key === undefined) return;
  await register(await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  pushState.value = 'on';
}

/** This browser is told of nothing any more. */
export async function switchPushOff(): Promise<void> {
  localStorage.removeItem(KEY);
  pushState.value = 'off';
  const subscription = await findSubscription();
  if (!subscription) return;
  await ask('push.unregister', { subscription: write(subscription) }).catch(() => undefined);
  await subscription.unsubscribe();
}

/** The browser drops its subscription. The server forgets it with the log-in of this browser. */
export async function endSubscription(): Promise<void> {
  if (localStorage.getItem(KEY) !== null) await (await findSubscription())?.unsubscribe();
}

/** Tells the server once a day of the subscription that the browser has now, which may not be the one of yesterday. */
async function renew(): Promise<void> {
  const since = Number(localStorage.getItem(KEY) ?? Infinity);
  if (Date.now() - since < RENEW_MS) return;
  const subscription = await findSubscription();
  if (subscription) await register(subscription);
}

/** Opens what a notice was about when somebody presses it, and keeps the registration of this browser fresh. */
export function startPush(): void {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isOpenAddress(data)) go(data.address);
  });
  if (session.value.me !== undefined) void renew().catch(() => undefined);
}
