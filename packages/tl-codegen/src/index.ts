export { answeredTypes, planCompat } from './compat/plan.ts';
export { LOST_FIELDS, REPLACED_WITHOUT, UNFILLED_FIELDS } from './compat/dropped-fields.ts';
export { formKey } from './compat/forms.ts';
export { GONE_METHODS, RENAMED_METHODS } from './compat/rules.ts';
export { generate, LAYERS, run } from './main.ts';
export { fieldsByBit, indexSchema, namedTypes, type Schema } from './model.ts';
export { parseSchema, parseType, typeText, type Entry, type Param, type TypeRef } from './parse-schema.ts';
