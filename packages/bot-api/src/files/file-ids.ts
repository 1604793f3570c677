import { createKeyedMac, loadSecretKeys, type SecretKeyDeps } from '@aerogram/domain';

/** What a `file_id` names. */
export interface NamedFile {
  kind: 'photo' | 'video' | 'animation' | 'document' | 'audio' | 'voice' | 'video_note' | 'sticker' | 'thumbnail' | 'profile_photo' | 'chat_photo';
  /** The data centre that has the file. */
  dcId: number;
  /** Id of the document or photo. */
  id: bigint;
  /** The letter of a size of a photo or thumbnail, such as `m`; '' for the document itself. */
  size: string;
}

/** Names files for one bot. */
export interface FileIds {
  /** The `file_id` by which this bot may use the file again. It proves that the server gave it to this bot. */
  fileId(file: NamedFile): string;
  /** The `file_unique_id`, the same for all bots. */
  uniqueId(file: NamedFile): string;
  /** Reads a `file_id` of this bot. @returns undefined if the server did not give it to this bot */
  read(fileId: string): NamedFile | undefined;
}

/** Name of the secret keys of the ids. */
const KEYS = 'bot_file_id';

/** First byte of a `file_id`: how the others are to be read. */
const FORMAT = 1;

/** The numbers of the kinds. Bots store the ids for ever, so the numbers must not change meaning. */
const KINDS: Readonly<Record<NamedFile['kind'], number>> = {
  photo: 1, video: 2, animation: 3, document: 4, audio: 5, voice: 6, video_note: 7, sticker: 8, thumbnail: 9, profile_photo: 10, chat_photo: 11,
};

const KIND_OF_NUMBER: ReadonlyMap<number, NamedFile['kind']> = new Map((Object.keys(KINDS) as NamedFile['kind'][]).map((kind) => [KINDS[kind], kind]));

/** Length of what the MAC of a `file_id` covers: format (1), key version (1), kind (1), size (1), data centre (1), id (8); integers are big-endian. It covers the id of the bot as well. */
const BODY_BYTES = 13;
/** Length of the MAC at the end of a `file_id`. */
const MAC_BYTES = 16;
/** Length of a `file_unique_id` before it becomes text. */
const UNIQUE_BYTES = 12;

/**
 * Creates what names files for bots.
 * @param keys 32-byte keys by version (0–255); new ids use the highest version, and ids that are the same for ever the lowest one
 */
export function createFileIds(keys: ReadonlyMap<number, Uint8Array>): (botId: bigint) => FileIds {
  const mac = createKeyedMac(keys, MAC_BYTES);
  const firstVersion = Math.min(...keys.keys());
  const unique = createKeyedMac(new Map([[firstVersion, keys.get(firstVersion)!]]), UNIQUE_BYTES);
  return (botId) => {
    // Made when it is needed: most calls name no file, and bytes that stay would keep a whole pool of Buffers.
    const holder = (): Uint8Array => bytesOf(botId);
    return {
      fileId({ kind, dcId, id, size }) {
        const body = Buffer.alloc(BODY_BYTES);
        body.set([FORMAT, mac.newest, KINDS[kind], sizeByte(size), dcId]);
        body.writeBigInt64BE(id, 5);
        return Buffer.concat([body, mac.of(body, holder())]).toString('base64url');
      },
      uniqueId: ({ id, size }) => unique.of(Uint8Array.of(sizeByte(size)), bytesOf(id)).toString('base64url'),
      read(fileId) {
        // A longer text is none, and is not decoded.
        if (fileId.length !== Math.ceil(((BODY_BYTES + MAC_BYTES) * 4) / 3)) return undefined;
        const all = Buffer.from(fileId, 'base64url');
        if (all.length !== BODY_BYTES + MAC_BYTES || all.toString('base64url') !== fileId) return undefined;
        const body = all.subarray(0, BODY_BYTES);
        const kind = KIND_OF_NUMBER.get(body[2]!);
        if (body[0] !== FORMAT || kind === undefined || !mac.matches(body[1]!, all.subarray(BODY_BYTES), body, holder())) return undefined;
        return { kind, dcId: body[4]!, id: body.readBigInt64BE(5), size: body[3] === 0 ? '' : String.fromCharCode(body[3]!) };
      },
    };
  };
}

/** The same with the keys of this server, which are in its database, so that the ids survive restarts and backups. */
export async function loadFileIds(deps: SecretKeyDeps): Promise<(botId: bigint) => FileIds> {
  return createFileIds(await loadSecretKeys(deps, KEYS));
}

/** The letter of a size as a byte; 0 for none. */
function sizeByte(size: string): number {
  return size === '' ? 0 : size.charCodeAt(0);
}

function bytesOf(id: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(id);
  return bytes;
}
