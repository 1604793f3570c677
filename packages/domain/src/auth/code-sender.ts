import { rpcError } from '@aerogram/errors';
import { isLoopbackHost, networkOf } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';

import { testCodeOf } from '../peers/index.ts';
import { codeNotice, type ServiceChat } from '../service/index.ts';
import { type CodeWay, type DomainDeps, QuotaBuckets } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { boundToOf, type CodeWays, describeSent, findWays, type SentCode } from './code-ways.ts';
import { createDeliveries } from './deliveries.ts';
import type { LoginDevice } from './log-in.ts';
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
}

export const CODE_LENGTH = 5;
const CODE_HASH_BYTES = 12;
const CODE_HASH = /^[0-9a-f]{24}$/;

/** Sends codes that prove a phone number. */
export interface CodeSender {
  /** Returns the public code of a test number; undefined for other numbers. */
  testCode(phone: string): string | undefined;
  /**
   * Counts a device's request about a phone number, because the answer reveals whether the number has an account. Requests are counted per
   * account or key, and per network address except for loopback. Test numbers are not counted.
   * @throws RpcError 420 FLOOD_WAIT
   */
  checkAsking(device: LoginDevice, phone: string): void;
  /**
   * Creates a code and sends it in the best available way. A repeated call tries again to deliver a code that could not be delivered.
   * @throws RpcError 400 PHONE_NUMBER_BANNED, PHONE_NUMBER_FLOOD, SMS_CODE_CREATE_FAILED, 420 FLOOD_WAIT
   */
  doSend(device: LoginDevice, phone: string, asked: CodeRequest): Promise<SentCode>;
  /**
   * Sends a code that waited until the user had set up an e-mail address.
   * @throws RpcError 400 SMS_CODE_CREATE_FAILED
   */
  release(row: LoginCodeRow, way: CodeWay, departure: Departure): Promise<SentCode>;
  /** Returns the way in which such a waiting code will be sent. */
  findReleasedWay(phone: string): Promise<CodeWay>;
  /**
   * Logs a client's report that a code did not arrive, so that the operator can look into it.
   * @throws RpcError 400 PHONE_CODE_EXPIRED
   */
  doReportMissing(device: LoginDevice, phone: string, codeHash: string): Promise<void>;
  /**
   * Sends a code again, in the next way.
   * @throws RpcError 400 PHONE_CODE_HASH_EMPTY, PHONE_CODE_EXPIRED, SMS_CODE_CREATE_FAILED, 406 SEND_CODE_UNAVAILABLE
   */
  doResend(device: LoginDevice, phone: string, codeHash: string): Promise<SentCode>;
  /**
   * Returns how a code was last sent.
   * @throws RpcError 400 PHONE_CODE_HASH_EMPTY, PHONE_CODE_EXPIRED
   */
  describe(device: LoginDevice, phone: string, codeHash: string): Promise<SentCode>;
  /**
   * Locks and returns the row of a code that this device requested.
   * @param purpose undefined for any purpose
   * @throws RpcError 400 PHONE_CODE_HASH_EMPTY, PHONE_CODE_EXPIRED
   */
  accessCode(tx: Tx, device: LoginDevice, asked: { phone: string; codeHash: string }, purpose: CodePurpose | undefined): Promise<FoundCode>;
}

