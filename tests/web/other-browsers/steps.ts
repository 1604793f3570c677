import type { Actor } from '@aerogram/dev-env';
import { type Browser, type BrowserTab, KEY, type Wanted, type WindowSize } from './browser-tab.ts';
import { Firefox, hasFirefox } from './firefox.ts';
import { hasWebKit, WebKit } from './webkit.ts';

/** The browsers beside Chromium in which stories are told. */
export const BROWSERS = [
  { name: 'Firefox', isThere: hasFirefox, records: true, start: (): Promise<Browser> => Firefox.start() },
  // Its driver gives pages no microphone.
  { name: 'WebKit', isThere: hasWebKit, records: false, start: (): Promise<Browser> => WebKit.start() },
];

export const chatRow = (name: string): Wanted => ({ css: 'a.chat-row', name: new RegExp(`^(.*\\n)?${name}`, 'u') });
export const field = (name: string): Wanted => ({ css: 'input, textarea, [role="textbox"]', name });
export const message = (text: string): Wanted => ({ css: '[role="article"], article', name: new RegExp(text, 'u') });

/** Opens the web client in a tab of its own, and logs somebody in. @param httpPort of the server */
export async function logIn(browser: Browser, httpPort: number, actor: Actor, size: WindowSize): Promise<BrowserTab> {
  const tab = await browser.openTab(`http://localhost:${httpPort}/`, size);
  await tab.click(field('Phone number'));
  await tab.type(actor.phone + KEY.enter);
  await tab.click(field('Code'));
  await tab.type(actor.code + KEY.enter);
  return tab;
}
