/** What this is: the version of package.json and the repository that `uses:` lines name. `npm run slug` keeps both. */
export const about = {
  version: '0.1.0',
  slug: 'cutover-actions/cutover',
} as const;
