import type { Document, SourceFile } from '../document.ts';
import { JsonProblem, jsonPlaces } from './json-places.ts';
import { documentOf } from './places.ts';
import { ProblemList } from './problem-list.ts';
import type { ReadFile } from './yaml.ts';

/** The document of a JSON file. Keys that stand twice are told, and the last one counts. */
export function readJson(file: SourceFile): ReadFile {
  const text = file.text.charCodeAt(0) === 0xfeff ? file.text.slice(1) : file.text;
  const problems = new ProblemList(file);
  if (text.trim() === '') return { documents: [], problems: [] };
  const documents: Document[] = [];
  try {
    // JSON.parse tells neither duplicates nor depth. It goes second: deep nesting takes its stack.
    const { duplicates } = jsonPlaces(file.text);
    const value: unknown = JSON.parse(text);
    documents.push(documentOf({ file, index: 0, value, places: () => jsonPlaces(file.text).root }));
    for (const { key, offset, path } of duplicates)
      problems.add({ problem: 'duplicate-key', offset, path, message: `the key "${key}" stands twice` });
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    const { offset, message } = error;
    problems.add({ problem: 'syntax-error', offset, message: `not valid JSON: ${message}` });
  }
  return { documents, problems: problems.all };
}
