import { badRequest, type BotError } from '../bot-error.ts';
import { isInt32 } from './int32.ts';

/**
 * The fields of an object inside of a parameter. Unlike parameters they have types, and a field of another type is an error, with the text of the official server. Texts and
 * numbers may stand for each other.
 */
export class JsonFields {
  readonly #object: object;
  readonly #context: string;

  /** @param context how errors begin, such as `can't parse keyboard button: `; '' if they say only what is wrong */
  constructor(object: object, context = '') {
    this.#object = object;
    this.#context = context;
  }

  /** The error that something is wrong with this object. */
  error(text: string): BotError {
    return badRequest(`${this.#context}${text}`);
  }

  /** The value of a field as it came; undefined if the field is absent or null. */
  value(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? ((this.#object as Record<string, unknown>)[name] ?? undefined) : undefined;
  }

  has(name: string): boolean {
    return this.value(name) !== undefined;
  }

  /** @returns '' if the field is absent. @throws BotError 400 for other types */
  text(name: string): string {
    const value = this.value(name);
    if (value === undefined) return '';
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    throw this.error(`Field "${name}" must be of type String`);
  }

  /** The text of a field that must be there. @throws BotError 400 */
  neededText(name: string): string {
    if (!this.has(name)) throw this.error(`Can't find field "${name}"`);
    return this.text(name);
  }

  /** @returns undefined if the field is absent. @throws BotError 400 for other types */
  optionalBool(name: string): boolean | undefined {
    const value = this.value(name);
    if (value !== undefined && typeof value !== 'boolean') throw this.error(`Field "${name}" must be of type Boolean`);
    return value;
  }

  /** @returns false if the field is absent. @throws BotError 400 for other types */
  bool(name: string): boolean {
    return this.optionalBool(name) ?? false;
  }

  /** An integer of 32 bits, 0 if the field is absent. @throws BotError 400 for other types and larger numbers */
  int(name: string): number {
    const value = this.value(name);
    if (value === undefined) return 0;
    if (typeof value !== 'number' && typeof value !== 'string') throw this.error(`Field "${name}" must be of type Number`);
    const number = Number(value);
    if (!isInt32(number)) throw this.error(`Field "${name}" must be a valid Number`);
    return number;
  }

  /** An integer that must be there. @throws BotError 400 */
  neededInt(name: string): number {
    if (!this.has(name)) throw this.error(`Can't find field "${name}"`);
    return this.int(name);
  }

  /** A number that must be there. @throws BotError 400 */
  neededNumber(name: string): number {
    const text = this.neededText(name).trim();
    const number = text === '' ? NaN : Number(text);
    if (!Number.isFinite(number)) throw this.error(`Field "${name}" must be of type Number`);
    return number;
  }

  /** The fields of an object in a field; undefined if the field is absent. Its errors begin as those of this object. @throws BotError 400 for other types */
  fields(name: string): JsonFields | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!isJsonObject(value)) throw this.error(`Field "${name}" must be of type Object`);
    return new JsonFields(value, this.#context);
  }
}

/** Whether a JSON value is an object, and no array. */
export function isJsonObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
