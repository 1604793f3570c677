import { Long } from '@mtcute/node';
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { assert, vi } from 'vitest';
import { type Actor, type Serving, startTestServer, type TestServer, type TestServerOptions, World } from '@aerogram/dev-env';
import { CHROMIUM, hasChromium, QUIET_CHROMIUM } from '@aerogram/dev-env/load';
import { DROP_CACHE } from './page-scripts.ts';
import { firstDifference, type Shown } from './shown.ts';

/** A microphone that beeps. */
const MICROPHONE = ['--use-fake-device-for-media-stream'];

export { hasChromium };
/** Sizes of windows in which stories are told. */
export const SIZES = { phone: { width: 360, height: 740 }, desk: { width: 1280, height: 800 } } as const;
export type Size = keyof typeof SIZES;
/** Whether stories are told at the other size, as `npm run test:all` does beside their own. */
const isOtherSize = process.env['AEROGRAM_TEST_WEB_SIZE'] === 'other';
const OTHER: Record<Size, Size> = { phone: 'desk', desk: 'phone' };

/** The web client of one person, in a browser window of its own. */
export class WebPerson {
  actor: Actor;
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page reported: errors, and requests that its policy forbids. None is expected. */
  readonly problems: string[] = [];
  readonly #address: string;

  constructor({ actor, context, page, address }: { actor: Actor; context: BrowserContext; page: Page; address: string }) {
    this.actor = actor;
    this.context = context;
    this.page = page;
    this.#address = address;
    page.on('pageerror', (error) => this.problems.push(`error: ${error.message}`));
    page.on('console', (message) => message.type() === 'error' && this.problems.push(`console: ${message.text()}`));
    page.on('dialog', (dialog) => this.problems.push(`dialog: ${dialog.message()}`));
  }

  /** Types number and code. */
  async logIn(): Promise<void> {
    const { page, actor } = this;
    await page.getByRole('textbox', { name: 'Phone number' }).fill(actor.phone);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('textbox', { name: 'Code' }).fill(actor.code);
    await page.getByRole('button', { name: 'Next' }).click();
    await this.chats.waitFor();
  }

  /** Types a number that nobody has yet, its code, and a name. */
  async signUp(): Promise<void> {
    const { page, actor } = this;
    await page.getByRole('textbox', { name: 'Phone number' }).fill(actor.phone);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('textbox', { name: 'Code' }).fill(actor.code);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('textbox', { name: 'First name' }).fill(actor.name);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await this.chats.waitFor();
  }

  get chats(): Locator {
    return this.page.getByRole('list', { name: 'Chats' });
  }

  /** The row of a chat, by the beginning of its name. */
  chat(title: string): Locator {
    return this.chats.getByRole('link', { name: new RegExp(`^${title}`) });
  }

  /** What the row of a chat says, such as `- link "Bob 10:15 AM hello, 1 unread"`. */
  async row(title: string): Promise<string> {
    const [line] = (await this.chat(title).ariaSnapshot()).split('\n');
    return line!.replace(/^- link "(.*?)"(?: \[.*\])*:?$/, '$1');
  }

  get messages(): Locator {
    return this.page.getByRole('log', { name: 'Messages' });
  }

  /** A message by a part of what it says. */
  message(text: string | RegExp): Locator {
    return this.messages.getByRole('article').filter({ hasText: text });
  }

  /** Goes to a part of the client, such as `chat/5`. */
  async go(path: string): Promise<void> {
    await this.page.goto(`${this.#address}#/${path}`);
  }

  /** Shows the list of chats, which a phone hides while a chat is open. */
  async goToList(): Promise<void> {
    if (!(await this.chats.isVisible())) await this.go('');
    await this.chats.waitFor();
  }

  /** The column beside a chat when it shows a page on which a group or channel is managed. */
  managed(title: string): Locator {
    return this.page.getByRole('complementary', { name: title, exact: true });
  }

