import { UserError } from '../platform/errors.ts';

/** Says whether a path of a component's folder is left out of its pack. */
export type Ignore = (path: string, kind: 'folder' | 'file') => boolean;

export const ignoreFileName = '.cutoverignore';

/** Left out everywhere: they are not what runs, and the state folder usually stands in one of them. */
const always = new Set(['.git', '.cutover', ignoreFileName]);

/**
 * Reads the patterns of a `.cutoverignore`, one a line, `#` begins a comment. A pattern without `/` counts at any depth,
 * one with `/` from the component's folder; `/` at the end means folders only; `*` and `?` stay within a name, `**` does
 * not.
 * @throws UserError for what would be read differently than it is meant (`!`, `[`, `\`)
 */
export function parseIgnore(text: string, file: string): Ignore {
  const patterns = text.split(/\r?\n/).flatMap((line, index) => {
    const pattern = line.trim();
    if (pattern === '' || pattern.startsWith('#')) return [];
    if (/^!|[[\]\\{}]/.test(pattern)) {
      throw new UserError(
        `${file}:${index + 1}: ${JSON.stringify(pattern)} is not understood: names, paths, *, ? and ** are`,
        { docs: 'docs/local-target.md#state' },
      );
    }
    return [compile(pattern)];
  });
  return (path, kind) =>
    always.has(path.slice(path.lastIndexOf('/') + 1)) || patterns.some((matches) => matches(path, kind));
}

function compile(pattern: string): Ignore {
  const onlyFolders = pattern.endsWith('/');
  const trimmed = pattern.replace(/\/+$/, '');
  const anchored = trimmed.includes('/');
  const source = trimmed.replace(/^\//, '').replace(/\*\*\/|\*\*|\*|\?|[^*?]+/g, (part) => {
    switch (part) {
      case '**/':
        return '(?:.*/)?';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      default:
        return part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    }
  });
  const expression = new RegExp(`^${anchored ? '' : '(?:.*/)?'}${source}$`, 's');
  return (path, kind) => (!onlyFolders || kind === 'folder') && expression.test(path);
}
