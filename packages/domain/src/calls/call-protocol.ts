import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { CallRow } from './call-row.ts';

/** What one side of a call can do, or both, in columns of its row. */
export type CallProtocol = Pick<CallRow, 'protocol_flags' | 'min_layer' | 'max_layer' | 'versions'>;

/** Bits of `protocol_flags`. */
const WAYS = { p2p: 1, reflector: 2 };
/** The layer of the first calls: every client offers it. */
const FIRST_LAYER = 65;
/** Most versions that are kept of an offer. */
const VERSIONS_MAX = 32;
/** A version of the engine for calls. */
const VERSION = /^\d{1,4}(?:\.\d{1,4}){0,3}$/;
/** The versions that are chosen first. Android compares versions as text, so the highest common one would break its video in calls with older apps. */
const PREFERRED = ['9.0.0', '8.0.0', '7.0.0'];

/**
 * Checks what a client offers, and rebuilds it. Versions that are no numbers are left out.
 * @throws RpcError 400 CALL_PROTOCOL_FLAGS_INVALID (no way of connecting, or no version), CALL_PROTOCOL_LAYER_INVALID
 */
export function checkedProtocol({ udp_p2p, udp_reflector, min_layer, max_layer, library_versions }: tl.PhoneCallProtocol): CallProtocol {
  const protocol_flags = (udp_p2p === true ? WAYS.p2p : 0) | (udp_reflector === true ? WAYS.reflector : 0);
  const versions = library_versions.filter((version) => VERSION.test(version)).slice(0, VERSIONS_MAX);
  if (protocol_flags === 0 || versions.length === 0) throw rpcError('CALL_PROTOCOL_FLAGS_INVALID');
  if (min_layer > max_layer || max_layer < FIRST_LAYER) throw rpcError('CALL_PROTOCOL_LAYER_INVALID');
  return { protocol_flags, min_layer, max_layer, versions };
}

/** What both sides of a call do: with exactly one version, if they have one in common. Otherwise the versions of the callee go on to the caller, who may know better. Pure. */
export function mergeProtocols(caller: CallProtocol, callee: CallProtocol): CallProtocol {
  const common = callee.versions.filter((version) => caller.versions.includes(version));
  const chosen = PREFERRED.find((version) => common.includes(version)) ?? common.toSorted(compareVersions).at(-1);
  return {
    protocol_flags: caller.protocol_flags & callee.protocol_flags,
    min_layer: Math.max(caller.min_layer, callee.min_layer),
    max_layer: Math.min(caller.max_layer, callee.max_layer),
    versions: chosen === undefined ? callee.versions : [chosen],
  };
}

/** As clients get it. Pure. */
export function projectProtocol({ protocol_flags, min_layer, max_layer, versions }: CallProtocol): tl.phoneCallProtocol {
  return {
    _: 'phoneCallProtocol',
    udp_p2p: (protocol_flags & WAYS.p2p) !== 0 || undefined,
    udp_reflector: (protocol_flags & WAYS.reflector) !== 0 || undefined,
    min_layer,
    max_layer,
    library_versions: versions,
  };
}

/** Compares versions number by number. */
function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number)) as [number[], number[]];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
