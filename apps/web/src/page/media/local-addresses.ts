import type { LocalFile } from '../../protocol/index.ts';
import { blobAddress } from '../ground/pictures.ts';

/** What was chosen here stays until the page is left, so that nothing flickers when the server has it. */
const KEPT = 50;

interface Addresses {
  /** Of the file itself. */
  file: string;
  /** Its type, as the system says. */
  type: string;
  /** Of the picture that stands for it. */
  picture?: string;
}

const known = new Map<string, Addresses>();

/** The addresses of a file on its way, or of one that was sent from this page. @param key of the message */
export function localAddresses(key: string, local: LocalFile | undefined): Addresses | undefined {
  const found = known.get(key);
  if (found || !local || local.as === 'file') return found;
  const file = blobAddress(local.file);
  const addresses: Addresses = { file, type: local.file.type, picture: local.as === 'photo' ? file : local.thumb && blobAddress(local.thumb) };
  known.set(key, addresses);
  const [oldest] = known.keys();
  if (known.size > KEPT) drop(oldest!);
  return addresses;
}

function drop(key: string): void {
  const { file, picture } = known.get(key)!;
  known.delete(key);
  URL.revokeObjectURL(file);
  if (picture !== undefined && picture !== file) URL.revokeObjectURL(picture);
}
