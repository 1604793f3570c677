import { CdnLinks, CdnReader, findCdnAddresses, RawAccount, readMetrics, ServedCdnFile, type ServerProcess, startServerProcess, type StartedCdnNodes, startCdnNodes, sumOfMetric } from '@aerogram/dev-env/load';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import type { tl } from '@aerogram/tl';

/** A server in a process of its own, with nodes that it knows. Channels of any size count as popular. */
export class CdnStage implements AsyncDisposable {
  readonly server: ServerProcess;
  readonly db: TestDatabase;
  readonly nodes: StartedCdnNodes;
  #accounts = 0;

  private constructor(server: ServerProcess, db: TestDatabase, nodes: StartedCdnNodes) {
    this.server = server;
    this.db = db;
    this.nodes = nodes;
  }

  /** @param args of the nodes, such as `--memory 64MB` */
  static async start(count: number, args: readonly string[] = ['--memory', '128MB']): Promise<CdnStage> {
    const db = await testDatabase();
    const server = await startServerProcess({ databaseUrl: db.url, env: { AEROGRAM_CDN_MIN_SUBSCRIBERS: '1' } });
    return new CdnStage(server, db, await startCdnNodes({ db, dataDir: server.dataDir }, count, { args }));
  }

  /** Signs up somebody. */
  signUp(name: string): Promise<RawAccount> {
    const n = this.#accounts++;
    const x = n % 10;
    return RawAccount.signUp(this.server.info, { name, phone: `99966${x}${String(Math.floor(n / 10)).padStart(4, '0')}`, code: String(x).repeat(5), localAddress: `127.0.0.${2 + (n % 200)}` });
  }

  /** A reader of a file with its own keys at the nodes. */
  async reader(account: RawAccount, location: tl.InputFileLocation): Promise<CdnReader & AsyncDisposable> {
    const links = new CdnLinks(await findCdnAddresses(account));
    const reader = new CdnReader(new ServedCdnFile(account, location), links);
    return Object.assign(reader, { [Symbol.asyncDispose]: () => links[Symbol.asyncDispose]() });
  }

  /** A figure of the server's metrics page; 0 if it is not there yet. */
  async figure(name: string): Promise<number> {
    return sumOfMetric(await readMetrics(this.server.info), name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.nodes[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
    await this.db[Symbol.asyncDispose]();
  }
}
