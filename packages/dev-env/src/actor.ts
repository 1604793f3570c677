import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { logIn, type Device } from './device.ts';
import type { DeviceOptions, Serving } from './serving.ts';
import type { BoxMessage } from './state/box-message.ts';

/** Options of a sent message. */
export interface SendOptions {
  replyTo?: BoxMessage;
  entities?: tl.TypeMessageEntity[];
  randomId?: Long;
}

/** What the log-in of an account needs. */
interface Account {
  name: string;
  phone: string;
  code: string;
}

/**
 * A user in a story: one account with one or more devices. The short methods use the first device, so that a scenario reads like sentences:
 * `await alice.send(bob, 'hi'); await bob.sees('hi')`.
 */
export class Actor {
  readonly name: string;
  readonly phone: string;
  readonly id: number;
  readonly devices: Device[];
  private readonly server: Serving;
  /** The code of the test-mode number. */
  readonly code: string;

  private constructor(server: Serving, { name, phone, code }: Account, { device, id }: { device: Device; id: number }) {
    this.server = server;
    this.name = name;
    this.phone = phone;
    this.code = code;
    this.id = id;
    this.devices = [device];
  }

  /** Logs in one device. An account is created if the number has none. */
  static async signUp(server: Serving, account: Account, options: DeviceOptions = {}): Promise<Actor> {
    const { device, user } = await logInTo(server, account, options);
    return new Actor(server, account, { device, id: user.id });
  }

  /** The device that the short methods use. */
  get main(): Device {
    return this.devices[0]!;
  }

  /** Logs in another device. @param server which it connects to: by default the one of the first device, else another node of its cluster */
  async device(options: DeviceOptions = {}, server = this.server): Promise<Device> {
    const { device } = await logInTo(server, this, options);
    this.devices.push(device);
    return device;
  }

  /** Looks up another account by its phone number, so that a device has its access hash. */
  async meet(other: Actor, device = this.main): Promise<void> {
    if (device.accessHashes.has(other.id)) return;
    const answer = await device.call({
      _: 'contacts.importContacts',
      contacts: [{ _: 'inputPhoneContact', clientId: Long.ONE, phone: other.phone, firstName: other.name, lastName: '' }],
    });
    if (!answer.imported.some((row) => row.userId === other.id)) throw new Error(`${this.name} did not find ${other.name} by phone`);
  }

  /** Sends a text and returns the sender's own copy; with the same `randomId` the caller can repeat a send. */
  async send(to: Actor, text: string, options: SendOptions = {}, device = this.main): Promise<BoxMessage> {
    await this.meet(to, device);
    const before = device.state.violations.length;
    const answer = await device.change({
      _: 'messages.sendMessage',
      peer: device.inputPeer(to.id),
      message: text,
      randomId: options.randomId ?? randomLong(),
      ...(options.entities ? { entities: options.entities } : {}),
      ...(options.replyTo ? { replyTo: { _: 'inputReplyToMessage' as const, replyToMsgId: options.replyTo.id } } : {}),
    });
    if (device.state.violations.length > before) throw new Error(device.state.violations.slice(before).join('\n'));
    const id = findSentId(answer);
    await device.waitUntil(`its own "${text}"`, () => device.state.messages.has(id));
    return device.state.messages.get(id)!;
  }

  /** Waits until every device has a message with this text; returns the first device's copy. */
  async sees(text: string): Promise<BoxMessage> {
    const seen = await Promise.all(this.devices.map((device) => device.sees(text)));
    return seen[0]!;
  }

  /** Waits until no device has a message with this text. */
  async seesGone(text: string): Promise<void> {
    await Promise.all(this.devices.map((device) => device.seesGone(text)));
  }

  /** Changes the text of a message of this user. */
  async edit(message: BoxMessage, text: string, device = this.main): Promise<void> {
    await device.change({ _: 'messages.editMessage', peer: device.inputPeer(message.peer), id: message.id, message: text });
  }

  /** Deletes messages, by default for both sides. */
  async delete(messages: BoxMessage[], options: { forBoth?: boolean } = {}, device = this.main): Promise<tl.messages.RawAffectedMessages> {
    const ids = messages.map((message) => message.id);
    return device.call({ _: 'messages.deleteMessages', id: ids, revoke: options.forBoth ?? true });
  }

  /** Forwards messages of one private chat to another. */
  async forward(messages: BoxMessage[], to: Actor, device = this.main): Promise<void> {
    await this.meet(to, device);
    await device.change({
      _: 'messages.forwardMessages',
      fromPeer: device.inputPeer(messages[0]!.peer),
      toPeer: device.inputPeer(to.id),
      id: messages.map((message) => message.id),
      randomId: messages.map(() => randomLong()),
    });
  }

  /** Marks everything up to a message as read. */
  async read(message: BoxMessage, device = this.main): Promise<tl.messages.RawAffectedMessages> {
    return device.call({ _: 'messages.readHistory', peer: device.inputPeer(message.peer), maxId: message.id });
  }

  /** Shows another account that this user is typing. */
  async type(to: Actor, device = this.main): Promise<void> {
    await this.meet(to, device);
    await device.call({ _: 'messages.setTyping', peer: device.inputPeer(to.id), action: { _: 'sendMessageTypingAction' } });
  }
}

function logInTo(server: Serving, { name, phone, code }: Account, { handshake = false, ...options }: DeviceOptions): ReturnType<typeof logIn> {
  return logIn(() => server.info, { ...options, name, phone, code, ...(handshake ? {} : { prepareKey: server.prepareKey }) });
}

/** The id of the sender's copy, from the answer to a single send. */
export function findSentId(answer: tl.TypeUpdates): number {
  if (answer._ === 'updateShortSentMessage') return answer.id;
  if (answer._ !== 'updates') throw new Error(`rule P13: a send is answered by ${answer._}`);
  const ids = answer.updates.filter((update) => update._ === 'updateMessageID');
  const news = answer.updates.filter((update) => update._ === 'updateNewMessage' || update._ === 'updateNewChannelMessage');
  if (ids.length !== 1 || news.length !== 1) {
    throw new Error(`rule P13: the answer to a send has ${ids.length} updateMessageID and ${news.length} new messages`);
  }
  return ids[0]!.id;
}
