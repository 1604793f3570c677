import { openTestFiles } from '@aerogram/blob/testing';
import { type Bus, createInProcessBus } from '@aerogram/bus';
import { homeOfTestPhone, meterHomes } from '@aerogram/cluster/testing';
import { createDomain, doMakeBotByOperator, type Domain, type DomainDeps } from '@aerogram/domain';
import { watchQuotas } from '@aerogram/node/testing';
import { createDispatcher, type DirectCalls, type Dispatcher, type RpcAnswer } from '@aerogram/rpc';
import { type Clock, createMetrics, type Logger, type Random, seededRandom, silentLogger, systemClock } from '@aerogram/runtime';
import { testDatabase, type TestDatabase, type TestDatabaseOptions } from '@aerogram/storage/testing';
import { encode, LAYER, type tl } from '@aerogram/tl';

import { methods } from '../../src/index.ts';

/** All methods with a fresh database, called as by the gateway. */
export interface RpcWorld extends AsyncDisposable {
  db: TestDatabase;
  bus: Bus;
  domain: Domain;
  dispatcher: Dispatcher & DirectCalls;
  random: Random;
  newKey(): Promise<bigint>;
  /** A key that is logged in as a new user. */
  signUp(phone: string, name: string): Promise<{ authKeyId: bigint; userId: bigint }>;
  /** A key that is logged in as a new bot. */
  logInBot(username: string): Promise<{ authKeyId: bigint; userId: bigint }>;
  call(authKeyId: bigint, query: tl.AnyMethod, layer?: number): Promise<RpcAnswer>;
  /** Calls with the given bytes. @param from the address of the client */
  callBytes(authKeyId: bigint, body: Uint8Array, from?: string): Promise<RpcAnswer>;
}

/** Parts of a world that a test replaces. */
export interface RpcWorldParts {
  clock?: Clock;
  cdnNodes?: DomainDeps['cdnNodes'];
  webTokens?: DomainDeps['webTokens'];
  config?: Partial<DomainDeps['config']>;
  /** Other data centres. With them, all who sign up are at home in `config.homeDcId`. */
  homes?: DomainDeps['homes'];
}

/** @param seed of all randomness */
export async function createRpcWorld(seed: string, log: Logger = silentLogger, database: TestDatabaseOptions = {}, parts: RpcWorldParts = {}): Promise<RpcWorld> {
  const { clock = systemClock, cdnNodes, webTokens, config, homes } = parts;
  watchQuotas();
  const random = seededRandom(seed);
  const db = await testDatabase(database);
  const files = await openTestFiles({ clock, random });
  const deps = { db, bus: createInProcessBus(), clock, random, log, metrics: createMetrics() };
  const domain = await createDomain({
    ...deps,
    db: meterHomes(db),
    homeOfPhone: homes === undefined ? homeOfTestPhone : undefined,
    homes,
    fileStorage: files,
    cdnNodes,
    webTokens,
    codeDelivery: { ways: ['sms'], deliver: () => Promise.resolve(), deliverEmail: () => Promise.resolve() },
    config: {
      homeDcId: 2, dcIds: [1, 2, 3, 4, 5], testMode: true, testAnywhere: false, testLimits: false, testDc: false, publicAddress: undefined,
      publicAddressV6: undefined, publicPort: 0, allowedApps: [], passkeyDomain: 'localhost', passkeyOrigins: [], guestKeyDays: 30, takeoutDelay: 86_400, fileHookFailure: 'refuse', groupMembersMax: 200, supergroupMembersMax: 200_000, channelsPerUserMax: 500, botsPerGroupMax: 20, botsPerOwnerMax: 20, botApiLocal: false, gigagroupMembersMin: 199_000,
      channelBehindMax: 1000, channelLogEvents: 100_000, channelLogDays: 30, adminLogHours: 48, adminLogEvents: 10_000, adminLogBytes: 4_194_304, ownerReturnDays: 7, publicSearchesPerDay: 100, uploadPartsMax: 4000, unsentFilesMax: 1000, unsentFileBytes: 2 ** 34, blobCheckDays: 30, walArchiveDays: 0, cdnMinSubscribers: 100_000, cdnMinRequests: 0, loginCodeTtlMs: 300_000,
      loginEmailRequired: false, signUp: 'open', mailDomains: [], webAddress: undefined, enterUrl: 'http://localhost:8080/enter', oidcName: 'the company', oidcClientId: undefined, oidcCheckEveryS: 3600, langDir: undefined, premium: 'self', workers: 1, calls: 'on', turnUrls: [], turnSecret: undefined, ...config,
    },
  });
  const dispatcher = createDispatcher({ ...deps, domain, methods, flood: { capacity: 1e9, tokensPerSecond: 1e9 } });
  let msgId = 0n;

  const world: RpcWorld = {
    db,
    bus: deps.bus,
    domain,
    dispatcher,
    random,
    async newKey() {
      const authKeyId = random.int64();
      const key = random.bytes(256);
      await domain.auth.keyStore.create({ authKeyId, key, kind: 'perm', created_date: systemClock.now(), dcId: 2, media: false, test: false });
      return authKeyId;
    },
    async signUp(phone, name) {
      const authKeyId = await world.newKey();
      await world.call(authKeyId, { _: 'auth.sendCode', phone_number: phone, api_id: 1, api_hash: 'h', settings: { _: 'codeSettings' } });
      const row = await db.q.selectFrom('login_codes').select('code_hash').where('phone', '=', phone).executeTakeFirstOrThrow();
      const login = { phone_number: phone, phone_code_hash: row.code_hash };
      await world.call(authKeyId, { _: 'auth.signIn', ...login, phone_code: phone.charAt(5).repeat(5) });
      const { error, caller } = await world.call(authKeyId, { _: 'auth.signUp', ...login, first_name: name, last_name: '' });
      if (caller.userId === undefined) throw new Error(`sign-up failed: ${error}`);
      return { authKeyId, userId: caller.userId };
    },
    async logInBot(username) {
      const maker = { db, clock, random, keys: files.keys, config: { homeDcId: 2, botsPerOwnerMax: 20 } };
      const { botId, token } = await doMakeBotByOperator(maker, { name: username, username, ownerId: undefined });
      const authKeyId = await world.newKey();
      const { error } = await world.call(authKeyId, { _: 'auth.importBotAuthorization', flags: 0, api_id: 1, api_hash: 'h', bot_auth_token: token });
      if (error !== undefined) throw new Error(`log-in as a bot failed: ${error}`);
      return { authKeyId, userId: botId };
    },
    call: (authKeyId, query, layer = LAYER) => world.callBytes(authKeyId, encode({ _: 'invokeWithLayer', layer, query })),
    async callBytes(authKeyId, body, from = '127.0.0.1') {
      const session = { authKeyId, sessionId: 1n, remoteAddress: from, localAddress: '127.0.0.1', localPort: 443 };
      const answer = await dispatcher.dispatch({ session, msgId: (msgId += 4n), body });
      answer.part?.release();
      return answer;
    },
    async [Symbol.asyncDispose]() {
      await domain[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
      await files[Symbol.asyncDispose]();
    },
  };
  return world;
}
