import { openTestFiles, type TestFiles } from '@aerogram/blob/testing';
import { createInProcessBus, type Bus } from '@aerogram/bus';
import { homeOfTestPhone, meterHomes } from '@aerogram/cluster/testing';
import type { RpcError } from '@aerogram/errors';
import type { MediaLane, PhotoLane } from '@aerogram/media';
import { createFakeClock, createLogger, createMetrics, type FakeClock, type Metrics, seededRandom, silentLogger } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';

import { createDomain, type Domain, type DomainConfig, type DomainDeps, type LoginDevice, type OutgoingCode, type OutgoingEmail, type UserKey } from '../../src/index.ts';
import type { UserRow } from '../../src/peers/index.ts';

export const CONFIG: DomainConfig = {
  homeDcId: 2,
  dcIds: [1, 2, 3, 4, 5],
  testMode: true,
  testAnywhere: false,
  testLimits: false,
  testDc: false,
  publicAddress: undefined,
  publicAddressV6: undefined,
  publicPort: 0,
  allowedApps: [],
  guestKeyDays: 30,
  takeoutDelay: 86_400,
  fileHookFailure: 'refuse',
  groupMembersMax: 200,
  supergroupMembersMax: 200_000,
  channelsPerUserMax: 500,
  botsPerGroupMax: 20,
  botsPerOwnerMax: 20,
  botApiLocal: false,
  gigagroupMembersMin: 199_000,
  channelBehindMax: 1000,
  channelLogEvents: 100_000,
  channelLogDays: 30,
  adminLogHours: 48,
  adminLogEvents: 10_000,
  adminLogBytes: 4_194_304,
  ownerReturnDays: 7,
  publicSearchesPerDay: 100,
  uploadPartsMax: 4000,
  unsentFilesMax: 1000,
  unsentFileBytes: 2 ** 34,
  blobCheckDays: 30,
  walArchiveDays: 0, cdnMinSubscribers: 100_000, cdnMinRequests: 0,
  loginCodeTtlMs: 300_000,
  loginEmailRequired: false,
  signUp: 'open', mailDomains: [],
  webAddress: undefined, enterUrl: 'http://localhost:8080/enter', oidcName: 'the company', oidcClientId: 'aerogram', oidcCheckEveryS: 3600,
  passkeyDomain: 'localhost',
  passkeyOrigins: [],
  langDir: undefined,
  premium: 'self',
  calls: 'on',
  turnUrls: [],
  turnSecret: undefined,
  workers: 1,
};

/** Makes the sizes of photos, and looks into patterns; without that, all patterns are refused. */
export type PhotoMaker = Pick<PhotoLane, 'make'> & Partial<Pick<PhotoLane, 'readShape'>>;
/** Makes photos whose only size has the bytes of the upload, and finds every file to be an allowed animation. */
export const uploadedPhotos: PhotoMaker = {
  async make(_account, _use, read) {
    return { outcome: 'made', source: { width: 160, height: 160 }, photo: { sizes: [{ type: 'a', width: 160, height: 160, bytes: await read(), prefixes: [] }], stripped: Uint8Array.of(1, 20, 40) } };
  },
  readShape: () => Promise.resolve({ outcome: 'allowed', shape: { width: 512, height: 512 } }),
};

/** Reads audio and video. */
export type MediaReader = Pick<MediaLane, 'describe' | 'makeAvatar'>;

/** A domain on a fresh database, with the codes that it sent. */
export interface World extends AsyncDisposable {
  db: TestDatabase;
  bus: Bus;
  clock: FakeClock;
  domain: Domain;
  codes: OutgoingCode[];
  emails: OutgoingEmail[];
  /** The bytes of files. */
  files: TestFiles;
  /** Whether the delivery services for codes fail. */
  refusesCodes: boolean;
  /** For what the delivery services for codes wait. */
  deliveriesWait: Promise<void> | undefined;
  /** Log lines, if the world was created to keep them. */
  logged: Record<string, unknown>[];
  metrics: Metrics;
  /** The reason why the clock is not trusted; set by tests. */
  doubt: string | undefined;
  /** Creates a permanent key, as a device has after its handshake. */
  newDevice(): Promise<LoginDevice>;
  /** The device as the dispatcher would describe it now. */
  again(device: LoginDevice): Promise<LoginDevice>;
  /** Signs up a new test number. */
  signUp(phone: string, name: string): Promise<{ userId: bigint; device: LoginDevice; key: UserKey }>;
  /** Logs a device in to the account of a test number without a password; creates the device unless it is given. */
  logIn(phone: string, device?: LoginDevice): Promise<{ device: LoginDevice; key: UserKey }>;
  /**
   * Runs the jobs that are due, and the jobs that those enqueue.
   * @param crash runs each job twice, as if the process had died before it learned of the first run's success
   */
  runJobs(crash?: 'repeat'): Promise<void>;
  /** Simulates `kill -9`: returns a new domain on the same database. */
  restart(): Promise<void>;
}

/** What a world may have besides its defaults. */
export interface WorldOptions extends Partial<Pick<DomainDeps, 'fileHook' | 'pageFetcher' | 'hasLimits' | 'sessionClock' | 'homes'>> {
  keepsLog?: boolean;
  photos?: PhotoMaker;
  media?: MediaReader;
  seed?: string;
}

/**
 * @param config overrides of {@link CONFIG}
 * @param options for `keepsLog` see {@link World.logged}
 */
