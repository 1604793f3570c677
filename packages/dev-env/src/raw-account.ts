import { readRsaPublicKey } from '@aerogram/crypto';
import { makeKey, RawClient, type ClientKey, type WireOptions } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { decode, encode, LAYER, METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import type { ServerInfo } from './server-info.ts';

/** Parameters of a sign-up. */
export interface SignUp {
  name: string;
  phone: string;
  code: string;
  /** Source address, such as 127.0.0.3, to distribute load over addresses. */
  localAddress?: string | undefined;
}

/** The connection ended before the answer came: the call may or may not have been executed. */
export class Disconnected extends Error {
  constructor() {
    super('the connection ended before the answer');
    this.name = 'Disconnected';
  }
}

const API = { api_id: 1, api_hash: '0123456789abcdef0123456789abcdef' };

/** How a raw client connects to a server: unobfuscated abridged TCP. */
export function wireTo(server: ServerInfo, localAddress?: string): WireOptions & { random: typeof systemRandom } {
  const { host, port } = server.mtproto;
  return { host, port, transport: 'tcp', random: systemRandom, ...(localAddress === undefined ? {} : { localAddress }) };
}

/** Creates a new permanent key with a server, over a separate connection. */
export async function makeKeyWith(server: ServerInfo, localAddress?: string): Promise<ClientKey> {
  const publicKeys = server.public_keys.map((key) => readRsaPublicKey(key.pem));
  return makeKey({ ...wireTo(server, localAddress), publicKeys, dc: server.dc_id });
}

/**
 * An account on a raw client, for load and crash tests, in which the CPU cost of a library and its automatic retries would distort the
 * result. Its key outlives its connections.
 */
export class RawAccount {
  readonly name: string;
  readonly phone: string;
  readonly userId: bigint;
  /** Called with the text of each pushed message. */
  onText: (text: string) => void = () => {};
  /** Called with all pushed updates. */
  onUpdates: (updates: tl.Updates) => void = () => {};
  /** Called with the messages of each packet. */
  onPacket: RawClient['onPacket'] = () => {};
  /** Called when the connection has ended. */
  onClosed: () => void = () => {};
  /** The permanent key of the account. */
  readonly key: ClientKey;
  private readonly localAddress: string | undefined;
  private readonly hashes = new Map<bigint, bigint>();
  private client: RawClient;
  /** Pending calls on the current connection; undefined once it has ended. */
  private open: Set<(error: Error) => void> | undefined;

  private constructor(options: Omit<SignUp, 'code'>, userId: bigint, key: ClientKey, client: RawClient) {
    this.name = options.name;
    this.phone = options.phone;
    this.localAddress = options.localAddress;
    this.userId = userId;
    this.key = key;
    this.client = client;
    this.listen();
  }

  /** Creates a key, logs in with the newest layer, and signs up if the number is free. */
  static async signUp(server: ServerInfo, options: SignUp): Promise<RawAccount> {
    const clientKey = await makeKeyWith(server, options.localAddress);
    const client = await RawClient.connect({ ...wireTo(server, options.localAddress), clientKey });
    await initialize(client);
    const { phone: phone_number, code: phone_code, name: first_name } = options;
    const sent = await call<'auth.sendCode'>(client, { _: 'auth.sendCode', phone_number, ...API, settings: { _: 'codeSettings' } });
    if (sent._ !== 'auth.sentCode') throw new Error(`auth.sendCode answers ${sent._}`);
    const { phone_code_hash } = sent;
    let authorization = await call<'auth.signIn'>(client, { _: 'auth.signIn', phone_number, phone_code_hash, phone_code });
    if (authorization._ === 'auth.authorizationSignUpRequired') {
      authorization = await call<'auth.signUp'>(client, { _: 'auth.signUp', phone_number, phone_code_hash, first_name, last_name: '' });
    }
    if (authorization._ !== 'auth.authorization') throw new Error(`log-in answers ${authorization._}`);
    await call<'updates.getState'>(client, { _: 'updates.getState' });
    return new RawAccount(options, authorization.user.id, clientKey, client);
  }

  /**
   * Creates a key, and logs in as a bot. Its phone number is empty.
   * @param options.localAddress see {@link SignUp}
   * @throws RawClientError if the server refuses the token
   */
  static async logInBot(server: ServerInfo, token: string, options: Pick<SignUp, 'name' | 'localAddress'>): Promise<RawAccount> {
    const clientKey = await makeKeyWith(server, options.localAddress);
    const client = await RawClient.connect({ ...wireTo(server, options.localAddress), clientKey });
    try {
      await initialize(client);
      const authorization = await call<'auth.importBotAuthorization'>(client, { _: 'auth.importBotAuthorization', flags: 0, ...API, bot_auth_token: token });
      if (authorization._ !== 'auth.authorization') throw new Error(`log-in answers ${authorization._}`);
      await call<'updates.getState'>(client, { _: 'updates.getState' });
      return new RawAccount({ ...options, phone: '' }, authorization.user.id, clientKey, client);
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Reconnects with the same key in a new session, without invokeWithLayer: the authorisation knows the layer. */
  async connect(server: ServerInfo): Promise<void> {
    this.disconnect();
    this.client = await RawClient.connect({ ...wireTo(server, this.localAddress), clientKey: this.key });
    this.listen();
    await this.call<'updates.getState'>({ _: 'updates.getState' });
  }

  /** Closes the connection at once; pending calls fail. */
  disconnect(): void {
    void this.client[Symbol.asyncDispose]();
  }

  /**
   * Calls a method of the newest layer. Throws RawClientError, or Disconnected if the connection ends first.
   * @param isInTurn the call comes after the last one which was made so (`invokeAfterMsg`)
   */
  async call<M extends keyof tl.RpcMethods>(request: tl.RpcMethods[M]['req'], isInTurn = false): Promise<tl.RpcMethods[M]['res']> {
    const { open } = this;
    // By default a call stays pending after its connection ends until a reconnect, which a crash test does not want.
    if (open === undefined) throw new Disconnected();
    return new Promise((resolve, reject) => {
      open.add(reject);
      call<M>(this.client, request, isInTurn).then(resolve, reject).finally(() => open.delete(reject));
    });
  }

  /** Gets the access hash of another account by its phone number. */
  async meet(other: RawAccount): Promise<void> {
    if (this.hashes.has(other.userId)) return;
    const answer = await this.call<'contacts.importContacts'>({
      _: 'contacts.importContacts', contacts: [{ _: 'inputPhoneContact', client_id: 1n, phone: other.phone, first_name: other.name, last_name: '' }],
    });
    const user = answer.users.find((one) => one.id === other.userId);
    if (user?._ !== 'user' || user.access_hash === undefined) throw new Error(`${this.name} did not find ${other.name} by phone`);
    this.hashes.set(other.userId, user.access_hash);
  }

  /** Input for an account whose hash is known, or for this one. */
  inputPeer(other: RawAccount): tl.InputPeer {
    if (other.userId === this.userId) return { _: 'inputPeerSelf' };
    const access_hash = this.hashes.get(other.userId);
    if (access_hash === undefined) throw new Error(`${this.name} has not met ${other.name}`);
    return { _: 'inputPeerUser', user_id: other.userId, access_hash };
  }

  /** Sends a text and returns the id that the server acknowledged. */
  async send(to: RawAccount, text: string, randomId = systemRandom.int63()): Promise<{ id: number }> {
    return this.sendTo(this.inputPeer(to), text, randomId);
  }

  /** Same as {@link send} for any peer. @param isInTurn see {@link call} */
  async sendTo(peer: tl.InputPeer, text: string, randomId: bigint, isInTurn = false): Promise<{ id: number }> {
    const answer = await this.call<'messages.sendMessage'>({ _: 'messages.sendMessage', peer, message: text, random_id: randomId }, isInTurn);
    if (answer._ === 'updateShortSentMessage') return { id: answer.id };
    if (answer._ !== 'updates') throw new Error(`a send is answered by ${answer._}`);
    const named = answer.updates.find((update) => update._ === 'updateMessageID');
    if (!named) throw new Error('rule P13: the answer to a send has no updateMessageID');
    return { id: named.id };
  }

  private listen(): void {
    const open = new Set<(error: Error) => void>();
    this.open = open;
    void this.client.closed.then(() => {
      for (const reject of open) reject(new Disconnected());
      if (this.open !== open) return;
      this.open = undefined;
      this.onClosed();
    });
    this.client.onPacket = (messages) => this.onPacket(messages);
    this.client.onUpdate = (body) => {
      // Anything that is neither an answer nor a service message is an Updates.
      const updates = decode(body) as tl.Updates;
      this.onUpdates(updates);
      if (updates._ === 'updateShortMessage') this.onText(updates.message);
      if (updates._ !== 'updates') return;
      for (const update of updates.updates) {
        if (update._ === 'updateNewMessage' && update.message._ === 'message') this.onText(update.message.message);
      }
    };
  }
}

async function initialize(client: RawClient): Promise<void> {
  await client.call(encode({
    _: 'invokeWithLayer', layer: LAYER, query: {
      _: 'initConnection', api_id: API.api_id, device_model: 'load', system_version: '1', app_version: '1', system_lang_code: 'en', lang_pack: '', lang_code: 'en',
      query: { _: 'help.getConfig' },
    },
  }));
}

async function call<M extends keyof tl.RpcMethods>(client: RawClient, request: tl.RpcMethods[M]['req'], isInTurn = false): Promise<tl.RpcMethods[M]['res']> {
  const body = encode(request);
  const bytes = await (isInTurn ? client.callInTurn(body) : client.call(body));
  return readResult(new TlReader(bytes), METHODS[request._].result);
}
