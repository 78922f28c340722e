import type { SourceFile } from '../document.ts';
import { JsonProblem, jsonPlaces } from './json-places.ts';
import { brokenDocument, documentOf } from './places.ts';
import type { ReadFile } from './yaml.ts';

/** The document of a JSON file. Keys that stand twice are told, and the last one counts. */
export function readJson(file: SourceFile): ReadFile {
  const text = file.text.charCodeAt(0) === 0xfeff ? file.text.slice(1) : file.text;
  if (text.trim() === '') return { documents: [], problems: [] };
  try {
    const value: unknown = JSON.parse(text);
    // JSON.parse tells neither duplicates nor depth, and is several times faster than the scan; JSON files are few.
    const { duplicates } = jsonPlaces(file.text);
    const places = () => jsonPlaces(file.text).root;
    const problems = duplicates.map(({ key, offset, path }) => ({
      problem: 'duplicate-key' as const,
      file,
      document: brokenDocument(file, offset, path),
      message: `the key "${key}" stands twice`,
    }));
    return { documents: [documentOf({ file, index: 0, value, places })], problems };
  } catch (error) {
    return { documents: [], problems: [syntaxProblem(file, error)] };
  }
}

function syntaxProblem(file: SourceFile, error: unknown): ReadFile['problems'][number] {
  const { offset, message } = reasonOf(file, error);
  const document = brokenDocument(file, offset);
  return { problem: 'syntax-error', file, document, message: `not valid JSON: ${message}` };
}

/** JSON.parse does not always tell where; the scan does. */
function reasonOf(file: SourceFile, error: unknown): { offset: number; message: string } {
  if (error instanceof JsonProblem) return error;
  if (!(error instanceof SyntaxError)) throw error;
  try {
    jsonPlaces(file.text);
  } catch (found) {
    if (found instanceof JsonProblem) return found;
    throw found;
  }
  return { offset: 0, message: error.message };
}
