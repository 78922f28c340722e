/** `${NAME}` of envsubst and the like, `{{ … }}` of templates: what will stand there cannot be judged. */
const form = /\$\{[^}]*\}|\{\{[^}]*\}\}/;

export const holdsPlaceholder = (value: unknown): boolean => typeof value === 'string' && form.test(value);

export const placeholderReason =
  'values that a placeholder stands for are filled in later and were not checked';
