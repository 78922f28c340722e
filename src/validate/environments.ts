/** Folders that hold one environment's objects, by the words that people use for them. */
const usual: Readonly<Record<string, string>> = {
  dev: 'development',
  development: 'development',
  test: 'test',
  testing: 'test',
  qa: 'qa',
  uat: 'uat',
  stage: 'staging',
  staging: 'staging',
  preprod: 'preprod',
  'pre-production': 'preprod',
  preview: 'preview',
  sandbox: 'sandbox',
  prod: 'production',
  production: 'production',
};

/** The environment that a folder's name usually stands for: `production` of `prod`; undefined: it stands for none. */
export function usualEnvironment(folder: string): string | undefined {
  const word = folder.toLowerCase();
  return Object.hasOwn(usual, word) ? usual[word] : undefined;
}

/** Whether a folder is that of an environment: of its name, or of another word for it. */
export function isFolderOf(folder: string, environment: string): boolean {
  const plain = (word: string): string => usualEnvironment(word) ?? word.toLowerCase();
  return plain(folder) === plain(environment);
}
