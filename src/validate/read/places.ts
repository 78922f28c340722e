import type { Document, Path, Position, SourceFile } from '../document.ts';
import { positionAt } from './lines.ts';

/** Where a value is written: offsets into the file's text, and the places of what it holds by key or index. */
export interface Place {
  start: number;
  end: number;
  children?: Map<string, Entry>;
}

/** One entry of a mapping or list; list items have no key. */
export interface Entry {
  key: { start: number; end: number } | undefined;
  place: Place;
}

interface Reached {
  entry: Entry;
  complete: boolean;
}

/** The entry at a path, or the deepest one on the way to it. */
function reach(root: Place, path: Path): Reached {
  let entry: Entry = { key: undefined, place: root };
  for (const key of path) {
    const next = entry.place.children?.get(String(key));
    if (!next) return { entry, complete: false };
    entry = next;
  }
  return { entry, complete: true };
}

export interface DocumentParts {
  file: SourceFile;
  index: number;
  value: unknown;
  /** Works out the places; called at most once, and only for a document that has findings. */
  places: () => Place;
}

/** A document whose places are worked out when the first one is asked for. */
export function documentOf({ file, index, value, places }: DocumentParts): Document {
  let known: Place | undefined;
  const root = (): Place => {
    known ??= places();
    return known;
  };
  return {
    file,
    index,
    value,
    position: (path, part = 'value') => {
      const { entry, complete } = reach(root(), path);
      // The nearest ancestor is told by its key, which stands on a line that means something.
      const key = part === 'key' || !complete ? entry.key : undefined;
      return positionAt(file, (key ?? entry.place).start);
    },
    extent: (path) => {
      const { entry, complete } = reach(root(), path);
      return complete ? { start: entry.place.start, end: entry.place.end } : undefined;
    },
  };
}

/** A part of a document that is looked at as one of its own, such as an item of a List. */
export function partOf(document: Document, base: Path, value: unknown): Document {
  const whole = (path: Path): Path => [...base, ...path];
  return {
    file: document.file,
    index: document.index,
    value,
    base: [...(document.base ?? []), ...base],
    position: (path, part) => document.position(whole(path), part),
    extent: (path) => document.extent(whole(path)),
  };
}

/** Stands for text that could not be read: every path is at that one place. */
export function brokenDocument(file: SourceFile, offset: number, base: Path = []): Document {
  const position = (): Position => positionAt(file, offset);
  return { file, index: 0, value: undefined, base, position, extent: () => undefined };
}
