import type { Path, SourceFile } from '../document.ts';
import type { ReadingProblem, Unreadable } from '../workspace.ts';
import { brokenDocument } from './places.ts';

/** So many problems of one file are told; more would help nobody and, in a file made for it, take all memory. */
export const mostProblems = 100;

export interface Told {
  problem: ReadingProblem;
  offset: number;
  message: string;
  /** What it is about, in the document. */
  path?: Path;
}

/** The problems of one file. */
export class ProblemList {
  readonly #file: SourceFile;
  readonly #all: Unreadable[] = [];

  constructor(file: SourceFile) {
    this.#file = file;
  }

  get all(): readonly Unreadable[] {
    return this.#all;
  }

  /** Whether the last one was taken, so that reading on is of no use. */
  get isFull(): boolean {
    return this.#all.length > mostProblems;
  }

  add({ problem, offset, message, path }: Told): void {
    if (this.isFull) return;
    const isLast = this.#all.length === mostProblems;
    const text = isLast ? `the file has more than ${mostProblems} problems, no more are told` : message;
    const document = brokenDocument(this.#file, offset, isLast ? [] : path);
    this.#all.push({ problem, file: this.#file, document, message: text });
  }
}
