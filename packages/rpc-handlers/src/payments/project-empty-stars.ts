import type { tl } from '@aerogram/tl';

/** Projects an empty Stars balance, without transactions or subscriptions. Pure. */
export function projectEmptyStars(): tl.payments.starsStatus {
  return { _: 'payments.starsStatus', balance: { _: 'starsAmount', amount: 0n, nanos: 0 }, chats: [], users: [] };
}
