import { join } from 'node:path';
import type { Files } from '../../platform/files.ts';
import { systemWorkspaceFiles, type WorkspaceFiles } from '../../platform/workspace-files.ts';
import type { Finding } from '../finding.ts';
import { applyEdits, type Mendable } from './edits.ts';
import { unifiedDiff } from './patch.ts';

/** What was mended in one file. */
export interface FixedFile {
  file: string;
  before: string;
  after: string;
  applied: readonly Finding[];
}

export interface Unfixed {
  finding: Finding;
  /** In a few words. */
  reason: string;
}

export interface Fixes {
  files: readonly FixedFile[];
  unfixed: readonly Unfixed[];
}

/** What the rules say of a workspace and what it holds. */
export interface Judged {
  findings: readonly Finding[];
  texts: ReadonlyMap<string, { readonly text: string }>;
}

export interface Fixing {
  root: string;
  before: Judged;
  /** Reads and checks the workspace with some of its files replaced. */
  validate(files: WorkspaceFiles): Promise<Judged>;
  /** Default: the real files. */
  files?: WorkspaceFiles | undefined;
}

/** Edits that touch are applied one after the other; so many at one place are never found. */
const mostRounds = 8;

/** Why an edit waits for the next round. */
const overlaps = 'overlaps with another fix';

/**
 * Works out the new texts of all files with mechanical findings and checks the workspace as it would be then. A file whose
 * change brings an error that was not there, in it or elsewhere, is left as it is. Where edits overlap, what is left is
 * checked and mended again. Writes nothing.
 */
export async function planFixes(fixing: Fixing): Promise<Fixes> {
  const files = fixing.files ?? systemWorkspaceFiles(fixing.root);
  let done: Fixes = { files: [], unfixed: [] };
  let round: Fixing = { ...fixing, files };
  for (let nth = 0; nth < mostRounds; nth += 1) {
    const next = await planRound(round);
    done = { files: joined(done.files, next.files), unfixed: next.unfixed };
    const isDone = next.files.length === 0 || !next.unfixed.some(({ reason }) => reason === overlaps);
    if (isDone) break;
    const mended = replaced(files, textsOf(done.files));
    round = { ...round, files: mended, before: await fixing.validate(mended) };
  }
  return done;
}

const textsOf = (files: readonly FixedFile[]): ReadonlyMap<string, string> =>
  new Map(files.map(({ file, after }) => [file, after]));

/** What was mended before, with what was mended now. */
function joined(before: readonly FixedFile[], now: readonly FixedFile[]): FixedFile[] {
  const files = new Map(before.map((one) => [one.file, one]));
  for (const one of now) {
    const known = files.get(one.file);
    files.set(
      one.file,
      known ? { ...one, before: known.before, applied: [...known.applied, ...one.applied] } : one,
    );
  }
  return [...files.values()];
}

async function planRound(fixing: Fixing): Promise<Fixes> {
  const candidates: FixedFile[] = [];
  const unfixed: Unfixed[] = [];
  for (const [file, findings] of Map.groupBy(mendable(fixing.before.findings), (one) => one.file)) {
    const before = fixing.before.texts.get(file)?.text;
    if (before === undefined) continue;
    const { text: after, applied, refused } = applyEdits(before, findings);
    unfixed.push(...refused.map((finding) => ({ finding, reason: overlaps })));
    if (after !== before) candidates.push({ file, before, after, applied });
  }
  if (candidates.length === 0) return { files: [], unfixed };
  if ((await newErrors(candidates, fixing)).length === 0) return { files: candidates, unfixed };
  return oneByOne(candidates, fixing, unfixed);
}

const mendable = (findings: readonly Finding[]): Mendable[] =>
  findings.flatMap((one) => (one.edit ? [{ ...one, edit: one.edit }] : []));

/** Takes each file in, if the workspace has no new error with it. */
async function oneByOne(
  candidates: readonly FixedFile[],
  fixing: Fixing,
  unfixed: readonly Unfixed[],
): Promise<Fixes> {
  const files: FixedFile[] = [];
  const left: Unfixed[] = [...unfixed];
  for (const candidate of candidates) {
    const [error] = await newErrors([...files, candidate], fixing);
    if (!error) files.push(candidate);
    else {
      const reason = `would bring an error: ${error.file}:${error.line} ${error.rule}`;
      left.push(...candidate.applied.map((finding) => ({ finding, reason })));
    }
  }
  return { files, unfixed: left };
}

async function newErrors(
  fixed: readonly FixedFile[],
  { root, before, validate, files }: Fixing,
): Promise<readonly Finding[]> {
  const after = await validate(replaced(files ?? systemWorkspaceFiles(root), textsOf(fixed)));
  const known = new Map<string, number>();
  for (const finding of errorsOf(before)) known.set(keyOf(finding), (known.get(keyOf(finding)) ?? 0) + 1);
  return errorsOf(after).filter((finding) => {
    const room = known.get(keyOf(finding)) ?? 0;
    known.set(keyOf(finding), room - 1);
    return room <= 0;
  });
}

const errorsOf = ({ findings }: Judged): readonly Finding[] =>
  findings.filter(({ severity }) => severity === 'error');

/** Lines move when something is mended, and paths with indexes may. */
const keyOf = ({ rule, file, message }: Finding): string => `${file}\n${rule}\n${message}`;

/** The files of a workspace with other texts in some of them. */
function replaced(files: WorkspaceFiles, texts: ReadonlyMap<string, string>): WorkspaceFiles {
  const bytesOf = (path: string) => {
    const text = texts.get(path);
    return text === undefined ? undefined : Buffer.from(text);
  };
  return {
    root: files.root,
    list: (folder) => files.list(folder),
    size: (path) => bytesOf(path)?.length ?? files.size(path),
    read: (path) => bytesOf(path) ?? files.read(path),
    exists: (path) => files.exists(path),
  };
}

/** Writes the files durably; one that somebody changed meanwhile is left alone. */
export async function writeFixes(
  { files: fixed }: Fixes,
  { root, files }: { root: string; files: Pick<Files, 'readText' | 'writeDurably'> },
): Promise<Fixes> {
  const written: FixedFile[] = [];
  const unfixed: Unfixed[] = [];
  for (const one of fixed) {
    const path = join(root, one.file);
    if ((await files.readText(path)) === one.before) {
      await files.writeDurably(path, one.after);
      written.push(one);
    } else
      unfixed.push(...one.applied.map((finding) => ({ finding, reason: 'the file has changed meanwhile' })));
  }
  return { files: written, unfixed };
}

/** All changes as one patch for `git apply`. */
export const patchOf = ({ files }: Pick<Fixes, 'files'>): string =>
  files.map(({ file, before, after }) => unifiedDiff(file, before, after)).join('');
