import { describe, expect, it } from 'vitest';

import { InlineIds } from '../src/bot-queries/index.ts';

const ids = new InlineIds(new Map([[1, new Uint8Array(32)]]), 2);
const message = { ownerId: -1_000_000_000_008n, msgId: 7 };

describe('the id of a message that was sent via a bot', () => {
  it('is opened by its bot', () => {
    const id = ids.of(5n, message);
    expect(id).toMatchObject({ dc_id: 2, owner_id: message.ownerId, id: 7 });
    expect(ids.open(5n, id)).toEqual(message);
    const newer = new InlineIds(new Map([[1, new Uint8Array(32)], [2, new Uint8Array(32).fill(1)]]), 2);
    expect(newer.open(5n, id)).toEqual(message);
  });

  it('is nothing for others, for other messages and in another form', () => {
    const id = ids.of(5n, message);
    for (const open of [
      () => ids.open(6n, id),
      () => ids.open(5n, { ...id, id: 8 }),
      () => ids.open(5n, { ...id, owner_id: 9n }),
      () => ids.open(5n, { ...id, access_hash: id.access_hash ^ 1n }),
      () => ids.open(5n, { _: 'inputBotInlineMessageID', dc_id: 2, id: 7n, access_hash: id.access_hash }),
    ]) expect(open).toThrow('MESSAGE_ID_INVALID');
  });
});
