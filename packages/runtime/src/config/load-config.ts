import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { OperatorError } from '../operator-error.ts';
import { hostOf, isLocalUrl, isLoopbackHost } from './address.ts';
import type { Setting } from './setting-types.ts';
import { findNearest } from './nearest-word.ts';
import { ROLES, SETTINGS } from './settings.ts';
import { ENTER_PATH, webAddressOf } from './web-address.ts';

type Settings = typeof SETTINGS;
type SettingName = keyof Settings;
type Written = { readonly [K in SettingName]: Settings[K] extends Setting<infer T> ? T : never };

/** The configuration of the program: every setting by its key in settings.ts, and values derived from them. */
export type Config = Omit<Written, 'testMode'> & {
  /** Whether test phone numbers may log in; derived from `AEROGRAM_TEST_MODE`, host and database. */
  readonly testMode: boolean;
  /** Whether test phone numbers may log in from anywhere; otherwise a request must be of this machine, as far as it shows. */
  readonly testAnywhere: boolean;
  /** Whether only programs on this machine are meant to reach the server: it listens on a loopback address, no proxy is trusted, and no setting names an address by which others reach it. */
  readonly isLocalOnly: boolean;
  /** The page at which people log in with the account of their company. */
  readonly enterUrl: string;
  /** The DC in which new accounts are created. */
  readonly homeDcId: number;
};

/** An invalid setting; the message names the variable. */
export class ConfigError extends OperatorError {
  override name = 'ConfigError';
}

function entries(): [SettingName, Setting<unknown>][] {
  return Object.entries(SETTINGS) as [SettingName, Setting<unknown>][];
}

