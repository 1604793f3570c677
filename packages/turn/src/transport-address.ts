import { SocketAddress } from 'node:net';

/** Address and port of one end of a path. */
export interface TransportAddress {
  /** An IP address, written as the system writes it, without brackets and zone. */
  address: string;
  port: number;
}

const V4_BYTES = 4;
const V6_GROUPS = 8;

/** 4 or 6. */
export type Family = 4 | 6;

/** The family of an address that is known to be one. */
export function familyOf(address: string): Family {
  return address.includes(':') ? 6 : 4;
}

/** The address of 4 or 16 bytes, written as the system writes it. */
export function addressOfBytes(bytes: Uint8Array): string {
  if (bytes.length === V4_BYTES) return bytes.join('.');
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const groups = Array.from({ length: V6_GROUPS }, (_, index) => view.readUInt16BE(index * 2).toString(16));
  return new SocketAddress({ family: 'ipv6', address: groups.join(':') }).address;
}
