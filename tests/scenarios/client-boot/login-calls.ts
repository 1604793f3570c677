import { Long, type tl } from '@mtcute/node';
import { computeSrpParams, NodeCryptoProvider } from '@mtcute/node/utils.js';
import { expect } from 'vitest';
import { BOOT_CALLS, nowDate, type CallSpec, type Replay } from './boot-calls.ts';
import { PASSWORD, toBigInt } from './boot-story.ts';
import type { LayerAnswer, LayerClient } from './layer-client.ts';

/** Alice on a new device, a new user, a user without their password, or a guest. */
export type LoginRole = 'returning' | 'newcomer' | 'forgetful' | 'guest';

/** A client that logs in. */
export interface Login extends Replay {
  role: LoginRole;
  phone: string;
  code: string;
  codeHash: string;
  token: Uint8Array;
}

/** Whose log-in a call belongs to, how it is made, and what its answer must contain. */
export interface LoginSpec extends Omit<CallSpec, 'args' | 'keep' | 'check' | 'call' | 'refused'> {
  roles: readonly LoginRole[];
  args?: (login: Login) => object;
  call?: (login: Login) => Promise<LayerAnswer>;
  keep?: (answer: unknown, login: Login) => void;
  check?: (answer: unknown, login: Login) => void;
  refused?: Partial<Record<LoginRole, string>>;
}

const APP = { api_id: 1, api_hash: '0123456789abcdef0123456789abcdef' };
const NEWCOMER = { first_name: 'Nora', last_name: 'New' };

/** The same call for all roles, as at start. */
const asAtBoot = (method: string): LoginSpec => ({ roles: ['guest'], ...(BOOT_CALLS[method] as Pick<LoginSpec, 'args' | 'check'>) });

function checkAuthorization(answer: unknown, login: Login): void {
  const names = { newcomer: NEWCOMER, returning: { id: BigInt(login.story.alice.id), first_name: 'Alice' }, forgetful: { first_name: 'Faye' }, guest: {} };
  expect(answer).toMatchObject({ _: 'auth.authorization', user: { ...names[login.role], phone: login.phone, self: true } });
}

const sentCode: Pick<LoginSpec, 'keep' | 'check'> = {
  keep(answer, login) {
    login.codeHash = (answer as { phone_code_hash: string }).phone_code_hash;
  },
  check: (answer) => expect(answer).toMatchObject({ _: 'auth.sentCode', type: { length: 5 } }),
};

