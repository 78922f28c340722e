/**
 * Stands in for @actions/exec where @actions/core imports it: core names the machine with it in a function that
 * nothing here calls. Both functions answer with a promise, so the real ones are loaded with the first call.
 */
export async function exec(...values) {
  const real = await import('the-real/exec');
  return real.exec(...values);
}

export async function getExecOutput(...values) {
  const real = await import('the-real/exec');
  return real.getExecOutput(...values);
}
