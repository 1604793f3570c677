import type { Config } from '@aerogram/runtime';

/** Says that invitations are of no use, if they are not. Pure. @returns lines */
export function describeSignUp({ signUp }: Pick<Config, 'signUp'>): string[] {
  return signUp === 'invited' ? [] : [`AEROGRAM_SIGN_UP is "${signUp}" here: ${signUp === 'open' ? 'everybody' : 'nobody'} may sign up`];
}
