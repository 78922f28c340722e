import type { Query } from '../../../config/json-path/query.ts';
import type { Deed } from '../deed.ts';

/** What the output of a probe has to be. https://chaostoolkit.org/reference/api/experiment/#steady-state-probe-tolerance */
export type Tolerance =
  /** Equality; a number is also compared with `status`. */
  | { kind: 'value'; value: boolean | string | number }
  /** `status` is one of them; else two are bounds, both included, and any other number of them are the allowed values. */
  | { kind: 'list'; values: readonly unknown[] }
  | { kind: 'regex'; pattern: RegExp; target: string | undefined }
  | {
      kind: 'jsonpath';
      path: string;
      query: Query;
      target: string | undefined;
      /** So many values have to be found; undefined: at least one. */
      count: number | undefined;
      /** The values that have to be found; undefined: any. */
      expect: readonly unknown[] | undefined;
    }
  | { kind: 'range'; from: number; to: number; target: string | undefined }
  /** Another probe is given the output as its argument `value`, and has to succeed. */
  | { kind: 'probe'; deed: Deed };
