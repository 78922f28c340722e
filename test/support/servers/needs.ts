import { describe, test } from '@jest/globals';

/** A program that tests need and a machine may not have. */
export interface Need {
  /** Its path; undefined where it is not installed. */
  program: string | undefined;
  /** `redis-server` */
  name: string;
  /** Debian package that brings it; .ci/servers installs them. */
  package: string;
}

/** A group of tests that need programs. Where one is missing they are skipped, and the reason is printed. */
export function describeWith(needs: readonly Need[], name: string, body: () => void): void {
  const missing = needs.filter(({ program }) => program === undefined);
  if (missing.length === 0) {
    describe(name, body);
    return;
  }
  const what = missing.map((need) => `${need.name} is not installed (Debian package ${need.package})`);
  const reason = what.join(', ');
  process.stderr.write(`skipped: ${name}: ${reason}\n`);
  describe(name, () => test.skip(`skipped: ${reason}`, () => {}));
}
