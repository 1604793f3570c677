import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { parseSync, type Statement, type TSSignature, type TSType, type TSTypeName } from 'oxc-parser';

import { OLD_FIELDS } from './old-fields.ts';

/** A type of the reference, and the namespace in which its names are looked up first; '' outside of namespaces. */
interface Declared {
  /** As it is found, such as `Chat.GroupChat`. */
  name: string;
  space: string;
  /** The types that it extends, or the one that it is another name for. */
  parts: TSType[];
  members: TSSignature[];
  hasParameters: boolean;
}

/** A field of an object. */
interface Field {
  type: TSType;
  space: string;
  isOptional: boolean;
}

/** The fields that an object may have. A name has several types where types are combined. */
type Fields = Map<string, Field[]>;

/** Names of types whose values are not looked at: they have parameters, or are functions of types that this module does not know. */
const ANYTHING: Fields = new Map();

let declaredTypes: Map<string, Declared> | undefined;

function declared(): Map<string, Declared> {
  declaredTypes ??= readTypes();
  return declaredTypes;
}

function readTypes(): Map<string, Declared> {
  const folder = dirname(createRequire(import.meta.url).resolve('@grammyjs/types'));
  const types = new Map<string, Declared>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.d.ts'))) {
    collect(parseSync(file, readFileSync(join(folder, file), 'utf8')).program.body, '', types);
  }
  return types;
}

function collect(statements: readonly (Statement | object)[], space: string, types: Map<string, Declared>): void {
  for (const statement of statements as readonly Statement[]) {
    const one = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    const nameOf = (id: { name: string }): string => (space === '' ? id.name : `${space}.${id.name}`);
    if (one?.type === 'TSInterfaceDeclaration') {
      const parts = one.extends.map((parent) => ({ type: 'TSTypeReference', typeName: parent.expression, typeArguments: parent.typeArguments }) as unknown as TSType);
      types.set(nameOf(one.id), { name: nameOf(one.id), space, parts, members: one.body.body, hasParameters: one.typeParameters !== null });
    } else if (one?.type === 'TSTypeAliasDeclaration') {
      types.set(nameOf(one.id), { name: nameOf(one.id), space, parts: [one.typeAnnotation], members: [], hasParameters: one.typeParameters !== null });
    } else if (one?.type === 'TSModuleDeclaration' && one.body?.type === 'TSModuleBlock' && one.id.type === 'Identifier') {
      collect(one.body.body, nameOf(one.id), types);
    }
  }
}

function writtenName(name: TSTypeName): string {
  if (name.type === 'Identifier') return name.name;
  // Interfaces name those that they extend as expressions.
  const member = name as unknown as { left?: TSTypeName; object?: TSTypeName; right?: { name: string }; property?: { name: string } };
  const left = member.left ?? member.object;
  const right = member.right ?? member.property;
  return left === undefined || right === undefined ? 'this' : `${writtenName(left)}.${right.name}`;
}

function lookUp(name: string, space: string): Declared | undefined {
  return declared().get(space === '' ? name : `${space}.${name}`) ?? declared().get(name);
}

/** The alternatives of a type; the type itself if it has none. */
function alternatives(type: TSType, space: string): { type: TSType; space: string }[] {
  if (type.type === 'TSUnionType') return type.types.flatMap((one) => alternatives(one, space));
  if (type.type === 'TSParenthesizedType') return alternatives(type.typeAnnotation, space);
  if (type.type !== 'TSTypeReference') return [{ type, space }];
  const name = writtenName(type.typeName);
  if (name === 'Exclude') {
    const [all, excluded] = type.typeArguments!.params;
    const nameOf = (one: { type: TSType; space: string }): string | undefined => (one.type.type === 'TSTypeReference' ? lookUp(writtenName(one.type.typeName), one.space)?.name : undefined);
    const names = new Set(alternatives(excluded!, space).map(nameOf));
    // Types without a name, such as the names of all fields, stay whole.
    return alternatives(all!, space).filter((one) => nameOf(one) === undefined || !names.has(nameOf(one)));
  }
  const found = lookUp(name, space);
  const isAlias = found !== undefined && found.members.length === 0 && found.parts.length === 1 && !found.hasParameters && found.parts[0]!.type === 'TSUnionType';
  return isAlias ? alternatives(found.parts[0]!, found.space) : [{ type, space }];
}

