import type { RsaPublicKey } from '@aerogram/crypto';
import { type ClientKey, makeKey, RawClient, RawClientError } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { encode, METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { Disconnected } from './raw-account.ts';

/** Where clients find a CDN node: from `help.getConfig` and `help.getCdnConfig`, or from the file of the node. */
export interface CdnAddress {
  host: string;
  port: number;
  publicKey: RsaPublicKey;
}

/** The transport error for a key that the other side does not know. */
const UNKNOWN_KEY = -404;

/** A node that a client has a key with. */
interface Link {
  client: RawClient;
  /** Fails when the connection ends; a RawClient keeps its calls then. */
  ended: Promise<never>;
}

/** The keys and connections of one client with CDN nodes, made when they are needed. After an error the next call connects again. */
export class CdnLinks implements AsyncDisposable {
  readonly #addressOf: (dc: number) => CdnAddress;
  readonly #localAddress: string | undefined;
  readonly #keys = new Map<number, ClientKey>();
  readonly #links = new Map<number, Promise<Link>>();

  /** @param addressOf finds a node by its number, again for each connection @param localAddress such as 127.0.0.3, to distribute load over addresses */
  constructor(addressOf: (dc: number) => CdnAddress, localAddress?: string) {
    this.#addressOf = addressOf;
    this.#localAddress = localAddress;
  }

  /**
   * Asks a node for a part. A new key is made when the node does not know that of before.
   * @throws RawClientError the refusal of the node
   * @throws Disconnected when the node cannot be reached or goes away meanwhile
   */
  async getPart(dc: number, request: tl.upload.getCdnFile): Promise<tl.upload.CdnFile> {
    const bytes = encode(request);
    let answer: Uint8Array;
    try {
      answer = await this.#call(dc, bytes);
    } catch (error) {
      if (!(error instanceof RawClientError) || error.code !== UNKNOWN_KEY) throw error;
      this.#keys.delete(dc);
      answer = await this.#call(dc, bytes);
    }
    return readResult(new TlReader(answer), METHODS['upload.getCdnFile'].result) as tl.upload.CdnFile;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const dc of this.#links.keys()) await this.#drop(dc);
  }

  async #call(dc: number, bytes: Uint8Array): Promise<Uint8Array> {
    let link = this.#links.get(dc);
    if (!link) this.#links.set(dc, (link = this.#connect(dc)));
    try {
      const { client, ended } = await link;
      return await Promise.race([client.call(bytes), ended]);
    } catch (error) {
      const isRefusal = error instanceof RawClientError && error.code > 0;
      if (!isRefusal && this.#links.get(dc) === link) await this.#drop(dc);
      throw error;
    }
  }

  async #drop(dc: number): Promise<void> {
    const link = this.#links.get(dc);
    this.#links.delete(dc);
    await link?.then(({ client }) => client[Symbol.asyncDispose](), () => {});
  }

  async #connect(dc: number): Promise<Link> {
    const { host, port, publicKey } = this.#addressOf(dc);
    const wire = { host, port, transport: 'tcp' as const, random: systemRandom, ...(this.#localAddress === undefined ? {} : { localAddress: this.#localAddress }) };
    try {
      const clientKey = this.#keys.get(dc) ?? (await makeKey({ ...wire, publicKeys: [publicKey], dc }));
      this.#keys.set(dc, clientKey);
      const client = await RawClient.connect({ ...wire, clientKey });
      const ended = client.closed.then(() => Promise.reject(new Disconnected()));
      // It may end while no call waits for it.
      ended.catch(() => {});
      return { client, ended };
    } catch {
      throw new Disconnected();
    }
  }
}
