import { isDeepStrictEqual } from 'node:util';
import type { DcAddress, DcAddresses } from '@aerogram/domain';
import type { OtherHomes } from '@aerogram/cluster';
import { type Clock, findJsonExcess, type Logger, type TimerHandle, VERSION } from '@aerogram/runtime';
import { type Database, type HomeRow, type HomeVersions, listHomes, SCHEMA_VERSION } from '@aerogram/storage';
import { z } from 'zod';
import { ADDRESSES, MEMBER, VERSIONS } from './home-ticket.ts';
import { doNoteAddresses, doNoteMembers, doNoteVersions, projectMember } from './join-homes.ts';

/** Name of the question with which homes tell each other where they are. */
const QUESTION = 'home.addresses';

/** How often the rows are read, in milliseconds: commands change them. */
const LOOK_MS = 1000;

/** How often each other home is told and asked, in milliseconds. */
const TELL_EVERY_MS = 60_000;

const LONGEST_RETRY_MS = 30_000;

/** What this program is, as the others are told. */
export const OWN_VERSIONS: HomeVersions = { program: VERSION, schema_version: SCHEMA_VERSION };

const ANSWER = VERSIONS.extend({ members: z.array(MEMBER).max(5) });

// Not `packPlain` of the domain: addresses have no 64-bit numbers and no bytes, and programs of other versions must be able to read them.
const encode = (value: object): Uint8Array => Buffer.from(JSON.stringify(value));
const decode = (body: Uint8Array): unknown => {
  const text = Buffer.from(body).toString('utf8');
  if (findJsonExcess(text) !== undefined) throw new Error('what another data centre says of its addresses has too many values');
  return JSON.parse(text);
};

interface DirectoryDeps {
  db: Database;
  homes: Pick<OtherHomes, 'others' | 'ofNames' | 'ask' | 'onAsk'>;
  clock: Clock;
  log: Logger;
}

/**
 * Who the data centres of the community are and where they are reached. Each tells the others where it is, once a minute and from its start on until they have heard it;
 * who is a member they believe the first home alone.
 */
export class HomeDirectory implements DcAddresses, AsyncDisposable {
  readonly #deps: DirectoryDeps;
  readonly #listeners = new Set<() => void>();
  readonly #due = new Map<number, { atMs: number; retryMs: number }>();
  #timer: TimerHandle | undefined;
  #rows: HomeRow[];
  #addresses: readonly DcAddress[];
  #looking: Promise<void> | undefined;
  #telling = new Set<Promise<void>>();

  private constructor(deps: DirectoryDeps, rows: HomeRow[]) {
    this.#deps = deps;
    this.#rows = rows;
    this.#addresses = addressesIn(rows);
    deps.homes.onAsk(QUESTION, (body, from) => this.#answer(body, from));
  }

  /** Reads who there is. */
  static async open(deps: DirectoryDeps): Promise<HomeDirectory> {
    return new HomeDirectory(deps, await listHomes(deps.db));
  }

  /** Begins to tell the others where this one is, and to see what changes. */
  start(): void {
    this.#timer = this.#deps.clock.setInterval(() => this.#lookSoon(), LOOK_MS);
  }

  /** The other data centres whose clients know where to connect. */
  list(): readonly DcAddress[] {
    return this.#addresses;
  }

  /** Sets what is called when that has changed. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  #lookSoon(): void {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
  }

  async #look(): Promise<void> {
    try {
      this.#rows = await listHomes(this.#deps.db);
    } catch (error) {
      // What was read last holds while the database does not answer.
      this.#deps.log.debug({ err: error }, 'the data centres could not be read');
      return;
    }
    const addresses = addressesIn(this.#rows);
    if (!isDeepStrictEqual(addresses, this.#addresses)) {
      this.#addresses = addresses;
      for (const listener of this.#listeners) listener();
    }
    this.#tellOthers();
  }

  #tellOthers(): void {
    const { homes, clock } = this.#deps;
    const own = this.#rows.find((row) => row.is_own);
    // Until this server is reached itself, there is nothing to tell.
    if (own === undefined || own.link_port === 0) return;
    for (const dc of homes.others) {
      const due = this.#due.get(dc);
      if (due !== undefined && clock.monotonicMs() < due.atMs) continue;
      this.#due.set(dc, { atMs: Infinity, retryMs: due?.retryMs ?? 0 });
      const telling = this.#tell(dc, own).then(
        () => this.#due.set(dc, { atMs: clock.monotonicMs() + TELL_EVERY_MS, retryMs: 0 }),
        () => {
          const retryMs = Math.min(Math.max(LOOK_MS, 2 * (due?.retryMs ?? 0)), LONGEST_RETRY_MS);
          this.#due.set(dc, { atMs: clock.monotonicMs() + retryMs, retryMs });
        },
      ).then(() => void this.#telling.delete(telling));
      this.#telling.add(telling);
    }
  }

  async #tell(dc: number, own: HomeRow): Promise<void> {
    const { homes, db } = this.#deps;
    const { members, ...versions } = ANSWER.parse(decode(await homes.ask(dc, QUESTION, encode({ ...projectMember(own), ...OWN_VERSIONS }))));
    await doNoteVersions(db, dc, versions);
    const told = members.find((member) => member.dc === dc);
    const isNew = told !== undefined && (await doNoteAddresses(db, dc, told));
    if (dc === homes.ofNames) await doNoteMembers(db, members);
    if (isNew) this.#lookSoon();
  }

  async #answer(body: Uint8Array, from: number): Promise<Uint8Array> {
    const { db } = this.#deps;
    const told = decode(body);
    if (await doNoteAddresses(db, from, ADDRESSES.parse(told))) this.#lookSoon();
    await doNoteVersions(db, from, VERSIONS.parse(told));
    return encode({ members: (await listHomes(db)).map(projectMember), ...OWN_VERSIONS });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.cancel();
    await this.#looking;
    await Promise.all(this.#telling);
  }
}

/** Where clients reach the other members. */
function addressesIn(rows: readonly HomeRow[]): DcAddress[] {
  return rows.filter((row) => !row.is_own && row.state !== 'removed' && row.client_port !== 0).map(({ dc, client_host: host, client_port: port, web_address: webAddress }) => ({ dc, host, port, webAddress }));
}
