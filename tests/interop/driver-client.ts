import { isDeepStrictEqual } from 'node:util';
import type { ServerInfo } from '@aerogram/dev-env/load';
import type { DriverGroup, DriverProfile } from './driver-answers.ts';
import { FileCommands } from './file-commands.ts';

/** A client library used in the tests. */
export type Library = 'mtcute' | 'gramjs' | 'telethon' | 'tdlib' | 'tdlib-1.8.65';

/** A message as described by a driver, independent of its library. */
export interface DriverMessage {
  id: number;
  peer: number;
  /** Who is shown as the author: a person, or the group or channel itself. */
  from: number;
  out: boolean;
  text: string;
  replyTo: number | null;
  forward: boolean;
  edited: boolean;
  /** Whether it mentions the own account; TDLib says so until the mention is read. */
  mentioned: boolean;
}

/**
 * A TL object as JSON, with the names of the schema; in answers, constructors have no namespace. Integers that do not fit a double are
 * strings, bytes are hexadecimal. In requests `{ $peer: id }` and `{ $user: id }` are what the library makes of an id, `{ $long: '1' }` is
 * a long, `{ $bytes: 'ff' }` are bytes.
 */
export type Plain = Record<string, unknown> & { _: string };

/** An event reported by a driver's library. */
export type DriverEvent =
  | ({ kind: 'message' | 'edit' } & DriverMessage)
  | { kind: 'delete'; ids: number[] }
  | { kind: 'readInbox' | 'readOutbox'; peer: number; maxId: number }
  | { kind: 'typing'; peer: number; action: string }
  | { kind: 'qr'; token: string }
  /** Any other event, in the form of the library. */
  | { kind: 'update'; update: Plain };

/** How a client connects to the server. */
export interface Connecting {
  server: ServerInfo;
  transport: string;
  pfs?: boolean;
  session?: unknown;
}

const EVENT_WAIT_MS = 20_000;

/** An error of the server, as reported by the library. */
export class DriverError extends Error {
  readonly code: number;
  readonly text: string;
  constructor(call: string, code: number, text: string) {
    super(`${call}: ${code} ${text}`);
    this.code = code;
    this.text = text;
  }
}

/** The process of a client, as the client sees it. */
interface Requests {
  /** What the library wrote to stderr, for the message of a failing test. */
  readonly complaints: string;
  /** Sends one command and waits for its answer. */
  request(client: string, method: string, params: Record<string, unknown>): Promise<unknown>;
}

/** One client inside a driver process. Its commands are the same for every library. */
export class DriverClient extends FileCommands {
  readonly name: string;
  readonly library: Library;
  readonly events: DriverEvent[] = [];
  private readonly process: Requests;
  private readonly waiters = new Set<() => void>();

  constructor(process: Requests, library: Library, name: string) {
    super();
    this.process = process;
    this.library = library;
    this.name = name;
  }

