import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

/** Debian's package `firefox-esr`. */
const FIREFOX = '/usr/bin/firefox-esr';
export const hasFirefox = existsSync(FIREFOX);

const LISTENING = /WebDriver BiDi listening on (ws:\S+)/;

interface Answer {
  id?: number;
  method?: string;
  params?: { level?: string; text?: string };
  result?: unknown;
  message?: string;
}

/** A Firefox without a window, driven by WebDriver BiDi. @see https://w3c.github.io/webdriver-bidi/ */
export class Firefox implements AsyncDisposable {
  /** Errors that pages reported. */
  readonly problems: string[] = [];
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #lastId = 0;

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#take(JSON.parse(data.toString()) as Answer));
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Firefox has closed the connection'));
    });
  }

  static async start(): Promise<Firefox> {
    const profile = mkdtempSync(join(tmpdir(), 'aerogram-firefox-'));
    const child = spawn(FIREFOX, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: '1' } });
    const address = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`Firefox ended with ${String(code)}`)));
      createInterface(child.stderr!).on('line', (line) => {
        const found = LISTENING.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    const socket = new WebSocket(`${address}/session`);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const firefox = new Firefox(child, profile, socket);
    await firefox.command('session.new', { capabilities: {} });
    await firefox.command('session.subscribe', { events: ['log.entryAdded'] });
    return firefox;
  }

  /** Sends a command and returns its result. */
  async command<Result>(method: string, params: object): Promise<Result> {
    const id = ++this.#lastId;
    const answered = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#socket.send(JSON.stringify({ id, method, params }));
    return (await answered) as Result;
  }

  #take({ id, method, params, result, message }: Answer): void {
    if (method === 'log.entryAdded' && params?.level === 'error') this.problems.push(params.text ?? 'an error without a text');
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id!);
    if (message === undefined) waiting.resolve(result);
    else waiting.reject(new Error(message));
  }

  /** Opens a tab. All tabs share what the browser keeps of a site. */
  async openTab(address: string, size: { width: number; height: number }): Promise<FirefoxTab> {
    const { context } = await this.command<{ context: string }>('browsingContext.create', { type: 'tab' });
    await this.command('browsingContext.setViewport', { context, viewport: size });
    const tab = new FirefoxTab(this, context);
    await tab.go(address);
    return tab;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    await this.command('browser.close', {}).catch(() => this.#process.kill('SIGKILL'));
    await ended;
    this.#socket.terminate();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** How an element is found: by the selector of its role, and by its name or text. */
export interface Wanted {
  css: string;
  /** All of its name or text, or a part of it. */
  name: string | RegExp;
}

/** Finds elements of the page that can be seen. */
const FIND = `({ css, name, flags }) => [...document.querySelectorAll(css)].filter((element) => {
  const said = [element.ariaLabel, element.labels?.[0]?.innerText, element.innerText].map((text) => (text ?? '').trim());
  return element.checkVisibility() && said.some((text) => (flags === undefined ? text === name : new RegExp(name, flags).test(text)));
})`;

/** How often a condition is looked at while it is waited for, and for how long, in milliseconds. */
const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 30_000;

/** A tab of Firefox. */
export class FirefoxTab {
  readonly #firefox: Firefox;
  readonly #context: string;

  constructor(firefox: Firefox, context: string) {
    this.#firefox = firefox;
    this.#context = context;
  }

  async go(address: string): Promise<void> {
    await this.#firefox.command('browsingContext.navigate', { context: this.#context, url: address, wait: 'complete' });
  }

  async reload(): Promise<void> {
    await this.#firefox.command('browsingContext.reload', { context: this.#context, wait: 'complete' });
  }

  /** Evaluates an expression, which may be a promise, in the page. @returns its value, as JSON can tell it */
  async evaluate<Value>(expression: string): Promise<Value> {
    const answer = await this.#evaluate<{ result: { value?: string } }>(`(async () => JSON.stringify(await (${expression})) ?? 'null')()`);
    return JSON.parse(answer.result.value!) as Value;
  }

  async #evaluate<Result>(expression: string): Promise<Result> {
    const answer = await this.#firefox.command<Result & { type: string; exceptionDetails?: { text: string } }>('script.evaluate', { expression, target: { context: this.#context }, awaitPromise: true });
    if (answer.type === 'exception') throw new Error(answer.exceptionDetails?.text);
    return answer;
  }

  #found({ css, name }: Wanted): string {
    return `(${FIND})(${JSON.stringify({ css, name: typeof name === 'string' ? name : name.source, flags: typeof name === 'string' ? undefined : name.flags })})`;
  }

  async count(wanted: Wanted): Promise<number> {
    return await this.evaluate<number>(`${this.#found(wanted)}.length`);
  }

  /** Waits until an element can be seen, or cannot any more. */
  async waitFor(wanted: Wanted, isGone = false): Promise<void> {
    await this.evaluate(`new Promise((resolve, reject) => {
      const until = Date.now() + ${PATIENCE_MS};
      const look = () => {
        if ((${this.#found(wanted)}.length === 0) === ${isGone}) resolve(true);
        else if (Date.now() > until) reject(new Error('waited in vain for ${isGone ? 'the end of ' : ''}' + ${JSON.stringify(`${wanted.css} ${String(wanted.name)}`)}));
        else setTimeout(look, ${LOOK_EVERY_MS});
      };
      look();
    })`);
  }

  /** Presses a button of the mouse on the first such element. @param button 0 is the left one, 2 the right one */
  async click(wanted: Wanted, button = 0): Promise<void> {
    await this.waitFor(wanted);
    const place = await this.evaluate<{ x: number; y: number }>(`(() => {
      const [element] = ${this.#found(wanted)};
      element.scrollIntoView({ block: 'nearest' });
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
    })()`);
    const actions = [{ type: 'pointerMove', ...place }, { type: 'pointerDown', button }, { type: 'pause', duration: 50 }, { type: 'pointerUp', button }];
    await this.#act([{ type: 'pointer', id: 'mouse', actions }]);
  }

  /** Types a text. */
  async type(text: string): Promise<void> {
    await this.#act([{ type: 'key', id: 'keyboard', actions: [...text].flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }]) }]);
  }

  async #act(actions: object[]): Promise<void> {
    await this.#firefox.command('input.performActions', { context: this.#context, actions });
  }

  /** Chooses files in a field, which need not be visible. */
  async chooseFiles(css: string, files: string[]): Promise<void> {
    const { nodes } = await this.#firefox.command<{ nodes: { sharedId: string }[] }>('browsingContext.locateNodes', { context: this.#context, locator: { type: 'css', value: css } });
    await this.#firefox.command('input.setFiles', { context: this.#context, element: { sharedId: nodes[0]!.sharedId }, files });
  }
}

/** Keys, as WebDriver names them. @see https://www.w3.org/TR/webdriver2/#keyboard-actions */
export const KEY = { enter: '\uE007', escape: '\uE00C' } as const;
