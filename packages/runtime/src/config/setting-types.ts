import { isIP } from 'node:net';

import { isEveryAddress } from './address.ts';

/** Declaration of a setting; docs/config.md and `--help` are generated from these. */
export interface Setting<T> {
  /** The environment variable. */
  readonly env: string;
  /** The command-line flag without dashes, if there is one. */
  readonly flag: string | undefined;
  /** The default as an operator would write it. */
  readonly defaultText: string | undefined;
  /** Secrets are read only from the environment and never shown. */
  readonly secret: boolean;
  /** Format of a value, for error messages and documentation. */
  readonly form: string;
  readonly doc: string;
  /** Parses the text of a value; throws an Error that says what is wrong. */
  readonly parse: (text: string) => T;
}

interface Declaration {
  env: string;
  flag?: string;
  secret?: boolean;
  doc: string;
}

function setting<T>(
  declaration: Declaration,
  form: string,
  defaultText: string | undefined,
  parse: (text: string) => T,
): Setting<T> {
  return { flag: undefined, secret: false, ...declaration, form, defaultText, parse };
}

/** Text that must not be empty. */
export function textSetting(declaration: Declaration & { default: string }): Setting<string> {
  return setting(declaration, 'text', declaration.default, (text) => {
    if (text === '') throw new Error('must not be empty');
    return text;
  });
}

/** Optional text. */
export function optionalTextSetting(declaration: Declaration): Setting<string | undefined> {
  return setting(declaration, 'text', undefined, (text) => text);
}

/** One of several words. */
export function choiceSetting<const T extends string>(
  declaration: Declaration & { choices: readonly T[]; default: T },
): Setting<T> {
  const form = declaration.choices.join(' | ');
  return setting(declaration, form, declaration.default, (text) => {
    const choice = declaration.choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new Error(`must be one of ${form}`);
    return choice;
  });
}

/** A whole number in a range. */
export function intSetting(declaration: Declaration & { default: number; min: number; max: number }): Setting<number> {
  const { min, max } = declaration;
  return setting(declaration, `whole number, ${min} … ${max}`, String(declaration.default), (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < min || value > max) {
      throw new Error(`must be a whole number from ${min} to ${max}`);
    }
    return value;
  });
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A length of time, such as `90m` or `1d`; the value is in milliseconds. */
export function durationSetting(declaration: Declaration & { default: string; minMs: number; maxMs: number }): Setting<number> {
  const { minMs, maxMs } = declaration;
  return setting(declaration, 'number and s, m, h or d', declaration.default, (text) => {
    const [, number = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
    const ms = Number(number) * (UNITS_MS[unit] ?? Number.NaN);
    if (Number.isNaN(ms)) throw new Error('must be a number and s, m, h or d, such as 12h');
    if (ms < minMs || ms > maxMs) throw new Error(`must be at least ${minMs / 60_000} minutes and at most ${maxMs / 86_400_000} days`);
    return ms;
  });
}

/** `1`/`0`, `true`/`false`, `yes`/`no`. */
export function flagSetting(declaration: Declaration & { default: boolean }): Setting<boolean> {
  return setting(declaration, '1 | 0', declaration.default ? '1' : '0', (text) => {
    if (['1', 'true', 'yes'].includes(text)) return true;
    if (['0', 'false', 'no'].includes(text)) return false;
    throw new Error('must be 1 or 0');
  });
}

/** A list, separated by commas. With `most`, of at most so many items. */
export function listSetting<T>(
  declaration: Declaration & { default: string; item: string; most?: number; parseItem: (text: string) => T },
): Setting<readonly T[]> {
  return setting(declaration, `${declaration.item}, separated by commas`, declaration.default, (text) => {
    const items = text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    const { most = Infinity } = declaration;
    if (items.length > most) throw new Error(`must be at most ${most} items, not ${items.length}`);
    return items.map((item) => declaration.parseItem(item));
  });
}

/** An optional IP address of one family. */
export function addressSetting(declaration: Declaration & { family: 4 | 6 }): Setting<string | undefined> {
  return setting(declaration, `IPv${declaration.family} address`, undefined, (text) => {
    if (isIP(text) !== declaration.family) throw new Error(`must be an IPv${declaration.family} address, not a name`);
    if (isEveryAddress(text)) throw new Error('must be an address that clients can connect to');
    return text;
  });
}

/** An optional PostgreSQL URL. The host may be missing, as in URLs that name the directory of a socket. */
export function databaseUrlSetting(declaration: Declaration): Setting<string | undefined> {
  return setting(declaration, 'postgres://user:password@host:port/database', undefined, (text) => {
    if (!/^postgres(ql)?:\/\/./.test(text) || !URL.canParse(text.replace('@/', '@localhost/'))) {
      throw new Error('must be a URL such as postgres://user:password@host:5432/database or postgres://user@/database?host=/run/postgresql');
    }
    return text;
  });
}

/** An optional URL with one of several protocols. */
export function urlSetting(declaration: Declaration & { protocols: readonly string[] }): Setting<string | undefined> {
  const { protocols, ...rest } = declaration;
  const form = protocols.map((protocol) => `${protocol}//…`).join(' | ');
  return setting(rest, form, undefined, (text) => {
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) throw new Error(`must be a URL of the form ${form}`);
    return text;
  });
}

const MAX_HOST = 253;

/** An optional host and port; an IPv6 address stands in brackets. */
export function endpointSetting(declaration: Declaration): Setting<{ host: string; port: number } | undefined> {
  return setting(declaration, 'host:port', undefined, (text) => {
    const [, inBrackets, name, digits] = /^(?:\[([\da-fA-F:.]+)\]|([\w.-]+)):(\d{1,5})$/.exec(text) ?? [];
    const [host = '', port] = [inBrackets ?? name, Number(digits)];
    if (host === '' || host.length > MAX_HOST || (inBrackets !== undefined && isIP(inBrackets) !== 6) || port < 1 || port > 65_535) throw new Error('must be a host and a port, such as dc1.example.org:4440 or [2001:db8::1]:4440');
    return { host, port };
  });
}

/** An optional IP address of either family. */
export function optionalIpSetting(declaration: Declaration): Setting<string | undefined> {
  return setting(declaration, 'IP address', undefined, (text) => {
    if (isIP(text) === 0) throw new Error('must be an IP address, not a name');
    if (isEveryAddress(text)) throw new Error('must be an address that clients can connect to');
    return text;
  });
}

/** Ports from one to another, both included; 0 to 0 are free ones, undefined are none. */
export interface PortRange {
  from: number;
  to: number;
}

const PORT_MAX = 65_535;

/** A range of ports such as `49160-49259`, `0` for any that is free, `none` for none. */
export function portRangeSetting(declaration: Declaration & { default: string }): Setting<PortRange | undefined> {
  return setting(declaration, 'first-last | 0 | none', declaration.default, (text) => {
    if (text === 'none') return undefined;
    if (text === '0') return { from: 0, to: 0 };
    const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || from < 1 || to > PORT_MAX || to < from) throw new Error('must be two ports such as 49160-49259, 0 or none');
    return { from, to };
  });
}
