import type { DomainDeps } from '../shared/index.ts';
import { saveDevice } from './authorization-store.ts';
import { deletePushDevices, savePushDevice } from './push-device-store.ts';
import { checkPushSecret, hashPushToken, readPushToken } from './push-token.ts';

/** A push token with which a device gets notices while its app is closed. */
export interface PushToken {
  tokenType: number;
  token: string;
  secret: Uint8Array;
  sandbox: boolean;
  noMuted: boolean;
  /** Other accounts of the same app. */
  otherUids: readonly bigint[];
}

/** What is sealed of a device. */
export type SealedPushToken = Pick<PushToken, 'token' | 'secret'>;

/** Tokens of push services. They are deleted with the device's authorisation. */
export interface PushDevices {
  /**
   * Stores the device's token for a push service, replacing the previous one.
   * @throws RpcError 400 TOKEN_TYPE_INVALID, TOKEN_EMPTY, TOKEN_INVALID, WEBPUSH_TOKEN_INVALID, WEBPUSH_KEY_INVALID, WEBPUSH_AUTH_INVALID
   */
  doRegisterPush(userId: bigint, authKeyId: bigint, token: PushToken): Promise<void>;
  /** Deletes a token of this device, and of other accounts in the same app. */
  doUnregisterPush(userIds: readonly bigint[], authKeyId: bigint, token: Pick<PushToken, 'tokenType' | 'token'>): Promise<void>;
  /** Sets after how many seconds the app locks itself; notices then show no text. With 0 or less, the app does not lock. */
  doSetLocked(userId: bigint, authKeyId: bigint, periodS: number): Promise<void>;
}

type Keys = DomainDeps['fileStorage']['keys'];

/** The topic that says that a user has a device for notices; the hint is the user's id. */
export const NOTICE_OWNERS_TOPIC = 'notice-owners';

/** Opens what is sealed of a device. @throws MasterKeyMissing, BlobKeyUnreadable */
export async function openPushToken(keys: Pick<Keys, 'unwrap'>, sealed: Uint8Array): Promise<SealedPushToken> {
  const [token, secret] = JSON.parse(Buffer.from(await keys.unwrap(sealed)).toString()) as [string, string];
  return { token, secret: Buffer.from(secret, 'base64') };
}

/** Creates the operations on push tokens. */
export function createPushDevices({ db, bus, clock, fileStorage: { keys } }: Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'fileStorage'>): PushDevices {
  return {
    async doRegisterPush(userId, authKeyId, { tokenType, token, secret, sandbox, noMuted, otherUids }) {
      const rebuilt = readPushToken(tokenType, token);
      checkPushSecret(tokenType, secret);
      await db.transact('register-push', (tx) =>
        savePushDevice(
          tx,
          {
            user_id: userId,
            auth_key_id: authKeyId,
            token_type: tokenType,
            token_hash: hashPushToken(rebuilt),
            sealed: keys.wrap(Buffer.from(JSON.stringify([rebuilt, Buffer.from(secret).toString('base64')]))),
            sandbox,
            no_muted: noMuted,
            registered_date: clock.now(),
          },
          otherUids,
        ),
      );
      bus.publish(NOTICE_OWNERS_TOPIC, userId);
    },
    async doUnregisterPush(userIds, authKeyId, { tokenType, token }) {
      const rebuilt = rebuildIfValid(tokenType, token);
      // Knowing the token is enough to delete it for other accounts of the app. A device may always delete its own.
      await db.transact('unregister-push', (tx) => deletePushDevices(tx, userIds, { authKeyId, tokenType, tokenHash: hashPushToken(rebuilt) }));
    },
    async doSetLocked(userId, authKeyId, periodS) {
      await db.transact('set-device-locked', (tx) => saveDevice(tx, { userId, authKeyId }, { lock_period: periodS > 0 ? periodS : null }));
    },
  };
}

/** The token as it would be stored. One that cannot be is left as it is: no row has it. */
function rebuildIfValid(tokenType: number, token: string): string {
  try {
    return readPushToken(tokenType, token);
  } catch {
    return token;
  }
}