function readFlags(argv: readonly string[]): Record<string, string | undefined> {
  const options = Object.fromEntries(
    entries().flatMap(([, setting]) => (setting.flag === undefined ? [] : [[setting.flag, { type: 'string' as const }]])),
  );
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split('. ')[0]}\n\n${configUsage()}`);
  }
}

/** Prefix of all variables of the program. */
const PREFIX = 'AEROGRAM_';

/** Variables of the repository's own tests and tools, which may be set when those start a server. */
const TOOL_VARIABLES = new Set([
  'AEROGRAM_CI_STRICT', 'AEROGRAM_NODE', 'AEROGRAM_TEST_ENGINE', 'AEROGRAM_TEST_HOMES_DIR', 'AEROGRAM_TEST_ISOLATE', 'AEROGRAM_TEST_LOG', 'AEROGRAM_TEST_NODES', 'AEROGRAM_TEST_ORDER', 'AEROGRAM_TEST_PG_URL', 'AEROGRAM_TEST_SEED',
  'AEROGRAM_TEST_SIZE', 'AEROGRAM_TEST_STATEMENTS_DIR', 'AEROGRAM_TEST_WEB_SIZE', 'AEROGRAM_TEST_WITHOUT', 'AEROGRAM_TEST_WORKERS',
]);

/**
 * Refuses unknown variables with the prefix: a misspelt one would silently leave the default in force. An empty variable counts as not set.
 */
function checkNames(env: Readonly<Record<string, string | undefined>>): void {
  const known = entries().map(([, setting]) => setting.env);
  const unknown = Object.keys(env).filter((name) => name.startsWith(PREFIX) && env[name] && !known.includes(name) && !TOOL_VARIABLES.has(name));
  if (unknown.length === 0) return;
  const lines = unknown.map((name) => {
    const nearest = findNearest(name.slice(PREFIX.length), known.map((setting) => setting.slice(PREFIX.length)));
    return `${name} is not a setting${nearest === undefined ? '' : `; did you mean ${PREFIX}${nearest}?`}`;
  });
  throw new ConfigError(`${lines.join('\n')}\ndocs/config.md lists all settings`);
}

/**
 * The settings by which others reach a server that listens on a loopback address: somebody who sets one of them has put something in front of it. Loopback alone does not tell that nobody
 * else comes.
 */
function findPublicSettings(written: Written): string[] {
  const { trustedProxies, publicAddress, publicAddressV6, webAddress, webOrigins } = written;
  const isElsewhere = (host: string | undefined): boolean => host !== undefined && !isLoopbackHost(host);
  const named: readonly [keyof Settings, boolean][] = [
    ['trustedProxies', trustedProxies.length > 0],
    ['publicAddress', isElsewhere(publicAddress)],
    ['publicAddressV6', isElsewhere(publicAddressV6)],
    ['webAddress', webAddress !== undefined && isElsewhere(hostOf(webAddress))],
    ['webOrigins', webOrigins.some((origin) => URL.canParse(origin) && isElsewhere(hostOf(origin)))],
  ];
  return named.flatMap(([name, is]) => (is ? [SETTINGS[name].env] : []));
}

function resolveTestMode(written: Written, open: readonly string[]): boolean {
  const isLocalOnly = isLoopbackHost(written.host) && open.length === 0;
  switch (written.testMode) {
    case 'auto':
      return isLocalOnly && written.databaseUrl === undefined;
    case '0':
      return false;
    case '1':
      if (isLocalOnly) return true;
      throw new ConfigError(
        `AEROGRAM_TEST_MODE=1 lets anyone log in with a test number, and ${written.host} (AEROGRAM_HOST) can be reached ` +
          `from other machines${isLoopbackHost(written.host) ? ` by what ${open.join(', ')} says` : ''}; use AEROGRAM_TEST_MODE=force if that is meant`,
      );
    case 'force':
      return true;
  }
}

/** What deploy/aerogram.env.example has in place of values that only the operator knows. */
const PLACEHOLDER = /^<[^<>]*>$/;

/** Checks the settings of a server that serves TLS. @throws ConfigError */
function checkTls({ tlsCert, tlsKey, workers }: Written): void {
  const { tlsCert: cert, tlsKey: key } = SETTINGS;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw new ConfigError(`${cert.env} and ${key.env} need each other`);
  if (tlsCert !== undefined && workers > 1) throw new ConfigError(`${cert.env} cannot be used with more than one worker (${SETTINGS.workers.env}): put a proxy in front instead (docs/proxies.md)`);
}

/** Checks the settings of a server that people enter with the account of their company. @throws ConfigError */
function checkOidc({ oidcIssuer, oidcClientId, oidcScopes, webAddress, host, trustedProxies }: Written): void {
  const { oidcIssuer: issuer, oidcClientId: id, oidcScopes: scopes, webAddress: address } = SETTINGS;
  if (oidcIssuer === undefined) return;
  if (oidcClientId === undefined) throw new ConfigError(`${issuer.env} needs ${id.env}`);
  if (!oidcScopes.includes('openid')) throw new ConfigError(`${scopes.env} must contain openid`);
  if (oidcIssuer.startsWith('http:') && !isLocalUrl(oidcIssuer)) throw new ConfigError(`${issuer.env} must begin with https://: whoever is on the way to it could log in as anybody`);
  if (webAddress === undefined && (!isLoopbackHost(host) || trustedProxies.length > 0)) throw new ConfigError(`${issuer.env} needs ${address.env}, to which the provider sends people back`);
}

/** @throws ConfigError if backups would be lost with the data directory */
function checkBackups({ backupDir, dataDir }: Written): void {
  if (backupDir === undefined) return;
  if (relative(resolve(dataDir), resolve(backupDir)).split('/', 1)[0] === '..') return;
  throw new ConfigError(`${SETTINGS.backupDir.env} "${backupDir}" must not be in the data directory ${dataDir} (${SETTINGS.dataDir.env}), with which its backups would be lost`);
}

