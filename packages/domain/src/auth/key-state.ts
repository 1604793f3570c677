import type { Database, Tables } from '@aerogram/storage';
import { authTopic, type Bus } from '@aerogram/bus';
import { memberDcOf, type OtherHomes } from '@aerogram/cluster';
import type { Clock } from '@aerogram/runtime';
import type { Selectable } from 'kysely';

import { allDecided, LoadingCache, onAccountHint, publishAccountHint, publishDecision } from '../shared/index.ts';
import { saveConnectionData } from './auth-key-store.ts';

/** What a client sent in initConnection; stored with the permanent key. */
export interface ConnectionInit {
  apiId: number;
  deviceModel: string;
  systemVersion: string;
  appVersion: string;
  systemLangCode: string;
  langPack: string;
  langCode: string;
}

/** The user and connection data of an auth key. */
export interface KeyState {
  authKeyId: bigint;
  /** The same id for a permanent key; undefined for a temporary key that is not bound. */
  permAuthKeyId: bigint | undefined;
  /** When a temporary key expires, in unix seconds: the earlier of the dates from its handshake and its binding. */
  expires_date: number | undefined;
  /** Data centre that the handshake named. */
  dcId: number;
  userId: bigint | undefined;
  /** Whether the user is a bot. */
  bot: boolean;
  /** The first factor was right, and the password is still missing. */
  passwordPending: boolean;
  /** The user whose password is missing. */
  pendingUserId: bigint | undefined;
  /** Another device ended the authorisation. */
  revoked: boolean;
  /** The data centre to which the calls of this key belong, because its client bound it to a person who lives there. Such a key has no user here. */
  homeDc?: number | undefined;
  /** The account of the authorisation was deleted. */
  deactivated: boolean;
  layer: number | undefined;
  init: ConnectionInit | undefined;
  /** For a key without a user: date of its last recorded activity, unix seconds with a precision of a day. */
  seenDate: number;
}

type KeyRow = Omit<Selectable<Tables['auth_keys']>, 'auth_key' | 'pending_date' | 'pending_hash' | 'pending_address'> & { bot: boolean | null };

const KEY_COLUMNS = [
  'auth_key_id', 'kind', 'dc_id', 'media', 'test', 'created_date', 'expires_date', 'perm_auth_key_id', 'user_id',
  'revoked_date', 'pending_user_id', 'deactivated', 'layer', 'api_id', 'device_model', 'system_version', 'app_version', 'system_lang_code', 'lang_pack',
  'lang_code', 'seen_date', 'elsewhere_user_id', 'elsewhere_date',
] as const;

const MAX_KEYS = 100_000;

/**
 * Seconds for which a key stays bound to a person of another data centre. It opens nothing here, so this is also how long a log-out there may take to be known
 * here. Afterwards its client is told that the key has no user, and binds it again.
 */
const ELSEWHERE_S = 86_400;

export interface KeyStates extends Disposable {
  /** Returns the state of a key, or undefined if the key does not exist or has expired. If the key is not cached, returns a promise of it, which rejects when the database cannot be reached. */
  findKeyState(authKeyId: bigint): KeyState | undefined | Promise<KeyState | undefined>;
  /** Stores the layer and connection data with the permanent key if they changed, and returns the new state (rule P5, stored layer). */
  doSaveConnection(
    key: KeyState,
    data: { layer: number | undefined; init: ConnectionInit | undefined },
  ): Promise<KeyState>;
  /** After the commit, drops the cached states of these keys, whose connection data or permanent key changed, and publishes a hint. */
  keysChanged(authKeyIds: readonly bigint[]): void;
  /**
   * The same for keys that have another user or none (`user`), or that ended: gateways then also drop what they cached about the keys. Resolves when all nodes
   * have dropped it.
   */
  keysDecided(authKeyIds: readonly bigint[], reason: 'user' | 'ended'): Promise<void>;
}

