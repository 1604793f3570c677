import { wireTo, makeKeyWith } from '@aerogram/dev-env/load';
import type { ServerInfo } from '@aerogram/dev-env';
import { type ClientKey, encryptBinding, makeKey, RawClient, RawClientError } from '@aerogram/mtproto/client';
import { readRsaPublicKey } from '@aerogram/crypto';
import { systemRandom } from '@aerogram/runtime';
import type { Schema, TypeRef } from '@aerogram/tl-codegen';
import { SchemaReader } from '../../../packages/tl-compat/test/schema-reader.ts';
import { writeBySchema } from '../../../packages/tl-compat/test/schema-writer.ts';
import { loadSchema } from '../../../packages/tl-compat/test/schemas.ts';
import clients from './clients.json' with { type: 'json' };

/** The clients whose calls are replayed: what each sends, in its order, and its initConnection. */
export const CLIENTS = clients;
export type ClientName = keyof typeof clients;


/** The answer to a call: a value of the layer's own schema and its bytes, or the server's error. */
export type LayerAnswer = { value: unknown; bytes: Uint8Array } | { refused: string };

/** This many of the first calls are wrapped in initConnection: apps do not wait for the answer to the first. */
const INTRODUCTIONS = 3;
const TEMP_KEY_S = 24 * 3600;
/** How long a test waits for a push, in milliseconds. */
const WAIT_MS = 15_000;

/** A client of one layer with the transport of an official app: it knows only its layer's schema. */
export class LayerClient implements AsyncDisposable {
  readonly schema: Schema;
  /** Called with every answer that is not an error. */
  onAnswer: (method: string, value: unknown, bytes: Uint8Array) => void = () => {};
  /** What the server pushed, each read to its last byte as Updates of the layer. */
  readonly pushes: unknown[] = [];
  readonly server: ServerInfo;
  readonly #name: ClientName;
  readonly #client: RawClient;
  readonly #key: ClientKey;
  readonly #waiters = new Set<() => void>();
  #introductions = 0;

