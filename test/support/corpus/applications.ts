/** Applications that the corpus releases; names and numbers differ so that no two workspaces are alike. */
export interface Application {
  name: string;
  namespace: string;
  port: number;
  uid: number;
  language: 'node' | 'python' | 'go' | 'java';
}

export const applications: readonly Application[] = [
  { name: 'gateway', namespace: 'trading', port: 8000, uid: 10001, language: 'node' },
  { name: 'matching-engine', namespace: 'exchange', port: 7400, uid: 20010, language: 'go' },
  { name: 'risk', namespace: 'risk', port: 9100, uid: 65532, language: 'java' },
  { name: 'market-data', namespace: 'feeds', port: 6300, uid: 12000, language: 'go' },
  { name: 'web-ui', namespace: 'portal', port: 8080, uid: 10101, language: 'node' },
  { name: 'settlement', namespace: 'back-office', port: 8443, uid: 30030, language: 'python' },
  { name: 'pricing', namespace: 'pricing', port: 5200, uid: 11111, language: 'python' },
];

const digest = (name: string): string =>
  [...name.repeat(64)]
    .map((letter) => (letter.charCodeAt(0) % 16).toString(16))
    .join('')
    .slice(0, 64);

/** `$A` name, `$N` namespace, `$P` port, `$U` user, `$D` digest of the image. */
export function filled(text: string, app: Application): string {
  const values: Record<string, string> = {
    A: app.name,
    N: app.namespace,
    P: `${app.port}`,
    U: `${app.uid}`,
    D: digest(app.name),
  };
  return text.replace(/\$([ANPUD])(?![A-Za-z_{])/g, (_, key: string) => values[key] ?? '');
}
