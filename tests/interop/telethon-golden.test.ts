import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { describe, expect, test } from 'vitest';
import { findPythonWith } from './driver-process.ts';
import { readWithTelethon } from './read-with-telethon.ts';

/** The layer of Debian's python3-telethon 1.25; with other layers the test is skipped. */
const LAYER = 144;
/** Results that are vectors of plain numbers, which can only be read with their request. */
const PLAIN_VECTORS = new Set(['messages.getMessageReadParticipants @144']);

const root = findRepositoryRoot();
const python = findPythonWith('telethon');

/** Golden bytes of the layer from packages/tl-compat: answers as we write them, requests as clients of the layer send them. */
function loadGolden(file: string): Record<string, string> {
  const all = JSON.parse(readFileSync(join(root, 'packages/tl-compat/test', file), 'utf8')) as Record<string, string>;
  return Object.fromEntries(Object.entries(all).filter(([name]) => name.endsWith(` @${LAYER}`) && !PLAIN_VECTORS.has(name)));
}

/** `account.password#185b184f written @144` → `accountpassword`, as a class name begins or ends. */
const plainName = (name: string): string => name.replaceAll(/[^a-zA-Z0-9]/g, '').toLowerCase();

describe(`Telethon reads the golden bytes of layer ${LAYER}`, () => {
  for (const file of ['golden.json', 'golden-forms.json']) {
    test.runIf(python !== undefined)(`${file}${python === undefined ? ' (skipped: python3-telethon)' : ''}`, ({ skip }) => {
      const golden = loadGolden(file);
      const { layer, objects: seen } = readWithTelethon(python!, golden);
      skip(layer !== LAYER, `Telethon of layer ${layer}`);
      expect(Object.keys(golden).length).toBeGreaterThan(30);
      for (const [name, bytes] of Object.entries(golden)) expect({ name, ...seen[name] }).toMatchObject({ name, bytes, left: 0 });
      // Forms are named by their constructor, and the library must have the same name.
      for (const [name, { class: known }] of Object.entries(seen)) {
        const form = /^(?:lift )?[\w.]*?(\w+)#[0-9a-f]{8}(?: written| read)? @/.exec(name)?.[1];
        if (form !== undefined && !name.startsWith('lift ')) expect(plainName(known)).toContain(plainName(form));
      }
    });
  }
});
