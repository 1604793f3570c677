import { readJson, type WatchedCall } from '@aerogram/bot-api';

/** Parameters that are texts for people, which stay texts whatever they look like. */
const TEXTS: ReadonlySet<string> = new Set(['text', 'caption', 'title', 'description', 'short_description', 'name', 'first_name', 'last_name', 'question', 'explanation', 'payload', 'url', 'address', 'performer', 'custom_title']);

/**
 * Makes parameters easy to compare: values that came as JSON in a text become values, and a file is shown as `{ file: <name>, size: <bytes> }` under the name of its
 * field. Pure.
 */
export function readableParams({ params, files }: Pick<WatchedCall, 'params' | 'files'>): Record<string, unknown> {
  const shown = [...params].filter(([name]) => !isUnsafe(name)).map(([name, value]): [string, unknown] => [name, TEXTS.has(name) ? value : valueOf(value)]);
  const sent = [...files].filter(([name]) => !isUnsafe(name)).map(([name, { name: file, size }]): [string, unknown] => [name, { file, size }]);
  return Object.fromEntries([...shown, ...sent]);
}

/** The text in which faults look for what a call contains: the parameters, with their texts as they are. Pure. */
export function searchableText(params: Record<string, unknown>): string {
  const texts: string[] = [];
  const add = (value: unknown): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        if (!Array.isArray(value)) texts.push(name);
        add(inner);
      }
    } else texts.push(String(value));
  };
  add(params);
  return texts.join('\n');
}

/** Objects and lists as JSON become values. Anything else stays, also what the server would refuse. */
function valueOf(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return readJson(value);
  } catch {
    return value;
  }
}

function isUnsafe(name: string): boolean {
  return name === '__proto__';
}
