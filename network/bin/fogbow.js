#!/usr/bin/env node
// The installed command: runs the build of src/main.ts, or of src/small-main.ts for roles that have to be small.
const args = process.argv.slice(2);
const small = await import("../dist/small-main.js");
const { main } = small.isSmall(args) ? small : await import("../dist/main.js");

// Whoever reads may stop before the end, as `head` does: then there is nothing more to say.
process.stdout.on("error", (error) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

process.exitCode = await main(args, process);
