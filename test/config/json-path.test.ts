import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJsonPath } from '../../src/config/json-path/parse.ts';
import { select } from '../../src/config/json-path/select.ts';

/** The document of RFC 9535, section 1.5, and of its examples in section 2. */
const store = {
  store: {
    book: [
      { category: 'reference', author: 'Nigel Rees', title: 'Sayings of the Century', price: 8.95 },
      { category: 'fiction', author: 'Evelyn Waugh', title: 'Sword of Honour', price: 12.99 },
      {
        category: 'fiction',
        author: 'Herman Melville',
        title: 'Moby Dick',
        isbn: '0-553-21311-3',
        price: 8.99,
      },
      {
        category: 'fiction',
        author: 'J. R. R. Tolkien',
        title: 'The Lord of the Rings',
        isbn: '0-395-19395-8',
        price: 22.99,
      },
    ],
    bicycle: { color: 'red', price: 399 },
  },
};

function values(path: string, document: unknown): readonly unknown[] | string {
  const query = parseJsonPath(path);
  return 'problem' in query ? query.problem : select(query, document);
}

describe('JSONPath', () => {
  test.each<[string, unknown[]]>([
    ['$.store.book[*].author', ['Nigel Rees', 'Evelyn Waugh', 'Herman Melville', 'J. R. R. Tolkien']],
    ['$..author', ['Nigel Rees', 'Evelyn Waugh', 'Herman Melville', 'J. R. R. Tolkien']],
    ['$.store..price', [8.95, 12.99, 8.99, 22.99, 399]],
    ['$..book[2].author', ['Herman Melville']],
    ['$..book[2].publisher', []],
    ['$..book[-1].title', ['The Lord of the Rings']],
    ['$..book[0,1].price', [8.95, 12.99]],
    ['$..book[:2].price', [8.95, 12.99]],
    ['$..book[?@.isbn].price', [8.99, 22.99]],
    ['$..book[?@.price<10].title', ['Sayings of the Century', 'Moby Dick']],
    ['$.store.bicycle["color"]', ['red']],
    ["$['store'] .bicycle", [store.store.bicycle]],
    ['$.store.book[?(@.price > 10 && !@.isbn) || @.author == "Nigel Rees"].price', [8.95, 12.99]],
    ['$.store.book[?@.price > $.store.book[1].price].price', [22.99]],
    ['$', [store]],
  ])('%s', (path, expected) => {
    expect(values(path, store)).toEqual(expected);
  });

  test.each<[string, unknown[]]>([
    ['$[1:3]', ['b', 'c']],
    ['$[5:]', ['f', 'g']],
    ['$[1:5:2]', ['b', 'd']],
    ['$[5:1:-2]', ['f', 'd']],
    ['$[::-1]', ['g', 'f', 'e', 'd', 'c', 'b', 'a']],
    ['$[::0]', []],
    ['$[-2:]', ['f', 'g']],
  ])('slice %s', (path, expected) => {
    expect(values(path, ['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toEqual(expected);
  });

  test.each([
    ['', /"\$" should be/],
    ['store', /"\$" should be/],
    ['$.', /it ends where a name/],
    ['$.store-x', /there is "-x"/],
    ['$[01]', /"\]" should be/],
    ['$[-0]', /-0 is not an index/],
    ["$['a]", /closing '/],
    ['$["\\x"]', /can be escaped/],
    ['$[?@.a == ]', /should be/],
    ['$[?@..a == 1]', /several values/],
    ['$[?1]', /a comparison/],
    ['$[?length(@.a) > 1]', /functions are not supported/],
    [`$${'[?('.repeat(200)}`, /should be/],
    ['$.'.padEnd(2_000, 'a'), /more than 1000 characters/],
  ])('%s is none', (path, problem) => {
    expect(values(path, {})).toMatch(problem);
  });

  test('never throws, whatever the text and the document are', () => {
    const text = fc.string({ unit: fc.constantFrom(...`$@.[]*?'"\\:,()!&|=<> -09ab{}`), maxLength: 40 });
    fc.assert(
      fc.property(text, fc.jsonValue(), (path, document) => {
        values(`$${path}`, document);
      }),
    );
  });
});
