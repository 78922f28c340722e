import { parse, TomlError } from 'smol-toml';
import type { SourceFile } from '../document.ts';
import { offsetAt } from './lines.ts';
import { brokenDocument, documentOf } from './places.ts';
import { tomlPlaces } from './toml-places.ts';
import type { ReadFile } from './yaml.ts';

/** The document of a TOML 1.0 file. Dates are kept as the text that TOML writes them in. */
export function readToml(file: SourceFile): ReadFile {
  try {
    const text = file.text.charCodeAt(0) === 0xfeff ? ` ${file.text.slice(1)}` : file.text;
    const value = plain(parse(text, { maxDepth: 100 }));
    return {
      documents: [documentOf({ file, index: 0, value, places: () => tomlPlaces(text) })],
      problems: [],
    };
  } catch (error) {
    // Keys of thousands of parts: the recursion of whatever meets them first runs out of stack.
    if (error instanceof RangeError) return tooDeep(file);
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? '';
    const problem = /redefin|already defined|duplicate/i.test(reason) ? 'duplicate-key' : 'syntax-error';
    const document = brokenDocument(file, offsetAt(file, error.line, error.column));
    return { documents: [], problems: [{ problem, file, document, message: `not valid TOML: ${reason}` }] };
  }
}

function tooDeep(file: SourceFile): ReadFile {
  const message = 'not valid TOML: keys or values are nested too deep';
  const document = brokenDocument(file, 0);
  return { documents: [], problems: [{ problem: 'syntax-error', file, document, message }] };
}

/** Dates become text, as in the other formats. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
