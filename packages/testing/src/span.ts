import type { CallerTrace } from './control/caller-trace.ts';
import { CloudError } from './control/cloud-error.ts';

/** A span of time: milliseconds, text such as `'2h'`, `'1h 30m'` or `'500ms'`, or its parts. */
export type Span = number | string | SpanParts;

/** A span of time as the sum of its parts. */
export interface SpanParts {
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  ms?: number;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const PARTS: Readonly<Record<keyof SpanParts, number>> = { days: UNITS['d']!, hours: UNITS['h']!, minutes: UNITS['m']!, seconds: UNITS['s']!, ms: 1 };

/** A span of time in whole milliseconds. @throws CloudError `invalid` if it is no span, or negative */
export function spanMs(span: Span, trace?: CallerTrace): number {
  const ms = Math.round(typeof span === 'number' ? span : typeof span === 'string' ? readText(span) : addParts(span));
  if (Number.isFinite(ms) && ms >= 0) return ms;
  throw new CloudError('invalid', `${JSON.stringify(span)} is no span of time: give milliseconds, text such as '2h' or '1h 30m', or { hours: 2 }`, {}, trace);
}

function readText(text: string): number {
  const parts = text.trim().match(/^(\d+(\.\d+)?\s*(ms|s|m|h|d)\s*)+$/) === null ? [] : [...text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)/g)];
  return parts.length === 0 ? Number.NaN : parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit!]!, 0);
}

function addParts(parts: SpanParts): number {
  const entries = Object.entries(parts).filter(([, value]) => value !== undefined) as [string, number][];
  if (entries.length === 0) return Number.NaN;
  return entries.reduce((sum, [name, value]) => sum + value * (PARTS[name as keyof SpanParts] ?? Number.NaN), 0);
}

/** A span as people read it: `5 s`, `250 ms`. */
export function formatSpan(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}
