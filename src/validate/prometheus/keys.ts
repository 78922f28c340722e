import { didYouMean } from '../../config/suggest.ts';
import type { Document, Path } from '../document.ts';
import type { Reporter } from '../rule.ts';

/** Tells every key that is not known; `isMore` lets further ones in. */
export function findUnknownKeys(
  report: Reporter,
  at: { document: Document; path: Path; value: Readonly<Record<string, unknown>>; noun: string },
  known: readonly string[],
  isMore: (key: string) => boolean = () => false,
): void {
  for (const key of Object.keys(at.value)) {
    if (known.includes(key) || isMore(key)) continue;
    const guess = didYouMean(key, known);
    report.find(
      { document: at.document, path: [...at.path, key], part: 'key' },
      `"${key.slice(0, 60)}" is not a key of ${at.noun}${guess}`,
    );
  }
}
