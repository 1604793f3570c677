import { lookup as resolveByDns } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

/** Whether a link may be dialled at an address. */
export type MayDial = (address: string) => boolean;

/** Why a link is not dialled. */
export const NOT_PUBLIC = 'its address is neither public nor in AEROGRAM_DC_LINK_NETWORKS';

/**
 * Looks names up for links, and leaves out the addresses that may not be dialled. Another home says where it listens, and whoever has broken into one must not have this one ask around in the
 * network that it stands in. Addresses are looked at after the look-up, so a name that leads there is no way around.
 */
export function guardedLookup(mayDial: MayDial): LookupFunction {
  return (host, options, done) => {
    resolveByDns(host, { ...options, all: true }, (error, found) => {
      const allowed = (error === null ? found : []).filter(({ address }) => mayDial(address));
      const [first] = allowed;
      if (first === undefined) done(error ?? new Error(NOT_PUBLIC), '', 0);
      else if (options.all === true) done(null, allowed);
      else done(null, first.address, first.family);
    });
  };
}

/** Whether a host is an address that may not be dialled; a name is looked up first. */
export const isClosedAddress = (host: string, mayDial: MayDial): boolean => isIP(host) !== 0 && !mayDial(host);
