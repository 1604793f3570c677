import { isIP } from 'node:net';

/** How a setting is declared; docs/config.md and `--help` come from these. */
export interface Setting<T> {
  /** The environment variable. */
  readonly env: string;
  /** The command-line flag, without the dashes, where there is one. */
  readonly flag: string | undefined;
  /** Its default in the form in which it would be written. */
  readonly defaultText: string | undefined;
  /** Secrets are read from the environment only and never shown. */
  readonly secret: boolean;
  /** What a value looks like, for error messages and documentation. */
  readonly form: string;
  readonly doc: string;
  /** Turns the written value into the typed one; throws an Error that says what is wrong. */
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

/** Free text; empty is refused. */
export function textSetting(declaration: Declaration & { default: string }): Setting<string> {
  return setting(declaration, 'text', declaration.default, (text) => {
    if (text === '') throw new Error('must not be empty');
    return text;
  });
}

/** Text that may be left out. */
export function optionalTextSetting(declaration: Declaration): Setting<string | undefined> {
  return setting(declaration, 'text', undefined, (text) => text);
}

/** One of some words. */
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

/** A whole number within bounds. */
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

/** `1`/`0`, `true`/`false`, `yes`/`no`. */
export function flagSetting(declaration: Declaration & { default: boolean }): Setting<boolean> {
  return setting(declaration, '1 | 0', declaration.default ? '1' : '0', (text) => {
    if (['1', 'true', 'yes'].includes(text)) return true;
    if (['0', 'false', 'no'].includes(text)) return false;
    throw new Error('must be 1 or 0');
  });
}

/** A list, separated by commas. */
export function listSetting<T>(
  declaration: Declaration & { default: string; item: string; parseItem: (text: string) => T },
): Setting<readonly T[]> {
  return setting(declaration, `${declaration.item}, separated by commas`, declaration.default, (text) => {
    const items = text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    return items.map((item) => declaration.parseItem(item));
  });
}

/** An IP literal of one family that may be left out. */
export function addressSetting(declaration: Declaration & { family: 4 | 6 }): Setting<string | undefined> {
  return setting(declaration, `IPv${declaration.family} address`, undefined, (text) => {
    if (isIP(text) !== declaration.family) throw new Error(`must be an IPv${declaration.family} address, not a name`);
    if (text === '0.0.0.0' || text === '::') throw new Error('must be an address that clients can connect to');
    return text;
  });
}

/** A PostgreSQL URL that may be left out. */
export function databaseUrlSetting(declaration: Declaration): Setting<string | undefined> {
  return setting(declaration, 'postgres://user:password@host:port/database', undefined, (text) => {
    if (!/^postgres(ql)?:\/\/./.test(text) || !URL.canParse(text)) {
      throw new Error('must be a URL such as postgres://user:password@host:5432/database');
    }
    return text;
  });
}

/** A URL with one of some protocols that may be left out. */
export function urlSetting(declaration: Declaration & { protocols: readonly string[] }): Setting<string | undefined> {
  const { protocols, ...rest } = declaration;
  const form = protocols.map((protocol) => `${protocol}//…`).join(' | ');
  return setting(rest, form, undefined, (text) => {
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) throw new Error(`must be a URL of the form ${form}`);
    return text;
  });
}
