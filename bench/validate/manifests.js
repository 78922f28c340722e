/** Manifests as services have them: eight objects a service, each in a file of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const digest = (i) => (i * 2_654_435_761).toString(16).padStart(8, '0').slice(-8).repeat(8);

/** About 95 lines. One in fifty has a defect, so that places have to be worked out as in real life. */
const deployment = (name, i) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: trading
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/part-of: trading
    app.kubernetes.io/version: "1.${i}.0"
  annotations:
    prometheus.io/scrape: "true"
    prometheus.io/port: "9100"
spec:
  replicas: 3
  revisionHistoryLimit: 5
  progressDeadlineSeconds: 300
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
        app.kubernetes.io/part-of: trading
    spec:
      serviceAccountName: ${name}
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 60
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        fsGroup: 10001
        seccompProfile:
          type: RuntimeDefault
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app.kubernetes.io/name: ${name}
      containers:
        - name: ${name}
          image: ghcr.io/acme/${name}@sha256:${digest(i + 1)}
          imagePullPolicy: IfNotPresent
          ports:
            - name: http
              containerPort: 8000
              protocol: TCP
            - name: metrics
              containerPort: 9100
          env:
            - name: LOG_LEVEL
              valueFrom:
                configMapKeyRef: { name: ${name}, key: LOG_LEVEL }
            - name: POD_NAME
              valueFrom:
                fieldRef: { fieldPath: metadata.name }
            - name: MAX_ORDERS
              value: "${i * 10}"
          resources:
            requests: { cpu: 500m, memory: 512Mi }
            limits: { cpu: 500m, memory: 512Mi }
          readinessProbe:
            httpGet: { path: /ready, port: http }
            periodSeconds: 5
            failureThreshold: 2
          livenessProbe:
            httpGet: { path: /alive, port: http }
            periodSeconds: 10
            failureThreshold: 6
          lifecycle:
            preStop:
              sleep: { seconds: 10 }
          securityContext:
            ${i % 50 === 7 ? 'privileged: true' : 'privileged: false'}
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          volumeMounts:
            - { name: config, mountPath: /etc/app, readOnly: true }
            - { name: tmp, mountPath: /tmp }
      volumes:
        - name: config
          configMap: { name: ${name} }
        - name: tmp
          emptyDir: { sizeLimit: 64Mi }
`;

const head = (apiVersion, kind, name) => `apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: ${name}
  namespace: trading
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/part-of: trading
`;

const others = {
  service: (name) => `${head('v1', 'Service', name)}spec:
  type: ClusterIP
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
    - name: metrics
      port: 9100
      targetPort: metrics
`,
  configmap: (name, i) => `${head('v1', 'ConfigMap', name)}data:
  LOG_LEVEL: INFO
  FEED_HOST: feed-${i}.trading.svc
  FEED_PORT: "9000"
  limits.yml: |
    # what one order and one day may cost
    risk:
      max_order_value: ${i * 1000}
      max_daily_loss: 0.05
    symbols: [AAPL, MSFT, NVDA]
  logging.json: |
    {"level": "info", "format": "json", "sampling": {"initial": 100, "thereafter": 100}}
`,
  ingress: (name) => `${head('networking.k8s.io/v1', 'Ingress', name)}spec:
  ingressClassName: nginx
  tls:
    - hosts: [${name}.example.com]
      secretName: ${name}-tls
  rules:
    - host: ${name}.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: ${name}
                port: { name: http }
`,
  pdb: (name) => `${head('policy/v1', 'PodDisruptionBudget', name)}spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
`,
  networkpolicy: (name) => `${head('networking.k8s.io/v1', 'NetworkPolicy', name)}spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: {}
      ports:
        - { port: 8000, protocol: TCP }
  egress:
    - to:
        - namespaceSelector: {}
      ports:
        - { port: 53, protocol: UDP }
        - { port: 53, protocol: TCP }
        - { port: 443, protocol: TCP }
`,
  serviceaccount: (name) => `${head('v1', 'ServiceAccount', name)}automountServiceAccountToken: false
`,
  secret: (name) => `${head('v1', 'Secret', `${name}-tls`)}type: kubernetes.io/tls
data:
  tls.crt: ""
  tls.key: ""
`,
};

const kinds = { deployment, ...others };

/** What goes wrong in a manifest of each kind: misspelled and misplaced fields, wrong types, bad practice, broken references. */
const defects = {
  deployment: [
    [/ {12}privileged: \w+/, '            privileged: true'],
    ['allowPrivilegeEscalation: false', 'allowPrivilegeEscalation: true'],
    ['readOnlyRootFilesystem: true', 'readOnlyRootFileSystem: true'],
    ['        runAsNonRoot: true\n', ''],
    [/image: .*/, 'image: acme/gateway'],
    ['limits: { cpu: 500m, memory: 512Mi }', 'limits: { cpu: 500m, memory: 512MB }'],
    ['containerPort: 8000', 'containerPort: 80000'],
    ['value: "', 'value: '],
    [/(MAX_ORDERS\n +value: \d+)"/, '$1'],
  ],
  service: [
    ['type: ClusterIP', 'type: LoadBalancer'],
    ['targetPort: http', 'targetPort: web'],
  ],
  configmap: [['data:', 'datas:']],
  ingress: [['pathType: Prefix', 'pathtype: Prefix']],
  pdb: [['maxUnavailable: 1', 'maxUnavailable: 0']],
  networkpolicy: [['policyTypes: [Ingress, Egress]', 'policyTypes: [Ingres, Egress]']],
  serviceaccount: [['automountServiceAccountToken: false', 'automountServiceAccountToken: "false"']],
  secret: [['tls.crt: ""', 'tls.crt: "no base64"']],
};

/** The same manifest with every defect of its kind. */
const spoiled = (kind, text) => defects[kind].reduce((whole, [from, to]) => whole.replace(from, to), text);

/** Writes `count` manifests into a folder, the same ones every time; `spoil` puts defects into every one of them. */
export function writeManifests(folder, count, { spoil = false } = {}) {
  const perService = Object.keys(kinds).length;
  for (let i = 0; i * perService < count; i += 1) {
    const name = `service-${i}`;
    mkdirSync(join(folder, name), { recursive: true });
    for (const [n, [kind, text]] of Object.entries(kinds).entries()) {
      const clean = text(name, i);
      const written = spoil ? spoiled(kind, clean) : clean;
      if (i * perService + n < count) writeFileSync(join(folder, name, `${kind}.yml`), written);
    }
  }
}

/** Writes Dockerfiles of two stages, the same ones every time. */
export function writeDockerfiles(folder, count) {
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < count; i += 1) {
    const image = `node:24.21.0-slim@sha256:${digest(1)}`;
    const text = `# syntax=docker/dockerfile:1
FROM ${image} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev \\
    && npm cache clean --force
COPY src ./src

FROM ${image}
ENV NODE_ENV=production PORT=${8000 + i}
WORKDIR /app
COPY --from=build --chown=node:node /app /app
USER node
EXPOSE ${8000 + i}
HEALTHCHECK --interval=5s --timeout=2s CMD ["node", "src/health.js"]
CMD ["node", "src/server.js"]
`;
    writeFileSync(join(folder, `service-${i}.Dockerfile`), text);
  }
}
