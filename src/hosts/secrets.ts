const shortest = 8;

const secretName =
  /(^|_)(TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|(API|ACCESS|PRIVATE|SIGNING|ENCRYPTION|SECRET)_KEY)(_|$)/i;

/** Whether an environment variable of this name holds a secret, as such names are written. */
export const isSecretName = (name: string): boolean => secretName.test(name);

/**
 * The parts of a secret to mask. The runner drops an output that holds a masked text without a word and blanks that
 * text in every log, so short texts and plain words are left alone: a secret has eight characters or more, and digits
 * or signs among them unless it is longer than any word. A text of several lines is masked line by line.
 */
export function partsToMask(value: string): string[] {
  return value
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line.length >= shortest && (line.length >= 20 || !/^\p{L}+$/u.test(line)))
    .filter((line) => !/^(\d{1,12}|\d{4}-\d\d-\d\d.*|-+(BEGIN|END) [A-Z ]+-+)$/.test(line));
}
