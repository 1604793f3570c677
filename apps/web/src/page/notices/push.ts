import { signal } from '@preact/signals';
import { ask, session } from '../ground/link.ts';
import { go } from '../ground/route.ts';
import { scriptAddress } from '../ground/script-address.ts';
import { notificationState, readNotificationState } from './alerts.ts';

/** Whether this browser is told of messages while the page is closed. unknown: that was not looked up yet; impossible: it cannot be, such as where there is no push service. */
export type PushState = 'unknown' | 'impossible' | 'off' | 'on';

/** Remembers that somebody has switched it on, so that it is renewed. */
const KEY = 'aerogram-push';
/** How often a subscription is registered anew, in milliseconds. */
const RENEW_MS = 24 * 3600 * 1000;

export const pushState = signal<PushState>('unknown');

interface OpenAddress {
  type: 'open';
  address: string;
}

const isOpenAddress = (data: unknown): data is OpenAddress => typeof data === 'object' && data !== null && 'type' in data && data.type === 'open' && 'address' in data && typeof data.address === 'string';

async function findManager(): Promise<PushManager | undefined> {
  if (!isSecureContext || !('serviceWorker' in navigator) || !('PushManager' in window)) return undefined;
  // Videos need it too; whoever comes second finds it there.
  await navigator.serviceWorker.register(scriptAddress('/sw.js'));
  return (await navigator.serviceWorker.ready).pushManager;
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
  if ((await Notification.requestPermission()) !== 'granted') {
    notificationState.value = readNotificationState();
    return;
  }
  notificationState.value = readNotificationState();
  const [manager, key] = [await findManager(), await ask('push.key', undefined)];
  if (!manager || key === undefined) return;
  const subscription = await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await ask('push.register', { subscription: JSON.stringify(subscription.toJSON()) });
  localStorage.setItem(KEY, String(Date.now()));
  pushState.value = 'on';
}

/** This browser is told of nothing any more. */
export async function switchPushOff(): Promise<void> {
  localStorage.removeItem(KEY);
  pushState.value = 'off';
  const subscription = await (await findManager())?.getSubscription();
  if (!subscription) return;
  await ask('push.unregister', { subscription: JSON.stringify(subscription.toJSON()) }).catch(() => undefined);
  await subscription.unsubscribe();
}

/** The browser drops its subscription. The server forgets it with the log-in of this browser. */
export async function endSubscription(): Promise<void> {
  if (localStorage.getItem(KEY) === null) return;
  const subscription = await (await findManager())?.getSubscription();
  await subscription?.unsubscribe();
}

/** Registers again what was switched on: the browser may have another subscription by now. */
async function renew(): Promise<void> {
  const since = Number(localStorage.getItem(KEY) ?? Infinity);
  if (Date.now() - since < RENEW_MS) return;
  const subscription = await (await findManager())?.getSubscription();
  if (!subscription) return;
  await ask('push.register', { subscription: JSON.stringify(subscription.toJSON()) });
  localStorage.setItem(KEY, String(Date.now()));
}

/** Opens what a notice was about when somebody presses it, and keeps the registration of this browser fresh. */
export function startPush(): void {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isOpenAddress(data)) go(data.address);
  });
  if (session.value.me !== undefined) void renew().catch(() => undefined);
}
