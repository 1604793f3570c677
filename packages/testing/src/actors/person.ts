import { Buffer } from 'node:buffer';
import { type CallerTrace, traceCaller } from '../control/caller-trace.ts';
import { CloudError } from '../control/cloud-error.ts';
import { type ChatReference, type HasChat, isMessage, toChat, toMessage, toMessages } from './chat.ts';
import { Group } from './group.ts';
import { type InlineQuery, makeInlineQuery, type WireInlineAnswer } from './inline-query.ts';
import { type Match, type MessagePattern, toWireMatch } from './match.ts';
import type { Message, MessageReference } from './message.ts';
import type { DownloadedFile, Member, NewPerson, OutgoingMedia, PressResult, SendOptions, UploadedFile, WaitOptions } from './person-types.ts';
import type { SetLink } from './set-link.ts';
import { toTimeoutMs, waitForMessage } from './waiting.ts';

/**
 * A person with an account like any other. Each function does what an app would do for her, and throws a `CloudError` that says what was refused or waited for.
 *
 * @example
 * const ann = await cloud.person('Ann');
 * await ann.send(bot, '/start');
 * await ann.next(bot, /Welcome/);
 */
export class Person implements HasChat {
  readonly id: string;
  readonly chat: string;
  readonly name: string;
  /** Without `@`. */
  readonly username: string | undefined;
  /** Number with which any client logs in as her. */
  readonly phone: string;
  /** Code with which any client logs in as her. */
  readonly code: string;
  readonly #link: SetLink;

  /** Made by `cloud.person`. */
  constructor(link: SetLink, person: NewPerson) {
    this.#link = link;
    this.id = person.id;
    this.chat = person.id;
    this.name = person.name;
    this.username = person.username;
    this.phone = person.phone;
    this.code = person.code;
  }

