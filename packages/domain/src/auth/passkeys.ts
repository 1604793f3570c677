import { memberDcOf } from '@aerogram/cluster';
import { RpcError, rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { type AppCredentials, checkApp } from './check-app.ts';
import type { Devices } from './devices.ts';
import type { LogIn, LoginDevice } from './log-in.ts';
import { tellLogInFailure } from './log-in-events.ts';
import { BASE64URL, readPasskeyAnswer, toBase64Url } from './passkey-answer.ts';
import { type ChallengedKey, newChallenge, PasskeysElsewhere } from './passkey-elsewhere.ts';
import { CHALLENGE_S, deletePasskey, findPasskeys, insertPasskey, type PasskeyRow, savePasskeyChallenge, savePasskeyUse, takePasskeyChallenge } from './passkey-store.ts';
import { transactOrRefuse } from './transact-or-refuse.ts';

const MAX_PASSKEYS = 16;
const TIMEOUT_MS = 300_000;
/** ES256, EdDSA, RS256. */
const ALGORITHMS = [-7, -8, -257];

/** Refusals of a log-in that are in the log. */
const REFUSED = new Set(['CREDENTIAL_INVALID', 'PASSKEY_ORIGIN_MISMATCH']);

/** Loaded on first use, because the library is large and seldom needed. */
const loadWebAuthn = () => import('@simplewebauthn/server');

interface Parts {
  users: Users;
  logIn: LogIn;
  devices: Devices;
}

/** Log-in with a passkey (WebAuthn) instead of a code. */
export class Passkeys {
  readonly #deps: DomainDeps;
  readonly #parts: Parts;
  readonly #elsewhere: PasskeysElsewhere | undefined;

  constructor(deps: DomainDeps, parts: Parts) {
    this.#deps = deps;
    this.#parts = parts;
    this.#elsewhere = deps.homes && new PasskeysElsewhere({ ...deps, homes: deps.homes });
  }

  async listPasskeys(userId: bigint): Promise<tl.passkey[]> {
    return (await findPasskeys(this.#deps.db.q, userId)).map(projectPasskey);
  }

  /**
   * Returns the argument for `navigator.credentials.create`, as JSON.
   * @throws RpcError 400 CREDENTIAL_INVALID (too many passkeys), SESSION_TOO_FRESH_%d
   */
  async doInitPasskey(userId: bigint, authKeyId: bigint): Promise<string> {
    const { config } = this.#deps;
    const [user, known] = await Promise.all([this.#parts.users.findRow(userId), findPasskeys(this.#deps.db.q, userId)]);
    if (!user || known.length >= MAX_PASSKEYS) throw rpcError('CREDENTIAL_INVALID');
    const displayName = `${user.first_name} ${user.last_name}`.trim();
    return JSON.stringify({
      publicKey: {
        rp: { id: config.passkeyDomain, name: 'Aerogram' },
        user: { id: toBase64Url(Buffer.from(handleOf(config.homeDcId, userId))), name: `+${user.phone}`, displayName },
        challenge: await this.#issueChallenge(authKeyId, userId),
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
        timeout: TIMEOUT_MS,
        attestation: 'none',
        excludeCredentials: known.map((row) => ({ type: 'public-key', id: row.credential_id })),
        authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      },
    });
  }

  /**
   * Verifies and stores a new passkey.
   * @throws RpcError 400 CREDENTIAL_INVALID, PASSKEY_ORIGIN_MISMATCH, SESSION_TOO_FRESH_%d
   */
  async doRegisterPasskey(userId: bigint, authKeyId: bigint, credential: tl.InputPasskeyCredential): Promise<tl.passkey> {
    const { config, db } = this.#deps;
    const answer = readPasskeyAnswer(config, credential, 'inputPasskeyResponseRegister');
    const { credentialId, clientDataJSON, challenge, origin } = answer;
    // For a repeated call: its challenge was deleted by the first one.
    const known = (await findPasskeys(db.q, userId)).find((row) => row.credential_id === credentialId);
    if (known) return projectPasskey(known);
    await this.#takeChallenge(challenge, [authKeyId], userId);
    const { verifyRegistrationResponse } = await loadWebAuthn();
    const result = await this.#verified(() =>
      verifyRegistrationResponse({
        response: {
          id: credentialId,
          rawId: credentialId,
          type: 'public-key',
          clientExtensionResults: {},
          response: { clientDataJSON, attestationObject: toBase64Url(answer.response.attestation_data) },
        },
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: config.passkeyDomain,
        supportedAlgorithmIDs: ALGORITHMS,
      }),
    );
    if (!result.verified) throw rpcError('CREDENTIAL_INVALID');
    const { id, publicKey, counter } = result.registrationInfo.credential;
    const row: PasskeyRow = {
      user_id: userId,
      credential_id: id,
      public_key: publicKey,
      counter: BigInt(counter),
      name: 'Passkey',
      created_date: this.#deps.clock.now(),
      last_usage_date: null,
    };
    await db.transact('save-passkey', async (tx) => {
      await this.#parts.devices.checkTrusted(tx, { userId, authKeyId });
      await insertPasskey(tx, row);
      tx.afterCommit(() => this.#deps.log.info({ userId }, 'a passkey was added'));
    });
    return projectPasskey(row);
  }

  /** Deletes a passkey; does nothing if it does not exist. */
  async doDeletePasskey(userId: bigint, credentialId: string): Promise<void> {
    if (!BASE64URL.test(credentialId)) return;
    await this.#deps.db.transact('delete-passkey', async (tx) => {
      await deletePasskey(tx, userId, credentialId);
      tx.afterCommit(() => this.#deps.log.info({ userId }, 'a passkey was removed'));
    });
  }

  /**
   * Returns the argument for `navigator.credentials.get`, as JSON.
   * @throws RpcError 400 API_ID_INVALID
   */
  async doInitPasskeyLogin(device: LoginDevice, app: AppCredentials): Promise<string> {
    const { config } = this.#deps;
    checkApp(config.allowedApps, app);
    const challenge = await this.#issueChallenge(device.permAuthKeyId, null);
    return JSON.stringify({
      publicKey: { challenge, rpId: config.passkeyDomain, timeout: TIMEOUT_MS, userVerification: 'required', allowCredentials: [] },
    });
  }

  /**
   * Logs the device in as the user whose passkey signed the challenge.
   * @param from the key that requested the challenge, if the client changed data centres in between
   * @throws RpcError 303 USER_MIGRATE_%d (the person lives in another data centre), 400 CREDENTIAL_INVALID, PASSKEY_ORIGIN_MISMATCH, 401 SESSION_PASSWORD_NEEDED
   */
  async doFinishPasskeyLogin(device: LoginDevice, credential: tl.InputPasskeyCredential, from: ChallengedKey | undefined): Promise<bigint> {
    const attempt: { userId?: bigint } = {};
    try {
      return await this.#finishLogin(device, credential, from, attempt);
    } catch (error) {
      if (error instanceof RpcError && REFUSED.has(error.text)) tellLogInFailure(this.#deps, { reason: 'passkey', ...attempt, address: device.address });
      throw error;
    }
  }

  /** @param attempt is told the account whose passkey was named */
  async #finishLogin(device: LoginDevice, credential: tl.InputPasskeyCredential, from: ChallengedKey | undefined, attempt: { userId?: bigint }): Promise<bigint> {
    const { config, db, homes } = this.#deps;
    const { logIn } = this.#parts;
    const answer = readPasskeyAnswer(config, credential, 'inputPasskeyResponseLogin');
    const { credentialId, clientDataJSON, challenge, origin, response } = answer;
    const userId = readHandle(response.user_handle);
    // A repeat of the successful call.
    if (userId !== undefined && device.userId === userId) return userId;
    if (userId !== undefined && device.pendingUserId === userId) throw rpcError('SESSION_PASSWORD_NEEDED');
    const home = userId === undefined ? undefined : memberDcOf(homes, userId);
    // The challenge stays good: its home asks for it.
    if (home !== undefined) throw rpcError('USER_MIGRATE_%d', home);
    const begun = from !== undefined && this.#elsewhere?.isElsewhere(from.dcId) === true ? from : undefined;
    if (begun !== undefined) await this.#elsewhere!.takeChallenge(challenge, begun);
    else await this.#takeChallenge(challenge, [device.permAuthKeyId, from?.authKeyId], null);
    const row = userId === undefined ? undefined : (await findPasskeys(db.q, userId)).find((one) => one.credential_id === credentialId);
    if (!row) throw rpcError('CREDENTIAL_INVALID');
    attempt.userId = row.user_id;
    const { verifyAuthenticationResponse } = await loadWebAuthn();
    const result = await this.#verified(() =>
      verifyAuthenticationResponse({
        response: {
          id: credentialId,
          rawId: credentialId,
          type: 'public-key',
          clientExtensionResults: {},
          response: { clientDataJSON, authenticatorData: toBase64Url(response.authenticator_data), signature: toBase64Url(response.signature) },
        },
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: config.passkeyDomain,
        credential: { id: row.credential_id, publicKey: new Uint8Array(row.public_key), counter: Number(row.counter) },
      }),
    );
    if (!result.verified) throw rpcError('CREDENTIAL_INVALID');
    const entry = await transactOrRefuse(db, 'log-in-by-passkey', async (tx) => {
      const used = await savePasskeyUse(tx, row, { counter: BigInt(result.authenticationInfo.newCounter), last_usage_date: this.#deps.clock.now() });
      // The passkey was deleted while the authenticator signed.
      return used ? logIn.enter(tx, device, row.user_id, { how: 'passkey' }) : rpcError('CREDENTIAL_INVALID');
    });
    await logIn.announce(device, row.user_id, entry);
    if (entry.passwordNeeded) throw rpcError('SESSION_PASSWORD_NEEDED');
    return row.user_id;
  }

  /** Creates and stores a challenge, valid for the requesting key only. */
  async #issueChallenge(authKeyId: bigint, userId: bigint | null): Promise<string> {
    const challenge = newChallenge(this.#deps);
    const row = { challenge, auth_key_id: authKeyId, user_id: userId, created_date: this.#deps.clock.now() };
    await this.#deps.db.transact('save-passkey-challenge', async (tx) => {
      if (userId !== null) await this.#parts.devices.checkTrusted(tx, { userId, authKeyId });
      await savePasskeyChallenge(tx, row, row.created_date - CHALLENGE_S);
    });
    return challenge;
  }

  async #takeChallenge(challenge: string, authKeyIds: readonly (bigint | undefined)[], userId: bigint | null): Promise<void> {
    const row = await this.#deps.db.transact('take-passkey-challenge', (tx) => takePasskeyChallenge(tx, challenge, this.#deps.clock.now()));
    if (!row || !authKeyIds.includes(row.auth_key_id) || row.user_id !== userId) throw rpcError('CREDENTIAL_INVALID');
  }

  /** The library throws on any invalid input from a client. */
  async #verified<T>(verify: () => Promise<T>): Promise<T> {
    try {
      return await verify();
    } catch (error) {
      this.#deps.log.info({ err: error }, 'a passkey did not verify');
      throw rpcError('CREDENTIAL_INVALID');
    }
  }
}

/** The user handle stored by the authenticator. Clients read the data centre from it and connect there. */
function handleOf(dcId: number, userId: bigint): string {
  return `${dcId}:${userId}`;
}

/** Clients send the handle either as text or unchanged in base64url. */
function readHandle(handle: string): bigint | undefined {
  const text = handle.includes(':') ? handle : Buffer.from(handle, 'base64url').toString();
  const id = /^\d{1,3}:(\d{1,15})$/.exec(text)?.[1];
  return id === undefined ? undefined : BigInt(id);
}

function projectPasskey(row: PasskeyRow): tl.passkey {
  return { _: 'passkey', id: row.credential_id, name: row.name, date: row.created_date, last_usage_date: row.last_usage_date ?? undefined };
}
