/** The country that is set on a device, as two capital letters; undefined if there is none. IP addresses are not located. */
export function countryOf(systemLangCode: string | undefined): string | undefined {
  return /[-_]([a-z]{2})$/i.exec(systemLangCode ?? '')?.[1]?.toUpperCase();
}
