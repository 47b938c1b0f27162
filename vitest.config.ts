// Tests run on the sources: every workspace package is aliased to its `src/index.ts`. Tests in one process run two files at once;
// then come those that start services as processes of their own, one file at a time, since each of these keeps two cores busy.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const PROCESSES = "tests/{conformance,faults,journey}/**/*.test.ts";

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@fogbow\/core-(.+)$/, replacement: source("./core/$1/src/index.ts") },
      { find: "@fogbow/ledger-db", replacement: source("./stores/ledger-db/src/index.ts") },
      { find: "@fogbow/archive", replacement: source("./stores/archive/src/index.ts") },
      { find: /^@fogbow\/(.+)-enclave$/, replacement: source("./enclaves/$1/src/index.ts") },
      { find: "@fogbow/node", replacement: source("./services/node/src/index.ts") },
      { find: "@fogbow/watcher", replacement: source("./services/watcher/src/index.ts") },
      { find: "@fogbow/server", replacement: source("./services/server/src/index.ts") },
      { find: "@fogbow/recovery-db", replacement: source("./stores/recovery-db/src/index.ts") },
      {
        find: /^@fogbow\/(fog-(?:ingest|view|ledger|report|overseer))$/,
        replacement: source("./services/$1/src/index.ts"),
      },
      { find: "@fogbow/sdk", replacement: source("./wallets/sdk/src/index.ts") },
      { find: "fogbow", replacement: source("./network/src/index.ts") },
      { find: "@fogbow/kernel-model", replacement: source("./kernel/model/src/index.ts") },
      { find: "@fogbow/kernel", replacement: source("./kernel/src/index.ts") },
    ],
  },
  test: {
    setupFiles: ["./tests/fast-check-seed.ts"],
    isolate: false,
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "in-process",
          include: ["{kernel,core,enclaves,stores,services,wallets,network,tests,bench}/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**", PROCESSES],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: "processes", include: [PROCESSES], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
