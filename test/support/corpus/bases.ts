/**
 * Realistic files without a defect; every rule has to be silent about them. `$A` and so on are filled in by
 * applications.ts.
 */
export type Files = Readonly<Record<string, string>>;

const release = `# yaml-language-server: $schema=./schema/cutover.schema.json
version: 1
name: $A
components:
  $A:
    build: { context: services/$A }
    run: [./$A]
    port: $P
    health: { http: /ready, interval: 200ms, healthy-after: 3 }
    version: { http: /version, equals: "\${release.version}" }
    drain: 10s
environments:
  local: { target: local }
`;

/** Without a folder to build from: what is released comes from elsewhere. */
const deployed = release.replace('    build: { context: services/$A }\n', '');

export const workload = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: $A
  namespace: $N
  labels:
    app.kubernetes.io/name: $A
    app.kubernetes.io/part-of: exchange
spec:
  replicas: 3
  revisionHistoryLimit: 5
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: $A
  template:
    metadata:
      labels:
        app.kubernetes.io/name: $A
    spec:
      serviceAccountName: $A
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 45
      securityContext:
        runAsNonRoot: true
        runAsUser: $U
        seccompProfile:
          type: RuntimeDefault
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app.kubernetes.io/name: $A
      containers:
        - name: $A
          image: ghcr.io/acme/$A:1.4.2@sha256:$D
          ports:
            - name: http
              containerPort: $P
          env:
            - name: LOG_LEVEL
              valueFrom:
                configMapKeyRef:
                  name: $A-settings
                  key: LOG_LEVEL
            - name: REGION
              value: eu-central
          resources:
            requests:
              cpu: 500m
              memory: 256Mi
            limits:
              memory: 512Mi
          readinessProbe:
            httpGet:
              path: /ready
              port: http
            periodSeconds: 2
          livenessProbe:
            httpGet:
              path: /alive
              port: http
            periodSeconds: 10
          lifecycle:
            preStop:
              sleep:
                seconds: 5
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop:
                - ALL
          volumeMounts:
            - name: scratch
              mountPath: /tmp
      volumes:
        - name: scratch
          emptyDir:
            sizeLimit: 64Mi
`;

const service = `apiVersion: v1
kind: Service
metadata:
  name: $A
  namespace: $N
spec:
  type: ClusterIP
  selector:
    app.kubernetes.io/name: $A
  ports:
    - name: http
      port: 80
      targetPort: http
`;

const policies = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: $A
  namespace: $N
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: $A
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: $A
  namespace: $N
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: $A
  policyTypes:
    - Ingress
    - Egress
  ingress:
    - ports:
        - protocol: TCP
          port: $P
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
          podSelector:
            matchLabels:
              k8s-app: kube-dns
      ports:
        - protocol: UDP
          port: 53
        - protocol: TCP
          port: 53
`;

const settings = `apiVersion: v1
kind: Namespace
metadata:
  name: $N
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: $A
  namespace: $N
automountServiceAccountToken: false
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: $A-settings
  namespace: $N
data:
  LOG_LEVEL: INFO
  LIMITS: "25"
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: $A
  namespace: $N
rules:
  - apiGroups: [""]
    resources: [configmaps]
    resourceNames: [$A-settings]
    verbs: [get, watch]
`;

const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: $A
  namespace: $N
spec:
  ingressClassName: nginx
  rules:
    - host: $A.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: $A
                port:
                  name: http
`;

const dockerfiles: Readonly<Record<string, string>> = {
  node: `# syntax=docker/dockerfile:1
FROM node:24.1.0-slim@sha256:$D AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY src ./src
RUN npm run build

FROM node:24.1.0-slim@sha256:$D
ENV NODE_ENV=production \\
    PORT=$P
WORKDIR /app
COPY --from=build --chown=$U:$U /app/dist ./dist
USER $U
EXPOSE $P
HEALTHCHECK --interval=5s CMD ["node", "dist/health.js"]
CMD ["node", "dist/server.js"]
`,
  go: `# syntax=docker/dockerfile:1
FROM golang:1.25.1@sha256:$D AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY src ./src
RUN CGO_ENABLED=0 go build -o /out/$A ./src

FROM alpine:3.22.1@sha256:$D
ENV PORT=$P
WORKDIR /srv
COPY --from=build --chown=$U:$U /out/$A ./$A
USER $U
EXPOSE $P
HEALTHCHECK --interval=5s CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:$P/ready"]
CMD ["./$A"]
`,
  python: `# syntax=docker/dockerfile:1
FROM python:3.13.5-slim@sha256:$D AS build
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes --prefix=/install -r requirements.txt
COPY src ./src

FROM python:3.13.5-slim@sha256:$D
ENV PYTHONUNBUFFERED=1 \\
    PORT=$P
WORKDIR /app
COPY --from=build --chown=$U:$U /install /usr/local
COPY --chown=$U:$U src ./src
USER $U
EXPOSE $P
HEALTHCHECK --interval=5s CMD ["python", "src/health.py"]
CMD ["python", "src/main.py"]
`,
  java: `# syntax=docker/dockerfile:1
FROM eclipse-temurin:24.0.1_9-jdk@sha256:$D AS build
WORKDIR /app
COPY pom.xml mvnw ./
COPY src ./src
RUN ./mvnw --batch-mode package

