import type { AuthKey } from '@aerogram/mtproto';
import { systemRandom } from '@aerogram/runtime';
import { decode, encode, LAYER, METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import type { ServerInfo } from '../server-info.ts';
import { RawClient, type RawClientOptions } from './raw-client.ts';

/** How to sign up. */
export interface SignUp extends RawClientOptions {
  name: string;
  phone: string;
  code: string;
}

const API = { api_id: 1, api_hash: '0123456789abcdef0123456789abcdef' };

/** An account on a {@link RawClient}, for load and crash tests; its key outlives its connections. */
export class RawAccount {
  readonly name: string;
  readonly phone: string;
  readonly userId: bigint;
  /** Called with the text of each message that is pushed. */
  onText: (text: string) => void = () => {};
  private readonly key: AuthKey;
  private readonly options: RawClientOptions;
  private readonly hashes = new Map<bigint, bigint>();
  private salt: bigint;
  private client: RawClient;

  private constructor(options: SignUp, userId: bigint, key: AuthKey, client: RawClient) {
    this.name = options.name;
    this.phone = options.phone;
    this.options = options;
    this.userId = userId;
    this.key = key;
    this.client = client;
    this.salt = client.salt;
    this.listen();
  }

  /** Makes a key, logs in with the newest layer, and signs up when the number is free. */
  static async signUp(server: ServerInfo, options: SignUp): Promise<RawAccount> {
    const client = await RawClient.connect(server, options);
    const { key, salt } = await client.createKey();
    client.openSession(key, salt);
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
    return new RawAccount(options, authorization.user.id, key, client);
  }

  /** Connects again with the same key in a new session, without announcing a layer: the authorisation has it. */
  async connect(server: ServerInfo): Promise<void> {
    this.client.close();
    this.client = await RawClient.connect(server, this.options);
    this.client.openSession(this.key, this.salt);
    this.listen();
    await this.call<'updates.getState'>({ _: 'updates.getState' });
  }

  /** Cuts the connection at once. */
  disconnect(): void {
    this.salt = this.client.salt;
    this.client.close();
  }

  /** Calls a method of the newest layer. Throws RawRpcError or Disconnected. */
  async call<M extends keyof tl.RpcMethods>(request: tl.RpcMethods[M]['req']): Promise<tl.RpcMethods[M]['res']> {
    return call<M>(this.client, request);
  }

  async ping(): Promise<void> {
    await this.client.ping();
  }

  /** Learns the access hash of another account by its phone number. */
  async meet(other: RawAccount): Promise<void> {
    if (this.hashes.has(other.userId)) return;
    const answer = await this.call<'contacts.importContacts'>({
      _: 'contacts.importContacts', contacts: [{ _: 'inputPhoneContact', client_id: 1n, phone: other.phone, first_name: other.name, last_name: '' }],
    });
    const user = answer.users.find((one) => one.id === other.userId);
    if (user?._ !== 'user' || user.access_hash === undefined) throw new Error(`${this.name} did not find ${other.name} by phone`);
    this.hashes.set(other.userId, user.access_hash);
  }

  /** Sends a text and returns the id that the server acknowledged. */
  async send(to: RawAccount, text: string, randomId = systemRandom.int63()): Promise<{ id: number }> {
    const access_hash = this.hashes.get(to.userId);
    if (access_hash === undefined) throw new Error(`${this.name} has not met ${to.name}`);
    const answer = await this.call<'messages.sendMessage'>({
      _: 'messages.sendMessage', peer: { _: 'inputPeerUser', user_id: to.userId, access_hash }, message: text, random_id: randomId,
    });
    if (answer._ === 'updateShortSentMessage') return { id: answer.id };
    if (answer._ !== 'updates') throw new Error(`a send is answered by ${answer._}`);
    const named = answer.updates.find((update) => update._ === 'updateMessageID');
    if (!named) throw new Error('rule 13: the answer to a send has no updateMessageID');
    return { id: named.id };
  }

  private listen(): void {
    this.client.onUpdates = (body) => {
      const updates = decode(body);
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

async function call<M extends keyof tl.RpcMethods>(client: RawClient, request: tl.RpcMethods[M]['req']): Promise<tl.RpcMethods[M]['res']> {
  const bytes = await client.call(encode(request));
  const reader = new TlReader(bytes);
  return readResult(reader, METHODS[request._].result) as tl.RpcMethods[M]['res'];
}