/** Checks the settings of a server that serves beside others. @throws ConfigError */
function checkNode({ natsUrl, workers, databaseUrl, s3Bucket, filesDir, botApiLocal }: Written): void {
  const { natsUrl: nats, filesDir: files } = SETTINGS;
  if (natsUrl === undefined) {
    if (filesDir !== undefined) throw new ConfigError(`${files.env} is for servers that share files: it needs ${nats.env}`);
    return;
  }
  if (workers > 1) throw new ConfigError(`${nats.env} cannot be used with more than one worker (${SETTINGS.workers.env}): start several servers on the machine instead`);
  if (botApiLocal) throw new ConfigError(`${SETTINGS.botApiLocal.env} gives bots the files of one machine: it cannot be used with ${nats.env}`);
  if (databaseUrl === undefined) throw new ConfigError(`${nats.env} needs a database that other servers reach: set ${SETTINGS.databaseUrl.env}`);
  if ((s3Bucket === undefined) === (filesDir === undefined)) {
    throw new ConfigError(`${nats.env} needs one place for the files that other servers reach: set ${SETTINGS.s3Bucket.env} or ${files.env}`);
  }
}

/**
 * Reads all settings: a flag overrides the environment, the environment overrides the default.
 * @param argv the arguments after the program's name
 * @param defaults texts that take the place of defaults
 * @throws ConfigError that names the variable and what is wrong with it, or an unknown variable `AEROGRAM_…`
 */
export function loadConfig(argv: readonly string[], env: Readonly<Record<string, string | undefined>>, defaults: Readonly<Partial<Record<SettingName, string>>> = {}): Config {
  const flags = readFlags(argv);
  checkNames(env);
  const read = ([name, setting]: [SettingName, Setting<unknown>]): [SettingName, unknown] => {
    const fromFlag = setting.flag === undefined ? undefined : flags[setting.flag];
    // An empty variable counts as not set, because shells and compose files unset variables like this.
    const text = fromFlag ?? (env[setting.env] || undefined) ?? defaults[name] ?? setting.defaultText;
    if (text === undefined) return [name, undefined];
    if (PLACEHOLDER.test(text)) throw new ConfigError(`${setting.env} still has the placeholder of the example, ${text}: write what it names, or leave the setting out`);
    try {
      return [name, setting.parse(text)];
    } catch (error) {
      const shown = setting.secret ? '' : ` "${text}"`;
      const place = fromFlag === undefined ? setting.env : `--${setting.flag} (${setting.env})`;
      throw new ConfigError(`${place}${shown} ${(error as Error).message}`);
    }
  };
  const written = Object.fromEntries(entries().map(read)) as Written;
  for (const [name, values] of [['dcIds', written.dcIds], ['roles', written.roles], ['codeHookWays', written.codeHookWays]] as const) {
    if (values.length === 0) throw new ConfigError(`${SETTINGS[name].env} must name at least one`);
    if (new Set<unknown>(values).size !== values.length) throw new ConfigError(`${SETTINGS[name].env} names one twice`);
  }
  // Better than starting something other than what was asked for.
  if (written.roles.length < ROLES.length) throw new ConfigError(`${SETTINGS.roles.env}: roles cannot run in processes of their own yet`);
  checkNode(written);
  checkBackups(written);
  checkTls(written);
  checkOidc(written);
  const open = findPublicSettings(written);
  return {
    ...written,
    testMode: resolveTestMode(written, open),
    testAnywhere: written.testMode === 'force',
    isLocalOnly: isLoopbackHost(written.host) && open.length === 0,
    enterUrl: `${webAddressOf(written)}${ENTER_PATH}`,
    homeDcId: written.dcIds.includes(2) ? 2 : Math.min(...written.dcIds),
  };
}

/** The flags, one per line, for `--help` and for errors. */
export function configUsage(): string {
  const rows = entries().flatMap(([, setting]) =>
    setting.flag === undefined ? [] : [[`  --${setting.flag} ${setting.defaultText ?? '…'}`, setting] as const],
  );
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return [
    'Options (each has a variable; docs/config.md lists all settings):',
    ...rows.map(([left, setting]) => `${left.padEnd(width)}${setting.doc} [${setting.env}]`),
  ].join('\n');
}
