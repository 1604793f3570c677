import { parseSync } from 'oxc-parser';

/** What a mutation removes. */
export type PlaceKind = 'log' | 'flush' | 'publish' | 'counter';

/** A place in a source file that a mutation changes. */
export interface Place {
  /** Names the place across runs, also when its line moves. */
  key: string;
  kind: PlaceKind;
  file: string;
  /** From 1. */
  line: number;
}

/** The places of a file, and the file with a switch at each of them. */
export interface SwitchedFile {
  places: Place[];
  /** @param first the number of the first place; the others follow in order */
  write(first: number): string;
}

interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}

interface Insertion {
  at: number;
  /** Closing texts come before opening texts at the same position. */
  closes: boolean;
  text: (number: number) => string;
  place: number;
}

/** Methods of open boxes that add an event. */
const ADDING = new Set(['addMessage', 'addEdit', 'addUpdate', 'addLoose', 'noteSent']);
/** Of these, those whose result is the pts of the box. */
const ANSWERING_PTS = new Set(['addEdit', 'addUpdate']);
/** Functions that write to the log, or that pass on to open boxes. */
const LOG_FUNCTIONS = new Set(['tell', 'insertLog', 'insertArrivals']);
/** Functions that move the position of a session. */
const STEP_FUNCTIONS = new Set(['stepBox']);
/** The class whose lists are the events of a transaction. */
const EVENTS_CLASS = 'Boxes';

