/** A test of the value of an attribute. */
type Test = (value: string) => boolean;

/** The longest value, but for those that are lists of points. */
const VALUE_MAX = 1000;

const DECLARATIONS_MAX = 32;
const RULES_MAX = 200;

/** What can name no address and call no function: numbers, lengths, shares, words and colours. */
const WORDS = /^[\w\s.,#%+-]*$/;
/** Values without markup, and colours and gradients of this file, written as functions. */
const PAINT = /^\s*(?:[\w\s.,#%+-]*|rgba?\([\d\s.,%]*\)\s*|url\(#[\w.-]+\)[\w\s#-]*)$/;

const TRANSFORM = /^\s*(?:(?:matrix|translate|scale|rotate|skew[XY])\s*\([\d\s.,eE+-]*\)[\s,]*)*$/;
const HREF = /^#[\w.-]*$/;
/** What is in no list of points. Found in one pass, because such lists are long. */
const NO_POINTS = /[^\dA-Za-z\s.,+-]/;

const XML_NAME = /^[A-Za-z_][\w.-]*$/;
const SVG_LANGUAGE = 'http://www.w3.org/2000/svg';
/** One rule of a style sheet, at its place: classes or kinds of elements, and what they look like. */
const RULE = /\s*[.\w][\w-]*(?:\s*,\s*[.\w][\w-]*){0,50}\s*\{([^{}]*)\}\s*/y;

const short = (pattern: RegExp): Test => (value) => value.length <= VALUE_MAX && pattern.test(value);
const isWords = short(WORDS);
const isPaint = short(PAINT);

/**
 * What shapes look like, as an attribute or in a style. All others are refused, among them `filter`, `mask`, `clip-path`, `marker` and `cursor`, which load something or take long
 * to draw. A line of many short dashes takes as long as many lines, so there are no dashes.
 */
const LOOKS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ...['fill', 'stroke', 'color', 'stop-color'].map((name) => [name, isPaint] as const),
  ...['fill-rule', 'fill-opacity', 'clip-rule', 'stroke-width', 'stroke-linecap', 'stroke-linejoin', 'stroke-miterlimit', 'stroke-opacity', 'opacity', 'stop-opacity', 'display', 'visibility', 'overflow', 'enable-background', 'isolation', 'shape-rendering', 'text-rendering', 'image-rendering'].map((name) => [name, isWords] as const),
  ['stroke-dasharray', (value: string) => value.trim() === 'none'],
]);

const ATTRIBUTES: ReadonlyMap<string, Test> = new Map<string, Test>([
  ...LOOKS,
  ...['version', 'baseProfile', 'id', 'class', 'data-name', 'xml:space', 'width', 'height', 'viewBox', 'preserveAspectRatio', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'cx', 'cy', 'r', 'rx', 'ry', 'fx', 'fy', 'gradientUnits', 'spreadMethod', 'offset'].map((name) => [name, isWords] as const),
  ...['d', 'points'].map((name) => [name, (value: string) => !NO_POINTS.test(value)] as const),
  ...['transform', 'gradientTransform'].map((name) => [name, short(TRANSFORM)] as const),
  ...['href', 'xlink:href'].map((name) => [name, short(HREF)] as const),
  ['xmlns', (value: string) => value === SVG_LANGUAGE],
  ['type', (value: string) => value === 'text/css'],
  ['style', areDeclarations],
]);

/** Whether an attribute of an element does nothing but say how a shape is drawn. Pure. */
export function isAttributeAllowed(name: string, value: string): boolean {
  // Names of other languages are written like addresses, but nobody loads them; nothing of these languages is allowed.
  if (name.startsWith('xmlns:')) return value.length <= VALUE_MAX && XML_NAME.test(name.slice('xmlns:'.length));
  return ATTRIBUTES.get(name)?.(value) === true;
}

/** Whether a style sheet does nothing but say what shapes look like. Pure. */
export function isSheetAllowed(sheet: string): boolean {
  RULE.lastIndex = 0;
  for (let rules = 0; RULE.lastIndex < sheet.length; rules++) {
    const rule = RULE.exec(sheet);
    if (rule === null || rules >= RULES_MAX || !areDeclarations(rule[1]!)) return false;
  }
  return true;
}

/** Declarations of a style, such as `fill: none; stroke: #000`. */
function areDeclarations(text: string): boolean {
  if (text.length > VALUE_MAX) return false;
  const declarations = text.split(';').filter((declaration) => declaration.trim() !== '');
  return declarations.length <= DECLARATIONS_MAX && declarations.every((declaration) => {
    const colon = declaration.indexOf(':');
    return LOOKS.get(declaration.slice(0, colon).trim())?.(declaration.slice(colon + 1)) === true;
  });
}
