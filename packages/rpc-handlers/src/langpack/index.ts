export { getDifference } from './getDifference.ts';
export { getLangPack } from './getLangPack.ts';
export { getLanguage } from './getLanguage.ts';
export { getLanguages } from './getLanguages.ts';
export { getStrings } from './getStrings.ts';
