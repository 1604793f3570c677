import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findDifference, FOREIGN_READERS } from '../../../packages/tl-compat/test/other-codecs.ts';
import { findPythonWith } from '../../interop/driver-process.ts';
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

describe.each([214, 223, 229])('at layer %i', (layer) => {
  test.each(names)('%s logs in, starts, opens a chat', (name) => replayClient(story, name, { layer, checksTruth: true }));
});

// Its answers have older forms than the tables describe: this checks that the layer's own schema can read all of them.
describe('at layer 152, used by the desktop client of a popular distribution', () => {
  test.each(names)('%s logs in, starts, opens a chat', async (name) => {
    let answers = 0;
    await replayClient(story, name, { layer: 152, checksTruth: false, onAnswer: () => void answers++ });
    expect(answers).toBeGreaterThan(40);
  });
});

describe('answers to the same calls, read to the last byte by other codecs', () => {
  test.each([[198, 'GramJS'], [227, 'mtcute']])('layer %i: %s', async (layer) => {
    const read = FOREIGN_READERS[layer]!;
    let compared = 0;
    for (const name of names) {
      await replayClient(story, name, {
        layer,
        checksTruth: false,
        onAnswer(method, value, bytes) {
          // A vector of plain numbers does not say that it is one and can only be read with its request.
          if (Array.isArray(value) && typeof value[0] !== 'object') return;
          const { left, value: theirs } = read(bytes);
          expect(`${method} ${left} ${findDifference(value, theirs)}`).toBe(`${method} 0 undefined`);
          compared++;
        },
      });
    }
    expect(compared).toBeGreaterThan(200);
  });

  const python = findPythonWith('telethon');
  test.runIf(python !== undefined)(`layer ${TELETHON_LAYER}: Telethon${python === undefined ? ' (skipped: python3-telethon)' : ''}`, async ({ skip }) => {
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
    // Not compared byte by byte: a `true` flag that a later layer added to a form is still set, and the library drops it.
    for (const [name, bytes] of Object.entries(answers)) {
      const { left, bytes: written } = objects[name]!;
      expect({ name, left, length: written.length }).toEqual({ name, left: 0, length: bytes.length });
    }
    expect(Object.keys(answers).length).toBeGreaterThan(150);
  });
});
