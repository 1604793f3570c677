import { copyFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { findFfmpeg } from '@aerogram/media';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { MediaKind, ShownMedia } from './driver-answers.ts';
import type { Library } from './driver-client.ts';
import { useDisk } from './files-on-disk.ts';
import { LIBRARIES, MISSING, useLibraries } from './libraries.ts';
import { closeAll, enter, enterPair, type Person } from './people-of-libraries.ts';

const ALL: Library[] = MISSING.tdlib === undefined ? [...LIBRARIES, 'tdlib'] : LIBRARIES;
const HAS_FFMPEG = (await findFfmpeg()).isThere;
const libraries = useLibraries({}, ALL);
const disk = useDisk();

interface Sent {
  kind: MediaKind;
  /** In packages/media/test/samples. */
  sample: string;
  shown: Omit<ShownMedia, 'kind'>;
  /** Width and height. */
  thumb?: [number, number];
  /** Whether ffmpeg makes the thumbnail. */
  needsFfmpeg: boolean;
}

const FILM = { width: 96, height: 64, duration: 2, title: null, performer: null, hasWaveform: false };
const SOUND = { ...FILM, width: null, height: null, duration: 3 };

/** Files of which the libraries themselves say nothing, or what is wrong. */
const KINDS: Sent[] = [
  { kind: 'video', sample: 'film.mp4', shown: FILM, thumb: [96, 64], needsFfmpeg: true },
  { kind: 'round', sample: 'round.mp4', shown: { ...FILM, height: 96 }, thumb: [96, 96], needsFfmpeg: true },
  { kind: 'animation', sample: 'silent.mp4', shown: FILM, thumb: [96, 64], needsFfmpeg: true },
  { kind: 'voice', sample: 'voice.ogg', shown: { ...SOUND, hasWaveform: HAS_FFMPEG }, needsFfmpeg: false },
  { kind: 'music', sample: 'covered.mp3', shown: { ...SOUND, duration: 1, title: 'A tune', performer: 'Somebody' }, thumb: [64, 64], needsFfmpeg: false },
];

/** How a library names a message with this caption. TDLib knows no captions of round videos. */
function captionOf(kind: MediaKind, acts: Library, sees: Library): string {
  if (kind !== 'round') return kind;
  if (sees === 'tdlib') return 'action:messageVideoNote';
  return acts === 'tdlib' ? '' : kind;
}

describe('audio and video sent with one library', () => {
  for (const [at, acts] of ALL.entries()) {
    const other = ALL[(at + 1) % ALL.length]!;
    test(`${acts} sends each kind, ${other} sees what it is, with the facts of the file, and loads its thumbnail`, async () => {
      const [alice, bob] = await enterPair(libraries, acts, other);
      for (const { kind, sample, shown, thumb, needsFfmpeg } of KINDS) {
        const path = disk.pathOf(`${acts}-${sample}`);
        await copyFile(fileURLToPath(new URL(`../../packages/media/test/samples/${sample}`, import.meta.url)), path);
        await alice.client.sendKind({ peer: bob.id, path, kind, caption: kind });
        const { id } = await bob.client.seesMessage(captionOf(kind, acts, other));
        expect(await bob.client.showMedia({ peer: alice.id, id })).toEqual({ kind, ...shown });
        const saved = disk.pathOf(`${other}-${kind}.jpg`);
        const hasThumb = thumb !== undefined && (HAS_FFMPEG || !needsFfmpeg);
        expect(await bob.client.saveMediaThumb({ peer: alice.id, id, path: saved })).toBe(hasThumb);
        if (hasThumb) expect(await sharp(saved).metadata()).toMatchObject({ format: 'jpeg', width: thumb[0], height: thumb[1] });
      }
      for (const { client } of [alice, bob]) if (client.library === 'tdlib') expect(await client.complaints()).toEqual([]);
      await closeAll(alice, bob);
    });
  }
});

describe('GIFs and stickers sent with one device', () => {
  test.skipIf(MISSING.tdlib !== undefined)('TDLib shows them in the lists of another device, and of one that comes later', async () => {
    const alice = await enter(libraries, 'tdlib', 'Alice');
    const tablet = await enter(libraries, 'tdlib', 'Alice', alice);
    const listOf = async ({ client }: Person, request: 'getSavedAnimations' | 'getRecentStickers', known: string): Promise<string[]> => {
      const answer = await client.request<Record<string, { [name: string]: { remote: { unique_id: string } } }[]>>({ _: request, ...(known === 'sticker' && { is_attached: false }) });
      return answer[`${known}s`]!.map((one) => one[known]!.remote.unique_id);
    };
    const lists = async (device: Person): Promise<string[][]> => [await listOf(device, 'getSavedAnimations', 'animation'), await listOf(device, 'getRecentStickers', 'sticker')];
    expect(await lists(tablet)).toEqual([[], []]);

    const [film, sticker] = [disk.pathOf('dance.mp4'), disk.pathOf('sticker.webp')];
    await copyFile(fileURLToPath(new URL('../../packages/media/test/samples/silent.mp4', import.meta.url)), film);
    await sharp({ create: { width: 512, height: 512, channels: 4, background: 'teal' } }).webp().toFile(sticker);
    await alice.client.sendKind({ peer: alice.id, path: film, kind: 'animation', caption: 'dance' });
    const content = { _: 'inputMessageSticker', sticker: { _: 'inputSticker', sticker: { _: 'inputFileLocal', path: sticker }, width: 512, height: 512 }, emoji: '🌱' };
    await alice.client.request({ _: 'sendMessage', chat_id: alice.id, input_message_content: content });
    await tablet.client.sees('the message with the sticker', (event) => event.kind === 'message' && event.peer === alice.id && event.text === 'action:messageSticker');

    const late = await enter(libraries, 'tdlib', 'Alice', alice);
    const shown = await lists(late);
    expect(shown.map((ids) => ids.length)).toEqual([1, 1]);
    await expect.poll(() => lists(tablet)).toEqual(shown);
    for (const { client } of [alice, tablet, late]) expect(await client.complaints()).toEqual([]);
    await closeAll(alice, tablet, late);
  });
});
