import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { Deployment } from "kubernetes-models/apps/v1";
import { Ingress, NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { Namespace, Service } from "kubernetes-models/v1";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { readEnvironment } from "../../src/config/environment.ts";
import { noted } from "./unread.ts";
import { secretsDirectory, settingNames } from "./settings.ts";

const DIRECTORY = "deploy/kubernetes";
const yamlIn = (name: string): unknown => parse(readFileSync(join(DIRECTORY, name), "utf8"));

/** What Kustomize is given. It refuses other keys than its own. */
const kustomization = z
  .strictObject({
    apiVersion: z.literal("kustomize.config.k8s.io/v1beta1"),
    kind: z.literal("Kustomization"),
    namespace: z.string(),
    resources: z.array(z.string()),
    images: z.array(z.strictObject({ name: z.string(), newName: z.string(), newTag: z.string() })),
    configMapGenerator: z.array(z.strictObject({ name: z.string(), envs: z.array(z.string()) })),
    secretGenerator: z.array(z.strictObject({ name: z.string(), files: z.array(z.string()) })),
  })
  .parse(yamlIn("kustomization.yaml"));

/** Kubernetes' own schemas, by kind. */
const KINDS = { Deployment, Ingress, Namespace, NetworkPolicy, PodDisruptionBudget, Service };
const resource = z.looseObject({
  kind: z.enum([
    "Deployment",
    "Ingress",
    "Namespace",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "Service",
  ]),
});

const deployment = z
  .object({
    spec: z.object({
      selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
      template: z.object({
        metadata: z.object({ labels: z.record(z.string(), z.string()) }),
        spec: z.object({
          terminationGracePeriodSeconds: z.number(),
          containers: z.array(
            z.object({
              image: z.string(),
              env: z.array(z.object({ name: z.string(), value: z.string() })),
              envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })),
              ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
              volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
            }),
          ),
        }),
      }),
    }),
  })
  .parse(yamlIn("deployment.yaml")).spec;
const [bot] = deployment.template.spec.containers;
if (bot === undefined) throw new Error("no container");

describe("each resource is as Kubernetes' schema says", () => {
  test.each(kustomization.resources)("%s", (name) => {
    const file = resource.parse(yamlIn(name));
    const { value, unread } = noted(file);
    KINDS[file.kind].prototype.validate.call(value);
    // The schemas let misspelled keys pass, as they never read them.
    expect(unread()).toEqual([]);
  });
});

test("the settings and files of secrets are all that the bot needs to start", () => {
  const [secrets] = kustomization.secretGenerator;
  const generated = (secrets?.files ?? []).map((file) => file.split("=")[0]);
  const directory = secretsDirectory();
  const mount = bot.volumeMounts.find((one) => one.name === "secrets")?.mountPath ?? "";
  const given = bot.env.map(({ name, value }) => {
    if (!value.startsWith(`${mount}/`)) return [name, value];
    const file = value.slice(mount.length + 1);
    expect(generated).toContain(file);
    return [name, join(directory, file)];
  });
  const settings = parseEnv(readFileSync(join(DIRECTORY, "settings.env"), "utf8"));
  const variables = { ...settings, ...Object.fromEntries(given) };
  expect(readEnvironment(variables)).toMatchObject({
    METRICS_PORT: 9_464,
    DATABASE_URL: "postgres://bot:p%40ss%2Fw%3Frd%20%23%25@postgres.example.com:5432/bot",
    connecting: { publicUrl: "https://bot.example.com" },
  });
  expect([...settingNames()]).toEqual(expect.arrayContaining(Object.keys(variables)));
  expect(bot.envFrom.map(({ configMapRef }) => configMapRef.name)).toEqual(
    kustomization.configMapGenerator.map(({ name }) => name),
  );
});

test("the parts find each other", () => {
  expect(kustomization.images.map(({ name }) => name)).toEqual([bot.image]);
  const { matchLabels } = deployment.selector;
  expect(deployment.template.metadata.labels).toEqual(matchLabels);
  expect(bot.ports.map(({ name }) => name)).toEqual(["http", "metrics"]);
  const selected = ["service", "disruption-budget", "network-policy"].map((name) =>
    JSON.stringify(yamlIn(`${name}.yaml`)),
  );
  for (const text of selected) expect(text).toContain(JSON.stringify(matchLabels));
});

test("a pod has the time that the bot takes to stop, after the pause before", () => {
  const pause = 5;
  expect(deployment.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(pause + 30);
});
