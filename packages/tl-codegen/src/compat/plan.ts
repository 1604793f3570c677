// The plan: for every older layer, what happens to each constructor; for every old request, how it is read.
import type { Entry } from '../parse-schema.ts';
import { typeText } from '../parse-schema.ts';
import { fieldsByBit, type Schema } from '../model.ts';
import { collectForms, formKey, liftingProblems, loweringProblems, receivedTypes, sentTypes, type OldForm } from './forms.ts';
import { LOST_FIELDS, UNFILLED_FIELDS } from './dropped-fields.ts';
import * as rules from './rules.ts';

export interface LayerPlan {
  layer: number;
  /** Newest name → key of the old form to write. */
  forms: Map<string, string>;
  /** Newest constructors that this layer does not have → `drop`, `by hand`, or the constructor to write instead. */
  absent: Map<string, string>;
  /** Newest method → the TL type of its result in this layer, if it differs. */
  results: Map<string, string>;
  /** Newest form of a constructor that is gone since → key of this layer's form of it, or `drop` if this layer does not have it yet. */
  gone: Map<string, string>;
}

export interface LoweredForm {
  form: OldForm;
  /** Undefined for constructors that only older layers have. */
  newest: Entry | undefined;
  /** A hand-written converter creates the whole old form. */
  byHand: boolean;
  /** Fields that hand-written converters compute from the newest object. */
  fields: string[];
}

export interface CompatPlan {
  forms: Map<number, OldForm>;
  layers: LayerPlan[];
  /** Old forms that are written, by key. */
  lowered: Map<string, LoweredForm>;
  /** Old forms that are read, and what they become. `gone`: reported as not registered. */
  lifted: Map<string, { form: OldForm; newest: Entry | undefined; how: 'mechanical' | 'by hand' | 'gone' }>;
  /** Newest constructors with a hand-written replacement. */
  replaced: Map<string, Entry>;
  /** `newest type → old type` of results. */
  resultPairs: Set<string>;
}

/** Keys of the hand-written converters registered in packages/tl-compat. */
export interface ByHand {
  /** Keys of forms that are created as a whole. */
  lowerings: ReadonlySet<string>;
  /** `user#4b46c37e.stories_max_id`: single fields. */
  fields: ReadonlySet<string>;
  lifts: ReadonlySet<string>;
}

/** State shared by the planning steps. */
interface Planning {
  newest: Schema;
  byHand: ByHand;
  plan: CompatPlan;
  /** Differences without a decision, added by the steps. */
  problems: string[];
  /** Rules and hand-written converters that are needed, added by the steps. */
  used: Set<string>;
}

/** Compares the newest layer with the older ones; throws one error that lists every difference without a decision. */
export function planCompat(newest: Schema, older: Schema[], byHand: ByHand): CompatPlan {
  const problems: string[] = [];
  const used = new Set<string>();
  const plan: CompatPlan = { forms: collectForms(newest, older), layers: [], lowered: new Map(), lifted: new Map(), replaced: new Map(), resultPairs: new Set() };
  const planning: Planning = { newest, byHand, plan, problems, used };
  planLifting(planning, older);
  for (const schema of older) plan.layers.push(planLayer(planning, schema));
  planGone(planning, older);
  for (const key of [...byHand.lowerings, ...byHand.fields, ...byHand.lifts, ...rules.GONE_METHODS, ...Object.keys(UNFILLED_FIELDS)]) {
    if (!used.has(key)) problems.push(`${key} is named in the rules or converters but nothing needs it`);
  }
  if (problems.length > 0) throw new Error(`differences between layers that nobody has decided:\n  ${[...new Set(problems)].join('\n  ')}`);
  return plan;
}

/** Types that a server sends in a layer: those of updates and of results of methods that have a newest form. */
export function answeredTypes(schema: Schema): Set<string> {
  return sentTypes(schema, (method) => !rules.GONE_METHODS.has(formKey(method)));
}

