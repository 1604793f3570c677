import { copyFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Library } from './driver-client.ts';
import { useDisk } from './files-on-disk.ts';
import { LIBRARIES, MISSING, useLibraries } from './libraries.ts';
import { closeAll, enterPair } from './people-of-libraries.ts';

const ALL: Library[] = MISSING.tdlib === undefined ? [...LIBRARIES, 'tdlib'] : LIBRARIES;
const VOICE = fileURLToPath(new URL('../../packages/media/test/samples/voice.ogg', import.meta.url));
const libraries = useLibraries({}, ALL);
const disk = useDisk();

for (const [at, acts] of ALL.entries()) {
  const other = ALL[(at + 1) % ALL.length]!;

  test(`${acts} sends a voice message, and learns that ${other} has heard it`, async () => {
    const [alice, bob] = await enterPair(libraries, acts, other);
    const path = disk.pathOf(`${acts}.ogg`);
    await copyFile(VOICE, path);
    const sent = await alice.client.sendVoice({ peer: bob.id, path, caption: 'a voice' });
    const { id } = await bob.client.seesMessage('a voice');
    expect(await bob.client.showContent({ peer: alice.id, id })).toEqual({ kind: 'voice', unheard: true });
    expect(await alice.client.showContent({ peer: bob.id, id: sent.id })).toEqual({ kind: 'voice', unheard: true });
    await bob.client.openContent({ peer: alice.id, id });
    await expect.poll(() => bob.client.showContent({ peer: alice.id, id }), { timeout: 10_000 }).toEqual({ kind: 'voice', unheard: false });
    await expect.poll(() => alice.client.showContent({ peer: bob.id, id: sent.id }), { timeout: 10_000 }).toEqual({ kind: 'voice', unheard: false });
    for (const { client } of [alice, bob]) if (client.library === 'tdlib') expect(await client.complaints()).toEqual([]);
    await closeAll(alice, bob);
  });

  test(`${acts} sends a photo to be viewed once, and it is gone on both sides when ${other} has viewed it`, async () => {
    const [alice, bob] = await enterPair(libraries, acts, other);
    const path = disk.pathOf(`${acts}.jpg`);
    await writeFile(path, await sharp({ create: { width: 1600, height: 1200, channels: 3, background: '#aa3311' } }).jpeg().toBuffer());
    const sent = await alice.client.sendPhotoOnce({ peer: bob.id, path, caption: 'look once' });
    const { id } = await bob.client.seesMessage('look once');
    expect((await bob.client.showContent({ peer: alice.id, id })).kind).toBe('photo');
    expect((await alice.client.showContent({ peer: bob.id, id: sent.id })).kind).toBe('photo');
    await bob.client.openContent({ peer: alice.id, id });
    await expect.poll(async () => (await bob.client.showContent({ peer: alice.id, id })).kind, { timeout: 10_000 }).toBe('gone');
    await expect.poll(async () => (await alice.client.showContent({ peer: bob.id, id: sent.id })).kind, { timeout: 10_000 }).toBe('gone');
    for (const { client } of [alice, bob]) if (client.library === 'tdlib') expect(await client.complaints()).toEqual([]);
    await closeAll(alice, bob);
  });
}
