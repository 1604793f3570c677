/** Forms that do not hold yet, by their names, with the reason. A form that holds must leave the list. */
export const NOT_YET: Readonly<Record<string, string>> = {};

/** The same for forms that do not hold in one older layer. */
export const NOT_YET_IN_LAYER: Readonly<Record<number, Readonly<Record<string, string>>>> = {};