function planLayer(planning: Planning, schema: Schema): LayerPlan {
  const { newest, plan } = planning;
  const layer: LayerPlan = { layer: schema.layer, forms: new Map(), absent: new Map(), results: resultsAt(newest, schema, plan), gone: new Map() };
  const sent = answeredTypes(schema);
  for (const entry of newest.entries) {
    if (entry.kind === 'method') continue;
    const old = schema.byName.get(entry.name);
    if (old?.id === entry.id) continue;
    const type = typeText(entry.result);
    // Types that no answer of the layer contains only occur when a client calls a method of a newer layer, and then it knows their newest
    // form.
    if (!sent.has(type)) continue;
    if (!old || old.kind === 'method') planAbsent(planning, schema, layer, entry);
    else planForm(planning, schema, layer, { entry, old });
  }
  for (const type of sent) planOldOnly(newest, schema, type, plan);
  checkRequired(planning, schema, layer, sent);
  return layer;
}

function planForm({ byHand, plan, problems, used }: Planning, schema: Schema, layer: LayerPlan, { entry, old }: { entry: Entry; old: Entry }): void {
  const key = formKey(old);
  const byField = loweringProblems(entry, old);
  const fields = old.params.map((p) => p.name).filter((name) => byHand.fields.has(`${key}.${name}`));
  const whole = byHand.lowerings.has(key);
  if (typeText(old.result) !== typeText(entry.result) && !whole) problems.push(`layer ${schema.layer}: lower ${key} by hand: its type was ${typeText(old.result)}`);
  for (const [name, why] of byField) {
    if (!whole && `${key}.${name}` in UNFILLED_FIELDS) used.add(`${key}.${name}`);
    else if (!whole && !fields.includes(name)) problems.push(`layer ${schema.layer}: lower ${key} or ${key}.${name} by hand: ${why}`);
  }
  if (whole && (byField.size > 0 || typeText(old.result) !== typeText(entry.result) || losesFields(entry, old))) used.add(key);
  if (!whole) for (const name of fields) used.add(`${key}.${name}`);
  layer.forms.set(entry.name, key);
  plan.lowered.set(key, { form: plan.forms.get(old.id)!, newest: entry, byHand: whole, fields: whole ? [] : fields });
}

function planAbsent({ plan, problems }: Planning, schema: Schema, layer: LayerPlan, entry: Entry): void {
  const type = typeText(entry.result);
  const rule = rules.ABSENT_BY_TYPE[type];
  if (rule === undefined) problems.push(`layer ${schema.layer} lacks ${entry.name} (${type}): say in ABSENT_BY_TYPE what goes instead`);
  else if (rule === 'by hand') plan.replaced.set(entry.name, entry);
  else if (rule !== 'drop' && !schema.byName.has(rule)) problems.push(`layer ${schema.layer} lacks ${rule}, the replacement for ${type}`);
  layer.absent.set(entry.name, rule ?? 'drop');
}

/** Constructors that only older layers have: converters may create them, so they need writers. */
function planOldOnly(newest: Schema, schema: Schema, type: string, plan: CompatPlan): void {
  for (const entry of schema.types.get(type)!) {
    if (newest.byName.has(entry.name)) continue;
    plan.lowered.set(formKey(entry), { form: plan.forms.get(entry.id)!, newest: undefined, byHand: true, fields: [] });
  }
}

/**
 * Constructors that only older layers have, in several forms: converters create the newest of these forms, and each layer writes its own form from that,
 * which must be possible field by field.
 */
