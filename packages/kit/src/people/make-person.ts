import { doMakePerson, testCodeOf } from '@aerogram/domain';
import { RpcError } from '@aerogram/errors';

import { KitError } from '../kit-error.ts';
import type { KitParts } from '../kit-parts.ts';
import type { TestSet } from '../test-set.ts';
import { Person } from './person.ts';

/** What a test chooses of a new person. */
export interface PersonChoice {
  name: string;
  username?: string | undefined;
  /** A number 99966XYYYY; left out: any that is free. */
  phone?: string | undefined;
}

/** How many numbers are tried until one is free. They are taken one after the other, so two in a row are hardly ever taken. */
const NUMBER_TRIES = 1000;

const REFUSALS: Readonly<Record<string, string>> = {
  FIRSTNAME_INVALID: 'a name has 1 to 64 characters',
  USERNAME_INVALID: 'a username has 5 to 32 letters, digits and single underscores, and begins with a letter',
  USERNAME_OCCUPIED: 'the username is taken or reserved',
  PHONE_NUMBER_INVALID: 'the phone number is not valid',
  PHONE_NUMBER_OCCUPIED: 'the phone number is taken',
};

/**
 * Makes a person of a set.
 * @throws KitError `invalid` (the number is no test number), `refused`
 */
export async function makePerson(kit: KitParts, set: TestSet, { name, username, phone }: PersonChoice): Promise<Person> {
  const wanted = username?.replace(/^@/, '');
  if (phone !== undefined) {
    const number = phone.replace(/^\+/, '');
    const code = testCodeOf(number);
    if (code === undefined) throw new KitError('invalid', `${name} cannot have the number ${phone}: numbers of people are 99966XYYYY`);
    return add(kit, set, { name, username: wanted, phone: number, code });
  }
  for (let tries = 1; ; tries++) {
    try {
      return await add(kit, set, { name, username: wanted, ...kit.numbers.take() });
    } catch (error) {
      if (!(error instanceof KitError) || error.details.refusal !== 'PHONE_NUMBER_OCCUPIED' || tries === NUMBER_TRIES) throw error;
    }
  }
}

async function add(kit: KitParts, set: TestSet, person: { name: string; username: string | undefined; phone: string; code: string }): Promise<Person> {
  set.checkOpen();
  try {
    const id = await doMakePerson(kit, person);
    const made = new Person(kit, set, { ...person, id });
    set.addPerson(made);
    return made;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    throw new KitError('refused', `${person.name} could not be made: ${REFUSALS[error.text] ?? error.text}`, { refusal: error.text });
  }
}
