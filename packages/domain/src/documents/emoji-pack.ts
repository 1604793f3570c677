import { readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

import { findAssets } from '../shared/index.ts';

/** A piece of the file that has the bytes of all emoji and stickers that ship with the server. */
export interface PackPart {
  /** Where it begins, in bytes. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

/** An animated emoji or sticker that ships with the server: a TGS of 512 × 512 pixels. It has the same id on every server and never changes: what is drawn otherwise gets a new id. */
export interface PackDocument extends PackPart {
  readonly id: bigint;
  /** The emoji for which it stands, with a selector U+FE0F only where Unicode recommends one. */
  readonly emoji: string;
  /** Its still picture: a WebP of 100 × 100 pixels. */
  readonly thumb: PackPart;
  /** The only set that has it. */
  readonly set: BundledSet;
}

/** What icons are offered for: topics of forums, statuses, patterns behind names, groups of emoji. */
export type IconUse = 'topics' | 'statuses' | 'backgrounds' | 'groups';

/** A set that ships with the server. */
export interface BundledSet {
  readonly id: bigint;
  readonly shortName: string;
  readonly title: string;
  readonly kind: 'stickers' | 'emoji';
  /** Whether clients draw its documents in the colour of the text around them. */
  readonly textColor: boolean;
  readonly documents: readonly PackDocument[];
  /** Of a set that shows how something falls: its emoji. The place of a document is the value, and the first one runs until the value is known; a slot machine is made of parts. */
  readonly die: string | undefined;
  /** Of the set of icons, those that are offered for a purpose. */
  readonly uses: Readonly<Partial<Record<IconUse, readonly PackDocument[]>>>;
}

/** Side of still pictures and of animations, in pixels. */
export const PACK_SIDE = { thumb: 100, animation: 512 } as const;

/** A set as `sets.json` has it. A document is an array: id, offset and size of the animation, offset and size of the still picture, emoji. */
interface SetRow {
  id: string;
  shortName: string;
  title: string;
  kind: 'stickers' | 'emoji';
  textColor: boolean;
  uses?: Partial<Record<IconUse, number[]>>;
  die?: string;
  documents: [id: string, offset: number, size: number, thumbOffset: number, thumbSize: number, emoji: string][];
}

/** Reads the index. Sets share the objects of still pictures, as they share their bytes. */
function readSets(folder: string): BundledSet[] {
  const thumbs = new Map<number, PackPart>();
  const thumbAt = (offset: number, size: number): PackPart => {
    const known = thumbs.get(offset);
    if (known) return known;
    const part = { offset, size };
    thumbs.set(offset, part);
    return part;
  };
  const rows = JSON.parse(readFileSync(join(folder, 'sets.json'), 'utf8')) as SetRow[];
  return rows.map(({ id, shortName, title, kind, textColor, uses = {}, die, documents: described }) => {
    const documents: PackDocument[] = [];
    const placed = Object.entries(uses) as [IconUse, number[]][];
    const set = { id: BigInt(id), shortName, title, kind, textColor, die, documents, uses: {} as Partial<Record<IconUse, readonly PackDocument[]>> };
    for (const [documentId, offset, size, thumbOffset, thumbSize, emoji] of described) {
      documents.push({ id: BigInt(documentId), offset, size, emoji, thumb: thumbAt(thumbOffset, thumbSize), set });
    }
    for (const [use, places] of placed) set.uses[use] = places.map((place) => documents[place]!);
    return set;
  });
}

/** The sets that ship with the server, and the file that has their bytes. */
export class EmojiPack implements AsyncDisposable {
  readonly #folder: string;
  readonly #documents: ReadonlyMap<bigint, PackDocument>;
  #file: Promise<FileHandle> | undefined;
  /** All sets: animated emoji, stickers, custom emoji, dice. */
  readonly sets: readonly BundledSet[];

  /** @param folder has `sets.json` and `pack.bin` */
  constructor(folder: string) {
    this.#folder = folder;
    this.sets = readSets(folder);
    this.#documents = new Map(this.sets.flatMap(({ documents }) => documents).map((document) => [document.id, document]));
  }

  /** A document of any set, by id. */
  findPackDocument(id: bigint): PackDocument | undefined {
    return this.#documents.get(id);
  }

  /**
   * Reads an animation or a still picture. Only what is asked for is read; the file stays open.
   * @param offset first byte, counted from the beginning of the part
   * @param limit at most so many bytes; what lies behind the part is never read
   */
  async readPackBytes(part: PackPart, offset = 0, limit = part.size): Promise<Uint8Array> {
    const length = Math.max(0, Math.min(limit, part.size - offset));
    if (length === 0) return new Uint8Array(0);
    const file = await this.#openFile();
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, part.offset + offset);
    if (bytesRead < length) throw new Error('assets/emoji/pack.bin is shorter than sets.json says');
    return buffer;
  }

  /** Closes the file. It is opened again if somebody reads later. */
  async [Symbol.asyncDispose](): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await (await file)?.close();
  }

  #openFile(): Promise<FileHandle> {
    // A failure is not kept: the process may have had too many files open for a moment.
    this.#file ??= open(join(this.#folder, 'pack.bin')).catch((error: unknown) => {
      this.#file = undefined;
      throw error;
    });
    return this.#file;
  }
}

let opened: EmojiPack | undefined;

/** The sets that ship with the server. Their index is parsed at the first call and kept; later calls return the same object. */
export function openEmojiPack(): EmojiPack {
  opened ??= new EmojiPack(join(findAssets(), 'emoji'));
  return opened;
}