function merge(all: readonly (Fields | undefined)[]): Fields | undefined {
  const merged: Fields = new Map();
  for (const fields of all) {
    if (fields === undefined || fields === ANYTHING) return fields;
    for (const [name, types] of fields) merged.set(name, [...(merged.get(name) ?? []), ...types]);
  }
  return merged;
}

function fieldsOfMembers(members: readonly TSSignature[], space: string): Fields {
  const fields: Fields = new Map();
  for (const member of members) {
    if (member.type !== 'TSPropertySignature' || member.typeAnnotation === null) continue;
    const key = member.key as { name?: string; value?: unknown };
    fields.set(key.name ?? String(key.value), [{ type: member.typeAnnotation.typeAnnotation, space, isOptional: member.optional }]);
  }
  return fields;
}

/** The fields of an object type; undefined for other types. */
function fieldsOf(type: TSType, space: string): Fields | undefined {
  if (type.type === 'TSTypeLiteral') return fieldsOfMembers(type.members, space);
  if (type.type === 'TSIntersectionType') return merge(type.types.map((one) => fieldsOf(one, space)));
  if (type.type !== 'TSTypeReference') return undefined;
  const name = writtenName(type.typeName);
  if (name === 'Omit') {
    const [all, omitted] = type.typeArguments!.params;
    const names = new Set(alternatives(omitted!, space).map((one) => (one.type.type === 'TSLiteralType' && one.type.literal.type === 'Literal' ? one.type.literal.value : undefined)));
    const fields = fieldsOf(all!, space);
    return fields && new Map([...fields].filter(([field]) => !names.has(field)));
  }
  const found = lookUp(name, space);
  if (found === undefined || found.hasParameters) return ANYTHING;
  const isAlias = found.members.length === 0 && found.parts.length === 1 && fieldsOf(found.parts[0]!, found.space) === undefined;
  if (isAlias) return undefined;
  const own = fieldsOfMembers(found.members, found.space);
  // What an interface says of a field holds, not what it extends.
  const inherited = merge(found.parts.map((part) => fieldsOf(part, found.space)));
  if (inherited === ANYTHING) return ANYTHING;
  return new Map([...(inherited ?? []), ...own, ...oldFields(found.name)]);
}

/** The old fields of a type, which may have any value. */
function oldFields(name: string): [string, Field[]][] {
  const names: readonly string[] = (OLD_FIELDS as Record<string, readonly string[]>)[name] ?? (OLD_FIELDS as Record<string, readonly string[]>)[name.split('.')[0]!] ?? [];
  return names.map((field) => [field, []]);
}

const PRIMITIVES: Readonly<Partial<Record<TSType['type'], string>>> = { TSStringKeyword: 'string', TSNumberKeyword: 'number', TSBooleanKeyword: 'boolean', TSTemplateLiteralType: 'string' };

/** How many problems a field weighs that has another word than the type says. */
const WORD_WEIGHT = 1000;

function checkType(type: TSType, space: string, value: unknown, path: string): string[] {
  const choices = alternatives(type, space);
  if (choices.length > 1) {
    const problems = choices.map((one) => checkType(one.type, one.space, value, path));
    // Of several alternatives, the one that fits best says what is wrong. A word such as the type that says which one is meant counts more than all other fields.
    const misfit = (one: readonly string[]): number => one.length + WORD_WEIGHT * one.filter((problem) => problem.includes(': not "')).length;
    return problems.reduce((best, one) => (misfit(one) < misfit(best) ? one : best));
  }
  const [{ type: only, space: from }] = choices as [{ type: TSType; space: string }];
  const primitive = PRIMITIVES[only.type];
  // eslint-disable-next-line valid-typeof -- the names are those of primitive types
  if (primitive !== undefined) return typeof value === primitive && (typeof value !== 'number' || Number.isFinite(value)) ? [] : [`${path}: no ${primitive}`];
  if (only.type === 'TSLiteralType') return only.literal.type === 'Literal' && only.literal.value !== value ? [`${path}: not ${JSON.stringify(only.literal.value)}`] : [];
  if (only.type === 'TSUndefinedKeyword') return [`${path}: must not be there`];
  if (only.type === 'TSArrayType') return checkList(only.elementType, from, value, path);
  if (only.type === 'TSTypeReference' && writtenName(only.typeName) === 'Array') return checkList(only.typeArguments!.params[0]!, from, value, path);
  const fields = fieldsOf(only, from);
  if (fields === ANYTHING) return [];
  if (fields !== undefined) return checkFields(fields, value, path);
  const alias = only.type === 'TSTypeReference' ? lookUp(writtenName(only.typeName), from) : undefined;
  return alias === undefined ? [] : checkType(alias.parts[0]!, alias.space, value, path);
}

