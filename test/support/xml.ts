/** A strict reader of the XML that the reports write; anything that is not well-formed throws with its place. */

export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlElement[];
  /** Its own text, without that of its children. */
  text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const attribute = /\s+([A-Za-z_:][\w:.-]*)="([^"<]*)"/y;
const tag = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[A-Za-z_:][\w:.-]*="[^"<]*")*)\s*(\/?)>/y;

function decode(text: string, at: number): string {
  if (/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]|\p{Cs}/u.test(text))
    throw new Error(`forbidden character near ${at}`);
  return text.replace(/&([^;\s]*;?)/g, (whole, name: string) => {
    const value = entities[name.replace(/;$/, '')];
    if (!name.endsWith(';') || value === undefined) throw new Error(`bad entity ${whole} near ${at}`);
    return value;
  });
}

function attributesOf(text: string, at: number): Record<string, string> {
  const found: Record<string, string> = {};
  attribute.lastIndex = 0;
  for (let match = attribute.exec(text); match; match = attribute.exec(text)) {
    const [, name = '', value = ''] = match;
    if (name in found) throw new Error(`attribute ${name} twice near ${at}`);
    found[name] = decode(value, at);
  }
  return found;
}

/** Reads a document; elements in `voids` need no end (HTML's `meta`). Returns the root. */
export function readXml(document: string, voids: readonly string[] = []): XmlElement {
  const start = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n|^<!doctype html>\n/, '');
  const top: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open: XmlElement[] = [top];
  let at = 0;
  while (at < start.length) {
    const inside = open.at(-1) ?? top;
    const next = start.indexOf('<', at);
    inside.text += decode(start.slice(at, next < 0 ? start.length : next), at);
    if (next < 0) break;
    tag.lastIndex = next;
    const match = tag.exec(start);
    if (match === null) throw new Error(`no tag at ${next}: ${start.slice(next, next + 60)}`);
    const [whole, closing, name = '', attributes = '', empty] = match;
    if (closing) {
      if (inside.name !== name) throw new Error(`</${name}> closes <${inside.name}> at ${next}`);
      open.pop();
    } else {
      const element: XmlElement = {
        name,
        attributes: attributesOf(attributes, next),
        children: [],
        text: '',
      };
      inside.children.push(element);
      if (!empty && !voids.includes(name)) open.push(element);
    }
    at = next + whole.length;
  }
  const [root] = top.children;
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> is not closed`);
  if (root === undefined || top.children.length !== 1 || top.text.trim() !== '')
    throw new Error('not one root element');
  return root;
}

/** The element and all below it, in document order. */
export function allOf(element: XmlElement): readonly XmlElement[] {
  return [element, ...element.children.flatMap(allOf)];
}

/** All its text, with that of its children. */
export function textOf(element: XmlElement): string {
  return allOf(element)
    .map((one) => one.text)
    .join(' ');
}
