/** Language packs: the texts of clients' interfaces, ours and those that an operator adds. */
export { projectLangText } from './lang-text.ts';
export { type Languages, loadLanguages, type OfferedLanguage } from './languages.ts';
