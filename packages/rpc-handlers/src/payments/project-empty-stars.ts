import type { tl } from '@aerogram/tl';

/** The stars of an account while there are none: nothing on the balance, no transactions, no subscriptions. Pure. */
export function projectEmptyStars(): tl.payments.starsStatus {
  return { _: 'payments.starsStatus', balance: { _: 'starsAmount', amount: 0n, nanos: 0 }, chats: [], users: [] };
}
