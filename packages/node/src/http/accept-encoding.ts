/** The encodings in which files of the web client may exist, the shortest one first. */
export const ENCODINGS = ['br', 'gzip'] as const;

/** An encoding in which a file of the web client may exist. */
export type Encoding = (typeof ENCODINGS)[number];

const WEIGHT = /^q=([01](?:\.\d{0,3})?)$/i;

/** Reads the weights of a list such as `br;q=0.9, gzip`. What cannot be read counts as refused. Pure. */
function readWeights(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const item of header.toLowerCase().split(',')) {
    const [name = '', weight] = item.split(';').map((part) => part.trim());
    weights.set(name, weight === undefined ? 1 : Number(WEIGHT.exec(weight)?.[1] ?? 0));
  }
  return weights;
}

/**
 * Chooses the encoding of an answer: the one that the client prefers, and of equal ones the shortest. Pure.
 * @param header the request's `Accept-Encoding`
 * @param existing the encodings in which the file exists besides its plain form
 * @returns undefined for the plain form, also if the client refuses everything: most clients that do so can read it nevertheless
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding
 */
export function chooseEncoding(header: string | undefined, existing: readonly Encoding[]): Encoding | undefined {
  const weights = readWeights(header ?? '');
  let chosen: Encoding | undefined;
  // A client that does not name the plain form takes it only if nothing else is there.
  let best = weights.get('identity') ?? 0;
  for (const encoding of ENCODINGS) {
    const weight = weights.get(encoding) ?? weights.get('*') ?? 0;
    if (weight === 0 || !existing.includes(encoding) || (chosen === undefined ? weight < best : weight <= best)) continue;
    chosen = encoding;
    best = weight;
  }
  return chosen;
}