/** Proof of the client's password, computed by an independent library. */
async function prove(client: LayerClient, password: string): Promise<object> {
  const asked = await client.call('account.getPassword');
  if ('refused' in asked) throw new Error(asked.refused);
  const challenge = asked.value as { srp_id: bigint; srp_B: Uint8Array; current_algo: { salt1: Uint8Array; salt2: Uint8Array; g: number; p: Uint8Array } };
  const crypto = new NodeCryptoProvider();
  await crypto.initialize();
  const form = { _: 'account.password', srpId: Long.fromString(String(challenge.srp_id)), srpB: challenge.srp_B, currentAlgo: { ...challenge.current_algo, _: 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow' } };
  const proof = await computeSrpParams(crypto, form as unknown as tl.account.RawPassword, password);
  return { _: 'inputCheckPasswordSRP', srp_id: toBigInt(proof.srpId), A: proof.A, M1: proof.M1 };
}

/** The calls of the four clients to log in. */
export const LOGIN_CALLS: Record<string, LoginSpec> = {
  'auth.sendCode': {
    roles: ['returning', 'newcomer', 'forgetful'],
    // One of them formats numbers with spaces.
    args: ({ phone, role }) => ({ phone_number: role === 'newcomer' ? `+${phone.slice(0, 3)} ${phone.slice(3)}` : phone, ...APP, settings: { _: 'codeSettings' } }),
    ...sentCode,
  },
  'auth.resendCode': {
    roles: ['returning', 'newcomer'],
    args: ({ phone, codeHash }) => ({ phone_number: phone, phone_code_hash: codeHash }),
    ...sentCode,
    // There is only one way to reach a user without a device.
    refused: { newcomer: 'SEND_CODE_UNAVAILABLE' },
  },
  'auth.signIn': {
    roles: ['returning', 'newcomer', 'forgetful'],
    args: ({ phone, codeHash, code }) => ({ phone_number: phone, phone_code_hash: codeHash, phone_code: code }),
    check: (answer) => expect(answer).toMatchObject({ _: 'auth.authorizationSignUpRequired' }),
    refused: { returning: 'SESSION_PASSWORD_NEEDED', forgetful: 'SESSION_PASSWORD_NEEDED' },
  },
  'auth.signUp': {
    roles: ['newcomer'],
    args: ({ phone, codeHash }) => ({ phone_number: phone, phone_code_hash: codeHash, ...NEWCOMER }),
    check: checkAuthorization,
  },
  'account.getPassword': { roles: ['returning'], check: (answer) => expect(answer).toMatchObject({ has_password: true, has_recovery: true, hint: 'a horse' }) },
  'auth.checkPassword': {
    roles: ['returning'],
    call: async ({ client }) => client.call('auth.checkPassword', { password: await prove(client, PASSWORD) }),
    check: checkAuthorization,
  },
  'auth.requestPasswordRecovery': { roles: ['forgetful'], check: (answer) => expect(answer).toEqual({ _: 'auth.passwordRecovery', email_pattern: 's***e@example.org' }) },
  'auth.recoverPassword': { roles: ['forgetful'], args: ({ story }) => ({ code: story.mailedCode() }), check: checkAuthorization },
  'auth.exportLoginToken': {
    roles: ['guest'],
    args: () => ({ ...APP, except_ids: [] }),
    keep(answer, login) {
      login.token = (answer as { token: Uint8Array }).token;
    },
    check: (answer) => expect((answer as { expires: number }).expires).toBeGreaterThan(nowDate()),
  },
  // Not accepted yet: the same token.
  'auth.importLoginToken': {
    roles: ['guest'],
    args: ({ token }) => ({ token }),
    check: (answer, { token }) => expect(answer).toMatchObject({ _: 'auth.loginToken', token }),
  },
  'auth.initPasskeyLogin': { roles: ['guest'], args: () => APP, check: (answer) => expect(answer).toMatchObject({ options: { _: 'dataJSON', data: expect.stringContaining('challenge') as unknown } }) },
  'auth.finishPasskeyLogin': {
    roles: ['guest'],
    args: () => ({
      credential: {
        _: 'inputPasskeyCredentialPublicKey', id: 'AAAA', raw_id: 'AAAA',
        response: { _: 'inputPasskeyResponseLogin', client_data: { _: 'dataJSON', data: '{}' }, authenticator_data: new Uint8Array(37), signature: new Uint8Array(64), user_handle: '1' },
      },
    }),
    refused: { guest: 'CREDENTIAL_INVALID' },
  },
  // No such token was ever issued.
  'auth.importBotAuthorization': { roles: ['guest'], args: () => ({ ...APP, flags: 0, bot_auth_token: '1:x' }), refused: { guest: 'ACCESS_TOKEN_INVALID' } },
  'auth.importWebTokenAuthorization': { roles: ['guest'], args: () => ({ ...APP, web_auth_token: 'x' }), refused: { guest: 'TOKEN_INVALID' } },
  'help.getNearestDc': asAtBoot('help.getNearestDc'),
  'help.getCountriesList': asAtBoot('help.getCountriesList'),
  'langpack.getLangPack': {
    roles: ['guest'],
    args: ({ langPack }) => ({ lang_pack: langPack, lang_code: 'en' }),
    check: (answer, login) => BOOT_CALLS['langpack.getLangPack']!.check!(answer, login, { lang_pack: login.langPack }),
  },
  'langpack.getStrings': {
    roles: ['guest'],
    args: ({ langPack }) => ({ lang_pack: langPack, lang_code: 'en', keys: ['lng_switch_to_this'] }),
    check: (answer) => expect(answer).toHaveLength(1),
  },
  'messages.getDialogFilters': { roles: ['returning'], ...(BOOT_CALLS['messages.getDialogFilters'] as Pick<LoginSpec, 'check'>) },
};
