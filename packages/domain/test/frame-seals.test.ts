import { expect, test } from 'vitest';

import { createFrameSeals, type Effect, type FrameSeals, packPlain, SEAL_BYTES } from '../src/effects/index.ts';
import { createKeyedMac } from '../src/shared/index.ts';

const sealsBy = (byte: number): FrameSeals => createFrameSeals(createKeyedMac(new Map([[0, Buffer.alloc(32, byte)]]), SEAL_BYTES));
const effect = { kind: 'note', from: 9n, to: 18n, text: 'Grüße, "seal"' } as Effect;
const DATE = 1_800_000_000;

test('a frame is known again by who has written it, for the data centre that it was for', () => {
  const frame = sealsBy(1).seal(2, effect, DATE);
  expect(sealsBy(1).dateOf(2, frame)).toBe(DATE);
  expect(sealsBy(1).dateOf(3, frame)).toBeUndefined();
  expect(sealsBy(2).dateOf(2, frame)).toBeUndefined();
  expect(JSON.parse(Buffer.from(frame).toString())).toEqual({ kind: 'note', from: '9', to: '18', text: 'Grüße, "seal"', sealed: DATE, seal: expect.stringMatching(/^.{24}$/) });
});

test('a frame of which a byte was changed, added or left out is no own one', () => {
  const { seal, dateOf } = sealsBy(1);
  const frame = seal(2, effect, DATE);
  for (let at = 0; at < frame.length; at++) {
    const changed = Uint8Array.from(frame);
    changed[at]! ^= 4;
    // The last digit of a code has bits that stand for nothing.
    if (Buffer.from(changed).toString().replace(/.==/, '') !== Buffer.from(frame).toString().replace(/.==/, '')) expect(dateOf(2, changed), `byte ${at}`).toBeUndefined();
    expect(dateOf(2, Buffer.concat([frame.subarray(0, at), frame.subarray(at + 1)])), `without byte ${at}`).toBeUndefined();
  }
  for (const other of [new Uint8Array(), Buffer.from('}'), packPlain(effect), Buffer.concat([frame, Buffer.from(' ')]), Buffer.concat([Buffer.from(' '), frame])]) expect(dateOf(2, other)).toBeUndefined();
});

test('a frame that a program without dates has sealed is known again, and has no date, whatever it says', () => {
  const macs = createKeyedMac(new Map([[0, Buffer.alloc(32, 1)]]), SEAL_BYTES);
  for (const body of [packPlain(effect).subarray(0, -1), Buffer.from(`${Buffer.from(packPlain(effect)).toString().slice(0, -1)},"sealed":5`)]) {
    const frame = Buffer.concat([body, Buffer.from(`,"seal":"${macs.of(Buffer.of(2, 2), body).toString('base64')}"}`)]);
    expect(sealsBy(1).dateOf(2, frame)).toBe('undated');
  }
});
