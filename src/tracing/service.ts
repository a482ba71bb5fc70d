import type { Resource } from "@opentelemetry/resources";
import {
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
  serviceNameEnvDetector,
} from "@opentelemetry/resources";

/** Which service, and which process of it, sends spans. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` say more. */
export function serviceOf(): Resource {
  const detectors = [
    serviceInstanceIdDetector,
    resourceAttributesEnvDetector,
    serviceNameEnvDetector,
  ];
  const own = resourceFromAttributes({ "service.name": "copilot-task-bot" });
  return own.merge(detectResources({ detectors }));
}
