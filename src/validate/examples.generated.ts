// Generated from test/fixtures/rules by `npm run docs`. Do not edit.
import type { Example } from './example.ts';

export type { Example };

export const examples: Readonly<Record<string, Example>> = {};
