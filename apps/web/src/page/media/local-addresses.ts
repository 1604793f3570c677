import type { LocalFile } from '../../protocol/index.ts';
import { blobAddress } from '../parts/pictures.ts';

/** Pictures that were chosen here stay until the page is left, so that nothing flickers when the server has them. */
const KEPT = 50;

const addresses = new Map<string, string>();

/** The address of a file on its way, or of one that was sent from this page. @param key of the message */
export function localAddress(key: string, local: LocalFile | undefined): string | undefined {
  const known = addresses.get(key);
  if (known !== undefined || !local || local.as !== 'photo') return known;
  const address = blobAddress(local.file);
  addresses.set(key, address);
  const [oldest] = addresses.keys();
  if (addresses.size > KEPT) {
    URL.revokeObjectURL(addresses.get(oldest!)!);
    addresses.delete(oldest!);
  }
  return address;
}
