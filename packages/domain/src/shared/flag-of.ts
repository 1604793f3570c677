/** A flag of a request as it is stored and sent: set or absent, never false. Pure. */
export function flagOf(flag: boolean | undefined): true | undefined {
  return flag === true ? true : undefined;
}
