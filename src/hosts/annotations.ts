import type { Level, Place } from '../platform/events.ts';

/** GitHub shows so many annotations of one level for one step, and drops the rest. */
export const mostAnnotations = 10;

/** GitHub cuts the message of an annotation here. */
const longestMessage = 4_096;

export type AnnotationLevel = Extract<Level, 'error' | 'warning' | 'notice'>;

export interface Annotation {
  level: AnnotationLevel;
  text: string;
  title?: string;
  place?: Place;
}

const worstFirst: readonly AnnotationLevel[] = ['error', 'warning', 'notice'];

/**
 * The annotations to send: worst first, each once, at most ten of a level. Where there are more, the tenth says how
 * many are left out. `spent` of the ten errors are kept free for the message that fails the step.
 */
export function chooseAnnotations(all: readonly Annotation[], spent = 0): Annotation[] {
  const distinct = [
    ...new Map(all.map((one) => [JSON.stringify([one.level, one.text, one.place]), one])).values(),
  ];
  return worstFirst.flatMap((level) =>
    fitting(
      distinct.filter((one) => one.level === level),
      mostAnnotations - (level === 'error' ? spent : 0),
    ),
  );
}

function fitting(ofOneLevel: readonly Annotation[], room: number): Annotation[] {
  const short = ofOneLevel.map((one) => ({ ...one, text: cut(one.text) }));
  const [first] = short;
  if (short.length <= room || !first) return short;
  const left = short.length - room + 1;
  return [
    ...short.slice(0, room - 1),
    { level: first.level, text: `${left} more: see the log and the report` },
  ];
}

const cut = (text: string) =>
  text.length <= longestMessage ? text : `${text.slice(0, longestMessage - 1)}…`;