  open(params: Connecting): Promise<void> {
    return this.call('open', { ...params });
  }
  login(params: { phone: string; code: string; firstName: string; password?: string }): Promise<{ id: number; firstName: string; signedUp: boolean }> {
    return this.call('login', params);
  }
  /** Logs in as a bot. */
  loginBot(params: { token: string }): Promise<{ id: number; firstName: string }> {
    return this.call('loginBot', params);
  }
  /** Finds a person or bot by a username. */
  findPerson(params: { username: string }): Promise<{ id: number }> {
    return this.call('findPerson', params);
  }
  /** As a bot: sends a text with buttons below each other, whose data are their labels. */
  offer(params: { peer: number; text: string; buttons: string[] }): Promise<{ id: number }> {
    return this.call('offer', params);
  }
  /** Presses a button of a bot's message, and waits for the answer. */
  press(params: { peer: number; id: number; data: string }): Promise<{ text: string | null; isAlert: boolean }> {
    return this.call('press', params);
  }
  /** As a bot: answers somebody who has pressed a button. */
  answerPress(params: { query: string; text: string; isAlert: boolean }): Promise<void> {
    return this.call('answerPress', params);
  }
  /** Reports a QR code as an event, and resolves when it was scanned and the password, if any, was right. */
  loginByQr(params: { password?: string }): Promise<{ id: number }> {
    return this.call('loginByQr', params);
  }
  acceptQr(params: { token: string }): Promise<void> {
    return this.call('acceptQr', params);
  }
  /** Sets, changes or (without `password`) removes the cloud password. */
  setPassword(params: { current?: string; password?: string; hint: string }): Promise<void> {
    return this.call('setPassword', params);
  }
  /** Number of devices on which the account is logged in. */
  devices(): Promise<number> {
    return this.call('devices', {});
  }
  me(): Promise<{ id: number; firstName: string }> {
    return this.call('me', {});
  }
  addContact(params: { phone: string; firstName: string }): Promise<{ id: number | null }> {
    return this.call('addContact', params);
  }
  /** What the library shows about a user. */
  profile(params: { peer: number }): Promise<DriverProfile> {
    return this.call('profile', params);
  }
  setProfile(params: { about: string; username: string }): Promise<void> {
    return this.call('setProfile', params);
  }
  block(params: { peer: number; blocked: boolean }): Promise<void> {
    return this.call('block', params);
  }
  /** Hides the own number and last seen time from one user and shows them to everybody else. */
  hideFrom(params: { peer: number }): Promise<void> {
    return this.call('hideFrom', params);
  }
  send(params: { peer: number; text: string; replyTo?: number }): Promise<{ id: number }> {
    return this.call('send', params);
  }
  /** Sends texts in one go, each call after the one before (`invokeAfterMsg`). */
  sendAll(params: { peer: number; texts: string[] }): Promise<void> {
    return this.call('sendAll', params);
  }
  /** Sends the same text twice with the same random_id. */
  sendTwice(params: { peer: number; text: string }): Promise<{ ids: [number, number] }> {
    return this.call('sendTwice', params);
  }
  edit(params: { peer: number; id: number; text: string }): Promise<void> {
    return this.call('edit', params);
  }
  delete(params: { peer: number; ids: number[] }): Promise<void> {
    return this.call('delete', params);
  }
  forward(params: { from: number; ids: number[]; to: number }): Promise<{ ids: number[] }> {
    return this.call('forward', params);
  }
  read(params: { peer: number; maxId: number }): Promise<void> {
    return this.call('read', params);
  }
  typing(params: { peer: number }): Promise<void> {
    return this.call('typing', params);
  }
  history(params: { peer: number; limit: number; offsetId?: number }): Promise<DriverMessage[]> {
    return this.call('history', params);
  }
  /** All texts of a chat, newest first, read through the library's own paging. */
  pages(params: { peer: number; page: number }): Promise<string[]> {
    return this.call('pages', params);
  }
  /** All texts found in a chat, or in all chats, newest first, through the library's own paging. */
  search(params: { peer: number | null; text: string }): Promise<string[]> {
    return this.call('search', params);
  }
  /** The bytes (base64) of a document from an answer, downloaded with the library's own code. */
  download(params: { document: Plain }): Promise<string> {
    return this.call('download', params);
  }
  dialogs(): Promise<{ peer: number; unread: number; top: number | null }[]> {
    return this.call('dialogs', {});
  }
  /** Makes a basic group and returns its id in the form of the libraries, which is negative. */
  createGroup(params: { users: number[]; title: string }): Promise<{ peer: number }> {
    return this.call('createGroup', params);
  }
  /** Creates a supergroup and returns its marked id. */
  createSupergroup(params: { title: string }): Promise<{ peer: number }> {
    return this.call('createSupergroup', params);
  }
  /** Adds people to a supergroup. */
  addMembers(params: { peer: number; users: number[] }): Promise<void> {
    return this.call('addMembers', params);
  }
  /** Adds a member, who gets the last 100 messages. */
  addMember(params: { peer: number; user: number }): Promise<void> {
    return this.call('addMember', params);
  }
  removeMember(params: { peer: number; user: number }): Promise<void> {
    return this.call('removeMember', params);
  }
  leaveGroup(params: { peer: number }): Promise<void> {
    return this.call('leaveGroup', params);
  }
  setTitle(params: { peer: number; title: string }): Promise<void> {
    return this.call('setTitle', params);
  }
  /** Pins a message for all, with a service message. */
  pin(params: { peer: number; id: number }): Promise<void> {
    return this.call('pin', params);
  }
  react(params: { peer: number; id: number; emoji: string }): Promise<void> {
    return this.call('react', params);
  }
  /** What the library shows about a group. */
  group(params: { peer: number }): Promise<DriverGroup> {
    return this.call('group', params);
  }
  /** Creates a broadcast channel and returns its marked id. */
  createChannel(params: { title: string }): Promise<{ peer: number }> {
    return this.call('createChannel', params);
  }
  /** Gives a member of a supergroup or channel the rights of an admin, or takes them. */
  promote(params: { peer: number; user: number; isAdmin: boolean }): Promise<void> {
    return this.call('promote', params);
  }
  /** Makes the owner of a supergroup write in its name from now on. */
  hide(params: { peer: number }): Promise<void> {
    return this.call('hide', params);
  }
  /** Forbids a member of a supergroup to write, or allows it again. */
  mute(params: { peer: number; user: number; isMuted: boolean }): Promise<void> {
    return this.call('mute', params);
  }
  ban(params: { peer: number; user: number; isBanned: boolean }): Promise<void> {
    return this.call('ban', params);
  }
  /** What somebody is in a supergroup or channel. */
  role(params: { peer: number; user: number }): Promise<'creator' | 'admin' | 'member' | 'restricted' | 'banned' | 'left'> {
    return this.call('role', params);
  }
  slowMode(params: { peer: number; seconds: number }): Promise<void> {
    return this.call('slowMode', params);
  }
  /** Seconds until the own account may write again in a supergroup with slow mode. */
  slowModeWait(params: { peer: number }): Promise<number> {
    return this.call('slowModeWait', params);
  }
  /** Sets the username of a supergroup or channel. */
  publicName(params: { peer: number; username: string }): Promise<void> {
    return this.call('publicName', params);
  }
  /** Resolves a username and joins what has it. */
  joinByName(params: { username: string }): Promise<{ peer: number }> {
    return this.call('joinByName', params);
  }
  /** What an invite link leads to: the group, for its members, or what others are shown of it. */
  lookAtInvite(params: { link: string }): Promise<{ peer: number } | { title: string; members: number; asks: boolean }> {
    return this.call('lookAtInvite', params);
  }
  /** Joins by an invite link, or asks to be let in. */
  joinByInvite(params: { link: string }): Promise<{ isMember: boolean }> {
    return this.call('joinByInvite', params);
  }
  /** Lets in somebody who asks to be, or not. The library has to know the person from the list of requests. */
  answerRequest(params: { peer: number; user: number; isApproved: boolean }): Promise<void> {
    return this.call('answerRequest', params);
  }
  /** Sends `before` and then the name of a user, which mentions them by their id. */
  mention(params: { peer: number; user: number; before: string; name: string }): Promise<{ id: number }> {
    return this.call('mention', params);
  }
  /** Ids of the messages with unread mentions, newest first. */
  mentions(params: { peer: number }): Promise<number[]> {
    return this.call('mentions', params);
  }
  readMentions(params: { peer: number }): Promise<void> {
    return this.call('readMentions', params);
  }
  /** Ids of the pinned messages, newest first. */
  pinned(params: { peer: number }): Promise<number[]> {
    return this.call('pinned', params);
  }
  /** Ids of the users who have read an own message. */
  readers(params: { peer: number; id: number }): Promise<number[]> {
    return this.call('readers', params);
  }
  /** Makes a supergroup of a basic group and returns its marked id. */
  migrate(params: { peer: number }): Promise<{ peer: number }> {
    return this.call('migrate', params);
  }
  /** Makes another member the owner. */
  giveAway(params: { peer: number; user: number; password: string }): Promise<void> {
    return this.call('giveAway', params);
  }
  /** Posts as a channel of one's own, or as the supergroup itself. */
  sendAs(params: { peer: number; as: number; text: string }): Promise<{ id: number }> {
    return this.call('sendAs', params);
  }
  /** What happened lately in a supergroup or channel, newest first: who did it, and the name of the event in the schema. @param params.words only events with these words */
  adminLog(params: { peer: number; words?: string }): Promise<{ by: number; what: string }[]> {
    return this.call('adminLog', params);
  }
  /** Deletes a supergroup or channel for all. */
  deleteGroup(params: { peer: number }): Promise<void> {
    return this.call('deleteGroup', params);
  }
  /** Sends a text in the library's own markup. */
  sendMarkup(params: { peer: number; markup: 'html' | 'markdown'; text: string }): Promise<{ id: number }> {
    return this.call('sendMarkup', params);
  }
  /** Exports all data by the library's own means, inside invokeWithTakeout; for Telethon only. */
  takeOut(params: { peer: number }): Promise<{ unmatched: string[]; texts: string[] }> {
    return this.call('takeOut', params);
  }
  /** Calls a method by its name in the schema, in the library's own layer. @param dc another data centre than one's own; for GramJS only */
  invoke(method: string, args: Record<string, unknown> = {}, dc?: number): Promise<Plain> {
    return this.call('invoke', { method, args, ...(dc !== undefined && { dc }) });
  }
  /** Whether the library's layer has a method. */
  knows(method: string): Promise<boolean> {
    return this.call('knows', { method });
  }
  /** Sends a request of TDLib's own interface; for TDLib only. */
  request<T = Plain>(query: Plain): Promise<T> {
    return this.call('request', { query });
  }
  /** Errors that TDLib has logged since the last call, for all its clients. */
  complaints(): Promise<string[]> {
    return this.call('complaints', {});
  }
  export(): Promise<unknown> {
    return this.call('export', {});
  }
  close(): Promise<void> {
    return this.call('close', {});
  }

