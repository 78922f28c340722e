import type { Edit, Finding } from '../finding.ts';

/** A finding with what mends it. */
export type Mendable = Finding & { edit: Edit };

export interface Edited {
  text: string;
  applied: readonly Mendable[];
  /** Those whose edits overlap with one that was applied, or reach beyond the text. */
  refused: readonly Mendable[];
}

/**
 * Applies edits to a text, from its end. Of two that overlap the one that begins first is applied; the same edit for several
 * findings is applied once. Two insertions at one place overlap, because their order is not known.
 */
export function applyEdits(text: string, findings: readonly Mendable[]): Edited {
  const sorted = findings.toSorted((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end);
  const applied: Mendable[] = [];
  const refused: Mendable[] = [];
  const edits: Edit[] = [];
  for (const finding of sorted) {
    const last = edits.at(-1);
    if (last && isSame(last, finding.edit)) applied.push(finding);
    else if (!fits(finding.edit, last, text)) refused.push(finding);
    else {
      applied.push(finding);
      edits.push(finding.edit);
    }
  }
  const result = edits.reduceRight(
    (done, { start, end, text: by }) => done.slice(0, start) + by + done.slice(end),
    text,
  );
  return { text: result, applied, refused };
}

const isSame = (a: Edit, b: Edit): boolean => a.start === b.start && a.end === b.end && a.text === b.text;

function fits({ start, end }: Edit, last: Edit | undefined, text: string): boolean {
  const isWithin =
    Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= text.length;
  if (!isWithin || splitsPair(text, start) || splitsPair(text, end)) return false;
  if (last === undefined || start > last.end) return isWithin;
  return start === last.end && !(last.start === last.end || start === end);
}

/** An edit within a character of two units would leave half of it. */
const splitsPair = (text: string, at: number): boolean =>
  /[\ud800-\udbff]/.test(text[at - 1] ?? '') && /[\udc00-\udfff]/.test(text[at] ?? '');