FROM eclipse-temurin:24.0.1_9-jre@sha256:$D
ENV PORT=$P
WORKDIR /app
COPY --from=build --chown=$U:$U /app/target/$A.jar ./$A.jar
USER $U
EXPOSE $P
HEALTHCHECK --interval=5s CMD ["java", "-cp", "$A.jar", "Health"]
CMD ["java", "-jar", "$A.jar"]
`,
};

const dockerignore = `.git
.env*
node_modules
**/*.log
`;

const compose = `name: $A
services:
  $A:
    image: ghcr.io/acme/$A:1.4.2@sha256:$D
    environment:
      LOG_LEVEL: info
      DATABASE_HOST: database
    ports:
      - "127.0.0.1:$P:$P"
    depends_on:
      database:
        condition: service_healthy
    networks: [backend]
    restart: unless-stopped
    stop_grace_period: 30s
    mem_limit: 512m
    healthcheck:
      test: ["CMD", "/probe", "ready"]
      interval: 5s
  database:
    image: postgres:17.5@sha256:$D
    env_file: database.env
    volumes:
      - data:/var/lib/postgresql/data
    networks: [backend]
    restart: unless-stopped
    mem_limit: 1g
    healthcheck:
      test: ["CMD", "pg_isready", "-U", "orders"]
      interval: 5s
networks:
  backend: {}
volumes:
  data: {}
`;

const withSecret = compose.replace('LOG_LEVEL: info', `JWT_SECRET_KEY: \${JWT_SECRET_KEY:?set it}`);

const databaseEnv = `POSTGRES_DB=orders
POSTGRES_USER=orders
POSTGRES_PASSWORD_FILE=/run/secrets/database
`;

const workflow = `name: release
on:
  push:
    branches: [main]
  pull_request:
permissions: {}
concurrency:
  group: release-\${{ github.ref }}
  cancel-in-progress: false
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read # to check the code out
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - run: ./scripts/test.sh
  deploy:
    needs: test
    if: github.event_name == 'push' && github.ref == 'refs/heads/main'
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    environment: production
    permissions:
      contents: read # to check the code out
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - run: ./scripts/deploy.sh
`;

const script = '#!/bin/sh\nset -eu\necho "$0"\n';

const prometheusRules = `groups:
  - name: $A
    interval: 15s
    rules:
      - record: job:requests:rate1m
        expr: sum by (job) (rate(requests_total{job="$A"}[1m]))
      - alert: HighErrorRate
        expr: sum(rate(failures_total{job="$A"}[5m])) / sum(rate(requests_total{job="$A"}[5m])) > 0.01
        for: 2m
        labels:
          severity: page
        annotations:
          summary: More than 1 % of the requests fail
      - alert: TargetDown
        expr: up{job="$A"} == 0
        for: 30s
        labels:
          severity: page
        annotations:
          summary: "{{ $labels.instance }} does not answer"
`;

const scrape = `global:
  scrape_interval: 15s
  evaluation_interval: 15s
rule_files:
  - rules.yml
scrape_configs:
  - job_name: $A
    scrape_interval: 5s
    scrape_timeout: 4s
    metrics_path: /metrics
    static_configs:
      - targets: ["$A:80"]
`;

const config = `app:
  environment: production
  debug: false
logging:
  level: INFO
authentication:
  enabled: true
  jwt:
    secret_key: \${JWT_SECRET_KEY}
rate_limiting:
  enabled: true
  requests_per_second: 200
public:
  base_url: https://$A.example.com
cors:
  allowed_origins:
    - https://app.example.com
risk_management:
  max_daily_loss: 0.05
  max_position_size: 0.1
  max_order_size: 5000
workers: 4
`;

const configRelease = deployed.concat(`config:
  - file: config/production.yml
    rules:
      - production-safe
      - { path: workers, type: integer, min: 1, max: 8 }
    env: [JWT_SECRET_KEY]
`);

/** What a defect is put into. Each is a release of one application as far as that area goes. */
export const areas = {
  kubernetes: () => ({
    'cutover.yml': deployed,
    'k8s/deployment.yml': workload,
    'k8s/service.yml': service,
    'k8s/policies.yml': policies,
    'k8s/settings.yml': settings,
    'k8s/ingress.yml': ingress,
  }),
  dockerfile: (language: string) => ({
    'cutover.yml': release,
    'services/$A/Dockerfile': dockerfiles[language] ?? '',
    'services/$A/.dockerignore': dockerignore,
  }),
  compose: () => ({ 'compose.yml': compose, 'database.env': databaseEnv }),
  workflows: () => ({
    '.github/workflows/release.yml': workflow,
    'scripts/test.sh': script,
    'scripts/deploy.sh': script,
  }),
  prometheus: () => ({
    'monitoring/rules.yml': prometheusRules,
    'monitoring/prometheus.yml': scrape,
    'k8s/deployment.yml': workload,
    'k8s/service.yml': service,
    'k8s/policies.yml': policies,
    'k8s/settings.yml': settings,
  }),
  configuration: () => ({
    'cutover.yml': configRelease,
    'config/production.yml': config,
    'compose.yml': withSecret,
    'database.env': databaseEnv,
  }),
} satisfies Record<string, (language: string) => Files>;

export type Area = keyof typeof areas;
