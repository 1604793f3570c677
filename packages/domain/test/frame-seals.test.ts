import { expect, test } from 'vitest';

import { createFrameSeals, type Effect, type FrameSeals, packPlain, SEAL_BYTES } from '../src/effects/index.ts';
import { createKeyedMac } from '../src/shared/index.ts';

const sealsBy = (byte: number): FrameSeals => createFrameSeals(createKeyedMac(new Map([[0, Buffer.alloc(32, byte)]]), SEAL_BYTES));
const effect = { kind: 'note', from: 9n, to: 18n, text: 'Grüße, "seal"' } as Effect;

test('a frame is known again by who has written it, for the data centre that it was for', () => {
  const frame = sealsBy(1).seal(2, effect);
  expect(sealsBy(1).isOwn(2, frame)).toBe(true);
  expect(sealsBy(1).isOwn(3, frame)).toBe(false);
  expect(sealsBy(2).isOwn(2, frame)).toBe(false);
  expect(JSON.parse(Buffer.from(frame).toString())).toEqual({ kind: 'note', from: '9', to: '18', text: 'Grüße, "seal"', seal: expect.stringMatching(/^.{24}$/) });
});

test('a frame of which a byte was changed, added or left out is no own one', () => {
  const { seal, isOwn } = sealsBy(1);
  const frame = seal(2, effect);
  for (let at = 0; at < frame.length; at++) {
    const changed = Uint8Array.from(frame);
    changed[at]! ^= 4;
    // The last digit of a code has bits that stand for nothing.
    if (Buffer.from(changed).toString().replace(/.==/, '') !== Buffer.from(frame).toString().replace(/.==/, '')) expect(isOwn(2, changed), `byte ${at}`).toBe(false);
    expect(isOwn(2, Buffer.concat([frame.subarray(0, at), frame.subarray(at + 1)])), `without byte ${at}`).toBe(false);
  }
  for (const other of [new Uint8Array(), Buffer.from('}'), packPlain(effect), Buffer.concat([frame, Buffer.from(' ')]), Buffer.concat([Buffer.from(' '), frame])]) expect(isOwn(2, other)).toBe(false);
});