  /** Waits for an event, including past ones. Throws after 20 s with the events that arrived. */
  async sees(what: string, fits: (event: DriverEvent) => boolean): Promise<DriverEvent> {
    const found = (): DriverEvent | undefined => this.events.find(fits);
    if (!found()) {
      await new Promise<void>((resolve, reject) => {
        const check = (): void => {
          if (!found()) return;
          clearTimeout(timer);
          this.waiters.delete(check);
          resolve();
        };
        const timer = setTimeout(() => {
          this.waiters.delete(check);
          reject(new Error(`${this.library} ${this.name} waited in vain for ${what}; saw ${JSON.stringify(this.events.slice(-12))}${this.process.complaints}`));
        }, EVENT_WAIT_MS);
        this.waiters.add(check);
      });
    }
    return found()!;
  }

  /** Waits for an update of a kind that also has these fields. */
  async seesUpdate(kind: string, fields: Record<string, unknown> = {}): Promise<Plain> {
    const fits = (event: DriverEvent): boolean => event.kind === 'update' && event.update._ === kind && Object.entries(fields).every(([key, value]) => isDeepStrictEqual(event.update[key] ?? false, value));
    const event = await this.sees(`${kind} ${JSON.stringify(fields)}`, fits);
    return (event as { update: Plain }).update;
  }

  /** Waits for an incoming or outgoing message with this text. */
  async seesMessage(text: string): Promise<DriverMessage> {
    return (await this.sees(`"${text}"`, (event) => event.kind === 'message' && event.text === text)) as unknown as DriverMessage;
  }

  /** Called by the process when its library reports something. */
  take(event: DriverEvent): void {
    this.events.push(event);
    for (const check of this.waiters) check();
  }

  protected async call<T>(method: string, params: Record<string, unknown>): Promise<T> {
    return (await this.process.request(this.name, method, params)) as T;
  }
}
