import type { Owners } from '@aerogram/cluster';
import { LinkError, type LinkHub } from '@aerogram/link';
import type { Clock, Logger } from '@aerogram/runtime';
import type { Membership } from '@aerogram/storage';
import type { NodeShards } from './node-shards.ts';

interface Needs {
  links: Pick<LinkHub, 'call' | 'tell' | 'onCall' | 'onTell'>;
  lease: Pick<Membership, 'members'>;
  shards: Pick<NodeShards, 'otherOwner'>;
  clock: Clock;
  log: Logger;
}

/** For how long a node that has not answered a kind of question in time is not asked that, in milliseconds: each of many calls would wait for it. */
const REST_MS = 1000;

/** The members of the cluster, who ask one another over links. */
export class LinkedOwners implements Owners {
  readonly #needs: Needs;
  readonly #resting = new Map<string, number>();

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  get count(): number {
    return Math.max(1, this.#needs.lease.members.length);
  }

  find(key: string): string | undefined {
    return this.#needs.shards.otherOwner(key);
  }

  async ask(node: string, { kind, body }: { kind: string; body: Uint8Array }, { timeoutMs }: { timeoutMs: number }): Promise<Uint8Array | undefined> {
    const { links, clock, log } = this.#needs;
    const asked = `${node} ${kind}`;
    if ((this.#resting.get(asked) ?? -Infinity) > clock.monotonicMs()) return undefined;
    try {
      return await links.call(node, kind, body, { timeoutMs });
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      if (error.reason === 'timeout') this.#resting.set(asked, clock.monotonicMs() + REST_MS);
      log.debug({ node, kind, reason: error.reason }, 'a node has not answered what it was asked');
      return undefined;
    }
  }

  tell(node: string, { kind, body }: { kind: string; body: Uint8Array }): void {
    this.#needs.links.tell(node, kind, body);
  }

  onAsk(kind: string, handler: (body: Uint8Array) => Uint8Array | Promise<Uint8Array>): void {
    this.#needs.links.onCall(kind, (body) => handler(body));
  }

  onTell(kind: string, handler: (body: Uint8Array) => void): void {
    this.#needs.links.onTell(kind, (body) => handler(body));
  }
}
