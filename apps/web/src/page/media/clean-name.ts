const NAME_MAX = 120;
/** Characters that change the direction or end of a line: with them `photo<mark>gpj.exe` is read as `photoexe.jpg`. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{d800}-\u{dfff}]/gu;
/** What systems take for something else than a part of a name. */
const FORBIDDEN = /[/\\:*?"<>|]/g;

const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Makes a name under which a file can be shown and stored, of the one that its sender gave. Pure. */
export function cleanName(name: string | undefined, otherwise: string): string {
  const plain = (name ?? '').normalize('NFC').replaceAll(INVISIBLE, '').replaceAll(FORBIDDEN, '_').trim().replace(/^\.+/, '').replace(/[. ]+$/, '');
  if (plain === '') return otherwise;
  const safe = RESERVED.test(plain) ? `_${plain}` : plain;
  if (safe.length <= NAME_MAX) return safe;
  const ending = /\.[^.]{1,12}$/.exec(safe)?.[0] ?? '';
  return `${safe.slice(0, NAME_MAX - ending.length)}${ending}`;
}

/** The last part of a name, such as `PDF`, for the icon of a file; empty if it has none. Pure. */
export const endingOf = (name: string): string => (/\.([\p{L}\p{N}]{1,5})$/u.exec(name)?.[1] ?? '').toUpperCase();
