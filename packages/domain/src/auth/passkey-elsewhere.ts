import type { OtherHomes } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Clock, Random } from '@aerogram/runtime';
import { z } from 'zod';

import { packPlain, unpackPlain, wireInt } from '../effects/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { BASE64URL, toBase64Url } from './passkey-answer.ts';
import { CHALLENGE_S, savePasskeyChallenge, takePasskeyChallenge } from './passkey-store.ts';

const CHALLENGE_BYTES = 32;
/** How far the clocks of two homes may differ, in seconds. */
const SKEW_S = 60;

/** What the home of a person asks the one where the log-in with a passkey began. */
const TAKE_CHALLENGE = 'auth.take_passkey_challenge';

const question = z.object({ challenge: z.string().max(2048).regex(BASE64URL), authKeyId: wireInt });
const answer = z.object({ isRight: z.boolean() });

/** The key that asked for a challenge, and its data centre. */
export interface ChallengedKey {
  dcId: number | undefined;
  authKeyId: bigint;
}

/** A new challenge for an authenticator. It begins with its date, in unix seconds, so that what signs it is of no use later. */
export function newChallenge({ clock, random }: { clock: Clock; random: Random }): string {
  const bytes = random.bytes(CHALLENGE_BYTES);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, clock.now());
  return toBase64Url(bytes);
}

/** The date of a challenge; 0 if it is none of {@link newChallenge}. Pure. */
function dateOf(challenge: string): number {
  const bytes = Buffer.from(challenge, 'base64url');
  return bytes.length === CHALLENGE_BYTES ? bytes.readUInt32BE(0) : 0;
}

type Deps = Pick<DomainDeps, 'db' | 'clock'> & { homes: OtherHomes };

/** Log-in with a passkey that began in another data centre than that of its owner: the challenge is of that one, and the owner's home checks what signs it. */
export class PasskeysElsewhere {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
    const { db, clock, homes } = deps;
    homes.onAsk(TAKE_CHALLENGE, async (body) => {
      const { challenge, authKeyId } = unpackPlain(question, body);
      const row = await db.transact('take-passkey-challenge-elsewhere', (tx) => takePasskeyChallenge(tx, challenge, clock.now()));
      return packPlain({ isRight: row?.auth_key_id === authKeyId && row.user_id === null });
    });
  }

  /** Whether a data centre is another one of the cluster. */
  isElsewhere(dcId: number | undefined): boolean {
    return dcId !== undefined && this.#deps.homes.others.includes(dcId);
  }

  /**
   * Takes a challenge that another data centre has issued. It is noted here too, so that nobody gets in twice with what has signed it, whatever the other one says.
   * @throws RpcError 400 CREDENTIAL_INVALID
   * @throws HomeAway
   */
  async takeChallenge(challenge: string, { dcId, authKeyId }: ChallengedKey): Promise<void> {
    const { db, clock, homes } = this.#deps;
    const [date, nowDate] = [dateOf(challenge), clock.now()];
    if (date <= nowDate - CHALLENGE_S + SKEW_S || date > nowDate + SKEW_S) throw rpcError('CREDENTIAL_INVALID');
    const { isRight } = unpackPlain(answer, await homes.ask(dcId!, TAKE_CHALLENGE, packPlain({ challenge, authKeyId })));
    // Under a name that is no challenge, so that nobody can take it.
    const row = { challenge: `taken:${challenge}`, auth_key_id: 0n, user_id: null, created_date: nowDate + SKEW_S };
    const isFirst = isRight && (await db.transact('note-passkey-challenge', (tx) => savePasskeyChallenge(tx, row, nowDate - CHALLENGE_S)));
    if (!isFirst) throw rpcError('CREDENTIAL_INVALID');
  }
}
