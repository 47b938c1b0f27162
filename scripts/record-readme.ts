// Records what `fogbow up` says into README.md: starts a new network in a folder of its own, lets it introduce itself, ends it, and puts
// the text between the marks. Needs the usual ports and a build.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../network/bin/fogbow.js", import.meta.url));
const README = new URL("../README.md", import.meta.url);
const [BEGIN, END] = ["<!-- recorded by scripts/record-readme.ts -->", "<!-- /recorded -->"];
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
  const page = readFileSync(README, "utf8");
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`README.md has ${BEGIN} and ${END}.`);
  writeFileSync(
    README,
    `${page.slice(0, before + BEGIN.length)}\n\n\`\`\`text\n${recorded}\n\`\`\`\n\n${page.slice(after)}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
