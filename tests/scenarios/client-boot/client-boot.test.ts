import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findDifference, FOREIGN_READERS } from '../../../packages/tl-compat/test/other-codecs.ts';
import { findTelethonPython } from '../../interop/driver-process.ts';
import { readWithTelethon } from '../../interop/read-with-telethon.ts';
import { startBootStory, type BootStory } from './boot-story.ts';
import { CLIENTS, type ClientName } from './layer-client.ts';
import { replayClient } from './replay.ts';

const names = Object.keys(CLIENTS) as ClientName[];
const TIMEOUT_MS = 120_000;
const TELETHON_LAYER = 144;

let story: BootStory;
beforeAll(async () => {
  story = await startBootStory();
}, TIMEOUT_MS);
afterAll(() => story?.[Symbol.asyncDispose]());

describe.each([214, 223, 228])('at layer %i', (layer) => {
  test.each(names)('%s logs in, starts, opens a chat', { timeout: TIMEOUT_MS }, (name) => replayClient(story, name, { layer, checksTruth: true }));
});

// Its answers have older forms than those that the tables name: what counts is that the layer's own schema reads all of them.
describe('at layer 152, which a desktop client of a popular distribution has', () => {
  test.each(names)('%s logs in, starts, opens a chat', { timeout: TIMEOUT_MS }, async (name) => {
    let answers = 0;
    await replayClient(story, name, { layer: 152, checksTruth: false, onAnswer: () => void answers++ });
    expect(answers).toBeGreaterThan(40);
  });
});

describe('what the same calls are answered, codecs of others read to the last byte', () => {
  test.each([[198, 'GramJS'], [227, 'mtcute']])('layer %i: %s', { timeout: TIMEOUT_MS }, async (layer) => {
    const read = FOREIGN_READERS[layer]!;
    let compared = 0;
    for (const name of names) {
      await replayClient(story, name, {
        layer,
        checksTruth: false,
        onAnswer(method, value, bytes) {
          // A vector of plain numbers does not say that it is one: it is read with the request at hand only.
          if (Array.isArray(value) && typeof value[0] !== 'object') return;
          const { left, value: theirs } = read(bytes);
          expect(`${method} ${left} ${findDifference(value, theirs)}`).toBe(`${method} 0 undefined`);
          compared++;
        },
      });
    }
    expect(compared).toBeGreaterThan(200);
  });

  const python = findTelethonPython();
  test.runIf(python !== undefined)(`layer ${TELETHON_LAYER}: Telethon${python === undefined ? ' (skipped: python3-telethon)' : ''}`, { timeout: TIMEOUT_MS }, async ({ skip }) => {
    const answers: Record<string, string> = {};
    for (const name of names) {
      await replayClient(story, name, {
        layer: TELETHON_LAYER,
        checksTruth: false,
        onAnswer(method, value, bytes) {
          if (Array.isArray(value) && typeof value[0] !== 'object') return;
          answers[`${name} ${method} ${Object.keys(answers).length}`] = Buffer.from(bytes).toString('hex');
        },
      });
    }
    const { layer, objects } = readWithTelethon(python!, answers);
    skip(layer !== TELETHON_LAYER, `Telethon of layer ${layer}`);
    // Not byte for byte: a `true` flag that a later layer added to a form is still set, and forgotten by the library.
    for (const [name, bytes] of Object.entries(answers)) {
      const { left, bytes: written } = objects[name]!;
      expect({ name, left, length: written.length }).toEqual({ name, left: 0, length: bytes.length });
    }
    expect(Object.keys(answers).length).toBeGreaterThan(150);
  });
});
