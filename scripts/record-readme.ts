// Records what `fogbow up` says into README.md: starts a new network in a folder of its own, lets it introduce itself, ends it, and puts
// the text between the marks. Needs the usual ports and a build.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makePart } from "./made-page.ts";

const COMMAND = fileURLToPath(new URL("../network/bin/fogbow.js", import.meta.url));
const WAIT_MS = 120_000;

/** Everything up to its last line. Rejects when it ends before or takes too long. */
async function introduction(home: string): Promise<string> {
  const child = spawn(process.execPath, [COMMAND, "up", "--home", home], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise<never>((_, reject) => child.once("close", () => reject(new Error("fogbow up has ended."))));
  const late = setTimeout(() => child.kill("SIGTERM"), WAIT_MS);
  let said = "";
  const everything = (async (): Promise<string> => {
    for await (const chunk of child.stdout) {
      said += String(chunk);
      if (said.includes("stops everything.")) break;
    }
    return said;
  })();
  try {
    return await Promise.race([everything, ended]);
  } finally {
    clearTimeout(late);
    child.kill("SIGTERM");
    await ended.catch(() => undefined);
  }
}

/** What the README shows: no place of this machine, nothing that its next lines say anyway. */
function shown(text: string): string {
  const lines = text.trim().split("\n");
  return lines
    .filter((line) => !/^(?:Everything runs|wallets {2,}|kept in|Try:)/.test(line))
    .join("\n")
    .trim();
}

const folder = mkdtempSync(join(tmpdir(), "fogbow-record-"));
try {
  const recorded = shown(await introduction(join(folder, "home")));
  makePart({
    page: "README.md",
    mark: "recorded by scripts/record-readme.ts",
    text: `\n\`\`\`text\n${recorded}\n\`\`\`\n`,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