/** Creates the cached view of auth keys. */
export function createKeyStates(deps: { db: Database; bus: Bus; clock: Clock; homes?: Pick<OtherHomes, 'others'> | undefined }): KeyStates {
  const { db, bus, clock, homes } = deps;
  const rows = new LoadingCache<bigint, KeyRow>({
    maxEntries: MAX_KEYS,
    load: async (ids) => {
      const found = await db.q
        .selectFrom('auth_keys')
        .select(KEY_COLUMNS)
        // Whether an account is a bot never changes.
        .select((eb) => eb.selectFrom('users').select('bot').whereRef('users.user_id', '=', 'auth_keys.user_id').as('bot'))
        .where('auth_key_id', 'in', [...ids])
        .execute();
      return new Map(found.map((row) => [row.auth_key_id, row]));
    },
  });
  const subscription = onAccountHint(bus, (hint) => {
    if (hint.kind === 'key' || hint.kind === 'key_user') for (const id of hint.authKeyIds) rows.invalidate(id);
  });
  const reconnected = bus.onReconnect(() => rows.clear());

  const keysChanged = (authKeyIds: readonly bigint[]): void => {
    if (authKeyIds.length === 0) return;
    for (const id of authKeyIds) rows.invalidate(id);
    publishAccountHint(bus, { kind: 'key', authKeyIds });
    for (const id of authKeyIds) bus.publish(authTopic(id), { reason: 'changed' });
  };
  const keysDecided = async (authKeyIds: readonly bigint[], reason: 'user' | 'ended'): Promise<void> => {
    if (authKeyIds.length === 0) return;
    for (const id of authKeyIds) rows.invalidate(id);
    await allDecided([publishDecision(bus, { kind: 'key_user', authKeyIds }), ...authKeyIds.map((id) => bus.decide(authTopic(id), { reason }))]);
  };

  const withHome = (state: KeyState, { elsewhere_user_id: userId, elsewhere_date: date }: KeyRow): KeyState => {
    if (userId === null || state.userId !== undefined || (date ?? 0) + ELSEWHERE_S <= clock.now()) return state;
    return { ...state, homeDc: memberDcOf(homes, userId) };
  };

  const stateOfRow = (row: KeyRow, perm: KeyRow | undefined): KeyState | undefined => {
    if (row.expires_date !== null && row.expires_date <= clock.now()) return undefined;
    if (row.kind === 0) return withHome(stateOfPermanent(row), row);
    return perm === undefined ? stateOf(row, perm) : withHome(stateOf(row, perm), perm);
  };
  const permOf = ({ kind, perm_auth_key_id: perm }: KeyRow): bigint | null => (kind === 0 ? null : perm);
  const loadKeyState = async (authKeyId: bigint): Promise<KeyState | undefined> => {
    const row = await rows.get(authKeyId);
    if (!row) return undefined;
    const permId = permOf(row);
    return stateOfRow(row, permId === null ? undefined : await rows.get(permId));
  };

  return {
    findKeyState(authKeyId) {
      const row = rows.peek(authKeyId);
      if (row === undefined) return loadKeyState(authKeyId);
      const permId = permOf(row);
      if (permId === null) return stateOfRow(row, undefined);
      const perm = rows.peek(permId);
      return perm === undefined ? loadKeyState(authKeyId) : stateOfRow(row, perm);
    },
    async doSaveConnection(key, { layer, init }) {
      const newLayer = layer !== key.layer ? layer : undefined;
      const newInit = init && !sameInit(init, key.init) ? init : undefined;
      const { permAuthKeyId } = key;
      if (permAuthKeyId === undefined || (newLayer === undefined && newInit === undefined)) return key;
      const change = { ...(newLayer === undefined ? {} : { layer: newLayer }), ...(newInit ? initColumns(newInit) : {}) };
      await db.transact('save-connection', (tx) => saveConnectionData(tx, permAuthKeyId, change));
      keysChanged([permAuthKeyId]);
      return { ...key, layer: newLayer ?? key.layer, init: newInit ?? key.init };
    },
    keysChanged,
    keysDecided,
    [Symbol.dispose]() {
      subscription[Symbol.dispose]();
      reconnected[Symbol.dispose]();
    },
  };
}

/** Each call looks up its key's state twice. Cached rows never change, so the state of each row is computed once. */
const states = new WeakMap<KeyRow, KeyState>();

function stateOfPermanent(row: KeyRow): KeyState {
  let state = states.get(row);
  if (!state) states.set(row, (state = stateOf(row, row)));
  return state;
}

function stateOf(row: KeyRow, perm: KeyRow | undefined): KeyState {
  return {
    authKeyId: row.auth_key_id,
    permAuthKeyId: perm?.auth_key_id,
    expires_date: row.expires_date ?? undefined,
    dcId: perm?.dc_id ?? row.dc_id,
    userId: perm?.user_id ?? undefined,
    bot: perm?.bot === true,
    passwordPending: perm?.user_id === null && perm.pending_user_id !== null,
    pendingUserId: perm?.user_id === null ? (perm.pending_user_id ?? undefined) : undefined,
    revoked: perm?.user_id === null && perm.revoked_date !== null,
    deactivated: perm?.user_id === null && perm.deactivated,
    layer: perm?.layer ?? undefined,
    init: perm ? findInit(perm) : undefined,
    seenDate: (perm ?? row).seen_date ?? (perm ?? row).created_date,
  };
}

function findInit(row: KeyRow): ConnectionInit | undefined {
  if (row.api_id === null) return undefined;
  return {
    apiId: row.api_id,
    deviceModel: row.device_model,
    systemVersion: row.system_version,
    appVersion: row.app_version,
    systemLangCode: row.system_lang_code,
    langPack: row.lang_pack,
    langCode: row.lang_code,
  };
}

function initColumns(init: ConnectionInit) {
  return {
    api_id: init.apiId,
    device_model: init.deviceModel,
    system_version: init.systemVersion,
    app_version: init.appVersion,
    system_lang_code: init.systemLangCode,
    lang_pack: init.langPack,
    lang_code: init.langCode,
  };
}

function sameInit(a: ConnectionInit, b: ConnectionInit | undefined): boolean {
  return (
    b !== undefined &&
    a.apiId === b.apiId &&
    a.deviceModel === b.deviceModel &&
    a.systemVersion === b.systemVersion &&
    a.appVersion === b.appVersion &&
    a.systemLangCode === b.systemLangCode &&
    a.langPack === b.langPack &&
    a.langCode === b.langCode
  );
}
