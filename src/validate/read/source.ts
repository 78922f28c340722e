import { decodeUtf8 } from '../../config/utf8.ts';
import type { WorkspaceFiles } from '../../platform/workspace-files.ts';
import type { SourceFile } from '../document.ts';
import type { Unreadable } from '../workspace.ts';
import { brokenDocument } from './places.ts';

/** Bytes in one file. The largest bundles of CRDs have about 4 MB. */
export const mostBytes = 8 * 1024 * 1024;

export type ReadSource = { file: SourceFile } | { problem: Unreadable } | undefined;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a file, or why it cannot be read as text; undefined where there is none. */
export function readSource(files: WorkspaceFiles, path: string, most = mostBytes): ReadSource {
  const size = files.size(path);
  if (size === undefined) return undefined;
  if (size > most) {
    const message = `the file has ${size} bytes, at most ${most} are read`;
    return { problem: unreadable('too-large', { path, text: '' }, 0, message) };
  }
  const bytes = files.read(path);
  return bytes === undefined ? undefined : sourceOf(path, bytes);
}

function sourceOf(path: string, bytes: Uint8Array): ReadSource {
  const text = textOf(bytes);
  if (text === undefined) {
    const decoded = decodeUtf8(bytes);
    const before = 'before' in decoded ? decoded.before : '';
    const message = `byte ${'invalidAt' in decoded ? decoded.invalidAt + 1 : 1} is not valid UTF-8`;
    return { problem: unreadable('not-text', { path, text: before }, before.length, message) };
  }
  const nul = text.indexOf('\0');
  if (nul === -1) return { file: { path, text } };
  return {
    problem: unreadable('not-text', { path, text }, nul, 'the file holds a null character, it is binary'),
  };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

const unreadable = (
  problem: Unreadable['problem'],
  file: SourceFile,
  offset: number,
  message: string,
): Unreadable => ({ problem, file, document: brokenDocument(file, offset), message });