/** Creates the code sender for the phone numbers of this data centre. */
export function createCodeSender(deps: DomainDeps, parts: { users: Users; serviceChat: ServiceChat }): CodeSender {
  const { db, clock, random, config, log, codeDelivery } = deps;
  const { users, serviceChat } = parts;

  const testCode = (phone: string): string | undefined => (config.testMode ? testCodeOf(phone) : undefined);
  const randomCode = (): string => String(random.uint31() % 10 ** CODE_LENGTH).padStart(CODE_LENGTH, '0');

  const lookup = { db, users, codeDelivery };
  const deliveries = createDeliveries(deps);

  const deliver = (row: LoginCodeRow, way: CodeWay, email: CodeWays['email']): Promise<void> => {
    if (way !== 'email' || email === undefined) return codeDelivery.deliver({ phone: row.phone, code: row.code, way });
    return codeDelivery.deliverEmail({
      email: email.address,
      code: row.code,
      subject: 'Your login code',
      text: `Your login code: ${row.code}\n\nDo not give it to anyone. If you did not ask for it, ignore this message.\n`,
    });
  };

  /**
   * Delivers a code after the commit. Nothing is sent for test numbers, because automated clients expect to see only the effects of their
   * own calls.
   */
  const send = async (row: LoginCodeRow, way: CodeWay, { email }: CodeWays, departure: Departure): Promise<void> => {
    if (testCode(row.phone) !== undefined || departure === 'delivered') return;
    if (departure === 'failed') throw rpcError('SMS_CODE_CREATE_FAILED');
    await deliveries.deliver({ id: `${row.code_hash} ${way}`, way, purpose: row.purpose }, async () => {
      // Another call may have delivered it since this one read the row.
      if (await isDelivered(db, row, way)) return;
      await deliver(row, way, email);
      await db.transact('note-delivery', (tx) => updateCode(tx, row, { delivered: true }));
    });
  };

  const accessCode: CodeSender['accessCode'] = async (tx, device, { phone, codeHash }, purpose) => {
    if (codeHash === '') throw rpcError('PHONE_CODE_HASH_EMPTY');
    if (!CODE_HASH.test(codeHash)) throw rpcError('PHONE_CODE_EXPIRED');
    const row = await findCode(tx, { phone, codeHash, authKeyId: device.permAuthKeyId }, clock.now());
    const usable = row && !row.cancelled && row.expires_date > clock.now() && (purpose === undefined || row.purpose === purpose);
    if (!usable || (row.asked_by !== null && row.asked_by !== device.userId)) throw rpcError('PHONE_CODE_EXPIRED');
    // The code of a test number is public, so guesses at it are not counted.
    return testCode(phone) === undefined ? row : { ...row, guessesOfNumber: 0 };
  };

  const byDevice = new QuotaBuckets(clock, 'codeRequests');
  const byAddress = new QuotaBuckets(clock, 'codeRequestsOfAddress');
  const checkAsking: CodeSender['checkAsking'] = ({ userId, permAuthKeyId, address }, phone) => {
    if (testCode(phone) !== undefined) return;
    const asker = userId === undefined ? `key${permAuthKeyId}` : `user${userId}`;
    const waitS = byDevice.take(asker, 1) || (isLoopbackHost(address) ? 0 : byAddress.take(networkOf(address), 1));
    if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
  };

  return {
    testCode,
    accessCode,
    checkAsking,

    async doSend(device, phone, { purpose, client, boundTo }) {
      const fixed = testCode(phone);
      const banned = await db.q.selectFrom('banned_phones').select('phone').where('phone', '=', phone).executeTakeFirst();
      if (banned) {
        log.info({ purpose }, 'a code was refused to a banned number');
        throw rpcError('PHONE_NUMBER_BANNED');
      }
      const ways = await findWays(lookup, phone, purpose);
      const asksEmail =
        purpose === 'login' && config.loginEmailRequired && codeDelivery.sendsEmail && client?.knowsEmailSetUp === true && !ways.isGuarded && fixed === undefined;
      const via = asksEmail ? 'email_setup' : (ways.ways[0] ?? 'sms');
      const outcome = await db.transact('issue-code', async (tx) => {
        const issued = await issueCode(tx, {
          phone,
          authKeyId: device.permAuthKeyId,
          code: fixed ?? randomCode(),
          codeHash: Buffer.from(random.bytes(CODE_HASH_BYTES)).toString('hex'),
          nowDate: clock.now(),
          lifeS: Math.ceil(config.loginCodeTtlMs / 1000),
          limited: fixed === undefined,
          purpose,
          way: via,
          askedBy: purpose === 'login' ? null : (device.userId ?? null),
          boundTo: boundTo ?? boundToOf(via, ways),
        });
        const { userId } = ways;
        const isForDevices = issued.kind === 'issued' && issued.fresh && via === 'app' && userId !== undefined && fixed === undefined;
        if (isForDevices) await serviceChat.order(tx, userId, codeNotice(issued.row.code));
        return issued;
      });
      if (outcome.kind === 'too_many') throw rpcError('FLOOD_WAIT_%d', outcome.waitS);
      if (outcome.kind === 'guessed') throw rpcError('PHONE_NUMBER_FLOOD');
      const { row } = outcome;
      if (via !== 'email_setup') await send(row, via, ways, outcome.departure);
      return describeSent(row, via, ways);
    },

    findReleasedWay: async (phone) => (await findWays(lookup, phone, 'login')).ways[0] ?? 'sms',

    async release(row, way, departure) {
      const ways = await findWays(lookup, row.phone, row.purpose);
      await send(row, way, ways, departure);
      return describeSent(row, way, ways);
    },

    async doReportMissing(device, phone, codeHash) {
      const row = await db.transact('report-missing-code', (tx) => accessCode(tx, device, { phone, codeHash }, undefined));
      log.warn({ way: row.way, purpose: row.purpose, ageS: clock.now() - row.created_date }, 'a client says that its code did not come');
    },

    async describe(device, phone, codeHash) {
      const row = await db.transact('describe-code', (tx) => accessCode(tx, device, { phone, codeHash }, undefined));
      return describeSent(row, row.way, await findWays(lookup, phone, row.purpose));
    },

    async doResend(device, phone, codeHash) {
      const found = await db.transact('find-code', (tx) => accessCode(tx, device, { phone, codeHash }, undefined));
      const ways = await findWays(lookup, phone, found.purpose);
      const { next, via } = describeSent(found, found.way, ways);
      // No further way is left. With several ways, a repeated call only retries a failed delivery; with a single way, resending is not
      // available.
      if (next === undefined) {
        if (ways.ways.length < 2 || via === 'email_setup') throw rpcError('SEND_CODE_UNAVAILABLE');
        const departure = await db.transact('repeat-code', async (tx) => departAgain(tx, await accessCode(tx, device, { phone, codeHash }, undefined)));
        await send(found, via, ways, departure);
        return describeSent(found, via, ways);
      }
      await db.transact('resend-code', async (tx) => {
        const row = await accessCode(tx, device, { phone, codeHash }, undefined);
        await updateCode(tx, row, { way: next, sent: 1, delivered: false, bound_to: found.purpose === 'login' ? boundToOf(next, ways) : row.bound_to });
      });
      await send(found, next, ways, 'due');
      return describeSent(found, next, ways);
    },
  };
}
