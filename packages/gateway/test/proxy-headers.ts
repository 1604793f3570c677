import { isIPv4 } from 'node:net';

interface Place {
  address: string;
  port: number;
}

/** What a header says; tests also make invalid ones. */
export interface ProxyHeaderParts {
  source?: Place;
  destination?: Place;
  /** 0x21 (PROXY) by default; 0x20 is LOCAL. */
  command?: number;
  /** Family and protocol; by default TCP over the family of the source. */
  kind?: number;
  /** Written in place of the addresses. */
  addresses?: Buffer;
  /** Bytes of an extension that follows the addresses. */
  extension?: number;
}

function bytesOf(address: string): number[] {
  if (isIPv4(address)) return address.split('.').map(Number);
  const [head = '', tail = ''] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const zeros = Array.from({ length: 8 - groups(head).length - groups(tail).length }, () => '0');
  return [...groups(head), ...zeros, ...groups(tail)].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
}

/** A header of the PROXY protocol, version 2. */
export function proxyHeaderV2({ source, destination, command = 0x21, extension = 0, ...parts }: ProxyHeaderParts): Buffer {
  const ports = [source, destination].flatMap((place) => (place ? [place.port >> 8, place.port & 255] : []));
  const addresses = parts.addresses ?? Buffer.from([...[source, destination].flatMap((place) => (place ? bytesOf(place.address) : [])), ...ports]);
  const kind = parts.kind ?? (source && isIPv4(source.address) ? 0x11 : 0x21);
  const body = Buffer.concat([addresses, Buffer.alloc(extension, 4)]);
  const head = Buffer.from('0d0a0d0a000d0a515549540a00000000', 'hex');
  head.writeUInt8(command, 12);
  head.writeUInt8(kind, 13);
  head.writeUInt16BE(body.length, 14);
  return Buffer.concat([head, body]);
}

/** A header of the PROXY protocol, version 1, for addresses of one family. */
export function proxyHeaderV1(source: Place, destination: Place): Buffer {
  return Buffer.from(`PROXY TCP${isIPv4(source.address) ? 4 : 6} ${source.address} ${destination.address} ${source.port} ${destination.port}\r\n`);
}
