import picomatch from 'picomatch';
import type { WorkspaceFiles } from '../../platform/workspace-files.ts';

/** Folders that hold what others wrote or what was generated. Files in them still `exist`. */
export const ignoredFolders: ReadonlySet<string> = new Set([
  '.git',
  '.cutover',
  '.hg',
  '.svn',
  '.terraform',
  '.venv',
  'build',
  'coverage',
  'dist',
  'node_modules',
  'vendor',
]);

/** Folders within folders. */
const deepest = 40;

/** Files in a workspace: far more than a release is made of. */
const mostFiles = 200_000;

export interface Walked {
  /** Sorted as the folders are. */
  readonly files: readonly string[];
  /** Links that lead out of the workspace, to nowhere or round in a circle. */
  readonly outside: readonly string[];
}

/** All files outside of the ignored folders. A folder that several links lead to is read at each of its names. */
export function walk(files: WorkspaceFiles): Walked {
  const found: string[] = [];
  const outside: string[] = [];
  const visit = (folder: string, depth: number): void => {
    for (const { name, kind } of files.list(folder)) {
      if (found.length >= mostFiles) return;
      const path = folder === '' ? name : `${folder}/${name}`;
      if (kind === 'file') found.push(path);
      else if (kind === 'outside') outside.push(path);
      else if (!ignoredFolders.has(name) && depth < deepest) visit(path, depth + 1);
    }
  };
  visit('', 0);
  return { files: found, outside };
}

/** Whether a path is asked for. Without globs everything is; one that begins with `!` takes out again. */
export function matcher(globs: readonly string[]): (path: string) => boolean {
  const options = { dot: true };
  const wanted = globs.filter((glob) => !glob.startsWith('!'));
  const unwanted = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  const isWanted = wanted.length === 0 ? () => true : picomatch(wanted.flatMap(asFolder), options);
  const isUnwanted = unwanted.length === 0 ? () => false : picomatch(unwanted.flatMap(asFolder), options);
  return (path) => isWanted(path) && !isUnwanted(path);
}

/** `k8s/production` means what is in it, too. */
function asFolder(glob: string): string[] {
  const plain = glob.replace(/^\.\//, '').replace(/\/+$/, '');
  return plain === '.' || plain === '' ? ['**'] : [plain, `${plain}/**`];
}
