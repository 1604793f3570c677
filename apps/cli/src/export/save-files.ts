import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf, hasCaption } from '@aerogram/domain';
import { RpcError } from '@aerogram/errors';
import type { AccountReader } from '@aerogram/node';
import type { tl } from '@aerogram/tl';

const PART = 1_048_576;
const NAME_MAX = 80;

interface FoundFile {
  id: bigint;
  name: string;
  location: tl.InputFileLocation;
}

/** Saves the files of messages, each of them once. */
export class FileSaver {
  readonly #saved = new Map<bigint, string | undefined>();
  readonly #reader: AccountReader;
  readonly #dir: string;

  /** @param dir where the directory `files` is */
  constructor(reader: AccountReader, dir: string) {
    this.#reader = reader;
    this.#dir = dir;
  }

  get count(): number {
    return this.#saved.size;
  }

  /** Saves the file of a message. @returns its path in the export; undefined if the message has none, or the server no longer has it */
  async save(media: tl.MessageMedia | undefined): Promise<string | undefined> {
    const file = media && findFile(media);
    if (file === undefined) return undefined;
    if (this.#saved.has(file.id)) return this.#saved.get(file.id);
    const path = `files/${file.id}-${file.name}`;
    const saved = await this.#write(file.location, join(this.#dir, path)).then(
      () => path,
      (error: unknown) => {
        // A file that is gone or locked must not end the export of everything else.
        if (error instanceof RpcError) return undefined;
        throw error;
      },
    );
    this.#saved.set(file.id, saved);
    return saved;
  }

  async #write(location: tl.InputFileLocation, path: string): Promise<void> {
    let output: Awaited<ReturnType<typeof open>> | undefined;
    try {
      for (let offset = 0n; ; offset += BigInt(PART)) {
        const part = await this.#reader.invoke({ _: 'upload.getFile', location, offset, limit: PART });
        if (part._ !== 'upload.file') throw new Error(`the server answered ${part._}`);
        output ??= await open(path, 'w', 0o600);
        await output.write(part.bytes);
        if (part.bytes.length < PART) return;
      }
    } finally {
      await output?.close();
    }
  }
}

function findFile(media: tl.MessageMedia): FoundFile | undefined {
  const [file] = hasCaption(media) ? filesOf(media) : [];
  if (file?._ === 'photo') {
    const { id, access_hash, file_reference, sizes } = file;
    const largest = sizes.findLast((size) => size._ === 'photoSize' || size._ === 'photoSizeProgressive');
    return largest && { id, name: 'photo.jpg', location: { _: 'inputPhotoFileLocation', id, access_hash, file_reference, thumb_size: largest.type } };
  }
  if (file === undefined) return undefined;
  const { id, access_hash, file_reference, attributes, mime_type: type } = file;
  const named = attributes.find((attribute) => attribute._ === 'documentAttributeFilename')?.file_name;
  return { id, name: cleanName(named ?? `file.${type.split('/')[1] ?? 'bin'}`), location: { _: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size: '' } };
}

/** A name of a file that is the same on all systems and leads nowhere else. */
function cleanName(name: string): string {
  const clean = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^\.+/, '');
  return clean.slice(-NAME_MAX) || 'file';
}