function checkList(type: TSType, space: string, value: unknown, path: string): string[] {
  return Array.isArray(value) ? value.flatMap((one, index) => checkType(type, space, one, `${path}[${index}]`)) : [`${path}: no list`];
}

function checkFields(fields: Fields, value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) return [`${path}: no object`];
  const present = Object.entries(value).filter(([, one]) => one !== undefined);
  const unknown = present.filter(([name]) => !fields.has(name)).map(([name]) => `${path}.${name}: unknown`);
  const isMissing = ([name, types]: [string, Field[]]): boolean =>
    (value as Record<string, unknown>)[name] === undefined && types.some((one) => !one.isOptional && one.type.type !== 'TSUndefinedKeyword');
  const missing = [...fields].filter(isMissing).map(([name]) => `${path}.${name}: missing`);
  const wrong = present.flatMap(([name, one]) => (fields.get(name) ?? []).flatMap((field) => checkType(field.type, field.space, one, `${path}.${name}`)));
  return [...unknown, ...missing, ...wrong];
}

/**
 * Compares a value with a type of the reference, as the package `@grammyjs/types` has it: fields that the type does not have, required ones that are missing, and
 * values of another primitive type. The old fields of {@link OLD_FIELDS} may be there. Fields that are undefined count as absent, as in JSON.
 * @param typeName such as `Message`, `Chat.GroupChat` or `ChatMember[]`
 * @returns what is wrong, each with the path to it; empty if nothing is
 */
export function checkObject(typeName: string, value: unknown): string[] {
  const isList = typeName.endsWith('[]');
  const name = isList ? typeName.slice(0, -2) : typeName;
  if (!declared().has(name)) throw new Error(`The reference has no type ${name}`);
  const type = { type: 'TSTypeReference', typeName: { type: 'Identifier', name }, typeArguments: null } as unknown as TSType;
  return isList ? checkList(type, '', value, name) : checkType(type, '', value, name);
}

/**
 * Compares the result of a method with what the reference says that the method returns, as {@link checkObject} does. Results of methods that the reference does not have are right.
 * @param method as the reference writes it, or in any other case
 */
export function checkResult(method: string, result: unknown): string[] {
  const type = returnTypes().get(method.toLowerCase());
  return type === undefined ? [] : checkType(type, '', result, method);
}

let returned: Map<string, TSType> | undefined;

/** What methods return, by their names in lower case. */
function returnTypes(): Map<string, TSType> {
  if (returned !== undefined) return returned;
  const [methods] = declared().get('ApiMethods')!.parts;
  if (methods?.type !== 'TSTypeLiteral') throw new Error('the reference does not list its methods');
  returned = new Map();
  for (const member of methods.members) {
    if (member.type === 'TSMethodSignature' && member.key.type === 'Identifier' && member.returnType) returned.set(member.key.name.toLowerCase(), withWholeMessages(member.returnType.typeAnnotation));
  }
  return returned;
}

/** A type in which `Message` stands for the kinds of messages, which have parameters. */
function withWholeMessages(type: TSType): TSType {
  if (type.type === 'TSParenthesizedType') return withWholeMessages(type.typeAnnotation);
  if (type.type === 'TSUnionType') return { ...type, types: type.types.map(withWholeMessages) };
  if (type.type === 'TSIntersectionType') return type.types.map(withWholeMessages).find((one) => one.type === 'TSTypeReference' && writtenName(one.typeName) === 'Message') ?? type;
  if (type.type === 'TSArrayType') return { ...type, elementType: withWholeMessages(type.elementType) };
  if (type.type === 'TSTypeReference' && type.typeArguments !== null) return { ...type, typeArguments: { ...type.typeArguments, params: type.typeArguments.params.map(withWholeMessages) } };
  if (type.type !== 'TSTypeReference' || !writtenName(type.typeName).startsWith('Message.')) return type;
  return { ...type, typeName: { type: 'Identifier', name: 'Message' } } as TSType;
}
