import { rpcError } from '@aerogram/errors';
import { isLoopbackHost, networkOf } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';

import { findBannedPhone } from '../names/index.ts';
import { testCodeOf } from '../peers/index.ts';
import { codeNotice, type ServiceChat } from '../service/index.ts';
import { type CodeWay, type DomainDeps, ExactQuota, refuseWait, takeBoth } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { loginCodeMail } from './code-mails.ts';
import { boundToOf, type CodeWays, describeSent, findWays, type SentCode } from './code-ways.ts';
import { createDeliveries } from './deliveries.ts';
import type { LoginDevice } from './log-in.ts';
import { countCode } from './log-in-events.ts';
import { type CodePurpose, departAgain, type Departure, findCode, type FoundCode, isDelivered, issueCode, type LoginCodeRow, updateCode } from './login-code-store.ts';

/** The capabilities of the client that requests a code. */
export interface CodeClient {
  /** Whether the client can ask its user for an e-mail address. */
  knowsEmailSetUp: boolean;
}

/** What a code is requested for. */
export interface CodeRequest {
  purpose: CodePurpose;
  /** Only for log-in codes. */
  client?: CodeClient | undefined;
  /** The state that the code is valid for; see `login_codes.bound_to`. For log-in codes the sender sets it. */
  boundTo?: string;
  /** The caller counts the codes of the number itself: others who have used up those that apps may ask for do not keep this one from being sent. */
  isCounted?: boolean;
}

export const CODE_LENGTH = 5;
const CODE_HASH_BYTES = 12;
const CODE_HASH = /^[0-9a-f]{24}$/;

/** Sends codes that prove a phone number. */
export class CodeSender {
  readonly #deps: DomainDeps;
  readonly #parts: { users: Users; serviceChat: ServiceChat };
  readonly #lookup: Parameters<typeof findWays>[0];
  readonly #deliveries: ReturnType<typeof createDeliveries>;
  readonly #byDevice: ExactQuota;
  readonly #byAddress: ExactQuota;

  constructor(deps: DomainDeps, parts: { users: Users; serviceChat: ServiceChat }) {
    this.#deps = deps;
    this.#parts = parts;
    this.#lookup = { db: deps.db, users: parts.users, codeDelivery: deps.codeDelivery, config: deps.config };
    this.#deliveries = createDeliveries(deps);
    this.#byDevice = new ExactQuota(deps, 'codeRequests');
    this.#byAddress = new ExactQuota(deps, 'codeRequestsOfAddress');
  }

  /** Returns the public code of a test number; undefined for other numbers. */
  testCode(phone: string): string | undefined {
    return this.#deps.config.testMode ? testCodeOf(phone) : undefined;
  }

  /**
   * Refuses a test number, whose code everybody knows, to a device that only seems to be on this machine.
   * @throws RpcError 400 PHONE_NUMBER_INVALID
   */
  #checkTestNumber({ isForwarded, address }: LoginDevice, phone: string): void {
    if (isForwarded !== true || this.#deps.config.testAnywhere || this.testCode(phone) === undefined) return;
    this.#deps.log.warn({ event: 'test_log_in_refused', address }, 'a test number was refused to a request that came by another host name or through a proxy: set AEROGRAM_TEST_MODE=force if that is meant, or name the proxy in AEROGRAM_TRUSTED_PROXIES');
    throw rpcError('PHONE_NUMBER_INVALID');
  }

  /**
   * Locks and returns the row of a code that this device requested.
   * @param purpose undefined for any purpose
   * @throws RpcError 400 PHONE_CODE_HASH_EMPTY, PHONE_CODE_EXPIRED
   */
  async accessCode(tx: Tx, device: LoginDevice, { phone, codeHash }: { phone: string; codeHash: string }, purpose: CodePurpose | undefined): Promise<FoundCode> {
    const { clock } = this.#deps;
    this.#checkTestNumber(device, phone);
    if (codeHash === '') throw rpcError('PHONE_CODE_HASH_EMPTY');
    if (!CODE_HASH.test(codeHash)) throw rpcError('PHONE_CODE_EXPIRED');
    const row = await findCode(tx, { phone, codeHash, authKeyId: device.permAuthKeyId }, clock.now());
    const usable = row && !row.cancelled && row.expires_date > clock.now() && (purpose === undefined || row.purpose === purpose);
    if (!usable || (row.asked_by !== null && row.asked_by !== device.userId)) throw rpcError('PHONE_CODE_EXPIRED');
    // The code of a test number is public, so guesses at it are not counted.
    return this.testCode(phone) === undefined ? row : { ...row, guessesOfNumber: 0 };
  }