  private constructor(server: ServerInfo, name: ClientName, layer: number, { client, key }: { client: RawClient; key: ClientKey }) {
    this.server = server;
    this.#name = name;
    this.schema = loadSchema(layer);
    this.#client = client;
    this.#key = key;
    client.onUpdate = (body) => {
      this.pushes.push(this.#readAs({ kind: 'boxed', name: 'Updates' }, body, 'a push'));
      for (const wake of this.#waiters) wake();
    };
  }

  /** Connects as the app does. @param known a key that is logged in; by default a new one is made */
  static async open(server: ServerInfo, name: ClientName, layer: number, known?: ClientKey): Promise<LayerClient> {
    const key = known ?? (await makeKeyWith(server));
    const client = new LayerClient(server, name, layer, { client: await connect(server, name, key), key });
    client.introduce();
    return client;
  }

  /** Sends initConnection again with the next calls, like an app that was restarted. */
  introduce(): void {
    this.#introductions = INTRODUCTIONS;
  }

  /** Whether the layer has the method. */
  knows(method: string): boolean {
    return this.schema.byName.get(method)?.kind === 'method';
  }

  /** Calls a method in the layer's own form; `wrapper` is put around it. */
  async call(method: string, args: object = {}, wrapper?: object): Promise<LayerAnswer> {
    const query: object = { _: method, ...args };
    return this.ask(wrapper === undefined ? query : { ...wrapper, query }, method);
  }

  /** Sends a whole request of the layer. @param method the method in it, within its wrappers, whose answer is read */
  async ask(request: object, method: string): Promise<LayerAnswer> {
    let query = request;
    if (this.#introductions > 0) {
      this.#introductions--;
      query = { _: 'invokeWithLayer', layer: this.schema.layer, query: { _: 'initConnection', ...CLIENTS[this.#name].connection, query } };
    }
    try {
      const bytes = await this.#client.call(writeBySchema(this.schema, query));
      return { value: this.#read(method, bytes), bytes };
    } catch (error) {
      if (error instanceof RawClientError) return { refused: error.message };
      throw error;
    }
  }

  /** Sends a call without waiting for its answer. @returns its msg_id, for `invokeAfterMsg` */
  send(method: string): bigint {
    return this.#client.send([{ body: writeBySchema(this.schema, { _: method }) }])[0]!;
  }

  /** Waits for an update of a kind, including earlier ones. @throws after 15 s */
  async seesUpdate(kind: string, fits: (update: Record<string, unknown>) => boolean = () => true): Promise<Record<string, unknown>> {
    const find = (): Record<string, unknown> | undefined => this.pushes.flatMap(listUpdates).find((update) => update['_'] === kind && fits(update));
    const found = find();
    if (found !== undefined) return found;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(wake);
        reject(new Error(`waited in vain for ${kind}; pushed: ${this.pushes.flatMap(listUpdates).map((update) => String(update['_'])).join(', ')}`));
      }, WAIT_MS);
      const wake = (): void => {
        const update = find();
        if (update === undefined) return;
        clearTimeout(timer);
        this.#waiters.delete(wake);
        resolve(update);
      };
      this.#waiters.add(wake);
    });
  }

  /** Creates a temporary key, binds it to this client's permanent key over a separate connection, and reads the answer. */
  async bindTempKey(): Promise<LayerAnswer> {
    const publicKeys = this.server.public_keys.map((key) => readRsaPublicKey(key.pem));
    const temp = await makeKey({ ...wireTo(this.server), publicKeys, dc: this.server.dc_id, expiresInS: TEMP_KEY_S });
    await using client = await connect(this.server, this.#name, temp);
    const msgId = client.session.nextMsgId();
    const nonce = systemRandom.int63();
    const expires_at = Math.floor(Date.now() / 1000) + TEMP_KEY_S;
    const perm_auth_key_id = this.#key.key.id;
    const binding = { permAuthKeyId: perm_auth_key_id, tempAuthKeyId: temp.key.id, tempSessionId: client.session.sessionId, nonce, expiresAt: expires_at, msgId };
    const encrypted_message = encryptBinding(this.#key.key, binding, systemRandom);
    const body = writeBySchema(this.schema, { _: 'auth.bindTempAuthKey', perm_auth_key_id, nonce, expires_at, encrypted_message });
    // The binding contains the msg_id of the message that carries it.
    client.session.nextMsgId = () => msgId;
    const bytes = await client.call(body);
    return { value: this.#read('auth.bindTempAuthKey', bytes), bytes };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#client[Symbol.asyncDispose]();
  }

  /** Reads an answer to its last byte as the method's result type in the layer. */
  #read(method: string, bytes: Uint8Array): unknown {
    const value = this.#readAs(this.schema.byName.get(method)!.result, bytes, method);
    this.onAnswer(method, value, bytes);
    return value;
  }

  #readAs(type: TypeRef, bytes: Uint8Array, what: string): unknown {
    const reader = new SchemaReader(this.schema, bytes);
    const value = reader.value(type);
    if (reader.left !== 0) throw new Error(`${what}: ${reader.left} bytes are left`);
    return value;
  }
}

/** The updates in a container; a short form is itself an update. */
function listUpdates(pushed: unknown): Record<string, unknown>[] {
  const container = pushed as { updates?: Record<string, unknown>[]; update?: Record<string, unknown> };
  return container.updates ?? [container.update ?? (pushed as Record<string, unknown>)];
}

async function connect(server: ServerInfo, name: ClientName, clientKey: ClientKey): Promise<RawClient> {
  const { transport, framing } = CLIENTS[name];
  return RawClient.connect({ ...wireTo(server), transport: transport as 'tcp' | 'websocket', framing: framing as 'abridged' | 'intermediate', obfuscated: true, clientKey });
}
