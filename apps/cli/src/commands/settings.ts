import { SETTINGS } from '@aerogram/runtime';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';

/** A value as text. Addresses may name a user and a password, which are left out. */
function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map((item) => textOf(item) ?? '').join(',');
  if (typeof value !== 'string') return JSON.stringify(value);
  return value.replace(/^([a-z][\w+.-]*:\/\/)[^/?#@]*@/i, '$1…@');
}

/**
 * The settings in force, with the place that each comes from. Secrets have no value: only whether they are set.
 * @param env the variables of the process to which the settings belong
 */
export function showSettings({ config }: CliOptions, env: Readonly<Record<string, string | undefined>>): Output {
  const settings = Object.entries(SETTINGS).map(([key, { env: name, flag, defaultText, secret, doc, parse }]) => {
    const value = (config as unknown as Record<string, unknown>)[key];
    const isSet = value !== undefined && value !== '';
    const shown = textOf(value);
    // What neither the environment nor the default says was said on the command line.
    const written = env[name] || defaultText;
    const isOfFlag = flag !== undefined && shown !== (written === undefined ? null : textOf(parse(written)));
    const from = isOfFlag ? 'command line' : env[name] ? 'environment' : 'default';
    return { name, value: secret ? null : shown, secret, set: isSet, from, doc };
  });
  return { value: settings, lines: settings.map(({ name, value, secret, set, from }) => `${name}=${secret ? (set ? '(set, secret)' : '') : (value ?? '')}  ${from}`) };
}