function planGone({ newest, plan, problems }: Planning, older: Schema[]): void {
  const newestForms = new Map<string, Entry>();
  for (const [at, schema] of older.entries()) {
    const sent = answeredTypes(schema);
    for (const entry of schema.entries) {
      if (entry.kind === 'constructor' && !newest.byName.has(entry.name) && !newestForms.has(entry.name)) newestForms.set(entry.name, entry);
    }
    for (const [name, entry] of newestForms) {
      const old = schema.byName.get(name);
      if (!sent.has(typeText(entry.result)) || old?.id === entry.id) continue;
      if (old) for (const [field, why] of loweringProblems(entry, old)) problems.push(`layer ${schema.layer}: ${formKey(old)}.${field} cannot be written from ${formKey(entry)}: ${why}`);
      plan.layers[at]!.gone.set(formKey(entry), old ? formKey(old) : 'drop');
    }
  }
}

/** A dropped constructor must not remove anything else without a decision. */
function checkRequired({ newest, problems }: Planning, schema: Schema, layer: LayerPlan, sent: Set<string>): void {
  const droppable = new Set([...layer.absent].filter(([, rule]) => rule === 'drop').map(([name]) => typeText(newest.byName.get(name)!.result)));
  for (const type of sent) {
    for (const entry of schema.types.get(type)!) {
      const bits = fieldsByBit(entry);
      for (const p of entry.params) {
        if (p.type.kind !== 'boxed' || !droppable.has(p.type.name)) continue;
        const alone = p.flag && bits.get(`${p.flag.field}.${p.flag.bit}`)!.length === 1;
        const field = `${entry.name}.${p.name}`;
        if (!alone && !rules.MAY_TAKE_ALONG.has(field)) problems.push(`layer ${schema.layer}: ${field} requires ${p.type.name}, of which some are dropped`);
      }
    }
  }
}

/** Methods whose result has another type in a layer. */
function resultsAt(newest: Schema, schema: Schema, plan: CompatPlan): Map<string, string> {
  const results = new Map<string, string>();
  for (const method of schema.entries.filter((e) => e.kind === 'method')) {
    if (plan.lifted.get(formKey(method))?.how === 'gone') continue;
    const now = newest.byName.get(rules.RENAMED_METHODS[formKey(method)] ?? method.name);
    // A layer that has the method under both names (some schema sources keep the older one) uses the result type of the newer name.
    if (!now || (now.name !== method.name && schema.byName.has(now.name))) continue;
    const [from, to] = [typeText(now.result), typeText(method.result)];
    if (from === to) continue;
    results.set(now.name, to);
    plan.resultPairs.add(`${from} → ${to}`);
  }
  return results;
}

function planLifting({ newest, byHand, plan, problems, used }: Planning, older: Schema[]): void {
  const read = new Set<string>();
  for (const schema of older) {
    const received = receivedTypes(schema);
    const isStored = schema.layer >= rules.FIRST_STORED_LAYER;
    for (const e of schema.entries) if (e.kind === 'method' || isStored || received.has(typeText(e.result))) read.add(formKey(e));
  }
  for (const form of plan.forms.values()) {
    if (!read.has(form.key)) continue;
    const { entry, key } = form;
    if (rules.GONE_METHODS.has(key)) {
      used.add(key);
      plan.lifted.set(key, { form, newest: undefined, how: 'gone' });
      continue;
    }
    const now = newest.byName.get(rules.RENAMED_METHODS[key] ?? entry.name);
    const wrong = now && now.kind === entry.kind && !rules.RENAMED_METHODS[key]
      ? liftingProblems(entry, now, (field) => `${key}.${field}` in LOST_FIELDS)
      : ['the newest layer has nothing of this name'];
    if (wrong.length > 0 && !byHand.lifts.has(key)) problems.push(`lift ${key} by hand: ${wrong.join('; ')}`);
    if (wrong.length > 0) used.add(key);
    plan.lifted.set(key, { form, newest: now, how: wrong.length > 0 ? 'by hand' : 'mechanical' });
  }
}

/** Whether the newest form has a field that the old one does not have. */
function losesFields(entry: Entry, old: Entry): boolean {
  return entry.params.some((p) => p.type.kind !== 'flags' && !old.params.some((q) => q.name === p.name));
}
