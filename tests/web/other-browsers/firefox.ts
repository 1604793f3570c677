import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { type Browser, BrowserTab, type WindowSize } from './browser-tab.ts';

/** The program of Debian's package `firefox-esr`. */
const FIREFOX = '/usr/bin/firefox-esr';
export const hasFirefox = existsSync(FIREFOX);

const LISTENING = /WebDriver BiDi listening on (ws:\S+)/;

/** Pages get a microphone that beeps, without a question, and may play sound. */
const PREFERENCES = ['"media.navigator.streams.fake", true', '"media.navigator.permission.disabled", true', '"media.autoplay.default", 0'];

interface Answer {
  id?: number;
  method?: string;
  params?: { level?: string; text?: string };
  result?: unknown;
  message?: string;
}

/** A Firefox without a window, driven by WebDriver BiDi. @see https://w3c.github.io/webdriver-bidi/ */
export class Firefox implements Browser {
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
    writeFileSync(join(profile, 'user.js'), PREFERENCES.map((line) => `user_pref(${line});\n`).join(''));
    const child = spawn(FIREFOX, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: profile } });
    const address = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`Firefox ended with ${String(code)}`)));
      createInterface(child.stderr).on('line', (line) => {
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

  async openTab(address: string, size: WindowSize): Promise<FirefoxTab> {
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

class FirefoxTab extends BrowserTab {
  readonly #firefox: Firefox;
  readonly #context: string;

  constructor(firefox: Firefox, context: string) {
    super();
    this.#firefox = firefox;
    this.#context = context;
  }

  override async go(address: string): Promise<void> {
    await this.#firefox.command('browsingContext.navigate', { context: this.#context, url: address, wait: 'complete' });
  }

  override async reload(): Promise<void> {
    await this.#firefox.command('browsingContext.reload', { context: this.#context, wait: 'complete' });
  }

  protected override async ask(expression: string): Promise<string> {
    const answer = await this.#firefox.command<{ type: string; result?: { value: string }; exceptionDetails?: { text: string } }>('script.evaluate', { expression, target: { context: this.#context }, awaitPromise: true });
    if (answer.result === undefined) throw new Error(answer.exceptionDetails?.text);
    return answer.result.value;
  }

  protected override async act(actions: object[]): Promise<void> {
    await this.#firefox.command('input.performActions', { context: this.#context, actions });
  }

  override async chooseFiles(css: string, files: string[]): Promise<void> {
    const { nodes } = await this.#firefox.command<{ nodes: { sharedId: string }[] }>('browsingContext.locateNodes', { context: this.#context, locator: { type: 'css', value: css } });
    await this.#firefox.command('input.setFiles', { context: this.#context, element: { sharedId: nodes[0]!.sharedId }, files });
  }
}
