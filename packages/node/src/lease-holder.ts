import { ownerOf } from '@aerogram/cluster';
import type { LeaseHolder, Membership } from '@aerogram/storage';

/** The holder of leases for a node: a key belongs to the first of the members by its hash. */
export function leaseHolderOf(lease: Membership): LeaseHolder {
  let members: Membership['members'] = [];
  let names: readonly string[] = [];
  return {
    self: lease.incarnation,
    mayWrite: () => lease.mayWrite(),
    owns(key) {
      if (lease.members !== members) {
        members = lease.members;
        names = members.map(({ name }) => name);
      }
      return names.length > 0 && ownerOf(key, names) === lease.self;
    },
    onChange: (fn) => lease.onChange(fn),
  };
}
