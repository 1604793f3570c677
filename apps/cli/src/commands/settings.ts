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
  const settings = Object.entries(SETTINGS).map(([key, { env: name, defaultText, secret, doc }]) => {
    const value = (config as unknown as Record<string, unknown>)[key];
    const isSet = value !== undefined && value !== '';
    const shown = textOf(value);
    const from = env[name] ? 'environment' : isSet && shown !== (defaultText ?? null) && defaultText === undefined ? 'command line' : 'default';
    return { name, value: secret ? null : shown, secret, set: isSet, from, doc };
  });
  return { value: settings, lines: settings.map(({ name, value, secret, set, from }) => `${name}=${secret ? (set ? '(set, secret)' : '') : (value ?? '')}  ${from}`) };
}
