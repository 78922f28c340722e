import * as v from 'valibot';
import { messageOf, UserError } from '../platform/errors.ts';
import { shorten } from './format.ts';
import type { ReleaseRecord } from './record.ts';
import { recordSchema } from './record-schema.ts';

const docs = 'docs/cutover.md#record';
const largestListed = 10;

/**
 * Reads a record file. Import this module only where records are read: it brings the schema and its library.
 * @throws UserError when the text is not JSON, is another version's record, or lacks or holds something wrong; up to
 *   ten problems are named, each with its path
 */
export function parseRecord(text: string, file = 'record.json'): ReleaseRecord {
  const value = parseJson(text, file);
  requireVersion(value, file);
  const result = v.safeParse(recordSchema, value, { abortPipeEarly: true });
  if (result.success) {
    // Stored and read differ only in keys that are undefined when read and missing when stored (see `Stored`).
    return result.output as ReleaseRecord;
  }
  throw new UserError(`${file} is not a release record:\n${list(result.issues)}`, { docs });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new UserError(`${file} is not JSON: ${shorten(messageOf(error), 200)}`, { docs });
  }
}

function requireVersion(value: unknown, file: string): void {
  const known = recordSchema.entries.schema.literal;
  const found = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (found === known) return;
  if (typeof found === 'string' && /^cutover\/record\/v\d+$/.test(found)) {
    throw new UserError(`${file} is a record of another version: ${found}; this one reads ${known}`, {
      docs,
    });
  }
  throw new UserError(`${file} is not a release record: schema is not "${known}"`, { docs });
}

function list(issues: readonly v.BaseIssue<unknown>[]): string {
  const lines = issues.slice(0, largestListed).map((issue) => `  ${pathOf(issue)}: ${explain(issue)}`);
  const rest = issues.length - lines.length;
  return [...lines, ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n');
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  return issue.path?.map((item) => String(item.key)).join('/') ?? '(whole file)';
}

function explain(issue: v.BaseIssue<unknown>): string {
  if (issue.received === 'undefined') return 'is missing';
  if (issue.expected === null) return `${shorten(issue.received, 80)} is ${issue.message}`;
  return `${shorten(issue.received, 80)} where ${issue.expected} is expected`;
}
