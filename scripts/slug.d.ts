/** Files of the repository, but for what is generated, that hold a text. */
export function filesWithSlug(text: string): string[];
