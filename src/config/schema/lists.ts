import * as v from 'valibot';
import { encodeFinding } from './finding.ts';
import { expecting, type Scalar } from './leaf.ts';

/** The schema of anything that can be written in the file. */
export type Written<T> =
  | v.GenericSchema<Scalar, T>
  | v.GenericSchema<object, T>
  | v.GenericSchema<Scalar | object, T>
  | v.GenericSchema<readonly Scalar[], T>;

/** Two forms of one value; which one is meant, its kind tells, so that problems are about that form alone. */
export function either<A, B>(
  isFirst: (value: unknown) => boolean,
  first: Written<A>,
  second: Written<B>,
  allowed: string,
): v.GenericSchema<Scalar | object, A | B> {
  const one = first as v.GenericSchema<unknown, A>;
  const other = second as v.GenericSchema<unknown, B>;
  const both: v.GenericSchema<unknown, A | B> = v.union([one, other]);
  const run: (typeof both)['~run'] = (dataset, config) =>
    (isFirst(dataset.value) ? one : other)['~run'](dataset, config) as ReturnType<(typeof both)['~run']>;
  return expecting(
    { ...both, '~run': run } as v.GenericSchema as v.GenericSchema<Scalar | object, A | B>,
    allowed,
  );
}

/** A list of anything that has a schema. */
export function list<T>(description: string, allowed: string, entry: Written<T>) {
  const schema = v.pipe(
    v.array(entry as v.GenericSchema<unknown, T>, ({ input }) =>
      encodeFinding({ message: input === null ? 'is empty' : '{given} is not a list', allowed }),
    ),
    v.metadata({ description }),
  );
  return expecting(schema as v.GenericSchema as v.GenericSchema<readonly unknown[], readonly T[]>, allowed);
}
