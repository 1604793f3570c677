import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bitString, explicit, implicit, integer, octetString, oid, sequence, setOf, time, utf8String, yes } from './der.ts';

/** What a certificate says, and who signs it. */
export interface CertificateTerms {
  /** The common name of the subject. */
  subject: string;
  /** An EC key; of the subject itself for a certificate that signs itself. */
  publicKey: KeyObject;
  /** The common name of the one who signs, and its private key on the curve P-256. */
  issuer: { name: string; key: KeyObject };
  /** From when and until when, in milliseconds since 1970. */
  valid: { fromMs: number; untilMs: number };
  /** Whether the subject signs others, which are no such authorities themselves. */
  isAuthority: boolean;
}

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const COMMON_NAME = oid('2.5.4.3');
const SERVER_AND_CLIENT = sequence(oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.2'));

/** keyUsage with the bit digitalSignature. */
const MAY_PROVE_ITSELF = bitString(Buffer.of(0x80), 7);

/** keyUsage with the bit keyCertSign. */
const MAY_SIGN_CERTIFICATES = bitString(Buffer.of(0x04), 2);

const nameOf = (name: string): Buffer => sequence(setOf(sequence(COMMON_NAME, utf8String(name))));
const infoOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
const idOf = (key: KeyObject): Buffer => createHash('sha256').update(infoOf(key)).digest().subarray(0, 20);

function extension(id: string, value: Uint8Array, isCritical = false): Buffer {
  return sequence(oid(id), ...(isCritical ? [yes()] : []), octetString(value));
}

function extensionsOf({ isAuthority, publicKey, issuer }: CertificateTerms): Buffer {
  const own = isAuthority
    ? [
        extension('2.5.29.19', sequence(yes(), integer(Buffer.of(0))), true),
        extension('2.5.29.15', MAY_SIGN_CERTIFICATES, true),
      ]
    : [
        extension('2.5.29.19', sequence(), true),
        extension('2.5.29.15', MAY_PROVE_ITSELF, true),
        extension('2.5.29.37', SERVER_AND_CLIENT),
      ];
  const ids = [extension('2.5.29.14', octetString(idOf(publicKey))), extension('2.5.29.35', sequence(implicit(0, idOf(createPublicKey(issuer.key)))))];
  return sequence(...own, ...ids);
}

/** Makes an X.509 certificate, as PEM. */
export function makeCertificate(terms: CertificateTerms): string {
  const { subject, publicKey, issuer, valid } = terms;
  const statement = sequence(
    explicit(0, integer(Buffer.of(2))),
    integer(randomBytes(16)),
    ECDSA_WITH_SHA256,
    nameOf(issuer.name),
    sequence(time(valid.fromMs), time(valid.untilMs)),
    nameOf(subject),
    infoOf(publicKey),
    explicit(3, extensionsOf(terms)),
  );
  const signature = sign('sha256', statement, issuer.key);
  const text = sequence(statement, ECDSA_WITH_SHA256, bitString(signature)).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${text.replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
}
