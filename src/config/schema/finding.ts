/**
 * What a schema says of a value it refuses. Valibot issues carry one string, so both parts travel in it. `{given}` in
 * the message becomes what was written in the file, or for a value from the environment, the variable's name.
 */
export interface Finding {
  message: string;
  allowed?: string | undefined;
}

export function encodeFinding(finding: Finding): string {
  return JSON.stringify(finding);
}

export function decodeFinding(text: string): Finding {
  try {
    const finding: Finding = JSON.parse(text);
    return finding;
  } catch {
    // A message of valibot's own would be a gap in our schema; it may hold the value, so it is not shown.
    return { message: '{given} is not valid here' };
  }
}
