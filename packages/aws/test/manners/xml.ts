/** As much XML as answers of EC2 are made of: elements with either elements or text inside; attributes are kept and not looked at. */

export interface Element {
  readonly name: string;
  readonly attributes: string;
  children: Element[];
  text: string;
}

const TOKEN = /<\?[^>]*\?>|<(\/?)([\w:.-]+)([^<>]*?)(\/?)>|([^<]+)/g;

export function parse(xml: string): Element {
  const root: Element = { name: '', attributes: '', children: [], text: '' };
  const open = [root];
  for (const [, closing, name, attributes = '', empty, text] of xml.matchAll(TOKEN)) {
    const top = open.at(-1);
    if (top === undefined) throw new Error('more ends than beginnings');
    if (text !== undefined) top.text += text.trim() === '' ? '' : decode(text);
    else if (closing === '/') open.pop();
    else if (name !== undefined) {
      const element: Element = { name, attributes, children: [], text: '' };
      top.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  const [element] = root.children;
  if (element === undefined) throw new Error('no element');
  return element;
}

export const print = (element: Element): string => `<?xml version="1.0" encoding="utf-8"?>\n${printed(element)}`;

const printed = ({ name, attributes, children, text }: Element): string =>
  `<${name}${attributes}>${children.length > 0 ? children.map(printed).join('') : encode(text)}</${name}>`;

export const child = ({ children }: Element, name: string): Element | undefined =>
  children.find((one) => one.name === name);

/** The element that a path of names leads to. */
export const at = (element: Element, ...path: readonly string[]): Element | undefined =>
  path.reduce<Element | undefined>((found, name) => found && child(found, name), element);

export const textAt = (element: Element, ...path: readonly string[]): string => at(element, ...path)?.text ?? '';

/** Items of the list of that name; none when there is no such list. */
export const items = (element: Element, list: string): Element[] => child(element, list)?.children ?? [];

export const element = (name: string, content: string | Element[]): Element => ({
  name,
  attributes: '',
  children: typeof content === 'string' ? [] : content,
  text: typeof content === 'string' ? content : '',
});

/** Puts a member in the place of the one of its name, or adds it. */
export function put(into: Element, member: Element): void {
  const found = into.children.findIndex(({ name }) => name === member.name);
  if (found < 0) into.children.push(member);
  else into.children[found] = member;
}

const ENTITIES: readonly (readonly [string, string])[] = [
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
  ['&amp;', '&'],
];
const decode = (text: string): string =>
  ENTITIES.reduce((out, [entity, letter]) => out.replaceAll(entity, letter), text).replace(
    /&#(x?)([0-9a-f]+);/gi,
    (_, hex: string, digits: string) => String.fromCodePoint(Number.parseInt(digits, hex === '' ? 10 : 16)),
  );
const encode = (text: string): string =>
  [...ENTITIES].reverse().reduce((out, [entity, letter]) => out.replaceAll(letter, entity), text);