export async function createWorld(
  config: Partial<DomainConfig> = {},
  options: WorldOptions = {},
): Promise<World> {
  const clock = createFakeClock();
  const db = await testDatabase();
  const bus = createInProcessBus();
  const random = seededRandom(options.seed ?? 'accounts');
  const codes: OutgoingCode[] = [];
  const emails: OutgoingEmail[] = [];
  const files = await openTestFiles({ clock, random });
  const logged: Record<string, unknown>[] = [];
  const log = options.keepsLog
    ? createLogger({ level: 'info', destination: { write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>) } })
    : silentLogger;
  const metrics = createMetrics();
  const checkService = async (): Promise<void> => {
    await world.deliveriesWait;
    if (world.refusesCodes) throw new Error('the service is down');
  };
  const make = (): Promise<Domain> =>
    createDomain({
      db: meterHomes(db),
      homeOfPhone: options.homes ? () => options.homes!.own : homeOfTestPhone,
      homes: options.homes,
      bus,
      clock,
      random,
      log,
      metrics,
      doubt: () => world.doubt,
      fileStorage: files,
      photos: options.photos && { readShape: () => Promise.resolve({ outcome: 'unavailable' }), ...options.photos },
      media: options.media,
      fileHook: options.fileHook,
      pageFetcher: options.pageFetcher,
      fileFetcher: options.pageFetcher,
      hasLimits: options.hasLimits,
      sessionClock: options.sessionClock,
      config: { ...CONFIG, ...config },
      codeDelivery: {
        ways: ['sms'],
        sendsEmail: true,
        deliver: async (code) => {
          await checkService();
          codes.push(code);
        },
        deliverEmail: async (mail) => {
          await checkService();
          emails.push(mail);
        },
      },
    });

  const world: World = {
    db,
    bus,
    clock,
    domain: await make(),
    codes,
    emails,
    files,
    refusesCodes: false,
    deliveriesWait: undefined,
    logged,
    metrics,
    doubt: undefined,
    async newDevice() {
      const authKeyId = random.int64();
      await world.domain.auth.keyStore.create({
        authKeyId,
        key: random.bytes(256),
        kind: 'perm',
        created_date: clock.now(),
        dcId: 2,
        media: false,
        test: false,
      });
      return { permAuthKeyId: authKeyId, userId: undefined, pendingUserId: undefined, address: '127.0.0.1', init: undefined };
    },
    async again(device) {
      const state = await world.domain.auth.findKeyState(device.permAuthKeyId);
      return { ...device, userId: state?.userId, pendingUserId: state?.pendingUserId };
    },
    async signUp(phone, name) {
      const device = await world.newDevice();
      const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
      const code = phone.charAt(5).repeat(5);
      await world.domain.auth.doSignIn(device, phone, codeHash, code);
      const userId = await world.domain.auth.doSignUp(device, phone, codeHash, { firstName: name, lastName: '' });
      return { userId, device: await world.again(device), key: { userId, authKeyId: device.permAuthKeyId } };
    },
    async logIn(phone, given) {
      const device = given ?? (await world.newDevice());
      const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
      const userId = await world.domain.auth.doSignIn(device, phone, codeHash, phone.charAt(5).repeat(5));
      if (userId === undefined) throw new Error(`+${phone} has no account`);
      return { device: await world.again(device), key: { userId, authKeyId: device.permAuthKeyId } };
    },
    async runJobs(crash) {
      for (;;) {
        const waiting = await db.q.selectFrom('jobs').selectAll().orderBy('run_ms').execute();
        // The database has its own clock, so jobs enqueued for "now" are due.
        const due = waiting.filter((job) => job.run_ms < BigInt(job.created_date + 1) * 1000n);
        if (due.length === 0) return;
        for (const job of due) {
          const kind = world.domain.jobKinds.find((one) => one.kind === job.kind);
          if (!kind) throw new Error(`nobody knows the job ${job.kind}`);
          const end = async (tx: Tx): Promise<void> => {
            const gone = await tx.q.deleteFrom('jobs').where('job_id', '=', job.job_id).returning('job_id').execute();
            if (gone.length === 0) throw new Error('another node has taken the job over');
          };
          const context = { db, jobId: job.job_id, ownerId: job.owner_id, attempt: 1, signal: new AbortController().signal, done: end };
          await kind.perform(job.payload, context);
          if (crash) await kind.perform(job.payload, context).catch(() => undefined);
          await db.transact('end-job', (tx) => end(tx).catch(() => undefined));
        }
      }
    },
    async restart() {
      // The killed process disposed of nothing; its timers would only write activity.
      world.domain = await make();
    },
    async [Symbol.asyncDispose]() {
      await world.domain[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
      await files[Symbol.asyncDispose]();
    },
  };
  return world;
}

export const APP = { apiId: 1, apiHash: 'hash' };

/** The text of the RpcError that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as RpcError).text;
  }
  return 'no error';
}

/**
 * Signs up people with test numbers.
 * @param names their first names, or how many they are
 */
export async function signUpPeople(world: World, names: number | readonly string[]): Promise<UserRow[]> {
  const people: UserRow[] = [];
  const list = typeof names === 'number' ? Array.from({ length: names }, (_, n) => `Person ${n}`) : names;
  for (const [n, name] of list.entries()) {
    const { userId } = await world.signUp(`99966${n % 10}${String(n).padStart(4, '0')}`, name);
    people.push((await world.domain.users.findRow(userId))!);
  }
  return people;
}