  /** Shows the chat that the panel about it, or a page on which it is managed, covers on a phone. */
  async leaveInfo(): Promise<void> {
    if (await this.page.getByRole('main').isVisible()) return;
    const close = this.page.getByRole('button', { name: 'Close info' });
    while (!(await close.isVisible())) await this.page.getByRole('complementary').getByRole('link', { name: 'Back' }).click();
    await close.click();
  }

  /** The chat in the address of the page: a person's id, or the marked id of a group or channel. */
  get openPeer(): number {
    return Number(/#\/chat\/(-?\d+)/.exec(this.page.url())?.[1]);
  }

  /** Opens a chat by its address. @param other somebody, or the marked id of a group or channel */
  async open(other: Actor | number): Promise<void> {
    await this.go(`chat/${typeof other === 'number' ? other : other.id}`);
    await this.page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
  }

  /** Writes and sends a message in the open chat. */
  async send(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Message', exact: true }).click();
    await this.page.keyboard.insertText(text);
    await this.page.keyboard.press('Enter');
  }

  /** Chooses a line of the menu of a message. */
  async choose(text: string | RegExp, item: string): Promise<void> {
    await this.openMenu(text);
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
  }

  /** Opens the menu of a message by the keyboard. */
  async openMenu(text: string | RegExp): Promise<void> {
    await this.message(text).focus();
    await this.page.keyboard.press('Shift+F10');
  }

  /** Reacts to a message by the bar above its menu. */
  async react(text: string | RegExp, emoji: string): Promise<void> {
    await this.openMenu(text);
    const button = (within: Locator): Locator => within.getByRole('button', { name: emoji, exact: true });
    const bar = this.page.getByRole('toolbar', { name: 'Quick reactions' });
    await bar.getByRole('button').first().waitFor();
    if ((await button(bar).count()) > 0) {
      await button(bar).click();
      return;
    }
    await bar.getByRole('button', { name: 'More reactions' }).click();
    await button(this.page.getByRole('group', { name: 'Reactions to choose' }).getByRole('region', { name: 'All' })).click();
  }

  /** Chooses chats in the dialog "Forward to", and sends. */
  async forwardTo(...chats: string[]): Promise<void> {
    const dialog = this.dialog('Forward to');
    for (const chat of chats) await dialog.getByRole('checkbox', { name: chat, exact: true }).check();
    await dialog.getByRole('button', { name: `Send to ${chats.length} chat${chats.length === 1 ? '' : 's'}` }).click();
  }

  dialog(name: string): Locator {
    return this.page.getByRole('dialog', { name });
  }

  /** The field for messages. */
  get composer(): Locator {
    return this.page.getByRole('textbox', { name: 'Message', exact: true });
  }

  /** How many messages the server counts as unread: in a group or channel, or in all chats. @param channel marked */
  async unread(channel?: number): Promise<number> {
    const { main } = this.actor;
    const answer =
      channel === undefined
        ? await main.call({ _: 'messages.getDialogs', offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 100, hash: Long.ZERO })
        : await main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: main.inputPeer(channel) }] });
    const dialogs = 'dialogs' in answer ? answer.dialogs : [];
    return dialogs.reduce((sum, dialog) => sum + (dialog._ === 'dialog' ? dialog.unreadCount : 0), 0);
  }

  /** Waits until the title of the window counts what the server does: messages that came or were read are counted a moment later. For people without muted chats. */
  async countsAll(): Promise<void> {
    await vi.waitFor(async () => {
      const unread = await this.unread();
      assert.equal(await this.page.title(), unread === 0 ? 'Aerogram' : `(${unread}) Aerogram`);
    }, { timeout: 20_000, interval: 100 });
  }

  /** Waits until all that the open chat shows was read, and is counted so. @param channel marked */
  async hasRead(channel: number): Promise<void> {
    await vi.waitFor(async () => assert.equal(await this.unread(channel), 0), { timeout: 20_000, interval: 100 });
    await this.countsAll();
  }

  /** What the window tells a screen reader about its chats, topics and messages, without the line that says where one had stopped to read. */
  async shown(): Promise<Shown> {
    const tell = async (place: Locator): Promise<string> => ((await place.count()) === 0 ? '' : (await place.ariaSnapshot()).replace(/^.*Unread messages\n/m, ''));
    return { chats: await tell(this.chats), topics: await tell(this.page.getByRole('main').getByRole('list', { name: 'Topics' })), messages: await tell(this.messages) };
  }

  /** The end of each story: the window shows the same when it has to load everything anew. @param isRead false if the open chat has something that cannot be seen */
  async sameAfterReload(isRead = true): Promise<void> {
    // What can be seen of the open chat is read a moment later.
    if (isRead) await this.chats.getByRole('link', { name: /\d unread$/ }).and(this.page.locator('[aria-current]')).waitFor({ state: 'detached' });
    // Others may have a message before its sender has the answer.
    await this.page.getByRole('img', { name: /^(Sending|Waiting to be \w+)$/ }).first().waitFor({ state: 'detached' });
    await this.page.getByText(/typing…/).first().waitFor({ state: 'detached' });
    const before = await this.shown();
    await this.page.evaluate(DROP_CACHE);
    await this.page.reload();
    await vi.waitFor(async () => assert.equal(firstDifference(before, await this.shown()), undefined), { timeout: 15_000, interval: 100 });
  }
}

