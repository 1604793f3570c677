/** Paths of test files. @param {Record<string, string[]>} folders names of files without `.test.ts`, by folder */
export const paths = (folders) => Object.entries(folders).flatMap(([folder, names]) => names.map((name) => `${folder}/${name}.test.ts`));
