import { expect, test } from 'vitest';

import { DeviceRates } from '../src/notices/notice-limits.ts';
import type { DeviceNotice } from '../src/notices/notice-store.ts';

const notice = (owner: bigint): DeviceNotice => ({ owner_id: owner, auth_key_id: 1n, token_type: 2, peer_id: 5n, msg_id: 1, pts: 1, date: 0, due_ms: 0n, attempts: 0, sent_date: null });

test('a device gets sixty notices a minute, and only those that were sent count', () => {
  const rates = new DeviceRates();
  for (let n = 0; n < 200; n++) expect(rates.waitMs(notice(1n), 1000)).toBe(0);
  for (let n = 0; n < 60; n++) rates.count(notice(1n), 1000);
  expect(rates.waitMs(notice(1n), 31_000)).toBe(30_000);
  expect(rates.waitMs(notice(2n), 31_000)).toBe(0);
  expect(rates.waitMs(notice(1n), 61_000)).toBe(0);
});
