/** Language packs: the interface texts of clients, both the built-in ones and those that an operator adds. */
export { projectLangText } from './lang-text.ts';
export { type Languages, loadLanguages, type OfferedLanguage } from './languages.ts';
