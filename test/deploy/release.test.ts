import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { stagesOfImage } from "./dockerfile.ts";

const stepSchema = z.object({
  id: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const workflow = z
  .object({ jobs: z.object({ publish: z.object({ steps: z.array(stepSchema) }) }) })
  .parse(parse(readFileSync(".github/workflows/release.yml", "utf8")));
const { steps } = workflow.jobs.publish;
const using = (action: string) => steps.filter(({ uses }) => uses?.startsWith(`${action}@`));

/** The tags that a step names an image with, for a release 1.2.3 that is the latest. */
function tagsOf(id: string): readonly string[] {
  const { tags, flavor = "" } = z
    .object({ tags: z.string(), flavor: z.string().optional() })
    .parse(steps.find((step) => step.id === id)?.with);
  const [, suffix = "", onLatest] =
    /^suffix=(?<suffix>[\w-]+)(?<all>,onlatest=true)?$/u.exec(flavor) ?? [];
  const versions = tags
    .trim()
    .split("\n")
    .map((line) =>
      line
        .replace("type=semver,pattern=", "")
        .replace("{{version}}", "1.2.3")
        .replace("{{major}}.{{minor}}", "1.2"),
    );
  // It's made unless a flavor says otherwise, and has the suffix only if that says so.
  const latest = onLatest === undefined ? "latest" : `latest${suffix}`;
  return [...versions.map((version) => version + suffix), latest];
}

test("a release publishes each image of the Dockerfile under tags of its own", () => {
  const images = using("docker/build-push-action").map(({ with: { target, tags, ...rest } }) => {
    const { id = "" } =
      /^\$\{\{ steps\.(?<id>[\w-]+)\.outputs\.tags \}\}$/u.exec(String(tags))?.groups ?? {};
    const { labels, ...same } = rest;
    expect(labels).toBe(`\${{ steps.${id}.outputs.labels }}`);
    return { target, tags: tagsOf(id), same };
  });
  expect(images.map(({ target, tags }) => ({ target, tags }))).toEqual([
    { target: undefined, tags: ["1.2.3", "1.2", "latest"] },
    {
      target: "self-hosted",
      tags: ["1.2.3-self-hosted", "1.2-self-hosted", "latest-self-hosted"],
    },
  ]);
  for (const { same } of images) {
    expect(same).toEqual({
      platforms: "linux/amd64,linux/arm64",
      push: true,
      provenance: "mode=max",
      sbom: true,
    });
  }
  // Without a target, the last stage is built.
  const stages = stagesOfImage();
  expect(stages.at(-1)).toEqual({ name: null, on: "bot" });
  expect(stages).toContainEqual({ name: "self-hosted", on: "bot" });
});
