import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { projectScene, type Scene } from '../drawing/lottie.ts';
import { drawStill } from '../drawing/pictures.ts';

/** Side of still pictures, in pixels, and their quality. */
const STILL = { side: 100, quality: 75 };

/** A picture that becomes a document of a set. */
export interface Drawing {
  emoji: string;
  /** The picture at rest. */
  svg: string;
  scene: Scene;
}

/** A set as it is drawn. */
export interface DrawnSet {
  /** Clients have the id of one set built in; all other ids follow from the short name. */
  id?: bigint;
  shortName: string;
  title: string;
  kind: 'stickers' | 'emoji';
  textColor: boolean;
  drawings: readonly Drawing[];
  /** What documents are offered for, by their places in the set. */
  uses?: Readonly<Record<string, readonly number[]>>;
  /** Of a set that shows how something falls, its emoji. */
  die?: string;
}

/** A document in the index: its id, and where its animation and its still picture stand in the pack. */
type DocumentRow = readonly [id: string, offset: number, size: number, thumbOffset: number, thumbSize: number, emoji: string];

/** A set in the index. */
export interface SetRow {
  id: string;
  shortName: string;
  title: string;
  kind: 'stickers' | 'emoji';
  textColor: boolean;
  uses?: Readonly<Record<string, readonly number[]>>;
  die?: string;
  documents: DocumentRow[];
}

const idOf = (...parts: readonly (string | Uint8Array)[]): bigint => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest().readBigUInt64BE() >> 1n;
};

/** Collects the bytes of all documents. Equal bytes stand in it once. */
export class Pack {
  readonly #parts: Uint8Array[] = [];
  readonly #places = new Map<string, number>();
  readonly #stills = new Map<string, Promise<Uint8Array>>();
  size = 0;

  #add(bytes: Uint8Array): number {
    const key = createHash('sha256').update(bytes).digest('hex');
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.size;
    this.#places.set(key, place);
    this.#parts.push(bytes);
    this.size += bytes.length;
    return place;
  }

  #still(svg: string): Promise<Uint8Array> {
    const known = this.#stills.get(svg);
    if (known) return known;
    const drawn = drawStill(svg, STILL);
    this.#stills.set(svg, drawn);
    return drawn;
  }

  /** Adds the documents of a set. @returns its row of the index */
  async addSet({ id, shortName, title, kind, textColor, drawings, uses, die }: DrawnSet): Promise<SetRow> {
    const documents: DocumentRow[] = [];
    for (const { emoji, svg, scene } of drawings) {
      const still = await this.#still(svg);
      const bytes = gzipSync(JSON.stringify(projectScene(emoji, scene)), { level: 9 });
      // Made from the set, because each document belongs to one set, and from the bytes, because clients keep files by the id of their document.
      const documentId = idOf(shortName, emoji, bytes);
      documents.push([String(documentId), this.#add(bytes), bytes.length, this.#add(still), still.length, emoji]);
    }
    return { id: String(id ?? idOf(shortName)), shortName, title, kind, textColor, ...(uses && { uses }), ...(die !== undefined && { die }), documents };
  }

  /** All bytes, for the file. */
  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}
