import { LIFTS } from './converters/lifts.ts';

const lifts = new Map<string, (o: never) => object>(Object.entries(LIFTS));

/**
 * The newest form of an object that something else than the readers of this package has read, such as another library. What it contains must be lifted already.
 * @param key the form that it has, such as `keyboardButtonUrl#d80c25ec`
 * @returns the object itself if no converter is needed
 */
export function liftForm(key: string, object: object): object {
  return lifts.get(key)?.(object as never) ?? object;
}
