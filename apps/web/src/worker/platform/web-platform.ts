import type { ICorePlatform } from '@mtcute/core';

/** What mtcute asks of the system. Its log is off: texts, phone numbers and keys must not be printed. */
export const webPlatform: ICorePlatform = {
  beforeExit: () => () => undefined,
  log: () => undefined,
  getDefaultLogLevel: () => 0,
  getDeviceModel: () => describeBrowser(navigator.userAgent),
  onNetworkChanged: (tell) => {
    const online = (): void => tell(true);
    const offline = (): void => tell(false);
    addEventListener('online', online);
    addEventListener('offline', offline);
    return () => {
      removeEventListener('online', online);
      removeEventListener('offline', offline);
    };
  },
  isOnline: () => navigator.onLine,
};

/** Names browser and system as the list of devices shows them, such as `Firefox, Linux`. Pure. */
export function describeBrowser(userAgent: string): string {
  const find = (names: [pattern: RegExp, name: string][], otherwise: string): string => names.find(([pattern]) => pattern.test(userAgent))?.[1] ?? otherwise;
  const browser = find([[/Edg\//, 'Edge'], [/OPR\//, 'Opera'], [/Firefox\//, 'Firefox'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari']], 'Browser');
  const system = find([[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/CrOS/, 'ChromeOS'], [/Linux/, 'Linux']], 'unknown system');
  return `${browser}, ${system}`;
}
