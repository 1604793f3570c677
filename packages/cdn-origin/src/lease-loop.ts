import { MAX_FORGOTTEN } from '@aerogram/cdn-protocol';
import type { Clock, Logger, TimerHandle } from '@aerogram/runtime';
import type { KnownNode } from './cdn-nodes.ts';
import type { CdnRevocations } from './cdn-revocations.ts';
import { NodeFault } from './node-fault.ts';
import type { PushClient } from './push-client.ts';

/** Time between two rounds, in milliseconds. */
const EVERY_MS = 10_000;
/**
 * No message to a node is begun later than this after the sweep began, in milliseconds. A ticket for `alive` comes four seconds later at most, and
 * the node serves for 45 s after that, so a token that was revoked just after the sweep began is dead within a minute.
 */
const ROUND_MAX_MS = 10_000;

/** What came of the attempt to tell a node that the server is there. */
export interface NodeReport {
  node: KnownNode;
  /** In words for the operator; undefined: it answered. */
  fault: string | undefined;
}

export interface LeaseLoopDeps {
  /** Whether this node is the one that speaks to them; by default it is. */
  leads?: () => boolean;
  nodes: { list(): readonly KnownNode[] };
  client: Pick<PushClient, 'tellAlive' | 'tellToForget'>;
  revocations: CdnRevocations;
  clock: Clock;
  log: Logger;
  /** Called for each node in each round. */
  report(report: NodeReport): Promise<void>;
}

/**
 * Every ten seconds tells each node what to forget, and then that the server is there. Without that the node stops serving. Of all
 * processes that share a database, only one does so.
 */
export class LeaseLoop implements AsyncDisposable {
  readonly #deps: LeaseLoopDeps;
  readonly #timer: TimerHandle;
  #running: Promise<void> | undefined;
  #isWanted = false;
  #isStopped = false;

  constructor(deps: LeaseLoopDeps) {
    this.#deps = deps;
    this.#timer = deps.clock.setInterval(() => void this.run(), EVERY_MS);
  }

  /** Runs a round. During one, another one is run after it. @returns when no round is under way */
  run(): Promise<void> {
    this.#isWanted = true;
    this.#running ??= this.#rounds().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    this.#timer.cancel();
    await this.#running;
  }

  async #rounds(): Promise<void> {
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false;
      await this.#round();
    }
  }

  async #round(): Promise<void> {
    const { leads = () => true, nodes, revocations, clock, log } = this.#deps;
    if (!leads() || nodes.list().length === 0) return;
    const startedMs = clock.monotonicMs();
    try {
      await revocations.doMarkToForget();
    } catch (error) {
      log.error({ err: error }, 'it could not be found out what CDN nodes must not serve any longer, so they are not told to go on');
      return;
    }
    await Promise.all(nodes.list().map((node) => this.#tell(node, startedMs)));
  }

  async #tell(node: KnownNode, startedMs: number): Promise<void> {
    const { log, report } = this.#deps;
    let fault: string | undefined;
    try {
      await this.#forget(node, startedMs);
      this.#checkTime(startedMs);
      checkOk(await this.#deps.client.tellAlive(node));
    } catch (error) {
      fault = error instanceof NodeFault ? error.message : 'an error of the server, which its log has';
      log.warn({ err: error, dc: node.dc }, 'a CDN node could not be told to go on');
    }
    try {
      await report({ node, fault });
    } catch (error) {
      log.warn({ err: error, dc: node.dc }, 'the state of a CDN node could not be noted');
    }
  }

  async #forget(node: KnownNode, startedMs: number): Promise<void> {
    const { client, revocations } = this.#deps;
    for (;;) {
      const fileIds = await revocations.listToForget(node.dc, MAX_FORGOTTEN);
      if (fileIds.length === 0) return;
      this.#checkTime(startedMs);
      checkOk(await client.tellToForget(node, fileIds));
      await revocations.doNoteForgotten(node.dc, fileIds);
    }
  }

  #checkTime(startedMs: number): void {
    if (this.#deps.clock.monotonicMs() - startedMs > ROUND_MAX_MS) throw new NodeFault('what it must forget took too long; the next round goes on');
  }
}

function checkOk(status: number): void {
  if (status !== 200) throw new NodeFault(`it refused a message with ${status}`);
}
