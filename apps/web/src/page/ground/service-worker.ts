import { scriptAddress } from './script-address.ts';

let registering: Promise<ServiceWorkerRegistration> | undefined;

/** Starts the service worker, once, however many parts of the page need it. @returns undefined where there can be none */
export function startServiceWorker(): Promise<ServiceWorkerRegistration> | undefined {
  if (!('serviceWorker' in navigator)) return undefined;
  registering ??= navigator.serviceWorker.register(scriptAddress('/sw.js')).then(() => navigator.serviceWorker.ready, (error: unknown) => {
    // Whoever asks next tries again.
    registering = undefined;
    throw error;
  });
  return registering;
}