const COUNTER = /^(pts|qts|seq|loose_?seq|pts_?count|loose_?count|next_\w+|\w+_count)$/i;
/** A step in SQL: `pts = c.pts + 1`. */
const SQL_STEP = /\b((?:\w*_)?(?:pts|qts|seq|count)|next_\w+)\s*=\s*(?:\w+\.)?\1\s*[+-]\s*/g;
/** A counter in SQL that is counted again: `unread_count = (SELECT count(*) …)`. */
const SQL_RECOUNT = /\b(\w+_count)\s*=\s*(?=\(SELECT count\()/g;

const SQL_TARGET = /\bUPDATE\s+(\w+)(?:\s+(?:AS\s+)?(?!SET\b)(\w+))?\s+SET\b/;

const KEY_TEXT_MAX = 70;

/**
 * The code before each switched file. `__place(n)` is true if the mutation n is on, which the environment variable MUTANT says. It also writes
 * the number into the file MUTANT_HITS names, if any: so it is known which test file runs which place.
 */
const RUNTIME = "const __place = (globalThis.__aerogramPlaces ??= (() => { const fs = process.getBuiltinModule('node:fs'); const on = process.env.MUTANT; "
  + 'const seen = new Set(); const hit = (n) => { const to = process.env.MUTANT_HITS; if (!to || seen.has(to + n)) return; seen.add(to + n); '
  + "fs.appendFileSync(to, n + '\\n'); }; const place = (n) => { hit(n); return on === String(n); }; place.hit = hit; place.is = (n) => on === String(n); return place; })()); ";

/**
 * Finds the places of a source file.
 *
 * @param file its path, for the keys
 */
export function findPlaces(file: string, source: string): SwitchedFile {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const finder = new Finder(file, source, program as unknown as Node);
  return finder.find();
}

class Finder {
  readonly #file: string;
  readonly #source: string;
  readonly #program: Node;
  readonly #places: Place[] = [];
  readonly #insertions: Insertion[] = [];
  readonly #keys = new Map<string, number>();

  constructor(file: string, source: string, program: Node) {
    this.#file = file;
    this.#source = source;
    this.#program = program;
  }

  find(): SwitchedFile {
    this.#visit(this.#program, []);
    return { places: this.#places, write: (first) => this.#write(first) };
  }

  #visit(node: Node, parents: readonly Node[]): void {
    if (node.type === 'CallExpression') this.#visitCall(node, parents);
    if (node.type === 'UpdateExpression' && this.#isCounter(node['argument'] as Node)) this.#wrap('counter', node, '0');
    if (node.type === 'AssignmentExpression' && /^[+-]=$/.test(String(node['operator'])) && this.#isCounter(node['left'] as Node)) this.#wrap('counter', node, '0');
    if (node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node['value'] === 'string')) this.#visitSql(node, parents);
    const within = [...parents, node];
    for (const child of childrenOf(node)) this.#visit(child, within);
  }

  #visitCall(node: Node, parents: readonly Node[]): void {
    const callee = node['callee'] as Node;
    const isUnused = parents.at(-1)?.type === 'ExpressionStatement';
    if (callee.type === 'Identifier') {
      const name = String(callee['name']);
      if (LOG_FUNCTIONS.has(name)) this.#wrap('log', node, 'undefined');
      if (STEP_FUNCTIONS.has(name)) this.#wrap('counter', node, 'undefined');
      return;
    }
    if (callee.type !== 'MemberExpression' && callee.type !== 'StaticMemberExpression') return;
    const method = String((callee['property'] as Node)['name']);
    const receiver = this.#textOf(callee['object'] as Node);
    const isBoxes = /boxes$/i.test(receiver);
    if (isBoxes && ADDING.has(method)) {
      const [owner] = node['arguments'] as Node[];
      const answersPts = ANSWERING_PTS.has(method) && owner !== undefined;
      // A message that is used later cannot be left out; what is done with it inside the boxes is mutated there.
      if (method === 'addMessage' && !isUnused) return;
      this.#wrap('log', node, answersPts && !isUnused ? `${receiver}.pts(${this.#textOf(owner)})` : 'undefined');
    } else if (isBoxes && method === 'flush') {
      this.#wrap('flush', node, 'undefined');
    } else if (method === 'publish' && /(boxes|bus)$/i.test(receiver)) {
      this.#wrap('publish', node, 'undefined');
    } else if (isUnused && (method === 'push' || method === 'set') && parents.some((one) => one.type === 'ClassDeclaration' && (one['id'] as Node)['name'] === EVENTS_CLASS)) {
      this.#wrap('log', node, 'undefined');
    }
  }

  #isCounter(target: Node): boolean {
    return target.type.endsWith('MemberExpression') && COUNTER.test(String((target['property'] as Node)['name']));
  }

  #visitSql(node: Node, parents: readonly Node[]): void {
    const text = this.#textOf(node);
    const isTagged = parents.at(-1)?.type === 'TaggedTemplateExpression';
    const found: { at: number; neutral: string; name: string }[] = [];
    for (const match of text.matchAll(SQL_STEP)) found.push({ at: match.index + match[0].length, neutral: '0 * ', name: match[0] });
    const [, table, alias] = SQL_TARGET.exec(text) ?? [];
    for (const match of table === undefined ? [] : text.matchAll(SQL_RECOUNT)) {
      found.push({ at: match.index + match[0].length, neutral: `${alias ?? table}.${match[1]!} + 0 * `, name: `${match[1]!} = (SELECT count` });
    }
    for (const { at, neutral, name } of found) {
      const place = this.#add('counter', node.start + at, name);
      const users = this.#findUsers(parents);
      const ask = users.length > 0 ? '__place.is' : '__place';
      for (const body of users) this.#insert(place, body.start + 1, false, (n) => ` __place.hit(${n});`);
      const choose = (n: number): string => `${ask}(${n}) ? '${neutral}' : ''`;
      const quote = text[0]!;
      this.#insert(place, node.start + at, false, (n) => {
        if (node.type === 'Literal') return `${quote} + (${choose(n)}) + ${quote}`;
        return isTagged ? `\${sql.raw(${choose(n)})}` : `\${${choose(n)}}`;
      });
    }
  }

  /** The bodies of the functions that use the constant of the module in which something stands: a statement runs where it is used. */
  #findUsers(parents: readonly Node[]): Node[] {
    if (parents.some((one) => /Function/.test(one.type))) return [];
    const declarator = parents.find((one) => one.type === 'VariableDeclarator');
    const name = (declarator?.['id'] as Node | undefined)?.['name'];
    if (typeof name !== 'string') return [];
    const bodies: Node[] = [];
    const search = (node: Node, body: Node | undefined): void => {
      const own = /Function/.test(node.type) ? (node['body'] as Node | null) : undefined;
      const inside = body ?? (own?.type === 'BlockStatement' || own?.type === 'FunctionBody' ? own : undefined);
      if (node.type === 'Identifier' && node['name'] === name && inside !== undefined && !bodies.includes(inside)) bodies.push(inside);
      for (const child of childrenOf(node)) search(child, inside);
    };
    search(this.#program, undefined);
    return bodies;
  }

  #wrap(kind: PlaceKind, node: Node, replacement: string): void {
    const place = this.#add(kind, node.start, this.#textOf(node));
    this.#insert(place, node.start, false, (n) => `(__place(${n}) ? ${replacement} : `);
    this.#insert(place, node.end, true, () => ')');
  }

  #add(kind: PlaceKind, at: number, text: string): number {
    const short = text.split('\n')[0]!.trim().replaceAll('`', "'").slice(0, KEY_TEXT_MAX);
    const key = `${kind} ${this.#file}: ${short}`;
    const count = (this.#keys.get(key) ?? 0) + 1;
    this.#keys.set(key, count);
    const line = this.#source.slice(0, at).split('\n').length;
    this.#places.push({ key: count === 1 ? key : `${key} (${count})`, kind, file: this.#file, line });
    return this.#places.length - 1;
  }

  #insert(place: number, at: number, closes: boolean, text: (number: number) => string): void {
    this.#insertions.push({ at, closes, text, place });
  }

  #write(first: number): string {
    const ordered = this.#insertions.map((insertion, index) => ({ ...insertion, index })).sort((a, b) => {
      if (a.at !== b.at) return a.at - b.at;
      if (a.closes !== b.closes) return a.closes ? -1 : 1;
      // An inner node is found after an outer one and closes before it.
      return a.closes ? b.index - a.index : a.index - b.index;
    });
    let made = RUNTIME;
    let done = 0;
    for (const { at, text, place } of ordered) {
      made += this.#source.slice(done, at) + text(first + place);
      done = at;
    }
    return made + this.#source.slice(done);
  }

  #textOf({ start, end }: Node): string {
    return this.#source.slice(start, end);
  }
}

function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const value of Object.values(node)) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof one === 'object' && one !== null && typeof (one as { type?: unknown }).type === 'string') found.push(one as Node);
    }
  }
  return found;
}
