import type { SentCall } from './load/outcome.ts';
import { quantiles } from './row.ts';

/** A span of time, in Unix milliseconds. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** p50 and p99 of the calls that began in a span. */
export function quantilesIn(calls: readonly SentCall[], { fromMs, toMs }: Span): { p50Ms: number; p99Ms: number } {
  return quantiles(calls.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map(({ ms }) => ms));
}

/**
 * Divides calls by whether a node that was killed had to do with them.
 * @param killedMs when it was, in Unix milliseconds
 * @returns `its`: calls of those whose key it served or who were connected to it, by their last call before
 */
export function divideByNode(calls: readonly SentCall[], node: string, killedMs: number): { its: SentCall[]; others: SentCall[] } {
  const last = new Map<number, SentCall>();
  for (const call of calls) if (call.atMs < killedMs && call.atMs > (last.get(call.sender)?.atMs ?? 0)) last.set(call.sender, call);
  const isIts = ({ sender }: SentCall): boolean => {
    const call = last.get(sender);
    return call?.owner === node || call?.by === node;
  };
  return { its: calls.filter(isIts), others: calls.filter((call) => !isIts(call)) };
}

/** Milliseconds from a fault until the last of the senders had an answer to a call that began after it. @returns 0 without such calls */
export function servedAfterMs(calls: readonly SentCall[], faultMs: number): number {
  const first = new Map<number, number>();
  for (const { sender, atMs, ms } of calls) {
    if (atMs >= faultMs) first.set(sender, Math.min(first.get(sender) ?? Infinity, atMs + ms - faultMs));
  }
  return Math.max(0, ...first.values());
}