  /**
   * Sends a message. `/start` with a parameter starts a bot as its link does.
   * @returns the message as she sees it
   * @throws CloudError `refused` with the error that an app would get
   * @example await ann.send(bot, '/start');
   */
  async send(chat: ChatReference, text: string, options: SendOptions = {}): Promise<Message> {
    const trace = traceCaller();
    const { replyTo, media, ...rest } = options;
    return this.#call('people.send', trace, {
      chat: toChat(chat, trace),
      text,
      ...rest,
      ...(replyTo === undefined ? {} : { replyTo: typeof replyTo === 'number' ? replyTo : replyTo.id }),
      ...(media === undefined ? {} : { media: toWireMedia(media, trace) }),
    });
  }

  /**
   * Answers a message, in its chat.
   * @returns the message as she sees it
   * @throws CloudError `refused` with the error that an app would get
   * @example await ann.reply(message, 'Thanks');
   */
  async reply(message: MessageReference, text: string, options: Omit<SendOptions, 'replyTo'> = {}): Promise<Message> {
    const trace = traceCaller();
    const { chat } = toMessage(message, trace);
    return this.send(chat, text, { ...options, replyTo: message });
  }

  /**
   * Waits for the next message of the other side: the first one that matches and is later than what `next` has returned in this chat before. Messages that came before the call count too; those that do not match are skipped.
   * @param match text that it contains, a pattern, `{ text, buttons, media, action }`, or a function
   * @throws CloudError `timeout` that shows the chat as she sees it
   * @example const message = await ann.next(bot, { text: /hi/ });
   */
  async next(chat: ChatReference, match?: Match, options: WaitOptions = {}): Promise<Message> {
    const trace = traceCaller();
    return waitForMessage({ link: this.#link, person: this, chat: toChat(chat, trace), match, timeoutMs: toTimeoutMs(options.timeout, trace), trace });
  }

  /**
   * Waits until a message is as wanted, by an edit that has come already or will come; without a match, until it has been edited.
   * @returns the message as it is then
   * @throws CloudError `timeout` that shows the chat as she sees it
   * @example await ann.edited(message, 'Done');
   */
  async edited(message: MessageReference, match?: string | RegExp | MessagePattern, options: WaitOptions = {}): Promise<Message> {
    const trace = traceCaller();
    return this.#call('people.edited', trace, { ...toMessage(message, trace), match: toWireMatch(match, trace), timeoutMs: toTimeoutMs(options.timeout, trace) });
  }

  /**
   * Presses a button: of an inline keyboard, which waits for the bot's answer, or of a reply keyboard, which sends its label.
   * @param where the chat, for its newest message with such a button; or a message
   * @throws CloudError `invalid` with the labels that there are; `timeout` if the bot does not answer
   * @example const { text } = await ann.press(bot, 'Yes');
   */
  async press(where: ChatReference | MessageReference, label: string, options: WaitOptions = {}): Promise<PressResult> {
    const trace = traceCaller();
    const place = isMessage(where) ? { chat: where.chat, message: where.id } : { chat: toChat(where, trace) };
    return this.#call('people.press', trace, { ...place, label, timeoutMs: toTimeoutMs(options.timeout, trace) });
  }

  /**
   * Types `@bot query` into an input line and waits for the results.
   * @param options.chat where she types; the chat with the bot by default
   * @param options.offset of the page, from `nextOffset`
   * @returns results, when awaited; or `choose` one at once
   * @throws CloudError `timeout` if the bot does not answer
   * @example await ann.inline(bot, 'cats').choose(0);
   */
  inline(bot: ChatReference, query: string, options: WaitOptions & { chat?: ChatReference; offset?: string } = {}): InlineQuery {
    const trace = traceCaller();
    const ask = async (): Promise<WireInlineAnswer> => {
      const { chat, offset, timeout } = options;
      return this.#call('people.inline', trace, {
        bot: toChat(bot, trace),
        query,
        ...(chat === undefined ? {} : { chat: toChat(chat, trace) }),
        ...(offset === undefined ? {} : { offset }),
        timeoutMs: toTimeoutMs(timeout, trace),
      });
    };
    return makeInlineQuery({ link: this.#link, person: this.id, chat: options.chat ?? bot, answer: ask() });
  }

  /**
   * Reacts to a message with an emoji; null takes the reaction back.
   * @throws CloudError `refused`
   * @example await ann.react(message, '👍');
   */
  async react(message: MessageReference, emoji: string | null): Promise<void> {
    const trace = traceCaller();
    await this.#call('people.react', trace, { ...toMessage(message, trace), emoji });
  }

  /**
   * Changes the text of a message of hers.
   * @throws CloudError `refused`
   * @example await ann.edit(message, 'Hello again');
   */
  async edit(message: MessageReference, text: string, options: Pick<SendOptions, 'parseMode'> = {}): Promise<Message> {
    const trace = traceCaller();
    return this.#call('people.edit', trace, { ...toMessage(message, trace), text, ...options });
  }

  /**
   * Deletes messages of one chat.
   * @param options.forBoth also for the others, which is the default; in groups it is always so
   * @throws CloudError `refused`
   * @example await ann.delete(message);
   */
  async delete(messages: MessageReference | MessageReference[], options: { forBoth?: boolean } = {}): Promise<void> {
    const trace = traceCaller();
    await this.#call('people.delete', trace, { ...toMessages(messages, trace), forBoth: options.forBoth ?? true });
  }

  /**
   * Forwards messages of one chat.
   * @returns the messages that were sent
   * @throws CloudError `refused`
   * @example await ann.forward(message, bot);
   */
  async forward(messages: MessageReference | MessageReference[], to: ChatReference): Promise<Message[]> {
    const trace = traceCaller();
    const { chat: from, ids } = toMessages(messages, trace);
    return this.#call('people.forward', trace, { from, ids, to: toChat(to, trace) });
  }

  /**
   * Pins a message.
   * @throws CloudError `refused`
   * @example await ann.pin(message);
   */
  async pin(message: MessageReference): Promise<void> {
    const trace = traceCaller();
    await this.#call('people.pin', trace, toMessage(message, trace));
  }

  /**
   * Marks a chat as read.
   * @throws CloudError `refused`
   * @example await ann.read(bot);
   */
  async read(chat: ChatReference): Promise<void> {
    await this.#inChat('people.read', chat, traceCaller());
  }

  /**
   * Shows the others that she is typing.
   * @throws CloudError `refused`
   * @example await ann.type(group);
   */
  async type(chat: ChatReference): Promise<void> {
    await this.#inChat('people.type', chat, traceCaller());
  }

  /**
   * Blocks a person or a bot, as "Stop bot" does in apps.
   * @throws CloudError `refused`
   * @example await ann.block(bot);
   */
  async block(user: ChatReference): Promise<void> {
    const trace = traceCaller();
    await this.#call('people.block', trace, { user: toChat(user, trace) });
  }

  /**
   * Takes the block back.
   * @throws CloudError `refused`
   * @example await ann.unblock(bot);
   */
  async unblock(user: ChatReference): Promise<void> {
    const trace = traceCaller();
    await this.#call('people.unblock', trace, { user: toChat(user, trace) });
  }

  /**
   * Makes a group with people and bots as its members.
   * @param title of a supergroup; or `{ title, kind: 'basic' }` for a basic group
   * @throws CloudError `refused`
   * @example const group = await ann.createGroup('Book club', bob, bot);
   */
  async createGroup(title: string | { title: string; kind?: 'basic' | 'supergroup' }, ...members: ChatReference[]): Promise<Group> {
    const trace = traceCaller();
    const named = typeof title === 'string' ? { title } : title;
    const made = await this.#call<{ chat: string }>('people.createGroup', trace, { ...named, members: members.map((member) => toChat(member, trace)) });
    return new Group(made.chat, named.title);
  }

  /**
   * Makes a channel; bots and people come by `invite` and `promote`.
   * @param options.username makes it public
   * @throws CloudError `refused`
   * @example const channel = await ann.createChannel('News');
   */
  async createChannel(title: string, options: { username?: string } = {}): Promise<Group> {
    const { chat } = await this.#call<{ chat: string }>('people.createChannel', traceCaller(), { title, ...options });
    return new Group(chat, title);
  }

  /**
   * Joins a public group or channel, or one by its link.
   * @returns the chat, for the other functions
   * @throws CloudError `refused`
   * @example await bob.join(await ann.link(group));
   */
  async join(chatOrLink: ChatReference): Promise<string> {
    const trace = traceCaller();
    const isLink = typeof chatOrLink === 'string' && chatOrLink.includes('/');
    const { chat } = await this.#call<{ chat: string }>('people.join', trace, isLink ? { link: chatOrLink } : { chat: toChat(chatOrLink, trace) });
    return chat;
  }

  /**
   * Leaves a group or channel.
   * @throws CloudError `refused`
   * @example await bob.leave(group);
   */
  async leave(chat: ChatReference): Promise<void> {
    await this.#inChat('people.leave', chat, traceCaller());
  }

  /**
   * Adds a person or a bot to a group or channel.
   * @throws CloudError `refused`
   * @example await ann.invite(group, bot);
   */
  async invite(chat: ChatReference, user: ChatReference): Promise<void> {
    const trace = traceCaller();
    await this.#inChat('people.invite', chat, trace, { user: toChat(user, trace) });
  }

  /**
   * Removes a person or a bot from a group or channel.
   * @throws CloudError `refused`
   * @example await ann.kick(group, bot);
   */
  async kick(chat: ChatReference, user: ChatReference): Promise<void> {
    const trace = traceCaller();
    await this.#inChat('people.kick', chat, trace, { user: toChat(user, trace) });
  }

  /**
   * Makes a member an administrator.
   * @param rights names of rights of the MTProto API, such as `delete_messages`; the usual ones by default; none makes an ordinary member again
   * @throws CloudError `refused`
   * @example await ann.promote(group, bot);
   */
  async promote(chat: ChatReference, user: ChatReference, rights?: string[]): Promise<void> {
    const trace = traceCaller();
    await this.#inChat('people.promote', chat, trace, { user: toChat(user, trace), ...(rights === undefined ? {} : { rights }) });
  }

  /**
   * The link by which others join a group or channel.
   * @throws CloudError `refused`
   * @example const link = await ann.link(group);
   */
  async link(chat: ChatReference): Promise<string> {
    const { link } = await this.#inChat<{ link: string }>('people.link', chat, traceCaller());
    return link;
  }

  /**
   * The members of a group or channel, as she sees them.
   * @throws CloudError `refused`
   * @example const members = await ann.members(group);
   */
  async members(chat: ChatReference): Promise<Member[]> {
    return this.#inChat('people.members', chat, traceCaller());
  }

  /**
   * Uploads a file that `send` can send, also several times.
   * @example await ann.send(bot, 'My cat', { media: { kind: 'photo', file: await ann.upload('cat.jpg', bytes) } });
   */
  async upload(name: string, content: Uint8Array | string): Promise<UploadedFile> {
    const { file } = await this.#call<{ file: string }>('people.upload', traceCaller(), { name, base64: toBase64(content) });
    return { file, name };
  }

  /**
   * Downloads the file or photo of a message.
   * @throws CloudError `invalid` if the message has none
   * @example const { content } = await ann.download(message);
   */
  async download(message: MessageReference): Promise<DownloadedFile> {
    const trace = traceCaller();
    const { name, base64 } = await this.#call<{ name?: string; base64: string }>('people.download', trace, toMessage(message, trace));
    return { name, content: new Uint8Array(Buffer.from(base64, 'base64')) };
  }

  /**
   * The newest messages of a chat, the newest last.
   * @param options.limit how many at most
   * @example const messages = await ann.history(bot);
   */
  async history(chat: ChatReference, options: { limit?: number } = {}): Promise<Message[]> {
    return this.#inChat('people.history', chat, traceCaller(), options);
  }

  /**
   * A chat as she sees it, with its keyboards, as text to print.
   * @example console.log(await ann.talk(bot));
   */
  async talk(chat: ChatReference): Promise<string> {
    const { text } = await this.#inChat<{ text: string }>('people.talk', chat, traceCaller());
    return text;
  }

  /**
   * Calls any method of the MTProto API as her, for what has no function here. Large integers are bigints or decimal strings, bytes are base64.
   * @param request the method as `_` and its parameters
   * @returns the answer, in the same form, with large integers as strings
   * @throws CloudError `refused`
   * @example await ann.call({ _: 'account.updateProfile', about: 'Hi' });
   */
  async call(request: { _: string; [parameter: string]: unknown }): Promise<unknown> {
    const { answer } = await this.#call<{ answer: unknown }>('people.call', traceCaller(), { request });
    return answer;
  }

  #inChat<T = unknown>(operation: string, chat: ChatReference, trace: CallerTrace, params: object = {}): Promise<T> {
    return this.#call(operation, trace, { chat: toChat(chat, trace), ...params });
  }

  #call<T = unknown>(operation: string, trace: CallerTrace, params: object): Promise<T> {
    return this.#link.call(operation, { person: this.id, ...params }, trace);
  }
}

function toBase64(content: Uint8Array | string): string {
  return (typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content)).toString('base64');
}

/** @throws CloudError `invalid` if there is neither a file nor a content */
function toWireMedia({ kind = 'document', file, name, content }: OutgoingMedia, trace: CallerTrace): object {
  if (file !== undefined) return { kind, file: file.file };
  if (content === undefined) throw new CloudError('invalid', 'media needs a file, from upload, or a content', {}, trace);
  return { kind, name: name ?? 'file', base64: toBase64(content) };
}