  /**
   * Counts a device's request about a phone number, because the answer reveals whether the number has an account. Requests are counted per
   * account or key, and per network address except for loopback. Test numbers are not counted.
   * @throws RpcError 420 FLOOD_WAIT
   */
  checkAsking(device: LoginDevice, phone: string): Promise<void> | undefined {
    if (this.testCode(phone) !== undefined && device.isForwarded !== true) return undefined;
    const { userId, permAuthKeyId, address } = device;
    const asker = userId === undefined ? `key${permAuthKeyId}` : `user${userId}`;
    return refuseWait(takeBoth(this.#byDevice.take(asker, 1), () => (isLoopbackHost(address) ? 0 : this.#byAddress.take(networkOf(address), 1))));
  }

  /**
   * Creates a code and sends it in the best available way. A repeated call tries again to deliver a code that could not be delivered.
   * @throws RpcError 400 PHONE_NUMBER_BANNED, PHONE_NUMBER_FLOOD, SMS_CODE_CREATE_FAILED, PHONE_NUMBER_INVALID (a test number, from elsewhere), 420 FLOOD_WAIT
   */
  async doSend(device: LoginDevice, phone: string, { purpose, client, boundTo, isCounted = false }: CodeRequest): Promise<SentCode> {
    const { db, config } = this.#deps;
    this.#checkTestNumber(device, phone);
    const fixed = this.testCode(phone);
    if ((await findBannedPhone(db, [phone])) !== undefined) {
      this.#deps.log.info({ purpose }, 'a code was refused to a banned number');
      throw rpcError('PHONE_NUMBER_BANNED');
    }
    const ways = await findWays(this.#lookup, phone, purpose);
    if (ways.isEnded === true) throw rpcError('PHONE_NUMBER_BANNED');
    const asksEmail =
      purpose === 'login' && config.loginEmailRequired && this.#deps.codeDelivery.sendsEmail && client?.knowsEmailSetUp === true && !ways.isGuarded && fixed === undefined;
    const via = asksEmail ? 'email_setup' : (ways.ways[0] ?? 'sms');
    const outcome = await db.transact('issue-code', async (tx) => {
      const issued = await issueCode(tx, {
        phone,
        authKeyId: device.permAuthKeyId,
        code: fixed ?? this.#randomCode(),
        codeHash: Buffer.from(this.#deps.random.bytes(CODE_HASH_BYTES)).toString('hex'),
        nowDate: this.#deps.clock.now(),
        lifeS: Math.ceil(config.loginCodeTtlMs / 1000),
        limited: fixed === undefined,
        isCounted,
        purpose,
        way: via,
        askedBy: purpose === 'login' ? null : (device.userId ?? null),
        boundTo: boundTo ?? boundToOf(via, ways),
      });
      const { userId } = ways;
      const isForDevices = issued.kind === 'issued' && issued.fresh && via === 'app' && userId !== undefined && fixed === undefined;
      if (isForDevices) await this.#parts.serviceChat.order(tx, userId, codeNotice(issued.row.code));
      return issued;
    });
    if (outcome.kind === 'too_many') throw rpcError('FLOOD_WAIT_%d', outcome.waitS);
    if (outcome.kind === 'guessed') throw rpcError('PHONE_NUMBER_FLOOD');
    const { row } = outcome;
    if (via !== 'email_setup') await this.#send(row, via, ways, outcome.departure);
    return describeSent(row, via, ways);
  }

  /**
   * Waits for a delivery, unless sign-up is not open: then neither the time of the answer nor a failure may tell whether a number was refused, which is sent nothing.
   * Failures are in the log and the metrics.
   */
  async awaitDelivery(delivery: Promise<void>): Promise<void> {
    if (this.#deps.config.signUp === 'open') return delivery;
    delivery.catch(() => undefined);
  }

  /** Whether a number has no account and may not make one. */
  async isRefused(phone: string): Promise<boolean> {
    return (await findWays(this.#lookup, phone, 'login')).isRefused;
  }

  /** Returns the way in which {@link release} will send a code to this number. */
  async findReleasedWay(phone: string): Promise<CodeWay> {
    return (await findWays(this.#lookup, phone, 'login')).ways[0] ?? 'sms';
  }

  /**
   * Sends a code that waited until the user had set up an e-mail address.
   * @throws RpcError 400 SMS_CODE_CREATE_FAILED
   */
  async release(row: LoginCodeRow, way: CodeWay, departure: Departure): Promise<SentCode> {
    const ways = await findWays(this.#lookup, row.phone, row.purpose);
    await this.#send(row, way, ways, departure);
    return describeSent(row, way, ways);
  }

  /**
   * Logs a client's report that a code did not arrive, so that the operator can look into it.
   * @throws RpcError 400 PHONE_CODE_EXPIRED
   */
  async doReportMissing(device: LoginDevice, phone: string, codeHash: string): Promise<void> {
    const row = await this.#deps.db.transact('report-missing-code', (tx) => this.accessCode(tx, device, { phone, codeHash }, undefined));
    if (row.way !== 'email_setup') countCode(this.#deps, row.way, 'missing');
    this.#deps.log.warn({ way: row.way, purpose: row.purpose, ageS: this.#deps.clock.now() - row.created_date }, 'a client says that its code did not come');
  }

  /**
   * Returns how a code was last sent.
   * @throws RpcError 400 PHONE_CODE_HASH_EMPTY, PHONE_CODE_EXPIRED
   */
  async describe(device: LoginDevice, phone: string, codeHash: string): Promise<SentCode> {
    const row = await this.#deps.db.transact('describe-code', (tx) => this.accessCode(tx, device, { phone, codeHash }, undefined));
    return describeSent(row, row.way, await findWays(this.#lookup, phone, row.purpose));
  }

  /**
   * Sends a code again, in the next way.
   * @throws RpcError 400 PHONE_CODE_HASH_EMPTY, PHONE_CODE_EXPIRED, SMS_CODE_CREATE_FAILED, 406 SEND_CODE_UNAVAILABLE
   */
  async doResend(device: LoginDevice, phone: string, codeHash: string): Promise<SentCode> {
    const { db } = this.#deps;
    const found = await db.transact('find-code', (tx) => this.accessCode(tx, device, { phone, codeHash }, undefined));
    const ways = await findWays(this.#lookup, phone, found.purpose);
    const { next, via } = describeSent(found, found.way, ways);
    // No further way is left. With several ways, a repeated call only retries a failed delivery; with a single way, resending is not
    // available.
    if (next === undefined) {
      if (ways.ways.length < 2 || via === 'email_setup') throw rpcError('SEND_CODE_UNAVAILABLE');
      const departure = await db.transact('repeat-code', async (tx) => departAgain(tx, await this.accessCode(tx, device, { phone, codeHash }, undefined)));
      await this.#send(found, via, ways, departure);
      return describeSent(found, via, ways);
    }
    await db.transact('resend-code', async (tx) => {
      const row = await this.accessCode(tx, device, { phone, codeHash }, undefined);
      await updateCode(tx, row, { way: next, sent: 1, delivered: false, bound_to: found.purpose === 'login' ? boundToOf(next, ways) : row.bound_to });
    });
    await this.#send(found, next, ways, 'due');
    return describeSent(found, next, ways);
  }

  #randomCode(): string {
    return String(this.#deps.random.uint31() % 10 ** CODE_LENGTH).padStart(CODE_LENGTH, '0');
  }

  #deliver(row: LoginCodeRow, way: CodeWay, email: CodeWays['email']): Promise<void> {
    const { codeDelivery, config } = this.#deps;
    // It waits at /enter.
    if (way === 'enter') return Promise.resolve();
    if (way !== 'email' || email === undefined) return codeDelivery.deliver({ phone: row.phone, code: row.code, way });
    return codeDelivery.deliverEmail(loginCodeMail(config, { email: email.address, code: row.code, phone: row.phone }));
  }

  /** Delivers a code after the commit, and waits for that where the caller may know. */
  #send(row: LoginCodeRow, way: CodeWay, ways: CodeWays, departure: Departure): Promise<void> {
    const delivery = this.#depart(row, way, ways, departure);
    // The answer says that it went these ways, and that the number has an account.
    const isTold = way === 'app' || way === 'enter';
    return row.purpose === 'login' && !isTold ? this.awaitDelivery(delivery) : delivery;
  }

  /** Nothing is sent for test numbers, because automated clients expect to see only the effects of their own calls. */
  async #depart(row: LoginCodeRow, way: CodeWay, { email, isRefused }: CodeWays, departure: Departure): Promise<void> {
    const { db, log } = this.#deps;
    if (isRefused) return log.info({ purpose: row.purpose }, 'a code was not sent, because the number may not sign up');
    if (this.testCode(row.phone) !== undefined || departure === 'delivered') return;
    if (departure === 'failed') throw rpcError('SMS_CODE_CREATE_FAILED');
    await this.#deliveries.deliver({ id: `${row.code_hash} ${way}`, way, purpose: row.purpose }, async () => {
      // Another call may have delivered it since this one read the row.
      if (await isDelivered(db, row, way)) return;
      await this.#deliver(row, way, email);
      await db.transact('note-delivery', (tx) => updateCode(tx, row, { delivered: true }));
    });
  }
}
