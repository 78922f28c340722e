import * as v from 'valibot';
import { headerPattern } from '../config/schema/component.ts';
import { text } from '../config/schema/fields.ts';
import { leaf, mapping } from '../config/schema/leaf.ts';

const ownHeaders = ['connection', 'content-length', 'transfer-encoding', 'upgrade'];

/** The name of a header of an answer, or of a request where it is not one that we set ourselves. */
export const headerName = { noun: "a header's name", allowed: "a header's name", pattern: headerPattern };

export const requestHeaders = v.optional(
  mapping(
    'Headers of the request.',
    {
      ...headerName,
      allowed: `a header's name, other than ${ownHeaders.join(', ')}`,
      refuse: (name) => (ownHeaders.includes(name.toLowerCase()) ? '{given} is set by Cutover' : undefined),
    },
    text('Value of the header.'),
  ),
  {},
);

/** Purely: the name of a header whose value no request can carry, which a captured value may be; undefined: none. */
export function unsendable(headers: Readonly<Record<string, string>>): string | undefined {
  return Object.keys(headers).find((name) => !/^[\t\x20-\x7e\x80-\xff]*$/.test(headers[name] ?? ''));
}

/** A path below the component's address, or a whole URL with one of some schemes. */
export function place(description: string, [plain, secure]: readonly [plain: string, secure: string]) {
  const shape = new RegExp(`^(?:/|(?:${plain}|${secure})://[^/\\s])[^\\s#]{0,1999}$`, 'i');
  return leaf<string>({
    description,
    noun: 'a path or a URL',
    allowed: `a path that starts with / or a ${plain}:// or ${secure}:// URL, without blanks`,
    parse: (given) => (shape.test(String(given)) ? String(given) : undefined),
    json: { type: 'string', pattern: `^(?:/|${plain}://|${secure}://)` },
    examples: ['/health', `${secure}://shop.example/`],
  });
}
