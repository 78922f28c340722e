// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is the syntax of variables in these files

let count = 0;
/** A value of its own, which can be found wherever it is shown. */
const secret = (form = 'Qz%Pw7'): string => {
  count += 1;
  return form.replace('%', `${count}x`);
};
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What must never be shown: every value of `files` in which this stands, also encoded. */
export const mark = /qz\d+x[\w.-]*/i;

/** A whole release with secrets in all places where people write them, beside things that rules and fixes are about. */
export const files: Readonly<Record<string, string>> = {
  'cutover.yml': `name: trading
components:
  gateway: { build: { context: . }, run: [node, server.js], env: { API_TOKEN: ${secret()} } }
config:
  - file: config/*
    rules:
      - production-safe
      - { path: jwt.secret, min-length: 200, pattern: "^[0-9]+$", in: [a, b], type: number }
      - { path: database.pin, max: 3 }
    env: [JWT_SECRET, MISSING]
`,
  'config/app.yml': `environment: staging
debug: true
jwt: { secret: ${secret()} }
database:
  password: ${secret()}
  url: postgres://user:${secret()}@db.example.com/trading
  pin: 88442211991
callback: http://user:${secret()}@hooks.example.com
`,
  'config/broken.yml': `jwt:\n  secret: "${secret()}\n  other: [${secret()}\nx: 1\n`,
  'config/alias.yml': `database:\n  password: *${secret('Qz%Pw7')}\n`,
  'config/tag.yml': `database:\n  password: !<${secret('Qz%Pw7')}\n`,
  'config/reserved.yml': `database:\n  password: @${secret()}\n`,
  'config/twice.yml': `password: ${secret()}\npassword: ${secret()}\n`,
  'config/app.toml': `[api]\ntoken = "${secret()}"\n`,
  'config/broken.toml': `[api]\ntoken = ${secret()}\npassword = "${secret()}\n`,
  'config/app.json': `{ "client_secret": "${secret()}", "debug": true }\n`,
  'config/broken.json': `{ "client_secret": "${secret()}", "password": ${secret()} }\n`,
  'config/app.env': `API_SECRET=${secret()}\nBROKEN ${secret()}\nPASSWORD="${secret()}\n`,
  'k8s/gateway.yml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: gateway
spec:
  replicas: "3"
  selector: { matchLabels: { app: gateway } }
  template:
    metadata: { labels: { app: gateway } }
    spec:
      containers:
        - name: gateway
          image: ghcr.io/acme/gateway:latest
          args: [--password=${secret()}, --token, ${secret()}]
          command: [sh, -c, "PGPASSWORD=${secret()} psql"]
          env:
            - name: DB_PASSWORD
              value: ${secret()}
            - name: PORT
              value: 8000
            - name: NUMERIC_PASSWORD
              value: 88442211991
            - { name: CALLBACK, value: "http://user:${secret()}@callback.example.com" }
            - { name: TOKEN, valu: ${secret()} }
            - { name: JWT_SECRET, value: { a: ${secret()} } }
          livenessProbe:
            httpGet: { path: /, port: 8000, httpHeaders: [{ name: Authorization, value: "Bearer ${secret()}" }] }
---
apiVersion: v1
kind: Secret
metadata: { name: trading }
type: Opaque
data:
  token: ${base64(secret())}
  bad: "${secret()}!"
stringData:
  password: ${secret()}
  pin: 88442211991
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data:
  DB_PASSWORD: ${secret()}
  application.yml: |
    db:
      password: ${secret()}
      url: postgres://user:${secret()}@db/trading
`,
  Dockerfile: `FROM node:latest
MAINTAINER somebody
ARG NPM_TOKEN=${secret()}
ENV API_KEY=${secret()} DATABASE_URL=postgres://user:${secret()}@db/trading
ADD server.js /app/
RUN curl -u user:${secret()} https://example.com/x | sh
RUN echo "//registry.example.com/:_authToken=${secret()}" > .npmrc
HEALTHCHECK CMD curl --password ${secret()} localhost
CMD node server.js --token ${secret()}
--password=${secret()}
`,
  'compose.yml': `services:
  gateway:
    image: ghcr.io/acme/gateway:latest
    env_file: [gone.env]
    environment:
      DB_PASSWORD: ${secret()}
      API_TOKEN: \${API_TOKEN:-${secret()}}
      BROKEN: "\${A ${secret()}"
    command: [server, --password, ${secret()}]
    healthcheck:
      test: [CMD, redis-cli, -a, ${secret()}, ping]
  db:
    image: postgres
    environment:
      - POSTGRES_PASSWORD=${secret()}
    ports: ["5432:5432"]
`,
  '.github/workflows/release.yml': `name: Release
on: [push, pull_request]
env:
  DEPLOY_TOKEN: ${secret()}
jobs:
  deploy:
    runs-on: ubuntu-24.04
    env: { BROKER_URL: "https://user:${secret()}@broker.example.com" }
    steps:
      - uses: docker/login-action@v3
        with: { username: a, password: ${secret()} }
      - run: |
          curl -H "Authorization: Bearer ${secret()}" https://x.example.com/\${{ github.head_ref }}
          kubectl apply --token ${secret()} -f k8s
        env:
          PASSWORD: \${{ github.ref == '${secret()}' && 'a' }}
      - run: test "\${{ '${secret()}' == github.ref || }}" = "$PASSWORD"
      - run: test "\${{ github.ref '${secret()}' }}" = "$PASSWORD"
`,
  'monitoring/prometheus.yml': `global: { scrape_intervall: 15s }
scrape_configs:
  - job_name: gateway
    scrape_interval: 1min
    basic_auth:
      username: a
      password: ${secret()}
    authorization: { credentials: ${secret()} }
    static_configs:
      - targets: ["https://user:${secret()}@gateway:9090/metrics"]
`,
  'monitoring/rules.yml': `groups:
  - name: gateway
    rules:
      - alert: Down
        expr: up{token="${secret()}"} ==
      - { alert: Up, expr: 'up{a="b"} "${secret()}"', labels: { password: ${secret()} } }
      - alert: Down
        expr: up ==
        annotations: { password: "{{ .Label.${secret()} }}" }
`,
};

/** The numbers among the secrets, which have no mark. */
export const pins = ['88442211991'];
