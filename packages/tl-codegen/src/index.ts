export { answeredTypes, planCompat } from './compat/plan.ts';
export { GONE_METHODS } from './compat/rules.ts';
export { generate, LAYERS, run } from './main.ts';
export { fieldsByBit, indexSchema, namedTypes, type Schema } from './model.ts';
export { parseSchema, parseType, typeText, type Entry, type Param, type TypeRef } from './parse-schema.ts';
