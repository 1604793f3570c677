import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { findFreePort } from '@aerogram/dev-env/load';
import { type Browser, BrowserTab, type WindowSize } from './browser-tab.ts';

/** The programs of Debian's packages `webkit2gtk-driver`, `xvfb` and `libwebkit2gtk-4.1-0`. */
const DRIVER = '/usr/bin/WebKitWebDriver';
const SCREEN = '/usr/bin/Xvfb';
const MINI_BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
export const hasWebKit = [DRIVER, SCREEN, MINI_BROWSER].every((path) => existsSync(path));

/** WebDriver's time limit for a script in the page, in milliseconds. `BrowserTab.waitFor` is such a script, and so is a walk through a long chat. */
const SCRIPT_MS = 400_000;
const START_MS = 20_000;
const ASK_EVERY_MS = 50;

/** The key under which WebDriver returns the reference of an element. @see https://www.w3.org/TR/webdriver2/#elements */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** WebKit, the engine of Safari, driven by WebDriver on a virtual screen. Its profile is private as in a private window: it refuses to store Blobs, and forgets everything when it ends. */
export class WebKit implements Browser {
  readonly problems: readonly string[] = [];
  readonly #processes: readonly ChildProcess[];
  readonly #address: string;
  #session = '';
  /** The tab to which the driver sends commands now. */
  #current = '';

  private constructor(processes: readonly ChildProcess[], port: number) {
    this.#processes = processes;
    this.#address = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<WebKit> {
    const screen = spawn(SCREEN, ['-displayfd', '3', '-screen', '0', '1400x900x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const display = await new Promise<string>((resolve, reject) => {
      let text = '';
      screen.once('exit', () => reject(new Error('Xvfb ended')));
      (screen.stdio[3] as Readable).on('data', (data: Buffer) => {
        text += data.toString();
        if (text.endsWith('\n')) resolve(text.trim());
      });
    });
    const port = await findFreePort();
    // WebKit's sandbox needs user namespaces, which containers often forbid; only pages of the test's own server are opened.
    const driver = spawn(DRIVER, [`--port=${port}`], { stdio: 'ignore', env: { ...process.env, DISPLAY: `:${display}`, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } });
    const browser = new WebKit([driver, screen], port);
    await browser.#begin();
    return browser;
  }

  async #begin(): Promise<void> {
    for (const until = Date.now() + START_MS; ; ) {
      try {
        await this.#call('GET', '/status');
        break;
      } catch (error) {
        if (Date.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      }
    }
    const options = { binary: MINI_BROWSER, args: ['--automation'] };
    const { sessionId } = await this.#call<{ sessionId: string }>('POST', '/session', { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } } });
    this.#session = `/session/${sessionId}`;
    await this.#call('POST', `${this.#session}/timeouts`, { script: SCRIPT_MS });
  }

  async #call<Result>(method: string, path: string, body?: object): Promise<Result> {
    const response = await fetch(this.#address + path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const { value } = (await response.json()) as { value: Result & { error?: string; message?: string } };
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error} ${value.message}`);
    return value;
  }

  /** Sends a command to a tab, and selects that tab first if another one is selected. */
  async command<Result>(tab: string, method: string, path: string, body?: object): Promise<Result> {
    if (tab !== this.#current) await this.#call('POST', `${this.#session}/window`, { handle: tab });
    this.#current = tab;
    return await this.#call<Result>(method, this.#session + path, body);
  }

  async openTab(address: string, size: WindowSize): Promise<WebKitTab> {
    // A new browser has one tab already.
    const handle = this.#current === '' ? await this.#call<string>('GET', `${this.#session}/window`) : (await this.#call<{ handle: string }>('POST', `${this.#session}/window/new`, { type: 'tab' })).handle;
    await this.command(handle, 'POST', '/window/rect', size);
    const tab = new WebKitTab(this, handle);
    await tab.go(address);
    return tab;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#call('DELETE', this.#session).catch(() => undefined);
    for (const child of this.#processes) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode !== null || !child.kill('SIGTERM')) continue;
      await ended;
    }
  }
}

class WebKitTab extends BrowserTab {
  readonly #browser: WebKit;
  readonly #handle: string;

  constructor(browser: WebKit, handle: string) {
    super();
    this.#browser = browser;
    this.#handle = handle;
  }

  #command<Result>(method: string, path: string, body?: object): Promise<Result> {
    return this.#browser.command<Result>(this.#handle, method, path, body);
  }

  override async go(address: string): Promise<void> {
    await this.#command('POST', '/url', { url: address });
  }

  override async reload(): Promise<void> {
    await this.#command('POST', '/refresh', {});
  }

  protected override async ask(expression: string): Promise<string> {
    const script = `const done = arguments[0]; (${expression}).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await this.#command<{ value: string; error?: string }>('POST', '/execute/async', { script, args: [] });
    if (error !== undefined) throw new Error(error);
    return value;
  }

  protected override async act(actions: object[]): Promise<void> {
    await this.#command('POST', '/actions', { actions });
  }

  override async chooseFiles(css: string, files: string[]): Promise<void> {
    const element = await this.#command<Record<string, string>>('POST', '/element', { using: 'css selector', value: css });
    await this.#command('POST', `/element/${element[ELEMENT]}/value`, { text: files.join('\n') });
  }
}
