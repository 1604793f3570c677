import type { MasterKeys } from '@aerogram/blob';
import type { Bus } from '@aerogram/bus';
import { type CdnRevocations, type HeardNode, type KnownNode, LeaseLoop, OriginNodes } from '@aerogram/cdn-origin';
import { type CdnNodeRow, listCdnNodeChanges, openCdnNode, saveCdnNodeSecret, saveCdnNodeState, saveKnownRevision } from '@aerogram/domain';
import type { Clock, Logger, Metrics, Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

/** How often the table is read, because hints may be lost and operators change it from other processes. */
const REPAIR_MS = 2000;
/** The process that speaks to the nodes publishes here that something has changed. */
const TOPIC = 'cdn-nodes';

interface CdnDeps {
  db: Database;
  bus: Bus;
  keys: Pick<MasterKeys, 'unwrap' | 'rewrap' | 'isCurrent'>;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
}

/** What is known about a node without decrypting its secret again. */
interface OpenedNode {
  revision: number;
  node: KnownNode;
}

/** Keeps in memory which CDN nodes there are, and speaks to them if this process leads. */
export class ServedCdn implements AsyncDisposable {
  readonly nodes: OriginNodes;
  readonly #deps: CdnDeps;
  readonly #timer;
  readonly #hints: Disposable;
  #opened = new Map<number, OpenedNode>();
  /** Revisions of nodes whose secret cannot be read, by DC id. */
  readonly #unreadable = new Map<number, number>();
  #lease: LeaseLoop | undefined;
  #leads = (): boolean => false;
  #reading: Promise<void> | undefined;
  #isOutdated = false;

  private constructor(deps: CdnDeps) {
    this.#deps = deps;
    this.nodes = new OriginNodes(deps);
    this.#timer = deps.clock.setInterval(() => void this.#refresh(), REPAIR_MS);
    this.#hints = deps.bus.subscribe(TOPIC, () => void this.#refresh());
  }

  /** Reads the nodes. */
  static async open(deps: CdnDeps): Promise<ServedCdn> {
    const cdn = new ServedCdn(deps);
    await cdn.#refresh();
    return cdn;
  }

  /**
   * Makes this the process of the server that tells nodes what to forget, and that the server is there, until the result is disposed.
   * @param leads whether it is the server that does so, of those that share the database
   */
  lead(revocations: CdnRevocations, leads: () => boolean): AsyncDisposable {
    const { clock, log } = this.#deps;
    this.#lease = new LeaseLoop({ leads, nodes: this.nodes, client: this.nodes.client, revocations, clock, log, report: ({ node, fault }) => this.#note(node, fault) });
    this.#leads = leads;
    this.nodes.showStates();
    void this.#refresh();
    void this.#lease.run();
    return this.#lease;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer.cancel();
    this.#hints[Symbol.dispose]();
    this.#isOutdated = false;
    await this.#reading;
    this.nodes[Symbol.dispose]();
  }

  /** Reads the table. What changes meanwhile is read after that. Never rejects. */
  #refresh(): Promise<void> {
    this.#isOutdated = true;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    while (this.#isOutdated) {
      this.#isOutdated = false;
      try {
        await this.#read();
      } catch (error) {
        this.#deps.log.warn({ err: error }, 'the CDN nodes could not be read');
      }
    }
  }

  async #read(): Promise<void> {
    const rows = await listCdnNodeChanges(this.#deps.db);
    const opened = new Map<number, OpenedNode>();
    const heard: HeardNode[] = [];
    for (const row of rows) {
      const node = await this.#open(row);
      if (node === undefined) continue;
      opened.set(row.dc_id, { revision: row.revision, node });
      heard.push({ node, heard_date: row.heard_date ?? undefined });
    }
    this.#opened = opened;
    this.nodes.replace(heard);
    if (this.#leads()) await this.#acknowledge(rows);
  }

  async #open(row: CdnNodeRow): Promise<KnownNode | undefined> {
    const known = this.#opened.get(row.dc_id);
    if (known?.revision === row.revision) return known.node;
    try {
      return await openCdnNode(row, this.#deps.keys);
    } catch (error) {
      // Tried again at each reading, because the master key may come back; logged once.
      if (this.#unreadable.get(row.dc_id) !== row.revision) this.#deps.log.error({ err: error, dc: row.dc_id }, 'the secret of a CDN node cannot be read; add the node again');
      this.#unreadable.set(row.dc_id, row.revision);
      return undefined;
    }
  }

  /** Tells operators and the other processes that changes have arrived, and encrypts secrets with the current master key. */
  async #acknowledge(rows: readonly CdnNodeRow[]): Promise<void> {
    const { db, bus, keys } = this.#deps;
    const news = rows.filter(({ revision, known_revision: known }) => known < revision);
    if (news.length > 0) {
      // First, so that an operator who is told of it finds it done in all processes.
      bus.publish(TOPIC, 'changed');
      await db.transact('know-cdn-nodes', async (tx) => {
        for (const row of news) await saveKnownRevision(tx, row);
      });
      void this.#lease?.run();
    }
    for (const { dc_id: dcId, wrapped_secret: before } of rows) {
      if (before === null || !this.#opened.has(dcId) || keys.isCurrent(before)) continue;
      const after = await keys.rewrap(before);
      await db.transact('rewrap-cdn-secret', (tx) => saveCdnNodeSecret(tx, dcId, { before, after }));
    }
  }

  async #note(node: KnownNode, fault: string | undefined): Promise<void> {
    const { db, bus, clock } = this.#deps;
    const opened = this.#opened.get(node.dc);
    if (opened?.node !== node) return;
    const nowDate = clock.now();
    if (fault === undefined) this.nodes.heard(node.dc, nowDate);
    else this.nodes.missed();
    await db.transact('save-cdn-node-state', (tx) => saveCdnNodeState(tx, { dc_id: node.dc, revision: opened.revision, fault }, nowDate));
    bus.publish(TOPIC, 'heard');
  }
}
