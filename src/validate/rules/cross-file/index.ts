import type { Rule } from '../../rule.ts';
import { bothColorsSelector } from './both-colors-selector.ts';
import { coloredNameCollision } from './colored-name-collision.ts';
import { componentReference } from './component-reference.ts';
import { configMapReference } from './config-map-reference.ts';
import { deploymentSelector } from './deployment-selector.ts';
import { httpRouteBackend } from './http-route-backend.ts';
import { imageKnown } from './image-known.ts';
import { ingressBackend } from './ingress-backend.ts';
import { liveServicePinned } from './live-service-pinned.ts';
import { namespaceReference } from './namespace-reference.ts';
import { networkPolicySelector } from './network-policy-selector.ts';
import { priorityClass } from './priority-class.ts';
import { pvcReference } from './pvc-reference.ts';
import { scrapedPort } from './scraped-port.ts';
import { secretReference } from './secret-reference.ts';
import { serviceAccountReference } from './service-account-reference.ts';
import { serviceSelector } from './service-selector.ts';
import { targetPort } from './target-port.ts';
import { volumeMount } from './volume-mount.ts';

export const crossFileRules: readonly Rule[] = [
  serviceSelector,
  targetPort,
  deploymentSelector,
  ingressBackend,
  httpRouteBackend,
  configMapReference,
  secretReference,
  serviceAccountReference,
  pvcReference,
  volumeMount,
  priorityClass,
  namespaceReference,
  networkPolicySelector,
  imageKnown,
  scrapedPort,
  liveServicePinned,
  bothColorsSelector,
  coloredNameCollision,
  componentReference,
];
