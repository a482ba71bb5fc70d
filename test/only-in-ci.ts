/**
 * Files of tests that run under CI=true alone, by the reason why whoever changes something needn't wait for them: each
 * shows what others show as well, from another side.
 */
const ONLY_IN_CI_BECAUSE = {
  "from an installed package, or as programs, and not from the sources": [
    "test/demo/demo.test.ts",
    "test/doctor/script.test.ts",
    "test/scenarios/{bundle,governance/audit}.test.ts",
    "test/script/{check-runtime,package,packages,programs,register-browser,register-refusals}.test.ts",
    "test/app/proxy.test.ts",
    "test/store/{audit-script,killed-connections,person,rotate-keys}.test.ts",
  ],
  "by chance, or with much or many at once, and not step by step": [
    "test/copilot/users.test.ts",
    "test/core/command/{command.property,size}.test.ts",
    "test/core/comment/comment.property.test.ts",
    "test/core/policy/policy.property.test.ts",
    "test/core/webhook/trigger.property.test.ts",
    "test/github/survey-size.test.ts",
    "test/http/flood.test.ts",
    "test/sandbox/github-subjects.test.ts",
    "test/core/text/{text-cost,text-size}.test.ts",
    "test/scenarios/{chaos,flood,large,replicas}.test.ts",
    "test/worker/many.test.ts",
  ],
  "after a kill, a stop, or an outage: some such stories always run": [
    "test/scenarios/{crash,given-up,late,recovery,refused-comments,resilience,timed-out,workers-crash}.test.ts",
    "test/scenarios/follow/{cut-off,notices-restart,runtime,silence,slow-github,stop-restart}.test.ts",
    "test/scenarios/governance/queue-restart.test.ts",
    "test/worker/{killed-bot,killed-worker}.test.ts",
  ],
  "with the rights in the database that the documents name": [
    "test/store/postgres-rights.test.ts",
    "test/worker/rights.test.ts",
  ],
  "on the terms of one more policy or setting, on the real runtime: test/core has all of them": [
    "test/scenarios/{connecting-disconnected,connecting-people,connecting-steering,qr-code,self-hosted-terms,transferred,workers}.test.ts",
    "test/scenarios/follow/{close-with-comment,late-link,named,room}.test.ts",
    "test/scenarios/governance/{branches,enforced,forks,life,prompts,teams,trusted-apps}.test.ts",
  ],
  "in a browser, or on the other family of runtimes": [
    "test/copilot/newer.test.ts",
    "test/scenarios/browser.test.ts",
    "test/scenarios/follow/page-commands.test.ts",
    "test/scenarios/pages/{administrators,live,open-pages,people}.test.ts",
    "test/web/{qr-scanned,real-browser,report-attacks,stored-attacks}.test.ts",
    "test/web/pages/accessibility.test.ts",
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** All of them. */
export const ONLY_IN_CI: readonly string[] = Object.values(ONLY_IN_CI_BECAUSE).flat();
