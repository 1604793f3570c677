import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { OperatorError } from '@aerogram/runtime';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs claims, as a JSON Web Token (RFC 7519). Pure but for the signature. @param header what its header says besides algorithm and type */
export function signToken(algorithm: 'ES256' | 'RS256', key: KeyObject, claims: object, header: object = {}): string {
  const signed = `${encode({ typ: 'JWT', alg: algorithm, ...header })}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** Reads a private key. @param setting named in the error @throws OperatorError */
export function readKey(pem: string, setting: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new OperatorError(`${setting}: there is no private key in this file`);
  }
}
