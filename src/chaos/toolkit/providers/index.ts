import type { Deed } from '../deed.ts';
import type { Form } from '../form.ts';
import type { Reading } from '../reading.ts';
import { readHttp } from './http.ts';
import { readProcess } from './process.ts';
import { readPython } from './python.ts';

/** By their `type`, how each provider is read; undefined when something is wrong, which was collected. */
export const providers: Readonly<
  Record<'http' | 'process' | 'python', (provider: Form, reading: Reading) => Deed | undefined>
> = { http: readHttp, process: readProcess, python: readPython };

export const providerTypes = ['http', 'process', 'python'] as const;