/** A server, the people of a story, and a browser for those who use the web client. */
export interface WebStage<Server = TestServer> extends AsyncDisposable {
  server: Server;
  world: World;
  /** Signs up a person, and opens the web client as their second device. */
  person(name: string, size?: Size): Promise<WebPerson>;
  /** Signs up a person in the web client, whose second device is another client. Only the older device may set a password or end others. */
  newcomer(name: string, size?: Size): Promise<WebPerson>;
  /** Opens the web client for somebody who has an account, without logging in. @param port that of a proxy in front of the server */
  open(actor: Actor, size?: Size, port?: number): Promise<WebPerson>;
  /** Opens an address of the web client in a window of its own. */
  visit(actor: Actor, address: string, size?: Size): Promise<WebPerson>;
  /** What pages reported that nobody expected. */
  problems(): string[];
}

/** Starts a stage for a test file; call `endWebStage` in `afterAll`. */
export async function startWebStage(options: TestServerOptions = {}): Promise<WebStage> {
  return await setWebStage(await startTestServer(options));
}

/** Sets a stage before a server that runs already. The stage ends the server. @param webPort where browsers find it */
export async function setWebStage<Server extends Serving & AsyncDisposable>(server: Server, webPort = server.info.http.port): Promise<WebStage<Server>> {
  const world = new World(server);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...QUIET_CHROMIUM, ...MICROPHONE] });
  const people: WebPerson[] = [];
  const visit = async (actor: Actor, address: string, size: Size = 'desk'): Promise<WebPerson> => {
    const context = await browser.newContext({ viewport: SIZES[isOtherSize ? OTHER[size] : size], locale: 'en-US' });
    const page = await context.newPage();
    const person = new WebPerson({ actor, context, page, address: `${new URL(address).origin}/` });
    people.push(person);
    await page.goto(address);
    return person;
  };
  const open = (actor: Actor, size?: Size, port = webPort): Promise<WebPerson> => visit(actor, `http://localhost:${port}/`, size);
  return {
    server,
    world,
    open,
    visit,
    async person(name, size) {
      const person = await open(await world.user(name), size);
      await person.logIn();
      return person;
    },
    async newcomer(name, size) {
      const number = world.freshPhone();
      const person = await open({ name, ...number } as Actor, size);
      await person.signUp();
      person.actor = await world.user(name, {}, number);
      return person;
    },
    problems: () => people.flatMap(({ actor, problems }) => problems.map((problem) => `${actor.name}: ${problem}`)),
    async [Symbol.asyncDispose]() {
      await browser.close();
      await world[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Ends a stage. Fails if a page reported something. */
export async function endWebStage(stage: WebStage<unknown> | undefined): Promise<void> {
  const problems = stage?.problems();
  await stage?.[Symbol.asyncDispose]();
  if (problems !== undefined && problems.length > 0) throw new Error(`pages reported:\n${problems.join('\n')}`);
}
